//! Every future of a session, dropped at every point where it waits: nothing is left in a
//! transaction, nothing half done becomes visible, and the session knows what became of it.

use std::time::Duration;

use retro_core::prelude::*;
use retro_tests::cancel::{CancelPoint, cancel_often, for_each_cancel_point, poll_and_drop};
use retro_tests::models::shop::{Country, Manufacturer, Product, ProductView, metadata};
use retro_tests::{Db, on_every_backend};

/// What is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    All,
    Get,
    Load,
    Selectin,
    Stream,
    Partitions,
    Text,
    Explain,
    Refresh,
    Merge,
    Plan,
    Flush,
    Commit,
    BeginNested,
    CommitNested,
    RollbackNested,
    Rollback,
}

/// What the session has done before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It has only read.
    Clean,
    /// An insert, an update, a delete and an overwritten collection wait for a flush.
    Pending,
    /// They are written.
    Flushed,
    /// Some are written, and others wait within a savepoint.
    Savepoint,
}

/// What is done with the session afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aftermath {
    GoOn,
    Drop,
}

/// A manufacturer and its products, which one attempt has for itself.
struct Scene {
    name: String,
    maker: i32,
    /// A row that the attempt's session does not have.
    other: i32,
}

/// A scene as the attempt's session has it.
struct Cast {
    maker: Entity<Manufacturer>,
    changed: Entity<Product>,
    deleted: Entity<Product>,
    relinked: Entity<Product>,
}

#[tokio::test]
async fn reading() {
    use Operation::*;
    cancel_everywhere(Stage::Clean, &[All, Get, Load, Selectin, Refresh, Merge, Rollback]).await;
}

#[tokio::test]
async fn reading_in_other_forms() {
    use Operation::*;
    cancel_everywhere(Stage::Clean, &[Stream, Partitions, Text, Explain]).await;
    cancel_everywhere(Stage::Pending, &[Stream]).await;
    cancel_everywhere(Stage::Flushed, &[Stream, Text]).await;
}

#[tokio::test]
async fn with_changes_that_are_not_written() {
    use Operation::*;
    cancel_everywhere(Stage::Pending, &[All, Plan, Merge, Flush, Commit, BeginNested, Rollback]).await;
}

#[tokio::test]
async fn with_changes_that_are_written() {
    use Operation::*;
    cancel_everywhere(Stage::Flushed, &[All, Get, Load, Selectin, Refresh, Merge]).await;
    cancel_everywhere(Stage::Flushed, &[Commit, BeginNested, Rollback]).await;
}

#[tokio::test]
async fn in_a_savepoint() {
    use Operation::*;
    cancel_everywhere(Stage::Savepoint, &[All, Flush, Commit, CommitNested, RollbackNested, Rollback]).await;
}

#[tokio::test]
async fn a_transaction_of_the_engine() {
    everywhere(async |db| {
        let db = shop(db).await;
        let mut number = 0;
        cancel_often(3, async |point: &mut CancelPoint| {
            number += 1;
            let scene = Scene::build(&db, format!("transaction {number}")).await;
            let work = db.engine.transaction(async |session| {
                let cast = scene.load(session).await?;
                scene.change(session, &cast);
                Ok::<_, Error>(())
            });
            let done = point.run(work).await;
            db.quiet(&db.engine).await;
            let found = scene.stored(&db).await;
            assert!(found == scene.before() || found == scene.after(), "{}: {found:?}", scene.name);
            if let Some(result) = done {
                result.unwrap();
                assert_eq!(found, scene.after());
            }
        })
        .await;
    })
    .await;
}

