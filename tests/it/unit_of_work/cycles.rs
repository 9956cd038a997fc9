//! Rows that need each other.

use retro_core::prelude::*;
use retro_tests::models::trees::{Ball, Chicken, Egg, Farmer, Node, Person, Ring};
use retro_tests::{assert_statements, on_every_backend};

/// `OneToManyManyToOneTest.test_post_update_m2o`
#[tokio::test]
async fn post_update_m2o() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Person, Ball]).await;
        let mut session = db.session();
        let ball = |colour: &str| new!(Ball { colour });
        let person = session.add(new!(Person { name: "p", balls: ["red", "blue"].map(ball) }));
        let balls = session.entities(person, Person::balls);
        session.set(person, Person::favourite, balls[0]);
        session.commit().await.unwrap();
        assert_statements(&db.log, ["INSERT people", "INSERT balls x2", "UPDATE people (favourite_id)"]);
        assert_eq!(session[person].favourite_id, Some(session[balls[0]].id));
        let stored = db.rows("SELECT p.name, b.colour FROM people p JOIN balls b ON b.id = p.favourite_id").await;
        assert_eq!(stored, ["p|red"]);

        session.delete(person);
        balls.iter().for_each(|&ball| session.delete(ball));
        session.commit().await.unwrap();
        assert_statements(&db.log, ["UPDATE people (favourite_id)", "DELETE balls x2", "DELETE people"]);
    })
    .await;
}

/// `PostUpdateBatchingTest.test_one`
#[tokio::test]
async fn post_updates_of_a_row_are_one() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Person, Ball]).await;
        let mut session = db.session();
        let ball = |colour: &str| new!(Ball { colour });
        let person = session.add(new!(Person { name: "p", balls: ["red", "blue"].map(ball) }));
        let balls = session.entities(person, Person::balls);
        session.set(person, Person::favourite, balls[0]);
        session.set(person, Person::second, balls[1]);
        session.set(person, Person::third, balls[1]);
        session.commit().await.unwrap();
        let update = "UPDATE people (favourite_id, second_id, third_id)";
        assert_statements(&db.log, ["INSERT people", "INSERT balls x2", update]);

        session.set(person, Person::favourite, None);
        session.set(person, Person::second, None);
        session.set(person, Person::third, None);
        session.commit().await.unwrap();
        assert_statements(&db.log, [update]);
        assert_eq!(db.rows("SELECT favourite_id, second_id, third_id FROM people").await, ["NULL|NULL|NULL"]);
    })
    .await;
}

/// `OneToManyManyToOneTest.test_cycle`: models in a cycle, but no rows.
#[tokio::test]
async fn a_cycle_of_models_is_no_cycle_of_rows() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Chicken, Egg]).await;
        let mut session = db.session();
        let egg = session.add(new!(Egg {}));
        let chicken = session.add(new!(Chicken { egg }));
        let second = session.add(new!(Egg { chicken }));
        session.commit().await.unwrap();

        assert_eq!(session[chicken].egg_id, Some(session[egg].id));
        assert_eq!(session[second].chicken_id, Some(session[chicken].id));
        assert_statements(&db.log, ["INSERT eggs", "INSERT chickens", "INSERT eggs"]);

        session.delete(egg);
        session.delete(chicken);
        session.delete(second);
        session.commit().await.unwrap();
        assert!(db.rows("SELECT id FROM eggs").await.is_empty());
    })
    .await;
}

/// `test_dependency.py::test_raise_on_cycle_two`
#[tokio::test]
async fn circular_rows_are_named() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Chicken, Egg]).await;
        let mut session = db.session();
        let egg = session.add(new!(Egg {}));
        let chicken = session.add(new!(Chicken { egg }));
        session.set(egg, Egg::chicken, chicken);

        let error = session.flush().await.unwrap_err();

        assert!(error.is_circular_dependency(), "{error:?}");
        let text = error.to_string();
        assert!(text.contains("new Chicken #0 before new Egg #0"), "{text}");
        assert!(text.contains("new Egg #0 before new Chicken #0"), "{text}");
        assert!(text.contains("post_update"), "{text}");
        assert_statements(&db.log, []);
        session.rollback().await.unwrap();
    })
    .await;
}

