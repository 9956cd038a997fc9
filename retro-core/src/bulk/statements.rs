//! From a [`Write`] to the statements that are sent.

use std::ops::Range;
use std::sync::Arc;

use crate::dialect::{Capabilities, Dialect};
use crate::error::Result;
use crate::mapping::Mapper;
use crate::sql::write::{Action, Given, Structs, Then, Write};
use crate::sql::{NoEntities, Rendered, Statement, Writes};
use crate::unit_of_work::{Binder, Shape, Templates, inserted_columns};

/// The statements of a write. The binds of structs are made one statement at a time.
pub(crate) type Statements<'w> = Box<dyn Iterator<Item = Part<'w>> + Send + 'w>;

/// One statement of a write.
pub(crate) struct Part<'w> {
    pub(crate) statement: Statement<'w>,
    /// The number of its first struct, and how many parameters each has, if it inserts structs.
    pub(crate) structs: Option<(usize, usize)>,
}

/// The statements of a write: one, or for many structs as many as they need; none for no structs.
///
/// # Errors
/// What makes no sense, or what the database cannot do, is found here: before anything is sent.
pub(crate) fn statements<'w>(write: &'w Write, writes: Writes<'_>, templates: &Templates) -> Result<Statements<'w>> {
    write.mapper.verify()?;
    writes.check(write)?;
    let rendered = match &write.action {
        Action::Insert { given: Given::Structs(structs), .. } => {
            let chunks = chunks(write, structs, writes, templates)?;
            let arrays = writes.capabilities.array_binds;
            return Ok(Box::new(chunks.into_iter().map(move |chunk| chunk.part(write.mapper, structs, arrays))));
        }
        Action::Insert { given: Given::Values(values), .. } => writes.insert_values(write, values),
        Action::Insert { given: Given::Query { columns, query }, .. } => writes.insert_query(write, columns, query),
        Action::Update(_) => writes.update(write),
        Action::Delete => writes.delete(write),
    };
    let statement = rendered.map_err(|error| error.context(write.describe()))?.into_statement();
    Ok(Box::new(std::iter::once(Part { statement, structs: None })))
}

/// The text of the first statement, with placeholders, as the dialect has it at its best; nothing for
/// no structs.
pub(crate) fn first_text(write: &Write, dialect: Dialect) -> Result<String> {
    let capabilities = dialect.capabilities();
    let writes = Writes { dialect, capabilities: &capabilities, entities: &NoEntities };
    let templates = Templates::new(dialect, capabilities);
    match statements(write, writes, &templates)?.next() {
        Some(part) => Ok(part.statement.sql.to_string()),
        None => Ok(String::new()),
    }
}

/// How many rows were written, given how many the database reports: the MySQL family counts a row
/// twice that an upsert updates.
pub(crate) fn rows(write: &Write, capabilities: &Capabilities, reported: u64) -> u64 {
    let given = match &write.action {
        Action::Insert { given: Given::Structs(structs), .. } => u64::from(structs.count),
        Action::Insert { given: Given::Values(_), .. } => 1,
        _ => return reported,
    };
    match write.upsert() {
        Some(upsert) if !capabilities.on_conflict && !matches!(upsert.then, Then::Ignore) => given,
        _ => reported,
    }
}

/// Structs that share a statement.
struct Chunk {
    sql: Arc<str>,
    columns: Arc<[u16]>,
    slots: Range<u32>,
    /// What follows the rows.
    tail: Arc<Rendered>,
}

/// Consecutive structs of one shape share a statement, as in a flush.
fn chunks(write: &Write, structs: &Structs, writes: Writes<'_>, templates: &Templates) -> Result<Vec<Chunk>> {
    let mapper = write.mapper;
    let shape = |slot| inserted_columns(mapper, &*structs.rows, slot, &[]);
    let shapes: Vec<Vec<u16>> = (0..structs.count).map(shape).collect();
    let mut chunks: Vec<Chunk> = Vec::new();
    let mut first = 0;
    for run in shapes.chunk_by(|a, b| a == b) {
        let columns: Arc<[u16]> = run[0].as_slice().into();
        let tail = Arc::new(writes.tail(write, &columns, columns.len())?);
        let max_binds = writes.capabilities.max_binds - tail.binds.len();
        let capabilities = Capabilities { max_binds, ..*writes.capabilities };
        let most = capabilities.rows_per_statement(columns.len(), capabilities.rows_per_insert);
        for rows in run.chunks(most) {
            let slots = first..first + rows.len() as u32;
            first = slots.end;
            let mut sql = templates.text(Shape::BulkInsert { mapper, columns: &columns, rows: rows.len() });
            if !tail.sql.is_empty() {
                sql = format!("{sql}{}", tail.sql).into();
            }
            chunks.push(Chunk { sql, columns: columns.clone(), slots, tail: tail.clone() });
        }
    }
    Ok(chunks)
}

impl Chunk {
    fn part<'w>(&self, mapper: &'static Mapper, structs: &'w Structs, arrays: bool) -> Part<'w> {
        let mut binder = Binder::new(arrays);
        self.columns.iter().for_each(|&column| binder.written(mapper, column));
        binder.values.reserve(self.slots.len() * self.columns.len());
        for slot in self.slots.clone() {
            structs.rows.values(slot, &self.columns, &mut binder.values);
        }
        let mut binds = binder.finish(self.slots.len());
        binds.extend(self.tail.binds.iter().cloned());
        let statement = Statement { sql: self.sql.clone(), binds, cache: !self.tail.varies, bounded: false };
        Part { statement, structs: Some((self.slots.start as usize, self.columns.len())) }
    }
}
