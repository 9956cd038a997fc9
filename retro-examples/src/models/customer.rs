//! Those who buy.

use retro_core::prelude::*;

use super::{BlogUser, Order, ProductReview};

/// A customer of the store.
#[derive(Model, Debug, Clone)]
#[retro(table = "customers")]
pub struct Customer {
    /// Made by the program, so that it is known before the row is written.
    #[retro(primary_key, default = Uuid::new_v4())]
    pub id: Uuid,
    /// The whole name; tells customers apart.
    #[retro(length = 64, index, unique)]
    pub name: String,
    /// Where to send the goods.
    #[retro(length = 128)]
    pub address: Option<String>,
    /// A telephone number.
    #[retro(length = 32)]
    pub phone: Option<String>,

    /// What the customer ordered.
    #[retro(back_populates = customer)]
    pub orders: HasMany<Order>,
    /// What the customer thinks of products.
    #[retro(back_populates = customer, lazy = "write_only")]
    pub reviews: HasMany<ProductReview>,
    /// The readers of the blog that are this customer.
    #[retro(back_populates = customer, lazy = "write_only")]
    pub blog_users: HasMany<BlogUser>,
}
