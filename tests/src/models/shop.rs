//! A shop: one-to-many with and without cascade, one-to-one, many-to-many, an association object
//! with a composite key, and a self-reference.

use retro_core::prelude::*;

#[derive(Model, Debug, Clone)]
#[retro(table = "manufacturers")]
pub struct Manufacturer {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64, unique)]
    pub name: String,
    #[retro(back_populates = manufacturer, cascade = "all, delete-orphan")]
    pub products: HasMany<Product>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "products")]
pub struct Product {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64, unique)]
    pub name: String,
    #[retro(foreign_key = Manufacturer::id)]
    pub manufacturer_id: i32,
    pub year: i32,
    #[retro(length = 32)]
    pub cpu: Option<String>,
    #[retro(key = manufacturer_id, back_populates = products)]
    pub manufacturer: BelongsTo<Manufacturer>,
    #[retro(back_populates = product, cascade = "all, delete-orphan")]
    pub detail: HasOne<ProductDetail>,
    #[retro(back_populates = product)]
    pub articles: HasMany<Article>,
    #[retro(secondary = "products_countries", back_populates = products)]
    pub countries: ManyToMany<Country>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "product_details")]
pub struct ProductDetail {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32, unique)]
    pub code: String,
    #[retro(length = 128)]
    pub notes: Option<String>,
    #[retro(foreign_key = Product::id)]
    pub product_id: i32,
    #[retro(key = product_id, back_populates = detail)]
    pub product: BelongsTo<Product>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "countries")]
pub struct Country {
    #[retro(primary_key, generated = false)]
    pub id: i32,
    #[retro(length = 32, unique)]
    pub name: String,
    #[retro(secondary = "products_countries", back_populates = countries)]
    pub products: ManyToMany<Product>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "customers")]
pub struct Customer {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64, unique)]
    pub name: String,
    #[retro(length = 32)]
    pub phone: Option<String>,
    #[retro(back_populates = customer, order_by = Order::number)]
    pub orders: HasMany<Order>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "orders")]
pub struct Order {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 16, unique)]
    pub number: String,
    #[retro(foreign_key = Customer::id)]
    pub customer_id: Option<i32>,
    #[retro(key = customer_id, back_populates = orders)]
    pub customer: BelongsTo<Option<Customer>>,
    #[retro(back_populates = order, cascade = "all, delete-orphan")]
    pub items: HasMany<OrderItem>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "orders_items")]
pub struct OrderItem {
    #[retro(primary_key, foreign_key = Order::id)]
    pub order_id: i32,
    #[retro(primary_key, foreign_key = Product::id)]
    pub product_id: i32,
    pub quantity: i32,
    pub unit_price: f64,
    #[retro(key = order_id, back_populates = items)]
    pub order: BelongsTo<Order>,
    #[retro(key = product_id)]
    pub product: BelongsTo<Product>,
}

impl OrderItem {
    #[hybrid]
    pub fn total(&self) -> f64 {
        f64::from(self.quantity) * self.unit_price
    }
}

#[derive(Model, Debug, Clone)]
#[retro(table = "articles")]
pub struct Article {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64, unique)]
    pub title: String,
    #[retro(foreign_key = Product::id)]
    pub product_id: Option<i32>,
    #[retro(foreign_key = Article::id)]
    pub translation_of_id: Option<i32>,
    #[retro(key = product_id, back_populates = articles)]
    pub product: BelongsTo<Option<Product>>,
    #[retro(key = translation_of_id, back_populates = translations)]
    pub translation_of: BelongsTo<Option<Article>>,
    #[retro(back_populates = translation_of)]
    pub translations: HasMany<Article>,
}

/// The shop's tables.
pub fn metadata() -> MetaData {
    metadata![Manufacturer, Product, ProductDetail, Country, Customer, Order, OrderItem, Article]
}
