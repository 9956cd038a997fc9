//! Common table expressions, recursive ones too.

use retro_core::prelude::*;
use retro_tests::models::shop::{Article, Manufacturer, OrderItem, Product};
use retro_tests::models::trees::{Node, Ring};

use super::on_shop;

fn row<T>(name: &str, value: T) -> (String, T) {
    (name.to_owned(), value)
}

#[tokio::test]
async fn ctes() {
    on_shop("ctes", async |forms| {
        let totals = || {
            select((OrderItem::order_id, sum(OrderItem::quantity * OrderItem::unit_price)))
                .group_by(OrderItem::order_id)
        };
        let cte = totals().cte("totals");
        let (order_id, total) = cte.columns();
        forms
            .rows(
                "read once",
                select((&order_id, &total)).from(&cte).filter(total.gt(400.0)).order_by(&order_id),
                [(1, 470.0), (2, 500.0)],
            )
            .await;
        let average = select(avg(&total)).from(&cte).scalar();
        let above = select(&order_id).from(&cte).filter(total.gt(average)).order_by(&order_id);
        forms.rows("read twice, in a scalar subquery", above, [1, 2]).await;
        let other = cte.alias();
        let (other_id, other_total) = other.columns();
        let pairs = select((&order_id, &other_id))
            .from(&cte)
            .join_on(&other, other_total.gt(total.clone() + 320.0))
            .order_by((&order_id, &other_id));
        forms.rows("read twice, joined", pairs, [(3, 2), (4, 2)]).await;
        let in_cte = select(OrderItem::product_id)
            .filter(OrderItem::order_id.in_(select(&order_id).from(&cte).filter(total.lt(160.0))));
        forms.rows("within IN", in_cte, [5]).await;
        let is_large = exists(select(&order_id).from(&cte).filter(order_id.eq(OrderItem::order_id) & total.gt(480.0)));
        forms.rows("within EXISTS", select(OrderItem::product_id).filter(is_large), [3]).await;

        let sold = select(OrderItem::product_id.label("id")).distinct().cte("sold");
        let sold_id = sold.columns();
        let by_maker = select((Product::manufacturer_id.label("maker"), count_all().label("n")))
            .from(Product)
            .join_on(&sold, sold_id.eq(Product::id))
            .group_by(Product::manufacturer_id)
            .cte("by_maker");
        let (maker, n) = by_maker.columns();
        let named = select((Manufacturer::name, &n))
            .join_on(&by_maker, maker.eq(Manufacturer::id))
            .from(Manufacturer)
            .order_by(Manufacturer::name);
        forms
            .rows("one that reads another", named.clone(), [row("Acorn", 1), row("Commodore", 2), row("Sinclair", 2)])
            .await;
        let unsold = named.filter(!Manufacturer::id.in_(
            select(Product::manufacturer_id).join_on(&sold, sold_id.eq(Product::id)).filter(Product::year.lt(1980)),
        ));
        forms.rows("both read, in any order", unsold, [row("Acorn", 1), row("Sinclair", 2)]).await;

        let entities = select(Product).filter(Product::year.gt(1981)).cte("recent");
        let product = entities.columns();
        forms
            .products("entities", select(product).from(&entities).order_by(Product::name.of(product)), ["C64", "QL"])
            .await;
        let maker = select((Product::name.of(product), Manufacturer::name))
            .from(&entities)
            .join(Product::manufacturer.of(product))
            .filter(Manufacturer::id.eq(2));
        forms.rows("a relationship of its entities", maker, [row("C64", "Commodore".to_owned())]).await;
        for materialized in [true, false] {
            let cte = totals().cte_materialized("totals", materialized);
            let (_, total) = cte.columns();
            forms.one(&format!("materialized: {materialized}"), select(max(total)).from(&cte), Some(500.0)).await;
        }
        let nested = select(&total).from(&cte).filter(total.lt(480.0)).subquery("less");
        let less = nested.columns();
        forms.one("within a subquery", select(max(&less)).from(&nested), Some(470.0)).await;
        let products = select(Product::name).filter(Product::year.lt(1980)).cte("products");
        let name = products.columns();
        forms.rows("named like the table that it reads", select(&name).from(&products), ["PET"]).await;
        let both = select((&name, Product::year)).from(&products).join_on(Product, Product::name.eq(&name));
        forms.rows("named like a table that is read beside it", both, [row("PET", 1977)]).await;
        let same_name = (
            select(Product::id).filter(Product::id.le(2)).cte("x"),
            select(Product::id).filter(Product::id.ge(2)).cte("x"),
        );
        let (a, b) = (same_name.0.columns(), same_name.1.columns());
        let joined = select((&a, &b)).from(&same_name.0).join_on(&same_name.1, a.eq(&b));
        forms.rows("two of one name", joined, [(2, 2)]).await;
        let united = select(Product::name)
            .filter(Product::id.eq(1))
            .union(select(Manufacturer::name))
            .order_by(Product::name)
            .cte("names");
        let name = united.columns();
        forms.rows("of a union", select(&name).from(&united).order_by(&name).limit(2), ["Acorn", "Atom"]).await;
        let of_cte = select(&order_id)
            .from(&cte)
            .filter(total.gt(480.0))
            .union_all(select(&order_id).from(&cte).filter(total.lt(160.0)))
            .order_by(&order_id);
        forms.rows("in both parts of a union", of_cte, [2, 4]).await;
    })
    .await;
}

