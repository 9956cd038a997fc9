//! Long lists of values as one parameter.

use std::fmt::Write;

use crate::value::Value;

/// From so many values on a list travels as one parameter: its text no longer depends on its length,
/// and no limit on the number of parameters ends it.
pub(super) const LONG: usize = 2_000;

/// A list as a JSON array, if its values have a form there.
pub(super) fn json(values: &[Value<'static>]) -> Option<String> {
    let items: Option<Vec<serde_json::Value>> = values.iter().map(item).collect();
    serde_json::to_string(&items?).ok()
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
