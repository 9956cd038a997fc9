//! Who makes most.

use retro_core::prelude::*;

use crate::models::{Manufacturer, Product};

/// The manufacturers with most products, and how many they are.
///
/// # Errors
///
/// What the database reports.
pub async fn most_products(session: &mut Session, limit: u64) -> Result<Vec<(String, i64)>, Error> {
    let products = count(Product);
    session
        .all(
            select((Manufacturer::name, &products))
                .join(Manufacturer::products)
                .group_by(Manufacturer)
                .order_by((products.desc(), Manufacturer::name))
                .limit(limit),
        )
        .await
}
