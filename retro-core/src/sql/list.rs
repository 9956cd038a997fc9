//! Long lists of values as one parameter.

use std::fmt::Write;
use std::sync::Arc;

use super::node::Node;
use super::{Bind, BindData};
use crate::value::{SqlType, Value};

/// From so many values on a list travels as one parameter: its text no longer depends on its length,
/// and no limit on the number of parameters ends it.
pub(super) const LONG: usize = 2_000;

/// A list as a JSON array, if its values have a form there.
pub(super) fn json(values: &[Value<'static>]) -> Option<String> {
    let items: Option<Vec<serde_json::Value>> = values.iter().map(item).collect();
    serde_json::to_string(&items?).ok()
}

/// A list of rows that have nothing but values.
pub(super) struct Rows<'n> {
    pub(super) rows: Vec<Vec<&'n Bind<'static>>>,
    pub(super) types: Vec<SqlType>,
    pub(super) sensitive: bool,
}

impl<'n> Rows<'n> {
    /// `None` if it is no list of rows, or has expressions in it.
    pub(super) fn of(items: &'n [Arc<Node>]) -> Option<Rows<'n>> {
        let rows: Vec<Vec<&Bind<'static>>> = items.iter().map(|item| values_of(item)).collect::<Option<_>>()?;
        let types: Vec<SqlType> = rows.first()?.iter().map(|bind| bind.sql_type).collect();
        let sensitive = rows.iter().flatten().any(|bind| bind.sensitive);
        Some(Rows { rows, types, sensitive })
    }

    pub(super) fn is_long(&self) -> bool {
        self.rows.len() * self.types.len() >= LONG
    }

    /// As one array for each column.
    pub(super) fn arrays(&self) -> impl Iterator<Item = Bind<'static>> {
        self.types.iter().enumerate().map(|(column, &sql_type)| {
            let values = self.rows.iter().map(|row| value(row[column]).clone()).collect();
            Bind::array(sql_type, values).sensitive(self.sensitive)
        })
    }

    /// As a JSON array of arrays, if the values have a form there.
    pub(super) fn json(&self) -> Option<String> {
        let row = |row: &Vec<&Bind<'static>>| row.iter().map(|bind| item(value(bind))).collect();
        let rows: Option<Vec<Vec<serde_json::Value>>> = self.rows.iter().map(row).collect();
        serde_json::to_string(&rows?).ok()
    }
}

fn values_of(item: &Node) -> Option<Vec<&Bind<'static>>> {
    let Node::Row(nodes) = item else { return None };
    nodes.iter().map(|node| bind_of(node)).collect()
}

fn bind_of(node: &Node) -> Option<&Bind<'static>> {
    match node {
        Node::Bind(bind) if matches!(bind.data, BindData::One(_)) => Some(bind),
        Node::ByValue(node, _) => bind_of(node),
        _ => None,
    }
}

fn value<'b>(bind: &'b Bind<'static>) -> &'b Value<'static> {
    match &bind.data {
        BindData::One(value) => value,
        BindData::Array(_) => &Value::Null,
    }
}

fn item(value: &Value<'static>) -> Option<serde_json::Value> {
    Some(match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(v) => i64::from(*v).into(),
        Value::Int(v) => (*v).into(),
        Value::Float(v) => serde_json::Number::from_f64(*v)?.into(),
        Value::Text(v) if !v.contains('\0') => v.as_ref().into(),
        Value::Bytes(v) => hex(v).into(),
        #[cfg(feature = "uuid")]
        Value::Uuid(v) => v.simple().to_string().into(),
        #[cfg(feature = "decimal")]
        Value::Decimal(v) => v.to_string().into(),
        #[cfg(feature = "chrono")]
        Value::Date(v) => v.format("%Y-%m-%d").to_string().into(),
        #[cfg(feature = "chrono")]
        Value::Time(v) => v.format("%H:%M:%S%.6f").to_string().into(),
        #[cfg(feature = "chrono")]
        Value::DateTime(v) => v.format("%Y-%m-%d %H:%M:%S%.6f").to_string().into(),
        #[cfg(feature = "chrono")]
        Value::Timestamp(v) => v.naive_utc().format("%Y-%m-%d %H:%M:%S%.6f").to_string().into(),
        _ => return None,
    })
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
