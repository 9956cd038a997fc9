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
const PORTION: usize = 10_000;

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
    let mut added = 0;

    loop {
        let size = PORTION.min(per_commit - added % per_commit);
        let portion: Vec<Located<ViewRow>> = rows.by_ref().take(size).collect::<Result<_, _>>()?;
        // There are as many users and visits as the file is long, so that they are asked for anew.
        let mut users = known(session, BlogUser::id, portion.iter().map(|view| view.row.user)).await?;
        let mut visits = known(session, BlogSession::id, portion.iter().map(|view| view.row.session)).await?;
        added += portion.len();
        let is_last = portion.len() < size;

        let (mut new_users, mut new_visits) = (Vec::new(), Vec::new());
        for Located { line, row } in portion {
            let ViewRow { title, user: user_id, session: session_id, customer, timestamp } = row;
            let article = named("article", &title, &articles);
            let article = article.map_err(|reason| rows.error(line, "title", reason))?;
            if users.insert(user_id) {
                let customer = customer.map(|name| named("customer", &name, &customers)).transpose();
                let customer = customer.map_err(|reason| rows.error(line, "customer", reason))?;
                new_users.push(new!(BlogUser { id: user_id, customer }));
            }
            if visits.insert(session_id) {
                new_visits.push(new!(BlogSession { id: session_id, user_id }));
            }
            session.push(article, BlogArticle::views, new!(BlogView { session_id, timestamp }));
        }
        // Random keys in their order touch each page of an index once, and not once for each row.
        new_users.sort_unstable_by_key(|user| user.id);
        new_visits.sort_unstable_by_key(|visit| visit.id);
        session.add_all(new_users);
        session.add_all(new_visits);
        if is_last {
            return Ok(added);
        }
        if added % per_commit == 0 {
            session.commit().await?;
        } else {
            session.flush().await?;
        }
        session.expunge_every::<BlogView>();
        session.expunge_every::<BlogSession>();
        session.expunge_every::<BlogUser>();
    }
}

/// Which of the keys the database has.
async fn known<M: Model>(
    session: &mut Session,
    key: Column<M, Uuid>,
    keys: impl Iterator<Item = Uuid>,
) -> Result<HashSet<Uuid>, Error> {
    let keys: HashSet<Uuid> = keys.collect();
    Ok(session.all(select(key).filter(key.in_(keys))).await?.into_iter().collect())
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
