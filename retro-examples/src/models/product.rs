//! The machines, who made them and where.

use retro_core::prelude::*;

use super::{BlogArticle, OrderItem, ProductReview};

/// A vintage computer.
#[derive(Model, Debug, Clone)]
#[retro(table = "products")]
pub struct Product {
    /// Given by the database.
    #[retro(primary_key)]
    pub id: i32,
    /// What it is called.
    #[retro(length = 64, index, unique)]
    pub name: String,
    /// Names [`manufacturer`](Product::manufacturer).
    #[retro(foreign_key = Manufacturer::id, index)]
    pub manufacturer_id: i32,
    /// The year in which it came out.
    #[retro(index)]
    pub year: i32,
    /// Its processor, where it is known.
    #[retro(length = 32)]
    pub cpu: Option<String>,

    /// Who made it.
    #[retro(key = manufacturer_id, back_populates = products)]
    pub manufacturer: BelongsTo<Manufacturer>,
    /// Where it was made.
    #[retro(secondary = "products_countries", back_populates = products, order_by = Country::name)]
    pub countries: ManyToMany<Country>,
    /// The places in orders where it stands.
    #[retro(back_populates = product, lazy = "write_only")]
    pub order_items: HasMany<OrderItem>,
    /// What customers think of it.
    #[retro(back_populates = product, lazy = "write_only")]
    pub reviews: HasMany<ProductReview>,
    /// What the blog says about it.
    #[retro(back_populates = product, lazy = "write_only")]
    pub articles: HasMany<BlogArticle>,
}

/// A maker of computers.
#[derive(Model, Debug, Clone)]
#[retro(table = "manufacturers")]
pub struct Manufacturer {
    /// Given by the database.
    #[retro(primary_key)]
    pub id: i32,
    /// What the company is called.
    #[retro(length = 64, index, unique)]
    pub name: String,

    /// Its machines; they go with it.
    #[retro(back_populates = manufacturer, cascade = "all, delete-orphan")]
    pub products: HasMany<Product>,
}

/// A country in which computers were made.
#[derive(Model, Debug, Clone)]
#[retro(table = "countries")]
pub struct Country {
    /// Given by the database.
    #[retro(primary_key)]
    pub id: i32,
    /// What it is called.
    #[retro(length = 32, index, unique)]
    pub name: String,

    /// The machines made there.
    #[retro(secondary = "products_countries", back_populates = countries)]
    pub products: ManyToMany<Product>,
}
