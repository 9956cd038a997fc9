//! Model <-> table: the [`Mapper`] of a model, resolved once from its definition, and its
//! [`Relationship`]s with their columns and directions.
//!
//! Resolving reads only definitions, which are constant data, so models may name each other in any
//! order. What cannot be resolved becomes a [`Problem`]; `MetaData` and the first flush report them.

mod mapper;
mod relationship;
mod resolve;

pub use mapper::{Mapper, MapperCell};
pub(crate) use mapper::{MapperId, Problem};
pub(crate) use relationship::{Direction, Relationship, Secondary};