/// The same within one model, and for a longer circle.
#[tokio::test]
async fn circular_rows_of_one_model() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        let nodes: Vec<Entity<Node>> = (0..3).map(|n| session.add(new!(Node { name: format!("n{n}") }))).collect();
        for n in 0..3 {
            session.set(nodes[n], Node::parent, nodes[(n + 1) % 3]);
        }
        let error = session.flush().await.unwrap_err();
        assert!(error.is_circular_dependency(), "{error:?}");
        session.rollback().await.unwrap();

        // With `post_update` on the reference it can be written.
        let db = db.with(metadata![Ring]).await;
        let mut session = db.session();
        let ring: Vec<Entity<Ring>> = (0..3).map(|n| session.add(new!(Ring { name: format!("r{n}") }))).collect();
        for n in 0..3 {
            session.set(ring[n], Ring::next, ring[(n + 1) % 3]);
        }
        session.commit().await.unwrap();
        assert_statements(&db.log, ["INSERT links x3", "UPDATE links (next_id) x3"]);
        ring.iter().for_each(|&link| session.delete(link));
        session.commit().await.unwrap();
        assert_statements(&db.log, ["UPDATE links (next_id) x3", "DELETE links x3"]);
    })
    .await;
}

/// Existing rows that are linked into a circle need no order: each has a key already.
#[tokio::test]
async fn updates_may_make_a_circle() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        let [a, b] = ["a", "b"].map(|name| session.add(new!(Node { name })));
        session.commit().await.unwrap();
        db.log.clear();

        session.set(a, Node::parent, b);
        session.set(b, Node::parent, a);
        session.commit().await.unwrap();

        assert_statements(&db.log, ["UPDATE nodes (parent_id) x2"]);
    })
    .await;
}

/// `BiDirectionalManyToOneTest.test_reflush`: a row outside of the circle follows one within it whose row
/// is not written.
#[tokio::test]
async fn reflush() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Chicken, Egg, Farmer]).await;
        let mut session = db.session();
        let chicken = session.add(new!(Chicken { egg: new!(Egg {}) }));
        session.add(new!(Farmer { chicken }));
        session.commit().await.unwrap();
        session.set(chicken, Chicken::egg, new!(Egg {}));
        session.flush().await.unwrap();
        db.log.clear();

        let farmer = session.add(new!(Farmer { chicken }));
        session.commit().await.unwrap();

        assert_statements(&db.log, ["INSERT farmers"]);
        assert_eq!(session[farmer].chicken_id, Some(session[chicken].id));
        assert_eq!(db.rows("SELECT chicken_id FROM farmers").await, ["1", "1"]);
    })
    .await;
}

/// Rows of a circle of models that come one by one, and are linked into a circle in the end.
#[tokio::test]
async fn a_circle_made_step_by_step() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Chicken, Egg]).await;
        let mut session = db.session();
        let egg = session.add(new!(Egg {}));
        session.flush().await.unwrap();
        let chicken = session.add(new!(Chicken { egg }));
        session.flush().await.unwrap();
        session.set(egg, Egg::chicken, chicken);
        session.flush().await.unwrap();
        session.set(chicken, Chicken::egg, new!(Egg {}));
        session.commit().await.unwrap();

        assert_eq!(session[egg].chicken_id, Some(session[chicken].id));
        let other = session.entities(chicken, Chicken::egg).unwrap();
        assert_ne!(other, egg);
        assert_eq!(session[chicken].egg_id, Some(session[other].id));
    })
    .await;
}

/// `test_dependency.py::test_large_sort`: a chain of any length does not overflow the stack.
#[tokio::test]
async fn a_long_chain() {
    let db = retro_tests::Db::in_memory().await.with(metadata![Node]).await;
    let mut session = db.session();
    let mut parent: Option<Entity<Node>> = None;
    for n in 0..3_000 {
        parent = Some(session.add(new!(Node { id: n + 1, name: format!("n{n}"), parent })));
    }
    session.commit().await.unwrap();
    assert_eq!(session.count(select(Node)).await.unwrap(), 3_000);

    let all = session.known::<Node>();
    all.iter().for_each(|&node| session.delete(node));
    session.commit().await.unwrap();
    assert_eq!(session.count(select(Node)).await.unwrap(), 0);
}