/// The work of `nested` stops half way: what it has written must not be taken for finished.
#[tokio::test]
async fn work_in_a_savepoint_that_never_ends() {
    everywhere(async |db| {
        let db = shop(db).await;
        let scene = Scene::build(&db, "nested".into()).await;
        let mut session = db.session();
        let cast = scene.load(&mut session).await.unwrap();
        let half = session.nested(async |session| {
            session[cast.changed].year = 2;
            session.flush().await?;
            std::future::pending::<()>().await;
            Ok::<_, Error>(())
        });
        assert!(tokio::time::timeout(Duration::from_millis(300), half).await.is_err());
        assert!(session.commit().await.unwrap_err().is_rolled_back());
        session.rollback().await.unwrap();
        assert_eq!(session[cast.changed].year, 1);
        session.commit().await.unwrap();
        assert_eq!(scene.stored(&db).await, scene.before());
    })
    .await;
}

#[tokio::test]
async fn work_without_autoflush_that_never_ends() {
    let db = shop(Db::in_memory().await).await;
    let mut session = db.session();
    let waiting = session.no_autoflush(async |_| std::future::pending::<()>().await);
    assert!(poll_and_drop(1, waiting).await.is_none());
    session.add(Country { id: 9, name: "Z".into(), ..Default::default() });
    assert_eq!(session.count(select(Country).filter(Country::id.eq(9))).await.unwrap(), 1, "autoflush is on again");
}

/// Cancels operations at every point, on every database, and looks at what is left.
async fn cancel_everywhere(stage: Stage, operations: &[Operation]) {
    everywhere(async |db| {
        let db = shop(db).await;
        for &operation in operations {
            for aftermath in [Aftermath::GoOn, Aftermath::Drop] {
                let mut number = 0;
                for_each_cancel_point(async |point: &mut CancelPoint| {
                    let name = format!("{operation:?} {stage:?} {aftermath:?} {number}");
                    number += 1;
                    attempt(&db, point, name, (stage, operation, aftermath)).await;
                })
                .await;
            }
        }
    })
    .await;
}

async fn everywhere(test: impl AsyncFn(Db)) {
    on_every_backend(&test).await;
    test(Db::in_memory().await).await;
}

async fn shop(db: Db) -> Db {
    let db = db.with(metadata()).await;
    let mut session = db.session();
    for (id, name) in [(1, "X"), (2, "Y")] {
        session.add(Country { id, name: name.into(), ..Default::default() });
    }
    session.commit().await.unwrap();
    db
}

async fn attempt(db: &Db, point: &mut CancelPoint, name: String, what: (Stage, Operation, Aftermath)) {
    let (stage, operation, aftermath) = what;
    let scene = Scene::build(db, name).await;
    let mut session = db.session();
    let cast = scene.load(&mut session).await.unwrap();
    prepare(stage, &scene, &mut session, &cast).await;
    if let Some(result) = point.run(operate(operation, &scene, &mut session, &cast)).await {
        result.unwrap_or_else(|error| panic!("{}: {error}", scene.name));
        session.rollback().await.unwrap();
        return;
    }
    match aftermath {
        Aftermath::GoOn => go_on(db, &scene, session, (stage, operation)).await,
        Aftermath::Drop => drop(session),
    }
    db.quiet(&db.engine).await;
    if aftermath == Aftermath::Drop {
        let found = scene.stored(db).await;
        let committed = operation == Operation::Commit && found == scene.after();
        assert!(committed || found == scene.before(), "{}: {found:?}", scene.name);
    }
    // A new session reads and writes.
    let mut session = db.session();
    let cast = scene.load(&mut session).await.unwrap();
    session[cast.relinked].year = 3;
    session.commit().await.unwrap();
}

async fn prepare(stage: Stage, scene: &Scene, session: &mut Session, cast: &Cast) {
    match stage {
        Stage::Clean => {}
        Stage::Pending => scene.change(session, cast),
        Stage::Flushed => {
            scene.change(session, cast);
            session.flush().await.unwrap();
        }
        Stage::Savepoint => {
            session[cast.changed].year = 2;
            session.begin_nested().await.unwrap();
            scene.change(session, cast);
        }
    }
}

