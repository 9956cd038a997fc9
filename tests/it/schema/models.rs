//! RetroFun's models, as far as its tables need them.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
pub struct Manufacturer {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64, index, unique)]
    pub name: String,
    #[retro(back_populates = manufacturer, cascade = "all, delete-orphan")]
    pub products: HasMany<Product>,
}

#[derive(Model)]
#[retro(table = "countries")]
pub struct Country {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32, index, unique)]
    pub name: String,
    #[retro(secondary = "products_countries", back_populates = countries)]
    pub products: ManyToMany<Product>,
}

#[derive(Model)]
#[retro(table = "products")]
pub struct Product {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64, index, unique)]
    pub name: String,
    #[retro(foreign_key = Manufacturer::id, index)]
    pub manufacturer_id: i32,
    #[retro(index)]
    pub year: i32,
    #[retro(length = 32)]
    pub cpu: Option<String>,
    #[retro(key = manufacturer_id, back_populates = products)]
    pub manufacturer: BelongsTo<Manufacturer>,
    #[retro(secondary = "products_countries", back_populates = products)]
    pub countries: ManyToMany<Country>,
}

#[derive(Model)]
#[retro(table = "customers")]
pub struct Customer {
    #[retro(primary_key, default = Uuid::new_v4())]
    pub id: Uuid,
    #[retro(length = 64, index, unique)]
    pub name: String,
    #[retro(length = 128)]
    pub address: Option<String>,
    #[retro(length = 32)]
    pub phone: Option<String>,
}

#[derive(Model)]
#[retro(table = "orders")]
pub struct Order {
    #[retro(primary_key, default = Uuid::new_v4())]
    pub id: Uuid,
    #[retro(default = now(), index)]
    pub timestamp: NaiveDateTime,
    #[retro(foreign_key = Customer::id, index)]
    pub customer_id: Uuid,
}

#[derive(Model)]
#[retro(table = "orders_items")]
pub struct OrderItem {
    #[retro(primary_key, foreign_key = Product::id)]
    pub product_id: i32,
    #[retro(primary_key, foreign_key = Order::id)]
    pub order_id: Uuid,
    pub unit_price: f64,
    pub quantity: i32,
}

#[derive(Model)]
#[retro(table = "product_reviews")]
pub struct ProductReview {
    #[retro(primary_key, foreign_key = Product::id)]
    pub product_id: i32,
    #[retro(primary_key, foreign_key = Customer::id)]
    pub customer_id: Uuid,
    #[retro(default = now(), index)]
    pub timestamp: NaiveDateTime,
    pub rating: i32,
    pub comment: Option<String>,
}

#[derive(Model)]
#[retro(table = "blog_authors")]
pub struct BlogAuthor {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64, index)]
    pub name: String,
}

#[derive(Model)]
#[retro(table = "languages")]
pub struct Language {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32, index, unique)]
    pub name: String,
}

#[derive(Model)]
#[retro(table = "blog_articles")]
pub struct BlogArticle {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 128, index)]
    pub title: String,
    #[retro(foreign_key = BlogAuthor::id, index)]
    pub author_id: i32,
    #[retro(foreign_key = Product::id, index)]
    pub product_id: Option<i32>,
    #[retro(default = now(), index)]
    pub timestamp: NaiveDateTime,
    #[retro(foreign_key = Language::id, index)]
    pub language_id: Option<i32>,
    #[retro(foreign_key = BlogArticle::id, index)]
    pub translation_of_id: Option<i32>,
}

#[derive(Model)]
#[retro(table = "blog_users")]
pub struct BlogUser {
    #[retro(primary_key, default = Uuid::new_v4())]
    pub id: Uuid,
    #[retro(foreign_key = Customer::id, index)]
    pub customer_id: Option<Uuid>,
}

#[derive(Model)]
#[retro(table = "blog_sessions")]
pub struct BlogSession {
    #[retro(primary_key, default = Uuid::new_v4())]
    pub id: Uuid,
    #[retro(foreign_key = BlogUser::id, index)]
    pub user_id: Uuid,
}

#[derive(Model)]
#[retro(table = "blog_views")]
pub struct BlogView {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(foreign_key = BlogArticle::id)]
    pub article_id: i32,
    #[retro(foreign_key = BlogSession::id)]
    pub session_id: Uuid,
    #[retro(default = now(), index)]
    pub timestamp: NaiveDateTime,
}

/// Children before parents, so that the order of creation is found and not given.
pub fn metadata() -> MetaData {
    metadata![
        BlogView,
        BlogSession,
        BlogUser,
        BlogArticle,
        ProductReview,
        OrderItem,
        Order,
        Product,
        Language,
        BlogAuthor,
        Customer,
        Country,
        Manufacturer
    ]
}
