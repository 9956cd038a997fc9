//! What nests: conditions in conditions, queries in queries, rows that follow rows. All of it runs on
//! a thread with the stack that threads have by default, in a debug build.

use std::thread;

use retro_core::prelude::*;
use retro_core::{Dialect, ErrorKind};
use retro_tests::models::trees::{Branch, Node};
use retro_tests::{Db, on_every_backend};

/// The stack of a thread of the standard library, and of a worker of tokio.
const STACK: usize = 2 << 20;

fn on_a_thread(test: impl AsyncFn(Db) + Send + 'static) {
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(on_every_backend(test));
    };
    thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
}

/// Each step makes the condition one level deeper.
fn alternating(levels: i32) -> Expr<bool> {
    (1..levels).fold(Node::id.gt(0), |all, n| if n % 2 == 0 { all & Node::id.gt(-n) } else { all | Node::id.eq(-n) })
}

#[test]
fn what_nests_deep_is_run() {
    on_a_thread(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        session.add(Node { name: "root".into(), ..Default::default() });
        session.commit().await.unwrap();
        let not = (0..90).fold(Node::id.gt(0), |not, _| !not);
        let sum = (0..90).fold(Node::id + 0, |sum, _| sum + 1);
        let chosen = (0..90).fold(Node::name.coalesce("a"), |text, _| text.coalesce("b"));
        let within = (0..14).fold(select(Node::id), |query, _| select(Node::id).filter(Node::id.in_(query)));
        for (name, query) in [
            ("conditions", select(Node::id).filter(alternating(90))),
            ("negations", select(Node::id).filter(not)),
            ("a sum", select(Node::id).filter(sum.gt(90))),
            ("a function of a function", select(Node::id).filter(chosen.eq("root"))),
            ("queries in conditions", within),
        ] {
            assert_eq!(session.all(query).await.unwrap().len(), 1, "{name}");
        }
    });
}

#[test]
fn what_nests_too_deep_is_refused() {
    on_a_thread(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        session.add(Node { name: "root".into(), ..Default::default() });
        session.commit().await.unwrap();

        const DEEP: i32 = 100_000;
        let not = (0..DEEP).fold(Node::id.gt(0), |not, _| !not);
        let sum = (0..DEEP).fold(Node::id + 0, |sum, _| sum + 1);
        let chosen = (0..DEEP).fold(Node::name.coalesce("a"), |text, _| text.coalesce("b"));
        let within = (0..1_000).fold(select(Node::id), |query, _| select(Node::id).filter(Node::id.in_(query)));
        let united = (0..1_000).fold(select(Node::id), |query, _| select(Node::id).union(query));
        let derived = (0..1_000).fold(select(Node::id), |query, _| {
            let inner = query.subquery("inner");
            select(&inner.columns()).from(&inner)
        });
        for (name, query) in [
            ("conditions", select(Node::id).filter(alternating(DEEP))),
            ("the other way", {
                let turned = (1..DEEP).fold(Node::id.gt(0), |all, n| {
                    if n % 2 == 0 { Node::id.gt(-n) & all } else { Node::id.eq(-n) | all }
                });
                select(Node::id).filter(turned)
            }),
            ("negations", select(Node::id).filter(not)),
            ("a sum", select(Node::id).filter(sum.gt(0))),
            ("a function of a function", select(Node::id).filter(chosen.eq("root"))),
            ("queries in conditions", within),
            ("unions in unions", united),
            ("queries in FROM", derived),
        ] {
            let refused = session.all(query.clone()).await.unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::Configuration, "{name}: {refused}");
            assert!(refused.to_string().contains("nested more than 100 levels deep"), "{name}: {refused}");
            assert!(query.to_sql(Dialect::Sqlite).is_err(), "{name}");
        }
    });
}

/// Two rows of a chain have as many rows between them as there are; nothing goes from one to the next
/// by calling itself.
#[test]
fn a_chain_of_ten_thousand_rows() {
    on_a_thread(async |db| {
        const MANY: usize = 10_000;
        let db = db.with(metadata![Branch]).await;
        let mut session = db.session();
        let chain = async |session: &mut Session| {
            let mut above: Option<Entity<Branch>> = None;
            let mut root = None;
            for n in 0..MANY {
                let branch = session.add(Branch { id: n as i32 + 1, name: n.to_string(), ..Default::default() });
                session.set(branch, Branch::parent, above);
                above = Some(branch);
                root.get_or_insert(branch);
            }
            root.unwrap()
        };
        // Out of the session again, as new ones: the cascade goes down the whole chain.
        let root = chain(&mut session).await;
        session.expunge(root).unwrap();
        assert_eq!(session.flush().await.unwrap().statements, 0);

        let root = chain(&mut session).await;
        assert_eq!(session.flush().await.unwrap().inserted, MANY);
        session.commit().await.unwrap();
        session.expire_all();
        session.refresh(root).await.unwrap();
        drop(session);

        let mut session = db.session();
        let with = (selectin(Branch::children), selectin(Branch::parent));
        let branches = session.all(select(Branch).options(with).order_by(Branch::id)).await.unwrap();
        assert_eq!(branches.len(), MANY);
        session.delete(branches[0]);
        assert_eq!(session.flush().await.unwrap().deleted, MANY);
        session.rollback().await.unwrap();
        assert!(session.contains(branches[MANY - 1]));
        session.expunge(branches[0]).unwrap();
    });
}

/// A struct with structs within structs, as deep as a chain is long, is taken in, and dropped.
#[test]
fn a_graph_of_structs_as_deep_as_a_chain() {
    on_a_thread(async |db| {
        const MANY: i32 = 1_000;
        let db = db.with(metadata![Branch]).await;
        let nest = || {
            (1..=MANY).rev().fold(None, |child: Option<Branch>, id| {
                let children = child.into_iter().collect::<Vec<_>>().into();
                Some(Branch { id, name: id.to_string(), children, ..Default::default() })
            })
        };
        drop(nest());
        let mut session = db.session();
        session.add(nest().unwrap());
        assert_eq!(session.flush().await.unwrap().inserted, MANY as usize);
        session.commit().await.unwrap();
        let mut session = db.session();
        session.merge(nest().unwrap()).await.unwrap();
        assert_eq!(session.known::<Branch>().len(), MANY as usize);
        assert_eq!(session.flush().await.unwrap().inserted, 0);
    });
}
