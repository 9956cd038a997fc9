//! [`Mapper`]: a model's resolved mapping, the untyped face that everything below the session uses.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Relationship, resolve};
use crate::error::Error;
use crate::identity::Rows;
use crate::model::{ColumnDef, ModelDef};

/// A mapper's number in this process: small and dense, so that it indexes vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct MapperId(pub(crate) u32);

/// The resolved mapping of one model.
pub struct Mapper {
    pub(crate) id: MapperId,
    pub(crate) def: &'static ModelDef,
    pub(crate) relationships: Box<[Relationship]>,
    /// The key column that the database generates, if there is one.
    pub(crate) generated_key: Option<u16>,
    /// All columns' numbers, in order: the shape of a full row.
    pub(crate) all_columns: Box<[u16]>,
    pub(crate) problems: Vec<Problem>,
    new_rows: fn() -> Box<dyn Rows>,
}

/// Something wrong in a mapping: which field of which model, and why.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) model: &'static str,
    pub(crate) field: &'static str,
    pub(crate) message: String,
}

impl Problem {
    pub(crate) fn to_error(&self) -> Error {
        let place =
            if self.field.is_empty() { self.model.to_string() } else { format!("{}::{}", self.model, self.field) };
        Error::configuration(format!("{place}: {}", self.message)).with_model(self.model)
    }
}

impl Mapper {
    fn new(def: &'static ModelDef, new_rows: fn() -> Box<dyn Rows>) -> Mapper {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let mut problems = Vec::new();
        let relationships = resolve::relationships(def, &mut problems);
        Mapper {
            id: MapperId(NEXT.fetch_add(1, Ordering::Relaxed)),
            def,
            relationships,
            generated_key: def.primary_key.iter().copied().find(|&c| def.columns[usize::from(c)].generated),
            all_columns: (0..def.columns.len() as u16).collect(),
            problems,
            new_rows,
        }
    }

    pub(crate) fn new_rows(&self) -> Box<dyn Rows> {
        (self.new_rows)()
    }

    pub(crate) fn name(&self) -> &'static str {
        self.def.name
    }

    pub(crate) fn table(&self) -> &'static str {
        self.def.table
    }

    pub(crate) fn key(&self) -> &'static [u16] {
        self.def.primary_key
    }

    /// The sets of columns whose values no two rows may have in common.
    pub(crate) fn unique_columns(&self) -> impl Iterator<Item = &'static [u16]> {
        let uniques = self.def.uniques.iter().map(|unique| unique.columns);
        let indexes = self.def.indexes.iter().filter(|index| index.unique && index.filter.is_none());
        std::iter::once(self.def.primary_key).chain(uniques).chain(indexes.map(|index| index.columns))
    }

    pub(crate) fn column(&self, index: u16) -> &'static ColumnDef {
        &self.def.columns[usize::from(index)]
    }

    pub(crate) fn relationship(&self, index: u16) -> &Relationship {
        &self.relationships[usize::from(index)]
    }

    /// `Ok` if the mapping has no problem, else the first one.
    pub(crate) fn verify(&self) -> Result<(), Error> {
        self.problems.first().map_or(Ok(()), |problem| Err(problem.to_error()))
    }
}

impl std::fmt::Debug for Mapper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mapper({} -> {})", self.name(), self.table())
    }
}

/// Where derived code keeps its model's mapper: resolved at the first use, then shared.
#[doc(hidden)]
pub struct MapperCell(OnceLock<Mapper>);

impl MapperCell {
    #[doc(hidden)]
    #[allow(clippy::new_without_default)] // only ever the value of a static
    pub const fn new() -> Self {
        MapperCell(OnceLock::new())
    }

    #[doc(hidden)]
    pub fn get<M: crate::model::Mapped>(&'static self) -> &'static Mapper {
        self.0.get_or_init(|| Mapper::new(M::definition(), crate::identity::new_rows::<M>))
    }
}