async fn operate(operation: Operation, scene: &Scene, session: &mut Session, cast: &Cast) -> Result<(), Error> {
    let products = select(Product).filter(Product::manufacturer_id.eq(scene.maker));
    match operation {
        Operation::All => session.all(products.options(joined(Product::manufacturer))).await.map(drop),
        Operation::Get => session.get::<Manufacturer>(scene.other).await.map(drop),
        Operation::Load => session.load(cast.changed, Product::countries).await.map(drop),
        Operation::Selectin => {
            let makers = select(Manufacturer).filter(Manufacturer::id.gt(0));
            let with = selectin(Manufacturer::products.then(Product::countries));
            session.all(makers.options(with).order_by(Manufacturer::id.desc()).limit(2)).await.map(drop)
        }
        Operation::Stream => {
            let with = joined(Product::manufacturer);
            let mut rows = session.stream(products.options(with)).await?;
            while rows.next().await?.is_some() {}
            Ok(())
        }
        Operation::Partitions => {
            let mut parts = session.partitions(products, 2).await?;
            while parts.next().await?.is_some() {}
            Ok(())
        }
        Operation::Text => {
            let makers = text("SELECT * FROM products WHERE manufacturer_id = :maker").bind("maker", scene.maker);
            session.all(makers.entities::<Product>().options(selectin(Product::countries))).await.map(drop)
        }
        Operation::Explain => session.explain_analyze(&products).await.map(drop),
        Operation::Refresh => session.refresh(cast.changed).await,
        Operation::Merge => session.merge(scene.detached()).await.map(drop),
        Operation::Plan => session.plan().await.map(drop),
        Operation::Flush => session.flush().await.map(drop),
        Operation::Commit => session.commit().await,
        Operation::BeginNested => session.begin_nested().await,
        Operation::CommitNested => session.commit_nested().await,
        Operation::RollbackNested => session.rollback_nested().await,
        Operation::Rollback => session.rollback().await,
    }
}

/// The session either goes on as if nothing had happened, or refuses everything but a rollback.
async fn go_on(db: &Db, scene: &Scene, mut session: Session, what: (Stage, Operation)) {
    let (stage, operation) = what;
    match session.count(select(Product).filter(Product::manufacturer_id.eq(scene.maker))).await {
        Ok(_) => {
            session.commit().await.unwrap_or_else(|error| panic!("{}: {error}", scene.name));
            db.quiet(&db.engine).await;
            // What a refresh had begun to read anew is as the database has it.
            let expected = if stage == Stage::Clean { scene.before() } else { scene.after() };
            if operation != Operation::Refresh {
                assert_eq!(scene.stored(db).await, expected, "{}", scene.name);
            }
        }
        Err(error) => {
            assert!(error.is_rolled_back(), "{}: {error}", scene.name);
            assert!(session.commit().await.unwrap_err().is_rolled_back(), "{}", scene.name);
            session.rollback().await.unwrap();
            db.quiet(&db.engine).await;
            if operation != Operation::Commit {
                assert_eq!(scene.stored(db).await, scene.before(), "{}", scene.name);
            }
        }
    }
    scene.compare(db, &mut session).await;
    scene.work(&mut session).await;
    scene.compare(db, &mut session).await;
}

impl Scene {
    async fn build(db: &Db, name: String) -> Scene {
        let mut session = db.session();
        let maker = session.add(Manufacturer { name: format!("maker {name}"), ..Default::default() });
        let other = session.add(Manufacturer { name: format!("other {name}"), ..Default::default() });
        let country = session.get::<Country>(1).await.unwrap().unwrap();
        for role in ["changed", "deleted", "relinked"] {
            let product = Product { name: format!("{role} {name}"), year: 1, ..Default::default() };
            let product = session.push(maker, Manufacturer::products, product);
            session.push(product, Product::countries, country);
        }
        session.commit().await.unwrap();
        let (maker, other) = (session[maker].id, session[other].id);
        Scene { name, maker, other }
    }

