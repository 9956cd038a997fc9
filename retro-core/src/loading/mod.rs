//! Reading: rows become entities through the identity map, and their relationships are loaded.
//!
//! [`Plan`] says what a query loads of which relationship and how; [`Prepared`] is the query with
//! everything joined to it that is joined; `hydrate` turns rows into entities; `attach` links
//! them; [`Loader`] runs statements and follows the plan step by step. `selectin`, `subquery` and
//! `lazy` are the same step with different restrictions: which owners, found how.

mod attach;
mod by_key;
mod cache;
mod children;
mod explain;
mod flush;
mod found;
mod hydrate;
mod intake;
mod joined;
mod keys;
mod loader;
mod meeting;
mod plan;
mod step;
mod stream;
mod text;
mod untracked;

pub(crate) use by_key::{by_key, get, get_locked, known_keys, reload, renew, unknown_keys};
pub(crate) use explain::{Explain, Explanation};
pub(crate) use flush::{load_for_flush, stored_members, stored_target};
pub(crate) use found::Found;
pub(crate) use hydrate::Renew;
pub(crate) use joined::{Prepared, order};
pub(crate) use loader::{Absorbed, Loader, Work, is_missing};
pub(crate) use meeting::meeting;
pub(crate) use plan::{Plan, Reach, Step, write_only};
pub(crate) use stream::Arriving;
pub(crate) use untracked::WithoutSession;
