//! Unions, intersections and differences.

use retro_core::prelude::*;
use retro_tests::models::shop::{Article, Country, Customer, Manufacturer, Order, OrderItem, Product};

use super::on_shop;

fn row<T>(name: &str, value: T) -> (String, T) {
    (name.to_owned(), value)
}

#[tokio::test]
async fn unions() {
    on_shop("unions", async |forms| {
        let of_6502 = || select(Product::name).filter(Product::cpu.eq("6502"));
        let of_1980 = || select(Product::name).filter(Product::year.eq(1980));
        forms
            .rows("union", of_6502().union(of_1980()).order_by(Product::name), ["Atom", "PET", "VIC-20", "ZX80"])
            .await;
        forms
            .rows(
                "union_all",
                of_6502().union_all(of_1980()).order_by(Product::name),
                ["Atom", "Atom", "PET", "VIC-20", "ZX80"],
            )
            .await;
        forms.rows("intersect", of_6502().intersect(of_1980()).order_by(Product::name), ["Atom"]).await;
        forms.rows("except", of_6502().except(of_1980()).order_by(Product::name), ["PET", "VIC-20"]).await;
        let other = select(Customer::name).union(select(Manufacturer::name).filter(Manufacturer::id.lt(3)));
        forms
            .rows("of other models", other.order_by(Customer::name.desc()), ["Cyd", "Commodore", "Bob", "Ada", "Acorn"])
            .await;
        let three = of_6502().union(of_1980()).union(select(Country::name).filter(Country::id.eq(1)));
        forms.rows("three", three.order_by(Product::name).limit(2).offset(3), ["VIC-20", "ZX80"]).await;
        forms
            .rows(
                "union, then except",
                of_6502()
                    .union(of_1980())
                    .except(select(Product::name).filter(Product::name.like("Z%")))
                    .order_by(Product::name),
                ["Atom", "PET", "VIC-20"],
            )
            .await;
        let within = of_6502().except(of_1980().union_all(select(Product::name).filter(Product::name.eq("PET"))));
        forms.rows("a union within a difference", within.order_by(Product::name), ["VIC-20"]).await;
        let mixed = of_6502().union(of_1980().intersect(of_6502()));
        forms.rows("an intersection within a union", mixed.order_by(Product::name), ["Atom", "PET", "VIC-20"]).await;
        let limited = of_1980().order_by(Product::name).union_all(of_6502());
        forms.refused("an ordered first part", limited, "cannot be the first part of a union").await;
        let limited = of_1980().union_all(of_6502().order_by(Product::name.desc()).limit(1)).order_by(Product::name);
        forms.rows("a limited part", limited, ["Atom", "VIC-20", "ZX80"]).await;
        let late = of_6502().union(of_1980()).intersect(of_1980());
        forms.refused("an intersection after a union", late, "cannot be the first part of a union").await;
        let typed = select((Product::name, Product::cpu)).union(select((Manufacturer::name, lit(None::<String>))));
        forms.rows("of nullable columns", typed.order_by(Product::name).limit(1), [("Acorn".to_owned(), None)]).await;
        let pets = select(Product::name).filter(Product::name.eq("PET")).distinct();
        forms
            .rows(
                "of distinct and grouped parts",
                pets.union_all(
                    select(Country::name).group_by(Country::name).having(count_all().gt(0)).filter(Country::id.gt(3)),
                )
                .order_by(Product::name),
                ["Japan", "PET"],
            )
            .await;
    })
    .await;
}

