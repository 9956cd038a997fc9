//! A query as plain data: what `query/` builds, `loading/` extends and [`render`](super::render)
//! turns into text and binds. Untyped, and without a dialect.

use std::sync::Arc;

use super::{Bind, KeyList};
use crate::mapping::Mapper;
use crate::model::{ColumnDef, EntityId};
use crate::value::{SqlType, Value};

/// A table as one query reads it. The same table read twice is two sources with different aliases;
/// alias 0 is what the model's own columns mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source {
    pub(crate) table: &'static str,
    pub(crate) alias: u32,
    /// The model, for messages and for selecting all its columns; association tables may have none.
    pub(crate) mapper: Option<&'static Mapper>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.alias == other.alias && self.table == other.table
    }
}

impl Source {
    pub(crate) fn of(mapper: &'static Mapper) -> Self {
        Source { table: mapper.table(), alias: 0, mapper: Some(mapper) }
    }

    pub(crate) fn table(table: &'static str) -> Self {
        Source { table, alias: 0, mapper: None }
    }

    /// The same table under another alias.
    pub(crate) fn aliased(self, alias: u32) -> Self {
        Source { alias, ..self }
    }

    /// The name that users know it by.
    pub(crate) fn name(&self) -> &'static str {
        self.mapper.map_or(self.table, Mapper::name)
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

/// An expression.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    Column(ColumnRef),
    Bind(Bind<'static>),
    /// A column of an entity of the session, whose value is taken when the statement is sent: after
    /// the autoflush that may generate it.
    OfEntity {
        table: &'static str,
        session: u32,
        id: EntityId,
        column: u16,
    },
    /// A whole number that is part of the text.
    Integer(i64),
    Binary(Arc<Node>, BinaryOp, Arc<Node>),
    Not(Arc<Node>),
    IsNull {
        node: Arc<Node>,
        negated: bool,
    },
    Between {
        node: Arc<Node>,
        low: Arc<Node>,
        high: Arc<Node>,
    },
    /// With an escape character only where the pattern was made from a plain text.
    Like {
        node: Arc<Node>,
        pattern: Arc<Node>,
        escaped: bool,
    },
    /// Membership in a list of values, which travels as one array where the database takes arrays.
    InValues {
        node: Arc<Node>,
        sql_type: SqlType,
        values: Arc<[Value<'static>]>,
        sensitive: bool,
    },
    /// Membership in a list of expressions.
    InList {
        node: Arc<Node>,
        items: Vec<Node>,
    },
    /// Membership of columns in a list of keys.
    InKeys {
        columns: Vec<ColumnRef>,
        keys: Arc<KeyList>,
    },
    /// Membership of columns in the rows of a query.
    InQuery {
        columns: Vec<ColumnRef>,
        query: Box<Query>,
    },
    /// Whether rows exist that a relationship of the outer source leads to.
    Related(Related),
    Function {
        name: &'static str,
        args: Vec<Node>,
    },
    CountDistinct(Arc<Node>),
}

/// An EXISTS through a relationship. Its own node, and not a subquery with a condition, because in
/// a relationship of a model with itself both sides are the same source: which column means which
/// side is known only while this node is rendered.
#[derive(Debug, Clone)]
pub(crate) struct Related {
    pub(crate) outer: Source,
    pub(crate) target: Source,
    pub(crate) local: Vec<ColumnRef>,
    pub(crate) remote: Vec<ColumnRef>,
    pub(crate) secondary: Option<Association>,
    pub(crate) predicate: Option<Arc<Node>>,
}

/// An association table and its columns that name both sides.
#[derive(Debug, Clone)]
pub(crate) struct Association {
    pub(crate) source: Source,
    pub(crate) local: Vec<ColumnRef>,
    pub(crate) remote: Vec<ColumnRef>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    And,
    Or,
    Add,
    Sub,
    Mul,
    Div,
    /// Division of whole numbers, which truncates on every database.
    IntDiv,
    Rem,
}

/// What a query puts out.
#[derive(Debug, Clone)]
pub(crate) enum Output {
    /// All columns of a source's model.
    Entity(Source),
    Node {
        node: Arc<Node>,
        label: Option<Arc<str>>,
    },
}

/// What a query reads from.
#[derive(Debug, Clone)]
pub(crate) enum From {
    Table(Source),
    /// A query in place of a table; the source's table is its name.
    Query(Box<Query>, Source),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JoinKind {
    Inner,
    Left,
}

#[derive(Debug, Clone)]
pub(crate) struct Join {
    pub(crate) kind: JoinKind,
    pub(crate) source: Source,
    pub(crate) on: Node,
}

/// A term of an order.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub(crate) node: Arc<Node>,
    pub(crate) descending: bool,
    pub(crate) nulls_first: Option<bool>,
}

/// A SELECT.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    pub(crate) distinct: bool,
    pub(crate) outputs: Vec<Output>,
    pub(crate) from: Vec<From>,
    pub(crate) joins: Vec<Join>,
    pub(crate) filter: Option<Arc<Node>>,
    pub(crate) group_by: Vec<Arc<Node>>,
    pub(crate) having: Option<Arc<Node>>,
    pub(crate) order_by: Vec<Term>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
}

impl Node {
    pub(crate) fn binary(left: Node, op: BinaryOp, right: Node) -> Node {
        Node::Binary(Arc::new(left), op, Arc::new(right))
    }

    /// All of them; `None` for none.
    pub(crate) fn all(nodes: impl IntoIterator<Item = Node>) -> Option<Node> {
        nodes.into_iter().reduce(|left, right| Node::binary(left, BinaryOp::And, right))
    }

    /// Columns equal pairwise: the condition of a join.
    pub(crate) fn columns_equal(left: &[ColumnRef], right: &[ColumnRef]) -> Option<Node> {
        Node::all(left.iter().zip(right).map(|(left, right)| Node::binary(left.node(), BinaryOp::Eq, right.node())))
    }
}

impl Query {
    /// Narrows the query.
    pub(crate) fn restrict(&mut self, condition: Node) {
        self.filter = Some(Arc::new(conjunction(self.filter.take(), condition)));
    }

    /// Narrows the groups.
    pub(crate) fn restrict_groups(&mut self, condition: Node) {
        self.having = Some(Arc::new(conjunction(self.having.take(), condition)));
    }

    pub(crate) fn is_limited(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }

    /// Whether a row of the result stands for more than one combination of the rows read.
    pub(crate) fn is_aggregated(&self) -> bool {
        self.distinct || !self.group_by.is_empty() || self.having.is_some()
    }

    pub(crate) fn is_joined(&self, source: Source) -> bool {
        self.joins.iter().any(|join| join.source == source)
    }

    /// Whether a source is read, by FROM or by a join.
    pub(crate) fn reads(&self, source: Source) -> bool {
        self.is_joined(source) || self.from.iter().any(|from| from.source() == source)
    }

    /// Adds a source to FROM, unless it is read already.
    pub(crate) fn read(&mut self, source: Source) {
        if !self.reads(source) {
            self.from.push(From::Table(source));
        }
    }
}

fn conjunction(first: Option<Arc<Node>>, second: Node) -> Node {
    match first {
        None => second,
        Some(first) => Node::Binary(first, BinaryOp::And, Arc::new(second)),
    }
}

impl From {
    pub(crate) fn source(&self) -> Source {
        match self {
            From::Table(source) | From::Query(_, source) => *source,
        }
    }
}
