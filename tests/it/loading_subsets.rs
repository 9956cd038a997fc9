//! Loading a part of a relationship: filtered, in another order, so many of each owner.

use retro_core::prelude::*;
use retro_core::query::Load;
use retro_tests::models::shop::{self, Country, Customer, Manufacturer, Order, Product};
use retro_tests::{Db, on_every_backend};

async fn fill(db: Db) -> Db {
    let db = db.with(shop::metadata()).await;
    let mut session = db.session();
    for (maker, machines) in [
        ("Acorn", &[("Atom", 1980), ("Electron", 1983)][..]),
        ("Commodore", &[("PET", 1977), ("VIC-20", 1981), ("C64", 1982), ("C128", 1985)]),
        ("Dragon", &[]),
    ] {
        let maker = session.add(new!(Manufacturer { name: maker }));
        for &(name, year) in machines {
            session.push(maker, Manufacturer::products, new!(Product { name, year }));
        }
    }
    for (id, name) in [(1, "UK"), (2, "USA"), (3, "Germany")] {
        let country = session.add(new!(Country { id, name }));
        for product in session.known::<Product>() {
            session.push(product, Product::countries, country);
        }
    }
    let ada = session.add(new!(Customer { name: "Ada" }));
    session.push(ada, Customer::orders, new!(Order { number: "1" }));
    session.commit().await.unwrap();
    db.log.clear();
    db
}

/// The machines of each manufacturer, as the option loads them, with the number of statements sent.
async fn machines(db: &Db, option: Load<Manufacturer, Product>) -> (Vec<String>, usize) {
    let mut session = db.session();
    db.log.clear();
    let query = select(Manufacturer).order_by(Manufacturer::name).options(option);
    let makers = session.all(query).await.unwrap();
    let of = |maker: Entity<Manufacturer>| {
        let names: Vec<&str> = session.view(maker).products().map(|product| product.name()).collect();
        format!("{}: {}", session[maker].name, names.join(" "))
    };
    let found = makers.into_iter().map(of).collect();
    (found, db.log.take().len())
}

#[tokio::test]
async fn only_rows_that_meet_a_condition() {
    on_every_backend(async |db| {
        let db = fill(db).await;
        let late = Product::year.ge(1982);
        for (loader, statements) in [
            (selectin(Manufacturer::products), 2),
            (joined(Manufacturer::products), 1),
            (subquery(Manufacturer::products), 2),
        ] {
            let loaded = machines(&db, loader.filter(late.clone()).order_by(Product::year.desc())).await;
            assert_eq!(loaded.0, ["Acorn: Electron", "Commodore: C128 C64", "Dragon: "]);
            assert_eq!(loaded.1, statements);
        }
    })
    .await;
}

#[tokio::test]
async fn so_many_of_each_owner() {
    on_every_backend(async |db| {
        let db = fill(db).await;
        for loader in
            [selectin(Manufacturer::products), joined(Manufacturer::products), subquery(Manufacturer::products)]
        {
            let newest = loader.order_by(Product::year.desc()).limit(2);
            let (found, statements) = machines(&db, newest).await;
            assert_eq!(found, ["Acorn: Electron Atom", "Commodore: C128 C64", "Dragon: "]);
            assert_eq!(statements, 2, "a limit is never joined");
        }
    })
    .await;
}

#[tokio::test]
async fn over_association_tables_and_further_on() {
    on_every_backend(async |db| {
        let db = fill(db).await;
        let mut session = db.session();
        let two = selectin(Product::countries).order_by(Country::name).limit(2);
        let option = selectin(Manufacturer::products)
            .filter(Product::name.starts_with("C"))
            .order_by(Product::id)
            .then(two.then(selectin(Country::products).filter(Product::name.eq("PET"))));
        let maker = select(Manufacturer).filter(Manufacturer::name.eq("Commodore")).options(option);
        let maker = session.one(maker).await.unwrap();
        assert_eq!(db.log.take().len(), 4);
        let found: Vec<String> = session
            .view(maker)
            .products()
            .flat_map(|product| product.countries().map(move |country| (product, country)))
            .map(|(product, country)| format!("{} {} {}", product.name(), country.name(), country.products().len()))
            .collect();
        assert_eq!(found, ["C64 Germany 1", "C64 UK 1", "C128 Germany 1", "C128 UK 1"]);
    })
    .await;
}

#[tokio::test]
async fn an_owner_without_its_wanted_target_stays() {
    on_every_backend(async |db| {
        let db = fill(db).await;
        for option in [joined(Order::customer), selectin(Order::customer)] {
            let mut session = db.session();
            let query = select(Order).options(option.filter(Customer::name.eq("Bob")));
            let order = session.one(query).await.unwrap();
            assert!(session.view(order).customer().is_none());
            session.flush().await.unwrap();
            session.commit().await.unwrap();
        }
        let customers = db.rows("SELECT COUNT(customer_id) FROM orders").await;
        assert_eq!(customers, ["1"], "what was not wanted is not unlinked");
    })
    .await;
}
