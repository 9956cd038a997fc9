//! Queries: what they find, how often they ask, and what they do with what the session has.

use retro_core::prelude::*;
use retro_core::{Dialect, ErrorKind};

use crate::reading::{Country, Item, Manufacturer, Node, Order, Product, names, shops};

#[tokio::test]
async fn filters_orders_and_limits() {
    for shop in shops("filters").await {
        shop.fill().await;
        let mut session = shop.session();
        let old = session
            .all(
                select(Product)
                    .filter(Product::year.lt(1981) | !Product::cpu.contains("Z80"))
                    .order_by((Product::year.desc(), Product::name.asc()))
                    .limit(3)
                    .offset(1),
            )
            .await
            .unwrap();
        assert_eq!(names(&session, &old), ["VIC-20", "Atom", "ZX80"]);
        shop.log.expect(1);

        let mut query = select(Product).filter(Product::cpu.is_not_null()).order_by(Product::name);
        query = query.filter(Product::year.between(1980, 1981));
        let found = session.all(query.clone().filter(Product::cpu.ne("Z80"))).await.unwrap();
        assert_eq!(names(&session, &found), ["Atom", "VIC-20"]);
        let found = session.all(query.filter(Product::cpu.eq(Some("Z80".to_owned())))).await.unwrap();
        assert_eq!(names(&session, &found), ["ZX80", "ZX81"]);
        let found = session.all(select(Product).filter(Product::cpu.eq(None))).await.unwrap();
        assert_eq!(names(&session, &found), ["100%_case"]);
        let found = session.all(select(Product).order_by(Product::year).offset(6)).await.unwrap();
        assert_eq!(names(&session, &found), ["100%_case"]);
    }
}

#[tokio::test]
async fn text_is_escaped_in_patterns() {
    for shop in shops("patterns").await {
        shop.fill().await;
        let mut session = shop.session();
        let mut found = async |condition| {
            let found = session.all(select(Product::name).filter(condition).order_by(Product::name)).await;
            found.unwrap()
        };
        assert_eq!(found(Product::name.contains("%_")).await, ["100%_case"]);
        assert_eq!(found(Product::name.starts_with("1__")).await, [] as [&str; 0]);
        assert_eq!(found(Product::name.starts_with("ZX")).await, ["ZX80", "ZX81"]);
        assert_eq!(found(Product::name.ends_with("20")).await, ["VIC-20"]);
        assert_eq!(found(Product::name.like("Z_8%")).await, ["ZX80", "ZX81"]);
        assert_eq!(found(Product::name.ilike("pe%")).await, ["PET"]);
    }
}

#[tokio::test]
async fn tuples_aggregates_and_groups() {
    for shop in shops("groups").await {
        shop.fill().await;
        let mut session = shop.session();
        let total = sum(Item::quantity * Item::price).label("total");
        let best: Vec<(Entity<Order>, f64)> = session
            .all(
                select((Order, &total))
                    .join(Order::items)
                    .group_by(Order)
                    .having(total.gt(100.0))
                    .order_by(total.desc()),
            )
            .await
            .unwrap();
        let best: Vec<(&str, f64)> =
            best.iter().map(|&(order, total)| (session[order].customer.as_str(), total)).collect();
        assert_eq!(best, [("Ada", 470.0), ("Bob", 170.0)]);

        let counted = select((Manufacturer::name, count(Product), min(Product::year), max(Product::year)))
            .join(Manufacturer::products)
            .group_by((Manufacturer, Manufacturer::name))
            .order_by(Manufacturer::name);
        let rows = session.all(counted).await.unwrap();
        let row = |name: &str, count, min, max| (name.to_owned(), count, Some(min), Some(max));
        assert_eq!(
            rows,
            [row("Acorn", 1, 1980, 1980), row("Commodore", 3, 1977, 1982), row("Sinclair", 3, 1980, 1985)]
        );

        let none =
            session.one(select((sum(Item::quantity), avg(Item::price))).filter(Item::price.lt(0.0))).await.unwrap();
        assert_eq!(none, (0, None));
        assert_eq!(session.one(select(count_all()).from(Order)).await.unwrap(), 3);
        assert_eq!(session.one(select(count_distinct(Product::cpu))).await.unwrap(), 3);
        let average = session.one(select(avg(Product::year))).await.unwrap().unwrap();
        assert!((average - 1980.857).abs() < 0.001);

        // Division of whole numbers truncates, as in Rust, and a group by a calculation works.
        let decade = Product::year / 10;
        let rows = session.all(select((&decade, count_all())).group_by(&decade).order_by(&decade)).await.unwrap();
        assert_eq!(rows, [(197, 1), (198, 6)]);
    }
}

