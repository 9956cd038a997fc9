//! The blog: what its importers refuse, and views, which are committed in portions and go on where
//! they were interrupted.

use std::fs;
use std::time::Duration;

use indicatif::ProgressBar;
use retro_core::prelude::*;
use retro_examples::generate::{GenerateOptions, generate};
use retro_examples::import::{Data, Imported, StoreFile, ViewRow, import_all, import_views, read_rows};
use retro_examples::models::{BlogArticle, BlogSession, BlogUser, BlogView, Customer, Language};
use retro_tests::cancel::poll_and_drop;
use retro_tests::{Accomplice, Db, Random, Verb, on_every_backend};

use super::{Directory, bring_in, tables};

const VIEWS: usize = 3_000;
const PER_COMMIT: usize = 1_000;

/// A store with articles and without views, and its files.
async fn blog(db: Db) -> (Db, Directory) {
    let db = tables(db).await;
    let directory = Directory::new();
    generate(&directory.0, &GenerateOptions { orders: 200, views: VIEWS, seed: 7 }).unwrap();
    for file in StoreFile::ALL.into_iter().filter(|file| *file != StoreFile::Views) {
        bring_in(&db, &directory.data(), file).await.unwrap();
    }
    db.log.clear();
    (db, directory)
}

impl Directory {
    fn views(&self) -> String {
        fs::read_to_string(self.0.join("views.csv")).unwrap()
    }

    fn write_views(&self, text: &str) {
        fs::write(self.0.join("views.csv"), text).unwrap();
    }
}

async fn import(db: &Db, directory: &Directory) -> Result<Imported, String> {
    let imported = import_views(&db.engine, &directory.data(), PER_COMMIT, &ProgressBar::hidden()).await;
    imported.map_err(|error| error.to_string())
}

async fn count(db: &Db) -> usize {
    db.session().count(select(BlogView)).await.unwrap() as usize
}

/// The views of the database are those of the file, in its order, and nothing is there that is not of
/// a view.
async fn check(db: &Db, directory: &Directory) {
    let mut session = db.session();
    let query = select((BlogArticle::title, BlogSession::user_id, BlogSession::id))
        .join(BlogArticle::views)
        .join(BlogView::session)
        .order_by(BlogView::id);
    let columns = session.all(query).await.unwrap();
    let query = select((BlogView::timestamp, Customer::name.nullable()));
    let query = query.join(BlogView::session).join(BlogSession::user).outer_join(BlogUser::customer);
    let rest = session.all(query.order_by(BlogView::id)).await.unwrap();
    let rows: Vec<ViewRow> =
        read_rows(directory.0.join("views.csv")).unwrap().map(|located| located.unwrap().row).collect();
    assert_eq!((columns.len(), rest.len()), (rows.len(), rows.len()));
    for (((title, user, session), (timestamp, customer)), row) in columns.into_iter().zip(rest).zip(&rows) {
        assert_eq!(ViewRow { title, user, session, customer, timestamp }, *row);
    }
    let different = |key: fn(&ViewRow) -> Uuid| rows.iter().map(key).collect::<std::collections::HashSet<_>>().len();
    assert_eq!(session.count(select(BlogUser)).await.unwrap() as usize, different(|row| row.user));
    assert_eq!(session.count(select(BlogSession)).await.unwrap() as usize, different(|row| row.session));
}

