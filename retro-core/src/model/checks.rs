//! What derived code asks of rustc: that the columns and relationships which the attributes name
//! fit together across models. A check that fails does not compile; the messages are what a user
//! reads. All of them work on the constants' types, or on constant data.

use super::{Column, ModelDef, Rel, RelationshipKind};
use crate::model::Mapped;
use crate::value::SqlType;

/// What the other side of a relationship checks of this one.
#[derive(Debug, Clone, Copy)]
pub struct Side {
    /// The field's type.
    pub kind: RelationshipKind,
    /// The field that `back_populates` names.
    pub back_populates: Option<&'static str>,
}

/// Whether a foreign key field of this type can refer to a column of the type `K`.
#[diagnostic::on_unimplemented(
    message = "a foreign key of type `{Self}` cannot refer to a key of type `{K}`",
    label = "must be `{K}` or `Option<{K}>`"
)]
pub trait ForeignKeyTo<K> {}
impl<K> ForeignKeyTo<K> for K {}
impl<K> ForeignKeyTo<K> for Option<K> {}
impl<K> ForeignKeyTo<Option<K>> for K {}

/// Checks that a foreign key field has the type of the key it refers to.
pub const fn check_foreign_key<F: ForeignKeyTo<K>, M, K>(_: Column<M, K>) {}

/// A column of the model `M`.
#[diagnostic::on_unimplemented(
    message = "this is no column of `{M}`",
    label = "expected a column of `{M}`, found a `{Self}`"
)]
pub trait ColumnOf<M> {}
impl<M, T> ColumnOf<M> for Column<M, T> {}

/// Checks that `order_by`, `foreign_key`, `local` and `remote` name columns of the right model.
pub const fn check_column_of<M, C: ColumnOf<M> + Copy>(_: C) {}

/// A column that the key of a relationship to `M` may refer to.
#[diagnostic::on_unimplemented(
    message = "the key of this relationship does not refer to `{M}`",
    label = "the foreign key refers to a `{Self}`",
    note = "name the key field whose `foreign_key` is a column of `{M}`: `#[retro(key = field)]`"
)]
pub trait KeyOf<M> {}
impl<M, T> KeyOf<M> for Column<M, T> {}

/// Checks that the key of a `BelongsTo` refers to its target.
pub const fn check_key_of_target<M, C: KeyOf<M> + Copy>(_: C) {}

/// Checks that the columns which a composite foreign key refers to are those of one model.
pub const fn check_same_model<M, A, B>(_: Column<M, A>, _: Column<M, B>) {}

/// A relationship from the model `U` to the model `M`.
#[diagnostic::on_unimplemented(
    message = "`back_populates` must name a relationship of `{U}` that leads to `{M}`",
    label = "this is a `{Self}`"
)]
pub trait LeadsBack<M, U> {}
impl<M, U, K> LeadsBack<M, U> for Rel<U, M, K> {}

/// Checks that a relationship named by `back_populates` leads back: from `U` to `M`.
pub const fn check_back_populates<M, U, R: LeadsBack<M, U> + Copy>(_: R) {}

/// Whether the other side of a relationship, which is the `other`th of `U`, is of the kind that fits.
pub const fn fits<U: Mapped>(kind: RelationshipKind, other: u16) -> bool {
    use RelationshipKind::{BelongsTo, HasMany, HasOne, ManyToMany};
    matches!(
        (kind, U::SIDES[other as usize].kind),
        (BelongsTo, HasOne | HasMany) | (HasOne | HasMany, BelongsTo) | (ManyToMany, ManyToMany)
    )
}

/// Whether the other side of a relationship, which is the `other`th of `U`, names this one.
pub const fn names_back<U: Mapped>(other: u16, name: &str) -> bool {
    match U::SIDES[other as usize].back_populates {
        Some(back) => same_name(back, name),
        None => false,
    }
}

/// `a == b`, which a constant cannot say of texts.
const fn same_name(a: &str, b: &str) -> bool {
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

/// Whether a column of the type can have a `length`.
pub const fn takes_length(sql_type: SqlType) -> bool {
    matches!(sql_type, SqlType::Text | SqlType::Bytes)
}

/// Whether a column of the type can have a `precision`.
pub const fn takes_precision(sql_type: SqlType) -> bool {
    matches!(sql_type, SqlType::Decimal)
}

/// Whether a column of the type counts.
pub const fn is_integer(sql_type: SqlType) -> bool {
    matches!(sql_type, SqlType::I16 | SqlType::I32 | SqlType::I64)
}

/// The model of a column that a foreign key refers to.
pub const fn definition_of<M: Mapped, T>(_: Column<M, T>) -> fn() -> &'static ModelDef {
    M::definition
}
