//! What the attributes say: a model as plain data, between `parse` and `expand`.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Attribute, Expr, LitInt, LitStr, Path, Type, Visibility};

use crate::attr::At;
use crate::types::ColumnKind;

/// A struct with `#[derive(Model)]`.
pub(crate) struct Model {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) table: String,
    pub(crate) comment: Option<LitStr>,
    pub(crate) columns: Vec<Column>,
    pub(crate) relationships: Vec<Relationship>,
    /// Fields that are neither.
    pub(crate) skipped: Vec<Ident>,
    pub(crate) foreign_keys: Vec<CompositeForeignKey>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) uniques: Vec<Index>,
    pub(crate) checks: Vec<Check>,
    pub(crate) no_default: bool,
    /// The unit struct that holds the constants, where the model itself does not.
    pub(crate) columns_struct: Option<Ident>,
    /// Whether a field's attributes could not be read: what they may have said is not missed.
    pub(crate) is_broken: bool,
}

/// What every field has.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    /// The user's own documentation, for what is derived from the field.
    pub(crate) docs: Vec<Attribute>,
}

pub(crate) struct Column {
    pub(crate) field: Field,
    /// Whether the type is an `Option`.
    pub(crate) nullable: bool,
    /// What the type is known to be; a type of the user's own is not known.
    pub(crate) kind: Option<ColumnKind>,
    pub(crate) primary_key: Option<Ident>,
    pub(crate) generated: Option<At<bool>>,
    pub(crate) name: Option<LitStr>,
    pub(crate) length: Option<At<LitInt>>,
    pub(crate) precision: Option<At<(LitInt, LitInt)>>,
    pub(crate) index: Option<At<bool>>,
    pub(crate) unique: bool,
    pub(crate) foreign_key: Option<ForeignKey>,
    pub(crate) default: Option<At<Expr>>,
    pub(crate) server_default: Option<At<LitStr>>,
    pub(crate) on_update: Option<At<Expr>>,
    pub(crate) sensitive: bool,
    pub(crate) version: Option<Ident>,
    pub(crate) comment: Option<LitStr>,
}

/// `foreign_key = Model::column` on a field.
pub(crate) struct ForeignKey {
    pub(crate) references: Path,
    pub(crate) on_delete: Option<At<ForeignKeyAction>>,
    pub(crate) on_update: Option<At<ForeignKeyAction>>,
}

/// `foreign_key(columns = .., references = ..)` on the struct.
pub(crate) struct CompositeForeignKey {
    pub(crate) columns: At<Vec<Ident>>,
    pub(crate) references: Vec<Path>,
    pub(crate) on_delete: Option<At<ForeignKeyAction>>,
    pub(crate) on_update: Option<At<ForeignKeyAction>>,
    pub(crate) index: bool,
}

/// What the database does with a row whose target goes or changes: a variant of
/// `ForeignKeyAction`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ForeignKeyAction {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// `index(..)` or `unique(..)` on the struct.
pub(crate) struct Index {
    pub(crate) columns: At<Vec<Ident>>,
    pub(crate) unique: bool,
    pub(crate) name: Option<LitStr>,
    pub(crate) filter: Option<LitStr>,
}

/// `check(name, "condition")` on the struct.
pub(crate) struct Check {
    pub(crate) name: String,
    pub(crate) condition: LitStr,
}

