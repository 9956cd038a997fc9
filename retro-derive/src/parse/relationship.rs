//! The attributes of a relationship.

use proc_macro2::TokenStream;
use syn::{Expr, LitStr, Path, Type, UnOp};

use crate::ast::{CascadeWord, Field, Lazy, Order, PassiveDeletes, Relationship, RelationshipKind, Secondary};
use crate::attr::{At, Attrs, Value, elements, path, text};
use crate::types::{argument, last_name, option_of};
use crate::words::unknown_value;

/// Reads a relationship field. `None` only if its type names no target.
pub(super) fn read(attrs: &mut Attrs<'_>, field: Field, kind: RelationshipKind) -> Option<Relationship> {
    let target = target(attrs, &field, kind)?;
    Some(Relationship {
        optional: option_of(argument_of(&field.ty)?).is_some(),
        kind,
        target,
        key: attrs.fields("key"),
        foreign_key: attrs.paths("foreign_key"),
        back_populates: back_populates(attrs),
        secondary: secondary(attrs, &field, kind),
        cascade: cascade(attrs),
        order_by: order_by(attrs),
        lazy: lazy(attrs),
        passive_deletes: passive_deletes(attrs),
        post_update: attrs.flag("post_update"),
        single_parent: attrs.flag("single_parent"),
        field,
    })
}

fn argument_of(ty: &Type) -> Option<&Type> {
    argument(ty, &last_name(ty)?)
}

fn target(attrs: &Attrs<'_>, field: &Field, kind: RelationshipKind) -> Option<Type> {
    let written = argument_of(&field.ty)?;
    let Some(inner) = option_of(written) else { return Some(written.clone()) };
    if kind != RelationshipKind::BelongsTo {
        let message = match kind {
            RelationshipKind::HasOne => "a `HasOne` is empty where no row refers to this one: it needs no `Option`",
            _ => "a collection may be empty: it needs no `Option`",
        };
        attrs.cx.error(&field.ty, message);
    }
    Some(inner.clone())
}

fn back_populates(attrs: &mut Attrs<'_>) -> Option<Path> {
    let At { value, .. } = attrs.expr("back_populates")?;
    let path = path(&value).cloned();
    if path.is_none() {
        let field = text(&value).map_or_else(|| "field".to_string(), |text| text.value());
        let message = format!("`back_populates` takes a field of the target: write `back_populates = {field}`");
        attrs.cx.error(value, message);
    }
    path
}

const SECONDARY: &str = "`secondary = \"table\"`, `secondary = Model`, or \
     `secondary(table = \"..\", local = \"..\", remote = \"..\")`";

fn secondary(attrs: &mut Attrs<'_>, field: &Field, kind: RelationshipKind) -> Option<At<Secondary>> {
    let Some(attr) = attrs.take("secondary") else {
        if kind == RelationshipKind::ManyToMany && !attrs.is_broken {
            let message = "a `ManyToMany` has an association table: add `#[retro(secondary = \"table\")]`, \
                 or `secondary = Model` where it has columns of its own";
            attrs.cx.error(&field.ident, message);
        }
        return None;
    };
    let value = match &attr.value {
        Value::List(list) => secondary_of_list(attrs, list.clone())?,
        Value::Expr(expr) if let Some(name) = text(expr) => {
            Secondary::Table { name, local: Vec::new(), remote: Vec::new() }
        }
        Value::Expr(expr) if let Some(model) = path(expr) => {
            Secondary::Model { model: model.clone(), local: Vec::new(), remote: Vec::new() }
        }
        _ => {
            attr.error(attrs.cx, format!("write {SECONDARY}"));
            return None;
        }
    };
    Some(At { at: attr.name, value })
}

fn secondary_of_list(attrs: &Attrs<'_>, tokens: TokenStream) -> Option<Secondary> {
    let mut list = Attrs::of_list(attrs.cx, tokens.clone());
    let secondary = if let Some(table) = list.text("table") {
        let (local, remote) = (texts(&mut list, "local"), texts(&mut list, "remote"));
        Some(Secondary::Table { name: table.value, local, remote })
    } else if let Some(model) = list.expr("model") {
        let columns = |found: Option<At<Vec<Path>>>| found.map_or_else(Vec::new, |found| found.value);
        let (local, remote) = (columns(list.paths("local")), columns(list.paths("remote")));
        if path(&model.value).is_none() {
            list.cx.error(&model.value, "`model` takes a model: write `model = ProductCountry`");
        }
        path(&model.value).map(|model| Secondary::Model { model: model.clone(), local, remote })
    } else {
        if !list.is_broken {
            list.cx.error(&tokens, format!("write {SECONDARY}"));
        }
        return None;
    };
    list.finish_of("`secondary(..)`", &["table", "model", "local", "remote"]);
    secondary
}

