//! A product with what customers think of it.

use axum::extract::{Path, Query};
use maud::{Markup, html};
use retro_core::prelude::*;

use super::layout::{address, beyond, page, pages};
use super::parameters::{Parameters, number};
use super::{Failure, RequestSession};
use crate::models::{Customer, Product, ProductReview, ProductView};
use crate::numbers::{counted, grouped};

/// How many reviews are on a page.
const LENGTH: u64 = 10;

/// A review as it is shown: when, by whom, the stars and what it says.
type Review = (NaiveDateTime, String, i32, Option<String>);

/// `GET /products/{id}`
///
/// Four statements however many reviews there are: the product with its manufacturer, its countries, the
/// number and average of its reviews, and those of the page with the names of the customers.
pub(super) async fn show(
    Path(id): Path<String>,
    Query(query): Parameters,
    mut session: RequestSession,
) -> Result<Markup, Failure> {
    let start = number(&query, "start", 0)?;
    let session = &mut *session.0;
    // What is not even a number is no product either.
    let id: i32 = id.parse().map_err(|_| Failure::not_found("there is no such product"))?;
    let with_makers = (joined(Product::manufacturer), selectin(Product::countries));
    let found = session.all(select(Product).filter(Product::id.eq(id)).options(with_makers)).await?;
    let product = *found.first().ok_or(Failure::not_found("there is no such product"))?;

    let of_product = ProductReview::product_id.eq(id);
    let summary = select((count(ProductReview), avg(ProductReview::rating))).filter(&of_product);
    let (total, average): (i64, Option<f64>) = session.one(summary).await?;
    let reviews = select((ProductReview::timestamp, Customer::name, ProductReview::rating, ProductReview::comment))
        .join(ProductReview::customer)
        .filter(of_product)
        .order_by((ProductReview::timestamp.desc(), ProductReview::customer_id))
        .offset(start)
        .limit(LENGTH);
    let reviews: Vec<Review> = session.all(reviews).await?;

    let product = session.view(product);
    let of_reviews = |start: u64| match start {
        0 => format!("/products/{id}"),
        start => address(&format!("/products/{id}"), &[("start", &start.to_string())]),
    };
    Ok(page(
        product.name(),
        html! {
            (facts(product))
            h2 { "Reviews" }
            @match average {
                None => p.empty { "Nobody has reviewed this yet." },
                Some(average) => p.rating {
                    (stars(average.round() as i32)) " " (grouped(average, 2)) " of 5 on average, "
                    (counted(total.unsigned_abs())) @if total == 1 { " review" } @else { " reviews" }
                },
            }
            @if total > 0 && reviews.is_empty() {
                (beyond("reviews", &of_reviews(0)))
            } @else if total > 0 {
                @for review in &reviews { (shown(review)) }
                (pages(start, LENGTH, reviews.len(), total.unsigned_abs(), of_reviews))
            }
        },
    ))
}

fn facts(product: ProductView<'_>) -> Markup {
    let manufacturer = product.manufacturer();
    html! {
        dl.facts {
            dt { "Manufacturer" }
            dd { a href=(address("/products", &[("manufacturer", manufacturer.name())])) { (manufacturer.name()) } }
            dt { "Made in" }
            dd {
                @for (place, country) in product.countries().enumerate() {
                    @if place > 0 { ", " }
                    a href=(address("/products", &[("country", country.name())])) { (country.name()) }
                }
            }
            dt { "Year" }
            dd { (product.year()) }
            dt { "CPU" }
            dd { (product.cpu().unwrap_or("unknown")) }
        }
        p { a href=(address("/", &[("search", product.name())])) { "Orders with it" } }
    }
}

fn shown((timestamp, customer, rating, comment): &Review) -> Markup {
    html! {
        article.review {
            p {
                (stars(*rating)) " "
                strong { (customer) } ", "
                time datetime=(timestamp.format("%Y-%m-%dT%H:%M:%S")) { (timestamp.format("%Y-%m-%d")) }
            }
            @if let Some(comment) = comment { p { (comment) } } @else { p.empty { "Without a comment." } }
        }
    }
}

/// Stars to be seen, and their number to be heard.
fn stars(rating: i32) -> Markup {
    let rating = rating.clamp(0, 5) as usize;
    html! {
        span.stars role="img" aria-label={ (rating) " of 5 stars" } {
            ("\u{2605}".repeat(rating)) ("\u{2606}".repeat(5 - rating))
        }
    }
}
