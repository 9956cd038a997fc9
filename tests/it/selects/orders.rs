//! Orders and limits.

use retro_core::prelude::*;
use retro_tests::models::shop::{Manufacturer, Product};

use super::on_shop;

#[tokio::test]
async fn orders() {
    on_shop("orders", async |forms| {
        let names = |order: retro_core::query::Order| {
            select(Product::name).filter(Product::id.ge(5)).order_by((order, Product::id))
        };
        forms.rows("ascending", names(Product::year.asc()), ["ZX80", "ZX81", "QL"]).await;
        forms.rows("descending", names(Product::year.desc()), ["QL", "ZX81", "ZX80"]).await;
        forms.rows("NULL first", names(Product::cpu.asc().nulls_first()), ["QL", "ZX80", "ZX81"]).await;
        forms.rows("NULL last", names(Product::cpu.asc().nulls_last()), ["ZX80", "ZX81", "QL"]).await;
        forms.rows("NULL first, descending", names(Product::cpu.desc().nulls_first()), ["QL", "ZX80", "ZX81"]).await;
        forms.rows("NULL last, descending", names(Product::cpu.desc().nulls_last()), ["ZX80", "ZX81", "QL"]).await;
        forms.rows("an expression", names((Product::year * -1).asc()), ["QL", "ZX81", "ZX80"]).await;
        forms
            .rows(
                "an expression with values, NULL last",
                names(Product::cpu.concat("x").desc().nulls_last()),
                ["ZX80", "ZX81", "QL"],
            )
            .await;
        forms.rows("a condition", names(Product::cpu.is_null().desc()), ["QL", "ZX80", "ZX81"]).await;
        forms
            .rows(
                "a subquery, NULL last",
                select(Product::name).filter(Product::id.ge(5)).order_by((
                    select(max(Product::id)).filter(Product::id.gt(9)).scalar().asc().nulls_last(),
                    Product::id,
                )),
                ["ZX80", "ZX81", "QL"],
            )
            .await;
        forms
            .rows(
                "in steps",
                select(Product::name).order_by(Product::manufacturer_id.desc()).order_by(Product::year).limit(4),
                ["ZX80", "ZX81", "QL", "PET"],
            )
            .await;
        forms
            .rows(
                "a list",
                select(Product::name).order_by(vec![Product::manufacturer_id.desc(), Product::year.desc()]).limit(2),
                ["QL", "ZX81"],
            )
            .await;
        let of_another = select(Product::name)
            .join(Product::manufacturer)
            .order_by((Manufacturer::name.desc(), Product::name))
            .limit(1);
        forms.rows("a column of another model", of_another, ["QL"]).await;

        forms.rows("limit", select(Product::id).order_by(Product::id).limit(2), [1, 2]).await;
        forms.rows("limit 0", select(Product::id).order_by(Product::id).limit(0), []).await;
        forms.rows("offset", select(Product::id).order_by(Product::id).offset(5), [6, 7]).await;
        forms.rows("limit and offset", select(Product::id).order_by(Product::id).limit(2).offset(3), [4, 5]).await;
        forms.rows("beyond the end", select(Product::id).order_by(Product::id).limit(2).offset(99), []).await;
        forms.rows("the largest limit", select(Product::id).order_by(Product::id).limit(u64::MAX).offset(6), [7]).await;
        forms
            .rows(
                "the last limit counts",
                select(Product::id).order_by(Product::id).limit(1).limit(2).offset(1).offset(0),
                [1, 2],
            )
            .await;
        let page = select(Product::id).order_by((Product::year.desc(), Product::id)).after((1981, 4)).limit(3);
        forms.rows("after a row", page, [6, 1, 5]).await;
        let page = select(Product::id).order_by((Product::name, Product::id)).after(("PET", 3));
        forms.rows("after a row, text", page, [7, 4, 5, 6]).await;
        let page = select(Product::id).order_by((Product::year / 10, Product::id.desc())).after((197, 3)).limit(2);
        forms.rows("after a row, an expression", page, [7, 6]).await;
        forms
            .refused(
                "after too few values",
                select(Product::id).order_by((Product::year, Product::id)).after((1981,)),
                "was given 1 values, and the query is ordered by 2 terms",
            )
            .await;
        forms
            .refused(
                "after values of other types",
                select(Product::id).order_by(Product::year).after(("1981",)),
                "was given a text for term 1 of the order, which is a 32-bit integer",
            )
            .await;
    })
    .await;
}
