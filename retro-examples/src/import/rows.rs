//! The rows of the files.

use chrono::NaiveDateTime;
use serde::Deserialize;
use uuid::Uuid;

use super::field;
use super::reader::CsvRow;

/// A row of `products.csv`: a machine.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ProductRow {
    /// Where it was made: one or several names joined with `/`, see [`countries`](Self::countries).
    #[serde(deserialize_with = "field::names::<32, _>")]
    pub country: String,
    /// Who made it.
    #[serde(deserialize_with = "field::name::<64, _>")]
    pub manufacturer: String,
    /// What it is called; unique in the file.
    #[serde(deserialize_with = "field::name::<64, _>")]
    pub name: String,
    /// Its processor, `None` where the field is empty.
    #[serde(deserialize_with = "field::optional::<32, _>")]
    pub cpu: Option<String>,
    /// The year in which it came out.
    #[serde(deserialize_with = "field::whole")]
    pub year: i32,
}

impl CsvRow for ProductRow {
    const COLUMNS: &'static [&'static str] = &["country", "manufacturer", "name", "cpu", "year"];
}

impl ProductRow {
    /// The names in [`country`](Self::country), one by one.
    pub fn countries(&self) -> impl Iterator<Item = &str> {
        self.country.split('/').map(str::trim).filter(|name| !name.is_empty())
    }
}

/// A row of `orders.csv`: an order, the customer who placed it, and up to three items.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct OrderRow {
    /// The customer's name, which tells customers apart.
    #[serde(deserialize_with = "field::name::<64, _>")]
    pub name: String,
    /// The customer's address when the order was placed.
    #[serde(deserialize_with = "field::line::<128, _>")]
    pub address: String,
    /// The customer's telephone number.
    #[serde(deserialize_with = "field::line::<32, _>")]
    pub phone: String,
    /// When the order was placed.
    #[serde(deserialize_with = "field::timestamp")]
    pub timestamp: NaiveDateTime,
    /// The name of the first product; see [`items`](Self::items).
    #[serde(deserialize_with = "field::line::<64, _>")]
    pub product1: String,
    /// What one of the first product cost.
    #[serde(deserialize_with = "field::price")]
    pub unit_price1: f64,
    /// How many of the first product.
    #[serde(deserialize_with = "field::quantity")]
    pub quantity1: i32,
    /// The name of the second product, or empty.
    #[serde(deserialize_with = "field::line::<64, _>")]
    pub product2: String,
    /// What one of the second product cost.
    #[serde(deserialize_with = "field::price")]
    pub unit_price2: f64,
    /// How many of the second product.
    #[serde(deserialize_with = "field::quantity")]
    pub quantity2: i32,
    /// The name of the third product, or empty.
    #[serde(deserialize_with = "field::line::<64, _>")]
    pub product3: String,
    /// What one of the third product cost.
    #[serde(deserialize_with = "field::price")]
    pub unit_price3: f64,
    /// How many of the third product.
    #[serde(deserialize_with = "field::quantity")]
    pub quantity3: i32,
}

impl CsvRow for OrderRow {
    #[rustfmt::skip]
    const COLUMNS: &'static [&'static str] = &[
        "name", "address", "phone", "timestamp",
        "product1", "unit_price1", "quantity1",
        "product2", "unit_price2", "quantity2",
        "product3", "unit_price3", "quantity3",
    ];
}

impl OrderRow {
    /// The items, without the places that are not used.
    pub fn items(&self) -> impl Iterator<Item = OrderLine<'_>> {
        [
            ("product1", &self.product1, self.unit_price1, self.quantity1),
            ("product2", &self.product2, self.unit_price2, self.quantity2),
            ("product3", &self.product3, self.unit_price3, self.quantity3),
        ]
        .into_iter()
        .filter(|(_, product, ..)| !product.is_empty())
        .map(|(column, product, unit_price, quantity)| OrderLine { column, product, unit_price, quantity })
    }
}

/// One item of an [`OrderRow`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrderLine<'a> {
    /// The column in which the product's name stands.
    pub column: &'static str,
    /// The product's name.
    pub product: &'a str,
    /// What one of them cost.
    pub unit_price: f64,
    /// How many.
    pub quantity: i32,
}

/// A row of `reviews.csv`: what a customer thinks of a product.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ReviewRow {
    /// The customer's name.
    #[serde(deserialize_with = "field::name::<64, _>")]
    pub customer: String,
    /// The product's name.
    #[serde(deserialize_with = "field::name::<64, _>")]
    pub product: String,
    /// When it was written.
    #[serde(deserialize_with = "field::timestamp")]
    pub timestamp: NaiveDateTime,
    /// One to five stars.
    #[serde(deserialize_with = "field::rating")]
    pub rating: i32,
    /// What it says, `None` where the field is empty.
    #[serde(deserialize_with = "field::optional::<{ usize::MAX }, _>")]
    pub comment: Option<String>,
}

impl CsvRow for ReviewRow {
    const COLUMNS: &'static [&'static str] = &["customer", "product", "timestamp", "rating", "comment"];
}

/// A row of `articles.csv`: an article of the blog.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ArticleRow {
    /// Its title; unique in the file.
    #[serde(deserialize_with = "field::name::<128, _>")]
    pub title: String,
    /// Who wrote it.
    #[serde(deserialize_with = "field::name::<64, _>")]
    pub author: String,
    /// When it was published.
    #[serde(deserialize_with = "field::timestamp")]
    pub timestamp: NaiveDateTime,
    /// The name of the product that it is about, `None` where the field is empty.
    #[serde(deserialize_with = "field::optional::<64, _>")]
    pub product: Option<String>,
    /// The language that it is in, `None` where the field is empty.
    #[serde(deserialize_with = "field::optional::<32, _>")]
    pub language: Option<String>,
    /// The title of the original, `None` where this is one.
    #[serde(deserialize_with = "field::optional::<128, _>")]
    pub translation_of: Option<String>,
}

impl CsvRow for ArticleRow {
    const COLUMNS: &'static [&'static str] = &["title", "author", "timestamp", "product", "language", "translation_of"];
}

/// A row of `views.csv`: somebody read an article.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ViewRow {
    /// The title of the article.
    #[serde(deserialize_with = "field::name::<128, _>")]
    pub title: String,
    /// The reader.
    #[serde(deserialize_with = "field::uuid")]
    pub user: Uuid,
    /// The visit.
    #[serde(deserialize_with = "field::uuid")]
    pub session: Uuid,
    /// The name of the customer that the reader is, `None` where the field is empty.
    #[serde(deserialize_with = "field::optional::<64, _>")]
    pub customer: Option<String>,
    /// When it was read.
    #[serde(deserialize_with = "field::timestamp")]
    pub timestamp: NaiveDateTime,
}

impl CsvRow for ViewRow {
    const COLUMNS: &'static [&'static str] = &["title", "user", "session", "customer", "timestamp"];
}
