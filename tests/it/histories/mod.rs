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

#[tokio::test]
async fn debug_one() {
    use models::Kind::*;
    use reference::Edge::*;
    use steps::Step::*;
    let _ = (Team, PlayerTeam);
    let db = Db::in_memory().await.with(models::metadata()).await;
    let mut world = World::new(&db).await;
    let steps =
        vec![Reopen, Delete(Folder, 4), Set(FolderParent, 2, None), Push(MascotTeam, 0, 0), Add(Team, [None, None])];
    db.log.clear();
    for step in steps {
        println!("{step:?}");
        world.step(step).await;
        for s in db.log.take_all() {
            println!("     {} {}", s.rows, s.sql);
        }
        world.check_memory();
    }
    world.end().await;
}
