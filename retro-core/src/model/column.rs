//! [`Column`]: the constant that stands for a column of a model.

use std::fmt;
use std::marker::PhantomData;

use super::{ColumnDef, Mapped};

/// A column of the model `M` whose field has the type `T`. Derived as a constant of the field's
/// name: `Product::name` is a `Column<Product, String>`.
pub struct Column<M, T> {
    index: u16,
    types: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Column<M, T> {
    #[doc(hidden)]
    pub const fn new(index: u16) -> Self {
        Column { index, types: PhantomData }
    }

    /// The column's place among the model's columns.
    #[doc(hidden)]
    pub const fn index(self) -> u16 {
        self.index
    }
}

impl<M: Mapped, T> Column<M, T> {
    /// The column as it was defined.
    pub fn definition(self) -> &'static ColumnDef {
        &M::definition().columns[usize::from(self.index)]
    }
}

impl<M, T> Clone for Column<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T> Copy for Column<M, T> {}

impl<M: Mapped, T> fmt::Debug for Column<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", M::definition().name, self.definition().field)
    }
}
