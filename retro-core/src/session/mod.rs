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

impl Session {
    pub fn view<M: crate::model::Model>(&self, entity: crate::model::Entity<M>) -> M::View<'_> { todo!() }
}
