//! Membership: of a value, a row or a key in a list or a query, in the form that each database is fast with.

use std::sync::Arc;

use sea_query::{self as sq, BinOper, Func, SelectStatement};

use super::ast::ColumnRef;
use super::node::Node;
use super::render::{Renderer, iden};
use super::render_node::{nothing, subquery};
use super::{Bind, KeyForm, KeyList, list};
use crate::dialect::{binary, call};
use crate::error::Result;
use crate::value::{SqlType, Value};

/// So few rows of values that it does not matter how they are looked for.
const FEW_ROWS: usize = 8;

impl Renderer<'_> {
    pub(super) fn in_values(
        &mut self,
        node: sq::Expr,
        sql_type: SqlType,
        values: &Arc<[Value<'static>]>,
        sensitive: bool,
    ) -> sq::Expr {
        if self.capabilities.array_binds {
            let array = self.shared(&**values, |values| Bind::array(sql_type, values.to_vec()).sensitive(sensitive));
            return binary(node, BinOper::Equal, call("ANY", [array]));
        }
        if values.is_empty() {
            return nothing();
        }
        let node = self.dialect.by_value(node, sql_type);
        if values.len() >= list::LONG
            && let Some(json) = list::json(values)
            && let Some(rows) = self.json_rows(&[sql_type], json, sensitive)
        {
            return binary(node, BinOper::In, rows);
        }
        self.varies = true;
        let bind = |value: &Value<'static>| Bind::new(sql_type, value.clone()).sensitive(sensitive);
        let list = values.iter().map(|value| {
            let value = self.bind(bind(value));
            self.dialect.by_value(value, sql_type)
        });
        binary(node, BinOper::In, sq::Expr::Tuple(list.collect()))
    }

    /// A list as the rows of a query, where the database can read it so.
    fn json_rows(&mut self, types: &[SqlType], json: String, sensitive: bool) -> Option<sq::Expr> {
        let list = Bind::new(SqlType::Text, Value::Text(json.into())).sensitive(sensitive);
        let number = self.bind(list);
        self.dialect.json_rows(number, types)
    }

    pub(super) fn in_list(&mut self, node: &Node, items: &[Arc<Node>]) -> Result<sq::Expr> {
        let node = self.node(node)?;
        if let Some(rows) = list::Rows::of(items) {
            return Ok(self.in_rows(node, &rows));
        }
        self.varies = true;
        let items = self.all(items)?;
        if items.is_empty() {
            return Ok(nothing());
        }
        Ok(match items.first() {
            Some(sq::Expr::Tuple(_)) => self.list_of_rows(node, items),
            _ => binary(node, BinOper::In, sq::Expr::Tuple(items)),
        })
    }

    /// Membership of a row in a list of rows of values.
    fn in_rows(&mut self, node: sq::Expr, rows: &list::Rows) -> sq::Expr {
        if self.capabilities.array_binds {
            let arrays: Vec<sq::Expr> = rows.arrays().map(|array| self.bind(array)).collect();
            let mut select = SelectStatement::new();
            select.column(sq::Asterisk).from_function(Func::cust("UNNEST").args(arrays), "list");
            return binary(node, BinOper::In, subquery(None, select));
        }
        if rows.is_long()
            && let Some(json) = rows.json()
            && let Some(rows) = self.json_rows(&rows.types, json, rows.sensitive)
        {
            return binary(node, BinOper::In, rows);
        }
        self.varies = true;
        let mut list = Vec::with_capacity(rows.rows.len());
        for row in &rows.rows {
            let values = row.iter().map(|&bind| {
                let value = self.bind(bind.clone());
                self.dialect.by_value(value, bind.sql_type)
            });
            list.push(values.collect::<Vec<_>>());
        }
        if self.capabilities.joins_row_lists && list.len() > FEW_ROWS {
            let list = list.into_iter();
            return binary(node, BinOper::In, self.rows_to_join(rows.types.len(), list));
        }
        self.list_of_rows(node, list.into_iter().map(sq::Expr::Tuple).collect())
    }

    /// `SELECT c0, c1 FROM (SELECT ? AS c0, ? AS c1 UNION ALL SELECT ?, ?) AS k`: for IN, which then joins.
    fn rows_to_join(&self, width: usize, rows: impl Iterator<Item = Vec<sq::Expr>>) -> sq::Expr {
        let names: Vec<String> = (0..width).map(|n| format!("c{n}")).collect();
        let mut text = self.template().sql("SELECT ").sql(&names.join(", ")).sql(" FROM (");
        for (number, row) in rows.enumerate() {
            text = text.sql(if number == 0 { "SELECT " } else { " UNION ALL SELECT " });
            for (column, value) in row.into_iter().enumerate() {
                text = text.sql(if column == 0 { "" } else { ", " }).expr(value);
                if number == 0 {
                    text = text.sql(" AS ").sql(&names[column]);
                }
            }
        }
        text.sql(") AS k").build()
    }

    fn list_of_rows(&self, node: sq::Expr, rows: Vec<sq::Expr>) -> sq::Expr {
        match self.dialect.row_values() {
            "" => binary(node, BinOper::In, sq::Expr::Tuple(rows)),
            values => binary(node, BinOper::In, self.template().sql(values).list(rows).build()),
        }
    }

    /// The rows of a query, for IN.
    pub(super) fn in_query(&mut self, query: &super::ast::Query) -> Result<sq::Expr> {
        let select = self.query(query)?;
        if !query.is_limited() || self.capabilities.limit_in_subquery {
            return Ok(subquery(None, select));
        }
        // MySQL takes no LIMIT directly within IN, but takes it one level deeper.
        let name = self.free_name("found", false);
        let mut outer = SelectStatement::new();
        outer.column(sq::Asterisk).from_subquery(select, iden(name));
        Ok(subquery(None, outer))
    }

    pub(super) fn in_keys(&mut self, columns: &[ColumnRef], keys: &KeyList) -> Result<sq::Expr> {
        let form = keys.form(self.capabilities.array_binds);
        let binds = keys.binds(form);
        match form {
            KeyForm::One => self.one_key(columns, binds),
            KeyForm::Range => self.key_range(columns, binds),
            KeyForm::Arrays => self.key_arrays(columns, binds),
            KeyForm::List(_) => self.key_list(columns, binds),
        }
    }

    fn key_list(&mut self, columns: &[ColumnRef], keys: Vec<Bind<'static>>) -> Result<sq::Expr> {
        let row = self.row(columns)?;
        let width = columns.len();
        let values: Vec<sq::Value> = keys.into_iter().map(|bind| self.bind_value(bind)).collect();
        if width == 1 {
            let list = values.into_iter().map(sq::Expr::Value).collect();
            return Ok(binary(row, BinOper::In, sq::Expr::Tuple(list)));
        }
        if self.capabilities.joins_row_lists {
            let rows = values.chunks(width).map(|row| row.iter().cloned().map(sq::Expr::Value).collect());
            return Ok(binary(row, BinOper::In, self.rows_to_join(width, rows)));
        }
        let tuples = values.chunks(width).map(|row| sq::ValueTuple::Many(row.to_vec()));
        let mut rows = SelectStatement::new();
        rows.column(sq::Asterisk).from_values(tuples, "k");
        Ok(binary(row, BinOper::In, subquery(None, rows)))
    }

    fn key_range(&mut self, columns: &[ColumnRef], ends: Vec<Bind<'static>>) -> Result<sq::Expr> {
        let mut ends = ends.into_iter().map(|end| Arc::new(Node::Bind(end)));
        let (Some(low), Some(high)) = (ends.next(), ends.next()) else { return Ok(nothing()) };
        self.node(&Node::Between { node: Node::row(columns), low, high })
    }

    fn key_arrays(&mut self, columns: &[ColumnRef], arrays: Vec<Bind<'static>>) -> Result<sq::Expr> {
        let row = self.row(columns)?;
        let arrays: Vec<sq::Expr> = arrays.into_iter().map(|array| self.bind(array)).collect();
        if let [_] = columns {
            return Ok(binary(row, BinOper::Equal, call("ANY", arrays)));
        }
        let mut rows = SelectStatement::new();
        rows.column(sq::Asterisk).from_function(Func::cust("UNNEST").args(arrays), "k");
        Ok(binary(row, BinOper::In, subquery(None, rows)))
    }

    fn one_key(&mut self, columns: &[ColumnRef], key: Vec<Bind<'static>>) -> Result<sq::Expr> {
        let mut all: Option<sq::Expr> = None;
        for (column, bind) in columns.iter().zip(key) {
            let equal = binary(self.column(column)?, BinOper::Equal, self.bind(bind));
            all = Some(match all {
                Some(all) => binary(all, BinOper::And, equal),
                None => equal,
            });
        }
        Ok(all.unwrap_or_else(nothing))
    }
}
