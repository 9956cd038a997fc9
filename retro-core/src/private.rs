//! Everything that derived code may call. Not part of the public interface: it changes without
//! notice. Derived code holds no logic; what there is to do is done here and below.

pub use crate::mapping::{Mapper, MapperCell};
pub use crate::model::{Assigned, Mapped};
pub use smallvec::SmallVec;

use crate::engine::Row;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Column, Maybe, Model, ModelDef, One, Rel, RelKind};
use crate::session::View;
use crate::value::ColumnType;

/// Reads the columns of one entity from a row, from left to right.
pub struct RowReader<'r> {
    row: &'r Row,
    next: usize,
    model: &'static ModelDef,
    column: usize,
}

impl<'r> RowReader<'r> {
    pub(crate) fn new(row: &'r Row, offset: usize, model: &'static ModelDef) -> Self {
        RowReader { row, next: offset, model, column: 0 }
    }

    /// The next column, as a field's type.
    pub fn read<T: ColumnType>(&mut self) -> Result<T> {
        let value = self.row.get(self.next, T::SQL_TYPE).and_then(T::from_value);
        let column = self.column;
        self.next += 1;
        self.column += 1;
        value.map_err(|error| self.error(column, error))
    }

    #[cold]
    fn error(&self, column: usize, cause: crate::value::ValueError) -> Error {
        let field = self.model.columns[column].field;
        Error::new(
            ErrorKind::Conversion,
            format!(
                "{}::{field} cannot be read from column `{}.{}`: {cause}",
                self.model.name, self.model.table, self.model.columns[column].name
            ),
        )
        .with_model(self.model.name)
        .with_columns([field])
        .with_source(cause)
    }
}

/// Whether a foreign key field of this type can refer to a key of the type `K`.
#[diagnostic::on_unimplemented(
    message = "a foreign key of type `{Self}` cannot refer to a key of type `{K}`",
    label = "must be `{K}` or `Option<{K}>`"
)]
pub trait ForeignKeyTo<K> {}
impl<K> ForeignKeyTo<K> for K {}
impl<K> ForeignKeyTo<K> for Option<K> {}

/// Checks at compile time that a foreign key field has the type of the key it refers to.
pub const fn check_foreign_key<F: ForeignKeyTo<K>, M, K>(_: Column<M, K>) {}

/// Checks at compile time that a relationship named by `back_populates` leads back: from `U` to `M`.
pub const fn check_back_populates<M, U, K>(_: Rel<U, M, K>) {}

/// A kind of relationship that holds one.
#[diagnostic::on_unimplemented(message = "the other side of a `HasMany` or `HasOne` must be a `BelongsTo`")]
pub trait ToOneKind {}
impl ToOneKind for One {}
impl ToOneKind for Maybe {}

/// A column of a relationship's target, as `order_by` and `foreign_key` name it.
pub const fn column_of<M, T>(column: Column<M, T>) -> u16 {
    column.index()
}

/// Compares two names in a constant.
pub const fn same_name(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether a value is its type's default: then a server default applies.
pub fn is_default<T: ColumnType + Default>(value: &crate::value::Value<'_>) -> bool {
    T::default().to_value() == *value
}

/// A relationship of a viewed entity.
///
/// # Panics
/// If it is not loaded.
#[track_caller]
pub fn view_relationship<'s, M: Model, U: Model, K: RelKind>(view: View<'s, M>, rel: Rel<M, U, K>) -> K::View<'s, U> {
    match crate::session::related(view, rel) {
        Ok(related) => related,
        Err(error) => panic!("{error}"),
    }
}

/// A relationship of a viewed entity, or an error that says how to load it.
pub fn try_view_relationship<'s, M: Model, U: Model, K: RelKind>(
    view: View<'s, M>,
    rel: Rel<M, U, K>,
) -> Result<K::View<'s, U>> {
    crate::session::related(view, rel)
}

/// Writes a viewed entity: its columns and the relationships that are loaded, without the way back.
pub fn serialize_view<M: Model, S: serde::Serializer>(view: View<'_, M>, serializer: S) -> Result<S::Ok, S::Error> {
    crate::session::serialize(view.session(), view.id(), serializer)
}

/// The conversion of [`new!`](crate::new).
pub fn into_field<T, F: crate::macros::IntoField<T>>(value: F) -> T {
    value.into_field()
}
