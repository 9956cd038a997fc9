//! Texts of the statements that loaders send, rendered once for each shape.

use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::dialect::Dialect;
use crate::error::Result;
use crate::mapping::MapperId;
use crate::sql::KeyForm;

/// What the text of a loader's statement depends on. The number of shapes is bounded: lists have
/// few different lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    pub(super) dialect: Dialect,
    /// Whose keys the list has.
    pub(super) mapper: MapperId,
    /// The relationship that is loaded; `None` for entities by their own key.
    pub(super) relationship: Option<u16>,
    pub(super) list: KeyForm,
}

static TEXTS: LazyLock<RwLock<FxHashMap<Shape, Arc<str>>>> = LazyLock::new(RwLock::default);

/// The text of a shape, rendered if this is the first time.
pub(super) fn text(shape: Shape, render: impl FnOnce() -> Result<String>) -> Result<Arc<str>> {
    // A panic while the lock was held cannot have left a text half inserted.
    if let Some(text) = TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(&shape) {
        return Ok(text.clone());
    }
    let text: Arc<str> = render()?.into();
    TEXTS.write().unwrap_or_else(PoisonError::into_inner).insert(shape, text.clone());
    Ok(text)
}
