//! Expressions as the renderer's own tree.

use sea_query::{self as sq, BinOper, Func, SelectStatement};

use super::ast::{BinaryOp, ColumnRef, Node, Related};
use super::render::{Renderer, iden};
use super::{Bind, KeyList};
use crate::error::Result;
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
            Node::Binary(left, op, right) => binary(self.node(left)?, self.operator(*op), self.node(right)?),
            Node::Not(inner) => sq::Expr::Unary(sq::UnOper::Not, Box::new(self.node(inner)?)),
            Node::IsNull { node, negated } => {
                let is = if *negated { BinOper::IsNot } else { BinOper::Is };
                binary(self.node(node)?, is, sq::Expr::Keyword(sq::Keyword::Null))
            }
            Node::Between { node, low, high } => {
                let bounds = binary(self.node(low)?, BinOper::And, self.node(high)?);
                binary(self.node(node)?, BinOper::Between, bounds)
            }
            Node::Like { node, pattern, escaped } => self.like(node, pattern, *escaped)?,
            Node::InValues { node, sql_type, values, sensitive } => {
                let node = self.node(node)?;
                self.in_values(node, *sql_type, values, *sensitive)
            }
            Node::InList { node, items } => {
                let node = self.node(node)?;
                self.varies = true;
                let items: Vec<sq::Expr> = items.iter().map(|item| self.node(item)).collect::<Result<_>>()?;
                if items.is_empty() { nothing() } else { binary(node, BinOper::In, sq::Expr::Tuple(items)) }
            }
            Node::InKeys { columns, keys } => self.in_keys(columns, keys)?,
            Node::InQuery { columns, query } => {
                let columns = self.row(columns)?;
                binary(columns, BinOper::In, subquery(None, self.query(query)?))
            }
            Node::Related(related) => self.related(related)?,
            Node::Function { name, args } => {
                let args: Vec<sq::Expr> = args.iter().map(|arg| self.node(arg)).collect::<Result<_>>()?;
                sq::Expr::FunctionCall(Func::cust(iden(name)).args(args))
            }
            Node::CountDistinct(arg) => sq::Expr::FunctionCall(Func::count_distinct(self.node(arg)?)),
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
        }
    }

    fn like(&mut self, node: &Node, pattern: &Node, escaped: bool) -> Result<sq::Expr> {
        let node = self.node(node)?;
        let mut pattern = self.node(pattern)?;
        if escaped {
            pattern = binary(pattern, BinOper::Escape, sq::Expr::Constant(sq::Value::Char(Some(ESCAPE))));
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
        self.varies = true;
        let bind = |value: &Value<'static>| Bind::new(sql_type, value.clone()).sensitive(sensitive);
        let list = values.iter().map(|value| self.bind(bind(value))).collect();
        binary(node, BinOper::In, sq::Expr::Tuple(list))
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

fn subquery(oper: Option<sq::SubQueryOper>, select: SelectStatement) -> sq::Expr {
    sq::Expr::SubQuery(oper, Box::new(sq::SubQueryStatement::SelectStatement(select)))
}

/// A condition that no row meets.
fn nothing() -> sq::Expr {
    let number = |n| sq::Expr::Constant(sq::Value::Int(Some(n)));
    binary(number(1), BinOper::Equal, number(0))
}
