//! Joins: along relationships and on conditions, of every kind.

use retro_core::prelude::*;
use retro_tests::Capability::FullJoin;
use retro_tests::models::shop::{Article, Country, Customer, Manufacturer, Order, OrderItem, Product};

use super::on_shop;

const NO_FULL_JOIN: &str = "has no FULL JOIN";

fn pair(a: &str, b: &str) -> (String, String) {
    (a.to_owned(), b.to_owned())
}

/// `-` stands for what is missing.
fn maybe(a: &str, b: &str) -> (Option<String>, Option<String>) {
    let text = |text: &str| (text != "-").then(|| text.to_owned());
    (text(a), text(b))
}

#[tokio::test]
async fn inner_joins() {
    on_shop("inner_joins", async |forms| {
        let by_maker = select((Product::name, Manufacturer::name)).from(Product).join(Product::manufacturer);
        forms.rows("to one", by_maker.clone().filter(Product::year.lt(1980)), [pair("PET", "Commodore")]).await;
        forms
            .rows(
                "to one, ordered by the other",
                by_maker.order_by((Manufacturer::name.desc(), Product::name)).limit(1),
                [pair("QL", "Sinclair")],
            )
            .await;
        let to_many = select((Manufacturer::name, Product::name)).from(Manufacturer).join(Manufacturer::products);
        forms
            .rows(
                "to many",
                to_many.filter(Product::year.gt(1981)).order_by(Product::year),
                [pair("Commodore", "C64"), pair("Sinclair", "QL")],
            )
            .await;
        let many_to_many = select((Country::name, Product::name)).from(Product).join(Product::countries);
        forms
            .rows(
                "many to many",
                many_to_many.filter(Product::name.eq("C64")).order_by(Country::name),
                [pair("Germany", "C64"), pair("USA", "C64")],
            )
            .await;
        let path = select((Customer::name, Product::name))
            .from(Customer)
            .join(Customer::orders)
            .join(Order::items)
            .join(OrderItem::product)
            .join(Product::manufacturer)
            .filter(Manufacturer::name.eq("Commodore"))
            .order_by(Product::name);
        forms.rows("a path", path, [pair("Ada", "C64"), pair("Ada", "PET")]).await;
        let optional =
            select((Order::number, Customer::name)).from(Order).join(Order::customer).order_by(Order::number);
        forms
            .rows("to one that may be missing", optional, [pair("A1", "Ada"), pair("A2", "Ada"), pair("B1", "Bob")])
            .await;
        let and = select(Manufacturer::name).join(Manufacturer::products.and(Product::year.gt(1983)));
        forms.rows("and a condition", and, ["Sinclair"]).await;
        let on = select((Product::name, Customer::name))
            .from(Product)
            .join_on(Customer, Customer::id.eq(Product::id) & Product::year.gt(1980));
        forms.rows("on a condition", on, [pair("C64", "Bob")]).await;
        let entities = select((Manufacturer, Product)).join(Manufacturer::products).filter(Product::name.eq("QL"));
        forms.one("entities of both sides", entities.map(|_| ()), ()).await;
        let crossed = select((Manufacturer::name, Country::name))
            .from(Manufacturer)
            .cross_join(Country)
            .filter(Manufacturer::id.le(2) & Country::id.le(2))
            .order_by((Manufacturer::id, Country::id));
        let pairs = [pair("Acorn", "UK"), pair("Acorn", "USA"), pair("Commodore", "UK"), pair("Commodore", "USA")];
        forms.rows("a cross join", crossed, pairs.clone()).await;
        let both = select((Manufacturer::name, Country::name))
            .filter(Manufacturer::id.le(2) & Country::id.le(2))
            .order_by((Manufacturer::id, Country::id));
        forms.rows("what is selected and not joined", both, pairs).await;
        let mixed = select((Manufacturer::name, Product::name))
            .from(Country)
            .from(Manufacturer)
            .join(Manufacturer::products)
            .filter(Product::name.eq("QL") & Country::id.eq(4));
        forms.rows("a join beside another table", mixed, [pair("Sinclair", "QL")]).await;
    })
    .await;
}