/// `name = "column"`, or a tuple of such.
fn texts(attrs: &mut Attrs<'_>, name: &str) -> Vec<LitStr> {
    let Some(At { value, .. }) = attrs.expr(name) else { return Vec::new() };
    let mut texts = Vec::new();
    for expr in elements(&value) {
        match text(expr) {
            Some(text) => texts.push(text),
            None => {
                attrs.cx.error(expr, format!("`{name}` takes the name of a column of the table: `{name} = \"..\"`"))
            }
        }
    }
    texts
}

const CASCADES: [(&str, CascadeWord); 8] = [
    ("save-update", CascadeWord::SaveUpdate),
    ("merge", CascadeWord::Merge),
    ("delete", CascadeWord::Delete),
    ("delete-orphan", CascadeWord::DeleteOrphan),
    ("expunge", CascadeWord::Expunge),
    ("refresh-expire", CascadeWord::RefreshExpire),
    ("all", CascadeWord::All),
    ("none", CascadeWord::None),
];

fn cascade(attrs: &mut Attrs<'_>) -> Option<At<Vec<CascadeWord>>> {
    let At { at, value } = attrs.text("cascade")?;
    let mut cascade = Vec::new();
    for word in value.value().split(',').map(str::trim).filter(|word| !word.is_empty()) {
        match CASCADES.iter().find(|(name, _)| *name == word) {
            Some(&(_, word)) => cascade.push(word),
            None => attrs.cx.error(&value, unknown_value("cascade", word, &CASCADES.map(|(name, _)| name))),
        }
    }
    if cascade.contains(&CascadeWord::None) && cascade.len() > 1 {
        attrs.cx.error(&value, "`none` stands alone");
    }
    Some(At { at, value: cascade })
}

const LOADERS: [(&str, Lazy); 7] = [
    ("select", Lazy::Select),
    ("joined", Lazy::Joined),
    ("selectin", Lazy::Selectin),
    ("subquery", Lazy::Subquery),
    ("raise", Lazy::Raise),
    ("noload", Lazy::Noload),
    ("write_only", Lazy::WriteOnly),
];

fn lazy(attrs: &mut Attrs<'_>) -> Option<At<Lazy>> {
    let At { at, value } = attrs.text("lazy")?;
    let word = value.value();
    match LOADERS.iter().find(|(name, _)| *name == word) {
        Some(&(_, lazy)) => Some(At { at, value: lazy }),
        None => {
            attrs.cx.error(value, unknown_value("lazy", &word, &LOADERS.map(|(name, _)| name)));
            None
        }
    }
}

fn passive_deletes(attrs: &mut Attrs<'_>) -> Option<At<PassiveDeletes>> {
    let attr = attrs.take("passive_deletes")?;
    let value = match &attr.value {
        Value::None => PassiveDeletes::Yes,
        Value::Expr(value) if text(value).is_some_and(|text| text.value() == "all") => PassiveDeletes::All,
        Value::Expr(value) => match quote::quote!(#value).to_string().as_str() {
            "true" => PassiveDeletes::Yes,
            "false" => PassiveDeletes::No,
            _ => return wrong_passive_deletes(attrs, &attr),
        },
        Value::List(_) => return wrong_passive_deletes(attrs, &attr),
    };
    Some(At { at: attr.name, value })
}

fn wrong_passive_deletes(attrs: &Attrs<'_>, attr: &crate::attr::Attr) -> Option<At<PassiveDeletes>> {
    attr.error(attrs.cx, "write `passive_deletes` or `passive_deletes = \"all\"`");
    None
}

fn order_by(attrs: &mut Attrs<'_>) -> Vec<Order> {
    let Some(At { value, .. }) = attrs.expr("order_by") else { return Vec::new() };
    let mut terms = Vec::new();
    for expr in elements(&value) {
        match order(expr) {
            Some(term) => terms.push(term),
            None => attrs.cx.error(
                expr,
                "`order_by` takes columns of the target: write `order_by = Model::field`, \
                 or `-Model::field` for descending order",
            ),
        }
    }
    terms
}

/// `X::a`, `-X::a`, `desc(X::a)` or `X::a.desc()`.
fn order(expr: &Expr) -> Option<Order> {
    let (column, descending) = match expr {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => (&*unary.expr, true),
        Expr::Call(call) if call.args.len() == 1 => {
            let function = path(&call.func)?.get_ident()?.to_string();
            (call.args.first()?, is_descending(&function)?)
        }
        Expr::MethodCall(call) if call.args.is_empty() => (&*call.receiver, is_descending(&call.method.to_string())?),
        other => (other, false),
    };
    let column = path(column).filter(|column| column.segments.len() > 1)?.clone();
    Some(Order { column, descending })
}

fn is_descending(function: &str) -> Option<bool> {
    match function {
        "desc" => Some(true),
        "asc" => Some(false),
        _ => None,
    }
}
