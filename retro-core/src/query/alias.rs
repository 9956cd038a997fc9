//! [`Alias`]: a model read once more in the same query.

use std::fmt;
use std::marker::PhantomData;

use super::Expr;
use crate::model::{Column, Mapped, Model, Root};
use crate::sql::ast::Source;
use crate::sql::fresh_alias;
use crate::value::ColumnType;

/// A model under another name, so that one query can read its table twice. Selected and joined like
/// the model itself; its columns are those of the model, [`of`](Column::of) it.
pub struct Alias<M> {
    source: Source,
    model: PhantomData<fn() -> M>,
}

/// A model under another name.
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "articles")]
/// # struct Article {
/// #     #[retro(primary_key)]
/// #     id: i32,
/// #     title: String,
/// #     #[retro(foreign_key = Article::id)]
/// #     translation_of_id: Option<i32>,
/// #     #[retro(key = translation_of_id)]
/// #     translation_of: BelongsTo<Option<Article>>,
/// # }
/// let original = alias(Article);
/// let translations: Select<(String, String)> = select((Article::title.of(original), Article::title))
///     .from(Article)
///     .join(Article::translation_of.to(original));
/// ```
pub fn alias<M: Model>(_: Root<M>) -> Alias<M> {
    Alias::new(Source::of(M::mapper()).aliased(fresh_alias()))
}

impl<M> Alias<M> {
    pub(crate) fn new(source: Source) -> Self {
        Alias { source, model: PhantomData }
    }

    pub(crate) fn source(self) -> Source {
        self.source
    }
}

impl<M: Mapped, T: ColumnType> Column<M, T> {
    /// The column of an alias of the model.
    pub fn of(self, alias: Alias<M>) -> Expr<T> {
        Expr::new(alias.source.column(self.definition()).node())
    }
}

impl<M> Clone for Alias<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Alias<M> {}

impl<M> fmt::Debug for Alias<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Alias({})", self.source.name())
    }
}
