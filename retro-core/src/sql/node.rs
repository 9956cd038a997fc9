//! [`Node`]: an expression as plain data.

use std::borrow::Cow;
use std::sync::Arc;

use super::ast::{ColumnRef, Query, Source};
use super::depth::Conditions;
use super::{Bind, KeyList};
use crate::dialect::Rounding;
use crate::model::EntityId;
use crate::value::{SqlType, Value};

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
    /// TRUE or FALSE, part of the text.
    Boolean(bool),
    Binary(Arc<Node>, BinaryOp, Arc<Node>),
    /// Conditions of which all or any must be met. One node for any number of them, so that no long
    /// list makes a deep tree.
    Junction(Junction, Conditions),
    Not(Arc<Node>),
    Negative(Arc<Node>),
    IsNull {
        node: Arc<Node>,
        negated: bool,
    },
    /// Equality in which NULL equals NULL, or its opposite.
    NullSafe {
        left: Arc<Node>,
        right: Arc<Node>,
        equal: bool,
    },
    Between {
        node: Arc<Node>,
        low: Arc<Node>,
        high: Arc<Node>,
    },
    Like {
        node: Arc<Node>,
        pattern: Arc<Node>,
        escape: Option<char>,
    },
    /// Whether a text has another one in it, at a place.
    Holds {
        node: Arc<Node>,
        place: Place,
        text: Bind<'static>,
    },
    /// Several expressions that are compared together.
    Row(Vec<Arc<Node>>),
    /// Membership in a list of values, which travels as one parameter where it is long or the
    /// database takes arrays.
    InValues {
        node: Arc<Node>,
        sql_type: SqlType,
        values: Arc<[Value<'static>]>,
        sensitive: bool,
    },
    /// Membership in a list of expressions.
    InList {
        node: Arc<Node>,
        items: Vec<Arc<Node>>,
    },
    /// Membership of columns in a list of keys.
    InKeys {
        columns: Vec<ColumnRef>,
        keys: Arc<KeyList>,
    },
    /// Membership in the rows of a query.
    InQuery {
        node: Arc<Node>,
        query: Arc<Query>,
    },
    /// Whether rows exist that a relationship of the outer source leads to.
    Related(Arc<Related>),
    /// Whether a query has rows.
    Exists(Arc<Query>),
    /// The only value of a query's only row.
    Scalar(Arc<Query>),
    Function {
        name: Cow<'static, str>,
        args: Vec<Arc<Node>>,
    },
    Aggregate(Box<Aggregate>),
    Over(Box<Over>),
    Case {
        branches: Vec<(Arc<Node>, Arc<Node>)>,
        otherwise: Option<Arc<Node>>,
    },
    Cast {
        node: Arc<Node>,
        from: SqlType,
        to: SqlType,
    },
    /// A part of a date or time, as a whole number.
    DatePart {
        node: Arc<Node>,
        part: DatePart,
        of: SqlType,
    },
    /// A date or time with everything below a unit cut off.
    Truncated {
        node: Arc<Node>,
        unit: DateUnit,
        of: SqlType,
    },
    /// The number of characters of a text.
    Length(Arc<Node>),
    /// A number with its fraction made whole, or shorter.
    Round {
        node: Arc<Node>,
        rounding: Rounding,
        of: SqlType,
    },
    /// A column of the first rows of a recursion, where the following ones may hold more than its type
    /// does: a longer text, a number with more digits.
    Widened(Arc<Node>, SqlType),
    /// A value where it is compared or ordered, for types that databases may keep as something that
    /// has another order.
    ByValue(Arc<Node>, SqlType),
    /// A scalar within a JSON document; NULL where there is none.
    Json {
        node: Arc<Node>,
        path: Arc<[JsonStep]>,
        to: SqlType,
    },
    /// In an upsert: the value that the row in conflict would have been given.
    Excluded(ColumnRef),
    /// Something that cannot be said; told when the query is to be run.
    Problem(Arc<str>),
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

/// A value of many rows.
#[derive(Debug, Clone)]
pub(crate) struct Aggregate {
    pub(crate) function: AggregateFn,
    pub(crate) distinct: bool,
    pub(crate) arg: Arc<Node>,
    /// Which rows count.
    pub(crate) filter: Option<Arc<Node>>,
    /// Whether the value of no rows is 0 instead of NULL.
    pub(crate) or_zero: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum AggregateFn {
    Count,
    Sum,
    Avg,
    /// The smallest value of a type.
    Min(SqlType),
    /// The largest value of a type.
    Max(SqlType),
    /// Texts, one after the other.
    Concat {
        separator: Arc<str>,
        order_by: Vec<Term>,
    },
}

/// A function over the rows around a row.
#[derive(Debug, Clone)]
pub(crate) struct Over {
    pub(crate) function: Arc<Node>,
    pub(crate) window: Window,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Window {
    pub(crate) partition_by: Vec<Arc<Node>>,
    pub(crate) order_by: Vec<Term>,
    pub(crate) frame: Option<Frame>,
}

/// The rows of a partition that count for a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) unit: &'static str,
    pub(crate) start: Bound,
    pub(crate) end: Bound,
}

/// Where the frame of a window begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Bound {
    /// The first row of the partition.
    First,
    /// So many rows before the current one.
    Preceding(u32),
    /// The current row.
    Current,
    /// So many rows after the current one.
    Following(u32),
    /// The last row of the partition.
    Last,
}

/// A part of a date or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DatePart {
    Year,
    Quarter,
    Month,
    Day,
    /// 1 is Monday, 7 is Sunday.
    Weekday,
    DayOfYear,
    Hour,
    Minute,
    Second,
}

