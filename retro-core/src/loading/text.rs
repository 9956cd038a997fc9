//! Queries in text: what their rows hold is found by its name.

use std::sync::Arc;

use super::joined::{Prepared, given};
use super::plan::{Plan, Reach};
use crate::engine::{Columns, Engine, Row};
use crate::error::{Error, Result};
use crate::mapping::Mapper;
use crate::query::{FieldColumn, Layout, TextRequest};
use crate::sql::ast::{Query, Source};
use crate::sql::{Access, Statement};

/// The text of a query, in place of one that the crate has written.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) statement: Statement<'static>,
    pub(super) access: Access,
    layout: Layout,
    limit: Option<u64>,
}

impl Prepared {
    pub(super) fn text(request: TextRequest, reach: Reach, engine: &Engine) -> Result<Prepared> {
        let TextRequest { raw, layout, loads, populate_existing, limit } = request;
        let statement = raw.render(engine.dialect(), &engine.capabilities())?.into_statement();
        let access = raw.access(engine.dialect())?;
        let mut prepared = Prepared::bare(Query::default(), populate_existing);
        // Where the columns are is not known before the first row has come.
        let nowhere = || Columns::At(Arc::default());
        match &layout {
            Layout::Positions(types) => {
                let value = |(offset, &sql_type)| FieldColumn::Value { offset, sql_type, name: None };
                prepared.fields.extend(types.iter().enumerate().map(value));
            }
            Layout::Names(names, types) => {
                let value = |(&name, &sql_type)| FieldColumn::Value { offset: 0, sql_type, name: Some(name) };
                prepared.fields.extend(names.iter().zip(types).map(value));
            }
            Layout::Owned(_) => prepared.fields.push(FieldColumn::Owned(nowhere())),
            Layout::Entity(mapper) => {
                let reach = if reach == Reach::Statements { reach } else { Reach::Row { joins: false } };
                let plan = Plan::new(mapper, &given(&loads, mapper), reach)?;
                prepared.fields.push(FieldColumn::Entity(0));
                prepared.add_site(mapper, Source::of(mapper), false, plan);
            }
        }
        prepared.check_options(&loads)?;
        prepared.text = Some(Text { statement, access, layout, limit });
        Ok(prepared)
    }

    /// Finds the columns of a text in its first row.
    pub(super) fn locate(&mut self, row: &Row) -> Result<()> {
        let Some(Text { layout, .. }) = &self.text else { return Ok(()) };
        match layout {
            Layout::Positions(types) if types.len() != row.len() => {
                return Err(Error::configuration(format!(
                    "the rows of the text have {}, and {} are read; select as many as the type has",
                    columns(row.len()),
                    types.len()
                )));
            }
            Layout::Positions(_) => {}
            Layout::Names(..) => {
                for field in &mut self.fields {
                    if let FieldColumn::Value { offset, name: Some(name), .. } = field {
                        *offset = place(row, name)?;
                    }
                }
            }
            Layout::Owned(mapper) => self.fields = vec![FieldColumn::Owned(places(row, mapper)?)],
            Layout::Entity(mapper) => {
                let places = places(row, mapper)?;
                self.sites.iter_mut().for_each(|site| site.columns = places.clone());
            }
        }
        Ok(())
    }

    /// Leaves out rows that are not wanted. Only of a text: other queries do not find them.
    pub(super) fn limit(&self, rows: &mut Vec<Row>) {
        if let Some(Text { limit: Some(limit), .. }) = self.text {
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        }
    }
}

/// Where the columns of a model are.
fn places(row: &Row, mapper: &'static Mapper) -> Result<Columns> {
    let places: Result<Vec<usize>> = mapper
        .def
        .columns
        .iter()
        .map(|column| place(row, column.name).map_err(|error| error.context(format!("reading {}", mapper.name()))))
        .collect();
    places.map(|places| Columns::At(places.into())).map_err(|error| error.with_model(mapper.name()))
}

/// The place of a column. Whether its name is in upper or lower case makes no difference: databases
/// change that at will.
fn place(row: &Row, name: &str) -> Result<usize> {
    let mut found = (0..row.len()).filter(|&index| row.name(index).eq_ignore_ascii_case(name));
    match (found.next(), found.next()) {
        (Some(index), None) => Ok(index),
        (Some(_), Some(_)) => Err(Error::configuration(format!(
            "the text has two columns `{name}`; give one of them another name with `AS`"
        ))),
        (None, _) => {
            let names: Vec<&str> = (0..row.len()).map(|index| row.name(index)).collect();
            Err(Error::configuration(format!("the text has no column `{name}`; it has {}", names.join(", "))))
        }
    }
}

fn columns(number: usize) -> String {
    if number == 1 { "1 column".into() } else { format!("{number} columns") }
}