#[tokio::test]
async fn outer_joins_give_options() {
    for shop in shops("outer").await {
        shop.fill().await;
        let mut session = shop.session();
        let rows = session
            .all(
                select((Order::customer, Item.optional(), Item::quantity.nullable()))
                    .outer_join(Order::items)
                    .order_by((Order::id, Item::product_id)),
            )
            .await
            .unwrap();
        let rows: Vec<(&str, bool, Option<i32>)> =
            rows.iter().map(|(name, item, quantity)| (name.as_str(), item.is_some(), *quantity)).collect();
        assert_eq!(rows.len(), 4);
        assert_eq!(rows[3], ("Cyd", false, None));
        let error = session.all(select((Order, Item)).outer_join(Order::items)).await.unwrap_err();
        assert!(error.to_string().contains("`Item.optional()`"), "{error}");
        let error = session.all(select(Item::quantity).from(Order).outer_join(Order::items)).await.unwrap_err();
        assert!(error.to_string().contains("`.nullable()`"), "{error}");

        let fewest = min(Item::quantity).required();
        let by_order = select((Order::customer, &fewest)).group_by(Order).order_by(Order::id);
        let rows: Vec<(String, i32)> = session.all(by_order.clone().join(Order::items)).await.unwrap();
        assert_eq!(rows.len(), 2);
        let error = session.all(by_order.outer_join(Order::items)).await.unwrap_err();
        assert!(error.to_string().starts_with("value 2 of the selection cannot be read"), "{error}");
    }
}

#[tokio::test]
async fn one_row_is_one_entity() {
    for shop in shops("identity").await {
        shop.fill().await;
        let mut session = shop.session();
        let zx81 = session.one(select(Product).filter(Product::name.eq("ZX81"))).await.unwrap();
        let again = session.one(select(Product).filter(Product::id.eq(session[zx81].id))).await.unwrap();
        assert_eq!(zx81, again);

        let mut other = Session::new(&shop.engine);
        if shop.engine.status().max > 1 {
            let theirs = other.get::<Product>(session[zx81].id).await.unwrap().unwrap();
            other[theirs].year = 2000;
            session.rollback().await.unwrap();
            other.commit().await.unwrap();
            session.all(select(Product)).await.unwrap();
            assert_eq!(session[zx81].year, 1981, "a query does not overwrite what is loaded");
            session.all(select(Product).populate_existing()).await.unwrap();
            assert_eq!(session[zx81].year, 2000);
        }
        session[zx81].year = 1;
        let mut untouched = select(Product).populate_existing();
        untouched = untouched.filter(Product::name.eq("ZX81"));
        session.no_autoflush(async |session| session.all(untouched).await).await.unwrap();
        assert_ne!(session[zx81].year, 1, "populate_existing overwrites changes");
        assert!(!session.is_modified(zx81));
    }
}

#[tokio::test]
async fn expired_entities_are_read_anew_by_the_next_query() {
    for shop in shops("expired").await {
        shop.fill().await;
        let mut session = shop.session();
        let zx81 = session.one(select(Product).filter(Product::name.eq("ZX81"))).await.unwrap();
        session.expire(zx81).unwrap();
        session[zx81].cpu = Some("Z80A".into());
        session.no_autoflush(async |session| session.all(select(Product)).await).await.unwrap();
        assert!(!session.is_expired(zx81));
        assert_eq!(session[zx81].cpu.as_deref(), Some("Z80A"), "what was changed since stays");
        assert_eq!(session.history(zx81).len(), 1);
        session.commit().await.unwrap();
        let mut other = shop.session();
        let stored = other.one(select(Product::cpu).filter(Product::name.eq("ZX81"))).await.unwrap();
        assert_eq!(stored.as_deref(), Some("Z80A"));
    }
}