#[tokio::test]
async fn a_file_that_failed_goes_on_when_it_is_mended_and_again_when_it_has_grown() {
    on_every_backend(async |db| {
        let (db, directory) = blog(db).await;
        let good = directory.views();
        let mut lines: Vec<&str> = good.lines().collect();
        // The header is line 1, so that this is row 2,500.
        let (end_of_title, _) = lines[2_500].match_indices(' ').next().unwrap();
        let bad = format!("{}s{}", &lines[2_500][..end_of_title], &lines[2_500][end_of_title..]);
        lines[2_500] = &bad;
        directory.write_views(&lines.join("\n"));

        let error = import(&db, &directory).await.unwrap_err();

        assert!(error.starts_with("views.csv line 2501, column `title`: there is no article `"), "{error}");
        assert!(error.contains("`; did you mean `"), "{error}");
        assert_eq!(count(&db).await, 2_000);

        directory.write_views(&good);
        db.log.clear();
        let imported = import(&db, &directory).await.unwrap();
        assert_eq!((imported.rows, imported.skipped), (1_000, 2_000));
        let inserts = db.log.count(Verb::Insert);
        assert!(inserts <= 1_500 / 50, "{inserts} INSERTs for 1,000 views with their visits and readers");
        check(&db, &directory).await;

        db.log.clear();
        let imported = import(&db, &directory).await.unwrap();
        assert_eq!((imported.rows, imported.skipped), (0, VIEWS));
        assert_eq!(db.log.count(Verb::Insert), 0);

        let more: String = good.lines().skip(1).take(10).map(|line| format!("{line}\n")).collect();
        directory.write_views(&(good + &more));
        let imported = import(&db, &directory).await.unwrap();
        assert_eq!((imported.rows, imported.skipped), (10, VIEWS));
        check(&db, &directory).await;
    })
    .await;
}

#[tokio::test]
async fn an_import_may_be_cancelled_anywhere() {
    on_every_backend(async |db| {
        let (db, directory) = blog(db).await;
        let mut before = 0;
        let mut interrupted = 0;
        for polls in (1..).map(|attempt| attempt * (attempt + 1) / 2) {
            let done = poll_and_drop(polls, import(&db, &directory)).await;
            // A COMMIT that is under way may still happen.
            tokio::time::sleep(Duration::from_millis(20)).await;
            let now = count(&db).await;
            assert!(now >= before && now.is_multiple_of(PER_COMMIT), "{now} views after {before}");
            before = now;
            if let Some(done) = done {
                let done = done.unwrap();
                assert_eq!((done.rows + done.skipped, now), (VIEWS, VIEWS));
                break;
            }
            interrupted += 1;
        }
        assert!(interrupted > 2, "{interrupted} interruptions");
        check(&db, &directory).await;
    })
    .await;
}

/// Killed as `kill -9` does, until one comes to its end.
#[tokio::test]
async fn an_import_may_be_killed_anywhere() {
    on_every_backend(async |db| {
        let (db, directory) = blog(db).await;
        let path = directory.0.to_str().unwrap();
        let seed = Random::seed();
        let mut random = Random::new(seed);
        let (mut before, mut killed, mut gone_on) = (0, 0, 0);
        // So that it comes to an end, each lives longer than the one before.
        for round in 1.. {
            let arguments = ["import", db.url(), path, &(PER_COMMIT / 10).to_string()];
            let mut program = Accomplice::start(env!("CARGO_BIN_EXE_accomplice"), &arguments);
            assert_eq!(program.says().await.as_deref(), Some("started"));
            tokio::time::sleep(Duration::from_millis(random.below(20 * round))).await;
            let said = program.kill().await;
            db.quiet(&db.engine).await;

            let now = count(&db).await;
            assert!(now >= before && now.is_multiple_of(PER_COMMIT / 10), "seed {seed}: {now} views after {before}");
            if let [said] = &said[..] {
                assert_eq!(*said, format!("{} {before}", VIEWS - before), "seed {seed}");
                break;
            }
            killed += 1;
            gone_on += usize::from(now > before);
            before = now;
        }
        println!("{}: killed {killed} times, {gone_on} times after a commit; seed {seed}", db.backend());
        assert!(killed > 0, "seed {seed}");
        check(&db, &directory).await;
    })
    .await;
}