    async fn load(&self, session: &mut Session) -> Result<Cast, Error> {
        let maker = session.one(select(Manufacturer).filter(Manufacturer::id.eq(self.maker))).await?;
        let products = session.load(maker, Manufacturer::products).await?;
        let role = |role: &str| products.iter().copied().find(|&product| session[product].name.starts_with(role));
        let roles = (role("changed"), role("deleted"), role("relinked"));
        let (Some(changed), deleted, Some(relinked)) = roles else { panic!("{}: products are missing", self.name) };
        Ok(Cast { maker, changed, deleted: deleted.unwrap_or(changed), relinked })
    }

    /// One change of each kind.
    fn change(&self, session: &mut Session, cast: &Cast) {
        session[cast.changed].year = 2;
        session.delete(cast.deleted);
        let added = Product { name: format!("added {}", self.name), year: 2, ..Default::default() };
        session.push(cast.maker, Manufacturer::products, added);
        session.replace(cast.relinked, Product::countries, Vec::<Country>::new());
    }

    /// A manufacturer as a struct from outside, with a product that it does not have.
    fn detached(&self) -> Manufacturer {
        let product = Product { name: format!("merged {}", self.name), year: 5, ..Default::default() };
        Manufacturer { id: self.other, name: format!("merged {}", self.name), products: [product].into() }
    }

    /// Further work of a session that has recovered.
    async fn work(&self, session: &mut Session) {
        for product in session.all(self.products()).await.unwrap() {
            session[product].year = 7;
        }
        session.commit().await.unwrap_or_else(|error| panic!("{}: {error}", self.name));
    }

    fn products(&self) -> Select<Entity<Product>> {
        select(Product).filter(Product::manufacturer_id.eq(self.maker)).order_by(Product::name)
    }

    fn before(&self) -> Vec<String> {
        ["changed 1 X", "deleted 1 X", "relinked 1 X"].map(String::from).into()
    }

    fn after(&self) -> Vec<String> {
        ["added 2 ", "changed 2 X", "relinked 1 "].map(String::from).into()
    }

    /// The products as the database has them: role, year, countries.
    async fn stored(&self, db: &Db) -> Vec<String> {
        let mut session = db.session();
        let products = session.all(self.products().options(selectin(Product::countries))).await.unwrap();
        let describe = |view: ProductView<'_>| {
            let role = view.name().split(' ').next().unwrap_or_default();
            let countries: Vec<&str> = view.countries().map(|country| country.name()).collect();
            format!("{role} {} {}", view.year(), countries.join(","))
        };
        session.views(&products).map(describe).collect()
    }

    /// Memory has nothing that contradicts the database.
    async fn compare(&self, db: &Db, session: &mut Session) {
        let mut other = db.session();
        let rows = other.all(self.products()).await.unwrap();
        let rows: Vec<&Product> = rows.iter().map(|&row| &other[row]).collect();
        assert!(session.is_clean(), "{}: there is something left to write", self.name);
        for product in session.known::<Product>() {
            let id = session[product].id;
            let row = rows.iter().find(|row| row.id == id);
            match (session.fresh(product).await, row) {
                (Ok(found), Some(row)) => {
                    assert_eq!((&found.name, found.year), (&row.name, row.year), "{}", self.name);
                }
                (Err(error), None) => assert!(error.is_not_found(), "{}: {error}", self.name),
                (found, row) => panic!("{}: {found:?} in memory, {row:?} in the database", self.name),
            }
        }
        let maker = session.get::<Manufacturer>(self.maker).await.unwrap().unwrap();
        let mut members: Vec<i32> = Vec::new();
        for product in session.load(maker, Manufacturer::products).await.unwrap() {
            members.push(session[product].id);
        }
        members.sort_unstable();
        let mut stored: Vec<i32> = rows.iter().map(|row| row.id).collect();
        stored.sort_unstable();
        assert_eq!(members, stored, "{}: the collection", self.name);
        session.rollback().await.unwrap();
    }
}
