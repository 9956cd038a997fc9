//! Each row once.

use retro_core::prelude::*;
use retro_tests::Capability::DistinctOn;
use retro_tests::models::shop::{Country, Manufacturer, Product};

use super::on_shop;

#[tokio::test]
async fn distinct() {
    on_shop("distinct", async |forms| {
        let cpus = select(Product::cpu).distinct().order_by(Product::cpu.asc().nulls_first());
        forms.rows("a column", cpus, [None, Some("6502"), Some("6510"), Some("Z80")]).await;
        forms
            .rows(
                "columns",
                select((Product::manufacturer_id, Product::year))
                    .distinct()
                    .filter(Product::year.eq(1980))
                    .order_by(Product::manufacturer_id),
                [(1, 1980), (3, 1980)],
            )
            .await;
        let decade = Product::year / 10;
        forms.rows("an expression", select(&decade).distinct().order_by(&decade), [197, 198]).await;
        forms
            .products(
                "entities",
                select(Product).join(Product::countries).filter(Country::id.gt(1)).distinct().order_by(Product::name),
                ["C64", "PET", "VIC-20"],
            )
            .await;
        forms
            .rows(
                "limited",
                select(Product::manufacturer_id).distinct().order_by(Product::manufacturer_id.desc()).limit(2),
                [3, 2],
            )
            .await;
        let makers =
            select(Manufacturer).join(Manufacturer::products).distinct().options(selectin(Manufacturer::products));
        assert_eq!(forms.session.all(makers).await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn distinct_on() {
    on_shop("distinct_on", async |forms| {
        const NONE: &str = "has no DISTINCT ON";
        let newest = select(Product::name)
            .distinct_on(Product::manufacturer_id)
            .order_by((Product::manufacturer_id, Product::year.desc()));
        forms.rows_if(DistinctOn, "a column", newest, ["Atom", "C64", "QL"], NONE).await;
        let newest = select(Product::name)
            .distinct_on((Product::manufacturer_id, Product::cpu))
            .order_by((Product::manufacturer_id, Product::cpu, Product::year))
            .limit(3);
        forms.rows_if(DistinctOn, "columns", newest, ["Atom", "PET", "C64"], NONE).await;
        let other = alias(Product);
        let newest = select(Product::name.of(other))
            .distinct_on(Product::manufacturer_id.of(other))
            .order_by((Product::manufacturer_id.of(other), Product::year.of(other)));
        forms.rows_if(DistinctOn, "a column of an alias", newest, ["Atom", "PET", "ZX80"], NONE).await;
        let decade = Product::year / 10;
        let first = select((&decade, Product::name)).distinct_on(&decade).order_by((&decade, Product::name));
        let because = if forms.db.can(DistinctOn) { "`distinct_on` takes columns" } else { NONE };
        forms.refused("an expression", first, because).await;
        let counted = select(Product).distinct_on(Product::manufacturer_id);
        if forms.db.can(DistinctOn) {
            assert_eq!(forms.session.count(counted).await.unwrap(), 3);
        }
    })
    .await;
}
