//! How the database runs a query, in its own words.

use std::collections::HashMap;

use crate::dialect::{Capabilities, PlanForm};
use crate::engine::Row;
use crate::error::{Error, ErrorKind, Result};
use crate::sql::{Access, Statement};
use crate::value::{SqlType, Value, ValueError};

/// How much is wanted to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Explain {
    /// How the query would be run.
    Plan,
    /// How it was run.
    Run,
}

/// What is sent to have a query explained.
pub(crate) struct Explanation {
    pub(crate) plan: Statement<'static>,
    /// The query itself, where it has to be run to learn how long that takes.
    pub(crate) run: Option<Statement<'static>>,
    form: PlanForm,
}

impl Explanation {
    pub(crate) fn new(
        (query, access): (Statement<'static>, Access),
        explain: Explain,
        capabilities: &Capabilities,
    ) -> Result<Explanation> {
        let analyze = match explain {
            Explain::Plan => None,
            Explain::Run if access == Access::Write => {
                return Err(Error::configuration(
                    "`explain_analyze` runs what it explains, and this text writes; use `explain`, or send a text that \
                     says EXPLAIN ANALYZE itself",
                ));
            }
            Explain::Run => capabilities.explain_analyze,
        };
        let sql = format!("{}{}", analyze.unwrap_or(capabilities.explain), query.sql);
        let plan = Statement::once(sql, query.binds.clone());
        let run = (explain == Explain::Run && analyze.is_none()).then_some(query);
        Ok(Explanation { plan, run, form: capabilities.plan_form })
    }

    /// The plan, line by line.
    pub(crate) fn print(&self, rows: &[Row]) -> Result<String> {
        let lines = match self.form {
            PlanForm::Steps => rows.iter().map(step).collect::<Result<Vec<_>, ValueError>>(),
            PlanForm::Nodes => nodes(rows),
        };
        let lines = lines.map_err(|cause| {
            Error::new(ErrorKind::Conversion, format!("the plan cannot be read: {cause}")).with_source(cause)
        })?;
        Ok(lines.join("\n"))
    }
}

/// A row as it is if it has one column, else all that it says by name.
fn step(row: &Row) -> Result<String, ValueError> {
    if row.len() == 1 {
        return Ok(text(row, 0)?.unwrap_or_default());
    }
    let mut said = Vec::new();
    for index in 0..row.len() {
        if let Some(value) = text(row, index)?.filter(|value| !value.is_empty()) {
            said.push(format!("{}: {value}", row.name(index)));
        }
    }
    Ok(said.join(", "))
}

/// The nodes of a tree, each further in than its parent.
fn nodes(rows: &[Row]) -> Result<Vec<String>, ValueError> {
    let mut depths: HashMap<String, usize> = HashMap::new();
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let parent = text(row, 1)?.and_then(|parent| depths.get(&parent).copied());
        let depth = parent.map_or(0, |depth| depth + 1);
        depths.insert(text(row, 0)?.unwrap_or_default(), depth);
        lines.push(format!("{}{}", "  ".repeat(depth), text(row, 3)?.unwrap_or_default()));
    }
    Ok(lines)
}

fn text(row: &Row, index: usize) -> Result<Option<String>, ValueError> {
    Ok(match row.get(index, SqlType::Text)? {
        Value::Text(text) => Some(text.into_owned()),
        _ => None,
    })
}
