//! Relationships given what they do not lead to.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    #[retro(back_populates = manufacturer)]
    products: HasMany<Product>,
}

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Manufacturer::id)]
    manufacturer_id: i32,
    #[retro(back_populates = products)]
    manufacturer: BelongsTo<Manufacturer>,
}

#[derive(Model)]
#[retro(table = "countries")]
struct Country {
    #[retro(primary_key)]
    id: i32,
}

fn link(session: &mut Session, commodore: Entity<Manufacturer>, usa: Entity<Country>) {
    session.push(commodore, Manufacturer::products, usa);
    let _ = new!(Product { manufacturer: usa });
}

fn main() {}
