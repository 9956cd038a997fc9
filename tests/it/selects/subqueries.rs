//! Queries within queries.

use retro_core::prelude::*;
use retro_tests::Capability::Lateral;
use retro_tests::models::shop::{Article, Country, Customer, Manufacturer, Order, OrderItem, Product};

use super::on_shop;

const NO_LATERAL: &str = "has no LATERAL";

fn row<T>(name: &str, value: T) -> (String, T) {
    (name.to_owned(), value)
}

#[tokio::test]
async fn subqueries_in_from() {
    on_shop("subqueries_in_from", async |forms| {
        let totals = select((OrderItem::order_id, sum(OrderItem::quantity * OrderItem::unit_price)))
            .group_by(OrderItem::order_id)
            .subquery("totals");
        let (order_id, total) = totals.columns();
        let large = select((&order_id, &total)).from(&totals).filter(total.gt(160.0)).order_by(total.desc());
        forms.rows("filtered and ordered", large, [(2, 500.0), (1, 470.0), (3, 170.0)]).await;
        let by_number = select((Order::number, &total))
            .join_on(&totals, Order::id.eq(&order_id))
            .from(Order)
            .order_by(Order::number);
        forms.rows("joined", by_number, [row("A1", 470.0), row("A2", 500.0), row("B1", 170.0), row("X1", 150.0)]).await;
        let per_customer = select((Customer::name, sum(&total)))
            .outer_join(Customer::orders)
            .outer_join_on(&totals, Order::id.eq(&order_id))
            .group_by(Customer)
            .order_by(Customer::name);
        forms
            .rows("joined outside and summed", per_customer, [row("Ada", 970.0), row("Bob", 170.0), row("Cyd", 0.0)])
            .await;
        let average = select(avg(&total)).from(&totals);
        forms.one("an aggregate of aggregates", average, Some(322.5)).await;
        let other = totals.alias();
        let (other_id, other_total) = other.columns();
        let pairs = select((&order_id, &other_id))
            .from(&totals)
            .join_on(&other, other_total.lt(total.clone() - 300.0))
            .order_by((&order_id, &other_id));
        forms.rows("read twice", pairs, [(1, 4), (2, 3), (2, 4)]).await;

        let newest = select(Product).order_by((Product::year.desc(), Product::id)).limit(3).subquery("newest");
        let product = newest.columns();
        let entities = select(product).from(&newest).order_by(Product::name.of(product));
        forms.products("entities", entities, ["C64", "QL", "VIC-20"]).await;
        let with_maker = select((Product::name.of(product), Manufacturer::name))
            .from(&newest)
            .join(Product::manufacturer.of(product))
            .filter(Product::year.of(product).lt(1984))
            .order_by(Product::name.of(product));
        forms
            .rows(
                "a relationship of its entities",
                with_maker,
                [row("C64", "Commodore".to_owned()), row("VIC-20", "Commodore".to_owned())],
            )
            .await;
        let counted = select((product, count(OrderItem::order_id)))
            .from(&newest)
            .outer_join_on(OrderItem, OrderItem::product_id.eq(Product::id.of(product)))
            .group_by(product)
            .order_by(Product::name.of(product));
        forms.rows("grouped by its entities", counted.map(|(_, n)| n), [1, 0, 0]).await;
        let loaded = select(product)
            .from(&newest)
            .options((joined(Product::manufacturer), selectin(Product::countries)))
            .order_by(Product::id.of(product));
        forms.products("entities with loaders", loaded, ["C64", "VIC-20", "QL"]).await;
        let made = select((Product, Manufacturer::name.label("maker"))).join(Product::manufacturer).subquery("made");
        let (product, maker) = made.columns();
        let columns = select((Product::name.of(product), &maker)).from(&made).filter(maker.eq("Acorn"));
        forms.rows("an entity and a value", columns, [row("Atom", "Acorn".to_owned())]).await;
        let moved = select(product).from(&made).filter(Product::cpu.is_null().of(product));
        forms.products("a condition moved to it", moved, ["QL"]).await;
        let related = select(product)
            .from(&made)
            .filter(Product::countries.any(Country::name.eq("Germany")).of(product))
            .order_by(Product::id.of(product));
        forms.products("a condition on a relationship moved to it", related, ["C64", "VIC-20"]).await;

        let inner = select((Product::manufacturer_id, count_all().label("n")))
            .group_by(Product::manufacturer_id)
            .subquery("inner");
        let (_, n) = inner.columns();
        let outer = select(max(&n)).from(&inner).subquery("outer");
        let most = outer.columns();
        forms.one("nested", select(&most).from(&outer), Some(3)).await;
        let same = select((lit(1), lit(2), Product::id, Product::id)).filter(Product::id.eq(1)).subquery("same");
        let (a, b, c, d) = same.columns();
        forms.one("columns without names", select((a, b, c, d)).from(&same), (1, 2, 1, 1)).await;
        let places = select((
            Product::name,
            rank().over(window().partition_by(Product::manufacturer_id).order_by(Product::year)),
        ))
        .subquery("places");
        let (name, place) = places.columns();
        let oldest = select(&name).from(&places).filter(place.eq(1)).order_by(&name);
        forms.rows("filtered by a window", oldest, ["Atom", "PET", "ZX80"]).await;
        let named = select(Manufacturer::name).subquery("manufacturers");
        let maker = named.columns();
        let both = select((&maker, Manufacturer::id))
            .from(&named)
            .join_on(Manufacturer, Manufacturer::name.eq(&maker))
            .filter(maker.eq("Oric"));
        forms.rows("named like a table that is read too", both, [row("Oric", 4)]).await;
    })
    .await;
}

