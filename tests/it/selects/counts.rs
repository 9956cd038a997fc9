//! How many rows a query has, and whether it has any: of each form of query.

use retro_core::prelude::*;
use retro_tests::models::shop::{Article, Country, Customer, Manufacturer, Order, OrderItem, Product};

use super::on_shop;
use crate::forms::Forms;

/// Counts in three ways: by asking for the count, for the rows, and whether there are any.
async fn counts<R: 'static>(forms: &mut Forms, name: &str, query: Select<R>, expected: u64) {
    let session = &mut forms.session;
    let counted = session.count(query.clone()).await;
    let exists = session.exists(query.clone()).await;
    let rows = session.all(query).await.map(|rows| rows.len() as u64);
    match (counted, exists, rows) {
        (Ok(counted), Ok(exists), Ok(rows)) if counted == expected && rows == expected && exists == (expected > 0) => {}
        other => {
            forms.session.rollback().await.unwrap();
            forms.fail(name, format!("expected {expected}: {other:?}"));
        }
    }
}

#[tokio::test]
async fn counting() {
    on_shop("counting", async |forms| {
        counts(forms, "a model", select(Product), 7).await;
        counts(forms, "filtered", select(Product).filter(Product::year.gt(1980)), 4).await;
        counts(forms, "nothing", select(Product).filter(Product::year.gt(1999)), 0).await;
        counts(forms, "columns", select((Product::name, Product::cpu)).order_by(Product::year), 7).await;
        counts(forms, "an alias", select(alias(Product)), 7).await;
        counts(forms, "owned", select(Product.owned()), 7).await;
        counts(
            forms,
            "an entity and its loaders",
            select(Product).options((joined(Product::manufacturer), selectin(Product::countries))),
            7,
        )
        .await;
        counts(forms, "a joined collection", select(Manufacturer).options(joined(Manufacturer::products)), 4).await;
        counts(forms, "joined", select(Manufacturer).join(Manufacturer::products), 7).await;
        counts(forms, "joined, distinct", select(Manufacturer).join(Manufacturer::products).distinct(), 3).await;
        counts(forms, "outer joined", select((Manufacturer, Product.optional())).outer_join(Manufacturer::products), 8)
            .await;
        counts(forms, "distinct columns", select((Product::manufacturer_id, Product::cpu)).distinct(), 5).await;
        counts(
            forms,
            "distinct columns of one name",
            select((Product::name, Manufacturer::name)).join(Product::manufacturer).distinct(),
            7,
        )
        .await;
        counts(forms, "limited", select(Product).order_by(Product::id).limit(3), 3).await;
        counts(forms, "limited beyond the end", select(Product).order_by(Product::id).limit(3).offset(5), 2).await;
        counts(forms, "limit 0", select(Product).limit(0), 0).await;
        counts(
            forms,
            "two entities, limited",
            select((Product, Manufacturer)).join(Product::manufacturer).order_by(Product::id).limit(2),
            2,
        )
        .await;
        counts(forms, "grouped", select(Product::cpu).group_by(Product::cpu), 4).await;
        counts(
            forms,
            "grouped by an entity",
            select((Manufacturer, count(Product))).join(Manufacturer::products).group_by(Manufacturer),
            3,
        )
        .await;
        counts(
            forms,
            "grouped, having",
            select(Product::manufacturer_id).group_by(Product::manufacturer_id).having(count_all().gt(1)),
            2,
        )
        .await;
        let n = count(Product).label("n");
        counts(
            forms,
            "grouped, having a label",
            select((Product::manufacturer_id, &n)).group_by(Product::manufacturer_id).having(n.lt(2)),
            1,
        )
        .await;
        counts(forms, "an aggregate", select(count(Product)), 1).await;
        counts(forms, "an aggregate of nothing", select(count(Product)).filter(Product::id.gt(99)), 1).await;
        counts(forms, "an aggregate calculated with", select(sum(Product::year) + 1).filter(Product::id.gt(99)), 1)
            .await;
        counts(forms, "having without groups", select(max(Product::id)).having(count_all().gt(99)), 0).await;
        counts(forms, "a window", select(rank().over(window().order_by(Product::year))), 7).await;
        counts(forms, "a literal", select(lit(1)), 1).await;
        counts(forms, "mapped", select(Product::name).map(|name| name.len()), 7).await;
        counts(forms, "a union", select(Product::name).union(select(Country::name)), 11).await;
        counts(
            forms,
            "a union of entities",
            select(Product).filter(Product::id.lt(3)).union(select(Product).filter(Product::id.eq(2))),
            2,
        )
        .await;
        counts(
            forms,
            "a union of two entities",
            select((Product, Manufacturer))
                .join(Product::manufacturer)
                .union_all(select((Product, Manufacturer)).join(Product::manufacturer)),
            14,
        )
        .await;
        counts(
            forms,
            "a union of columns of one name",
            select((Product::name, Manufacturer::name))
                .join(Product::manufacturer)
                .union(select((Country::name, Country::name))),
            11,
        )
        .await;
        counts(
            forms,
            "a limited union",
            select(Product::name).union(select(Country::name)).order_by(Product::name).limit(4),
            4,
        )
        .await;
        counts(forms, "an intersection", select(Product::id).intersect(select(Country::id)), 4).await;
        counts(forms, "a difference", select(Product::id).except(select(Country::id)).order_by(Product::id), 3).await;
        let totals = select((OrderItem::order_id, sum(OrderItem::quantity))).group_by(OrderItem::order_id);
        let subquery = totals.clone().subquery("totals");
        let (_, total) = subquery.columns();
        counts(forms, "of a subquery", select(&total).from(&subquery).filter(total.gt(1)), 2).await;
        let cte = totals.cte("totals");
        let (_, total) = cte.columns();
        counts(forms, "of a CTE", select(&total).from(&cte).filter(total.eq(1)), 2).await;
        counts(forms, "of a CTE, limited", select(&total).from(&cte).order_by(&total).limit(1), 1).await;
        counts(
            forms,
            "conditions on relationships",
            select(Customer).filter(Customer::orders.any(Order::items.any(OrderItem::quantity.gt(1)))),
            1,
        )
        .await;
        counts(
            forms,
            "a scalar subquery",
            select((
                Article::title,
                select(max(Product::id)).filter(Product::id.eq(Article::product_id.coalesce(0))).scalar(),
            )),
            5,
        )
        .await;
        counts(forms, "for update", select(Product).filter(Product::id.eq(1)).for_update(), 1).await;
        forms.session.rollback().await.unwrap();
    })
    .await;
}
