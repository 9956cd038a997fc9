//! [`MetaData`]: the models of a program, and the schema that they make together.

use std::fmt;
use std::sync::OnceLock;

use super::{Table, build, create, ddl, order, verify};
use crate::dialect::Dialect;
use crate::engine::Engine;
use crate::error::Result;
use crate::mapping::Mapper;
use crate::model::Model;

/// The models that belong together, and the tables that they make.
///
/// Write it with [`metadata!`](crate::metadata):
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
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// let metadata = metadata![Country];
/// assert_eq!(metadata.tables()[0].indexes[0].name, "ix_countries_name");
///
/// let engine = Engine::connect("sqlite::memory:").await?;
/// metadata.create_all(&engine).await?;
/// # Ok(()) }
/// ```
///
/// Constraints and indexes are named `pk_<table>`, `fk_<table>_<columns>_<target>`,
/// `ix_<table>_<columns>`, `uq_<table>_<columns>` and `ck_<table>_<name>`. A name that is longer
/// than the database takes is cut and ends in a hash of the whole.
#[derive(Clone, Default)]
pub struct MetaData {
    mappers: Vec<&'static Mapper>,
    /// Made when it is first asked for, because all models must be known.
    tables: OnceLock<Vec<Table>>,
}

impl MetaData {
    /// Without any model.
    pub fn new() -> Self {
        MetaData::default()
    }

    /// With one more model. One that is there already is not added again.
    pub fn with<M: Model>(self) -> Self {
        self.with_mapper(M::mapper())
    }

    pub(crate) fn with_mapper(mut self, mapper: &'static Mapper) -> Self {
        if !self.mappers.iter().any(|known| known.id == mapper.id) {
            self.mappers.push(mapper);
            self.tables = OnceLock::new();
        }
        self
    }

    /// All tables, association tables included, each after the tables that it refers to.
    pub fn tables(&self) -> &[Table] {
        self.tables.get_or_init(|| order::sort(tables(&self.mappers)))
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables().iter().find(|table| table.name == name)
    }

    /// Checks the whole mapping.
    ///
    /// # Errors
    ///
    /// One [`Configuration`](crate::ErrorKind::Configuration) error with every problem of every
    /// model on a line of its own, which names the model and the field and says what to do.
    pub fn verify(&self) -> Result<()> {
        verify::mapping(&self.mappers, self.tables())
    }

    /// The statements that create all tables, with their indexes and constraints, in order.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) if the mapping does not
    /// [`verify`](MetaData::verify) or asks for something that the database does not have.
    pub fn ddl(&self, dialect: Dialect) -> Result<Vec<String>> {
        self.verify_for(dialect)?;
        let tables = self.tables();
        Ok(ddl::create(dialect, tables, tables))
    }

    /// Creates the tables that are missing, with their indexes and constraints. A table that exists
    /// is left as it is, even if it differs from its model: changing it is a migration's work.
    ///
    /// Asks the database which tables there are, then sends one CREATE TABLE for each that is
    /// missing, with its CREATE INDEX and COMMENT statements, in dependency order; then one ALTER
    /// TABLE for each foreign key between tables that refer to each other in a circle. All in one
    /// transaction, except on MySQL, whose DDL has none.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) as [`ddl`](MetaData::ddl), before
    /// anything is sent; or what the database says.
    pub async fn create_all(&self, engine: &Engine) -> Result<()> {
        self.verify_for(engine.dialect())?;
        create::create_all(engine, self.tables()).await
    }

    /// Drops the tables that exist, with everything in them, in the reverse of the order in which
    /// [`create_all`](MetaData::create_all) makes them and in one transaction where DDL has them.
    /// Tables that no model of this metadata has are never touched.
    ///
    /// # Errors
    ///
    /// What the database says: a table outside of this metadata may refer to one inside.
    pub async fn drop_all(&self, engine: &Engine) -> Result<()> {
        create::drop_all(engine, self.tables()).await
    }

    #[cfg(test)]
    pub(crate) fn mappers(&self) -> &[&'static Mapper] {
        &self.mappers
    }

    fn verify_for(&self, dialect: Dialect) -> Result<()> {
        self.verify()?;
        verify::dialect(dialect, &self.mappers)
    }
}

impl fmt::Debug for MetaData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.mappers).finish()
    }
}

/// [`MetaData`] of the models that are named.
///
/// ```
/// # use retro_core::prelude::*;
/// # #[derive(Model)] #[retro(table = "a")] struct Author { #[retro(primary_key)] id: i32 }
/// # #[derive(Model)] #[retro(table = "b")] struct Book { #[retro(primary_key)] id: i32 }
/// let metadata = metadata![Author, Book];
/// assert_eq!(metadata.tables().len(), 2);
/// ```
#[macro_export]
macro_rules! metadata {
    ($($model:ty),* $(,)?) => {
        $crate::schema::MetaData::new()$(.with::<$model>())*
    };
}

/// The tables of the models in their order, then the association tables, each once: both sides of a
/// relationship describe the same one. The first side to be met decides the order of its columns.
fn tables(mappers: &[&'static Mapper]) -> Vec<Table> {
    let mut tables: Vec<Table> = mappers.iter().map(|mapper| build::table(mapper.def)).collect();
    for mapper in mappers {
        for relationship in &mapper.relationships {
            let association = build::association_table(mapper, relationship);
            if let Some(table) = association.filter(|table| tables.iter().all(|known| known.name != table.name)) {
                tables.push(table);
            }
        }
    }
    tables
}
