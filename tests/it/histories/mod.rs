//! Random histories of a session against a naive reference.
//!
//! After each step what the session shows of what is loaded equals the reference, after each flush the
//! tables do, after each commit so does what another session loads; after a rollback, of a savepoint or
//! the whole, memory and tables are as they were. What must fail fails, and the session goes on after it.
//!
//! `RETRO_CASES=10000` runs more histories, `RETRO_SEED=..` the same ones again.

mod check;
mod edges;
mod models;
mod reference;
mod steps;
mod world;

use retro_tests::{Backend, Db};

use steps::steps;
use world::World;

/// 200 histories on SQLite, fewer on servers, where each takes longer.
#[test]
fn memory_tables_and_reference_agree() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for backend in Backend::all() {
        let (name, cases) = (backend.name(), if backend == Backend::Sqlite { 200 } else { 10 });
        let db = runtime.block_on(async {
            let db = if backend == Backend::Sqlite { Db::in_memory().await } else { Db::create(backend).await };
            db.with(models::metadata()).await
        });
        crate::cases::run(&format!("on {name}"), cases, &steps(), |steps| {
            runtime.block_on(async {
                let mut world = World::new(&db).await;
                for step in steps {
                    world.step(step).await;
                    world.check_memory();
                }
                world.end().await;
            });
        });
        runtime.block_on(db.remove());
    }
}

/// Histories that have found a defect, as short as they could be made.
#[test]
fn histories_that_went_wrong_once() {
    use models::Kind;
    use reference::Edge;
    use steps::Step;
    let histories = [
        // A child that changes is still linked to the entity that its parent was before it left the
        // session; that is no move to another parent.
        vec![
            Step::Expunge(Kind::Team, 0),
            Step::Push(Edge::PlayerTeam, 0, 0),
            Step::Name(Kind::Player, 2),
            Step::LoadChildren(Edge::PlayerTeam, 0),
        ],
        // A child comes back to the parent that the database has for it, whose children are loaded only
        // then. The rollback must not take it for one that was added.
        vec![
            Step::Reopen,
            Step::Set(Edge::MeetingRoom, 0, None),
            Step::Push(Edge::MeetingRoom, 0, 0),
            Step::LoadChildren(Edge::MeetingRoom, 0),
            Step::Rollback,
        ],
        // Likewise where the flush loads them, because the parent goes.
        vec![
            Step::Reopen,
            Step::Set(Edge::MeetingRoom, 0, None),
            Step::Delete(Kind::Room, 0),
            Step::Push(Edge::MeetingRoom, 0, 0),
            Step::Flush,
            Step::Rollback,
        ],
        // A new row leaves before it is written, and the other side, which is not loaded, has nothing to
        // remove.
        vec![
            Step::Reopen,
            Step::Add(Kind::Badge, [None, None]),
            Step::Award(0, 2, false),
            Step::Delete(Kind::Badge, 2),
            Step::Flush,
        ],
    ];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let db = Db::in_memory().await.with(models::metadata()).await;
        for history in histories {
            let mut world = World::new(&db).await;
            for step in history {
                world.step(step).await;
                world.check_memory();
            }
            world.end().await;
        }
    });
}
