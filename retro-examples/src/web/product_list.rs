//! The list of products, filtered.

use std::collections::HashMap;

use axum::extract::Query;
use maud::{Markup, html};
use retro_core::prelude::*;

use super::layout::{address, beyond, page, pages};
use super::parameters::{Parameters, number, text};
use super::{Failure, RequestSession};
use crate::models::{Country, Manufacturer, Product, ProductView};

/// How many products are on a page.
const LENGTH: u64 = 25;

/// Which products are asked for; an empty text and no year are any.
struct Filters {
    name: String,
    manufacturer: String,
    country: String,
    from: Option<i32>,
    to: Option<i32>,
    cpu: String,
    start: u64,
}

/// `GET /products`
///
/// Five statements however many products there are: how many are found, those of the page with their
/// manufacturers, their countries, and all manufacturers and countries to choose from.
pub(super) async fn list(Query(query): Parameters, mut session: RequestSession) -> Result<Markup, Failure> {
    let filters = Filters::read(&query)?;
    let session = &mut *session.0;
    let total = session.count(filters.found()).await?;
    let on_page = filters.found().order_by(Product::name).offset(filters.start).limit(LENGTH);
    let products = session.all(on_page.options((joined(Product::manufacturer), selectin(Product::countries)))).await?;
    let makers = session.all(select(Manufacturer::name).order_by(Manufacturer::name)).await?;
    let countries = session.all(select(Country::name).order_by(Country::name)).await?;

    Ok(page(
        "Products",
        html! {
            (filters.form(&makers, &countries))
            @if total == 0 {
                p.empty {
                    @if filters.is_empty() { "There are no products yet." } @else {
                        "No product is like that. " a href="/products" { "Show all" }
                    }
                }
            } @else if products.is_empty() {
                (beyond("products", &filters.address(0)))
            } @else {
                table {
                    thead { tr {
                        th scope="col" { "Name" }
                        th scope="col" { "Manufacturer" }
                        th scope="col" { "Made in" }
                        th scope="col" { "CPU" }
                        th.number scope="col" { "Year" }
                    } }
                    tbody { @for product in session.views(&products) { (row(product)) } }
                }
                (pages(filters.start, LENGTH, products.len(), total, |start| filters.address(start)))
            }
        },
    ))
}

impl Filters {
    fn read(query: &HashMap<String, String>) -> Result<Filters, Failure> {
        Ok(Filters {
            name: text(query, "name")?,
            manufacturer: text(query, "manufacturer")?,
            country: text(query, "country")?,
            from: year(query, "from")?,
            to: year(query, "to")?,
            cpu: text(query, "cpu")?,
            start: number(query, "start", 0)?,
        })
    }

    fn is_empty(&self) -> bool {
        let texts = [&self.name, &self.manufacturer, &self.country, &self.cpu];
        texts.iter().all(|text| text.is_empty()) && self.from.is_none() && self.to.is_none()
    }

    /// The products that are asked for.
    fn found(&self) -> Select<Entity<Product>> {
        let mut found = select(Product);
        if !self.name.is_empty() {
            // SQLite knows only ASCII letters in lower case; other letters are found as they are.
            let lower = Product::name.lower().contains(self.name.to_lowercase());
            found = found.filter(lower | Product::name.contains(&self.name));
        }
        if !self.manufacturer.is_empty() {
            found = found.filter(Product::manufacturer.has(Manufacturer::name.eq(&self.manufacturer)));
        }
        if !self.country.is_empty() {
            found = found.filter(Product::countries.any(Country::name.eq(&self.country)));
        }
        if let Some(from) = self.from {
            found = found.filter(Product::year.ge(from));
        }
        if let Some(to) = self.to {
            found = found.filter(Product::year.le(to));
        }
        if !self.cpu.is_empty() {
            found = found.filter(Product::cpu.lower().contains(self.cpu.to_lowercase()));
        }
        found
    }

    fn form(&self, makers: &[String], countries: &[String]) -> Markup {
        html! {
            form.filters method="get" action="/products" role="search" {
                (field("name", "Name", html! { input id="name" name="name" value=(self.name); }))
                (field("manufacturer", "Manufacturer", choice("manufacturer", &self.manufacturer, makers)))
                (field("country", "Made in", choice("country", &self.country, countries)))
                (field("from", "From year", html! { input.year id="from" name="from" inputmode="numeric" value=[self.from]; }))
                (field("to", "To year", html! { input.year id="to" name="to" inputmode="numeric" value=[self.to]; }))
                (field("cpu", "CPU", html! { input id="cpu" name="cpu" value=(self.cpu); }))
                button { "Filter" }
                @if !self.is_empty() { a href="/products" { "Show all" } }
            }
        }
    }

    fn address(&self, start: u64) -> String {
        let year = |year: Option<i32>| year.map(|year| year.to_string()).unwrap_or_default();
        let start = if start == 0 { String::new() } else { start.to_string() };
        let parameters = [
            ("name", &*self.name),
            ("manufacturer", &self.manufacturer),
            ("country", &self.country),
            ("from", &year(self.from)),
            ("to", &year(self.to)),
            ("cpu", &self.cpu),
            ("start", &start),
        ];
        address("/products", &parameters)
    }
}

fn year(query: &HashMap<String, String>, name: &'static str) -> Result<Option<i32>, Failure> {
    match &*text(query, name)? {
        "" => Ok(None),
        text => {
            let year = text.parse().map_err(|_| Failure::parameter(name, format!("`{text}` is not a year")))?;
            Ok(Some(year))
        }
    }
}

fn field(id: &str, label: &str, input: Markup) -> Markup {
    html! { div { label for=(id) { (label) } (input) } }
}

fn choice(name: &str, chosen: &str, all: &[String]) -> Markup {
    // What was asked for stays visible, whether there is such a one or not.
    let stranger = !chosen.is_empty() && !all.iter().any(|one| one == chosen);
    html! {
        select id=(name) name=(name) {
            option value="" { "any" }
            @if stranger { option selected { (chosen) } }
            @for one in all { option selected[one == chosen] { (one) } }
        }
    }
}

fn row(product: ProductView<'_>) -> Markup {
    let countries: Vec<&str> = product.countries().map(|country| country.name()).collect();
    html! {
        tr {
            th scope="row" { a href={ "/products/" (product.id()) } { (product.name()) } }
            td { (product.manufacturer().name()) }
            td { (countries.join(", ")) }
            td { (product.cpu().unwrap_or("unknown")) }
            td.number { (product.year()) }
        }
    }
}
