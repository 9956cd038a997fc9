//! Calculating and aggregating with what is no number, searching in what is no text.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    name: String,
    year: i32,
    price: f64,
    cpu: Option<String>,
    #[retro(back_populates = product)]
    reviews: HasMany<Review>,
}

#[derive(Model)]
#[retro(table = "reviews")]
struct Review {
    #[retro(primary_key)]
    id: i32,
    rating: i32,
    #[retro(foreign_key = Product::id)]
    product_id: i32,
    #[retro(key = product_id, back_populates = reviews)]
    product: BelongsTo<Product>,
}

fn calculate() {
    let _ = Product::year + Product::name;
    let _ = sum(Product::name);
    let _ = avg(Product::cpu);
    let _ = Product::year.contains("82");
    let _ = Product::name.year();
    let _ = case().when(Product::year.lt(1980), "old").otherwise(1);
    let _ = count("rows");
}

fn main() {}
