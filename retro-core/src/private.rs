//! Everything that derived code may call. Not part of the public interface: it changes without
//! notice. Derived code holds no logic; what there is to do is done here and below.

pub use crate::mapping::{Mapper, MapperCell};
pub use crate::model::checks::*;
pub use crate::model::{Assigned, Mapped};
pub use serde::{Serialize, Serializer};
pub use smallvec::SmallVec;

use std::borrow::Cow;

use crate::engine::{Columns, EngineBuilder, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{ColumnDef, Model, ModelDef, Rel, RelKind};
use crate::session::{Session, View};
use crate::sql::Statement;
use crate::value::{ColumnType, SqlType, Value, ValueError};

/// What the expression of a hybrid is made of.
pub mod hybrid {
    pub use crate::query::hybrid::*;
}

/// Sends a statement as it is in the session's transaction, past the session: nothing is flushed
/// before it, and nothing in memory follows it. For tests of what a session makes of rows that
/// change under it. Gives the number of rows that it wrote.
pub async fn execute(session: &mut Session, sql: &str) -> Result<u64> {
    session.transaction.check()?;
    session.store.journal.wrote = true;
    let executed = session.transaction.execute(&Statement::once(sql, Vec::new())).await?;
    Ok(executed.rows)
}

/// Has the future of each statement wait once when the database has answered and nobody has taken note:
/// for tests that drop futures. A database within this process often answers without being waited for.
pub fn pausing(builder: EngineBuilder) -> EngineBuilder {
    builder.pausing()
}

/// Reads the columns of one entity from a row, from left to right.
pub struct RowReader<'r> {
    row: &'r Row,
    columns: &'r Columns,
    model: &'static ModelDef,
    column: usize,
}

impl<'r> RowReader<'r> {
    pub(crate) fn new(row: &'r Row, columns: &'r Columns, model: &'static ModelDef) -> Self {
        RowReader { row, columns, model, column: 0 }
    }

    /// The next column, as a field's type. `from_value` is that of the type.
    pub fn read_as<T>(
        &mut self,
        sql_type: SqlType,
        from_value: impl FnOnce(Value<'_>) -> Result<T, ValueError>,
    ) -> Result<T> {
        let column = self.column;
        let value = self.row.get(self.columns.place(column), sql_type).and_then(from_value);
        self.column += 1;
        value.map_err(|error| self.error(column, error))
    }

    #[cold]
    fn error(&self, column: usize, cause: ValueError) -> Error {
        let field = self.model.columns[column].field;
        let key = self.key(column);
        let of = key.as_ref().map(|key| format!(" of {key}")).unwrap_or_default();
        let error = Error::new(
            ErrorKind::Conversion,
            format!(
                "{}::{field}{of} cannot be read from column `{}.{}`: {cause}",
                self.model.name, self.model.table, self.model.columns[column].name
            ),
        )
        .with_model(self.model.name)
        .with_columns([field])
        .with_source(cause);
        match key {
            Some(key) => error.with_entity(key),
            None => error,
        }
    }

    /// Model and key of the row, unless it is the key that cannot be read.
    fn key(&self, unreadable: usize) -> Option<String> {
        let mut shown = Vec::with_capacity(self.model.primary_key.len());
        for &column in self.model.primary_key {
            let definition = &self.model.columns[usize::from(column)];
            if usize::from(column) == unreadable {
                return None;
            }
            let value = self.row.get(self.columns.place(column.into()), definition.sql_type).ok()?;
            let value = if definition.sensitive { "***".to_owned() } else { value.to_string() };
            shown.push(format!("{} = {value}", definition.field));
        }
        Some(format!("{} ({})", self.model.name, shown.join(", ")))
    }
}

/// A column without any attribute. Takes the type apart, so that derived code names the field's type
/// as `ColumnType` and nothing else.
pub const fn column_def(field: &'static str, sql_type: SqlType, nullable: bool) -> ColumnDef {
    ColumnDef { sql_type, nullable, ..ColumnDef::new::<bool>(field) }
}

/// Whether a field was not set, so that a server default applies: it is `None`, or its type's
/// default where that is no plausible value. False and zero are plausible; an empty text, the epoch
/// and the nil UUID are not.
pub fn is_unset<T: ColumnType + Default>(value: &Value<'_>) -> bool {
    match T::default().to_value() {
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => false,
        #[cfg(feature = "decimal")]
        Value::Decimal(_) => false,
        default => default == *value,
    }
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
pub fn serialize_view<M: Model, S: Serializer>(view: View<'_, M>, serializer: S) -> Result<S::Ok, S::Error> {
    crate::session::serialize(view.store(), view.id(), serializer)
}

/// The conversion of [`new!`](crate::new).
pub fn into_field<T, F: crate::macros::IntoField<T>>(value: F) -> T {
    value.into_field()
}

/// A variant of an enum column, as the text that stands for it.
pub fn enum_value(text: &'static str) -> Value<'static> {
    Value::Text(text.into())
}

/// The text of an enum column.
pub fn enum_text(value: Value<'_>, sql_type: SqlType) -> Result<Cow<'_, str>, ValueError> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(ValueError::mismatch(&other, sql_type)),
    }
}

/// The error of a text that stands for no variant. The text is not quoted: it may be sensitive.
#[cold]
pub fn unknown_variant(sql_type: SqlType) -> ValueError {
    let variants = match sql_type {
        SqlType::Enum(it) => it.variants.join(", "),
        _ => String::new(),
    };
    ValueError::new(format!("the database holds a text that is no variant of the {sql_type}; it knows {variants}"))
}
