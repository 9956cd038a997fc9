//! Values and columns that cannot be compared.

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

fn compare() {
    let _ = Product::year.eq("1982");
    let _ = Product::year.lt(Product::name);
    let _ = Product::cpu.eq(6502);
    let _ = Product::price.between("a", "b");
    let _ = Product::year.in_(["1982"]);
    let _ = Product::year.in_(select(Product::name));
    let _ = row((Product::year, Product::id)).gt((1982, "seven"));
}

fn main() {}
