//! [`Root`]: the constant that stands for a model in a query.

use std::fmt;
use std::marker::PhantomData;

use super::Mapped;

/// A model as something to select. Derived as a constant of the model's own name, so that
/// `select(Product)` reads as it should.
pub struct Root<M>(PhantomData<fn() -> M>);

impl<M> Root<M> {
    #[doc(hidden)]
    pub const fn new() -> Self {
        Root(PhantomData)
    }
}

impl<M> Default for Root<M> {
    fn default() -> Self {
        Root::new()
    }
}

impl<M> Clone for Root<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Root<M> {}

impl<M: Mapped> fmt::Debug for Root<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(M::definition().name)
    }
}
