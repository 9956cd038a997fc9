//! Conditions that hold for every query of a session: rows marked as deleted, rows of other tenants.

use retro_core::prelude::*;
use retro_core::query::Expr;
use retro_tests::{Capability, Db, on_every_backend};

#[derive(Model, Debug, Clone)]
#[retro(table = "folders")]
struct Folder {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 32)]
    name: String,
    tenant: i32,
    #[retro(back_populates = folder, cascade = "all, delete-orphan", order_by = Note::id)]
    notes: HasMany<Note>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "notes")]
struct Note {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 32)]
    text: String,
    deleted: bool,
    #[retro(foreign_key = Folder::id)]
    folder_id: i32,
    #[retro(key = folder_id, back_populates = notes)]
    folder: BelongsTo<Folder>,
    #[retro(secondary = "notes_tags", back_populates = notes, order_by = Tag::id)]
    tags: ManyToMany<Tag>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "tags")]
struct Tag {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 32)]
    name: String,
    deleted: bool,
    #[retro(secondary = "notes_tags", back_populates = tags, order_by = Note::id)]
    notes: ManyToMany<Note>,
}

/// Two tenants; a note, and a tag, of the first are deleted.
async fn fill(db: Db) -> Db {
    let db = db.with(metadata![Folder, Note, Tag]).await;
    let mut session = db.session();
    let home = session.add(new!(Folder { name: "home", tenant: 1 }));
    let work = session.add(new!(Folder { name: "work", tenant: 1 }));
    let other = session.add(new!(Folder { name: "other", tenant: 2 }));
    let milk = session.push(home, Folder::notes, new!(Note { text: "milk" }));
    let bread = session.push(home, Folder::notes, new!(Note { text: "bread", deleted: true }));
    session.push(work, Folder::notes, new!(Note { text: "report", deleted: true }));
    session.push(other, Folder::notes, new!(Note { text: "secret" }));
    let food = session.add(new!(Tag { name: "food" }));
    let old = session.add(new!(Tag { name: "old", deleted: true }));
    for note in [milk, bread] {
        session.push(note, Note::tags, food);
        session.push(note, Note::tags, old);
    }
    session.commit().await.unwrap();
    db.log.clear();
    db
}

/// What a request of the first tenant sees.
fn filtered(db: &Db) -> Session {
    db.session()
        .with_default_filter(Folder, "tenant", Folder::tenant.eq(1))
        .with_default_filter(Note, "deleted", !Note::deleted)
        .with_default_filter(Note, "tenant", Note::folder.has(Folder::tenant.eq(1)))
        .with_default_filter(Tag, "deleted", !Tag::deleted)
}

async fn texts(session: &mut Session, query: Select<String>) -> Vec<String> {
    session.all(query).await.unwrap()
}

#[tokio::test]
async fn every_reading_of_a_model_is_narrowed() {
    on_every_backend(async |db| {
        let db = fill(db).await;
        let mut session = filtered(&db);
        assert_eq!(texts(&mut session, select(Note::text)).await, ["milk"]);
        assert_eq!(session.count(select(Folder)).await.unwrap(), 2);
        assert!(!session.exists(select(Note).filter(Note::text.eq("bread"))).await.unwrap());

        let joined = select((Folder::name, Note::text)).join(Folder::notes);
        assert_eq!(session.all(joined).await.unwrap(), [("home".into(), "milk".into())]);
        let outer = select((Folder::name, Note::text.nullable())).outer_join(Folder::notes).order_by(Folder::name);
        let rows = session.all(outer).await.unwrap();
        assert_eq!(rows, [("home".into(), Some("milk".into())), ("work".into(), None)], "work keeps its row");

        let again = alias(Note);
        let twice =
            select((Note::text, Note::text.of(again))).join_on(again, Note::folder_id.eq(Note::folder_id.of(again)));
        assert_eq!(session.all(twice).await.unwrap(), [("milk".into(), "milk".into())]);

        let with_notes = |notes: Expr<bool>| select(Folder::name).filter(notes).order_by(Folder::name);
        assert_eq!(texts(&mut session, with_notes(Folder::notes.any(Note::text.ne("")))).await, ["home"]);
        assert_eq!(texts(&mut session, with_notes(Folder::notes.is_empty())).await, ["work"]);
        assert_eq!(
            texts(&mut session, with_notes(Folder::notes.any(Note::tags.any(Tag::name.eq("old"))))).await,
            [""; 0]
        );

        let by_id = select(Folder::name).filter(Folder::id.in_(select(Note::folder_id)));
        assert_eq!(texts(&mut session, by_id).await, ["home"]);
        let counted = select(count(Note)).filter(Note::folder_id.eq(Folder::id)).scalar();
        let rows = session.all(select((Folder::name, counted)).order_by(Folder::name)).await.unwrap();
        assert_eq!(rows, [("home".into(), Some(1)), ("work".into(), Some(0))]);
        let names = select(Note::text).cte("names");
        assert_eq!(texts(&mut session, select(names.columns()).from(&names)).await, ["milk"]);
        let both = select(Note::text).union(select(Folder::name)).order_by(Note::text);
        assert_eq!(texts(&mut session, both).await, ["home", "milk", "work"]);
    })
    .await;
}

