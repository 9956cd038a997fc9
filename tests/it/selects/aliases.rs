//! Models read twice.

use retro_core::prelude::*;
use retro_tests::models::shop::{Article, Country, Manufacturer, OrderItem, Product};
use retro_tests::models::trees::Node;

use super::on_shop;

#[tokio::test]
async fn aliases() {
    on_shop("aliases", async |forms| {
        let original = alias(Article);
        let translations = select((Article::title, Article::title.of(original)))
            .join(Article::translation_of.to(original))
            .order_by(Article::id);
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let pairs = || [pair("Der 64er", "The 64"), pair("Le 64", "The 64"), pair("Forth", "On Forth")];
        forms.rows("a self-join", translations.from(Article), pairs()).await;
        let translation = alias(Article);
        let translations = select((Article::title.of(translation), Article::title))
            .from(Article)
            .join(Article::translations.to(translation))
            .order_by(Article::id.of(translation));
        forms.rows("a self-join the other way", translations, pairs()).await;
        let (child, parent, grandparent) = (alias(Node), alias(Node), alias(Node));
        let line = select((Node::name.of(child), Node::name.of(grandparent)))
            .from(child)
            .join(Node::parent.of(child).to(parent))
            .join(Node::parent.of(parent).to(grandparent))
            .order_by(Node::name.of(child));
        forms.rows("three times", line, [pair("a1", "root"), pair("a2", "root")]).await;
        let same_year = alias(Product);
        let pairs = select((Product::name, Product::name.of(same_year)))
            .join_on(
                same_year,
                Product::year.eq(Product::year.of(same_year)) & Product::id.lt(Product::id.of(same_year)),
            )
            .from(Product)
            .order_by(Product::name);
        forms.rows("on a condition", pairs, [pair("Atom", "ZX80"), pair("VIC-20", "ZX81")]).await;

        let other = alias(Product);
        let of_other = select(other).filter(Product::year.of(other).gt(1981)).order_by(Product::year.of(other));
        forms.products("an alias alone", of_other, ["C64", "QL"]).await;
        let both = select((Product::name, Product::name.of(other)))
            .from(Product)
            .cross_join(other)
            .filter(Product::name.eq("C64") & Product::cpu.of(other).is_null());
        forms.rows("a cross join with itself", both, [pair("C64", "QL")]).await;
        let count_other = select((Product::cpu, count(other)))
            .from(Product)
            .outer_join_on(other, Product::cpu.of(other).eq(Product::cpu) & Product::id.of(other).ne(Product::id))
            .group_by(Product)
            .filter(Product::id.le(3))
            .order_by(Product::id);
        let text = |text: &str| Some(text.to_owned());
        forms.rows("an alias counted", count_other, [(text("6502"), 2), (text("6510"), 0), (text("6502"), 2)]).await;
        let grouped = select((other, count(Article)))
            .outer_join(Product::articles.of(other))
            .group_by(other)
            .having(count(Article).gt(0));
        forms.one("grouped by an alias", grouped.map(|(_, articles)| articles), 2).await;
        let made_in = alias(Country);
        let many_to_many = select((Product::name, Country::name.of(made_in)))
            .from(Product)
            .join(Product::countries)
            .join(Product::countries.to(made_in))
            .filter(Country::name.eq("USA") & Country::name.of(made_in).ne("USA"))
            .order_by(Product::name);
        forms
            .rows(
                "a many-to-many relationship twice",
                many_to_many,
                [pair("C64", "Germany"), pair("VIC-20", "Germany")],
            )
            .await;
    })
    .await;
}