#[tokio::test]
async fn recursive_ctes() {
    on_shop("recursive_ctes", async |forms| {
        let tree =
            select((Node::id, Node::name, lit(0i32))).filter(Node::parent_id.is_null()).recursive("tree", |tree| {
                let (id, _, depth) = tree.columns();
                select((Node::id, Node::name, depth + 1)).join_on(tree, Node::parent_id.eq(id))
            });
        let (_, name, depth) = tree.columns();
        let all = select((&name, &depth)).from(&tree).order_by((&depth, &name));
        forms.rows("a tree", all, [row("root", 0), row("a", 1), row("b", 1), row("a1", 2), row("a2", 2)]).await;
        forms.one("counted", select(count_all()).from(&tree).filter(depth.gt(0)), 4).await;

        let paths = select((Node::id, Node::name)).filter(Node::parent_id.is_null()).recursive("paths", |paths| {
            let (id, path) = paths.columns();
            select((Node::id, path.concat(" > ").concat(Node::name))).join_on(paths, Node::parent_id.eq(id))
        });
        let (_, path) = paths.columns();
        let all = select(&path).from(&paths).order_by(&path);
        forms.rows("texts that grow", all, ["root", "root > a", "root > a > a1", "root > a > a2", "root > b"]).await;
        let texts = select((lit(1i32), lit("x"))).recursive("texts", |texts| {
            let (n, text) = texts.columns();
            select((n.clone() + 1, text.concat(text.clone()))).from(texts).filter(n.lt(12))
        });
        let (n, text) = texts.columns();
        forms
            .rows(
                "a literal that grows",
                select((&n, text.length())).from(&texts).order_by(n.desc()).limit(1),
                [(12, 2048)],
            )
            .await;
        let numbers = select(lit(1i32)).recursive("numbers", |numbers| {
            let n = numbers.columns();
            select(n.clone() + 1).from(numbers).filter(n.lt(500))
        });
        let n = numbers.columns();
        forms.one("numbers", select((count_all(), sum(&n), max(&n))).from(&numbers), (500, 125_250, Some(500))).await;
        let floats = select((lit(1i32), lit(1.5))).recursive("floats", |floats| {
            let (n, float) = floats.columns();
            select((n.clone() + 1, float / 2.0)).from(floats).filter(n.lt(4))
        });
        let (n, float) = floats.columns();
        forms.rows("floats", select(&float).from(&floats).order_by(&n), [1.5, 0.75, 0.375, 0.1875]).await;

        let up = select(Node).filter(Node::name.eq("a1")).recursive("up", |up| {
            let child = up.columns();
            select(Node).join_on(up, Node::id.eq(Node::parent_id.of(child).coalesce(0)))
        });
        let node = up.columns();
        let line = select(Node::name.of(node)).from(&up).order_by(Node::id.of(node));
        forms.rows("entities", line, ["root", "a", "a1"]).await;
        let found = forms.session.all(select(node).from(&up).order_by(Node::id.of(node))).await.unwrap();
        assert_eq!(forms.session[found[1]].name, "a");
        let joined = select((Node::name, &depth))
            .from(&tree)
            .join_on(Node, Node::id.eq(&tree.columns().0))
            .filter(Node::name.eq("a2"));
        forms.rows("joined with its table", joined, [row("a2", 2)]).await;
        let twice = tree.alias();
        let (_, other, other_depth) = twice.columns();
        let pairs = select((&name, &other))
            .from(&tree)
            .join_on(&twice, depth.gt(&other_depth))
            .filter(other_depth.eq(1))
            .order_by((&name, &other));
        let pair = |a: &str, b: &str| row(a, b.to_owned());
        forms.rows("read twice", pairs, [pair("a1", "a"), pair("a1", "b"), pair("a2", "a"), pair("a2", "b")]).await;

        let around =
            select((Ring::id, Ring::next_id)).filter(Ring::name.eq("x")).recursive_distinct("around", |around| {
                let (_, next) = around.columns();
                select((Ring::id, Ring::next_id)).join_on(around, Ring::id.eq(next.coalesce(0)))
            });
        let (id, _) = around.columns();
        forms.rows("a circle", select(&id).from(&around).order_by(&id), [1, 2, 3]).await;
        let names = select(Article::title)
            .filter(Article::translation_of_id.is_null())
            .union(select(Node::name))
            .recursive_distinct("names", |names| {
                let name = names.columns();
                select(Node::name).join_on(names, Node::name.eq(name.concat("1")))
            });
        let name = names.columns();
        forms.one("from a union on", select(count(&name)).from(&names), 7).await;
        let first = select((Node::id, Node::name)).order_by(Node::id.desc()).limit(1).recursive("first", |first| {
            let (id, _) = first.columns();
            select((Node::id, Node::name)).join_on(first, Node::id.eq(id - 1))
        });
        let (_, name) = first.columns();
        forms
            .rows("from a limited query on", select(&name).from(&first).order_by(&name), ["a", "a1", "a2", "b", "root"])
            .await;
        let below = exists(select(&depth).from(&tree).filter(tree.columns().0.eq(Node::id) & depth.eq(2)));
        forms.rows("within EXISTS", select(Node::name).filter(below).order_by(Node::name), ["a1", "a2"]).await;
        let of_cte = select(&depth).from(&numbers_from(&tree)).order_by(&depth).limit(0);
        forms.rows("nothing of it", of_cte, []).await;
    })
    .await;
}

fn numbers_from<R>(cte: &retro_core::query::Subquery<R>) -> retro_core::query::Subquery<R> {
    cte.clone()
}
