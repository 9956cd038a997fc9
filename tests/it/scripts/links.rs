//! Relationships by the names that scripts use.

use retro_core::model::RelKind;
use retro_core::prelude::*;
use retro_core::session::SetTo;

use super::models::{Handle, Manufacturer, Order, Owned, Product, Scripted, collection, reference};

/// What reading a relationship gives, whatever its kind.
trait Targets {
    fn handles(self) -> Vec<Handle>;
}

impl<U: Scripted> Targets for Entity<U> {
    fn handles(self) -> Vec<Handle> {
        vec![U::handle(self)]
    }
}

impl<U: Scripted> Targets for Option<Entity<U>> {
    fn handles(self) -> Vec<Handle> {
        self.map(U::handle).into_iter().collect()
    }
}

impl<U: Scripted> Targets for Vec<Entity<U>> {
    fn handles(self) -> Vec<Handle> {
        self.into_iter().map(U::handle).collect()
    }
}

/// The collections and references whose members go with their owner.
pub fn deleted_with(handle: Handle) -> &'static [&'static str] {
    match handle {
        Handle::Manufacturer(_) => &["products"],
        Handle::Product(_) => &["detail"],
        Handle::Order(_) => &["items"],
        _ => &[],
    }
}

/// The other side of a relationship.
pub fn inverse(class: &str, attr: &str) -> Option<(&'static str, &'static str)> {
    let pairs = [
        (("Manufacturer", "products"), ("Product", "manufacturer")),
        (("Product", "detail"), ("ProductDetail", "product")),
        (("Product", "articles"), ("Article", "product")),
        (("Product", "countries"), ("Country", "products")),
        (("Customer", "orders"), ("Order", "customer")),
        (("Order", "items"), ("OrderItem", "order")),
        (("Article", "translations"), ("Article", "translation_of")),
    ];
    pairs.iter().find_map(|&(one, other)| match (class, attr) {
        side if side == one => Some(other),
        side if side == other => Some(one),
        _ => None,
    })
}

/// Whether a relationship can be emptied from this side.
pub fn is_optional(handle: Handle, attr: &str) -> bool {
    !matches!(
        (handle, attr),
        (Handle::Product(_), "manufacturer") | (Handle::ProductDetail(_), "product") | (Handle::OrderItem(_), _)
    )
}

pub fn is_loaded(session: &Session, handle: Handle, attr: &str) -> bool {
    reference!(handle, attr, |e, rel| session.is_loaded(e, rel))
        .or_else(|| collection!(handle, attr, |e, rel| session.is_loaded(e, rel)))
        .unwrap_or_else(|| panic!("no relationship {attr} of {handle:?}"))
}

/// What a loaded relationship leads to. A required parent that is not there is shown as none.
pub fn targets(session: &Session, handle: Handle, attr: &str) -> Result<Vec<Handle>, Error> {
    let found = reference!(handle, attr, |e, rel| session.try_entities(e, rel).map(Targets::handles))
        .or_else(|| collection!(handle, attr, |e, rel| session.try_entities(e, rel).map(Targets::handles)));
    match found {
        Some(Err(error)) if error.is_not_loaded() && is_loaded(session, handle, attr) => Ok(Vec::new()),
        Some(found) => found,
        None => panic!("no relationship {attr} of {handle:?}"),
    }
}

/// Sets a reference.
pub fn set(session: &mut Session, handle: Handle, attr: &str, target: Handle) {
    let done = reference!(handle, attr, |e, rel| set_typed(session, e, rel, target));
    assert!(done.is_some(), "no reference {attr} of {handle:?}");
}

fn set_typed<M: Scripted, U: Scripted, K: RelKind>(
    session: &mut Session,
    entity: Entity<M>,
    rel: Rel<M, U, K>,
    target: Handle,
) where
    Entity<U>: SetTo<U, K>,
{
    session.set(entity, rel, U::entity(target));
}

/// Sets a reference to none. One that is required is taken out of its parent's collection.
pub fn unset(session: &mut Session, handle: Handle, attr: &str, current: Option<Handle>) {
    use super::models::Article;
    match (handle, attr, current) {
        (Handle::Product(p), "detail", _) => session.set(p, Product::detail, None::<Entity<_>>),
        (Handle::Order(o), "customer", _) => session.set(o, Order::customer, None::<Entity<_>>),
        (Handle::Article(a), "product", _) => session.set(a, Article::product, None::<Entity<_>>),
        (Handle::Article(a), "translation_of", _) => session.set(a, Article::translation_of, None::<Entity<_>>),
        (Handle::Product(p), "manufacturer", Some(Handle::Manufacturer(m))) => {
            session.remove(m, Manufacturer::products, p);
        }
        (Handle::ProductDetail(_), "product", Some(Handle::Product(p))) => {
            session.set(p, Product::detail, None::<Entity<_>>);
        }
        (Handle::OrderItem(i), "order", Some(Handle::Order(o))) => {
            session.remove(o, Order::items, i);
        }
        (_, _, None) => {}
        other => panic!("cannot unset {other:?}"),
    }
}

/// Adds a member to a collection.
pub fn push(session: &mut Session, handle: Handle, attr: &str, target: Handle) {
    let done = collection!(handle, attr, |e, rel| push_typed(session, e, rel, target));
    assert!(done.is_some(), "no collection {attr} of {handle:?}");
}

fn push_typed<M: Scripted, U: Scripted>(
    session: &mut Session,
    entity: Entity<M>,
    rel: Rel<M, U, retro_core::model::Many>,
    target: Handle,
) {
    session.push(entity, rel, U::entity(target));
}

/// Removes a member from a collection.
pub fn remove(session: &mut Session, handle: Handle, attr: &str, target: Handle) {
    let done = collection!(handle, attr, |e, rel| remove_typed(session, e, rel, target));
    assert_eq!(done, Some(true), "a member that is there is removed");
}

fn remove_typed<M: Scripted, U: Scripted>(
    session: &mut Session,
    entity: Entity<M>,
    rel: Rel<M, U, retro_core::model::Many>,
    target: Handle,
) -> bool {
    session.remove(entity, rel, U::entity(target))
}

/// Sets a reference or adds a member.
pub fn link(session: &mut Session, handle: Handle, attr: &str, target: Handle) {
    match reference!(handle, attr, |_e, _rel| ()) {
        Some(()) => set(session, handle, attr, target),
        None => push(session, handle, attr, target),
    }
}

/// Links a new struct before it is added.
pub fn assign(owned: &mut Owned, attr: &str, target: Handle) {
    match (owned, attr) {
        (Owned::Product(p), "manufacturer") => p.manufacturer = entity_of(target).into(),
        (Owned::Product(p), "detail") => p.detail = entity_of(target).into(),
        (Owned::ProductDetail(d), "product") => d.product = entity_of(target).into(),
        (Owned::Order(o), "customer") => o.customer = entity_of(target).into(),
        (Owned::OrderItem(i), "order") => i.order = entity_of(target).into(),
        (Owned::OrderItem(i), "product") => i.product = entity_of(target).into(),
        (Owned::Article(a), "product") => a.product = entity_of(target).into(),
        (Owned::Article(a), "translation_of") => a.translation_of = entity_of(target).into(),
        other => panic!("cannot assign {other:?}"),
    }
}

fn entity_of<M: Scripted>(handle: Handle) -> Entity<M> {
    M::entity(handle)
}
