//! What must hold within one struct. Each rule shows what a user wrote and says the way out; what
//! needs the other models is left to rustc (`expand/checks.rs`) and to the metadata.

mod columns;
mod relationships;
mod table;
#[cfg(test)]
mod tests;

use crate::ast::Model;
use crate::ctxt::Ctxt;

pub(crate) fn model(cx: &Ctxt, model: &Model) {
    table::check(cx, model);
    for column in &model.columns {
        columns::check(cx, model, column);
    }
    relationships::check_number(cx, model);
    for relationship in &model.relationships {
        relationships::check(cx, model, relationship);
    }
}
