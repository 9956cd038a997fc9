//! All mistakes of a struct are reported at once.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(tabel = "products", index(yaer))]
struct Product {
    #[retro(primary_kye)]
    id: i32,
    #[retro(length = "long")]
    name: String,
    year: u16,
    #[retro(cascade = "everything")]
    parts: HasMany<Product>,
    maker: BelongsTo<Product>,
}

fn main() {}
