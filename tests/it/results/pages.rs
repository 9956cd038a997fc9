//! Pages by number and by the row before.

use retro_core::prelude::*;
use retro_tests::models::shop::{Manufacturer, Product};
use retro_tests::{Db, assert_statements, on_every_backend};

use super::{everywhere, shop};

#[tokio::test]
async fn a_page_knows_how_many_there_are() {
    everywhere(async |db| {
        let db = shop(db, 11).await;
        let mut session = db.session();
        let query = select(Product::name).filter(Product::year.gt(1980)).order_by(Product::id);
        let all = session.all(query.clone()).await.unwrap();
        assert_eq!(all.len(), 9);
        db.log.clear();
        let page = session.page(query.clone(), 2, 4).await.unwrap();
        assert_statements(&db.log, ["SELECT products", "SELECT products"]);
        assert_eq!((page.items.as_slice(), page.total, page.number, page.size), (&all[4..8], 9, 2, 4));
        assert_eq!((page.pages(), page.has_previous(), page.has_next()), (3, true, true));
        let last = session.page(query.clone(), 3, 4).await.unwrap();
        assert_eq!((last.items.as_slice(), last.has_next()), (&all[8..], false));
        let beyond = session.page(query.clone(), 4, 4).await.unwrap();
        assert_eq!((beyond.items.len(), beyond.total, beyond.has_next()), (0, 9, false));
        let far = session.page(query, u64::MAX, u64::MAX).await.unwrap();
        assert_eq!((far.items.len(), far.total, far.pages()), (0, 9, 1));
        let none = session.page(select(Product).filter(Product::year.lt(0)), 1, 10).await.unwrap();
        assert_eq!((none.items.len(), none.total, none.pages(), none.has_next()), (0, 0, 0, false));
    })
    .await;
}

#[tokio::test]
async fn pages_of_groups_and_of_entities_with_collections() {
    on_every_backend(async |db| {
        let db = shop(db, 20).await;
        let mut session = db.session();
        let years = select((Product::year, count(Product))).group_by(Product::year).order_by(Product::year);
        let page = session.page(years, 2, 3).await.unwrap();
        assert_eq!((page.items, page.total), (vec![(1983, 3), (1984, 3), (1985, 3)], 7));
        let makers = select(Manufacturer).order_by(Manufacturer::name).options(joined(Manufacturer::products));
        let page = session.page(makers, 2, 1).await.unwrap();
        assert_eq!((page.total, page.items.len()), (2, 1));
        assert_eq!(session.entities(page.items[0], Manufacturer::products).len(), 10, "a page cuts no collection");
    })
    .await;
}

#[tokio::test]
async fn pages_that_make_no_sense() {
    let db = shop(Db::in_memory().await, 1).await;
    let mut session = db.session();
    for (number, size) in [(0, 1), (1, 0)] {
        let error = session.page(select(Product), number, size).await.unwrap_err();
        assert!(error.is_configuration() && error.to_string().contains("pages count from 1"), "{error}");
    }
    let error = session.page(select(Product).limit(3), 1, 1).await.unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("subquery"), "{error}");
    assert!(db.log.take().is_empty());
}

/// Pages by the last row before give every row once, in the order of the query, whatever the mixture
/// of directions and however many rows tie in all but the last term.
#[tokio::test]
async fn the_rows_after_a_known_one() {
    everywhere(async |db| {
        let db = shop(db, 60).await;
        let mut session = db.session();
        let maker = Product::manufacturer_id;
        let query = select((Product::year, maker, Product::id));
        for (descending, order) in [
            ([false, false, false], query.clone().order_by((Product::year, maker, Product::id))),
            ([true, false, true], query.clone().order_by((Product::year.desc(), maker, Product::id.desc()))),
            ([false, true, false], query.clone().order_by((Product::year, maker.desc(), Product::id))),
            ([true, true, false], query.clone().order_by((Product::year.desc(), maker.desc(), Product::id))),
        ] {
            let mut paged: Vec<(i32, i32, i32)> = Vec::new();
            loop {
                let page = match paged.last() {
                    None => order.clone(),
                    Some(&last) => order.clone().after(last),
                };
                let page = session.all(page.limit(7)).await.unwrap();
                let is_last = page.len() < 7;
                paged.extend(page);
                if is_last {
                    break;
                }
            }
            assert_eq!(paged, session.all(order).await.unwrap());
            let signed = |(year, maker, id): &(i32, i32, i32)| {
                let sign = |descending: bool, value: i32| if descending { -value } else { value };
                (sign(descending[0], *year), sign(descending[1], *maker), sign(descending[2], *id))
            };
            assert!(paged.is_sorted_by_key(signed) && paged.len() == 60);
        }
    })
    .await;
}

#[tokio::test]
async fn a_known_row_that_does_not_fit_the_order() {
    let db = shop(Db::in_memory().await, 1).await;
    let mut session = db.session();
    let few = session.all(select(Product).order_by((Product::year, Product::id)).after((1980,))).await.unwrap_err();
    assert!(few.is_configuration() && few.to_string().contains("1 values"), "{few}");
    let other = session.all(select(Product).order_by(Product::year).after(("x",))).await.unwrap_err();
    assert!(other.is_configuration() && other.to_string().contains("a text for term 1"), "{other}");
}
