//! The attributes of a column.

use syn::{Expr, Lit, LitInt, LitStr};

use crate::ast::{Column, Field, ForeignKey, ForeignKeyAction};
use crate::attr::{At, Attrs, Value, elements};
use crate::types::{ColumnKind, option_of};
use crate::words::unknown_value;

pub(super) fn read(attrs: &mut Attrs<'_>, field: Field) -> Column {
    Column {
        nullable: option_of(&field.ty).is_some(),
        kind: ColumnKind::of(&field.ty),
        primary_key: attrs.flag("primary_key"),
        generated: attrs.switch("generated"),
        name: name(attrs),
        length: length(attrs),
        precision: precision(attrs),
        index: index(attrs),
        unique: attrs.flag("unique").is_some(),
        foreign_key: foreign_key(attrs),
        default: attrs.expr("default"),
        server_default: attrs.text("server_default"),
        on_update: attrs.expr("on_update"),
        sensitive: attrs.flag("sensitive").is_some(),
        version: attrs.flag("version"),
        comment: attrs.text("comment").map(|comment| comment.value),
        field,
    }
}

fn name(attrs: &mut Attrs<'_>) -> Option<LitStr> {
    let name = attrs.text("column")?.value;
    if name.value().is_empty() {
        attrs.cx.error(&name, "a column has a name");
    }
    Some(name)
}

fn index(attrs: &mut Attrs<'_>) -> Option<At<bool>> {
    let attr = attrs.take("index")?;
    match &attr.value {
        Value::List(_) => {
            attr.error(attrs.cx, "an index of several columns goes on the struct: `#[retro(index(a, b))]`");
            None
        }
        Value::None => Some(At { at: attr.name, value: true }),
        Value::Expr(Expr::Lit(literal)) if let Lit::Bool(value) = &literal.lit => {
            Some(At { at: attr.name, value: value.value })
        }
        Value::Expr(_) => {
            attr.error(attrs.cx, "`index` takes no value: write `index` or `index = false`");
            None
        }
    }
}

fn length(attrs: &mut Attrs<'_>) -> Option<At<LitInt>> {
    let At { at, value } = attrs.expr("length")?;
    match integer(&value).filter(|length| length.base10_parse::<u32>().is_ok_and(|length| length > 0)) {
        Some(value) => Some(At { at, value }),
        None => {
            attrs.cx.error(value, "a length is a positive number: write `length = 64`");
            None
        }
    }
}

fn precision(attrs: &mut Attrs<'_>) -> Option<At<(LitInt, LitInt)>> {
    let At { at, value } = attrs.expr("precision")?;
    let digits: Vec<LitInt> = elements(&value).into_iter().filter_map(integer).collect();
    if let [precision, scale] = digits.as_slice()
        && let (Ok(all), Ok(after)) = (precision.base10_parse::<u32>(), scale.base10_parse::<u32>())
        && all > 0
        && after <= all
    {
        return Some(At { at, value: (precision.clone(), scale.clone()) });
    }
    attrs.cx.error(
        value,
        "a precision is the number of digits, and how many of them stand behind the point: write `precision = (10, 2)`",
    );
    None
}

fn integer(expr: &Expr) -> Option<LitInt> {
    match expr {
        Expr::Lit(literal) if let Lit::Int(integer) = &literal.lit => Some(integer.clone()),
        _ => None,
    }
}

fn foreign_key(attrs: &mut Attrs<'_>) -> Option<ForeignKey> {
    let references = attrs.paths("foreign_key");
    let on_delete = action(attrs, "on_delete");
    let on_update = action(attrs, "on_key_update");
    let Some(references) = references else {
        for action in [on_delete, on_update].into_iter().flatten() {
            let message = format!("`{0}` is what a foreign key does: add `foreign_key = Model::id`", action.at);
            attrs.cx.error(&action.at, message);
        }
        return None;
    };
    if references.value.len() > 1 {
        attrs.cx.error(
            &references.at,
            "a foreign key of several columns goes on the struct: \
             `#[retro(foreign_key(columns = (a, b), references = (Parent::a, Parent::b)))]`",
        );
    }
    let references = references.value.into_iter().next()?;
    Some(ForeignKey { references, on_delete, on_update })
}

const ACTIONS: [(&str, ForeignKeyAction); 5] = [
    ("cascade", ForeignKeyAction::Cascade),
    ("set null", ForeignKeyAction::SetNull),
    ("set default", ForeignKeyAction::SetDefault),
    ("restrict", ForeignKeyAction::Restrict),
    ("no action", ForeignKeyAction::NoAction),
];

/// What the database does when the target of a foreign key goes or changes.
pub(super) fn action(attrs: &mut Attrs<'_>, name: &str) -> Option<At<ForeignKeyAction>> {
    let At { at, value } = attrs.text(name)?;
    let word = value.value();
    match ACTIONS.iter().find(|(action, _)| *action == word.to_lowercase()) {
        Some(&(_, action)) => Some(At { at, value: action }),
        None => {
            attrs.cx.error(value, unknown_value(name, &word, &ACTIONS.map(|(action, _)| action)));
            None
        }
    }
}
