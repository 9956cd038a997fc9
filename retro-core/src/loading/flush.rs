//! What a flush has to know: related rows that were never loaded. How a relationship is to be
//! loaded by users (`raise`, `write_only`) makes no difference here.

use super::children::{Children, Restriction};
use super::keys::Wanted;
use super::loader::{Loader, Work, distinct};
use super::plan::{How, Plan, Step};
use crate::error::Result;
use crate::identity::{IdentityKey, Store};
use crate::mapping::Relationship;
use crate::model::{EntityId, EntityRef, KeyValues};
use crate::transaction::Transaction;

/// Loads a relationship of some entities of one model.
pub(crate) async fn load_for_flush(
    store: &mut Store,
    transaction: &mut Transaction,
    relationship: &'static Relationship,
    owners: &[EntityId],
) -> Result<()> {
    let Some(&first) = owners.first() else { return Ok(()) };
    let mapper = store.mapper(first);
    let plan = Plan { steps: vec![plain(relationship)], later: Vec::new() };
    let owners = owners.iter().map(|id| id.at).collect();
    Loader::in_flush(store, transaction).follow(Work::new(plan, mapper, owners)).await
}

/// The members that a collection has in the database, whatever it has in memory.
pub(crate) async fn stored_members(
    store: &mut Store,
    transaction: &mut Transaction,
    relationship: &'static Relationship,
    owner: EntityId,
) -> Result<Vec<EntityRef>> {
    let mapper = store.mapper(owner);
    let mut wanted = Wanted::default();
    wanted.add_owner(store, owner, &relationship.local);
    let mut loader = Loader::in_flush(store, transaction);
    let capabilities = loader.transaction.engine().capabilities();
    let mut members = Vec::new();
    for list in wanted.lists(&capabilities, mapper, &relationship.local) {
        let mut children = Children::of(mapper, &plain(relationship), &Restriction::Keys(list));
        let mut each = |_: &_, _: &[_], entities: &[Option<EntityRef>]| {
            members.extend(entities.iter().flatten());
            Ok(())
        };
        loader.fetch_children(&mut children, &mut each).await?;
    }
    Ok(distinct(members))
}

/// The row that a foreign key names in the database, whatever it names in memory.
pub(crate) async fn stored_target(
    store: &mut Store,
    transaction: &mut Transaction,
    relationship: &'static Relationship,
    owner: EntityId,
) -> Result<Option<EntityRef>> {
    let target = relationship.target();
    let set = store.of(owner);
    let values: KeyValues<'static> =
        relationship.local.iter().map(|&column| set.committed(owner.at.slot, column).into_owned()).collect();
    let Some(key) = IdentityKey::new(&values).filter(|_| *relationship.remote == *target.key()) else {
        return Ok(None);
    };
    if store.find(target, &key).is_none() {
        Loader::in_flush(store, transaction).rows_by_key(target, &Plan::default(), vec![values]).await?;
    }
    Ok(store.find(target, &key))
}

fn plain(relationship: &'static Relationship) -> Step {
    Step { relationship, how: How::Selectin, subset: None, then: Plan::default() }
}
