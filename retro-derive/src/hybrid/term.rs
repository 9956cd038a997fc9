//! From the body of a method to the [`Term`] that it is in SQL.

use std::fmt::Display;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{
    BinOp, Block, Expr, ExprBinary, ExprCall, ExprIf, ExprMethodCall, ExprRange, Member, Path, RangeLimits, Stmt, Type,
    UnOp,
};

use crate::attr::path;
use crate::ctxt::Ctxt;
use crate::types::{path_of, remedy};

/// An expression that Rust and SQL have in common.
#[derive(Clone)]
pub(super) enum Term<'b> {
    /// What does not ask the entity. Rust knows its value when the expression is made.
    Value(&'b Expr),
    /// `self.field`
    Column(&'b Ident),
    /// `self.other(..)`, another hybrid.
    Hybrid(&'b Ident, Vec<&'b Expr>),
    /// A function of `retro_core::private::hybrid`, at the place of the operator or method that it is.
    Call(Ident, Vec<Term<'b>>),
    /// `of as f64`
    Cast(Box<Term<'b>>, &'b Ident),
    /// The conditions with their values, and the value of `else`.
    If(Vec<(Term<'b>, Term<'b>)>, Box<Term<'b>>),
}

/// What a hybrid is made of.
const PARTS: &str = "it is made of fields, values, `+ - * / %`, comparisons, `&& || !`, `if .. else`, casts and \
     the methods that its documentation lists";

/// Methods that do not change what a value is in SQL.
const SAME: &[&str] = &["as_deref", "as_ref", "as_str", "clone", "cloned", "copied", "to_owned"];

/// Methods without arguments that are functions of `retro_core::private::hybrid`.
const QUESTIONS: &[&str] = &["abs", "is_empty", "is_none", "is_some", "unwrap_or_default"];

/// Methods that look for a text.
const SEARCHES: &[&str] = &["contains", "ends_with", "starts_with"];

/// Why some other methods are none.
const REFUSED: &[(&str, &str)] = &[
    ("clamp", "write `if .. else`"),
    ("expect", "a query cannot panic; write `unwrap_or(..)`"),
    ("into", "write the type: `i64::from(..)`, `f64::from(..)`"),
    ("len", "it counts bytes, and SQL counts characters"),
    ("max", "write `if .. else`"),
    ("min", "write `if .. else`"),
    ("to_lowercase", "which letters it knows depends on the database"),
    ("to_uppercase", "which letters it knows depends on the database"),
    ("unwrap", "a query cannot panic; write `unwrap_or(..)`"),
];

/// Reads a body. Whatever has no form in SQL is reported where it stands.
pub(super) struct Reader<'c> {
    cx: &'c Ctxt,
    way_out: String,
}

impl<'c> Reader<'c> {
    pub(super) fn new(cx: &'c Ctxt, way_out: String) -> Self {
        Reader { cx, way_out }
    }

    /// A block that is nothing but its last expression.
    pub(super) fn block<'b>(&self, block: &'b Block) -> Option<Term<'b>> {
        match block.stmts.as_slice() {
            [Stmt::Expr(expr, None)] => self.term(expr),
            [Stmt::Macro(macro_call)] => self.refuse(macro_call, "a macro", PARTS),
            [statement, ..] => self.refuse(statement, "a statement", "it is one expression"),
            [] => self.refuse(block, "an empty block", "it is one expression"),
        }
    }

    fn term<'b>(&self, expr: &'b Expr) -> Option<Term<'b>> {
        if !asks_self(expr.to_token_stream()) {
            return self.value(unwrapped(expr));
        }
        match bare(expr) {
            Expr::Block(block) => self.block(&block.block),
            Expr::Unary(unary) => match unary.op {
                UnOp::Not(_) => self.call(named("not", unary.op), [&*unary.expr]),
                UnOp::Neg(_) => self.call(named("neg", unary.op), [&*unary.expr]),
                _ => self.refuse(expr, "this operator", PARTS),
            },
            Expr::Binary(binary) => self.binary(binary),
            Expr::Cast(cast) => self.cast(&cast.expr, &cast.ty),
            Expr::Field(field) => match &field.member {
                Member::Named(name) if is_self(&field.base) => Some(Term::Column(name)),
                _ => self.refuse(field, "this field", "only the entity's own fields are columns"),
            },
            Expr::MethodCall(call) => self.method(call),
            Expr::Call(call) => self.function(call),
            Expr::If(branch) => self.branches(branch),
            Expr::Path(_) => self.refuse(expr, "the entity as a whole", PARTS),
            Expr::Let(_) => self.refuse(expr, "`let`", "write `is_some()` and `unwrap_or(..)`"),
            Expr::Macro(_) => self.refuse(expr, "a macro", PARTS),
            Expr::Match(matched) => self.refuse(matched.match_token, "`match`", "write `if .. else`"),
            Expr::Return(returned) => self.refuse(returned.return_token, "`return`", "it is one expression"),
            Expr::Try(tried) => self.refuse(tried.question_token, "`?`", "write `unwrap_or(..)`"),
            _ => self.refuse(expr, "this", PARTS),
        }
    }

    /// What does not ask the entity.
    fn value<'b>(&self, expr: &'b Expr) -> Option<Term<'b>> {
        match expr {
            // Alone it would not say of what type it is.
            Expr::Path(path) if last_is(expr, "None") => Some(Term::Call(named("none", path), Vec::new())),
            Expr::Call(call) if last_is(&call.func, "Some") => self.function(call),
            _ => Some(Term::Value(expr)),
        }
    }

    fn binary<'b>(&self, binary: &'b ExprBinary) -> Option<Term<'b>> {
        let function = match binary.op {
            BinOp::Add(_) => "add",
            BinOp::Sub(_) => "sub",
            BinOp::Mul(_) => "mul",
            BinOp::Div(_) => "div",
            BinOp::Rem(_) => "rem",
            BinOp::And(_) => "and",
            BinOp::Or(_) => "or",
            BinOp::Eq(_) => "eq",
            BinOp::Ne(_) => "ne",
            BinOp::Lt(_) => "lt",
            BinOp::Le(_) => "le",
            BinOp::Gt(_) => "gt",
            BinOp::Ge(_) => "ge",
            _ => return self.refuse(binary.op, "this operator", PARTS),
        };
        self.call(named(function, binary.op), [&*binary.left, &*binary.right])
    }

    /// `expr as f64`
    fn cast<'b>(&self, expr: &'b Expr, ty: &'b Type) -> Option<Term<'b>> {
        let Some(to) = path_of(ty).and_then(Path::get_ident).filter(|name| is_number(name)) else {
            let hint = remedy(ty).unwrap_or("write `i16`, `i32`, `i64`, `f32` or `f64`");
            return self.refuse(ty, "a cast to this type", hint);
        };
        Some(Term::Cast(Box::new(self.term(expr)?), to))
    }

    fn method<'b>(&self, call: &'b ExprMethodCall) -> Option<Term<'b>> {
        let (method, arguments) = (&call.method, Vec::from_iter(&call.args));
        if is_self(&call.receiver) {
            return Some(Term::Hybrid(method, self.values(&arguments)?));
        }
        match (method.to_string().as_str(), arguments.as_slice()) {
            (same, []) if SAME.contains(&same) => self.term(&call.receiver),
            (question, []) if QUESTIONS.contains(&question) => self.call(method.clone(), [&*call.receiver]),
            ("unwrap_or", [other]) => self.call(method.clone(), [&*call.receiver, other]),
            ("contains", [of]) if matches!(bare(&call.receiver), Expr::Range(_)) => self.range(&call.receiver, of),
            (search, [_]) if SEARCHES.contains(&search) => {
                let (of, text) = (self.term(&call.receiver), self.values(&arguments));
                let operands = [of?].into_iter().chain(text?.into_iter().map(Term::Value));
                Some(Term::Call(method.clone(), operands.collect()))
            }
            (other, _) => {
                let hint = REFUSED.iter().find(|(refused, _)| *refused == other).map_or(PARTS, |(_, hint)| hint);
                self.refuse(method, format!("`{other}`"), hint)
            }
        }
    }

    /// `(1980..1990).contains(&of)`
    fn range<'b>(&self, range: &'b Expr, of: &'b Expr) -> Option<Term<'b>> {
        let Expr::Range(ExprRange { start, limits, end, .. }) = bare(range) else { return None };
        let is_below = if matches!(limits, RangeLimits::Closed(_)) { "le" } else { "lt" };
        let bounds = [("ge", start), (is_below, end)];
        let bounds = bounds.into_iter().filter_map(|(function, bound)| Some((function, bound.as_deref()?)));
        let conditions: Option<Vec<Term<'_>>> =
            bounds.map(|(function, bound)| self.call(named(function, limits), [of, bound])).collect();
        let both = |left, right| Term::Call(named("and", limits), vec![left, right]);
        conditions?.into_iter().reduce(both).or_else(|| self.refuse(range, "`..`", "everything is in it"))
    }

    /// `f64::from(of)`, `Some(of)`
    fn function<'b>(&self, call: &'b ExprCall) -> Option<Term<'b>> {
        let segments = path(&call.func).map(|path| Vec::from_iter(path.segments.iter().map(|segment| &segment.ident)));
        match (segments.as_deref(), Vec::from_iter(&call.args).as_slice()) {
            (Some([.., some]), [of]) if *some == "Some" => self.call(named("some", some), [of]),
            (Some([to, from]), [of]) if *from == "from" && is_number(to) => {
                Some(Term::Cast(Box::new(self.term(of)?), to))
            }
            _ => self.refuse(call, "this call", PARTS),
        }
    }

    fn branches<'b>(&self, first: &'b ExprIf) -> Option<Term<'b>> {
        let (mut branches, mut branch) = (Vec::new(), first);
        let last = loop {
            branches.push((self.term(&branch.cond), self.block(&branch.then_branch)));
            match branch.else_branch.as_ref().map(|(_, last)| &**last) {
                Some(Expr::If(next)) => branch = next,
                Some(last) => break self.term(last),
                None => break self.refuse(branch.if_token, "`if` without `else`", "it has a value for every entity"),
            }
        };
        let branches: Option<_> = branches.into_iter().map(|(condition, value)| Some((condition?, value?))).collect();
        Some(Term::If(branches?, Box::new(last?)))
    }

    fn call<'b, const N: usize>(&self, function: Ident, operands: [&'b Expr; N]) -> Option<Term<'b>> {
        // All of them before the first that is missing ends it: each reports its own mistakes.
        let operands = operands.map(|operand| self.term(operand));
        Some(Term::Call(function, operands.into_iter().collect::<Option<_>>()?))
    }

    /// Arguments that are known when the expression is made.
    fn values<'b>(&self, arguments: &[&'b Expr]) -> Option<Vec<&'b Expr>> {
        let values = arguments.iter().map(|argument| {
            if asks_self(argument.to_token_stream()) {
                return self.refuse(argument, "a field in this place", "a value is wanted here, such as a parameter");
            }
            Some(unwrapped(argument))
        });
        // As above.
        values.collect::<Vec<_>>().into_iter().collect()
    }

    fn refuse<T>(&self, at: impl ToTokens, what: impl Display, hint: &str) -> Option<T> {
        self.cx.error(at, format!("a hybrid cannot contain {what}: {hint}; or {}", self.way_out));
        None
    }
}

