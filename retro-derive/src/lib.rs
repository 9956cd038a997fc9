//! Quick stand-in for the real derive.
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Expr, Fields, GenericArgument, PathArguments, Token, Type};

struct Item { name: Ident, value: Option<Expr>, list: Option<TokenStream> }
impl Parse for Item {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        use syn::ext::IdentExt;
        let name = Ident::parse_any(input)?;
        if input.peek(Token![=]) { input.parse::<Token![=]>()?; return Ok(Item { name, value: Some(input.parse()?), list: None }); }
        if input.peek(syn::token::Paren) { let c; syn::parenthesized!(c in input); return Ok(Item { name, value: None, list: Some(c.parse()?) }); }
        Ok(Item { name, value: None, list: None })
    }
}
fn items(attrs: &[syn::Attribute]) -> syn::Result<Vec<Item>> {
    let mut out = vec![];
    for a in attrs { if a.path().is_ident("retro") { out.extend(a.parse_args_with(Punctuated::<Item, Token![,]>::parse_terminated)?); } }
    Ok(out)
}
fn find<'a>(items: &'a [Item], n: &str) -> Option<&'a Item> { items.iter().find(|i| i.name == n) }
fn text(e: &Expr) -> String { match e { Expr::Lit(l) => match &l.lit { syn::Lit::Str(s) => s.value(), _ => String::new() }, e => quote!(#e).to_string() } }
fn is_false(i: &Item) -> bool { i.value.as_ref().is_some_and(|e| quote!(#e).to_string() == "false") }
fn list(e: &Expr) -> Vec<Expr> { match e { Expr::Tuple(t) => t.elems.iter().cloned().collect(), Expr::Paren(p) => vec![(*p.expr).clone()], e => vec![e.clone()] } }
fn arg(ty: &Type, names: &[&str]) -> Option<(String, Type)> {
    let Type::Path(p) = ty else { return None };
    let seg = p.path.segments.last()?;
    let name = seg.ident.to_string();
    if !names.contains(&name.as_str()) { return None; }
    let PathArguments::AngleBracketed(a) = &seg.arguments else { return None };
    match a.args.first()? { GenericArgument::Type(t) => Some((name, t.clone())), _ => None }
}
fn base(path: &Expr) -> TokenStream { let Expr::Path(p) = path else { return quote!() }; let segs: Vec<_> = p.path.segments.iter().collect(); let s = &segs[..segs.len() - 1]; quote!(#(#s)::*) }
fn action(i: Option<&Item>) -> TokenStream {
    let v = match i.and_then(|i| i.value.as_ref()).map(text).unwrap_or_default().to_lowercase().replace(' ', "").as_str() { "cascade" => "Cascade", "setnull" => "SetNull", "setdefault" => "SetDefault", "restrict" => "Restrict", _ => "NoAction" };
    let v = format_ident!("{v}"); quote!(::retro_core::model::ForeignKeyAction::#v)
}

#[proc_macro_derive(Model, attributes(retro))]
pub fn model(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    expand(input).unwrap_or_else(|e| e.to_compile_error()).into()
}

fn expand(input: DeriveInput) -> syn::Result<TokenStream> {
    let name = &input.ident; let vis = &input.vis;
    let top = items(&input.attrs)?;
    let Data::Struct(data) = &input.data else { return Err(syn::Error::new(Span::call_site(), "struct")) };
    let Fields::Named(fields) = &data.fields else { return Err(syn::Error::new(Span::call_site(), "named")) };
    let table = find(&top, "table").and_then(|i| i.value.as_ref()).map(text).unwrap_or_default();
    let (mut cols, mut rels, mut skips) = (vec![], vec![], vec![]);
    for f in &fields.named {
        let it = items(&f.attrs)?;
        if find(&it, "skip").is_some() { skips.push(f.ident.clone().unwrap()); continue; }
        match arg(&f.ty, &["BelongsTo", "HasOne", "HasMany", "ManyToMany"]) { Some((k, t)) => rels.push((f, it, k, t)), None => cols.push((f, it)) }
    }
    let index_of = |e: &Expr| -> u16 { let n = text(e); let n = n.rsplit("::").next().unwrap().trim().to_string(); cols.iter().position(|(f, _)| f.ident.as_ref().unwrap() == &n).unwrap_or(0) as u16 };
    let pk: Vec<u16> = cols.iter().enumerate().filter(|(_, (_, i))| find(i, "primary_key").is_some()).map(|(n, _)| n as u16).collect();
    let mut consts = vec![]; let mut coldefs = vec![]; let mut fks = vec![]; let mut indexes = vec![]; let mut uniques = vec![]; let mut checks = vec![];
    let mut version = quote!(None); let mut defaults = vec![]; let mut views = vec![];
    let (mut gets, mut sets, mut reads) = (vec![], vec![], vec![]);
    for (n, (f, it)) in cols.iter().enumerate() {
        let n = n as u16; let id = f.ident.as_ref().unwrap(); let ty = &f.ty; let fvis = &f.vis; let fname = id.to_string();
        consts.push(quote!(#[doc = "column"] #fvis const #id: ::retro_core::model::Column<#name, #ty> = ::retro_core::model::Column::new(#n);));
        let mut ex = vec![];
        if let Some(i) = find(it, "column") { let v = text(i.value.as_ref().unwrap()); ex.push(quote!(name: #v)); }
        if let Some(i) = find(it, "length") { let v = &i.value; ex.push(quote!(length: Some(#v))); }
        if let Some(i) = find(it, "precision") { let v = &i.value; ex.push(quote!(precision: Some(#v))); }
        let tys = quote!(#ty).to_string();
        if pk == [n] && ["i16", "i32", "i64"].contains(&tys.as_str()) && !find(it, "generated").is_some_and(is_false) { ex.push(quote!(generated: true)); }
        if let Some(i) = find(it, "server_default") { let v = text(i.value.as_ref().unwrap()); ex.push(quote!(server_default: Some(#v), is_unset: Some(::retro_core::private::is_default::<#ty>))); }
        if let Some(i) = find(it, "on_update") { let v = &i.value; ex.push(quote!(on_update: Some({ fn f() -> ::retro_core::value::Value<'static> { let v: #ty = #v; ::retro_core::value::ColumnType::to_value(&v).into_owned() } f }))); }
        if find(it, "sensitive").is_some() { ex.push(quote!(sensitive: true)); }
        coldefs.push(quote!(::retro_core::model::ColumnDef { #(#ex,)* ..::retro_core::model::ColumnDef::new::<#ty>(#fname) }));
        if find(it, "version").is_some() { version = quote!(Some(#n)); }
        let uniq = find(it, "unique").is_some();
        if let Some(i) = find(it, "index") && !is_false(i) { indexes.push(quote!(::retro_core::model::IndexDef { name: None, columns: &[#n], unique: #uniq, filter: None })); }
        else if uniq { uniques.push(quote!(::retro_core::model::UniqueDef { name: None, columns: &[#n] })); }
        if let Some(i) = find(it, "foreign_key") {
            let p = i.value.as_ref().unwrap(); let b = base(p); let (od, ou) = (action(find(it, "on_delete")), action(find(it, "on_key_update")));
            let idx = !find(it, "index").is_some_and(is_false);
            fks.push(quote!(::retro_core::model::ForeignKeyDef { columns: &[#n], target: <#b as ::retro_core::private::Mapped>::definition, references: &[#p.index()], on_delete: #od, on_update: #ou, index: #idx }));
        }
        match find(it, "default") { Some(i) => { let v = &i.value; defaults.push(quote!(#id: #v)) } None => defaults.push(quote!(#id: ::core::default::Default::default())) }
        gets.push(quote!(#n => ::retro_core::value::ColumnType::to_value(&self.#id)));
        sets.push(quote!(#n => self.#id = ::retro_core::value::ColumnType::from_value(value)?));
        reads.push(quote!(#id: row.read()?));
        views.push(quote!(#[doc = "column"] #fvis fn #id(self) -> <#ty as ::retro_core::value::ColumnType>::View<'s> { ::retro_core::value::ColumnType::view(&self.0.row().#id) }));
    }
    for i in &top {
        let n = i.name.to_string();
        let Some(l) = &i.list else { continue };
        if n == "index" || n == "unique" || n == "check" {
            let parts = syn::parse::Parser::parse2(Punctuated::<Expr, Token![,]>::parse_terminated, l.clone())?;
            if n == "check" { let a = parts.first().map(text).unwrap(); let b = parts.last().map(text).unwrap(); checks.push(quote!(::retro_core::model::CheckDef { name: #a, condition: #b })); continue; }
            let uq = parts.iter().any(|p| text(p) == "unique");
            let c: Vec<u16> = parts.iter().filter(|p| matches!(p, Expr::Path(_)) && text(p) != "unique").map(index_of).collect();
            if n == "index" { indexes.push(quote!(::retro_core::model::IndexDef { name: None, columns: &[#(#c),*], unique: #uq, filter: None })); } else { uniques.push(quote!(::retro_core::model::UniqueDef { name: None, columns: &[#(#c),*] })); }
        }
        if n == "foreign_key" {
            let it = syn::parse::Parser::parse2(Punctuated::<Item, Token![,]>::parse_terminated, l.clone())?; let it: Vec<Item> = it.into_iter().collect();
            let c: Vec<u16> = list(find(&it, "columns").unwrap().value.as_ref().unwrap()).iter().map(index_of).collect();
            let r = list(find(&it, "references").unwrap().value.as_ref().unwrap()); let b = base(&r[0]);
            let (od, ou) = (action(find(&it, "on_delete")), action(find(&it, "on_update"))); let idx = !find(&it, "index").is_some_and(is_false);
            fks.push(quote!(::retro_core::model::ForeignKeyDef { columns: &[#(#c),*], target: <#b as ::retro_core::private::Mapped>::definition, references: &[#(#r.index()),*], on_delete: #od, on_update: #ou, index: #idx }));
        }
    }
    let mut reldefs = vec![]; let mut takes = vec![]; let mut assigned = vec![];
    for (n, (f, it, kind, target)) in rels.iter().enumerate() {
        let n = n as u16; let id = f.ident.as_ref().unwrap(); let fvis = &f.vis; let fname = id.to_string();
        let opt = arg(target, &["Option"]); let optional = opt.is_some(); let target = opt.map(|o| o.1).unwrap_or(target.clone());
        let k = match kind.as_str() { "BelongsTo" if !optional => quote!(One), "BelongsTo" | "HasOne" => quote!(Maybe), _ => quote!(Many) };
        consts.push(quote!(#[doc = "relationship"] #fvis const #id: ::retro_core::model::Rel<#name, #target, ::retro_core::model::#k> = ::retro_core::model::Rel::new(#n);));
        let kindi = format_ident!("{kind}");
        let key: Vec<u16> = if kind == "BelongsTo" { match find(it, "key") { Some(i) => list(i.value.as_ref().unwrap()).iter().map(index_of).collect(), None => { let s = format!("{fname}_id"); vec![cols.iter().position(|(f, _)| f.ident.as_ref().unwrap() == &s).ok_or_else(|| syn::Error::new_spanned(f, "no key"))? as u16] } } } else { vec![] };
        let fk: Vec<TokenStream> = find(it, "foreign_key").map(|i| list(i.value.as_ref().unwrap()).iter().map(|e| quote!(#e.index())).collect()).unwrap_or_default();
        let back = match find(it, "back_populates") { Some(i) => { let b = i.value.as_ref().unwrap(); quote!(Some(#target::#b.index())) } None => quote!(None) };
        let sec = match find(it, "secondary") {
            None => quote!(None),
            Some(Item { value: Some(Expr::Lit(l)), .. }) => quote!(Some(::retro_core::model::SecondaryDef::Table { name: #l, local: &[], remote: &[] })),
            Some(Item { value: Some(e), .. }) => quote!(Some(::retro_core::model::SecondaryDef::Model { model: <#e as ::retro_core::private::Mapped>::definition, local: &[], remote: &[] })),
            Some(Item { list: Some(l), .. }) => { let p: Vec<Item> = syn::parse::Parser::parse2(Punctuated::<Item, Token![,]>::parse_terminated, l.clone())?.into_iter().collect(); let t = &find(&p, "table").unwrap().value; let lo = list(find(&p, "local").unwrap().value.as_ref().unwrap()); let re = list(find(&p, "remote").unwrap().value.as_ref().unwrap()); quote!(Some(::retro_core::model::SecondaryDef::Table { name: #t, local: &[#(#lo),*], remote: &[#(#re),*] })) }
            _ => quote!(None),
        };
        let casc = match find(it, "cascade") { None => quote!(::retro_core::model::Cascade::DEFAULT), Some(i) => { let mut t = quote!(::retro_core::model::Cascade::NONE); for w in text(i.value.as_ref().unwrap()).split(',') { let c = format_ident!("{}", match w.trim() { "all" => "ALL".into(), w => w.to_uppercase().replace('-', "_") }); t = quote!(#t.and(::retro_core::model::Cascade::#c)); } t } };
        let ord: Vec<TokenStream> = find(it, "order_by").map(|i| list(i.value.as_ref().unwrap()).iter().map(|e| match e { Expr::Unary(u) => { let e = &u.expr; quote!(::retro_core::model::OrderDef { column: #e.index(), descending: true }) } e => quote!(::retro_core::model::OrderDef { column: #e.index(), descending: false }) }).collect()).unwrap_or_default();
        let lazy = format_ident!("{}", match find(it, "lazy").map(|i| text(i.value.as_ref().unwrap())).unwrap_or_default().as_str() { "joined" => "Joined", "selectin" => "Selectin", "subquery" => "Subquery", "raise" => "Raise", "noload" => "Noload", "write_only" => "WriteOnly", _ => "Select" });
        let pd = format_ident!("{}", match find(it, "passive_deletes") { None => "No", Some(i) => match i.value.as_ref().map(text).as_deref() { Some("all") => "All", _ => "Yes" } });
        let (pu, sp) = (find(it, "post_update").is_some(), find(it, "single_parent").is_some());
        reldefs.push(quote!(::retro_core::model::RelationshipDef { field: #fname, kind: ::retro_core::model::RelationshipKind::#kindi, optional: #optional, target: <#target as ::retro_core::private::Mapped>::definition, key: &[#(#key),*], foreign_key: &[#(#fk),*], back_populates: #back, secondary: #sec, cascade: #casc, order_by: &[#(#ord),*], lazy: ::retro_core::model::Lazy::#lazy, passive_deletes: ::retro_core::model::PassiveDeletes::#pd, post_update: #pu, single_parent: #sp }));
        takes.push(quote!(#n => self.#id.take())); assigned.push(quote!(self.#id.is_assigned()));
        reads.push(quote!(#id: ::core::default::Default::default())); defaults.push(quote!(#id: ::core::default::Default::default()));
        views.push(quote!(#[doc = "relationship"] #fvis fn #id(self) -> <::retro_core::model::#k as ::retro_core::model::RelKind>::View<'s, #target> { ::retro_core::private::view_relationship(self.0, #name::#id) }));
    }
    for s in &skips { reads.push(quote!(#s: ::core::default::Default::default())); defaults.push(quote!(#s: ::core::default::Default::default())); }
    let view = format_ident!("{name}View"); let mname = name.to_string();
    let pkt: Vec<&Type> = pk.iter().map(|&i| &cols[i as usize].0.ty).collect(); let pkt = if pkt.len() == 1 { let t = pkt[0]; quote!(#t) } else { quote!((#(#pkt),*)) };
    let default = if find(&top, "no_default").is_some() { quote!() } else { quote!(impl ::core::default::Default for #name { fn default() -> Self { #name { #(#defaults),* } } }) };
    Ok(quote! {
        #[allow(non_upper_case_globals, dead_code)] impl #name { #(#consts)* }
        #[allow(non_upper_case_globals, dead_code)] #[doc = "model"] #vis const #name: ::retro_core::model::Root<#name> = ::retro_core::model::Root::new();
        #default
        impl ::retro_core::model::Model for #name { type Key = #pkt; type View<'s> = #view<'s>; }
        impl ::retro_core::private::Mapped for #name {
            fn definition() -> &'static ::retro_core::model::ModelDef {
                static D: ::retro_core::model::ModelDef = ::retro_core::model::ModelDef { name: #mname, table: #table, comment: None, columns: &[#(#coldefs),*], primary_key: &[#(#pk),*], relationships: &[#(#reldefs),*], foreign_keys: &[#(#fks),*], indexes: &[#(#indexes),*], uniques: &[#(#uniques),*], checks: &[#(#checks),*], version: #version, mapper: <#name as ::retro_core::private::Mapped>::mapper };
                &D
            }
            fn mapper() -> &'static ::retro_core::private::Mapper { static C: ::retro_core::private::MapperCell = ::retro_core::private::MapperCell::new(); C.get::<#name>() }
            fn value(&self, column: u16) -> ::retro_core::value::Value<'_> { match column { #(#gets,)* _ => ::retro_core::value::Value::Null } }
            fn set_value(&mut self, column: u16, value: ::retro_core::value::Value<'_>) -> ::core::result::Result<(), ::retro_core::value::ValueError> { match column { #(#sets,)* _ => {} } Ok(()) }
            fn read(row: &mut ::retro_core::private::RowReader<'_>) -> ::core::result::Result<Self, ::retro_core::Error> { Ok(#name { #(#reads),* }) }
            fn has_assigned(&self) -> bool { false #(|| #assigned)* }
            fn take_assigned(&mut self, relationship: u16) -> ::retro_core::private::Assigned { match relationship { #(#takes,)* _ => ::retro_core::private::Assigned::untouched() } }
        }
        #[derive(Clone, Copy, Debug)] #[doc = "view"] #vis struct #view<'s>(::retro_core::session::View<'s, #name>);
        impl<'s> ::core::ops::Deref for #view<'s> { type Target = #name; fn deref(&self) -> &#name { self.0.row() } }
        impl<'s> ::retro_core::session::ModelView<'s> for #view<'s> { type Model = #name; fn from_view(v: ::retro_core::session::View<'s, #name>) -> Self { #view(v) } fn into_view(self) -> ::retro_core::session::View<'s, #name> { self.0 } }
        #[allow(dead_code)] impl<'s> #view<'s> { #(#views)*
            #[doc = "handle"] #vis fn entity(self) -> ::retro_core::model::Entity<#name> { self.0.entity() }
            #[doc = "try"] #vis fn try_rel<U: ::retro_core::model::Model, K: ::retro_core::model::RelKind>(self, rel: ::retro_core::model::Rel<#name, U, K>) -> ::core::result::Result<K::View<'s, U>, ::retro_core::Error> { ::retro_core::private::try_view_relationship(self.0, rel) }
        }
    })
}

/// Not yet.
#[proc_macro_derive(ColumnType, attributes(retro))]
pub fn column_type(_: proc_macro::TokenStream) -> proc_macro::TokenStream { proc_macro::TokenStream::new() }
