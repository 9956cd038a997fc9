//! [`new!`](crate::new): struct literals without conversions.

use crate::model::{BelongsTo, Entity, HasMany, HasOne, Link, ManyToMany, Model};
use crate::value::ColumnType;

/// A new struct of a model, with conversions where they are wanted and defaults for the rest.
///
/// Text needs no `.into()`, an `Option` no `Some`, a relationship neither; fields that are not
/// named have their default. The model may be named by a path.
///
/// ```
/// use retro_core::prelude::*;
///
/// #[derive(Model, Debug, Clone)]
/// #[retro(table = "machines")]
/// struct Machine {
///     #[retro(primary_key)]
///     id: i32,
///     name: String,
///     cpu: Option<String>,
///     year: i32,
/// }
///
/// let atom = new!(Machine { name: "Atom", cpu: "6502", year: 1980 });
/// assert_eq!((atom.id, atom.name.as_str(), atom.cpu.as_deref()), (0, "Atom", Some("6502")));
/// ```
#[macro_export]
macro_rules! new {
    ($($model:ident)::+ { $($field:ident $(: $value:expr)?),* $(,)? }) => {{
        #[allow(clippy::needless_update)]
        let model = $($model)::+ {
            $($field: $crate::private::into_field($crate::new!(@value $field $(, $value)?)),)*
            ..::core::default::Default::default()
        };
        model
    }};
    (@value $field:ident, $value:expr) => { $value };
    (@value $field:ident) => { $field };
}

/// What a field of the type `T` can be given in [`new!`](crate::new).
#[diagnostic::on_unimplemented(
    message = "a field of type `{T}` cannot be set from `{Self}`",
    label = "expected `{T}` or something that converts to it"
)]
pub trait IntoField<T> {
    #[doc(hidden)]
    fn into_field(self) -> T;
}

/// A value goes into a column of its own type.
impl<T: ColumnType> IntoField<T> for T {
    fn into_field(self) -> T {
        self
    }
}

/// And into a column that may be empty.
impl<T: ColumnType<Base = T>> IntoField<Option<T>> for T {
    fn into_field(self) -> Option<T> {
        Some(self)
    }
}

impl IntoField<String> for &str {
    fn into_field(self) -> String {
        self.to_string()
    }
}

impl IntoField<Option<String>> for &str {
    fn into_field(self) -> Option<String> {
        Some(self.to_string())
    }
}

impl IntoField<Option<String>> for Option<&str> {
    fn into_field(self) -> Option<String> {
        self.map(str::to_string)
    }
}

impl<T> IntoField<crate::value::Json<T>> for T {
    fn into_field(self) -> crate::value::Json<T> {
        crate::value::Json(self)
    }
}

/// Relationship fields take what `From` takes.
macro_rules! relationship {
    ($field:ty, $($from:ty),*) => {$(
        impl<M: Model> IntoField<$field> for $from {
            fn into_field(self) -> $field {
                self.into()
            }
        }
    )*};
}
relationship!(BelongsTo<M>, M, Entity<M>);
relationship!(BelongsTo<Option<M>>, M, Entity<M>, Option<Entity<M>>, Option<M>);
relationship!(HasOne<M>, M, Entity<M>, Option<Entity<M>>);

impl<M: Model, L: Into<Link<M>>> IntoField<HasMany<M>> for Vec<L> {
    fn into_field(self) -> HasMany<M> {
        self.into()
    }
}

impl<M: Model, L: Into<Link<M>>, const N: usize> IntoField<HasMany<M>> for [L; N] {
    fn into_field(self) -> HasMany<M> {
        self.into()
    }
}

impl<M: Model, L: Into<Link<M>>> IntoField<ManyToMany<M>> for Vec<L> {
    fn into_field(self) -> ManyToMany<M> {
        self.into()
    }
}

impl<M: Model, L: Into<Link<M>>, const N: usize> IntoField<ManyToMany<M>> for [L; N] {
    fn into_field(self) -> ManyToMany<M> {
        self.into()
    }
}
