//! What sells best.

use retro_core::prelude::*;

use super::Table;
use crate::models::{OrderItem, Product};

/// A product and how it sold.
#[derive(Debug, Clone, Copy)]
pub struct BestProduct {
    /// The product, with its manufacturer and its countries loaded.
    pub product: Entity<Product>,
    /// How many were sold.
    pub units: i64,
    /// What was paid for them.
    pub revenue: f64,
}

/// The products of which most were sold.
///
/// # Errors
///
/// What the database reports.
pub async fn best_products(session: &mut Session, limit: u64) -> Result<Vec<BestProduct>, Error> {
    let units = sum(OrderItem::quantity);
    let revenue = sum(OrderItem::quantity * OrderItem::unit_price);
    let best = session
        .all(
            select((Product, &units, revenue))
                .join(Product::order_items)
                .group_by(Product)
                .order_by((units.desc(), Product::name))
                .options((selectin(Product::manufacturer), selectin(Product::countries)))
                .limit(limit),
        )
        .await?;
    Ok(best.into_iter().map(|(product, units, revenue)| BestProduct { product, units, revenue }).collect())
}

impl BestProduct {
    /// The products as a table.
    pub fn table(session: &Session, products: &[BestProduct]) -> Table {
        let rows = products.iter().map(|best| {
            let product = session.view(best.product);
            let countries: Vec<_> = product.countries().map(|country| country.name()).collect();
            [
                product.name().to_owned(),
                product.manufacturer().name().to_owned(),
                countries.join(", "),
                best.units.to_string(),
                format!("{:.2}", best.revenue),
            ]
        });
        Table::new("Best selling products", ["product", "manufacturer", "made in", "units", "revenue"], rows)
    }
}
