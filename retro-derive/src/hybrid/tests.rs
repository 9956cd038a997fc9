//! What bodies become, and which are refused; how the messages look is tested with rustc, in
//! `tests/ui`.

use quote::quote;
use syn::{Expr, ImplItemFn, parse_quote};

use super::{expand, method};
use crate::ctxt::Ctxt;

fn method_of(body: &Expr) -> ImplItemFn {
    parse_quote! { fn value(&self, limit: i32) -> i32 { #body } }
}

/// What a body becomes, without the paths and spaces of generated code.
fn expression(body: Expr) -> String {
    let (cx, method) = (Ctxt::default(), method_of(&body));
    let hybrid = method::read(&cx, quote!(), &method).expect("a hybrid");
    assert_eq!(cx.messages(), [""; 0]);
    let function: ImplItemFn = syn::parse2(expand::function(&hybrid)).expect("a function");
    let block = &function.block;
    let code = quote!(#block).to_string().replace(' ', "").replace("::retro_core::private::hybrid::", "");
    let code = code.strip_prefix("{value(").and_then(|code| code.strip_suffix(")}"));
    code.expect("one call").to_string()
}

#[track_caller]
fn assert_refused(body: Expr, part: &str) {
    let (cx, method) = (Ctxt::default(), method_of(&body));
    let hybrid = method::read(&cx, quote!(), &method).expect("a function that never runs");
    assert!(hybrid.body.is_none());
    let mistakes = cx.messages();
    assert!(mistakes.len() == 1 && mistakes[0].contains(part), "{mistakes:#?}");
    assert!(mistakes[0].ends_with("write `fn value_expr(..) -> Expr<i32>` by hand"), "{mistakes:#?}");
}

#[test]
fn operators_are_functions() {
    assert_eq!(expression(parse_quote!(self.a + self.b * 2)), "add(Self::a,mul(Self::b,2))");
    assert_eq!(expression(parse_quote!(-(self.a - 1) % 3)), "rem(neg(sub(Self::a,1)),3)");
    assert_eq!(expression(parse_quote!(!self.a && self.b != 1)), "and(not(Self::a),ne(Self::b,1))");
    assert_eq!(expression(parse_quote!((1..5).contains(&self.a))), "and(ge(Self::a,1),lt(Self::a,5))");
    assert_eq!(expression(parse_quote!((..=5).contains(&self.a))), "le(Self::a,5)");
}

#[test]
fn what_does_not_ask_the_entity_stays_as_it_is() {
    assert_eq!(expression(parse_quote!(limit * 2 + LEAST)), "limit*2+LEAST");
    assert_eq!(expression(parse_quote!(self.a > (limit * self::LEAST))), "gt(Self::a,limit*self::LEAST)");
    assert_eq!(expression(parse_quote!(self.a == Kind::of("x").unwrap())), r#"eq(Self::a,Kind::of("x").unwrap())"#);
    assert_eq!(expression(parse_quote!(self.a.starts_with(&text))), "starts_with(Self::a,&text)");
}

#[test]
fn options_say_of_what_type_they_are() {
    assert_eq!(expression(parse_quote!(self.a == None)), "eq(Self::a,none())");
    assert_eq!(expression(parse_quote!(self.a == Some(limit))), "eq(Self::a,some(limit))");
    assert_eq!(expression(parse_quote!(Some(self.a + 1))), "some(add(Self::a,1))");
    assert_eq!(expression(parse_quote!(self.a.unwrap_or(self.b))), "unwrap_or(Self::a,Self::b)");
}

#[test]
fn casts_say_their_type() {
    assert_eq!(
        expression(parse_quote!(self.a as i32 + i32::from(self.b))),
        "add(cast::<_,i32>(Self::a),cast::<_,i32>(Self::b))"
    );
    assert_eq!(expression(parse_quote!(self.a + limit as i32)), "add(Self::a,limitasi32)");
}

#[test]
fn what_makes_no_difference_in_sql_is_left_out() {
    assert_eq!(expression(parse_quote!((&*self).a.clone())), "Self::a");
    assert_eq!(expression(parse_quote!({ self.a.as_deref().copied() })), "Self::a");
}

#[test]
fn other_hybrids_are_called() {
    assert_eq!(
        expression(parse_quote!(self.total() + self.r#move(limit))),
        "add(Self::total_expr(),Self::move_expr(limit))"
    );
}

#[test]
fn branches_are_in_order() {
    let body = parse_quote!(if self.a {
        1
    } else if self.b {
        self.c
    } else {
        limit
    });
    assert_eq!(expression(body), "when(Self::a,1).when(Self::b,Self::c).otherwise(limit)");
}

#[test]
fn what_has_no_form_in_sql_is_refused() {
    assert_refused(
        parse_quote!(match self.a {
            _ => 1,
        }),
        "`match`: write `if .. else`",
    );
    assert_refused(parse_quote!(self.a.b), "this field");
    assert_refused(parse_quote!(self.0), "this field");
    assert_refused(parse_quote!(self.a.frobnicate()), "`frobnicate`");
    assert_refused(parse_quote!(self.a.len()), "counts bytes");
    assert_refused(parse_quote!(self.a as u64), "a cast to this type");
    assert_refused(parse_quote!(self.a & 1), "this operator");
    assert_refused(parse_quote!(max!(self.a, 1)), "a macro");
    assert_refused(parse_quote!(frobnicate(self.a)), "this call");
    assert_refused(parse_quote!(frobnicate(self)), "this call");
    assert_refused(parse_quote!(self.other(self.a)), "a field in this place");
    assert_refused(parse_quote!(self.a.map(|a| a + 1)), "`map`");
    assert_refused(
        parse_quote!(if self.a {
            1
        }),
        "`if` without `else`",
    );
    assert_refused(
        parse_quote!({
            let a = self.a;
            a
        }),
        "a statement",
    );
    assert_refused(parse_quote!((..).contains(&self.a)), "everything is in it");
}

#[test]
fn all_mistakes_are_found_together() {
    let (cx, method) = (Ctxt::default(), method_of(&parse_quote!(if self.a.len() > 1 { self.b? } else { self.c[0] })));
    assert!(method::read(&cx, quote!(), &method).is_some());
    assert_eq!(cx.messages().len(), 3, "{:#?}", cx.messages());
}

#[test]
fn the_type_is_the_owned_one() {
    let type_of = |method: ImplItemFn| {
        let ty = method::read(&Ctxt::default(), quote!(), &method).expect("a hybrid").ty;
        quote!(#ty).to_string().replace(' ', "")
    };
    assert_eq!(type_of(parse_quote! { fn a(&self) -> &'static str { "" } }), "::std::string::String");
    assert_eq!(
        type_of(parse_quote! { fn a(&self) -> Option<&str> { None } }),
        "::core::option::Option<::std::string::String>"
    );
    assert_eq!(type_of(parse_quote! { fn a(&self) -> &Sku { &self.sku } }), "Sku");
}