/// Without parentheses and braces.
fn unwrapped(expr: &Expr) -> &Expr {
    match expr {
        Expr::Block(inner) if inner.label.is_none() => match inner.block.stmts.as_slice() {
            [Stmt::Expr(last, None)] => unwrapped(last),
            _ => expr,
        },
        Expr::Paren(inner) => unwrapped(&inner.expr),
        Expr::Group(inner) => unwrapped(&inner.expr),
        other => other,
    }
}

/// Without references either: they make no difference in SQL.
fn bare(expr: &Expr) -> &Expr {
    match unwrapped(expr) {
        Expr::Reference(inner) if inner.mutability.is_none() => bare(&inner.expr),
        Expr::Unary(inner) if matches!(inner.op, UnOp::Deref(_)) => bare(&inner.expr),
        other => other,
    }
}

fn is_self(expr: &Expr) -> bool {
    path(bare(expr)).is_some_and(|path| path.is_ident("self"))
}

/// Whether an expression depends on the entity. A path may begin with `self::` and does not.
fn asks_self(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let asks = match token {
            TokenTree::Group(group) => asks_self(group.stream()),
            TokenTree::Ident(ident) => {
                ident == "self" && !matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ':')
            }
            _ => false,
        };
        if asks {
            return true;
        }
    }
    false
}

fn last_is(expr: &Expr, name: &str) -> bool {
    path(expr).and_then(|path| path.segments.last()).is_some_and(|segment| segment.ident == name)
}

fn is_number(name: &Ident) -> bool {
    ["i16", "i32", "i64", "f32", "f64"].iter().any(|number| name == number)
}

/// A function at the place of what it stands for.
fn named(function: &str, at: impl Spanned) -> Ident {
    Ident::new(function, at.span())
}
