//! A query as plain data: what `query/` builds, `loading/` extends and [`render`](super::render)
//! turns into text and binds. Untyped, and without a dialect.

use std::sync::Arc;

use super::node::{Node, Term};
use crate::error::{Error, Result};
use crate::mapping::Mapper;
use crate::model::ColumnDef;

/// A table as one query reads it. The same table read twice is two sources with different aliases;
/// alias 0 is what the model's own columns mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source {
    pub(crate) table: &'static str,
    pub(crate) alias: u32,
    /// The model, for messages and for selecting all its columns; association tables may have none.
    pub(crate) mapper: Option<&'static Mapper>,
    /// Whether it is a subquery or a CTE, which has to be given to FROM as a whole.
    pub(crate) derived: bool,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.alias == other.alias && self.table == other.table
    }
}

impl Source {
    pub(crate) fn of(mapper: &'static Mapper) -> Self {
        Source { table: mapper.table(), alias: 0, mapper: Some(mapper), derived: false }
    }

    pub(crate) fn table(table: &'static str) -> Self {
        Source { table, alias: 0, mapper: None, derived: false }
    }

    /// The same table under another alias.
    pub(crate) fn aliased(self, alias: u32) -> Self {
        Source { alias, ..self }
    }

    /// The name that users know it by.
    pub(crate) fn name(&self) -> &'static str {
        match self.mapper {
            Some(mapper) if !self.derived => mapper.name(),
            _ => self.table,
        }
    }

    pub(crate) fn column(self, column: &'static ColumnDef) -> ColumnRef {
        ColumnRef { source: self, name: column.name, sensitive: column.sensitive }
    }

    /// Columns of the source's model, by number.
    pub(crate) fn columns(self, mapper: &Mapper, columns: &[u16]) -> Vec<ColumnRef> {
        columns.iter().map(|&column| self.column(mapper.column(column))).collect()
    }
}

/// A column of a source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ColumnRef {
    pub(crate) source: Source,
    pub(crate) name: &'static str,
    pub(crate) sensitive: bool,
}

impl ColumnRef {
    pub(crate) fn node(self) -> Node {
        Node::Column(self)
    }
}

impl PartialEq for ColumnRef {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.name == other.name
    }
}

/// What a query puts out.
#[derive(Debug, Clone)]
pub(crate) enum Output {
    /// All columns of a source's model.
    Entity(Source),
    Node {
        node: Arc<Node>,
        label: Option<&'static str>,
    },
}

impl Output {
    /// The names of its columns in the result, as far as they have any.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        let (columns, name) = match self {
            Output::Entity(source) => (source.mapper.map_or(&[][..], |mapper| mapper.def.columns), None),
            Output::Node { node, label } => (&[][..], label.or_else(|| node.column_name())),
        };
        columns.iter().map(|column| column.name).chain(name)
    }
}

/// What a query reads from.
#[derive(Debug, Clone)]
pub(crate) enum From {
    Table(Source),
    /// A query in place of a table.
    Derived(Arc<Derived>, Source),
    /// A CTE within its own definition, by the number of the definition.
    Recursion(u32, Source),
}

/// A query that stands in FROM.
#[derive(Debug, Clone)]
pub(crate) struct Derived {
    /// Tells it from others of the same name.
    pub(crate) number: u32,
    pub(crate) name: &'static str,
    pub(crate) query: Query,
    pub(crate) kind: DerivedKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DerivedKind {
    /// In place: `FROM (SELECT ..)`.
    Subquery,
    /// Before the statement: `WITH name AS (SELECT ..)`. Read as often as it is named.
    Cte { recursive: bool, materialized: Option<bool> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JoinKind {
    Inner,
    Left,
    Right,
    Full,
    Cross,
}

#[derive(Debug, Clone)]
pub(crate) struct Join {
    pub(crate) kind: JoinKind,
    pub(crate) from: From,
    /// None for a cross join.
    pub(crate) on: Option<Arc<Node>>,
    /// Whether the joined query sees the columns of what stands before it.
    pub(crate) lateral: bool,
    /// Whether the join before it is of an association table, which is there only to lead here.
    pub(crate) bridged: bool,
}

impl Join {
    pub(crate) fn table(kind: JoinKind, source: Source, on: Node) -> Join {
        Join { kind, from: From::Table(source), on: Some(Arc::new(on)), lateral: false, bridged: false }
    }

    /// The join of an association table before the join that it leads to. In an outer join a row of
    /// it must lead to a row that meets the conditions, or else it would count as a match itself.
    pub(crate) fn leading_to(&self, next: &Join) -> Result<Join> {
        let on = match &next.on {
            Some(on) if !on.compares_columns() => on,
            _ => return Ok(self.clone()),
        };
        match self.kind {
            JoinKind::Left => {}
            JoinKind::Full => {
                return Err(Error::configuration(format!(
                    "a many-to-many relationship cannot be joined fully with a further condition; join a subquery of {} that meets it",
                    next.from.source().name()
                )));
            }
            _ => return Ok(self.clone()),
        }
        let source = next.from.source();
        let target = source.aliased(super::fresh_alias());
        let query = Query {
            outputs: vec![Output::Node { node: Arc::new(Node::Integer(1)), label: None }],
            from: vec![From::Table(target)],
            filter: Some(on.with_source(source, target)),
            ..Query::default()
        };
        let on = Some(Node::and(self.on.clone(), Arc::new(Node::Exists(Arc::new(query)))));
        Ok(Join { on, ..self.clone() })
    }
}

/// Which rows count as one.
#[derive(Debug, Clone, Default)]
pub(crate) enum Distinct {
    #[default]
    No,
    /// Rows that are equal in all that is put out.
    Rows,
    /// Rows that are equal in these; the first one by the order stays.
    On(Vec<Arc<Node>>),
}

/// How the rows of two queries become those of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetOp {
    Union,
    UnionAll,
    Intersect,
    Except,
}

/// What is done with the rows read until the transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lock {
    /// Whether others may not even lock them for reading.
    pub(crate) exclusive: bool,
    pub(crate) wait: Wait,
}

/// What to do about rows that somebody else has locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Wait until they are free.
    Block,
    /// Fail at once.
    Fail,
    /// Leave them out.
    Skip,
}

