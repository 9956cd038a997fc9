//! Several expressions that are compared together.

use retro_core::prelude::*;

use super::on_samples;
use crate::forms::samples::{Number, Word, decimal};

#[tokio::test]
async fn rows() {
    on_samples("rows", async |forms| {
        let pair = || row((Number::flag, Number::whole));
        forms.numbers("equal", pair().eq((true, 10)), [1]).await;
        forms.numbers("not equal", pair().ne((true, 10)), [2, 3, 4]).await;
        forms.numbers("less", pair().lt((true, 0)), [2, 4]).await;
        forms.numbers("less or equal", pair().le((true, 0)), [2, 3, 4]).await;
        forms.numbers("greater", pair().gt((false, 7)), [1, 3]).await;
        forms.numbers("greater or equal", pair().ge((false, 7)), [1, 3, 4]).await;
        forms.numbers("negated", !pair().eq((true, 10)), [2, 3, 4]).await;
        forms.numbers("with columns", row((Number::whole, Number::id)).gt((Number::maybe_whole, 0)), [1, 3, 4]).await;
        forms.numbers("of expressions", row((Number::whole + 1, Number::id)).eq((8, Number::id)), [4]).await;
        forms.numbers("with NULL", row((Number::maybe_whole, Number::id)).ne((7, 9)), [1, 2, 3, 4]).await;
        forms.numbers("of three", row((Number::flag, Number::whole, Number::id)).ge((true, 0, 3)), [1, 3]).await;
        forms.numbers("compared", pair().eq((true, 10)).eq(Number::flag), [1, 2, 4]).await;

        forms.numbers("in a list", pair().in_([(true, 10), (false, 7), (true, 7)]), [1, 4]).await;
        forms.numbers("in a list of one", pair().in_([(true, 10)]), [1]).await;
        forms.numbers("in nothing", pair().in_([] as [(bool, i32); 0]), []).await;
        forms.numbers("not in a list", !pair().in_([(true, 10), (false, 7)]), [2, 3]).await;
        forms
            .numbers("in a list of columns", row((Number::id, Number::whole)).in_([(Number::maybe_whole, 10)]), [1])
            .await;
        forms.words("texts in a list", row((Word::id, Word::text)).in_([(1, "alpha"), (2, "alpha")]), [1]).await;
        forms
            .numbers(
                "decimals in a list",
                row((Number::id, Number::price)).in_([(1, decimal("9.5")), (2, decimal("9.5"))]),
                [1],
            )
            .await;
        forms.numbers("decimals compared", row((Number::price, Number::id)).gt((decimal("9.75"), 0)), [2, 3]).await;
        let query = select((Number::flag, Number::whole)).filter(Number::id.gt(2));
        forms.numbers("in a query", pair().in_query(query.clone()), [3, 4]).await;
        forms.numbers("not in a query", !pair().in_query(query.clone()), [1, 2]).await;
        forms.numbers("in a limited query", pair().in_query(query.order_by(Number::id).limit(1)), [3]).await;
    })
    .await;
}

/// The number of parameters is what limits a list of rows: 32,766 on SQLite, 65,535 elsewhere.
#[tokio::test]
async fn long_lists_of_rows() {
    on_samples("long_lists_of_rows", async |forms| {
        for many in [1_000, 16_000, 100_000] {
            let rows = (0..many).map(|n| (n, if n == 3 { "it's" } else { "alpha" }));
            match forms.session.all(select(Word::id).filter(row((Word::id, Word::text)).in_(rows))).await {
                Ok(found) if found == [1] => {}
                other => forms.fail("a long list", format!("of {many}: {other:?}")),
            }
        }
    })
    .await;
}
