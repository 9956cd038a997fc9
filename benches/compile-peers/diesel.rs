//! The six queries on Diesel.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use crate::models::*;
use crate::schema::{things1, things2};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

pub fn all() -> Result<()> {
    let db = &mut SqliteConnection::establish(":memory:")?;
    // As a migration would; Diesel makes no tables of models.
    for n in 1..=15 {
        let last = match n % 3 {
            1 => "rank INTEGER NOT NULL".to_owned(),
            _ => format!("parent_id BIGINT NOT NULL REFERENCES things{} (id)", n - 1),
        };
        db.batch_execute(&format!(
            "CREATE TABLE things{n} (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL, code TEXT NOT NULL, \
            amount BIGINT NOT NULL, price DOUBLE NOT NULL, active BOOLEAN NOT NULL, note TEXT, {last})"
        ))?;
    }
    insert(db)?;
    println!("{:?}", expensive(db)?);
    raise(db, 2)?;
    println!("{:?}", totals(db)?);
    println!("{:?}", with_children(db)?);
    println!("{}", remove(db)?);
    Ok(())
}

fn insert(db: &mut SqliteConnection) -> Result<()> {
    db.transaction(|db| {
        for n in 0..10 {
            let (name, code) = (format!("head {n}"), "h".to_owned());
            let head = NewThing1 { name, code, amount: n, price: 1.0, active: true, note: None, rank: 1 };
            let parent_id =
                diesel::insert_into(things1::table).values(head).returning(things1::id).get_result::<i64>(db)?;
            let child = |k: i64| {
                let (name, code, price) = (format!("child {n} {k}"), "c".to_owned(), (n * k) as f64);
                NewThing2 { name, code, amount: k, price, active: k != 1, note: None, parent_id }
            };
            diesel::insert_into(things2::table).values((0..3).map(child).collect::<Vec<_>>()).execute(db)?;
        }
        Ok(())
    })
}

fn expensive(db: &mut SqliteConnection) -> Result<Vec<String>> {
    let things = things2::table.filter(things2::price.gt(4.0)).filter(things2::active.eq(true));
    let things = things.order((things2::price.desc(), things2::id)).limit(10).select(Thing2::as_select());
    Ok(things.load(db)?.into_iter().map(|thing| thing.name).collect())
}

fn raise(db: &mut SqliteConnection, key: i64) -> Result<()> {
    let thing = things2::table.find(key).select(Thing2::as_select()).first(db).optional()?;
    if let Some(thing) = thing {
        diesel::update(&thing).set(things2::amount.eq(thing.amount + 10)).execute(db)?;
    }
    Ok(())
}

fn totals(db: &mut SqliteConnection) -> Result<Vec<(String, i64)>> {
    let totals = things1::table.inner_join(things2::table).group_by(things1::name);
    let totals = totals.select((things1::name, diesel::dsl::sql::<diesel::sql_types::BigInt>("SUM(things2.amount)")));
    Ok(totals.order(things1::name).load(db)?)
}

fn with_children(db: &mut SqliteConnection) -> Result<Vec<(String, usize)>> {
    let heads = things1::table.order(things1::id).select(Thing1::as_select()).load(db)?;
    let children = Thing2::belonging_to(&heads).select(Thing2::as_select()).load(db)?.grouped_by(&heads);
    Ok(heads.into_iter().zip(children).map(|(head, children)| (head.name, children.len())).collect())
}

fn remove(db: &mut SqliteConnection) -> Result<u64> {
    Ok(diesel::delete(things2::table.filter(things2::price.lt(3.0))).execute(db)? as u64)
}