#[tokio::test]
async fn one_or_none_or_too_many() {
    for shop in shops("one").await {
        shop.fill().await;
        let mut session = shop.session();
        let named = |name: &str| select(Product).filter(Product::name.eq(name));
        assert!(session.one_or_none(named("ZX82")).await.unwrap().is_none());
        let error = session.one(named("ZX82")).await.unwrap_err();
        assert!(error.is_not_found());
        assert_eq!(error.model(), Some("Product"));
        let text = error.to_string();
        assert!(text.contains("no Product was found") && text.contains("FROM") && !text.contains("ZX82"), "{text}");
        let error = session.one(select(Product)).await.unwrap_err();
        assert!(error.is_multiple_found(), "{error}");
        assert!(session.one_or_none(select(Product)).await.unwrap_err().is_multiple_found());
        let first = session.first(select(Product::name).order_by(Product::year)).await.unwrap();
        assert_eq!(first.as_deref(), Some("PET"));
        assert!(session.first(named("ZX82")).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn counting_loads_nothing() {
    for shop in shops("count").await {
        shop.fill().await;
        let mut session = shop.session();
        assert_eq!(session.count(select(Product)).await.unwrap(), 7);
        assert_eq!(session.count(select(Product).order_by(Product::year).limit(5).offset(4)).await.unwrap(), 3);
        assert_eq!(session.count(select(Product::cpu).distinct()).await.unwrap(), 4);
        let grouped = select((Manufacturer, count(Product))).join(Manufacturer::products).group_by(Manufacturer);
        assert_eq!(session.count(grouped).await.unwrap(), 3);
        let joined = select(Product).join(Product::countries).distinct();
        assert_eq!(session.count(joined).await.unwrap(), 6);
        assert!(session.exists(select(Product).filter(Product::year.gt(1984))).await.unwrap());
        assert!(!session.exists(select(Product).filter(Product::year.gt(1985)).order_by(Product::name)).await.unwrap());
        assert!(session.known::<Product>().is_empty());
        shop.log.expect(7);
    }
}

#[tokio::test]
async fn get_asks_the_identity_map_first() {
    for shop in shops("get").await {
        shop.fill().await;
        let mut session = shop.session();
        let first = session.get::<Product>(1).await.unwrap().unwrap();
        shop.log.expect(1);
        assert_eq!(session.get::<Product>(1).await.unwrap(), Some(first));
        shop.log.expect(0);
        assert_eq!(session.get::<Product>(4711).await.unwrap(), None);
        let (order, product) = session
            .one(select((Item::order_id, Item::product_id)).order_by((Item::order_id, Item::product_id)).limit(1))
            .await
            .unwrap();
        let item = session.get::<Item>((order, product)).await.unwrap().unwrap();
        assert_eq!(session[item].order_id, order);
        shop.log.expect(3);

        let found = session.get_all::<Product>([3, 4711, 1, 2, 3]).await.unwrap();
        assert_eq!(
            found.iter().map(|e| e.map(|e| session[e].id)).collect::<Vec<_>>(),
            [Some(3), None, Some(1), Some(2), Some(3)]
        );
        shop.log.expect(1);

        let items: Vec<(i32, i32)> = session.all(select((Item::order_id, Item::product_id))).await.unwrap();
        let mut keys = items.clone();
        keys.push((4711, 1));
        let mut session = shop.session();
        let found = session.get_all::<Item>(keys).await.unwrap();
        let keys: Vec<_> =
            found.iter().map(|item| item.map(|item| (session[item].order_id, session[item].product_id))).collect();
        assert_eq!(keys, items.iter().copied().map(Some).chain([None]).collect::<Vec<_>>());
        shop.log.expect(1);

        let first = session.get::<Product>(1).await.unwrap().unwrap();
        session.expire(first).unwrap();
        assert_eq!(session.get::<Product>(1).await.unwrap(), Some(first));
        shop.log.expect(2);
    }
}

/// Behaviour 100: `test_expire.py::ExpireTest.test_rollback_undoes_expunge_from_deleted`.
#[tokio::test]
async fn get_of_an_expired_entity_whose_row_is_gone() {
    for shop in shops("gone").await {
        shop.fill().await;
        let mut session = shop.session();
        let country = session.one(select(Country).filter(Country::name.eq("USA"))).await.unwrap();
        let id = session[country].id;
        session.rollback().await.unwrap();
        let mut other = Session::new(&shop.engine);
        let theirs = other.get::<Country>(id).await.unwrap().unwrap();
        let products = other.load(theirs, Country::products).await.unwrap();
        for product in products {
            other.remove(theirs, Country::products, product);
        }
        other.delete(theirs);
        other.commit().await.unwrap();
        session.expire(country).unwrap();
        assert_eq!(session.get::<Country>(id).await.unwrap(), None);
        assert!(!session.contains(country) || session.state(country) == retro_core::session::State::Deleted);
        session.rollback().await.unwrap();
        assert!(session.contains(country));
    }
}

#[tokio::test]
async fn lists_of_any_length() {
    for shop in shops("lists").await {
        shop.fill().await;
        let mut session = shop.session();
        let long: Vec<i32> = (0..20_000).collect();
        assert_eq!(session.count(select(Product).filter(Product::id.in_(&long))).await.unwrap(), 7);
        assert_eq!(session.count(select(Product).filter(Product::id.in_([] as [i32; 0]))).await.unwrap(), 0);
        assert_eq!(session.count(select(Product).filter(!Product::id.in_([] as [i32; 0]))).await.unwrap(), 7);
        assert_eq!(session.count(select(Product).filter(Product::cpu.in_(["Z80", "6510"]))).await.unwrap(), 3);
        assert_eq!(session.count(select(Product).filter(!Product::name.in_(["ZX80", "ZX81"]))).await.unwrap(), 5);
        let column = session.count(select(Product).filter(Product::id.in_([Product::id, Product::year]))).await;
        assert_eq!(column.unwrap(), 7);
    }
}

#[tokio::test]
async fn a_list_may_be_of_any_length() {
    for shop in shops("long").await {
        shop.fill().await;
        let mut session = shop.session();
        let long: Vec<i32> = (2..70_000).collect();
        assert_eq!(session.count(select(Product).filter(Product::id.in_(long))).await.unwrap(), 6);
        let names = (0..70_000).map(|n| format!("ZX{n}"));
        let found = session.all(select(Product::name).filter(Product::name.in_(names)).order_by(Product::name)).await;
        assert_eq!(found.unwrap(), ["ZX80", "ZX81"]);
    }
}

#[tokio::test]
async fn conditions_on_relationships() {
    for shop in shops("exists").await {
        shop.fill().await;
        shop.plant().await;
        let mut session = shop.session();
        let mut found = async |condition| {
            let found = session.all(select(Product::name).filter(condition).order_by(Product::name)).await;
            found.unwrap()
        };
        assert_eq!(found(Product::manufacturer.has(Manufacturer::name.eq("Acorn"))).await, ["Atom"]);
        assert_eq!(found(Product::countries.any(Country::name.eq("Germany"))).await, ["Commodore 64", "VIC-20"]);
        assert_eq!(found(Product::countries.is_empty()).await, ["100%_case"]);
        let nested = Product::items.any(Item::order.has(Order::customer.eq("Ada") | Order::customer.eq("Bob")));
        assert_eq!(found(nested & Product::year.lt(1982)).await, ["Atom", "ZX81"]);
        let cross = Product::manufacturer.has(Manufacturer::products.any(Product::name.eq("Atom")));
        assert_eq!(found(cross).await, ["Atom"]);

        let parents = session
            .all(select(Node::name).filter(Node::children.any(Node::name.starts_with("a"))).order_by(Node::name))
            .await
            .unwrap();
        assert_eq!(parents, ["a", "root"]);
        let deep = Node::children.any(Node::children.any(Node::name.eq("a1")));
        assert_eq!(session.all(select(Node::name).filter(deep)).await.unwrap(), ["root"]);
        let orphans = session.all(select(Node::name).filter(Node::parent.is_none())).await.unwrap();
        assert_eq!(orphans, ["root"]);
    }
}

#[tokio::test]
async fn comparing_with_entities() {
    for shop in shops("entities").await {
        shop.fill().await;
        let mut session = shop.session();
        let maker = session.one(select(Manufacturer).filter(Manufacturer::name.eq("Sinclair"))).await.unwrap();
        let by_maker =
            session.all(select(Product::name).filter(Product::manufacturer.eq(maker)).order_by(Product::name));
        assert_eq!(by_maker.await.unwrap(), ["100%_case", "ZX80", "ZX81"]);
        assert_eq!(session.count(select(Product).filter(Product::manufacturer.ne(maker))).await.unwrap(), 4);
        let uk = session.one(select(Country).filter(Country::name.eq("UK"))).await.unwrap();
        let made = session.all(select(Product::name).filter(Product::countries.contains(uk)).order_by(Product::name));
        assert_eq!(made.await.unwrap(), ["Atom", "ZX80", "ZX81"]);
        let zx80 = session.one(select(Product).filter(Product::name.eq("ZX80"))).await.unwrap();
        let makers =
            session.all(select(Manufacturer::name).filter(Manufacturer::products.contains(zx80))).await.unwrap();
        assert_eq!(makers, ["Sinclair"]);

        let mut other = Session::new(&shop.engine);
        let error = other.all(select(Product).filter(Product::manufacturer.eq(maker))).await.unwrap_err();
        assert!(error.is_detached(), "{error}");
    }
}

/// Behaviour 98: `test_session.py::DeferredRelationshipExpressionTest.test_deferred_expression_unflushed`.
#[tokio::test]
async fn the_key_of_a_pending_entity_is_taken_after_the_autoflush() {
    for shop in shops("deferred").await {
        let mut session = shop.session();
        let maker = session.add(Manufacturer { name: "Oric".into(), ..Default::default() });
        let query = select(Product::name).filter(Product::manufacturer.eq(maker));
        session.push(maker, Manufacturer::products, Product { name: "Atmos".into(), year: 1984, ..Default::default() });
        assert_eq!(session.all(query.clone()).await.unwrap(), ["Atmos"]);

        let other = session.add(Manufacturer { name: "Tangerine".into(), ..Default::default() });
        let unknown = select(Product::name).filter(Product::manufacturer.eq(other));
        let error = session.no_autoflush(async |session| session.all(unknown).await).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidState, "{error}");
    }
}

#[tokio::test]
async fn a_query_flushes_only_what_it_reads() {
    for shop in shops("autoflush").await {
        shop.fill().await;
        let mut session = shop.session();
        let country = session.add(Country { name: "Japan".into(), ..Default::default() });
        session.all(select(Product)).await.unwrap();
        assert_eq!(session[country].id, 0, "products do not read countries");
        session.all(select(Product).filter(Product::countries.any(Country::name.eq("Japan")))).await.unwrap();
        assert_ne!(session[country].id, 0, "the condition does");
        let order = session.add(Order { customer: "Dee".into(), ..Default::default() });
        session.all(select(Item).options(joined(Item::order))).await.unwrap();
        assert_ne!(session[order].id, 0, "what is loaded with the query counts");
    }
}

#[tokio::test]
async fn queries_that_make_no_sense_say_why() {
    let shop = &shops("mistakes").await[0];
    let mut session = shop.session();
    let mut error = async |query: Select<Entity<Product>>| session.all(query).await.unwrap_err();
    let unread = error(select(Product).filter(Manufacturer::name.eq("Acorn"))).await;
    assert!(unread.is_configuration());
    assert_eq!(unread.model(), Some("Manufacturer"));
    assert!(unread.to_string().contains("the query names Manufacturer, which it does not read"), "{unread}");
    let twice = error(select(Product).join(Product::manufacturer).join(Product::manufacturer)).await;
    assert!(twice.to_string().contains("Manufacturer twice"), "{twice}");
    let early = error(select(Product).join(Item::order).join(Product::items)).await;
    assert!(early.is_configuration(), "{early}");
    let unselected = error(select(Product).options(joined(Item::order))).await;
    assert!(unselected.to_string().contains("does not select Item"), "{unselected}");
}

#[test]
fn the_text_in_each_dialect() {
    let query = select((Product, Manufacturer::name))
        .join(Product::manufacturer)
        .filter((Product::year.ge(1980) & Product::id.in_([1, 2])) | Product::name.contains("x"))
        .filter(Product::countries.any(Country::name.eq("UK")))
        .order_by((Product::year.desc(), Manufacturer::name.asc().nulls_last()))
        .limit(5);
    let columns = r#"SELECT "products"."id", "products"."name", "products"."year", "products"."cpu", "products"."manufacturer_id", "manufacturers"."name" FROM "products" INNER JOIN "manufacturers" ON "products"."manufacturer_id" = "manufacturers"."id""#;
    let exists = r#"EXISTS(SELECT 1 FROM "countries" INNER JOIN "products_countries" ON "products_countries"."country_id" = "countries"."id" WHERE "products_countries"."product_id" = "products"."id" AND "countries"."name" = ?)"#;
    let sqlite = format!(
        r#"{columns} WHERE (("products"."year" >= ? AND "products"."id" IN (?, ?)) OR "products"."name" LIKE ? ESCAPE '!') AND {exists} ORDER BY "products"."year" DESC, "manufacturers"."name" ASC NULLS LAST LIMIT ?"#
    );
    let postgres = format!(
        r#"{columns} WHERE (("products"."year" >= $1 AND "products"."id" = ANY($2)) OR "products"."name" LIKE $3 ESCAPE '!') AND {} ORDER BY "products"."year" DESC, "manufacturers"."name" ASC NULLS LAST LIMIT $5"#,
        exists.replace('?', "$4")
    );
    let mysql = sqlite
        .replace(
            r#""manufacturers"."name" ASC NULLS LAST"#,
            r#""manufacturers"."name" IS NULL ASC, "manufacturers"."name" ASC"#,
        )
        .replace('"', "`");
    for (dialect, text) in [(Dialect::Sqlite, sqlite), (Dialect::Postgres, postgres), (Dialect::MySql, mysql)] {
        assert_eq!(query.to_sql(dialect).unwrap(), text, "{dialect}");
    }
}

/// The database finds what it calculated already by its label; unless another column has that name
/// too, and not within an expression, where labels cannot be named.
#[tokio::test]
async fn what_is_selected_with_a_label_orders_by_it() {
    for shop in shops("labels").await {
        shop.fill().await;
        let dialect = shop.engine.dialect();
        let total = sum(Item::quantity * Item::price).label("total");
        let query = select((Order::customer, &total)).join(Order::items).group_by(Order);
        let order = |sql: String| sql.split_once(" ORDER BY ").unwrap().1.replace(['"', '`'], "");

        let labelled = query.clone().order_by((total.desc(), Order::customer));
        assert_eq!(order(labelled.to_sql(dialect).unwrap()), "total DESC, orders.customer ASC");
        let nulls = query.clone().order_by(total.desc().nulls_last());
        let rows = [("Ada".to_owned(), 470.0), ("Bob".to_owned(), 170.0)];
        assert_eq!(shop.session().all(labelled).await.unwrap(), rows);
        assert_eq!(shop.session().all(nulls).await.unwrap(), rows);

        let customer = Order::customer.lower().label("CUSTOMER");
        let two = select((Order::customer, &customer)).order_by(customer.desc()).limit(1);
        assert_eq!(order(two.to_sql(Dialect::Sqlite).unwrap()), "LOWER(orders.customer) DESC LIMIT ?");
        assert_eq!(shop.session().one(two).await.unwrap().1, "cyd");
        let entity = select((Order, &customer)).order_by(customer.desc()).limit(1);
        assert_eq!(shop.session().one(entity).await.unwrap().1, "cyd");
    }
}

#[test]
fn parentheses_follow_the_expression() {
    let text = |condition| {
        let sql = select(Product::id).filter(condition).to_sql(Dialect::Sqlite).unwrap();
        sql.split_once(" WHERE ").unwrap().1.replace(r#""products"."#, "").replace('"', "")
    };
    let (a, b, c) = (Product::id.eq(1), Product::year.eq(2), Product::name.eq("c"));
    assert_eq!(text(a.clone() & b.clone() & c.clone()), "id = ? AND year = ? AND name = ?");
    assert_eq!(text(a.clone() & (b.clone() | c.clone())), "id = ? AND (year = ? OR name = ?)");
    assert_eq!(text((a.clone() | b.clone()) & c.clone()), "(id = ? OR year = ?) AND name = ?");
    assert_eq!(text(!(a.clone() & b.clone()) | c), "(NOT (id = ? AND year = ?)) OR name = ?");
    assert_eq!(text((Product::year - (Product::id - 1)).eq(0)), "year - (id - ?) = ?");
    assert_eq!(text(((Product::year + 1) * 2).gt(Product::id)), "(year + ?) * ? > id");
    assert_eq!(text((Product::year / (Product::id * 2)).lt(lit(5))), "(year / (id * ?)) < ?");
    assert_eq!(text(!Product::year.between(1, 2)), "NOT (year BETWEEN ? AND ?)");
    assert_eq!(text(!Product::name.in_(["x"]) & !b.clone()), "(NOT name IN (?)) AND (NOT year = ?)");

    let ordered = select(Product::id).order_by((a | b).asc().nulls_first()).to_sql(Dialect::MySql).unwrap();
    let (_, order) = ordered.split_once(" ORDER BY ").unwrap();
    let or = "(`products`.`id` = ? OR `products`.`year` = ?)";
    assert_eq!(order, format!("{or} IS NULL DESC, {or} ASC"));
}
