//! The text of each form of statement, in the SQL of each dialect. A text that is to change is looked
//! at and accepted: `INSTA_UPDATE=always cargo test -p retro-tests --test it writes::text`.

use std::fmt::Write as _;

use retro_core::Dialect;
use retro_core::prelude::*;
use retro_core::query::Returning;
use retro_tests::models::features::{Job, Setting};
use retro_tests::models::keys::Room;
use retro_tests::models::shop::{Manufacturer, OrderItem, Product};
use retro_tests::models::trees::Node;

use super::Archive;

/// Texts, each under what it is to show.
struct Texts {
    dialect: Dialect,
    shown: String,
}

impl Texts {
    fn add(&mut self, name: &str, statement: impl Execute) {
        let text = statement.to_sql(self.dialect).unwrap_or_else(|error| format!("refused: {error}"));
        writeln!(self.shown, "-- {name}\n{text}\n").unwrap();
    }

    fn add_returning<R>(&mut self, name: &str, statement: Returning<R>) {
        let text = statement.to_sql(self.dialect).unwrap_or_else(|error| format!("refused: {error}"));
        writeln!(self.shown, "-- {name}\n{text}\n").unwrap();
    }
}

fn inserts(texts: &mut Texts) {
    let machine = |name: &str| new!(Product { name, year: 1, manufacturer_id: 1 });
    texts.add("one struct", insert(Product).value(machine("a")));
    texts.add("two structs", insert(Product).values(["a", "b"].map(machine)));
    texts.add("a struct that leaves columns to the server", insert(Job).value(new!(Job { name: "a" })));
    texts.add("some columns", insert(Archive).set((Archive::name.to("a"), Archive::cpu.to(None))));
    let newest = select(max(Archive::year)).scalar().coalesce(0);
    texts.add("an expression", insert(Archive).set((Archive::name.to("a"), Archive::year.to(newest + 1))));
    texts.add("a version", insert(Setting).set((Setting::name.to("a"), Setting::value.to("b"))));
    let old = select((Product::name, Product::year)).filter(Product::year.lt(1982));
    texts.add("a query", insert(Archive).from_select((Archive::name, Archive::year), old));
    let again = select((Archive::name.concat("+"), Archive::year)).order_by(Archive::id).limit(3);
    texts.add("a query of the same table", insert(Archive).from_select((Archive::name, Archive::year), again));
    let years = select((Product::year, count(Product))).group_by(Product::year).cte("years");
    let (year, products) = years.columns();
    let counted = select((year.cast::<String>(), products.cast::<i32>())).from(&years);
    texts.add("a query of a CTE", insert(Archive).from_select((Archive::name, Archive::year), counted));
}

fn upserts(texts: &mut Texts) {
    let given = || insert(Product).values(["a", "b"].map(|name| new!(Product { name, year: 1, manufacturer_id: 1 })));
    texts.add("update all", given().on_conflict(Product::name).update_all());
    let sum = Product::year.to(Product::year + excluded(Product::year));
    texts.add("update some", given().on_conflict(Product::name).update((sum, Product::cpu.to("x"))));
    let newer = excluded(Product::year).gt(Product::year);
    texts.add("update where", given().on_conflict(Product::name).update_all().filter(newer));
    texts.add("ignore", given().on_conflict(Product::name).ignore());
    let room = insert(Room).value(new!(Room { building: "A", number: 1, seats: 2 }));
    texts.add("a composite key", room.on_conflict((Room::building, Room::number)).update_all());
    let setting = || insert(Setting).value(new!(Setting { name: "a", value: "b" })).on_conflict(Setting::name);
    texts.add("a version", setting().update_all());
    texts.add(
        "nothing but keys",
        insert(Manufacturer).value(new!(Manufacturer { name: "m" })).on_conflict(Manufacturer::name).update_all(),
    );
    let all = select((Product::name, Product::year));
    let copied = insert(Archive).from_select((Archive::name, Archive::year), all).on_conflict(Archive::name);
    texts.add("of a query", copied.update(Archive::year.to(excluded(Archive::year))));
    let one = insert(Archive).set((Archive::name.to("a"), Archive::year.to(1)));
    texts.add("of values", one.on_conflict(Archive::name).update_all());
    texts.add_returning("returning", given().on_conflict(Product::name).update_all().returning(Product::id));
    texts.add_returning("ignore, returning", given().on_conflict(Product::name).ignore().returning(Product::id));
}