#[tokio::test]
async fn another_file_is_noticed() {
    on_every_backend(async |db| {
        let (db, directory) = blog(db).await;
        let views = directory.views();
        import(&db, &directory).await.unwrap();

        let shorter: Vec<&str> = views.lines().take(101).collect();
        directory.write_views(&shorter.join("\n"));
        let error = import(&db, &directory).await.unwrap_err();
        let message = "views.csv line 101: the file ends after 100 views, and the database has 3000; \
                       were they imported from another file?";
        assert_eq!(error, message);

        generate(&directory.0, &GenerateOptions { orders: 200, views: VIEWS, seed: 8 }).unwrap();
        let error = import(&db, &directory).await.unwrap_err();
        assert!(
            error.starts_with("views.csv line 3001: this is view 3000, and in the database that is of `"),
            "{error}"
        );
        assert!(error.ends_with("; was it imported from another file?"), "{error}");
        assert_eq!(count(&db).await, VIEWS);
    })
    .await;
}

#[tokio::test]
async fn languages_that_are_set_are_not_set_again() {
    on_every_backend(async |db| {
        let (db, directory) = blog(db).await;
        assert_eq!(db.session().count(select(Language)).await.unwrap(), 6);

        let rows = bring_in(&db, &directory.data(), StoreFile::Languages).await.unwrap();

        assert_eq!(rows, 44);
        assert_eq!((db.log.count(Verb::Insert), db.log.count(Verb::Update)), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn what_articles_and_views_name_must_be_there() {
    const ARTICLES: &str = "title,author,timestamp,product,language,translation_of";
    const VIEWS: &str = "title,user,session,customer,timestamp";
    let time = "2022-01-01 10:00:00";
    let (user, visit) = (Uuid::new_v4(), Uuid::new_v4());
    on_every_backend(async |db| {
        let (db, directory) = blog(db).await;
        let write = |name: &str, text: String| fs::write(directory.0.join(name), text).unwrap();
        let cases = [
            (
                StoreFile::Articles,
                format!("{ARTICLES}\nNew,Ada,{time},ZX 81,,\n"),
                "articles.csv line 2, column `product`: there is no product `ZX 81`; did you mean `ZX81`?",
            ),
            (
                StoreFile::Languages,
                format!("{ARTICLES}\nThe Comodore 64 at fourty,Ada,{time},,English,\n"),
                "articles.csv line 2, column `title`: there is no article `The Comodore 64 at fourty`; \
                 did you mean `The Commodore 64 at forty`?",
            ),
            (
                StoreFile::Languages,
                format!("{ARTICLES}\nThe Commodore 64 at forty,Ada,{time},,English,?\n"),
                "articles.csv line 2, column `translation_of`: there is no article `?`",
            ),
            (
                StoreFile::Views,
                format!("{VIEWS}\nWhitening yellowed cases,{user},{visit},Nobody At All,{time}\n"),
                "views.csv line 2, column `customer`: there is no customer `Nobody At All`",
            ),
            (
                StoreFile::Views,
                format!("{VIEWS}\nWhitening yellowed cases,me,{visit},,{time}\n"),
                "views.csv line 2, column `user`: `me` is not a UUID, such as 6ba7b810-9dad-41d1-80b4-00c04fd430c8",
            ),
        ];
        for (file, text, expected) in cases {
            write(file.name(), text);
            let error = bring_in(&db, &directory.data(), file).await.unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
        assert_eq!(count(&db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_store_without_a_blog_is_imported_too() {
    on_every_backend(async |db| {
        let db = tables(db).await;
        let directory = Directory::new();
        generate(&directory.0, &GenerateOptions { orders: 10, views: 10, seed: 7 }).unwrap();
        fs::remove_file(directory.0.join("articles.csv")).unwrap();
        fs::remove_file(directory.0.join("views.csv")).unwrap();

        let imported = import_all(&db.engine, &directory.data()).await.unwrap();

        let files: Vec<_> = imported.iter().map(|imported| imported.file).collect();
        assert_eq!(files, [StoreFile::Products, StoreFile::Orders, StoreFile::Reviews]);
        let missing = Data::Directory(directory.0.join("nowhere"));
        assert!(import_all(&db.engine, &missing).await.unwrap_err().to_string().starts_with("cannot read "));
    })
    .await;
}