#[tokio::test]
async fn moved_expressions() {
    on_shop("moved_expressions", async |forms| {
        let other = alias(Product);
        let moved = |condition: Expr<bool>| select(other).filter(condition.of(other)).order_by(Product::id.of(other));
        forms.products("a comparison", moved(Product::year.lt(1980)), ["PET"]).await;
        forms.products("of columns", moved(Product::id.gt(Product::manufacturer_id + 2)), ["ZX81", "QL"]).await;
        let is_old = and_([Product::year.between(1980, 1981), Product::cpu.in_(["Z80"]), !Product::name.like("%0")]);
        forms.products("a list", moved(is_old), ["ZX81"]).await;
        forms
            .products(
                "in columns",
                moved(Product::id.in_([Product::id, Product::year])),
                ["Atom", "C64", "PET", "VIC-20", "ZX80", "ZX81", "QL"],
            )
            .await;
        forms.products("any", moved(Product::countries.any(Country::name.eq("Germany"))), ["C64", "VIC-20"]).await;
        forms.products("has", moved(Product::manufacturer.has(Manufacturer::name.eq("Acorn"))), ["Atom"]).await;
        forms.products("is_empty", moved(Product::countries.is_empty()), ["QL"]).await;
        forms
            .products(
                "any with a condition on both sides",
                moved(Product::articles.any(Article::title.contains("64") & Product::year.eq(1982))),
                ["C64"],
            )
            .await;
        let sold = Product::id.in_(select(OrderItem::product_id).filter(OrderItem::quantity.gt(1)));
        forms.products("in a query", moved(sold), ["C64", "ZX80"]).await;
        let sold = exists(select(OrderItem).filter(OrderItem::product_id.eq(Product::id) & OrderItem::quantity.gt(1)));
        forms.products("exists, correlated", moved(sold), ["C64", "ZX80"]).await;
        let most = select(max(OrderItem::quantity)).filter(OrderItem::product_id.eq(Product::id)).scalar();
        forms.products("a scalar subquery, correlated", moved(most.eq(3)), ["ZX80"]).await;
        let newest = select(max(Product::year)).scalar();
        forms.products("a subquery that reads the model itself", moved(Product::year.eq(newest)), ["QL"]).await;
        forms.products("case", moved(case().when(Product::cpu.is_null(), true).otherwise(false)), ["QL"]).await;
        forms.products("null-safe", moved(Product::cpu.is_not_distinct_from(None)), ["QL"]).await;
        forms
            .products(
                "text and numbers",
                moved(Product::name.lower().length().eq((Product::id - 3).abs())),
                ["Atom"; 0],
            )
            .await;
        forms.products("a row", moved(row((Product::year, Product::id)).gt((1982, 0))), ["C64", "QL"]).await;

        let place = row_number().over(window().partition_by(Product::manufacturer_id).order_by(Product::year.desc()));
        let places = select((Product::name.of(other), place.of(other))).order_by(Product::id.of(other)).limit(3);
        forms.rows("a window", places, [("Atom".to_owned(), 1), ("C64".to_owned(), 1), ("PET".to_owned(), 3)]).await;
        let names = string_agg(Product::name, ",", Product::year).filter(Product::cpu.is_not_null());
        let names = select((Product::manufacturer_id.of(other), names.of(other)))
            .group_by(Product::manufacturer_id.of(other))
            .order_by(Product::manufacturer_id.of(other));
        let row = |id, names: &str| (id, Some(names.to_owned()));
        forms.rows("an aggregate", names, [row(1, "Atom"), row(2, "PET,VIC-20,C64"), row(3, "ZX80,ZX81")]).await;

        let (child, parent) = (alias(Node), alias(Node));
        let has_children = Node::children.any(Node::name.starts_with("a"));
        let of_child = select(Node::name.of(child)).filter(has_children.of(child)).order_by(Node::name.of(child));
        forms.rows("any of itself", of_child, ["a", "root"]).await;
        let named = select((Node::name.of(child), Node::name.of(parent)))
            .from(child)
            .join(Node::parent.of(child).to(parent))
            .filter(Node::name.eq("b").of(child) | Node::name.eq("a").of(parent) & Node::name.ends_with("2").of(child))
            .order_by(Node::id.of(child));
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        forms.rows("of two aliases", named, [pair("b", "root"), pair("a2", "a")]).await;
        let twice = Node::name.eq("root").of(parent).of(child);
        forms
            .rows("moved once, another alias does not move it", select(Node::name.of(parent)).filter(twice), ["root"])
            .await;
    })
    .await;
}
