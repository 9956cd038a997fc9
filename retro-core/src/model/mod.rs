//! What a model is: the traits that `#[derive(Model)]` implements, the handle of an entity, and the
//! constants and field types that stand for columns and relationships.

pub(crate) mod checks;
mod column;
mod definition;
mod entity;
mod field;
mod key;
mod relationship;
mod root;

pub use column::Column;
pub use definition::{
    Cascade, CheckDef, ColumnDef, ForeignKeyAction, ForeignKeyDef, IndexDef, Lazy, ModelDef, OrderDef, PassiveDeletes,
    RelationshipDef, RelationshipKind, SecondaryDef, UniqueDef,
};
pub use entity::Entity;
pub(crate) use entity::{EntityId, EntityRef};
pub use field::Assigned;
pub(crate) use field::{Assignment, Assignments};
pub use field::{BelongsTo, HasMany, HasOne, Link, ManyToMany, Target};
pub(crate) use key::KeyValues;
pub use key::PrimaryKey;
pub use relationship::{Many, Maybe, One, Rel, RelKind};
pub use root::Root;

use crate::error::Result;
use crate::mapping::Mapper;
use crate::session::ModelView;
use crate::value::{Value, ValueError};

/// A struct whose values are rows of a table. Derive it:
///
/// ```
/// use retro_core::prelude::*;
///
/// #[derive(Model, Debug, Clone)]
/// #[retro(table = "countries")]
/// pub struct Country {
///     #[retro(primary_key)]
///     pub id: i32,
///     #[retro(length = 32, index, unique)]
///     pub name: String,
/// }
/// ```
///
/// The derive gives the struct a constant for each column and relationship (`Country::name`), a
/// constant of its own name that stands for the model in queries (`select(Country)`), `Default`,
/// and a view type (`CountryView`) through which a loaded graph is read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a retro model",
    label = "not a model",
    note = "add `#[derive(Model)]` and `#[retro(table = \"...\")]` to `{Self}`"
)]
pub trait Model: Mapped {
    /// The type of the primary key: the field's type, or a tuple for a composite key.
    type Key: PrimaryKey;
    /// The view through which a loaded entity and its relationships are read.
    type View<'s>: ModelView<'s, Model = Self>;
}

/// What derived code tells the crate about a struct. Not for users: its items may change.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a retro model",
    label = "not a model",
    note = "add `#[derive(Model)]` and `#[retro(table = \"...\")]` to `{Self}`"
)]
pub trait Mapped: Sized + Send + Sync + 'static {
    /// The relationships, in the order of the fields, as far as their other sides check them at
    /// compile time.
    const SIDES: &'static [crate::private::Side] = &[];

    /// What the attributes say.
    fn definition() -> &'static ModelDef;
    /// The resolved mapping.
    fn mapper() -> &'static Mapper;
    /// Lends the value of a column.
    fn value(&self, column: u16) -> Value<'_>;
    /// Sets a column.
    fn set_value(&mut self, column: u16, value: Value<'_>) -> Result<(), ValueError>;
    /// Reads all columns of a row, in their order.
    fn read(row: &mut crate::private::RowReader<'_>) -> Result<Self>;
    /// Whether any relationship field was assigned since it was last asked for.
    fn has_assigned(&self) -> bool;
    /// Moves the assignment out of a relationship field.
    fn take_assigned(&mut self, relationship: u16) -> crate::private::Assigned;
}