/// What a date or time is cut down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DateUnit {
    /// The first of January.
    Year,
    /// The first day of the quarter.
    Quarter,
    /// The first day of the month.
    Month,
    /// The Monday of the week.
    Week,
    /// Midnight.
    Day,
    /// The full hour.
    Hour,
    /// The full minute.
    Minute,
    /// The full second.
    Second,
}

/// A step into a JSON document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JsonStep {
    Key(Arc<str>),
    Index(u32),
}

/// Where a text is in another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Anywhere,
    Start,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Junction {
    All,
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Add,
    Sub,
    Mul,
    /// A division whose result has a type: of whole numbers it truncates on every database.
    Div(SqlType),
    /// What a division leaves.
    Rem(SqlType),
    Concat,
}

/// A term of an order.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub(crate) node: Arc<Node>,
    pub(crate) sql_type: SqlType,
    pub(crate) descending: bool,
    pub(crate) nulls_first: Option<bool>,
}

impl Node {
    pub(crate) fn binary(left: Node, op: BinaryOp, right: Node) -> Node {
        Node::Binary(Arc::new(left), op, Arc::new(right))
    }

    pub(crate) fn call(name: &'static str, args: impl IntoIterator<Item = Arc<Node>>) -> Node {
        Node::Function { name: Cow::Borrowed(name), args: args.into_iter().collect() }
    }

    pub(crate) fn problem(problem: impl Into<Arc<str>>) -> Node {
        Node::Problem(problem.into())
    }

    /// A condition and perhaps one before it.
    pub(crate) fn and(first: Option<Arc<Node>>, second: Arc<Node>) -> Arc<Node> {
        match first {
            None => second,
            Some(first) => Node::join(first, Junction::All, second),
        }
    }

    /// Two conditions as one. Those of the same kind are put together: a condition may grow for ever,
    /// and stays as flat as a list.
    pub(crate) fn join(left: Arc<Node>, junction: Junction, right: Arc<Node>) -> Arc<Node> {
        let is_same = |node: &Node| matches!(node, Node::Junction(of, _) if *of == junction);
        let mut conditions = match is_same(&left) {
            true => Node::conditions(left),
            false => Conditions::new(vec![left]),
        };
        match is_same(&right) {
            true if conditions.len() == 1 => {
                let mut rest = Node::conditions(right);
                rest.prepend(conditions);
                conditions = rest;
            }
            true => conditions.append(Node::conditions(right)),
            false => conditions.push(right),
        }
        Arc::new(Node::Junction(junction, conditions))
    }

    /// The conditions of a junction, without copying them where nobody else has it.
    fn conditions(junction: Arc<Node>) -> Conditions {
        match Arc::unwrap_or_clone(junction) {
            Node::Junction(_, conditions) => conditions,
            other => Conditions::new(vec![Arc::new(other)]),
        }
    }

    /// All of them, or any of them; `None` for none.
    pub(crate) fn junction(junction: Junction, nodes: impl IntoIterator<Item = Node>) -> Option<Node> {
        let mut conditions: Vec<Arc<Node>> = nodes.into_iter().map(Arc::new).collect();
        match conditions.len() {
            0 | 1 => conditions.pop().map(Arc::unwrap_or_clone),
            _ => Some(Node::Junction(junction, Conditions::new(conditions))),
        }
    }

    /// All of them; `None` for none.
    pub(crate) fn all(nodes: impl IntoIterator<Item = Node>) -> Option<Node> {
        Node::junction(Junction::All, nodes)
    }

    /// Columns equal pairwise: the condition of a join.
    pub(crate) fn columns_equal(left: &[ColumnRef], right: &[ColumnRef]) -> Option<Node> {
        Node::all(left.iter().zip(right).map(|(left, right)| Node::binary(left.node(), BinaryOp::Eq, right.node())))
    }

    /// A value of a type where it is compared or ordered.
    pub(crate) fn by_value(self: Arc<Node>, of: SqlType) -> Arc<Node> {
        match of {
            SqlType::Decimal => Arc::new(Node::ByValue(self, of)),
            _ => self,
        }
    }

    /// One column, or several that are compared together.
    pub(crate) fn row(columns: &[ColumnRef]) -> Arc<Node> {
        match columns {
            [column] => Arc::new(column.node()),
            columns => Arc::new(Node::Row(columns.iter().map(|column| Arc::new(column.node())).collect())),
        }
    }

    /// Whether both are certainly the same expression.
    pub(crate) fn is_same(self: &Arc<Node>, other: &Arc<Node>) -> bool {
        Arc::ptr_eq(self, other)
            || match (&**self, &**other) {
                (Node::Column(a), Node::Column(b)) => a == b,
                (Node::Integer(a), Node::Integer(b)) => a == b,
                _ => false,
            }
    }

    /// The name that its column of a result has by itself.
    pub(crate) fn column_name(&self) -> Option<&'static str> {
        match self {
            Node::Column(column) => Some(column.name),
            _ => None,
        }
    }

    /// Whether it says nothing but that columns are equal.
    pub(crate) fn compares_columns(&self) -> bool {
        match self {
            Node::Binary(left, BinaryOp::Eq, right) => {
                matches!((&**left, &**right), (Node::Column(_), Node::Column(_)))
            }
            Node::Junction(Junction::All, conditions) => conditions.iter().all(|node| node.compares_columns()),
            _ => false,
        }
    }

    pub(crate) fn is_null_value(&self) -> bool {
        matches!(self, Node::Bind(Bind { data: super::BindData::One(Value::Null), .. }))
    }
}