#[tokio::test]
async fn subqueries_as_values() {
    on_shop("subqueries_as_values", async |forms| {
        let newest = select(max(Product::year)).scalar();
        forms.products("scalar", select(Product).filter(Product::year.eq(newest)), ["QL"]).await;
        let items = select(count(OrderItem::product_id)).filter(OrderItem::order_id.eq(Order::id)).scalar();
        let counted = select((Order::number, &items)).from(Order).order_by(Order::number);
        forms
            .rows(
                "scalar, correlated, selected",
                counted,
                [row("A1", Some(2)), row("A2", Some(1)), row("B1", Some(1)), row("X1", Some(1))],
            )
            .await;
        forms
            .rows(
                "scalar, correlated, ordered by",
                select(Order::number).order_by((items.desc(), Order::number)).limit(2),
                ["A1", "A2"],
            )
            .await;
        let dearest = select(OrderItem::unit_price)
            .filter(OrderItem::order_id.eq(Order::id))
            .order_by(OrderItem::unit_price.desc())
            .limit(1)
            .scalar();
        forms
            .rows(
                "scalar, limited",
                select((Order::number, &dearest)).filter(dearest.gt(180.0)).order_by(Order::number),
                [row("A1", Some(200.0)), row("A2", Some(500.0))],
            )
            .await;
        let missing = select(OrderItem::quantity).filter(OrderItem::order_id.eq(99)).scalar();
        forms.one("scalar of no row", select((Product::id, missing)).filter(Product::id.eq(1)), (1, None)).await;
        let calculated = select(Product::year - select(min(Product::year)).scalar().coalesce(0)).order_by(Product::id);
        forms.rows("scalar, calculated with", calculated, [3, 5, 0, 4, 3, 4, 7]).await;
        let sold = select(OrderItem::product_id);
        forms
            .products(
                "in",
                select(Product).filter(Product::id.in_(sold.clone())).order_by(Product::id),
                ["Atom", "C64", "PET", "ZX80", "ZX81"],
            )
            .await;
        forms
            .products("not in", select(Product).filter(!Product::id.in_(sold)).order_by(Product::id), ["VIC-20", "QL"])
            .await;
        let same_maker = alias(Product);
        let has_older = exists(select(same_maker).filter(
            Product::manufacturer_id.of(same_maker).eq(Product::manufacturer_id)
                & Product::year.of(same_maker).lt(Product::year),
        ));
        forms
            .products(
                "exists, with an alias",
                select(Product).filter(has_older.clone()).order_by(Product::id),
                ["C64", "VIC-20", "ZX81", "QL"],
            )
            .await;
        forms
            .products("not exists", select(Product).filter(!has_older).order_by(Product::id), ["Atom", "PET", "ZX80"])
            .await;
        let two = exists(
            select(OrderItem)
                .join(OrderItem::order)
                .filter(OrderItem::product_id.eq(Product::id) & Order::number.eq("A1")),
        );
        forms.products("exists, with a join", select(Product).filter(two).order_by(Product::id), ["C64", "ZX81"]).await;
        let busy = exists(
            select(OrderItem::order_id)
                .filter(OrderItem::order_id.eq(Order::id))
                .group_by(OrderItem::order_id)
                .having(count_all().gt(1)),
        );
        forms.rows("exists, grouped", select(Order::number).filter(busy), ["A1"]).await;
        let any = exists(select(count_all()).from(Product).filter(Product::id.gt(99)));
        forms.one("exists of an aggregate, which always has a row", select(count(Order)).filter(any), 4).await;
        let truth = exists(select(Article).filter(Article::product_id.eq(Product::id)));
        forms
            .rows(
                "exists as a value",
                select((Product::name, &truth)).filter(Product::id.le(2)).order_by(Product::id),
                [row("Atom", false), row("C64", true)],
            )
            .await;
        forms
            .rows(
                "exists, compared",
                select(Product::name).filter(truth.eq(Product::year.gt(1983))).order_by(Product::id).limit(2),
                ["Atom", "PET"],
            )
            .await;
        let deep = exists(select(Order).filter(
            Order::customer_id.eq(Customer::id)
                & exists(
                    select(OrderItem).filter(OrderItem::order_id.eq(Order::id) & OrderItem::quantity.gt(Customer::id)),
                ),
        ));
        forms.rows("correlated over two levels", select(Customer::name).filter(deep), ["Ada"]).await;
        let within_case = case()
            .when(exists(select(Article).filter(Article::product_id.eq(Product::id))), "written")
            .otherwise("silent");
        forms
            .rows(
                "within case",
                select(within_case).from(Product).order_by(Product::id).limit(2),
                ["silent", "written"],
            )
            .await;
        let within_function =
            select(max(OrderItem::quantity)).filter(OrderItem::product_id.eq(Product::id)).scalar().coalesce(0);
        forms.rows("within a function", select(sum(within_function)).from(Product), [8]).await;
    })
    .await;
}