#[tokio::test]
async fn union_orders() {
    on_shop("union_orders", async |forms| {
        let cpus = || select(Product::cpu).union(select(Customer::phone));
        let cpu = |text: &str| Some(text.to_owned());
        forms
            .rows(
                "NULL first",
                cpus().order_by(Product::cpu.asc().nulls_first()),
                [None, cpu("1"), cpu("6502"), cpu("6510"), cpu("Z80")],
            )
            .await;
        forms
            .rows(
                "NULL last",
                cpus().order_by(Product::cpu.asc().nulls_last()),
                [cpu("1"), cpu("6502"), cpu("6510"), cpu("Z80"), None],
            )
            .await;
        forms
            .rows(
                "NULL last, descending",
                cpus().order_by(Product::cpu.desc().nulls_last()),
                [cpu("Z80"), cpu("6510"), cpu("6502"), cpu("1"), None],
            )
            .await;
        let decade = (Product::year / 10).label("decade");
        let labelled = select((Product::name, &decade))
            .filter(Product::id.le(3))
            .union(select((Manufacturer::name, lit(1))).filter(Manufacturer::id.eq(1)));
        forms
            .rows(
                "by a label",
                labelled.order_by((decade.desc(), Product::name)),
                [row("Atom", 198), row("C64", 198), row("PET", 197), row("Acorn", 1)],
            )
            .await;
        let length = Product::name.length();
        let by_expression = select((Product::name, &length))
            .filter(Product::id.le(3))
            .union(select((Manufacturer::name, lit(1))).filter(Manufacturer::id.eq(1)));
        forms
            .rows(
                "by an expression",
                by_expression.clone().order_by((&length, Product::name)),
                [row("Acorn", 1), row("C64", 3), row("PET", 3), row("Atom", 4)],
            )
            .await;
        let maybe = Product::cpu.null_if("6502");
        let with_null = select((Product::name, &maybe))
            .filter(Product::id.le(3))
            .union(select((Manufacturer::name, lit(None::<String>))).filter(Manufacturer::id.eq(1)));
        forms
            .rows(
                "by an expression, NULL last",
                with_null.clone().order_by((maybe.asc().nulls_last(), Product::name)),
                [("C64", Some("6510")), ("Acorn", None), ("Atom", None), ("PET", None)]
                    .map(|(a, b)| (a.to_owned(), b.map(str::to_owned))),
            )
            .await;
        forms
            .rows(
                "by an expression, NULL first",
                with_null.order_by((maybe.desc().nulls_first(), Product::name.desc())),
                [("PET", None), ("Atom", None), ("Acorn", None), ("C64", Some("6510"))]
                    .map(|(a, b)| (a.to_owned(), b.map(str::to_owned))),
            )
            .await;
        let two_names = select((Product::name, Manufacturer::name))
            .join(Product::manufacturer)
            .filter(Product::id.lt(3))
            .union(select((Country::name, lit("A"))).filter(Country::id.eq(1)));
        let pairs = [("UK", "A"), ("Atom", "Acorn"), ("C64", "Commodore")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        forms.rows("by one of two columns of one name", two_names.order_by(Manufacturer::name), pairs).await;
        forms
            .rows(
                "limited",
                select(Product::name).union(select(Country::name)).order_by(Product::name.desc()).limit(2).offset(1),
                ["ZX80", "VIC-20"],
            )
            .await;
        forms
            .refused(
                "by what is not selected",
                select(Product::name).union(select(Country::name)).order_by(Product::year),
                "can only be ordered by what its first part selects",
            )
            .await;
        forms
            .refused(
                "by a column of the second part",
                select(Product::name).union(select(Country::name)).order_by(Country::name),
                "can only be ordered by what its first part selects",
            )
            .await;
    })
    .await;
}

#[tokio::test]
async fn unions_of_entities() {
    on_shop("unions_of_entities", async |forms| {
        let old = || select(Product).filter(Product::year.lt(1980));
        let of_z80 = || select(Product).filter(Product::cpu.eq("Z80"));
        forms.products("ordered", old().union(of_z80()).order_by(Product::name.desc()), ["ZX81", "ZX80", "PET"]).await;
        forms
            .products(
                "limited",
                old().union(of_z80()).order_by((Product::year.desc(), Product::id)).limit(2),
                ["ZX81", "ZX80"],
            )
            .await;
        let by_cpu = old().union(of_z80()).union(select(Product).filter(Product::cpu.is_null()));
        forms
            .products(
                "ordered by NULL",
                by_cpu.order_by((Product::cpu.asc().nulls_first(), Product::id)),
                ["QL", "PET", "ZX80", "ZX81"],
            )
            .await;
        let loaded = old()
            .union(of_z80())
            .order_by(Product::id)
            .options((joined(Product::manufacturer), selectin(Product::countries)));
        forms.products("with loaders", loaded.clone(), ["PET", "ZX80", "ZX81"]).await;
        let found = forms.session.all(loaded).await.unwrap();
        forms.db.log.clear();
        let makers: Vec<String> = forms
            .session
            .views(&found)
            .map(|view| format!("{} {}", view.manufacturer().name(), view.countries().count()))
            .collect();
        assert_eq!(makers, ["Commodore 1", "Sinclair 1", "Sinclair 1"]);
        assert!(forms.db.log.take_all().is_empty());
        let mut session = forms.db.session();
        let second = old().union(of_z80().options(selectin(Product::manufacturer)));
        let found = session.all(second).await.unwrap();
        let loaded = session.views(&found).filter(|view| view.try_rel(Product::manufacturer).is_ok()).count();
        assert_eq!(loaded, 3, "an option of the second part counts");
        let subquery = old().union(of_z80()).options(retro_core::prelude::subquery(Product::countries));
        forms.products("with a subquery loader", subquery.order_by(Product::id), ["PET", "ZX80", "ZX81"]).await;

        let with_value = select((Product, lit("old").label("tag")))
            .filter(Product::year.lt(1980))
            .union_all(select((Product, lit("new"))).filter(Product::year.gt(1983)));
        forms.rows("an entity and a value", with_value.order_by(Product::id).map(|(_, tag)| tag), ["old", "new"]).await;
        let both = select((Product, Manufacturer))
            .join(Product::manufacturer)
            .filter(Product::id.eq(1))
            .union(select((Product, Manufacturer)).join(Product::manufacturer).filter(Product::id.eq(7)));
        let both = both.order_by(Manufacturer::name.desc());
        forms.write("two entities", &both);
        let found = forms.session.all(both.clone()).await.unwrap();
        let names: Vec<_> =
            found.iter().map(|&(p, m)| (forms.session[p].name.clone(), forms.session[m].name.clone())).collect();
        assert_eq!(names, [("QL", "Sinclair"), ("Atom", "Acorn")].map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert_eq!(forms.session.count(both).await.unwrap(), 2);
        assert_eq!(forms.session.count(old().union(of_z80())).await.unwrap(), 3);
        assert!(forms.session.exists(old().intersect(select(Product).filter(Product::id.eq(3)))).await.unwrap());
        assert!(!forms.session.exists(old().intersect(of_z80())).await.unwrap());
        let first = forms.session.first(old().union(of_z80()).order_by(Product::name.desc())).await.unwrap().unwrap();
        assert_eq!(forms.session[first].name, "ZX81");
        let one = forms.session.one(old().intersect(select(Product))).await.unwrap();
        assert_eq!(forms.session[one].name, "PET");
    })
    .await;
}

#[tokio::test]
async fn unions_within_queries() {
    on_shop("unions_within_queries", async |forms| {
        let names = select((Product::id, Product::name)).union(select((Country::id, Country::name))).subquery("names");
        let (id, name) = names.columns();
        forms.rows("in FROM", select(&name).from(&names).filter(id.eq(2)).order_by(&name), ["C64", "USA"]).await;
        let entities =
            select(Product).filter(Product::id.eq(1)).union(select(Product).filter(Product::id.eq(7))).subquery("some");
        let product = entities.columns();
        forms
            .products(
                "entities in FROM",
                select(product).from(&entities).order_by(Product::id.of(product)),
                ["Atom", "QL"],
            )
            .await;
        let keys = select(OrderItem::product_id).union(select(Article::product_id.coalesce(0)));
        forms.products("in IN", select(Product).filter(!Product::id.in_(keys)), ["VIC-20", "QL"]).await;
        let any = select(Order::id)
            .filter(Order::customer_id.eq(Customer::id))
            .union_all(select(Product::id).filter(Product::id.eq(Customer::id + 6)));
        forms
            .rows(
                "correlated, in EXISTS",
                select(Customer::name).filter(exists(any)).order_by(Customer::name),
                ["Ada", "Bob"],
            )
            .await;
        let grouped = select((&name, count_all())).from(&names).group_by(&name).order_by(&name).limit(1);
        forms.rows("grouped from outside", grouped, [row("Atom", 1)]).await;
        let limited =
            select(Product::name).union(select(Country::name)).order_by(Product::name).limit(3).subquery("first");
        let name = limited.columns();
        forms
            .rows(
                "limited in FROM",
                select(&name).from(&limited).order_by(name.desc()),
                ["Japan", "Germany", "C64", "Atom"][1..].iter().map(|s| s.to_string()).collect::<Vec<_>>(),
            )
            .await;
    })
    .await;
}
