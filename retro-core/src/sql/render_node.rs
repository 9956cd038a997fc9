//! Expressions as the renderer's own tree.

use std::sync::Arc;

use sea_query::{self as sq, BinOper, Func, SelectStatement};

use super::ast::ColumnRef;
use super::node::{Aggregate, AggregateFn, BinaryOp, Bound, JsonStep, Junction, Node, Over, Place, Related, Term};
use super::render::{Renderer, iden, only_where};
use super::{Bind, BindData, Template};
use crate::dialect::{JsonArrow, JsonPath, binary, call, parenthesized};
use crate::error::{Error, Result};
use crate::value::{SqlType, Value};

/// The character that takes the meaning from `%`, `_` and itself in a pattern made from plain text.
/// Not the backslash: it has a meaning of its own in the texts of some databases.
const ESCAPE: char = '!';

/// The most conditions that stand in a row without parentheses.
const ROW: usize = 100;

impl Renderer<'_> {
    /// What is nested most in practice needs little stack: in a debug build a function takes room for
    /// all its arms at once, and this one calls itself for each level.
    pub(super) fn node(&mut self, node: &Node) -> Result<sq::Expr> {
        match node {
            Node::Binary(left, op, right) => self.binary(left, *op, right),
            Node::Junction(junction, conditions) => {
                let conditions = self.all(conditions)?;
                Ok(self.junction(*junction, conditions))
            }
            Node::Not(inner) => Ok(sq::Expr::Unary(sq::UnOper::Not, Box::new(self.node(inner)?))),
            other => self.other(other),
        }
    }

    fn binary(&mut self, left: &Node, op: BinaryOp, right: &Node) -> Result<sq::Expr> {
        let (left, right) = (self.node(left)?, self.node(right)?);
        Ok(self.operation(left, op, right))
    }

    fn other(&mut self, node: &Node) -> Result<sq::Expr> {
        Ok(match node {
            Node::Binary(..) | Node::Junction(..) | Node::Not(_) => self.node(node)?,
            Node::Column(column) => self.column(column)?,
            Node::Bind(bind) => self.shared(bind, Bind::clone),
            Node::OfEntity { session, id, column, .. } => {
                let bind = self.entities.value(*session, *id, *column)?;
                self.bind(bind)
            }
            Node::Integer(value) => sq::Expr::Constant(sq::Value::BigInt(Some(*value))),
            Node::Boolean(value) => sq::Expr::Constant(sq::Value::Bool(Some(*value))),
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
            Node::Holds { node, place, text } => self.holds(node, *place, text)?,
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
                sq::Expr::FunctionCall(Func::cust(iden(name.clone())).args(args))
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
            Node::Round { node, rounding, of } => {
                let node = self.node(node)?;
                self.dialect.round(node, *rounding, *of)
            }
            Node::Widened(node, of) => {
                let node = self.node(node)?;
                self.dialect.widened(node, *of)
            }
            Node::ByValue(node, of) => {
                let node = self.node(node)?;
                self.dialect.by_value(node, *of)
            }
            Node::Json { node, path, to } => {
                let node = self.node(node)?;
                let path = self.json_path(path);
                self.dialect.json(parenthesized(self.dialect, node), path, *to)
            }
            Node::Excluded(column) => self.dialect.excluded(column.name),
            Node::Problem(problem) => return Err(Error::configuration(problem.to_string())),
        })
    }

    pub(super) fn template(&self) -> Template {
        self.dialect.template()
    }

    pub(super) fn all(&mut self, nodes: &[Arc<Node>]) -> Result<Vec<sq::Expr>> {
        let mut all = Vec::with_capacity(nodes.len());
        for node in nodes {
            all.push(self.node(node)?);
        }
        Ok(all)
    }

    /// Conditions in a row, or where there are very many as groups in parentheses: SQLite takes
    /// expressions up to a depth of 1,000, and a row without parentheses is as deep as it is long.
    fn junction(&self, junction: Junction, mut conditions: Vec<sq::Expr>) -> sq::Expr {
        let op = if junction == Junction::All { BinOper::And } else { BinOper::Or };
        if conditions.len() <= ROW {
            let row = conditions.into_iter().reduce(|left, right| binary(left, op, right));
            return row.unwrap_or(sq::Expr::Constant((junction == Junction::All).into()));
        }
        let right = conditions.split_off(conditions.len() / 2);
        let group = |conditions| self.template().sql("(").expr(self.junction(junction, conditions)).sql(")").build();
        binary(group(conditions), op, group(right))
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

    fn json_path(&mut self, path: &[JsonStep]) -> JsonPath {
        if self.capabilities.array_binds {
            let bind = |step: &JsonStep| match step {
                JsonStep::Key(key) => Bind::new(SqlType::Text, Value::Text(key.to_string().into())),
                JsonStep::Index(index) => Bind::new(SqlType::I32, Value::Int(i64::from(*index))),
            };
            let arrow =
                |step: &JsonStep| JsonArrow { step: self.shared(step, bind), is_first: *step == JsonStep::Index(0) };
            return JsonPath::Steps(path.iter().map(arrow).collect());
        }
        let bind = |path: &[JsonStep]| Bind::new(SqlType::Text, Value::Text(json_path(path).into()));
        let firsts = path.iter().enumerate().filter(|(_, step)| **step == JsonStep::Index(0));
        let arrays = firsts.map(|(place, _)| self.bind(bind(&path[..place]))).collect();
        JsonPath::Text { path: self.bind(bind(path)), arrays }
    }

    /// An aggregate, perhaps over a window: that stands between it and what is made of its value.
    fn aggregate(&mut self, aggregate: &Aggregate, over: Option<Template>) -> Result<sq::Expr> {
        let Aggregate { function, distinct, arg, filter, or_zero } = aggregate;
        let mut arg = self.node(arg)?;
        if let AggregateFn::Min(of) | AggregateFn::Max(of) = function {
            arg = self.dialect.comparable(arg, *of);
        }
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
            AggregateFn::Min(_) => "MIN",
            AggregateFn::Max(_) => "MAX",
            AggregateFn::Concat { separator, order_by } => {
                let order = self.terms(order_by)?;
                let texts = self.dialect.concat_group(arg, separator, order);
                return Ok(self.circumstances(texts, filter, over));
            }
        };
        if *distinct {
            arg = self.template().sql("DISTINCT ").expr(arg).build();
        }
        let plain = call(name, [arg]);
        let value = match filter.is_none() && over.is_none() {
            true => plain,
            false => self.circumstances(self.template().expr(plain), filter, over),
        };
        Ok(match function {
            AggregateFn::Min(of) | AggregateFn::Max(of) => self.dialect.of_comparable(value, *of),
            // The sum of no rows is 0.
            _ if *or_zero => call("COALESCE", [value, sq::Expr::Constant(sq::Value::Int(Some(0)))]),
            _ => value,
        })
    }

    /// An aggregate of some rows, over a window.
    fn circumstances(&self, aggregate: Template, filter: Option<sq::Expr>, over: Option<Template>) -> sq::Expr {
        let aggregate = match filter {
            Some(condition) => aggregate.sql(" FILTER (WHERE ").expr(condition).sql(")"),
            None => aggregate,
        };
        match over {
            Some(over) => self.template().expr(aggregate.build()).sql(" OVER (").expr(over.build()).sql(")").build(),
            None => aggregate.build(),
        }
    }

    fn over(&mut self, over: &Over) -> Result<sq::Expr> {
        let mut window = self.template();
        if !over.window.partition_by.is_empty() {
            window = window.sql("PARTITION BY ").list(self.all(&over.window.partition_by)?);
        }
        let terms = self.terms(&over.window.order_by)?;
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

    /// Terms of an order within an expression.
    fn terms(&mut self, terms: &[Term]) -> Result<Vec<sq::Expr>> {
        let mut exprs = Vec::with_capacity(terms.len());
        for term in terms {
            self.term_within(term, &mut exprs)?;
        }
        Ok(exprs)
    }

    /// A term is two where the database cannot say where NULL goes.
    fn term_within(&mut self, term: &Term, exprs: &mut Vec<sq::Expr>) -> Result<()> {
        let node = self.sorted(&term.node)?;
        let node = self.dialect.by_value(node, term.sql_type);
        let direction = if term.descending { " DESC" } else { "" };
        let nulls = match term.nulls_first {
            None => "",
            Some(first) if self.capabilities.orders_nulls => {
                if first {
                    " NULLS FIRST"
                } else {
                    " NULLS LAST"
                }
            }
            Some(first) => {
                let is_null = parenthesized(self.dialect, node.clone());
                let order = if first { " IS NULL DESC" } else { " IS NULL" };
                exprs.push(self.template().expr(is_null).sql(order).build());
                ""
            }
        };
        exprs.push(self.template().expr(node).sql(direction).sql(nulls).build());
        Ok(())
    }

    pub(super) fn column(&self, column: &ColumnRef) -> Result<sq::Expr> {
        Ok(sq::Expr::col((self.name(column.source)?, iden(column.name))))
    }

    /// One column, or several in parentheses.
    pub(super) fn row(&self, columns: &[ColumnRef]) -> Result<sq::Expr> {
        match columns {
            [column] => self.column(column),
            columns => Ok(sq::Expr::Tuple(columns.iter().map(|column| self.column(column)).collect::<Result<_>>()?)),
        }
    }

    fn operation(&self, left: sq::Expr, op: BinaryOp, right: sq::Expr) -> sq::Expr {
        let op = match op {
            BinaryOp::Eq => BinOper::Equal,
            BinaryOp::Ne => BinOper::NotEqual,
            BinaryOp::Lt => BinOper::SmallerThan,
            BinaryOp::Le => BinOper::SmallerThanOrEqual,
            BinaryOp::Gt => BinOper::GreaterThan,
            BinaryOp::Ge => BinOper::GreaterThanOrEqual,
            BinaryOp::Add => BinOper::Add,
            BinaryOp::Sub => BinOper::Sub,
            BinaryOp::Mul => BinOper::Mul,
            BinaryOp::Div(of) => return self.dialect.divide(left, right, of),
            BinaryOp::Rem(of) => return self.dialect.remainder(left, right, of),
            BinaryOp::Concat => BinOper::Custom("||"),
        };
        binary(left, op, right)
    }

    fn like(&mut self, node: &Node, pattern: &Node, escape: Option<char>) -> Result<sq::Expr> {
        let node = self.node(node)?;
        let mut pattern = self.node(pattern)?;
        if let Some(escape) = escape {
            pattern = binary(pattern, BinOper::Escape, sq::Expr::Constant(sq::Value::Char(Some(escape))));
        }
        Ok(binary(node, BinOper::Like, pattern))
    }

    fn holds(&mut self, node: &Node, place: Place, text: &Bind<'static>) -> Result<sq::Expr> {
        let node = self.node(node)?;
        let plain = match &text.data {
            BindData::One(Value::Text(text)) => text,
            _ => "",
        };
        if let Some(length) = self.capabilities.pattern_length
            && (plain.len() * 2 + 2 > length || plain.contains('\0'))
        {
            let bytes = plain.len();
            let text = self.shared(text, Bind::clone);
            return Ok(self.dialect.holds(node, place, text, bytes));
        }
        let pattern = self.shared(text, |text| {
            let pattern = Value::Text(pattern(plain, place).into());
            Bind::new(SqlType::Text, pattern).sensitive(text.sensitive)
        });
        let escape = sq::Expr::Constant(sq::Value::Char(Some(ESCAPE)));
        Ok(binary(node, BinOper::Like, binary(pattern, BinOper::Escape, escape)))
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
            only_where(&mut select, all);
        }
        Ok(select)
    }
}

/// A pattern that a text meets which has another one at a place.
fn pattern(text: &str, place: Place) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    if place != Place::Start {
        pattern.push('%');
    }
    for c in text.chars() {
        if matches!(c, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(c);
    }
    if place != Place::End {
        pattern.push('%');
    }
    pattern
}

/// `$."key"[0]`
fn json_path(path: &[JsonStep]) -> String {
    let mut text = String::from("$");
    for step in path {
        match step {
            JsonStep::Index(index) => text.push_str(&format!("[{index}]")),
            // As JSON writes it: some databases compare it with the text of the document.
            JsonStep::Key(key) => text.push_str(&format!(".{}", serde_json::Value::from(&**key))),
        }
    }
    text
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

pub(super) fn subquery(oper: Option<sq::SubQueryOper>, select: SelectStatement) -> sq::Expr {
    sq::Expr::SubQuery(oper, Box::new(sq::SubQueryStatement::SelectStatement(select)))
}

/// A condition that no row meets.
pub(super) fn nothing() -> sq::Expr {
    let number = |n| sq::Expr::Constant(sq::Value::Int(Some(n)));
    binary(number(1), BinOper::Equal, number(0))
}
