//! `views.csv`: who read which article when. The file may be of any size, and an import of it may be
//! interrupted and run again.
//!
//! Rows are sent and let go as they come, and committed now and then. The views of the file are the
//! views of the database, in the same order, so what is there already says where to go on. That
//! relies on two things: views come from this file alone, and the file only grows at its end. The
//! last view of the database is compared with its row, so that another file is noticed.

use std::collections::{HashMap, HashSet};

use retro_core::model::Column;
use retro_core::prelude::*;

use super::{ImportError, Located, Rows, ViewRow, named};
use crate::models::{BlogArticle, BlogSession, BlogUser, BlogView, Customer};

/// Rows between two flushes: at most so many are in memory.
const FLUSH: usize = 10_000;

/// Adds the views, users and visits to the session and returns how many views there are; all but the
/// last of them are written, and committed in portions of `per_commit` rows. A user is the customer
/// that the user's first row names.
pub(super) async fn import(
    session: &mut Session,
    mut rows: Rows<ViewRow>,
    per_commit: usize,
) -> Result<usize, ImportError> {
    let articles: HashMap<_, _> = session.all(select((BlogArticle::title, BlogArticle))).await?.into_iter().collect();
    let customers: HashMap<_, _> = session.all(select((Customer::name, Customer))).await?.into_iter().collect();
    // There are as many of these as the file is long: keys of 16 bytes are kept, entities are not.
    let mut users = keys(session, BlogUser::id).await?;
    let mut visits = keys(session, BlogSession::id).await?;
    let mut added = 0;

    while let Some(Located { line, row }) = rows.next().transpose()? {
        let ViewRow { title, user: user_id, session: session_id, customer, timestamp } = row;
        let article = named("article", &title, &articles);
        let article = article.map_err(|reason| rows.error(line, "title", reason))?;
        if users.insert(user_id) {
            let customer = customer.map(|name| named("customer", &name, &customers)).transpose();
            let customer = customer.map_err(|reason| rows.error(line, "customer", reason))?;
            session.add(new!(BlogUser { id: user_id, customer }));
        }
        if visits.insert(session_id) {
            session.add(new!(BlogSession { id: session_id, user_id }));
        }
        session.push(article, BlogArticle::views, new!(BlogView { session_id, timestamp }));
        added += 1;
        if added % per_commit == 0 {
            session.commit().await?;
        } else if added % FLUSH == 0 {
            session.flush().await?;
        } else {
            continue;
        }
        session.expunge_every::<BlogView>();
        session.expunge_every::<BlogSession>();
        session.expunge_every::<BlogUser>();
    }
    Ok(added)
}

/// The keys of a table that may be large: in portions, so that its rows are never in memory together.
async fn keys<M: Model>(session: &mut Session, key: Column<M, Uuid>) -> Result<HashSet<Uuid>, Error> {
    let portion = select(key).order_by(key).limit(FLUSH as u64);
    let mut found = session.all(portion.clone()).await?;
    let mut keys = HashSet::new();
    while let Some(&last) = found.last() {
        keys.extend(found);
        found = session.all(portion.clone().filter(key.gt(last))).await?;
    }
    Ok(keys)
}

/// Skips the rows whose views the database has, and returns how many they are.
pub(super) async fn skip_imported(session: &mut Session, rows: &mut Rows<ViewRow>) -> Result<usize, ImportError> {
    let imported = session.count(select(BlogView)).await? as usize;
    let last = select((BlogView::session_id, BlogView::timestamp, BlogArticle::title))
        .join(BlogView::article)
        .order_by(BlogView::id.desc());
    let Some(last) = session.first(last).await? else { return Ok(0) };

    let (mut line, mut read, mut here) = (1, 0, None);
    for located in rows.by_ref().take(imported) {
        let Located { line: at, row } = located?;
        (line, read, here) = (at, read + 1, Some((row.session, row.timestamp, row.title)));
    }
    if read < imported {
        let reason = format!("the file ends after {read} views, and the database has {imported}");
        return Err(rows.error_in_line(line, format!("{reason}; were they imported from another file?")));
    }
    if here.is_some_and(|here| here != last) {
        let (_, timestamp, title) = last;
        let reason = format!("this is view {imported}, and in the database that is of `{title}` at {timestamp}");
        return Err(rows.error_in_line(line, format!("{reason}; was it imported from another file?")));
    }
    Ok(imported)
}
