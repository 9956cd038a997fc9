//! What the attributes of a model say, as plain constant data. Written by the derive, read by
//! `mapping` (which resolves and verifies it) and `schema` (which makes tables of it).

use crate::mapping::Mapper;
use crate::value::{ColumnType, SqlType, Value};

/// A model as its attributes define it.
#[derive(Debug)]
pub struct ModelDef {
    /// The struct's name.
    pub name: &'static str,
    /// The table's name.
    pub table: &'static str,
    /// A comment on the table.
    pub comment: Option<&'static str>,
    /// The columns, in the order of the fields.
    pub columns: &'static [ColumnDef],
    /// The key's columns, in the order of the fields.
    pub primary_key: &'static [u16],
    /// The relationships, in the order of the fields.
    pub relationships: &'static [RelationshipDef],
    /// Foreign keys, of one column or several.
    pub foreign_keys: &'static [ForeignKeyDef],
    /// Indexes asked for. Foreign keys get theirs besides.
    pub indexes: &'static [IndexDef],
    /// Unique constraints.
    pub uniques: &'static [UniqueDef],
    /// Check constraints.
    pub checks: &'static [CheckDef],
    /// The version column of optimistic locking.
    pub version: Option<u16>,
    /// The resolved mapping.
    #[doc(hidden)]
    pub mapper: fn() -> &'static Mapper,
}

/// A column.
#[derive(Debug)]
pub struct ColumnDef {
    /// The field's name.
    pub field: &'static str,
    /// The column's name in the database.
    pub name: &'static str,
    /// Its type.
    pub sql_type: SqlType,
    /// Whether it takes `NULL`.
    pub nullable: bool,
    /// The length of a text column: `VARCHAR(n)`.
    pub length: Option<u32>,
    /// Precision and scale of a decimal column.
    pub precision: Option<(u32, u32)>,
    /// Whether the database makes the value of the key; 0 means "not yet".
    pub generated: bool,
    /// The default that the database fills in, as SQL. A field that was not set is left out of the
    /// INSERT and read back: `None`, an empty text, the epoch, the nil UUID. Numbers and booleans are
    /// always sent, and so is a field with a `default` of its own; make it an `Option` to leave it to
    /// the database.
    pub server_default: Option<&'static str>,
    /// Whether the field was not set, so that the server's default applies.
    #[doc(hidden)]
    pub is_unset: Option<fn(&Value<'_>) -> bool>,
    /// The value that an UPDATE of the row sets where the field was not changed by hand.
    #[doc(hidden)]
    pub on_update: Option<fn() -> Value<'static>>,
    /// Whether values are masked in errors and logs.
    pub sensitive: bool,
    /// A comment on the column.
    pub comment: Option<&'static str>,
}

impl ColumnDef {
    /// A column of the type `T` without any attribute.
    #[doc(hidden)]
    pub const fn new<T: ColumnType>(field: &'static str) -> Self {
        ColumnDef {
            field,
            name: field,
            sql_type: T::SQL_TYPE,
            nullable: T::NULLABLE,
            length: None,
            precision: None,
            generated: false,
            server_default: None,
            is_unset: None,
            on_update: None,
            sensitive: false,
            comment: None,
        }
    }
}

/// A foreign key of one or several columns.
#[derive(Debug)]
pub struct ForeignKeyDef {
    /// This table's columns.
    pub columns: &'static [u16],
    /// The model that they refer to.
    pub target: fn() -> &'static ModelDef,
    /// The columns of the target, in the same order.
    pub references: &'static [u16],
    /// What happens to the row when its target is deleted.
    pub on_delete: ForeignKeyAction,
    /// What happens to the row when its target's key changes.
    pub on_update: ForeignKeyAction,
    /// Whether the columns get an index where no other leads with them.
    pub index: bool,
}

/// What a database does with a row whose target goes or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForeignKeyAction {
    /// Nothing is said: the database refuses.
    #[default]
    NoAction,
    /// Refuse at once.
    Restrict,
    /// Do the same to the row.
    Cascade,
    /// Set the columns `NULL`.
    SetNull,
    /// Set the columns to their default.
    SetDefault,
}

/// An index.
#[derive(Debug)]
pub struct IndexDef {
    /// Its name, where the naming convention is not wanted.
    pub name: Option<&'static str>,
    /// Its columns.
    pub columns: &'static [u16],
    /// Whether it is unique.
    pub unique: bool,
    /// The condition of a partial index, as SQL.
    pub filter: Option<&'static str>,
}

/// A unique constraint.
#[derive(Debug)]
pub struct UniqueDef {
    /// Its name, where the naming convention is not wanted.
    pub name: Option<&'static str>,
    /// Its columns.
    pub columns: &'static [u16],
}