/// A SELECT.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    pub(crate) distinct: Distinct,
    pub(crate) outputs: Vec<Output>,
    pub(crate) from: Vec<From>,
    pub(crate) joins: Vec<Join>,
    pub(crate) filter: Option<Arc<Node>>,
    pub(crate) group_by: Vec<Arc<Node>>,
    pub(crate) having: Option<Arc<Node>>,
    /// Further queries whose rows are put together with this one's. Order and limit are of all.
    pub(crate) compound: Vec<(SetOp, Query)>,
    pub(crate) order_by: Vec<Term>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
    pub(crate) lock: Option<Lock>,
    /// What was wrong with the way it was put together; told when it is to be run.
    pub(crate) problem: Option<Arc<str>>,
}

impl Query {
    /// Narrows the query.
    pub(crate) fn restrict(&mut self, condition: Arc<Node>) {
        self.settle_before("filter");
        self.filter = Some(Node::and(self.filter.take(), condition));
    }

    /// Narrows the groups.
    pub(crate) fn restrict_groups(&mut self, condition: Arc<Node>) {
        self.settle_before("having");
        self.having = Some(Node::and(self.having.take(), condition));
    }

    /// Notes that a step comes too late: after a union it would say something of the first part only.
    pub(crate) fn settle_before(&mut self, step: &str) {
        if !self.compound.is_empty() {
            self.object(format!(
                "`{step}` after a union, intersection or difference; call it on the parts before they are put together, or select from the whole with `.subquery(\"name\")`"
            ));
        }
    }

    /// Notes what is wrong, unless something is already.
    pub(crate) fn object(&mut self, problem: impl Into<Arc<str>>) {
        self.problem.get_or_insert_with(|| problem.into());
    }

    /// The tables whose rows a lock can be about, if not of all: a row that is missing in an outer join
    /// cannot be locked, nor can one that a subquery makes of others.
    pub(crate) fn lockable(&self) -> Vec<Source> {
        let is_table = |from: &&From| matches!(from, From::Table(_));
        let is_joined = |from: &&From| self.is_joined(from.source());
        let mut all = self.from.iter().filter(|from| !is_joined(from)).chain(self.joins.iter().map(|join| &join.from));
        let plain = self.joins.iter().all(|join| matches!(join.kind, JoinKind::Inner | JoinKind::Cross));
        if plain && all.all(|from| is_table(&from)) {
            return Vec::new();
        }
        let tables = self.from.iter().filter(|from| !is_joined(from)).filter(is_table).map(From::source);
        let mut lockable: Vec<Source> = tables.collect();
        for join in &self.joins {
            if matches!(join.kind, JoinKind::Right | JoinKind::Full) {
                lockable.clear();
            }
            if matches!(join.kind, JoinKind::Inner | JoinKind::Cross | JoinKind::Right) && is_table(&&join.from) {
                lockable.push(join.from.source());
            }
        }
        lockable
    }

    pub(crate) fn is_limited(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }

    pub(crate) fn is_distinct(&self) -> bool {
        !matches!(self.distinct, Distinct::No)
    }

    /// Whether a row of the result stands for more than one combination of the rows read.
    pub(crate) fn is_aggregated(&self) -> bool {
        self.is_distinct() || !self.group_by.is_empty() || self.having.is_some() || !self.compound.is_empty()
    }

    pub(crate) fn is_joined(&self, source: Source) -> bool {
        self.joins.iter().any(|join| join.from.source() == source)
    }

    /// Whether a source is read, by FROM or by a join.
    pub(crate) fn reads(&self, source: Source) -> bool {
        self.is_joined(source) || self.from.iter().any(|from| from.source() == source)
    }

    /// Adds a table to FROM, unless it is read already. A subquery's column alone does not say what
    /// the subquery is.
    pub(crate) fn read(&mut self, source: Source) {
        if !source.derived && !self.reads(source) {
            self.from.push(From::Table(source));
        }
    }

    /// The query in place of a table.
    pub(crate) fn derived(mut self, name: &'static str, kind: DerivedKind) -> (Arc<Derived>, Source) {
        self.keep_within_depth();
        let number = super::fresh_alias();
        let source = Source { table: name, alias: number, mapper: None, derived: true };
        (Arc::new(Derived { number, name, query: self, kind }), source)
    }
}

impl From {
    pub(crate) fn source(&self) -> Source {
        match self {
            From::Table(source) | From::Derived(_, source) | From::Recursion(_, source) => *source,
        }
    }
}
