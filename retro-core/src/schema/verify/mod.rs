//! Verification of a mapping: everything that is wrong in it, at once, before a database sees it.
//!
//! The derive has checked each struct alone; what can only be seen with all models at hand is
//! checked here. A check adds [`Problem`]s and goes on, each in the words of the model.

mod columns;
mod dialects;
mod foreign_keys;
mod names;
mod relationships;

use super::Table;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::mapping::{Mapper, Problem};
use crate::model::ModelDef;

/// Checks what holds for every database.
pub(super) fn mapping(mappers: &[&'static Mapper], tables: &[Table]) -> Result<()> {
    let mut verification = Verification { mappers, tables, problems: Vec::new() };
    for mapper in mappers {
        verification.problems.extend(mapper.problems.iter().cloned());
        columns::verify(&mut verification, mapper.def);
        foreign_keys::verify(&mut verification, mapper.def);
        relationships::verify(&mut verification, mapper);
    }
    names::verify(&mut verification);
    report(verification.problems)
}

/// Checks what one database asks for besides.
pub(super) fn dialect(dialect: Dialect, mappers: &[&'static Mapper]) -> Result<()> {
    let mut verification = Verification { mappers, tables: &[], problems: Vec::new() };
    for mapper in mappers {
        dialects::verify(&mut verification, dialect, mapper.def);
    }
    report(verification.problems)
}

struct Verification<'m> {
    mappers: &'m [&'static Mapper],
    tables: &'m [Table],
    problems: Vec<Problem>,
}

impl Verification<'_> {
    fn problem(&mut self, model: &ModelDef, field: &'static str, message: impl Into<String>) {
        self.problems.push(Problem { model: model.name, field, message: message.into() });
    }

    fn has_model(&self, def: &'static ModelDef) -> bool {
        self.mappers.iter().any(|mapper| std::ptr::eq(mapper.def, def))
    }

    /// The model whose table has this name.
    fn model_of(&self, table: &str) -> Option<&'static ModelDef> {
        self.mappers.iter().map(|mapper| mapper.def).find(|def| same_name(def.table, table))
    }
}

/// Whether two names are the same for some database: most do not tell upper from lower case.
fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// The field of a model's column.
fn field(def: &ModelDef, column: u16) -> &'static str {
    def.columns[usize::from(column)].field
}

/// `Product::name` or `(Product::a, Product::b)`.
fn path(def: &ModelDef, columns: &[u16]) -> String {
    let paths: Vec<String> = columns.iter().map(|&column| format!("{}::{}", def.name, field(def, column))).collect();
    if paths.len() == 1 { paths.concat() } else { format!("({})", paths.join(", ")) }
}

/// One error for all problems.
fn report(problems: Vec<Problem>) -> Result<()> {
    let Some(first) = problems.first() else { return Ok(()) };
    if problems.len() == 1 {
        return Err(first.to_error());
    }
    let lines: Vec<String> = problems.iter().map(|problem| format!("\n  {}", problem.to_error())).collect();
    let message = format!("the mapping has {} problems:{}", problems.len(), lines.concat());
    Err(Error::configuration(message).with_model(first.model))
}
