//! What one database asks for and the others do not.

use super::{Verification, field};
use crate::dialect::{Ddl, Dialect, IdentifierLimit};
use crate::model::ModelDef;
use crate::value::SqlType;

pub(super) fn verify(to: &mut Verification<'_>, dialect: Dialect, def: &'static ModelDef) {
    let ddl = dialect.ddl();
    keys(to, dialect, ddl, def);
    indexes(to, dialect, ddl, def);
    lengths(to, dialect, ddl, def);
}

/// What a key or an index holds must have a known length.
fn keys(to: &mut Verification<'_>, dialect: Dialect, ddl: &Ddl, def: &'static ModelDef) {
    if ddl.unbounded_keys {
        return;
    }
    for (i, column) in def.columns.iter().enumerate().filter(|(i, _)| is_keyed(def, *i as u16)) {
        let message = match column.sql_type {
            SqlType::Text | SqlType::Bytes if column.length.is_none() => {
                format!("{dialect} takes a text or bytes column in a key or an index only with a `length = ..`")
            }
            SqlType::Json => format!("{dialect} does not take a JSON column in a key or an index"),
            _ => continue,
        };
        to.problem(def, field(def, i as u16), message);
    }
}

fn is_keyed(def: &ModelDef, column: u16) -> bool {
    def.primary_key.contains(&column)
        || def.indexes.iter().any(|index| index.columns.contains(&column))
        || def.uniques.iter().any(|unique| unique.columns.contains(&column))
        || def.foreign_keys.iter().any(|key| key.columns.contains(&column))
}

/// A partial index that is not unique only saves space. A unique one is a rule, which an index of
/// all rows would not keep to.
fn indexes(to: &mut Verification<'_>, dialect: Dialect, ddl: &Ddl, def: &'static ModelDef) {
    if ddl.partial_indexes {
        return;
    }
    for index in def.indexes.iter().filter(|index| index.unique && index.filter.is_some()) {
        let first = index.columns.first().map_or("", |&column| field(def, column));
        to.problem(def, first, format!("{dialect} has no partial indexes, so it cannot have this unique one"));
    }
}

/// Names of constraints are cut to fit, but tables and columns are called by their names.
fn lengths(to: &mut Verification<'_>, dialect: Dialect, ddl: &Ddl, def: &'static ModelDef) {
    let (limit, unit) = match ddl.identifier_limit {
        IdentifierLimit::None => return,
        IdentifierLimit::Bytes(limit) => (limit, "bytes"),
        IdentifierLimit::Characters(limit) => (limit, "characters"),
    };
    let too_long = |name: &str| !ddl.identifier_limit.fits(name);
    if too_long(def.table) {
        to.problem(def, "", format!("the name of its table is longer than the {limit} {unit} that {dialect} takes"));
    }
    for column in def.columns.iter().filter(|column| too_long(column.name)) {
        let message = format!("the name of its column is longer than the {limit} {unit} that {dialect} takes");
        to.problem(def, column.field, message);
    }
}
