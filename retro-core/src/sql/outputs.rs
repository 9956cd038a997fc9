//! What a query puts out: how many columns, and under which names.

use std::sync::{Arc, Mutex, PoisonError};

use super::ast::{Output, Query};
use super::node::{Node, Term};
use crate::error::{Error, Result};

impl Output {
    /// How many columns it is.
    fn width(&self) -> usize {
        match self {
            Output::Node { .. } => 1,
            Output::Entity(source) => source.mapper.map_or(0, |mapper| mapper.def.columns.len()),
        }
    }

    /// As single columns.
    fn columns(&self) -> Vec<Output> {
        match self {
            Output::Node { .. } => vec![self.clone()],
            Output::Entity(source) => {
                let columns = source.mapper.map_or(&[][..], |mapper| mapper.def.columns).iter();
                columns
                    .map(|column| Output::Node { node: Arc::new(source.column(column).node()), label: None })
                    .collect()
            }
        }
    }

    /// The name that the column has of itself.
    pub(crate) fn own_name(&self) -> Option<&'static str> {
        match self {
            Output::Node { label: Some(label), .. } => Some(label),
            Output::Node { node, .. } => match &**node {
                Node::Column(column) => Some(column.name),
                _ => None,
            },
            Output::Entity(_) => None,
        }
    }
}

impl Query {
    /// How many columns it puts out.
    pub(crate) fn width(&self) -> usize {
        self.outputs.iter().map(Output::width).sum()
    }

    /// Puts out single columns in place of whole models, each with a name of its own. Gives the names.
    pub(crate) fn separate_outputs(&mut self) -> Vec<&'static str> {
        self.outputs = self.outputs.iter().flat_map(Output::columns).collect();
        let mut taken = Vec::with_capacity(self.outputs.len());
        for place in 0..self.outputs.len() {
            self.name_output(place, &mut taken);
        }
        taken
    }

    /// Gives a column that is put out a name that none before it has: its own where that is free.
    pub(crate) fn name_output(&mut self, place: usize, taken: &mut Vec<&'static str>) -> &'static str {
        let own = self.outputs[place].own_name().filter(|name| !taken.contains(name));
        let name = own.unwrap_or_else(|| {
            let others = self.outputs.iter().filter_map(Output::own_name);
            let reserved: Vec<&str> = taken.iter().copied().chain(others).collect();
            (place + 1..).map(numbered).find(|name| !reserved.contains(name)).unwrap_or("c")
        });
        if let Output::Node { label, .. } = &mut self.outputs[place] {
            *label = Some(name);
        }
        taken.push(name);
        name
    }

    /// The name of the column that a term of an order stands for, in the result of a union whose
    /// first part this is. A column without a name of its own, or with that of another column, is
    /// given one.
    pub(super) fn name_of(&mut self, term: &Term) -> Result<&'static str> {
        let columns: Vec<Output> = self.outputs.iter().flat_map(Output::columns).collect();
        let stands_for = |output: &Output| matches!(output, Output::Node { node, .. } if node.is_same(&term.node));
        let Some(place) = columns.iter().position(stands_for) else {
            return Err(Error::configuration(
                "a union can only be ordered by what its first part selects: order by that column or by the very expression that is selected",
            ));
        };
        let is_free = |name: &&str| columns.iter().filter(|output| output.own_name() == Some(name)).count() == 1;
        if let Some(name) = columns[place].own_name().filter(is_free) {
            return Ok(name);
        }
        self.outputs = columns;
        let mut taken: Vec<&'static str> = self.outputs.iter().filter_map(Output::own_name).collect();
        Ok(self.name_output(place, &mut taken))
    }
}

/// `c7`: names for columns that have none. Each is made once and kept.
fn numbered(number: usize) -> &'static str {
    static NAMES: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    while names.len() <= number {
        let name = format!("c{}", names.len());
        names.push(Box::leak(name.into_boxed_str()));
    }
    names[number]
}