/// A check constraint.
#[derive(Debug)]
pub struct CheckDef {
    /// Its name, without the convention's `ck_table_` before it.
    pub name: &'static str,
    /// The condition, as SQL.
    pub condition: &'static str,
}

/// A relationship.
#[derive(Debug)]
pub struct RelationshipDef {
    /// The field's name.
    pub field: &'static str,
    /// The field's type.
    pub kind: RelationshipKind,
    /// Whether a `BelongsTo` is of an `Option`.
    pub optional: bool,
    /// The model on the other side.
    pub target: fn() -> &'static ModelDef,
    /// `BelongsTo`: this model's foreign key columns. Else empty.
    pub key: &'static [u16],
    /// `HasOne`, `HasMany`: the target's columns that name this model; empty where they follow from
    /// the other side of the relationship or from the target's only foreign key to this model.
    pub foreign_key: &'static [u16],
    /// The relationship of the target that is the other side of this one.
    pub back_populates: Option<u16>,
    /// `ManyToMany`: the association table.
    pub secondary: Option<SecondaryDef>,
    /// What happens to the other side with this one.
    pub cascade: Cascade,
    /// The order of a collection when it is loaded.
    pub order_by: &'static [OrderDef],
    /// How it is loaded when a query does not say.
    pub lazy: Lazy,
    /// What a delete leaves to the database.
    pub passive_deletes: PassiveDeletes,
    /// Whether its foreign key is written by an UPDATE of its own, to break a cycle of rows.
    pub post_update: bool,
    /// Whether a target may have one parent only.
    pub single_parent: bool,
}

/// The type of a relationship field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationshipKind {
    /// `BelongsTo<T>`
    BelongsTo,
    /// `HasOne<T>`
    HasOne,
    /// `HasMany<T>`
    HasMany,
    /// `ManyToMany<T>`
    ManyToMany,
}

/// The association table of a many-to-many relationship.
#[derive(Debug)]
pub enum SecondaryDef {
    /// A table without a model: two foreign keys that are its primary key.
    Table {
        /// The table's name.
        name: &'static str,
        /// The columns that name this model; empty for `<model>_<key>`.
        local: &'static [&'static str],
        /// The columns that name the target; empty for `<model>_<key>`.
        remote: &'static [&'static str],
    },
    /// The table of a model, whose foreign keys name both sides.
    Model {
        /// The model.
        model: fn() -> &'static ModelDef,
        /// Its columns that name this model; empty where only one foreign key does.
        local: &'static [u16],
        /// Its columns that name the target; empty where only one foreign key does.
        remote: &'static [u16],
    },
}

/// A term of a collection's order.
#[derive(Debug, Clone, Copy)]
pub struct OrderDef {
    /// A column of the target.
    pub column: u16,
    /// Whether it descends.
    pub descending: bool,
}

/// What happens to the other side of a relationship together with this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cascade(u8);

impl Cascade {
    /// Adding this entity adds the new ones it links.
    pub const SAVE_UPDATE: Cascade = Cascade(1);
    /// Merging copies the others too.
    pub const MERGE: Cascade = Cascade(1 << 1);
    /// Deleting this one deletes the others.
    pub const DELETE: Cascade = Cascade(1 << 2);
    /// A member that loses its parent is deleted.
    pub const DELETE_ORPHAN: Cascade = Cascade(1 << 3);
    /// Expunging this one expunges the others.
    pub const EXPUNGE: Cascade = Cascade(1 << 4);
    /// Expiring or refreshing this one does it to the others.
    pub const REFRESH_EXPIRE: Cascade = Cascade(1 << 5);
    /// All but delete-orphan.
    pub const ALL: Cascade = Cascade(0b11_0111);
    /// `save-update, merge`.
    pub const DEFAULT: Cascade = Cascade(0b11);
    /// Nothing.
    pub const NONE: Cascade = Cascade(0);

    /// Both.
    pub const fn and(self, other: Cascade) -> Cascade {
        Cascade(self.0 | other.0)
    }

    /// Whether all of `other` is in this.
    pub const fn has(self, other: Cascade) -> bool {
        self.0 & other.0 == other.0
    }
}

/// How a relationship is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lazy {
    /// On `session.load`, for the whole cohort.
    Select,
    /// With the query, in the same statement.
    Joined,
    /// With the query, by a second statement over the keys found.
    Selectin,
    /// With the query, by a second statement over the query itself.
    Subquery,
    /// Never: loading it is an error.
    Raise,
    /// Never: it reads as empty.
    Noload,
    /// Never as a whole: members are pushed, removed and queried.
    WriteOnly,
}

/// What a delete of the parent leaves to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PassiveDeletes {
    /// Nothing: unloaded children are loaded, then deleted or nulled.
    #[default]
    No,
    /// Unloaded children: the foreign key's ON DELETE does it.
    Yes,
    /// All children, loaded or not.
    All,
}
