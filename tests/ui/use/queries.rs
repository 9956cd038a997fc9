//! What a session is asked is a query, and the rows of a text have a type.

use retro_core::prelude::*;

#[derive(Model, Debug, Clone)]
#[retro(table = "products")]
pub struct Product {
    #[retro(primary_key)]
    pub id: i32,
    pub name: String,
}

async fn mistakes(session: &mut Session, product: Entity<Product>) -> Result<(), Error> {
    session.all(Product).await?;
    session.all(text("SELECT * FROM products")).await?;
    session.one(text("SELECT * FROM products").rows::<Product>()).await?;
    session.stream(text("SELECT :product").bind("product", product).rows::<i32>()).await?;
    let names: Vec<i32> = session.all(select(Product::name)).await?;
    Ok(())
}

fn main() {}
