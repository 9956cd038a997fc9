//! AND, OR and NOT: as operators and over lists of any length.

use retro_core::prelude::*;
use retro_core::query::not_;

use super::on_samples;
use crate::forms::samples::Number;

#[tokio::test]
async fn logic() {
    on_samples("logic", async |forms| {
        let (a, b) = (Number::whole.gt(0), Number::flag);
        forms.numbers("and", a.clone() & b, [1]).await;
        forms.numbers("or", a.clone() | b, [1, 3, 4]).await;
        forms.numbers("not", !a.clone(), [2, 3]).await;
        forms.numbers("not a column", !b, [2, 4]).await;
        forms.numbers("columns", Number::flag & Number::flag | !Number::flag, [1, 2, 3, 4]).await;
        forms.numbers("not not", !!a.clone(), [1, 4]).await;
        forms.numbers("and of or", (a.clone() | b) & Number::small.gt(4), [3]).await;
        forms.numbers("or of and", a.clone() & b | Number::small.gt(4), [1, 3]).await;
        forms.numbers("not of and", !(a.clone() & b), [2, 3, 4]).await;
        forms.numbers("not of or", !(a.clone() | b), [2]).await;
        forms.numbers("with a value", a.clone() & true, [1, 4]).await;
        forms.numbers("or with a value", a.clone() | false, [1, 4]).await;
        forms.numbers("NULL and false is false", !(Number::maybe_whole.gt(0) & Number::whole.gt(0)), [2, 3]).await;
        forms.numbers("NULL or true is true", Number::maybe_whole.gt(0) | Number::whole.lt(0), [1, 2, 4]).await;
        forms.numbers("not of NULL is NULL", !Number::maybe_whole.gt(0), [3]).await;
        forms.numbers("a flag that may be missing", not_(Number::maybe_flag), [2]).await;

        forms.numbers("and_", and_([a.clone(), Number::id.lt(4)]), [1]).await;
        forms.numbers("or_", or_([a.clone(), Number::id.eq(2)]), [1, 2, 4]).await;
        forms.numbers("not_", not_(or_([a.clone(), Number::id.eq(2)])), [3]).await;
        forms.numbers("and_ of nothing", and_([] as [Expr<bool>; 0]), [1, 2, 3, 4]).await;
        forms.numbers("or_ of nothing", or_([] as [Expr<bool>; 0]), []).await;
        forms.numbers("and_ of one", and_([a.clone()]), [1, 4]).await;
        forms.numbers("or_ of one", or_([a.clone()]) & b, [1]).await;
        let nested = or_([and_([a.clone(), Number::id.lt(4)]), and_([!a.clone(), Number::id.gt(2)])]);
        forms.numbers("nested lists", nested, [1, 3]).await;
        forms.numbers("lists of references", and_(&[a.clone(), Number::id.gt(1)]), [4]).await;
        let several = select(Number::id).filter(a.clone()).filter(b).filter(Number::id.lt(9));
        forms.rows("several filters", several.filter(a.clone() | b), [1]).await;
    })
    .await;
}

/// SQLite takes expressions up to a depth of 1,000 and 32,766 parameters, the others 65,535
/// parameters; none of them limits how many conditions there are.
#[tokio::test]
async fn long_lists_of_conditions() {
    on_samples("long_lists_of_conditions", async |forms| {
        let is_one = |many: i32| (2..many + 2).map(|id| Number::id.eq(id));
        let is_none = |many: i32| (2..many + 2).map(|id| Number::id.ne(id));
        let chain = is_one(20_000).reduce(|all, next| all | next).unwrap();
        let other_way = is_none(20_000).reduce(|all, next| next & all).unwrap();
        for (name, condition, ids) in [
            ("or_", or_(is_one(20_000)), &[2, 3, 4][..]),
            ("and_", and_(is_none(20_000)), &[1]),
            ("a chain of operators", chain, &[2, 3, 4]),
            ("a chain of operators the other way", other_way, &[1]),
            ("not or_", !or_(is_one(2_000)), &[1]),
            ("or_ of and_", or_([and_(is_none(2_000)), Number::id.eq(3)]), &[1, 3]),
        ] {
            match forms.session.all(select(Number::id).filter(condition).order_by(Number::id)).await {
                Ok(found) if found == ids => {}
                other => forms.fail(name, format!("{other:?}")),
            }
        }
        let query = is_none(20_000).fold(select(Number::id), |query, next| query.filter(next));
        assert_eq!(forms.session.all(query).await.unwrap(), [1], "a chain of filters");
    })
    .await;
}