fn updates(texts: &mut Texts) {
    let later = || update(Product).set(Product::year.to(Product::year + 1));
    texts.add("all rows", later());
    texts.add("some rows", later().set(Product::cpu.to(None)).filter(Product::year.lt(1) | Product::cpu.eq("Z80")));
    let of_acorn = Product::manufacturer.has(Manufacturer::name.eq("Acorn"));
    texts.add("by a relationship", later().filter(of_acorn).filter(Product::id.gt(1)));
    texts.add("by a query", later().filter(Product::name.in_(select(Archive::name))));
    let archived = select(max(Archive::year)).filter(Archive::name.eq(Product::name)).scalar();
    texts.add("a value of the row's own query", update(Product).set(Product::year.to(archived.coalesce(0))));
    let years = select((Archive::name, Archive::year)).cte("years");
    let (name, year) = years.columns();
    let newest = select(max(&year)).from(&years).scalar().coalesce(0);
    let twice = update(Product).set(Product::year.to(newest)).filter(Product::name.in_(select(&name).from(&years)));
    texts.add("by a CTE that is read twice", twice);
    let newest = select(max(Product::year)).scalar().coalesce(0);
    texts.add(
        "from and by the same table",
        update(Product).set(Product::year.to(newest)).filter(Product::year.in_(select(max(Product::year).coalesce(0)))),
    );
    let same = alias(Product);
    let dearest = select(max(Product::year.of(same))).filter(Product::name.of(same).lt(Product::name)).scalar();
    texts.add(
        "a value of the row's own query of the same table",
        update(Product).set(Product::year.to(dearest.coalesce(0))),
    );
    let has_children = case().when(Node::children.is_empty(), "leaf").otherwise("inner");
    texts.add("a value of related rows of the same table", update(Node).set(Node::name.to(has_children)));
    texts.add("by the same tree", update(Node).set(Node::name.to("x")).filter(!Node::children.is_empty()));
    let others = alias(OrderItem);
    let dearer = exists(select(others).filter(OrderItem::unit_price.of(others).gt(OrderItem::unit_price)));
    texts
        .add("by the same table with a composite key", update(OrderItem).set(OrderItem::quantity.to(0)).filter(dearer));
    texts.add("a version", update(Setting).set(Setting::value.to("x")));
    texts.add("a version by hand", update(Setting).set((Setting::value.to("x"), Setting::version.to(7_i64))));
    texts.add("an on-update value", update(Job).set(Job::attempts.to(1)));
    let chain = (Job::attempts.to(Job::attempts + 1), Job::revision.to(Job::attempts));
    texts.add("values of each other", update(Job).set(chain));
    texts.add(
        "values of each other, in a circle",
        update(Job).set((Job::attempts.to(Job::revision), Job::revision.to(Job::attempts))),
    );
    texts.add_returning("returning", later().returning((Product::id, Product::year + 1)));
}

fn deletes(texts: &mut Texts) {
    texts.add("all rows", delete(Product));
    texts.add("some rows", delete(Product).filter(Product::year.between(1, 2)).filter(Product::cpu.is_null()));
    texts.add("by a relationship", delete(Manufacturer).filter(Manufacturer::products.is_empty()));
    let average = select(avg(Product::year)).scalar().coalesce(0.0);
    texts.add("by the same table", delete(Product).filter(Product::year.cast::<f64>().gt(average)));
    let names = select(Archive::name).cte("names");
    let name = names.columns();
    texts.add("by a CTE", delete(Product).filter(Product::name.in_(select(&name).from(&names))));
    texts.add_returning("returning", delete(Archive).filter(Archive::year.eq(1)).returning(Archive));
}

#[test]
fn of_every_dialect() {
    let dialects = [("sqlite", Dialect::Sqlite), ("postgres", Dialect::Postgres), ("mysql", Dialect::MySql)];
    let kinds = [("insert", inserts as fn(&mut Texts)), ("upsert", upserts), ("update", updates), ("delete", deletes)];
    for (dialect_name, dialect) in dialects {
        for (kind, add) in kinds {
            let mut texts = Texts { dialect, shown: String::new() };
            add(&mut texts);
            insta::assert_snapshot!(format!("{kind}_{dialect_name}"), texts.shown);
        }
    }
}
