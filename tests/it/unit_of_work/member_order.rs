//! Members keep their order: when some leave, and when a rollback brings them back.

use retro_core::prelude::*;
use retro_tests::Random;
use retro_tests::models::shop::{self, Country, Product};
use retro_tests::models::trees::Node;
use retro_tests::{Db, on_every_backend};

fn node(id: i32) -> Node {
    new!(Node { id, name: id.to_string() })
}

/// A node with some children, committed.
async fn with_children(db: &Db, count: i32) -> (Session, Entity<Node>, Vec<Entity<Node>>) {
    let mut session = db.session();
    let parent = session.add(node(1));
    let children = session.add_all((2..2 + count).map(node));
    for &child in &children {
        session.push(parent, Node::children, child);
    }
    session.commit().await.unwrap();
    (session, parent, children)
}

#[tokio::test]
async fn a_rollback_brings_a_replaced_collection_back_in_order() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let (mut session, parent, children) = with_children(&db, 4).await;
        for flush in [false, true] {
            session.replace(parent, Node::children, vec![children[3], children[0]]);
            assert_eq!(session.entities(parent, Node::children), [children[3], children[0]]);
            if flush {
                session.flush().await.unwrap();
            }
            session.rollback().await.unwrap();
            assert_eq!(session.entities(parent, Node::children), children, "flushed: {flush}");
        }
        session.replace(parent, Node::children, vec![children[1]]);
        session.flush().await.unwrap();
        session.begin_nested().await.unwrap();
        session.replace(parent, Node::children, vec![children[2], children[1]]);
        session.rollback_nested().await.unwrap();
        assert_eq!(session.entities(parent, Node::children), [children[1]]);
    })
    .await;
}

#[tokio::test]
async fn a_rollback_brings_a_replaced_association_back_in_order() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let countries =
            session.add_all([(1, "USA"), (2, "Japan"), (3, "UK")].map(|(id, name)| new!(Country { id, name })));
        let maker = session.add(new!(shop::Manufacturer { name: "Acorn" }));
        let product = session.add(new!(Product { name: "Atom", year: 1980, manufacturer: maker }));
        session.replace(product, Product::countries, countries.clone());
        session.commit().await.unwrap();

        session.replace(product, Product::countries, vec![countries[2], countries[0]]);
        session.flush().await.unwrap();
        session.rollback().await.unwrap();
        assert_eq!(session.entities(product, Product::countries), countries);
        assert_eq!(session.entities(countries[1], Country::products), [product]);
    })
    .await;
}

/// Who left a collection and then the session does not come back to it: what the database has is not
/// known any more, so it is read again.
#[tokio::test]
async fn a_removed_member_that_was_expunged() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        for replaced in [false, true] {
            let mut session = db.session();
            session.execute(delete(Node).filter(Node::id.gt(1))).await.unwrap();
            session.execute(delete(Node)).await.unwrap();
            session.commit().await.unwrap();
            let (mut session, parent, children) = with_children(&db, 3).await;
            match replaced {
                true => session.replace(parent, Node::children, vec![children[2], children[0]]),
                false => drop(session.remove(parent, Node::children, children[1])),
            }
            session.flush().await.unwrap();
            session.expunge(children[1]).unwrap();
            session.rollback().await.unwrap();
            assert!(!session.is_loaded(parent, Node::children), "replaced: {replaced}");
            session.load(parent, Node::children).await.unwrap();
            let loaded = session.entities(parent, Node::children);
            let names: Vec<String> = loaded.into_iter().map(|child| session[child].name.clone()).collect();
            assert_eq!(names, ["2", "3", "4"], "replaced: {replaced}");
        }
    })
    .await;
}

/// Random members of a large collection leave, one by one and in parts with a savepoint each.
#[tokio::test]
async fn many_leave_a_large_collection_and_come_back() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let (mut session, parent, children) = with_children(&db, 2_000).await;
        let seed = Random::seed();
        println!("seed {seed}");
        let mut random = Random::new(seed);
        let mut left = children.clone();
        let mut levels = Vec::new();
        for _ in 0..4 {
            session.begin_nested().await.unwrap();
            levels.push(left.clone());
            for _ in 0..400 {
                let child = left.remove(random.below(left.len() as u64) as usize);
                assert!(session.remove(parent, Node::children, child));
            }
            assert_eq!(session.entities(parent, Node::children), left);
        }
        for before in levels.into_iter().rev() {
            session.rollback_nested().await.unwrap();
            assert_eq!(session.entities(parent, Node::children), before);
        }
        session.flush().await.unwrap();
        assert_eq!(db.rows("SELECT count(*) FROM nodes WHERE parent_id = 1").await, ["2000"]);
    })
    .await;
}
