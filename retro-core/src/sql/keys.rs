//! [`KeyList`]: the keys that a loader asks for.

use crate::model::KeyValues;
use crate::value::{SqlType, Value};

use super::Bind;

/// A list of keys of one or several columns.
#[derive(Debug, Clone)]
pub(crate) struct KeyList {
    pub(crate) types: Vec<SqlType>,
    pub(crate) keys: Vec<KeyValues<'static>>,
    pub(crate) sensitive: bool,
}

impl KeyList {
    /// As one array for each column.
    pub(crate) fn arrays(&self) -> Vec<Bind<'static>> {
        self.types
            .iter()
            .enumerate()
            .map(|(column, &sql_type)| {
                let values: Vec<Value<'static>> = self.keys.iter().map(|key| key[column].clone()).collect();
                Bind::array(sql_type, values).sensitive(self.sensitive)
            })
            .collect()
    }

    /// As single values, key after key. The last key is repeated until there are `count`: few
    /// different lengths make few different texts, which the database has prepared already.
    pub(crate) fn singles(&self, count: usize) -> Vec<Bind<'static>> {
        let padding = self.keys.last().into_iter().cycle().take(count.saturating_sub(self.keys.len()));
        self.keys
            .iter()
            .chain(padding)
            .flat_map(|key| key.iter().zip(&self.types))
            .map(|(value, &sql_type)| Bind::new(sql_type, value.clone()).sensitive(self.sensitive))
            .collect()
    }

    /// The binds as a query with nothing but this list has them.
    pub(crate) fn binds(&self, arrays: bool) -> Vec<Bind<'static>> {
        match self.keys.len() {
            1 => self.singles(1),
            _ if arrays => self.arrays(),
            _ => self.singles(self.padded()),
        }
    }

    /// What the text depends on: lists of the same shape share a text.
    pub(crate) fn shape(&self, arrays: bool) -> usize {
        match self.keys.len() {
            1 => 1,
            _ if arrays => 0,
            _ => self.padded(),
        }
    }

    /// The length to which the list is padded.
    pub(crate) fn padded(&self) -> usize {
        self.keys.len().next_power_of_two()
    }
}
