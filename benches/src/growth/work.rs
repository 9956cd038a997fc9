//! What is done at each size. Only what is said to be timed is.

use std::time::Duration;

use retro_core::prelude::*;

use super::clock::Clock;
use super::compared;
use super::models::{Book, Link, Shelf, Tag};
use crate::Result;

/// Members of a small collection.
const FEW: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    AddRows,
    AddGraph,
    AddToOneCollection,
    AddChain,
    LoadGraph,
    LoadChain,
    Get,
    Merge,
    Refresh,
    ChangeAll,
    ChangeOneByOne,
    QueryWithPending,
    RemoveEverySecond,
    MoveEverySecond,
    Untag,
    DeleteLoaded,
    DeleteUnloaded,
    DeleteEverySecond,
    DeleteOneByOne,
    DeleteChain,
    ExpungeOneByOne,
    RollBackAdded,
    RollBackChanged,
    RollBackRemoved,
    Savepoints,
    InsertRows,
    InsertOrders,
    LoadRows,
    LoadOrders,
    ChangeSome,
    DeleteOrders,
    GetUnknown,
    ShortTransactions,
}

impl Work {
    pub(super) const ALL: [Work; 33] = [
        Work::AddRows,
        Work::AddGraph,
        Work::AddToOneCollection,
        Work::AddChain,
        Work::LoadGraph,
        Work::LoadChain,
        Work::Get,
        Work::Merge,
        Work::Refresh,
        Work::ChangeAll,
        Work::ChangeOneByOne,
        Work::QueryWithPending,
        Work::RemoveEverySecond,
        Work::MoveEverySecond,
        Work::Untag,
        Work::DeleteLoaded,
        Work::DeleteUnloaded,
        Work::DeleteEverySecond,
        Work::DeleteOneByOne,
        Work::DeleteChain,
        Work::ExpungeOneByOne,
        Work::RollBackAdded,
        Work::RollBackChanged,
        Work::RollBackRemoved,
        Work::Savepoints,
        Work::InsertRows,
        Work::InsertOrders,
        Work::LoadRows,
        Work::LoadOrders,
        Work::ChangeSome,
        Work::DeleteOrders,
        Work::GetUnknown,
        Work::ShortTransactions,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Work::AddRows => "add n rows",
            Work::AddGraph => "add n rows in collections of 10, tagged",
            Work::AddToOneCollection => "add n rows to one collection",
            Work::AddChain => "add a chain of n/10 rows",
            Work::LoadGraph => "load n rows in collections of 10, with tags",
            Work::LoadChain => "load a chain of n/10 rows row by row",
            Work::Get => "get n rows that are known",
            Work::Merge => "merge n rows that are known",
            Work::Refresh => "expire n rows and load them again",
            Work::ChangeAll => "change n rows, one flush",
            Work::ChangeOneByOne => "n rows known, n/10 flushes of one change",
            Work::QueryWithPending => "n rows pending, n/10 queries of another table",
            Work::RemoveEverySecond => "remove every second of n members",
            Work::MoveEverySecond => "move every second of n members",
            Work::Untag => "remove n many-to-many links",
            Work::DeleteLoaded => "delete n/10 owners of 10, loaded",
            Work::DeleteUnloaded => "delete n/10 owners of 10, not loaded",
            Work::DeleteEverySecond => "delete every second of n members",
            Work::DeleteOneByOne => "n rows known, n/100 flushes of one delete",
            Work::DeleteChain => "delete a chain of n/10 rows, not loaded",
            Work::ExpungeOneByOne => "expunge n members of one collection one by one",
            Work::RollBackAdded => "roll back n added members",
            Work::RollBackChanged => "roll back n changed rows",
            Work::RollBackRemoved => "roll back n/2 removed members",
            Work::Savepoints => "n/10 savepoints in one transaction",
            Work::InsertRows => "insert n rows of six columns",
            Work::InsertOrders => "insert n/5 orders, with buyers and 3 lines each",
            Work::LoadRows => "load n rows of six columns",
            Work::LoadOrders => "load n/5 orders, with all that is theirs",
            Work::ChangeSome => "change n/10 of n rows, one flush",
            Work::DeleteOrders => "delete n/20 of n/5 orders, with lines",
            Work::GetUnknown => "get n times one of n/10 rows",
            Work::ShortTransactions => "n/100 short transactions",
        }
    }

    /// Does it with tables that are empty, and tells how long the part in question took.
    pub(super) async fn run(self, engine: &Engine, n: usize) -> Result<Duration> {
        let mut session = Session::new(engine);
        match self {
            Work::AddRows => {
                let clock = Clock::start();
                session.add_all((0..n).map(book));
                session.commit().await?;
                Ok(clock.stop())
            }
            Work::AddGraph => {
                let clock = Clock::start();
                graph(&mut session, n).await?;
                Ok(clock.stop())
            }
            Work::AddToOneCollection => {
                let clock = Clock::start();
                one_shelf(&mut session, n).await?;
                Ok(clock.stop())
            }
            Work::AddChain => {
                let clock = Clock::start();
                chain(&mut session, n / FEW).await?;
                Ok(clock.stop())
            }
            Work::LoadGraph => {
                graph(&mut session, n).await?;
                let mut session = Session::new(engine);
                let clock = Clock::start();
                let shelves = select(Shelf).options(selectin(Shelf::books.then(Book::tags)));
                session.all(shelves).await?;
                Ok(clock.stop())
            }
            Work::LoadChain => {
                let root = chain(&mut session, n / FEW).await?;
                let key = session[root].id;
                let mut session = Session::new(engine);
                let clock = Clock::start();
                let mut last = session.get::<Link>(key).await?;
                while let Some(link) = last {
                    session.load(link, Link::below).await?;
                    last = session.entities(link, Link::below).first().copied();
                }
                Ok(clock.stop())
            }
            Work::Get => {
                let keys = keys(&mut session, n).await?;
                let clock = Clock::start();
                for key in keys {
                    session.get::<Book>(key).await?;
                }
                Ok(clock.stop())
            }
            Work::Merge => {
                let keys = keys(&mut session, n).await?;
                let clock = Clock::start();
                for (number, key) in keys.into_iter().enumerate() {
                    session.merge(Book { id: key, ..book(number + 1) }).await?;
                }
                session.commit().await?;
                Ok(clock.stop())
            }
            Work::Refresh => {
                let books = session.add_all((0..n).map(book));
                session.commit().await?;
                let clock = Clock::start();
                session.expire_all();
                session.all(select(Book)).await?;
                debug_assert!(books.iter().all(|&book| !session.is_expired(book)));
                Ok(clock.stop())
            }
            Work::ChangeAll => {
                let books = session.add_all((0..n).map(book));
                session.commit().await?;
                let clock = Clock::start();
                for book in books {
                    session[book].title.push('!');
                }
                session.commit().await?;
                Ok(clock.stop())
            }
            Work::ChangeOneByOne => {
                let books = session.add_all((0..n).map(book));
                session.commit().await?;
                let clock = Clock::start();
                for &book in books.iter().step_by(FEW) {
                    session[book].title.push('!');
                    session.flush().await?;
                }
                session.commit().await?;
                Ok(clock.stop())
            }
            Work::QueryWithPending => {
                session.add_all((0..n).map(book));
                let clock = Clock::start();
                for _ in 0..n / FEW {
                    session.exists(select(Link)).await?;
                }
                Ok(clock.stop())
            }
            Work::RemoveEverySecond => {
                let (shelf, books) = one_shelf(&mut session, n).await?;
                let clock = Clock::start();
                for &book in books.iter().step_by(2) {
                    session.remove(shelf, Shelf::books, book);
                }
                session.commit().await?;
                Ok(clock.stop())
            }
            Work::MoveEverySecond => {
                let (_, books) = one_shelf(&mut session, n).await?;
                let other = session.add(Shelf::default());
                let clock = Clock::start();
                for &book in books.iter().step_by(2) {
                    session.set(book, Book::shelf, other);
                }
                session.commit().await?;
                Ok(clock.stop())
            }
            Work::Untag => {
                let books = graph(&mut session, n).await?;
                let clock = Clock::start();
                for book in books {
                    for tag in session.entities(book, Book::tags) {
                        session.remove(book, Book::tags, tag);
                    }
                }
                session.commit().await?;
                Ok(clock.stop())
            }
            Work::DeleteLoaded => {
                graph(&mut session, n).await?;
                let clock = Clock::start();
                for shelf in session.known::<Shelf>() {
                    session.delete(shelf);
                }
                session.commit().await?;
                Ok(clock.stop())
            }
            Work::DeleteUnloaded => {
                graph(&mut session, n).await?;
                let mut session = Session::new(engine);
                let shelves = session.all(select(Shelf)).await?;
                let clock = Clock::start();
                for shelf in shelves {
                    session.delete(shelf);
                }
                session.commit().await?;
                Ok(clock.stop())
            }
            Work::DeleteEverySecond => {
                let (_, books) = one_shelf(&mut session, n).await?;
                let clock = Clock::start();
                for &book in books.iter().step_by(2) {
                    session.delete(book);
                }
                session.commit().await?;
                Ok(clock.stop())
            }
            Work::DeleteOneByOne => {
                let books = graph(&mut session, n).await?;
                let clock = Clock::start();
                for &book in books.iter().step_by(FEW * FEW) {
                    session.delete(book);
                    session.flush().await?;
                }
                session.commit().await?;
                Ok(clock.stop())
            }
            Work::DeleteChain => {
                let root = chain(&mut session, n / FEW).await?;
                let key = session[root].id;
                let mut session = Session::new(engine);
                let clock = Clock::start();
                if let Some(root) = session.get::<Link>(key).await? {
                    session.delete(root);
                }
                session.commit().await?;
                Ok(clock.stop())
            }
            Work::ExpungeOneByOne => {
                let (_, books) = one_shelf(&mut session, n).await?;
                let clock = Clock::start();
                for &book in books.iter().rev().step_by(2).chain(books.iter().step_by(2)) {
                    if session.contains(book) {
                        session.expunge(book)?;
                    }
                }
                Ok(clock.stop())
            }
            Work::RollBackAdded => {
                let (shelf, _) = one_shelf(&mut session, 1).await?;
                for number in 0..n {
                    let book = session.add(book(number));
                    session.push(shelf, Shelf::books, book);
                }
                session.flush().await?;
                let clock = Clock::start();
                session.rollback().await?;
                Ok(clock.stop())
            }
            Work::RollBackChanged => {
                let books = session.add_all((0..n).map(book));
                session.commit().await?;
                for book in books {
                    session[book].title.push('!');
                }
                let clock = Clock::start();
                session.rollback().await?;
                Ok(clock.stop())
            }
            Work::RollBackRemoved => {
                let (shelf, books) = one_shelf(&mut session, n).await?;
                let kept: Vec<Entity<Book>> = books.iter().copied().skip(1).step_by(2).collect();
                session.replace(shelf, Shelf::books, kept);
                let clock = Clock::start();
                session.rollback().await?;
                Ok(clock.stop())
            }
            Work::Savepoints => {
                let books = session.add_all((0..n).map(book));
                session.commit().await?;
                let clock = Clock::start();
                for &book in books.iter().step_by(FEW) {
                    session.begin_nested().await?;
                    session[book].title.push('!');
                    session.commit_nested().await?;
                }
                session.commit().await?;
                Ok(clock.stop())
            }
            Work::InsertRows => compared::insert(engine, n).await,
            Work::InsertOrders => compared::insert_orders(engine, n).await,
            Work::LoadRows => compared::load(engine, n).await,
            Work::LoadOrders => compared::load_orders(engine, n).await,
            Work::ChangeSome => compared::change(engine, n).await,
            Work::DeleteOrders => compared::delete_orders(engine, n).await,
            Work::GetUnknown => compared::get(engine, n).await,
            Work::ShortTransactions => compared::short(engine, n).await,
        }
    }
}

