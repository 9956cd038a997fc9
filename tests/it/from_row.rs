//! `#[derive(FromRow)]`: rows of a query as structs.

use retro_core::prelude::*;
use retro_tests::models::shop::{self, Manufacturer, Product};
use retro_tests::{Db, on_every_backend};

#[derive(FromRow, Debug, PartialEq)]
struct Machine {
    name: String,
    r#type: Option<String>,
    #[retro(column = "released")]
    year: i32,
}

#[derive(FromRow, Debug, PartialEq)]
struct Name {
    name: String,
}

#[derive(FromRow, Debug)]
struct Made {
    product: Entity<Product>,
    row: Product,
    maker: Option<Entity<Manufacturer>>,
    price: Decimal,
}

/// As wide as a row can be.
#[derive(FromRow, Debug, PartialEq)]
struct Wide {
    a: i32,
    b: String,
    c: i32,
    d: i32,
    e: Option<String>,
    f: i32,
    g: i32,
    h: i32,
    i: i32,
    j: i32,
    k: i32,
    l: i64,
}

async fn filled(db: Db) -> Db {
    let db = db.with(shop::metadata()).await;
    let mut session = db.session();
    let sinclair = session.add(new!(Manufacturer { name: "Sinclair" }));
    session.push(sinclair, Manufacturer::products, new!(Product { name: "ZX81", year: 1981, cpu: "Z80" }));
    session.push(sinclair, Manufacturer::products, new!(Product { name: "QL", year: 1984 }));
    session.commit().await.unwrap();
    db
}

#[test]
fn the_fields_are_the_columns() {
    assert_eq!(Machine::FIELDS, ["name", "type", "released"]);
    assert_eq!(Wide::FIELDS.len(), 12);
    assert_eq!(Machine::from_row(("ZX81".into(), None, 1981)).year, 1981);
    assert_eq!(Name::from_row("ZX81".to_string()).name, "ZX81");
}

#[tokio::test]
async fn values_are_read_into_the_fields_in_order() {
    on_every_backend(async |db| {
        let db = filled(db).await;
        let mut session = db.session();
        let machines = select((Product::name, Product::cpu, Product::year)).order_by(Product::year).into::<Machine>();

        let found = session.all(machines).await.unwrap();

        let machine =
            |name: &str, cpu: Option<&str>, year| Machine { name: name.into(), r#type: cpu.map(Into::into), year };
        assert_eq!(found, [machine("ZX81", Some("Z80"), 1981), machine("QL", None, 1984)]);
    })
    .await;
}

#[tokio::test]
async fn one_field_reads_what_is_selected_alone() {
    on_every_backend(async |db| {
        let db = filled(db).await;
        let names: Vec<Name> = db.session().all(select(Product::name).order_by(Product::name).into()).await.unwrap();
        assert_eq!(names, [Name { name: "QL".into() }, Name { name: "ZX81".into() }]);
    })
    .await;
}

#[tokio::test]
async fn a_field_may_be_an_entity_or_a_struct_of_a_model() {
    on_every_backend(async |db| {
        let db = filled(db).await;
        let mut session = db.session();
        let price = Decimal::new(6_995, 2);
        let made = select((Product, Product.owned(), Manufacturer.optional(), lit(price)))
            .outer_join(Product::manufacturer)
            .filter(Product::name.eq("ZX81"))
            .into::<Made>();

        let made = session.one(made).await.unwrap();

        assert_eq!(session[made.product].name, made.row.name);
        assert_eq!(made.maker, session.view(made.product).manufacturer().entity().into());
        assert_eq!(made.price, price);
    })
    .await;
}

#[tokio::test]
async fn twelve_values_are_read() {
    on_every_backend(async |db| {
        let db = filled(db).await;
        let (id, year) = (Product::id, Product::year);
        let wide = select((id, Product::name, year, id, Product::cpu, id, year, id, id, id, year, count(Product)))
            .filter(year.eq(1981))
            .group_by((Product, Product::name, year, Product::cpu))
            .into::<Wide>();

        let found = db.session().one(wide).await.unwrap();

        assert_eq!((found.b.as_str(), found.e.as_deref()), ("ZX81", Some("Z80")));
        assert_eq!((found.c, found.g, found.k, found.l), (1981, 1981, 1981, 1));
        assert_eq!([found.d, found.f, found.h, found.i, found.j], [found.a; 5]);
    })
    .await;
}
