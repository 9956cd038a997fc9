//! Queries that make no sense are refused before anything is sent.

use retro_core::prelude::*;
use retro_tests::models::shop::{Country, Manufacturer, OrderItem, Product};

use super::on_shop;

#[tokio::test]
async fn refusals() {
    on_shop("refusals", async |forms| {
        let unread = "the query names Manufacturer, which it does not read";
        forms
            .refused("a condition on what is not read", select(Product).filter(Manufacturer::name.eq("Acorn")), unread)
            .await;
        forms.refused("an order by what is not read", select(Product).order_by(Manufacturer::name), unread).await;
        forms
            .refused(
                "groups of what is not read",
                select(count_all()).from(Product).group_by(Manufacturer::name),
                unread,
            )
            .await;
        forms
            .refused(
                "having what is not read",
                select(Product::year).group_by(Product::year).having(max(Manufacturer::name).is_null()),
                unread,
            )
            .await;
        forms
            .refused(
                "a window over what is not read",
                select(Product::id).order_by(rank().over(window().order_by(Manufacturer::name))),
                unread,
            )
            .await;
        forms
            .refused(
                "within a function",
                select(Product).filter(Product::name.eq(Product::cpu.coalesce(Manufacturer::name))),
                unread,
            )
            .await;
        let other = alias(Manufacturer);
        forms
            .refused(
                "an alias that is not read",
                select(Product).filter(Manufacturer::name.of(other).eq("Acorn")),
                "names an alias of Manufacturer, which it does not read",
            )
            .await;
        forms
            .refused("the model where its alias is read", select(other).filter(Manufacturer::name.eq("Acorn")), unread)
            .await;
        let totals =
            select((OrderItem::order_id, sum(OrderItem::quantity))).group_by(OrderItem::order_id).subquery("totals");
        let (order_id, total) = totals.columns();
        forms
            .refused(
                "a subquery that is not in FROM",
                select(&total),
                "names totals, which it does not read; give it to the query with `.from(&..)`",
            )
            .await;
        forms
            .refused(
                "a subquery that is not in FROM, joined",
                select(OrderItem).join_on(Product, Product::id.eq(&order_id)),
                "names totals, which it does not read",
            )
            .await;
        let product = select(Product).filter(Product::id.eq(1)).subquery("one").columns();
        forms
            .refused(
                "an entity of a subquery that is not in FROM",
                select(product),
                "names one, which it does not read",
            )
            .await;
        let inner = select(Product::id).filter(Manufacturer::id.eq(1)).subquery("inner");
        forms
            .refused("a subquery that names what it does not read", select(inner.columns()).from(&inner), unread)
            .await;
        let inner = select(Product::id).filter(Manufacturer::id.eq(Product::manufacturer_id)).subquery("inner");
        forms
            .refused(
                "a subquery in FROM that names what is outside",
                select((Manufacturer, inner.columns())).from(&inner).from(Manufacturer),
                unread,
            )
            .await;
        let inner = select(Product::id).filter(Manufacturer::id.eq(Product::manufacturer_id)).cte("inner");
        forms
            .refused(
                "a CTE that names what is outside",
                select((Manufacturer, inner.columns())).from(&inner).from(Manufacturer),
                unread,
            )
            .await;

        let twice = "the query reads Manufacturer twice";
        forms
            .refused(
                "a relationship joined twice",
                select(Product).join(Product::manufacturer).join(Product::manufacturer),
                twice,
            )
            .await;
        forms
            .refused(
                "a model joined twice",
                select(Product).join(Product::manufacturer).join_on(Manufacturer, Manufacturer::id.eq(1)),
                twice,
            )
            .await;
        forms
            .refused(
                "joined before what it is joined to",
                select(Product).join(OrderItem::order).join_on(OrderItem, OrderItem::product_id.eq(Product::id)),
                "the query names OrderItem, which it does not read",
            )
            .await;
        forms
            .refused(
                "nothing left to begin with",
                select(Manufacturer).join(Product::manufacturer),
                "none is left to begin with",
            )
            .await;

        let union = || select(Product::name).union(select(Country::name));
        forms.refused("a filter after a union", union().filter(Product::id.eq(1)), "`filter` after a union").await;
        forms.refused("a join after a union", union().join(Product::manufacturer), "`join` after a union").await;
        forms.refused("a cross join after a union", union().cross_join(Country), "`join` after a union").await;
        forms.refused("a group after a union", union().group_by(Product::name), "`group_by` after a union").await;
        forms.refused("having after a union", union().having(count_all().gt(1)), "`having` after a union").await;
        forms.refused("distinct after a union", union().distinct(), "`distinct` after a union").await;
        forms
            .refused("distinct_on after a union", union().distinct_on(Product::name), "`distinct_on` after a union")
            .await;
        forms.refused("from after a union", union().from(Manufacturer), "`from` after a union").await;
        forms.refused("for update after a union", union().for_update(), "a union").await;
        forms
            .refused(
                "a union of a locked query",
                select(Product::name).for_update().union(select(Country::name)),
                "a union",
            )
            .await;
        forms
            .refused(
                "a union with a locked query",
                select(Product::name).union(select(Country::name).for_update()),
                "a union",
            )
            .await;
        let problem = union().filter(Product::id.eq(1)).subquery("bad");
        forms.refused("within a subquery", select(problem.columns()).from(&problem), "`filter` after a union").await;
        forms
            .refused(
                "within IN",
                select(Product).filter(Product::name.in_(union().distinct())),
                "`distinct` after a union",
            )
            .await;
        forms
            .refused(
                "a union of other columns behind a map",
                select(Product::id).map(|id| id.to_string()).union(select(Country::name)),
                "the parts of a union must select",
            )
            .await;
        forms
            .refused(
                "a union of fewer columns behind a map",
                select((Product::id, Product::name)).map(|(_, name)| name).union(select(Country::name)),
                "the parts of a union must select",
            )
            .await;
        let mapped = select((Product::year, Product::name)).map(|(_, name)| name).subquery("mapped");
        forms.refused("columns of a mapped query", select(mapped.columns()).from(&mapped), "cannot be mapped").await;
        let mapped = select(Product::name).map(|name| name.len() as i64).scalar();
        forms.refused("the value of a mapped query", select(mapped), "cannot be mapped").await;
        let mapped = select(Product::name).map(|_| 1);
        forms.refused("in a mapped query", select(Product).filter(Product::id.in_(mapped)), "cannot be mapped").await;
        let lost = select(Product::id)
            .filter(Product::id.eq(1))
            .recursive("lost", |lost| select(lost.columns()).from(lost).filter(Product::id.eq(1)));
        forms
            .refused(
                "a step that names what it does not read",
                select(lost.columns()).from(&lost),
                "the query names Product, which it does not read",
            )
            .await;
        let mut inside = None;
        let tree = select(Product::id).recursive("tree", |tree| {
            inside = Some(tree.clone());
            select(Product::id).join_on(tree, tree.columns().eq(Product::id))
        });
        let inside = inside.unwrap();
        drop(tree);
        forms
            .refused(
                "a CTE's own rows outside of it",
                select(inside.columns()).from(&inside),
                "within its own definition, but is not part of it",
            )
            .await;
        let many = select((Product, Manufacturer)).join(Product::manufacturer).subquery("many");
        let (product, _) = many.columns();
        forms
            .refused("a subquery of two columns of one name", select(product).from(&many), "selects two columns named")
            .await;
        let two = select(Product::id).filter(Product::id.in_(select((Product::id, Product::year)).map(|(id, _)| id)));
        forms.refused("in a query of two columns", two, "cannot be mapped").await;
        forms
            .refused(
                "a loader of what is not selected",
                select(Product).options(joined(OrderItem::order)),
                "does not select OrderItem",
            )
            .await;
    })
    .await;
}

/// What is wrong is told before pending changes are flushed.
#[tokio::test]
async fn refused_before_the_flush() {
    on_shop("refused_before_the_flush", async |forms| {
        let mut session = forms.db.session();
        let oric = session.add(new!(Manufacturer { name: "Tangerine" }));
        forms.db.log.clear();
        for query in [
            select(Manufacturer::name).filter(Product::id.eq(1)),
            select(Manufacturer::name).union(select(Country::name)).distinct(),
            select(func::<String>("not a name", (Manufacturer::name,))),
        ] {
            assert!(session.all(query.clone()).await.unwrap_err().is_configuration());
            assert!(session.count(query.clone()).await.unwrap_err().is_configuration());
            assert!(session.exists(query).await.unwrap_err().is_configuration());
        }
        assert_eq!(session[oric].id, 0);
        assert!(forms.db.log.take_all().is_empty());
    })
    .await;
}