#[tokio::test]
async fn joins_that_keep_unmatched_rows_keep_the_right_ones() {
    on_every_backend(async |db| {
        let db = fill(db).await;
        let mut session = filtered(&db);
        let right =
            select((Note::text.nullable(), Folder::name)).from(Note).right_join(Note::folder).order_by(Folder::name);
        let rows = session.all(right).await.unwrap();
        assert_eq!(rows, [(Some("milk".into()), "home".into()), (None, "work".into())]);
        if db.can(Capability::FullJoin) {
            let full = select((Note::text.nullable(), Folder::name.nullable()))
                .from(Note)
                .full_join(Note::folder)
                .order_by(Folder::name);
            let rows = session.all(full).await.unwrap();
            assert_eq!(rows, [(Some("milk".into()), Some("home".into())), (None, Some("work".into()))]);
        }
    })
    .await;
}

#[tokio::test]
async fn loaders_and_keys_obey() {
    on_every_backend(async |db| {
        let db = fill(db).await;
        for options in [selectin(Folder::notes), joined(Folder::notes), subquery(Folder::notes), lazy(Folder::notes)] {
            let mut session = filtered(&db);
            let folders = session.all(select(Folder).order_by(Folder::name).options(options)).await.unwrap();
            let mut found = Vec::new();
            for folder in folders {
                for note in session.load(folder, Folder::notes).await.unwrap() {
                    for tag in session.load(note, Note::tags).await.unwrap() {
                        found.push(format!("{} {} {}", session[folder].name, session[note].text, session[tag].name));
                    }
                }
            }
            assert_eq!(found, ["home milk food"]);
        }

        let mut session = filtered(&db);
        assert!(session.get::<Note>(1).await.unwrap().is_some());
        assert!(session.get::<Note>(2).await.unwrap().is_none(), "deleted");
        assert!(session.get::<Note>(4).await.unwrap().is_none(), "another tenant's");
        let folder = session.get::<Folder>(1).await.unwrap().unwrap();
        let members = session.members(folder, Folder::notes).unwrap();
        assert_eq!(session.count(members).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_query_leaves_filters_out_by_name() {
    on_every_backend(async |db| {
        let db = fill(db).await;
        let mut session = filtered(&db);
        let all = select(Note::text).order_by(Note::id);
        assert_eq!(texts(&mut session, all.clone().without_filter("deleted")).await, ["milk", "bread", "report"]);
        let everything = all.without_filter("deleted").without_filter("tenant");
        assert_eq!(texts(&mut session, everything).await, ["milk", "bread", "report", "secret"]);
        let query = select(Folder).options(selectin(Folder::notes)).without_filter("deleted").order_by(Folder::id);
        let folders = session.all(query).await.unwrap();
        let notes: Vec<usize> = session.views(&folders).map(|folder| folder.notes().len()).collect();
        assert_eq!(notes, [2, 1], "what is loaded with the query follows it");

        // What an entity loads later follows the session, and a filter of the same name replaces.
        let mut session = filtered(&db).with_default_filter(Note, "deleted", Note::deleted);
        assert_eq!(texts(&mut session, select(Note::text).order_by(Note::id)).await, ["bread", "report"]);
    })
    .await;
}

#[tokio::test]
async fn cascades_see_everything() {
    on_every_backend(async |db| {
        let db = fill(db).await;
        let mut session = filtered(&db);
        let work = session.one(select(Folder).filter(Folder::name.eq("work"))).await.unwrap();
        session.delete(work);
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT text FROM notes ORDER BY id").await, ["milk", "bread", "secret"]);
    })
    .await;
}

#[tokio::test]
async fn a_condition_that_reads_pending_rows_flushes_them() {
    on_every_backend(async |db| {
        let db = fill(db).await;
        let mut session = filtered(&db);
        let home = session.one(select(Folder).filter(Folder::name.eq("home"))).await.unwrap();
        session[home].tenant = 2;
        assert_eq!(texts(&mut session, select(Note::text)).await, [""; 0]);
    })
    .await;
}
