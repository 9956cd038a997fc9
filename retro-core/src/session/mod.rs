//! What users see: the [`Session`].

mod view;

pub use view::{ModelView, View, Views};

use crate::engine::Engine;
use crate::identity::Store;

/// The unit of work.
pub struct Session {
    engine: Engine,
    store: Store,
}
