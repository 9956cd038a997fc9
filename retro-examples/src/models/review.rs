//! What customers think of products.

use retro_core::prelude::*;

use super::{Customer, Product};

/// A customer's opinion of a product: one of each customer for each product.
#[derive(Model, Debug, Clone)]
#[retro(table = "product_reviews")]
pub struct ProductReview {
    /// Names [`product`](ProductReview::product).
    #[retro(primary_key, foreign_key = Product::id)]
    pub product_id: i32,
    /// Names [`customer`](ProductReview::customer).
    #[retro(primary_key, foreign_key = Customer::id)]
    pub customer_id: Uuid,
    /// When it was written.
    #[retro(default = now(), index)]
    pub timestamp: NaiveDateTime,
    /// One to five stars.
    pub rating: i32,
    /// What it says, if anything.
    pub comment: Option<String>,

    /// What it is about.
    #[retro(key = product_id, back_populates = reviews)]
    pub product: BelongsTo<Product>,
    /// Who wrote it.
    #[retro(key = customer_id, back_populates = reviews)]
    pub customer: BelongsTo<Customer>,
}
