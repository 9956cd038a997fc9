//! Expressions as the renderer's own tree.

use std::sync::Arc;

use sea_query::{self as sq, BinOper, Func, SelectStatement};

use super::ast::ColumnRef;
use super::node::{Aggregate, AggregateFn, BinaryOp, Bound, JsonStep, Node, Over, Related, Term};
use super::render::{Renderer, iden};
use super::{Bind, KeyList, Template, list};
use crate::dialect::parenthesized;
use crate::error::{Error, Result};
use crate::value::{SqlType, Value};

/// The character that takes the meaning from `%`, `_` and itself in a pattern made from plain text.
/// Not the backslash: it has a meaning of its own in the texts of some databases.
pub(crate) const ESCAPE: char = '!';

impl Renderer<'_> {
    pub(super) fn node(&mut self, node: &Node) -> Result<sq::Expr> {
        Ok(match node {
            Node::Column(column) => self.column(column)?,
            Node::Bind(bind) => self.shared_bind(bind),
            Node::OfEntity { session, id, column, .. } => {
                let bind = self.entities.value(*session, *id, *column)?;
                self.bind(bind)
            }
            Node::Integer(value) => sq::Expr::Constant(sq::Value::BigInt(Some(*value))),
            Node::Boolean(value) => sq::Expr::Constant(sq::Value::Bool(Some(*value))),
            Node::Binary(left, op, right) => binary(self.node(left)?, self.operator(*op), self.node(right)?),
            Node::Not(inner) => sq::Expr::Unary(sq::UnOper::Not, Box::new(self.node(inner)?)),
            Node::Negative(inner) => {
                let inner = self.node(inner)?;
                self.template().sql("-").expr(parenthesized(self.dialect, inner)).build()
            }
            Node::IsNull { node, negated } => {
                let is = if *negated { BinOper::IsNot } else { BinOper::Is };
                binary(self.node(node)?, is, sq::Expr::Keyword(sq::Keyword::Null))
            }
            Node::NullSafe { left, right, equal } => {
                let (left, right) = (self.node(left)?, self.node(right)?);
                self.dialect.null_safe(left, right, *equal)
            }
            Node::Between { node, low, high } => {
                let bounds = binary(self.node(low)?, BinOper::And, self.node(high)?);
                binary(self.node(node)?, BinOper::Between, bounds)
            }
            Node::Like { node, pattern, escape } => self.like(node, pattern, *escape)?,
            Node::Row(nodes) => sq::Expr::Tuple(self.all(nodes)?),
            Node::InValues { node, sql_type, values, sensitive } => {
                let node = self.node(node)?;
                self.in_values(node, *sql_type, values, *sensitive)
            }
            Node::InList { node, items } => self.in_list(node, items)?,
            Node::InKeys { columns, keys } => self.in_keys(columns, keys)?,
            Node::InQuery { node, query } => {
                let node = self.node(node)?;
                let query = self.in_query(query)?;
                binary(node, BinOper::In, query)
            }
            Node::Related(related) => self.related(related)?,
            Node::Exists(query) => subquery(Some(sq::SubQueryOper::Exists), self.query(query)?),
            Node::Scalar(query) => subquery(None, self.query(query)?),
            Node::Function { name, args } => {
                let args = self.all(args)?;
                sq::Expr::FunctionCall(Func::cust(iden(name)).args(args))
            }
            Node::Aggregate(aggregate) => self.aggregate(aggregate, None)?,
            Node::Over(over) => self.over(over)?,
            Node::Case { branches, otherwise } => self.case(branches, otherwise.as_ref())?,
            Node::Cast { node, from, to } => {
                let node = self.node(node)?;
                self.dialect.cast(node, *from, *to)
            }
            Node::DatePart { node, part, of } => {
                let node = self.node(node)?;
                self.dialect.date_part(*part, node, *of)
            }
            Node::Truncated { node, unit, of } => {
                let node = self.node(node)?;
                self.dialect.truncate(*unit, node, *of)
            }
            Node::Length(node) => {
                let node = self.node(node)?;
                call(self.dialect.length_function(), [node])
            }
            Node::Round { node, digits, of } => {
                let node = self.node(node)?;
                self.dialect.round(node, *digits, *of)
            }
            Node::Json { node, path, to } => {
                let node = self.node(node)?;
                let path = self.bind(self.json_path(path));
                self.dialect.json(parenthesized(self.dialect, node), path, *to)
            }
            Node::Excluded(column) => self.dialect.excluded(column.name),
            Node::Problem(problem) => return Err(Error::configuration(problem.to_string())),
        })
    }

    pub(super) fn template(&self) -> Template {
        self.dialect.template()
    }

    fn all(&mut self, nodes: &[Arc<Node>]) -> Result<Vec<sq::Expr>> {
        nodes.iter().map(|node| self.node(node)).collect()
    }

    fn case(&mut self, branches: &[(Arc<Node>, Arc<Node>)], otherwise: Option<&Arc<Node>>) -> Result<sq::Expr> {
        let mut case = sq::CaseStatement::new();
        for (condition, value) in branches {
            case = case.case(self.node(condition)?, self.node(value)?);
        }
        if let Some(otherwise) = otherwise {
            case = case.finally(self.node(otherwise)?);
        }
        Ok(sq::Expr::Case(Box::new(case)))
    }

    fn json_path(&self, path: &[JsonStep]) -> Bind<'static> {
        if self.capabilities.array_binds {
            let step = |step: &JsonStep| match step {
                JsonStep::Key(key) => Value::Text(key.to_string().into()),
                JsonStep::Index(index) => Value::Text(index.to_string().into()),
            };
            return Bind::array(SqlType::Text, path.iter().map(step).collect());
        }
        let mut text = String::from("$");
        for step in path {
            match step {
                JsonStep::Index(index) => text.push_str(&format!("[{index}]")),
                JsonStep::Key(key) => {
                    let key = key.replace('\\', "\\\\").replace('"', "\\\"");
                    text.push_str(&format!(".\"{key}\""));
                }
            }
        }
        Bind::new(SqlType::Text, Value::Text(text.into()))
    }

    /// An aggregate, perhaps over a window: that stands between it and what is made of NULL.
    fn aggregate(&mut self, aggregate: &Aggregate, over: Option<Template>) -> Result<sq::Expr> {
        let Aggregate { function, distinct, arg, filter, or_zero } = aggregate;
        let mut arg = self.node(arg)?;
        let mut filter = filter.as_ref().map(|filter| self.node(filter)).transpose()?;
        if let Some(condition) = filter.take_if(|_| !self.capabilities.aggregate_filter) {
            // A row whose value is NULL does not count.
            let case = sq::CaseStatement::new().case(condition, arg);
            arg = sq::Expr::Case(Box::new(case));
        }
        let name = match function {
            AggregateFn::Count => "COUNT",
            AggregateFn::Sum => "SUM",
            AggregateFn::Avg => "AVG",
            AggregateFn::Min => "MIN",
            AggregateFn::Max => "MAX",
            AggregateFn::Concat { .. } => "",
        };
        if filter.is_none() && over.is_none() && !name.is_empty() {
            let call = match distinct {
                true => call(name, [self.template().sql("DISTINCT ").expr(arg).build()]),
                false => call(name, [arg]),
            };
            return Ok(if *or_zero { or_zero_of(call) } else { call });
        }
        let mut template = match function {
            AggregateFn::Concat { separator, order_by } => {
                let mut terms = Vec::with_capacity(order_by.len());
                for term in order_by {
                    terms.extend(self.terms(term)?);
                }
                self.dialect.concat_group(arg, separator, terms)
            }
            _ => {
                let distinct = if *distinct { "DISTINCT " } else { "" };
                self.template().sql(name).sql("(").sql(distinct).expr(arg).sql(")")
            }
        };
        if let Some(condition) = filter {
            template = template.sql(" FILTER (WHERE ").expr(condition).sql(")");
        }
        if let Some(over) = over {
            template = self.template().expr(template.build()).sql(" OVER (").expr(over.build()).sql(")");
        }
        let value = template.build();
        Ok(if *or_zero { or_zero_of(value) } else { value })
    }

    fn over(&mut self, over: &Over) -> Result<sq::Expr> {
        let mut window = self.template();
        if !over.window.partition_by.is_empty() {
            window = window.sql("PARTITION BY ").list(self.all(&over.window.partition_by)?);
        }
        let mut terms = Vec::new();
        for term in &over.window.order_by {
            terms.extend(self.terms(term)?);
        }
        if !terms.is_empty() {
            let space = if over.window.partition_by.is_empty() { "" } else { " " };
            window = window.sql(space).sql("ORDER BY ").list(terms);
        }
        if let Some(frame) = over.window.frame {
            let (start, end) = (bound(frame.start), bound(frame.end));
            window = window.sql(&format!(" {} BETWEEN {start} AND {end}", frame.unit));
        }
        match &*over.function {
            Node::Aggregate(aggregate) => self.aggregate(aggregate, Some(window)),
            Node::Function { .. } => {
                let function = self.node(&over.function)?;
                Ok(self.template().expr(function).sql(" OVER (").expr(window.build()).sql(")").build())
            }
            _ => Err(Error::configuration(
                "`over` takes an aggregate or a window function, and nothing calculated from one",
            )),
        }
    }

    /// A term of an order within an expression: as two terms where the database cannot say where NULL
    /// goes.
    fn terms(&mut self, term: &Term) -> Result<Vec<sq::Expr>> {
        let node = self.node(&term.node)?;
        let direction = if term.descending { " DESC" } else { "" };
        let plain = |template: Template, node| template.expr(node).sql(direction);
        Ok(match term.nulls_first {
            None => vec![plain(self.template(), node).build()],
            Some(first) if self.capabilities.orders_nulls => {
                let nulls = if first { " NULLS FIRST" } else { " NULLS LAST" };
                vec![plain(self.template(), node).sql(nulls).build()]
            }
            Some(first) => {
                let is_null = parenthesized(self.dialect, node.clone());
                let order = if first { " IS NULL DESC" } else { " IS NULL" };
                vec![self.template().expr(is_null).sql(order).build(), plain(self.template(), node).build()]
            }
        })
    }

    fn column(&self, column: &ColumnRef) -> Result<sq::Expr> {
        Ok(sq::Expr::col((self.name(column.source)?, iden(column.name))))
    }

    /// One column, or several in parentheses.
    fn row(&self, columns: &[ColumnRef]) -> Result<sq::Expr> {
        match columns {
            [column] => self.column(column),
            columns => Ok(sq::Expr::Tuple(columns.iter().map(|column| self.column(column)).collect::<Result<_>>()?)),
        }
    }

    fn operator(&self, op: BinaryOp) -> BinOper {
        match op {
            BinaryOp::Eq => BinOper::Equal,
            BinaryOp::Ne => BinOper::NotEqual,
            BinaryOp::Lt => BinOper::SmallerThan,
            BinaryOp::Le => BinOper::SmallerThanOrEqual,
            BinaryOp::Gt => BinOper::GreaterThan,
            BinaryOp::Ge => BinOper::GreaterThanOrEqual,
            BinaryOp::And => BinOper::And,
            BinaryOp::Or => BinOper::Or,
            BinaryOp::Add => BinOper::Add,
            BinaryOp::Sub => BinOper::Sub,
            BinaryOp::Mul => BinOper::Mul,
            BinaryOp::Div => BinOper::Div,
            BinaryOp::IntDiv => BinOper::Custom(self.capabilities.integer_division),
            BinaryOp::Rem => BinOper::Mod,
            BinaryOp::Concat => BinOper::Custom("||"),
        }
    }

    fn like(&mut self, node: &Node, pattern: &Node, escape: Option<char>) -> Result<sq::Expr> {
        let node = self.node(node)?;
        let mut pattern = self.node(pattern)?;
        if let Some(escape) = escape {
            pattern = binary(pattern, BinOper::Escape, sq::Expr::Constant(sq::Value::Char(Some(escape))));
        }
        Ok(binary(node, BinOper::Like, pattern))
    }

    fn in_values(&mut self, node: sq::Expr, sql_type: SqlType, values: &[Value<'static>], sensitive: bool) -> sq::Expr {
        if self.capabilities.array_binds {
            let array = self.bind(Bind::array(sql_type, values.to_vec()).sensitive(sensitive));
            return binary(node, BinOper::Equal, call("ANY", [array]));
        }
        if values.is_empty() {
            return nothing();
        }
        if values.len() >= list::LONG
            && let Some(rows) = self.json_rows(sql_type, values, sensitive)
        {
            return binary(node, BinOper::In, rows);
        }
        self.varies = true;
        let bind = |value: &Value<'static>| Bind::new(sql_type, value.clone()).sensitive(sensitive);
        let list = values.iter().map(|value| self.bind(bind(value))).collect();
        binary(node, BinOper::In, sq::Expr::Tuple(list))
    }

    fn json_rows(&mut self, sql_type: SqlType, values: &[Value<'static>], sensitive: bool) -> Option<sq::Expr> {
        let json = list::json(values)?;
        let list = Bind::new(SqlType::Text, Value::Text(json.into())).sensitive(sensitive);
        let number = self.bind(list);
        self.dialect.json_rows(number, sql_type)
    }

    fn in_list(&mut self, node: &Node, items: &[Arc<Node>]) -> Result<sq::Expr> {
        let node = self.node(node)?;
        self.varies = true;
        let items = self.all(items)?;
        if items.is_empty() {
            return Ok(nothing());
        }
        let is_row = matches!(items.first(), Some(sq::Expr::Tuple(_)));
        match self.dialect.row_values() {
            "" => Ok(binary(node, BinOper::In, sq::Expr::Tuple(items))),
            _ if !is_row => Ok(binary(node, BinOper::In, sq::Expr::Tuple(items))),
            values => Ok(binary(node, BinOper::In, self.template().sql(values).list(items).build())),
        }
    }

    /// The rows of a query, for IN.
    fn in_query(&mut self, query: &super::ast::Query) -> Result<sq::Expr> {
        let select = self.query(query)?;
        if !query.is_limited() || self.capabilities.limit_in_subquery {
            return Ok(subquery(None, select));
        }
        // MySQL takes no LIMIT directly within IN, but takes it one level deeper.
        let name = self.free_name("found", false);
        let mut outer = SelectStatement::new();
        outer.column(sq::Asterisk).from_subquery(select, iden(&name));
        Ok(subquery(None, outer))
    }

    fn in_keys(&mut self, columns: &[ColumnRef], keys: &KeyList) -> Result<sq::Expr> {
        if let [_] = keys.keys.as_slice() {
            return self.one_key(columns, keys);
        }
        let row = self.row(columns)?;
        if self.capabilities.array_binds {
            let mut arrays: Vec<sq::Expr> = keys.arrays().into_iter().map(|array| self.bind(array)).collect();
            if let [_] = columns {
                return Ok(binary(row, BinOper::Equal, call("ANY", arrays.drain(..))));
            }
            let mut rows = SelectStatement::new();
            rows.column(sq::Asterisk).from_function(Func::cust("UNNEST").args(arrays), "k");
            return Ok(binary(row, BinOper::In, subquery(None, rows)));
        }
        let width = columns.len();
        let values: Vec<sq::Value> =
            keys.singles(keys.padded()).into_iter().map(|bind| self.bind_value(bind)).collect();
        if width == 1 {
            let list = values.into_iter().map(sq::Expr::Value).collect();
            return Ok(binary(row, BinOper::In, sq::Expr::Tuple(list)));
        }
        let tuples = values.chunks(width).map(<[sq::Value]>::to_vec);
        if self.dialect.row_values().is_empty() {
            let tuples = tuples.map(|tuple| sq::Expr::Tuple(tuple.into_iter().map(sq::Expr::Value).collect()));
            return Ok(binary(row, BinOper::In, sq::Expr::Tuple(tuples.collect())));
        }
        let mut rows = SelectStatement::new();
        rows.column(sq::Asterisk).from_values(tuples.map(sq::ValueTuple::Many), "k");
        Ok(binary(row, BinOper::In, subquery(None, rows)))
    }

    fn one_key(&mut self, columns: &[ColumnRef], keys: &KeyList) -> Result<sq::Expr> {
        let mut all: Option<sq::Expr> = None;
        for (column, bind) in columns.iter().zip(keys.singles(1)) {
            let equal = binary(self.column(column)?, BinOper::Equal, self.bind(bind));
            all = Some(match all {
                Some(all) => binary(all, BinOper::And, equal),
                None => equal,
            });
        }
        Ok(all.unwrap_or_else(nothing))
    }

    fn related(&mut self, related: &Related) -> Result<sq::Expr> {
        self.check_related(related)?;
        // The outer side first: within the inner scope its source may mean the inner one.
        let outer: Vec<sq::Expr> = related.local.iter().map(|column| self.column(column)).collect::<Result<_>>()?;
        self.scopes.push(Vec::new());
        let select = self.related_rows(related, outer);
        self.scopes.pop();
        Ok(subquery(Some(sq::SubQueryOper::Exists), select?))
    }

    fn related_rows(&mut self, related: &Related, outer: Vec<sq::Expr>) -> Result<SelectStatement> {
        let mut select = SelectStatement::new();
        select.expr(sq::Expr::Constant(sq::Value::Int(Some(1))));
        let target = self.table(related.target);
        select.from(target);
        let mut naming = &related.remote;
        if let Some(association) = &related.secondary {
            let table = self.table(association.source);
            if let Some(on) = Node::columns_equal(&association.remote, &related.remote) {
                let on = self.node(&on)?;
                select.inner_join(table, on);
            }
            naming = &association.local;
        }
        let mut conditions = Vec::with_capacity(naming.len() + 1);
        for (column, outer) in naming.iter().zip(outer) {
            conditions.push(binary(self.column(column)?, BinOper::Equal, outer));
        }
        if let Some(predicate) = &related.predicate {
            conditions.push(self.node(predicate)?);
        }
        // One condition: the renderer puts parentheses within a tree, but not between parts.
        if let Some(all) = conditions.into_iter().reduce(|left, right| binary(left, BinOper::And, right)) {
            select.and_where(all);
        }
        Ok(select)
    }
}

pub(super) fn binary(left: sq::Expr, op: BinOper, right: sq::Expr) -> sq::Expr {
    sq::Expr::Binary(Box::new(left), op, Box::new(right))
}

fn call(name: &'static str, args: impl IntoIterator<Item = sq::Expr>) -> sq::Expr {
    sq::Expr::FunctionCall(Func::cust(name).args(args))
}

/// The sum of no rows is 0.
fn or_zero_of(sum: sq::Expr) -> sq::Expr {
    call("COALESCE", [sum, sq::Expr::Constant(sq::Value::Int(Some(0)))])
}

fn bound(bound: Bound) -> String {
    match bound {
        Bound::First => "UNBOUNDED PRECEDING".into(),
        Bound::Preceding(rows) => format!("{rows} PRECEDING"),
        Bound::Current => "CURRENT ROW".into(),
        Bound::Following(rows) => format!("{rows} FOLLOWING"),
        Bound::Last => "UNBOUNDED FOLLOWING".into(),
    }
}

fn subquery(oper: Option<sq::SubQueryOper>, select: SelectStatement) -> sq::Expr {
    sq::Expr::SubQuery(oper, Box::new(sq::SubQueryStatement::SelectStatement(select)))
}

/// A condition that no row meets.
fn nothing() -> sq::Expr {
    let number = |n| sq::Expr::Constant(sq::Value::Int(Some(n)));
    binary(number(1), BinOper::Equal, number(0))
}
