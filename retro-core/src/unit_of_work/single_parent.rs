//! The check of `single_parent`: a target that goes when its parent lets it go cannot have two.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::cascade::Deletion;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::{Known, Lifecycle, LinkState, Store};
use crate::mapping::{Direction, Relationship};
use crate::model::{EntityId, EntityRef};

/// The owners of each target; more than two are not needed to tell that there are two.
type Owners = FxHashMap<EntityRef, SmallVec<[EntityId; 2]>>;

/// Finds a target that a changed link gave a second parent, as far as memory tells. Pure.
pub(super) fn check(store: &Store, deletion: &Deletion) -> Result<()> {
    let mut checked = FxHashSet::default();
    for &(id, index) in &store.relinked {
        if !store.is_alive(id) {
            continue;
        }
        let relationship = store.mapper(id).relationship(index);
        if !relationship.def.single_parent || !checked.insert((id.mapper, index)) {
            continue;
        }
        for (target, owners) in owners(store, deletion, id, relationship) {
            if let [first, second, ..] = owners[..] {
                let target = EntityId { mapper: relationship.target().id, at: target };
                return Err(shared(store, relationship, target, [first, second]));
            }
        }
    }
    Ok(())
}

fn owners(store: &Store, deletion: &Deletion, like: EntityId, relationship: &Relationship) -> Owners {
    let mut owners = Owners::default();
    let set = store.of(like);
    for owner in set.entities().map(|at| set.id(at)) {
        let is_here = matches!(store.lifecycle(owner), Lifecycle::Pending | Lifecycle::Persistent);
        if !is_here || deletion.is_doomed.contains(&owner) {
            continue;
        }
        for &target in &targets(store, owner, relationship) {
            let list = owners.entry(target).or_default();
            if list.len() < 2 {
                list.push(owner);
            }
        }
    }
    owners
}

fn targets(store: &Store, owner: EntityId, relationship: &Relationship) -> SmallVec<[EntityRef; 1]> {
    if relationship.direction == Direction::ManyToOne {
        return match store.parent(owner, relationship) {
            Known::Is(target) => target.into_iter().collect(),
            Known::Unknown => SmallVec::new(),
        };
    }
    match store.link(owner, relationship.index) {
        LinkState::Many(collection) if collection.loaded => collection.members.as_slice().into(),
        LinkState::Many(collection) => collection.added.as_slice().into(),
        _ => SmallVec::new(),
    }
}

#[cold]
fn shared(store: &Store, relationship: &Relationship, target: EntityId, owners: [EntityId; 2]) -> Error {
    let mapper = store.mapper(owners[0]);
    let [first, second] = owners.map(|owner| store.describe(owner));
    let name = format!("{}::{}", mapper.name(), relationship.name());
    let target = store.describe(target);
    Error::new(
        ErrorKind::InvalidState,
        format!(
            "{target} is given to {first} and to {second}, but {name} is `single_parent`; give one of them another"
        ),
    )
    .with_model(mapper.name())
    .with_columns([relationship.name()])
    .with_entity(target)
}