#[tokio::test]
async fn lateral_subqueries() {
    on_shop("lateral_subqueries", async |forms| {
        let newest = select((Product::name.label("name"), Product::year.label("year")))
            .filter(Product::manufacturer_id.eq(Manufacturer::id))
            .order_by(Product::year.desc())
            .limit(2)
            .subquery("newest");
        let (name, year) = newest.columns();
        let inner = select((Manufacturer::name, &name))
            .join_lateral(&newest)
            .from(Manufacturer)
            .order_by((Manufacturer::name, year.desc()));
        let pairs = [
            ("Acorn", "Atom"),
            ("Commodore", "C64"),
            ("Commodore", "VIC-20"),
            ("Sinclair", "QL"),
            ("Sinclair", "ZX81"),
        ];
        forms.rows_if(Lateral, "inner", inner, pairs.map(|(a, b)| (a.to_owned(), b.to_owned())), NO_LATERAL).await;
        let outer = select((Manufacturer::name, name.nullable()))
            .outer_join_lateral(&newest)
            .from(Manufacturer)
            .filter(name.is_null());
        forms.rows_if(Lateral, "left", outer, [row("Oric", None)], NO_LATERAL).await;
        let table = select(count_all()).from(Manufacturer).join_lateral(&newest.alias());
        forms.rows_if(Lateral, "counted", table, [5], NO_LATERAL).await;
    })
    .await;
}
