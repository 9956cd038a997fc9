//! What customers think of the machines.

use retro_core::prelude::*;

use crate::models::{OrderItem, Product, ProductReview};

/// The ten machines with most reviews: how they are rated, and how many reviews say something.
pub fn most_reviewed() -> Select<(String, f64, i64, i64)> {
    let reviews = count(ProductReview);
    select((Product::name, avg(ProductReview::rating).required(), &reviews, count(ProductReview::comment)))
        .join(Product::reviews)
        .group_by(Product)
        .order_by((reviews.desc(), Product::name))
        .limit(10)
}

/// The machines that were ordered and never reviewed, with the number of their orders.
pub fn never_reviewed() -> Select<(String, i64)> {
    let orders = count(OrderItem);
    select((Product::name, &orders))
        .join(Product::order_items)
        .filter(Product::reviews.is_empty())
        .group_by(Product)
        .order_by((orders.desc(), Product::name))
}

/// How the Commodore 64 was rated in each month of 2022.
pub fn commodore_64_by_month() -> Select<(i32, f64, i64)> {
    let month = ProductReview::timestamp.month();
    select((&month, avg(ProductReview::rating).required(), count(ProductReview)))
        .join(ProductReview::product)
        .filter(Product::name.eq("Commodore 64") & ProductReview::timestamp.year().eq(2022))
        .group_by(&month)
        .order_by(&month)
}

/// How all machines together were rated in each month of 2022.
pub fn by_month() -> Select<(i32, f64, i64)> {
    let month = ProductReview::timestamp.month();
    select((&month, avg(ProductReview::rating).required(), count(ProductReview)))
        .filter(ProductReview::timestamp.year().eq(2022))
        .group_by(&month)
        .order_by(&month)
}