#[tokio::test]
async fn outer_joins() {
    on_shop("outer_joins", async |forms| {
        let makers = select((Manufacturer::name.nullable(), Product::name.nullable()))
            .from(Manufacturer)
            .outer_join(Manufacturer::products)
            .filter(Manufacturer::name.gt("P") | Product::name.is_null())
            .order_by((Manufacturer::name, Product::name));
        forms
            .rows(
                "left",
                makers,
                [maybe("Oric", "-"), maybe("Sinclair", "QL"), maybe("Sinclair", "ZX80"), maybe("Sinclair", "ZX81")],
            )
            .await;
        let orders = select((Order::number.nullable(), Customer::name.nullable()))
            .from(Order)
            .outer_join(Order::customer)
            .order_by(Order::number);
        forms
            .rows(
                "left, to one",
                orders,
                [maybe("A1", "Ada"), maybe("A2", "Ada"), maybe("B1", "Bob"), maybe("X1", "-")],
            )
            .await;
        let orders = select((Order::number.nullable(), Customer::name.nullable()))
            .from(Order)
            .right_join(Order::customer)
            .order_by((Customer::name, Order::number));
        forms
            .rows("right", orders, [maybe("A1", "Ada"), maybe("A2", "Ada"), maybe("B1", "Bob"), maybe("-", "Cyd")])
            .await;
        let full = select((Order::number.nullable(), Customer::name.nullable()))
            .from(Order)
            .full_join(Order::customer)
            .order_by((Customer::name.asc().nulls_last(), Order::number));
        let pairs = [maybe("A1", "Ada"), maybe("A2", "Ada"), maybe("B1", "Bob"), maybe("-", "Cyd"), maybe("X1", "-")];
        forms.rows_if(FullJoin, "full", full, pairs, NO_FULL_JOIN).await;

        let countries = select((Product::name.nullable(), Country::name.nullable()))
            .from(Product)
            .outer_join(Product::countries)
            .filter(Product::id.gt(5))
            .order_by(Product::name);
        forms.rows("left, many to many", countries, [maybe("QL", "-"), maybe("ZX81", "UK")]).await;
        let countries = select((Product::name.nullable(), Country::name.nullable()))
            .from(Product)
            .right_join(Product::countries)
            .filter(Country::name.ne("UK"))
            .order_by((Country::name, Product::name));
        let made = [
            maybe("C64", "Germany"),
            maybe("VIC-20", "Germany"),
            maybe("-", "Japan"),
            maybe("C64", "USA"),
            maybe("PET", "USA"),
            maybe("VIC-20", "USA"),
        ];
        forms.rows("right, many to many", countries, made).await;
        let countries = select((Product::name.nullable(), Country::name.nullable()))
            .from(Product)
            .full_join(Product::countries)
            .filter(Country::name.eq("Japan") | Country::name.is_null())
            .order_by(Product::name.asc().nulls_last());
        forms
            .rows_if(FullJoin, "full, many to many", countries, [maybe("QL", "-"), maybe("-", "Japan")], NO_FULL_JOIN)
            .await;

        let recent = select((Manufacturer::name.nullable(), Product::name.nullable()))
            .from(Manufacturer)
            .outer_join(Manufacturer::products.and(Product::year.gt(1981)))
            .order_by(Manufacturer::name);
        forms
            .rows(
                "left, and a condition",
                recent,
                [maybe("Acorn", "-"), maybe("Commodore", "C64"), maybe("Oric", "-"), maybe("Sinclair", "QL")],
            )
            .await;
        let british = select((Product::name.nullable(), Country::name.nullable()))
            .from(Product)
            .outer_join(Product::countries.and(Country::name.eq("Germany")))
            .filter(Product::id.between(2, 5))
            .order_by(Product::id);
        forms
            .rows(
                "left, many to many, and a condition",
                british,
                [maybe("C64", "Germany"), maybe("PET", "-"), maybe("VIC-20", "Germany"), maybe("ZX80", "-")],
            )
            .await;
        let british = select((Product::name, count(Country)))
            .outer_join(Product::countries.and(Country::name.ne("USA")).and(Country::id.gt(0)))
            .group_by(Product)
            .filter(Product::id.between(2, 5))
            .order_by(Product::id);
        let counts = [("C64", 1), ("PET", 0), ("VIC-20", 1), ("ZX80", 1)].map(|(name, n)| (name.to_owned(), n));
        forms.rows("left, many to many, two conditions, counted", british, counts).await;

        let articles = select((Product::name.nullable(), Article::title.nullable()))
            .from(Product)
            .outer_join_on(Article, Article::product_id.eq(Product::id) & Article::translation_of_id.is_null())
            .filter(Product::id.le(3))
            .order_by(Product::id);
        forms
            .rows("left, on a condition", articles, [maybe("Atom", "-"), maybe("C64", "The 64"), maybe("PET", "-")])
            .await;
        let articles = select((Product::name.nullable(), Article::title.nullable()))
            .from(Product)
            .right_join_on(Article, Article::product_id.eq(Product::id))
            .order_by(Article::id);
        forms
            .rows(
                "right, on a condition",
                articles,
                [
                    maybe("C64", "The 64"),
                    maybe("-", "On Forth"),
                    maybe("C64", "Der 64er"),
                    maybe("-", "Le 64"),
                    maybe("-", "Forth"),
                ],
            )
            .await;
        let articles = select((Product::name.nullable(), Article::title.nullable()))
            .from(Product)
            .full_join_on(Article, Article::product_id.eq(Product::id))
            .filter(Product::id.is_null() | Product::id.le(2))
            .order_by((Article::id.asc().nulls_first(), Product::id));
        let pairs = [
            maybe("Atom", "-"),
            maybe("C64", "The 64"),
            maybe("-", "On Forth"),
            maybe("C64", "Der 64er"),
            maybe("-", "Le 64"),
            maybe("-", "Forth"),
        ];
        forms.rows_if(FullJoin, "full, on a condition", articles, pairs, NO_FULL_JOIN).await;

        let deep = select((Customer::name, count(OrderItem::product_id)))
            .outer_join(Customer::orders)
            .outer_join(Order::items)
            .group_by(Customer)
            .order_by(Customer::name);
        forms
            .rows("two in a row", deep, [("Ada", 3), ("Bob", 1), ("Cyd", 0)].map(|(name, n)| (name.to_owned(), n)))
            .await;
    })
    .await;
}

/// What is loaded with a joined query does not disturb its joins.
#[tokio::test]
async fn joins_and_loaders() {
    on_shop("joins_and_loaders", async |forms| {
        let query = select(Product)
            .join(Product::manufacturer)
            .filter(Manufacturer::name.eq("Sinclair"))
            .order_by(Product::name)
            .options((joined(Product::manufacturer), selectin(Product::countries)));
        forms.products("the same relationship joined and loaded", query.clone(), ["QL", "ZX80", "ZX81"]).await;
        let found = forms.session.all(query).await.unwrap();
        forms.db.log.clear();
        let views = forms.session.views(&found);
        let texts: Vec<String> =
            views.map(|view| format!("{} {}", view.manufacturer().name(), view.countries().count())).collect();
        assert_eq!(texts, ["Sinclair 0", "Sinclair 1", "Sinclair 1"]);
        assert!(forms.db.log.take_all().is_empty());
        let other = alias(Product);
        let of_alias = select(other)
            .filter(Product::id.of(other).eq(2))
            .options(joined(Product::manufacturer.then(Manufacturer::products)));
        forms.products("joined to an alias", of_alias, ["C64"]).await;
    })
    .await;
}
