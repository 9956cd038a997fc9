//! What sells best.

use retro_core::prelude::*;

use retro_core::value::Json;
use serde_json::{Value, json};

use crate::models::{Country, Manufacturer, Order, OrderItem, Product, ProductView};

/// A machine and how it sold: its name, its manufacturer, where it was made, how many were sold, and
/// what was paid for them.
pub type BestProduct = (String, String, String, i64, f64);

/// The machines of Commodore.
pub fn commodore() -> Select<(String, i32)> {
    select((Product::name, Product::year))
        .join(Product::manufacturer)
        .filter(Manufacturer::name.eq("Commodore"))
        .order_by(Product::name)
}

/// How many machines there are.
pub fn how_many() -> Select<i64> {
    select(count(Product))
}

/// The first three machines of 1983 by name.
pub fn first_of_1983() -> Select<String> {
    select(Product::name).filter(Product::year.eq(1983)).order_by(Product::name).limit(3)
}

/// The third page of ten when the latest machines come first.
pub fn third_page() -> Select<(String, i32)> {
    select((Product::name, Product::year)).order_by((Product::year.desc(), Product::name)).offset(20).limit(10)
}

/// The machines before 1990 around a Z80 or a 6502.
pub fn z80_or_6502() -> Select<(String, Option<String>, i32)> {
    select((Product::name, Product::cpu, Product::year))
        .filter(Product::cpu.contains("Z80") | Product::cpu.contains("6502"))
        .filter(Product::year.lt(1990))
        .order_by(Product::name)
}

/// The machines from 1985 on without a Z80, and whatever is called Sinclair.
pub fn late_without_z80() -> Select<(i32, String, Option<String>)> {
    select((Product::year, Product::name, Product::cpu))
        .filter((Product::year.ge(1985) & !Product::cpu.contains("Z80")) | Product::name.starts_with("Sinclair"))
        .order_by((Product::year, Product::name))
}

/// The machines of the seventies.
pub fn seventies() -> Select<(String, i32)> {
    select((Product::name, Product::year))
        .filter(Product::year.between(1970, 1979))
        .order_by((Product::year, Product::name))
}

/// The machines with one of four processors.
pub fn by_processor() -> Select<(Option<String>, String)> {
    select((Product::cpu, Product::name))
        .filter(Product::cpu.in_(["6510", "65C02", "65C816", "8088"]))
        .order_by((Product::cpu, Product::name))
}

/// The machines with names like that of the Spectrum or the larger Ataris, however they are spelled.
pub fn spectrum_or_atari() -> Select<String> {
    select(Product::name)
        .filter(Product::name.ilike("%SPECTRUM%") | Product::name.ilike("%atari 8%"))
        .order_by(Product::name.desc())
}

/// The processors of the middle eighties other than the usual two.
pub fn unusual_processors() -> Select<Option<String>> {
    select(Product::cpu)
        .distinct()
        .filter(Product::year.in_([1984, 1985, 1986]) & !Product::cpu.in_(["Z80", "6502"]))
        .order_by(Product::cpu)
}

/// How many machines came out in each year, the busiest year first.
pub fn products_per_year() -> Select<(i32, i64)> {
    let products = count(Product);
    select((Product::year, &products)).group_by(Product::year).order_by((products.desc(), Product::year))
}

/// The years with ten machines or more: how many, of how many manufacturers, with how many processors.
pub fn busy_years() -> Select<(i32, i64, i64, i64)> {
    let products = count(Product);
    let (manufacturers, cpus) = (count_distinct(Product::manufacturer_id), count_distinct(Product::cpu));
    select((Product::year, &products, manufacturers, cpus))
        .group_by(Product::year)
        .having(products.ge(10))
        .order_by(Product::year)
}

/// The machines from 1985 on that were made neither in the UK nor in the USA.
pub fn neither_british_nor_american() -> Select<(String, i32)> {
    select((Product::name, Product::year))
        .filter(Product::year.ge(1985) & !Product::countries.any(Country::name.in_(["UK", "USA"])))
        .order_by(Product::name)
}

/// The machines that were made in more than one country.
pub fn in_several_countries() -> Select<(String, String, i64)> {
    let countries = count(Country);
    select((Product::name, Manufacturer::name, &countries))
        .join(Product::manufacturer)
        .join(Product::countries)
        .group_by((Product, Manufacturer))
        .having(countries.gt(1))
        .order_by((countries.desc(), Product::name))
}

/// The machines of Timex Sinclair with the countries where each was made: entities, whose countries
/// are loaded with them.
///
/// # Errors
///
/// What the database reports.
pub async fn timex_sinclair(session: &mut Session) -> Result<Vec<(String, Json<Value>)>, Error> {
    let products = session
        .all(
            select(Product)
                .filter(Product::manufacturer.has(Manufacturer::name.eq("Timex Sinclair")))
                .order_by(Product::name)
                .options(selectin(Product::countries)),
        )
        .await?;
    let row = |product: ProductView<'_>| {
        let countries: Vec<&str> = product.countries().map(|country| country.name()).collect();
        (product.name().to_owned(), Json(json!(countries)))
    };
    Ok(session.views(&products).map(row).collect())
}

/// What was sold of each Commodore in each quarter of 2022.
pub fn quarterly_sales() -> Select<(String, i32, i64, f64)> {
    let quarter = Order::timestamp.quarter();
    select((Product::name, &quarter, OrderItem::units(), OrderItem::revenue()))
        .join(Product::order_items)
        .join(OrderItem::order)
        .filter(Product::manufacturer.has(Manufacturer::name.eq("Commodore")))
        .filter(Order::timestamp.year().eq(2022))
        .group_by((Product, &quarter))
        .order_by((Product::name, &quarter))
}

/// The machines of which most were sold, with their manufacturer and countries, which are loaded with
/// them.
///
/// # Errors
///
/// What the database reports.
pub async fn best_products(session: &mut Session, limit: u64) -> Result<Vec<BestProduct>, Error> {
    let units = OrderItem::units();
    let best = session
        .all(
            select((Product, &units, OrderItem::revenue()))
                .join(Product::order_items)
                .group_by(Product)
                .order_by((units.desc(), Product::name))
                .options((selectin(Product::manufacturer), selectin(Product::countries)))
                .limit(limit),
        )
        .await?;
    let row = |(product, units, revenue): (Entity<Product>, i64, f64)| {
        let product = session.view(product);
        let countries: Vec<&str> = product.countries().map(|country| country.name()).collect();
        (product.name().to_owned(), product.manufacturer().name().to_owned(), countries.join(", "), units, revenue)
    };
    Ok(best.into_iter().map(row).collect())
}
