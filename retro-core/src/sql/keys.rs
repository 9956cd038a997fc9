//! [`KeyList`]: the keys that a loader asks for.

use crate::model::KeyValues;
use crate::value::{SqlType, Value};

use super::Bind;

/// From so many integers on, keys that follow each other without a gap are asked for as a range. Fewer are
/// found as fast in a list, which tells a reader of the statement more.
const RANGE: usize = 16;

/// A list of keys of one or several columns.
#[derive(Debug, Clone)]
pub(crate) struct KeyList {
    types: Vec<SqlType>,
    keys: Vec<KeyValues<'static>>,
    sensitive: bool,
    is_range: bool,
}

/// How a list is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum KeyForm {
    /// One key: `a = ? AND b = ?`.
    One,
    /// All integers from the first key to the last: `a BETWEEN ? AND ?`.
    Range,
    /// An array for each column.
    Arrays,
    /// So many keys, one by one. The last is repeated to fill them up: few different lengths make few
    /// different texts, which the database has prepared already.
    List(usize),
}

impl KeyList {
    pub(crate) fn new(types: Vec<SqlType>, keys: Vec<KeyValues<'static>>, sensitive: bool) -> Self {
        let is_range = keys.len() >= RANGE && is_range(&keys);
        KeyList { types, keys, sensitive, is_range }
    }

    pub(crate) fn form(&self, arrays: bool) -> KeyForm {
        match self.keys.len() {
            1 => KeyForm::One,
            _ if self.is_range => KeyForm::Range,
            _ if arrays => KeyForm::Arrays,
            length => KeyForm::List(length.next_power_of_two()),
        }
    }

    /// The binds of a form, in the order in which its text has them.
    pub(crate) fn binds(&self, form: KeyForm) -> Vec<Bind<'static>> {
        match form {
            KeyForm::One => self.singles(self.keys.iter()),
            KeyForm::Range => self.singles(self.keys.first().into_iter().chain(self.keys.last())),
            KeyForm::Arrays => self.arrays(),
            KeyForm::List(length) => {
                let padding = length.saturating_sub(self.keys.len());
                self.singles(self.keys.iter().chain(self.keys.last().into_iter().cycle().take(padding)))
            }
        }
    }

    fn arrays(&self) -> Vec<Bind<'static>> {
        let array = |(column, &sql_type): (usize, &SqlType)| {
            let values: Vec<Value<'static>> = self.keys.iter().map(|key| key[column].clone()).collect();
            Bind::array(sql_type, values).sensitive(self.sensitive)
        };
        self.types.iter().enumerate().map(array).collect()
    }

    fn singles<'k>(&self, keys: impl Iterator<Item = &'k KeyValues<'static>>) -> Vec<Bind<'static>> {
        keys.flat_map(|key| key.iter().zip(&self.types))
            .map(|(value, &sql_type)| Bind::new(sql_type, value.clone()).sensitive(self.sensitive))
            .collect()
    }
}

/// Keys that are one integer.
pub(crate) fn integer(key: &KeyValues<'_>) -> Option<i64> {
    match key.as_slice() {
        [Value::Int(integer)] => Some(*integer),
        _ => None,
    }
}

/// Whether each key is the integer after the one before it, so that the range has these keys and no other.
fn is_range(keys: &[KeyValues<'static>]) -> bool {
    keys.windows(2).all(|pair| match (integer(&pair[0]), integer(&pair[1])) {
        (Some(one), Some(next)) => one.checked_add(1) == Some(next),
        _ => false,
    })
}