pub(crate) struct Relationship {
    pub(crate) field: Field,
    pub(crate) kind: RelationshipKind,
    /// Whether it is a `BelongsTo<Option<..>>`.
    pub(crate) optional: bool,
    pub(crate) target: Type,
    pub(crate) key: Option<At<Vec<Ident>>>,
    pub(crate) foreign_key: Option<At<Vec<Path>>>,
    /// A field of the target, or a path to its constant.
    pub(crate) back_populates: Option<Path>,
    pub(crate) secondary: Option<At<Secondary>>,
    pub(crate) cascade: Option<At<Vec<CascadeWord>>>,
    pub(crate) order_by: Vec<Order>,
    pub(crate) lazy: Option<At<Lazy>>,
    pub(crate) passive_deletes: Option<At<PassiveDeletes>>,
    pub(crate) post_update: Option<Ident>,
    pub(crate) single_parent: Option<Ident>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RelationshipKind {
    BelongsTo,
    HasOne,
    HasMany,
    ManyToMany,
}

#[derive(Clone)]
pub(crate) enum Secondary {
    /// A table without a model.
    Table { name: LitStr, local: Vec<LitStr>, remote: Vec<LitStr> },
    /// The table of a model.
    Model { model: Path, local: Vec<Path>, remote: Vec<Path> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CascadeWord {
    SaveUpdate,
    Merge,
    Delete,
    DeleteOrphan,
    Expunge,
    RefreshExpire,
    All,
    None,
}

/// A term of `order_by`.
pub(crate) struct Order {
    pub(crate) column: Path,
    pub(crate) descending: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lazy {
    Select,
    Joined,
    Selectin,
    Subquery,
    Raise,
    Noload,
    WriteOnly,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PassiveDeletes {
    No,
    Yes,
    All,
}

impl Model {
    /// A model of which nothing is known yet.
    pub(crate) fn new(ident: Ident, vis: Visibility) -> Self {
        Model {
            ident,
            vis,
            table: String::new(),
            comment: None,
            columns: Vec::new(),
            relationships: Vec::new(),
            skipped: Vec::new(),
            foreign_keys: Vec::new(),
            indexes: Vec::new(),
            uniques: Vec::new(),
            checks: Vec::new(),
            no_default: false,
            columns_struct: None,
            is_broken: false,
        }
    }

    /// The place of a column among the columns.
    pub(crate) fn position(&self, field: &Ident) -> Option<usize> {
        self.columns.iter().position(|column| column.field.ident == *field)
    }

    /// The places of the key's columns.
    pub(crate) fn primary_key(&self) -> Vec<usize> {
        (0..self.columns.len()).filter(|&i| self.columns[i].primary_key.is_some()).collect()
    }

    /// Whether the database makes the value of this column: a key of one integer field, unless it
    /// says otherwise.
    pub(crate) fn is_generated(&self, column: usize) -> bool {
        let it = &self.columns[column];
        match &it.generated {
            Some(generated) => generated.value,
            None => self.primary_key() == [column] && it.kind == Some(ColumnKind::Integer) && it.foreign_key.is_none(),
        }
    }

    /// The places of the foreign key columns of a `BelongsTo`: those that it names, or by
    /// convention the field called like it with `_id`.
    pub(crate) fn key_of(&self, relationship: &Relationship) -> Option<Vec<usize>> {
        match &relationship.key {
            Some(key) => key.value.iter().map(|field| self.position(field)).collect(),
            None => {
                let conventional = relationship.conventional_key();
                let column = self.columns.iter().position(|column| column.field.name() == conventional)?;
                Some(vec![column])
            }
        }
    }

    /// The type whose associated constants stand for the columns and relationships.
    pub(crate) fn holder(&self) -> &Ident {
        self.columns_struct.as_ref().unwrap_or(&self.ident)
    }

    /// All fields but the skipped ones, columns first.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        let relationships = self.relationships.iter().map(|relationship| &relationship.field);
        self.columns.iter().map(|column| &column.field).chain(relationships)
    }
}

impl Field {
    /// The name without `r#`.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }
}

impl Column {
    /// The name in the database.
    pub(crate) fn name(&self) -> String {
        self.name.as_ref().map_or_else(|| self.field.name(), LitStr::value)
    }
}

impl Relationship {
    pub(crate) fn conventional_key(&self) -> String {
        format!("{}_id", self.field.name())
    }

    pub(crate) fn cascades(&self, word: CascadeWord) -> bool {
        self.cascade.as_ref().is_some_and(|cascade| cascade.value.contains(&word))
    }
}

impl RelationshipKind {
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "BelongsTo" => RelationshipKind::BelongsTo,
            "HasOne" => RelationshipKind::HasOne,
            "HasMany" => RelationshipKind::HasMany,
            "ManyToMany" => RelationshipKind::ManyToMany,
            _ => return None,
        })
    }

    pub(crate) fn is_collection(self) -> bool {
        matches!(self, RelationshipKind::HasMany | RelationshipKind::ManyToMany)
    }

    pub(crate) fn has_key_in_target(self) -> bool {
        matches!(self, RelationshipKind::HasOne | RelationshipKind::HasMany)
    }
}
