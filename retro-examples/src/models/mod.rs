//! The store's models, one file for each aggregate: 14 tables, those of the book's database.
//!
//! Collections that grow with the business are `write_only`: nobody wants all orders of a product
//! in memory, so they are queried ([`Session::members`](retro_core::session::Session::members)) and
//! never loaded.

mod blog;
mod customer;
mod order;
mod product;
mod review;

pub use blog::{BlogArticle, BlogAuthor, BlogSession, BlogUser, BlogView, Language};
pub use customer::Customer;
pub use order::{Order, OrderItem, OrderView};
pub use product::{Country, Manufacturer, Product, ProductView};
pub use review::ProductReview;

use retro_core::metadata;
use retro_core::schema::MetaData;

/// All models; creates the whole database.
pub fn metadata() -> MetaData {
    metadata![
        // Before countries, so that its column comes first in the table between them.
        Product,
        Manufacturer,
        Country,
        Customer,
        Order,
        OrderItem,
        ProductReview,
        BlogAuthor,
        Language,
        BlogArticle,
        BlogUser,
        BlogSession,
        BlogView
    ]
}
