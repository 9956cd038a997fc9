//! Results that are read as something else.

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

async fn read(session: &mut Session) -> Result<(), Error> {
    let _: Vec<(String, i32)> = session.all(select((Product::name, count(Product)))).await?;
    let _: Vec<Entity<Review>> = session.all(select(Product)).await?;
    let _: Option<i32> = session.first(select(Product::name)).await?;
    let best = select((Product::id, sum(Review::rating))).group_by(Product).subquery("best");
    let (_, _, _) = best.columns();
    Ok(())
}

fn main() {}
