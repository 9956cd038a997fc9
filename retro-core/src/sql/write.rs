//! [`Write`]: an INSERT, UPDATE or DELETE as plain data: what `query/` builds and `bulk/` sends.
//! Untyped, and without a dialect.

use std::fmt;
use std::sync::Arc;

use super::ast::{Output, Query, Source};
use super::node::{BinaryOp, Node};
use super::{Bind, Filters, note};
use crate::identity::Rows;
use crate::mapping::Mapper;

/// A statement that writes to the table of one model.
#[derive(Debug, Clone)]
pub(crate) struct Write {
    pub(crate) mapper: &'static Mapper,
    pub(crate) action: Action,
    /// Which rows are updated or deleted.
    pub(crate) filter: Option<Arc<Node>>,
    /// What is given back of each row.
    pub(crate) returning: Vec<Output>,
    /// Default filters of the session that do not hold for the statement.
    pub(crate) unfiltered: Vec<&'static str>,
    /// Whether the session's entities are brought in line with what it has written.
    pub(crate) sync: bool,
    /// What was wrong with the way it was put together; told when it is to be run.
    pub(crate) problem: Option<Arc<str>>,
}

#[derive(Debug, Clone)]
pub(crate) enum Action {
    Insert { given: Given, upsert: Option<Upsert> },
    Update(Vec<Set>),
    Delete,
}

/// Where the rows of an INSERT come from.
#[derive(Debug, Clone)]
pub(crate) enum Given {
    /// Structs of the model.
    Structs(Structs),
    /// One row of expressions.
    Values(Vec<Set>),
    /// The rows of a query, which has as many outputs as there are columns.
    Query { columns: Vec<u16>, query: Box<Query> },
}

/// Structs that are inserted and that no session knows.
#[derive(Clone)]
pub(crate) struct Structs {
    pub(crate) rows: Arc<dyn Rows>,
    /// They are in the slots from 0 on.
    pub(crate) count: u32,
}

/// A column and the value that it gets.
#[derive(Debug, Clone)]
pub(crate) struct Set {
    pub(crate) column: u16,
    pub(crate) node: Arc<Node>,
}

/// What becomes of a row whose key is taken.
#[derive(Debug, Clone)]
pub(crate) struct Upsert {
    /// The key.
    pub(crate) conflict: Vec<u16>,
    pub(crate) then: Then,
    /// Which of the rows that are there are updated.
    pub(crate) filter: Option<Arc<Node>>,
}

#[derive(Debug, Clone)]
pub(crate) enum Then {
    /// The row that is there stays as it is.
    Ignore,
    Update(Vec<Set>),
    /// All that was given for the new row, less the keys.
    UpdateAll,
}

impl Write {
    pub(crate) fn new(mapper: &'static Mapper, action: Action) -> Self {
        Write { mapper, action, filter: None, returning: Vec::new(), unfiltered: Vec::new(), sync: true, problem: None }
    }

    /// The table as the statement's own expressions name it.
    pub(crate) fn target(&self) -> Source {
        Source::of(self.mapper)
    }

    /// Narrows an UPDATE or DELETE.
    pub(crate) fn restrict(&mut self, condition: Arc<Node>) {
        self.filter = Some(Node::and(self.filter.take(), condition));
    }

    /// Notes what is wrong, unless something is already.
    pub(crate) fn object(&mut self, problem: impl Into<Arc<str>>) {
        self.problem.get_or_insert_with(|| problem.into());
    }

    /// What is done to whom, for messages.
    pub(crate) fn describe(&self) -> String {
        let verb = match &self.action {
            Action::Insert { upsert: None, .. } => "insert into",
            Action::Insert { upsert: Some(_), .. } => "upsert into",
            Action::Update(_) => "update of",
            Action::Delete => "delete of",
        };
        format!("{verb} {}", self.mapper.name())
    }

    pub(crate) fn upsert(&self) -> Option<&Upsert> {
        match &self.action {
            Action::Insert { upsert, .. } => upsert.as_ref(),
            Action::Update(_) | Action::Delete => None,
        }
    }

