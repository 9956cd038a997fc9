//! One row of many.

use retro_core::prelude::*;
use retro_tests::models::shop::{Customer, Manufacturer, Order, OrderItem, Product};

use super::on_shop;

fn row<T>(name: &str, value: T) -> (String, T) {
    (name.to_owned(), value)
}

#[tokio::test]
async fn groups() {
    on_shop("groups", async |forms| {
        let by_maker =
            select((Manufacturer::name, count(Product))).outer_join(Manufacturer::products).group_by(Manufacturer);
        forms
            .rows(
                "by an entity",
                by_maker.clone().order_by(Manufacturer::name),
                [row("Acorn", 1), row("Commodore", 3), row("Oric", 0), row("Sinclair", 3)],
            )
            .await;
        let entity = select((Manufacturer, count(Product)))
            .join(Manufacturer::products)
            .group_by(Manufacturer)
            .order_by((count(Product).desc(), Manufacturer::name));
        forms.write("an entity selected", &entity);
        let found = forms.session.all(entity).await.unwrap();
        let names: Vec<_> = found.iter().map(|&(maker, n)| (forms.session[maker].name.as_str(), n)).collect();
        assert_eq!(names, [("Commodore", 3), ("Sinclair", 3), ("Acorn", 1)]);
        forms
            .rows(
                "by a column",
                select((Product::cpu, count_all())).group_by(Product::cpu).order_by(Product::cpu.asc().nulls_last()),
                [(Some("6502"), 3), (Some("6510"), 1), (Some("Z80"), 2), (None, 1)]
                    .map(|(cpu, n)| (cpu.map(str::to_owned), n)),
            )
            .await;
        let decade = Product::year / 10 * 10;
        forms
            .rows(
                "by an expression",
                select((&decade, count_all())).group_by(&decade).order_by(&decade),
                [(1970, 1), (1980, 6)],
            )
            .await;
        let named = (Product::year / 10).label("decade");
        forms
            .rows(
                "by a labelled expression",
                select((&named, count_all())).group_by(&named).order_by(named.desc()),
                [(198, 6), (197, 1)],
            )
            .await;
        let text = Product::name.substring(1, 1).lower();
        forms
            .rows(
                "by a function with values",
                select((&text, count_all())).group_by(&text).having(count_all().gt(1)).order_by(&text),
                [row("z", 2)],
            )
            .await;
        forms
            .rows(
                "by two",
                select((Product::manufacturer_id, Product::cpu, count_all()))
                    .group_by((Product::manufacturer_id, Product::cpu))
                    .filter(Product::manufacturer_id.eq(2))
                    .order_by(Product::cpu)
                    .map(|(_, cpu, n)| (cpu.unwrap_or_default(), n)),
                [row("6502", 2), row("6510", 1)],
            )
            .await;
        forms
            .rows(
                "in two steps",
                select((Product::manufacturer_id, count_all()))
                    .group_by(Product::manufacturer_id)
                    .group_by(Product::cpu)
                    .filter(Product::manufacturer_id.eq(2))
                    .order_by((Product::manufacturer_id, count_all())),
                [(2, 1), (2, 2)],
            )
            .await;
        forms
            .rows(
                "by a list",
                select(count_all()).from(Product).group_by(vec![Product::manufacturer_id]).order_by(count_all().desc()),
                [3, 3, 1],
            )
            .await;
        let path = select((Customer::name, sum(OrderItem::quantity * OrderItem::unit_price).label("total")))
            .join(Customer::orders)
            .join(Order::items)
            .group_by(Customer)
            .order_by(Customer::name);
        forms.rows("over joins", path, [row("Ada", 970.0), row("Bob", 170.0)]).await;

        forms
            .rows(
                "having",
                by_maker.clone().having(count(Product).ge(3)).order_by(Manufacturer::name),
                [row("Commodore", 3), row("Sinclair", 3)],
            )
            .await;
        forms
            .rows(
                "having, twice",
                by_maker
                    .clone()
                    .having(count(Product).gt(0))
                    .having(min(Product::year).gt(1979))
                    .order_by(Manufacturer::name),
                [row("Acorn", 1), row("Sinclair", 3)],
            )
            .await;
        forms
            .rows(
                "having a column of the group",
                by_maker.having(Manufacturer::name.like("%corn%") & count(Product).lt(3)).order_by(Manufacturer::name),
                [row("Acorn", 1)],
            )
            .await;
        forms.rows("having without groups", select(max(Product::year)).having(count_all().gt(6)), [Some(1984)]).await;
        forms.rows("having without groups, not met", select(max(Product::year)).having(count_all().gt(7)), []).await;
        let total = sum(OrderItem::quantity).label("total");
        forms
            .rows(
                "having a labelled aggregate",
                select((OrderItem::order_id, &total))
                    .group_by(OrderItem::order_id)
                    .having(total.gt(1))
                    .order_by((total.desc(), OrderItem::order_id)),
                [(1, 3), (4, 3)],
            )
            .await;
        forms
            .rows(
                "ordered by an aggregate",
                select(Product::manufacturer_id)
                    .group_by(Product::manufacturer_id)
                    .order_by((max(Product::year).desc(), Product::manufacturer_id)),
                [3, 2, 1],
            )
            .await;
        forms
            .rows(
                "distinct groups",
                select(count_all()).from(Product).group_by(Product::manufacturer_id).distinct().order_by(count_all()),
                [1, 3],
            )
            .await;
    })
    .await;
}
