//! Where the machines were made.

use retro_core::prelude::*;

use crate::models::{Country, Product, ProductReview};

/// The first and the last year of the machines made in Croatia, and how many there are.
pub fn croatia() -> Select<(Option<i32>, Option<i32>, i64)> {
    select((min(Product::year), max(Product::year), count(Product)))
        .join(Product::countries)
        .filter(Country::name.eq("Croatia"))
}

/// How many machines were made in the UK, in the USA, or in both.
pub fn british_or_american() -> Select<i64> {
    select(count_distinct(Product)).join(Product::countries).filter(Country::name.in_(["UK", "USA"]))
}

/// The five countries in which most machines were made.
pub fn top_countries() -> Select<(String, i64)> {
    let products = count(Product);
    select((Country::name, &products))
        .join(Country::products)
        .group_by(Country)
        .order_by((products.desc(), Country::name))
        .limit(5)
}

/// The countries of the machines of the seventies, each once.
pub fn countries_of_the_seventies() -> Select<String> {
    select(Country::name)
        .distinct()
        .join(Country::products)
        .filter(Product::year.between(1970, 1979))
        .order_by(Country::name)
}

/// How the machines of each country are rated, best first.
pub fn ratings_by_country() -> Select<(String, f64, i64)> {
    let rating = avg(ProductReview::rating).required();
    select((Country::name, &rating, count(ProductReview)))
        .join(Country::products)
        .join(Product::reviews)
        .group_by(Country)
        .order_by((rating.desc(), Country::name))
}
