//! What cannot be selected, joined, ordered or filtered by.

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

fn build() {
    let _ = select("name");
    let _ = select(Product).join(Review);
    let _ = select(Product).order_by(Product);
    let _ = select(Product).filter(Product::year);
    let _ = select(Product).filter(true.then_some(1));
    let _ = select(Product::name).union(select(Product::year));
    let _ = rank().over(Product::year);
}

fn main() {}