fn book(number: usize) -> Book {
    Book { title: format!("Volume {number}"), ..Book::default() }
}

/// `n` books on shelves of ten, each with one of `n / 100` tags and a tag of its own shelf.
async fn graph(session: &mut Session, n: usize) -> Result<Vec<Entity<Book>>> {
    let tags = session.add_all((0..(n / FEW / FEW).max(1)).map(|n| Tag { name: n.to_string(), ..Tag::default() }));
    let mut books = Vec::with_capacity(n);
    for number in 0..n / FEW {
        let shelf = session.add(Shelf { name: number.to_string(), ..Shelf::default() });
        for place in 0..FEW {
            let book = session.add(book(number * FEW + place));
            session.push(shelf, Shelf::books, book);
            session.push(book, Book::tags, tags[number % tags.len()]);
            books.push(book);
        }
    }
    session.commit().await?;
    Ok(books)
}

/// A shelf of `n` books.
async fn one_shelf(session: &mut Session, n: usize) -> Result<(Entity<Shelf>, Vec<Entity<Book>>)> {
    let shelf = session.add(Shelf::default());
    let mut books = Vec::with_capacity(n);
    for number in 0..n {
        let book = session.add(book(number));
        session.push(shelf, Shelf::books, book);
        books.push(book);
    }
    session.commit().await?;
    Ok((shelf, books))
}

/// The first of `n` rows that each follow the one before. Their keys are given, so that they can be
/// written by few statements.
async fn chain(session: &mut Session, n: usize) -> Result<Entity<Link>> {
    let root = session.add(Link { id: 1, ..Link::default() });
    let mut above = root;
    for number in 1..n {
        let link = session.add(Link { id: number as i64 + 1, ..Link::default() });
        session.set(link, Link::above, above);
        above = link;
    }
    session.commit().await?;
    Ok(root)
}

/// The keys of `n` rows that the session knows.
async fn keys(session: &mut Session, n: usize) -> Result<Vec<i64>> {
    let books = session.add_all((0..n).map(book));
    session.commit().await?;
    Ok(books.into_iter().map(|book| session[book].id).collect())
}
