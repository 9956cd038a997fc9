//! Random histories of statements and changes: at every moment the entities and loaded collections of
//! the session are what its transaction sees in the database.

use std::collections::BTreeMap;

use retro_core::prelude::*;
use retro_core::session::State;
use retro_tests::models::shop::{Manufacturer, Product};
use retro_tests::{Db, on_every_backend};

use super::machines;

const HISTORIES: u32 = 12;
const STEPS: u32 = 40;

/// The same numbers in every run.
struct Random(u32);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % limit
    }

    fn year(&mut self) -> i32 {
        self.below(6) as i32
    }

    fn manufacturer(&mut self) -> i32 {
        1 + self.below(2) as i32
    }
}

/// Reads all rows, so that the session has all entities, and their collections.
async fn load(session: &mut Session) {
    let all = select(Manufacturer).options(selectin(Manufacturer::products));
    session.all(all).await.unwrap();
    session.all(select(Product)).await.unwrap();
}

async fn step(session: &mut Session, random: &mut Random, depth: &mut u32, number: u32) -> &'static str {
    match random.below(12) {
        0 | 1 => {
            let set = Product::year.to(Product::year + 1);
            session.execute(update(Product).set(set).filter(Product::year.lt(random.year()))).await.unwrap();
            "update"
        }
        2 => {
            let set = Product::manufacturer_id.to(random.manufacturer());
            session.execute(update(Product).set(set).filter(Product::year.eq(random.year()))).await.unwrap();
            "move"
        }
        3 => {
            let cond = Product::year.eq(random.year()) & Product::manufacturer_id.eq(random.manufacturer());
            session.execute(delete(Product).filter(cond)).await.unwrap();
            "delete"
        }
        4 => {
            // Of rows that are there: a new one would be missing in a loaded collection.
            let known = session.known::<Product>();
            let names: Vec<String> = known.iter().map(|&product| session[product].name.clone()).collect();
            let given = names.into_iter().filter(|_| random.below(3) == 0).collect::<Vec<_>>();
            let given = given.into_iter().map(|name| {
                let (year, manufacturer_id) = (random.year(), random.manufacturer());
                new!(Product { name, year, manufacturer_id })
            });
            let upsert = insert(Product).values(given.collect::<Vec<_>>()).on_conflict(Product::name).update_all();
            session.execute(upsert).await.unwrap();
            "upsert"
        }
        5 => {
            let (year, manufacturer_id) = (random.year(), random.manufacturer());
            session.add(new!(Product { name: format!("p{number}"), year, manufacturer_id }));
            "add"
        }
        6 | 7 => {
            let known = session.known::<Product>();
            if !known.is_empty() {
                let product = known[random.below(known.len() as u32) as usize];
                match random.below(3) {
                    0 => session[product].year = random.year(),
                    1 => session[product].cpu = Some(format!("cpu {}", random.below(3))),
                    _ => session.delete(product),
                }
            }
            "change"
        }
        8 if *depth < 2 => {
            session.begin_nested().await.unwrap();
            *depth += 1;
            "begin nested"
        }
        9 if *depth > 0 => {
            session.commit_nested().await.unwrap();
            *depth -= 1;
            "commit nested"
        }
        10 if *depth > 0 => {
            session.rollback_nested().await.unwrap();
            *depth -= 1;
            "rollback nested"
        }
        11 if *depth == 0 => {
            session.commit().await.unwrap();
            "commit"
        }
        _ if random.below(2) == 0 => {
            session.rollback().await.unwrap();
            *depth = 0;
            "rollback"
        }
        _ => "nothing",
    }
}

type Shown = BTreeMap<i32, (String, i32, i32, Option<String>)>;

/// What the session shows of the products, and of which manufacturer's collection they are.
fn shown(session: &Session) -> (Shown, BTreeMap<i32, Vec<i32>>) {
    let row = |&product: &Entity<Product>| {
        let it = &session[product];
        (it.id, (it.name.clone(), it.year, it.manufacturer_id, it.cpu.clone()))
    };
    let rows =
        |product: &Entity<Product>| session.state(*product) == State::Persistent && !session.is_expired(*product);
    let products = session.known::<Product>().iter().filter(|product| rows(product)).map(row).collect();
    let mut collections = BTreeMap::new();
    for manufacturer in session.known::<Manufacturer>() {
        if session.is_loaded(manufacturer, Manufacturer::products) {
            let members = session.entities(manufacturer, Manufacturer::products);
            let mut ids: Vec<i32> = members.iter().map(|&product| session[product].id).collect();
            ids.sort_unstable();
            collections.insert(session[manufacturer].id, ids);
        }
    }
    (products, collections)
}

async fn compare(session: &mut Session, history: &[&str]) {
    session.flush().await.unwrap();
    let (products, collections) = shown(session);
    let all = (Product::id, Product::name, Product::year, Product::manufacturer_id, Product::cpu);
    let stored = session.all(select(all)).await.unwrap();
    let stored: Shown = stored.into_iter().map(|(id, name, year, maker, cpu)| (id, (name, year, maker, cpu))).collect();
    for (id, product) in &products {
        assert_eq!(Some(product), stored.get(id), "product {id} after {history:?}");
    }
    for (maker, members) in collections {
        let theirs: Vec<i32> = stored.iter().filter(|(_, it)| it.2 == maker).map(|(id, _)| *id).collect();
        assert_eq!(members, theirs, "products of manufacturer {maker} after {history:?}");
    }
}

async fn history(db: &Db, seed: u32) {
    let mut random = Random(seed.wrapping_mul(2_654_435_761));
    let mut session = db.session();
    let mut depth = 0;
    let mut taken = Vec::new();
    load(&mut session).await;
    for number in 0..STEPS {
        taken.push(step(&mut session, &mut random, &mut depth, seed * STEPS + number).await);
        compare(&mut session, &taken).await;
    }
    session.rollback().await.unwrap();
}

#[tokio::test]
async fn histories() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        for seed in 1..=HISTORIES {
            history(&db, seed).await;
        }
    })
    .await;
}