    /// The names of the tables that it reads and writes, and of those that foreign keys tie to what it
    /// writes, as far as the model tells: what waits there may be what makes it possible.
    pub(crate) fn tables(&self) -> Vec<&'static str> {
        let mut tables = vec![self.mapper.table()];
        for key in self.mapper.def.foreign_keys {
            note(&mut tables, (key.target)().table);
        }
        for relationship in &self.mapper.relationships {
            note(&mut tables, relationship.target().table());
            relationship.secondary.iter().for_each(|secondary| note(&mut tables, secondary.table));
        }
        if let Action::Insert { given: Given::Query { query, .. }, .. } = &self.action {
            query.tables(&mut tables);
        }
        for node in self.nodes() {
            node.tables(&mut tables);
        }
        tables
    }

    fn nodes(&self) -> impl Iterator<Item = &Arc<Node>> {
        let (given, upsert) = match &self.action {
            Action::Insert { given: Given::Values(set), upsert } => (set.as_slice(), upsert.as_ref()),
            Action::Insert { upsert, .. } => (&[][..], upsert.as_ref()),
            Action::Update(set) => (set.as_slice(), None),
            Action::Delete => (&[][..], None),
        };
        let then = match upsert.map(|upsert| &upsert.then) {
            Some(Then::Update(set)) => set.as_slice(),
            _ => &[],
        };
        let returned = self.returning.iter().filter_map(|output| match output {
            Output::Node { node, .. } => Some(node),
            Output::Entity(_) => None,
        });
        let set = given.iter().chain(then).map(|set| &set.node);
        set.chain(&self.filter).chain(upsert.and_then(|upsert| upsert.filter.as_ref())).chain(returned)
    }

    /// Narrows it to what a session's default filters let through: the rows that an UPDATE or DELETE
    /// writes, and all rows that it reads in queries. What an upsert meets is found by its key.
    pub(crate) fn narrow(&mut self, filters: &Filters) {
        for set in self.sets_mut() {
            set.node = filters.narrow_node(&set.node);
        }
        self.filter = self.filter.as_ref().map(|filter| filters.narrow_node(filter));
        match &mut self.action {
            Action::Insert { given: Given::Query { query, .. }, .. } => {
                filters.narrow(query);
            }
            Action::Insert { .. } => {}
            Action::Update(_) | Action::Delete => {
                if let Some(condition) = filters.of(self.target()) {
                    self.restrict(condition);
                }
            }
        }
    }

    fn sets_mut(&mut self) -> Vec<&mut Set> {
        match &mut self.action {
            Action::Insert { given, upsert } => {
                let given = if let Given::Values(set) = given { set.as_mut_slice() } else { &mut [] };
                let then = match upsert.as_mut().map(|upsert| &mut upsert.then) {
                    Some(Then::Update(set)) => set.as_mut_slice(),
                    _ => &mut [],
                };
                given.iter_mut().chain(then).collect()
            }
            Action::Update(set) => set.iter_mut().collect(),
            Action::Delete => Vec::new(),
        }
    }

    /// What an UPDATE, or the update of an upsert, sets: what was asked for, the version counted up,
    /// and the columns that have an on-update value, unless they are set by hand. `given` are the
    /// columns of the row that is inserted.
    pub(crate) fn updates(&self, given: &[u16]) -> Vec<Set> {
        let mut set = self.asked(given);
        for column in self.maintained(&set) {
            let definition = self.mapper.column(column);
            let node = match definition.on_update {
                Some(value) => {
                    let bind = Bind::new(definition.sql_type, value()).sensitive(definition.sensitive);
                    Node::Bind(bind.written_to(Some(definition)))
                }
                None => {
                    let version = self.target().column(definition).node();
                    Node::binary(version, BinaryOp::Add, Node::Integer(1))
                }
            };
            set.push(Set { column, node: Arc::new(node) });
        }
        set
    }

    /// The columns of rows that are there which it may write.
    pub(crate) fn written(&self) -> Vec<u16> {
        let set = self.asked(&self.mapper.all_columns);
        set.iter().map(|set| set.column).chain(self.maintained(&set)).collect()
    }

    fn asked(&self, given: &[u16]) -> Vec<Set> {
        match (&self.action, self.upsert()) {
            (Action::Update(set), _) | (_, Some(Upsert { then: Then::Update(set), .. })) => set.clone(),
            (_, Some(Upsert { then: Then::UpdateAll, conflict, .. })) => self.excluded(given, conflict),
            _ => Vec::new(),
        }
    }

    /// The further columns that are set because others are.
    fn maintained(&self, set: &[Set]) -> Vec<u16> {
        let is_left = |column: &u16| self.is_maintained(*column) && set.iter().all(|set| set.column != *column);
        match set {
            [] => Vec::new(),
            _ => self.mapper.all_columns.iter().copied().filter(is_left).collect(),
        }
    }

    /// Whether a column changes with every change of the row.
    fn is_maintained(&self, column: u16) -> bool {
        self.mapper.column(column).on_update.is_some() || self.mapper.def.version == Some(column)
    }

    /// Each given column as the new row would have had it, but for keys and what is maintained.
    fn excluded(&self, given: &[u16], conflict: &[u16]) -> Vec<Set> {
        let mapper = self.mapper;
        let is_kept =
            |column: &u16| !conflict.contains(column) && !mapper.key().contains(column) && !self.is_maintained(*column);
        let excluded = |column| Node::Excluded(self.target().column(mapper.column(column)));
        let columns = given.iter().copied().filter(is_kept);
        columns.map(|column| Set { column, node: Arc::new(excluded(column)) }).collect()
    }
}

impl Set {
    /// Adds a value, in place of one that the column has been given before.
    pub(crate) fn put(self, list: &mut Vec<Set>) {
        match list.iter_mut().find(|set| set.column == self.column) {
            Some(set) => *set = self,
            None => list.push(self),
        }
    }
}

impl fmt::Debug for Structs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} structs", self.count)
    }
}
