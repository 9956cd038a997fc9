//! From what changed in memory to the [`Work`] of a flush. Pure: it reads the store and the
//! mapping, sends nothing and changes nothing.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::cascade::Deletion;
use super::refuse;
use super::work::{AssociationChange, AssociationKind, ColumnSources, RowChange, Source, Sources, Work, future_key};
use crate::error::Result;
use crate::identity::{IdentityKey, Lifecycle, LinkState, Rows, Store};
use crate::mapping::{Direction, Mapper, MapperId, Relationship};
use crate::model::{EntityId, EntityRef, RelationshipKind};
use crate::value::Value;

/// Collects the work, given which rows go.
pub(crate) fn collect(store: &Store, deletion: &Deletion) -> Result<Work> {
    let mut collector = Collector {
        store,
        deletion,
        sources: Sources::default(),
        post: Sources::default(),
        pre_deletes: FxHashMap::default(),
        work: Work::default(),
    };
    collector.relationships()?;
    collector.bereft()?;
    collector.check_unborn()?;
    collector.deletes();
    collector.inserts()?;
    collector.updates()?;
    collector.posts();
    Ok(collector.work)
}

struct Collector<'s> {
    store: &'s Store,
    deletion: &'s Deletion,
    /// Foreign key columns that follow a parent.
    sources: Sources,
    /// The same for relationships with `post_update`.
    post: Sources,
    /// Where in `work.pre_deletes` a row's change is.
    pre_deletes: FxHashMap<EntityId, usize>,
    work: Work,
}

impl Collector<'_> {
    fn is_written(&self, id: EntityId) -> bool {
        self.store.is_alive(id)
            && matches!(self.store.lifecycle(id), Lifecycle::Pending | Lifecycle::Persistent)
            && !self.deletion.is_doomed.contains(&id)
    }

    /// Turns changed links into sources of foreign key columns and into association rows.
    fn relationships(&mut self) -> Result<()> {
        let mut seen = FxHashSet::default();
        for &(id, index) in &self.store.relinked {
            if !self.store.is_alive(id) || !seen.insert((id, index)) || !self.store.is_relinked(id, index) {
                continue;
            }
            let relationship = self.store.mapper(id).relationship(index);
            match (relationship.direction, relationship.inverse) {
                (Direction::ManyToOne, _) => self.many_to_one(id, relationship)?,
                (Direction::OneToMany, None) => self.one_to_many(id, relationship)?,
                // The other side of the relationship says it all.
                (Direction::OneToMany, Some(_)) => {}
                (Direction::ManyToMany, _) => self.many_to_many(id, relationship),
            }
        }
        Ok(())
    }

    fn many_to_one(&mut self, id: EntityId, relationship: &'static Relationship) -> Result<()> {
        let LinkState::One(target) = *self.store.link(id, relationship.index) else { return Ok(()) };
        if !self.is_written(id) {
            return Ok(());
        }
        match target {
            None => self.unlink(id, relationship, None),
            Some(at) => {
                let parent = EntityId { mapper: relationship.target().id, at };
                self.follow(id, relationship, parent, &relationship.local, &relationship.remote)
            }
        }
    }

    /// The child's foreign key follows a parent's key.
    fn follow(
        &mut self,
        child: EntityId,
        relationship: &'static Relationship,
        parent: EntityId,
        foreign_key: &[u16],
        key: &[u16],
    ) -> Result<()> {
        if !self.store.is_alive(parent)
            || !matches!(self.store.lifecycle(parent), Lifecycle::Pending | Lifecycle::Persistent)
        {
            return Err(refuse::outside(self.store, child, relationship, parent));
        }
        let sources = if relationship.def.post_update { &mut self.post } else { &mut self.sources };
        let list = sources.entry(child).or_default();
        for (&column, &of) in foreign_key.iter().zip(key) {
            put(list, column, Source::Of(parent, of));
        }
        Ok(())
    }

    /// The child's foreign key becomes `NULL`, which it must be able to. Where the key is partly
    /// shared with another foreign key, its nullable columns are enough.
    fn unlink(&mut self, child: EntityId, relationship: &'static Relationship, parent: Option<EntityId>) -> Result<()> {
        let (mapper, columns) = match relationship.direction {
            Direction::ManyToOne => (self.store.mapper(child), &relationship.local),
            _ => (relationship.target(), &relationship.remote),
        };
        let nullable: SmallVec<[u16; 2]> = nulled_columns(mapper, columns).collect();
        if nullable.is_empty() {
            return Err(refuse::needs_parent(self.store, child, relationship, columns, parent));
        }
        let sources = if relationship.def.post_update { &mut self.post } else { &mut self.sources };
        let list = sources.entry(child).or_default();
        for column in nullable {
            put(list, column, Source::Null);
        }
        Ok(())
    }

    /// A collection without another side: its own record says who joined and who left.
    fn one_to_many(&mut self, id: EntityId, relationship: &'static Relationship) -> Result<()> {
        let LinkState::Many(collection) = self.store.link(id, relationship.index) else { return Ok(()) };
        let mapper = relationship.target().id;
        let child = |&at: &EntityRef| EntityId { mapper, at };
        let removed: Vec<EntityId> = collection.removed.as_slice().iter().map(child).collect();
        let added: Vec<EntityId> = collection.added.as_slice().iter().map(child).collect();
        for child in removed {
            // A member that has joined another parent's collection since follows that parent.
            let moved =
                self.sources.get(&child).is_some_and(|list| list.iter().any(|(c, _)| relationship.remote.contains(c)));
            if !moved && self.is_written(child) && !self.deletion.is_doomed.contains(&id) {
                self.unlink(child, relationship, None)?;
            }
        }
        for child in added.into_iter().filter(|&child| self.is_written(child)).collect::<Vec<_>>() {
            self.follow(child, relationship, id, &relationship.remote, &relationship.local)?;
        }
        Ok(())
    }

    fn many_to_many(&mut self, id: EntityId, relationship: &'static Relationship) {
        if !relationship.owns_secondary(self.store.mapper(id)) {
            return;
        }
        let LinkState::Many(collection) = self.store.link(id, relationship.index) else { return };
        let mapper = relationship.target().id;
        let is_doomed = |id: &EntityId| self.deletion.is_doomed.contains(id);
        let pairs = |members: &[EntityRef], keep: &dyn Fn(EntityId) -> bool| -> Vec<(EntityId, EntityId)> {
            members.iter().map(|&at| (id, EntityId { mapper, at })).filter(|&(_, member)| keep(member)).collect()
        };
        // Rows of deleted entities are cleared as a whole; those of a member only if it has the other
        // side of the relationship, which says where they are.
        let stays = |member: EntityId| relationship.inverse.is_none() || !is_doomed(&member);
        let removed = if is_doomed(&id) { Vec::new() } else { pairs(collection.removed.as_slice(), &stays) };
        let added =
            if self.is_written(id) { pairs(collection.added.as_slice(), &|m| self.is_written(m)) } else { Vec::new() };
        self.associate(relationship, AssociationKind::Remove, removed);
        self.associate(relationship, AssociationKind::Add, added);
    }

    fn associate(
        &mut self,
        relationship: &'static Relationship,
        kind: AssociationKind,
        pairs: Vec<(EntityId, EntityId)>,
    ) {
        let Some(secondary) = relationship.secondary.as_ref().filter(|_| !pairs.is_empty()) else { return };
        let same = |change: &&mut AssociationChange| std::ptr::eq(change.secondary, secondary) && change.kind == kind;
        match self.work.associations.iter_mut().find(same) {
            Some(change) => change.pairs.extend(pairs),
            None => self.work.associations.push(AssociationChange {
                secondary,
                local: &relationship.local,
                remote: &relationship.remote,
                kind,
                pairs,
            }),
        }
    }

    /// Children of deleted parents that stay lose their foreign key.
    fn bereft(&mut self) -> Result<()> {
        for &(child, parent, relationship) in &self.deletion.bereft {
            let many_to_many = relationship.direction == Direction::ManyToMany;
            if many_to_many || !self.is_written(child) || !self.loses_parent(child, relationship) {
                continue;
            }
            self.unlink(child, relationship, Some(parent))?;
            if let Some(inverse) = relationship.inverse {
                self.work.nulled.push((child, inverse));
            }
        }
        Ok(())
    }

    /// Who names a parent that a delete takes along before it was ever written names nothing.
    fn check_unborn(&self) -> Result<()> {
        if self.deletion.unborn.is_empty() {
            return Ok(());
        }
        let linked = self.store.relinked.iter().filter(|&&(id, _)| self.store.is_alive(id) && self.is_written(id));
        for &(id, index) in linked {
            let relationship = self.store.mapper(id).relationship(index);
            let sources = [&self.sources, &self.post].into_iter().filter_map(|sources| sources.get(&id)).flatten();
            let parents = sources.filter(|(column, _)| relationship.local.contains(column));
            for parent in parents.filter_map(|(_, source)| source.parent()) {
                if self.store.lifecycle(parent) == Lifecycle::Pending && self.deletion.is_doomed.contains(&parent) {
                    return Err(refuse::outside(self.store, id, relationship, parent));
                }
            }
        }
        Ok(())
    }

    /// Whether a child of a deleted parent has not joined another one that stays. That it was given a
    /// parent that goes in this very flush means nothing any more.
    fn loses_parent(&mut self, child: EntityId, relationship: &'static Relationship) -> bool {
        let sources = if relationship.def.post_update { &mut self.post } else { &mut self.sources };
        let Some(list) = sources.get_mut(&child) else { return true };
        let columns: SmallVec<[u16; 2]> = nulled_columns(relationship.target(), &relationship.remote).collect();
        let stays =
            |source: &Source| matches!(source, Source::Of(other, _) if !self.deletion.is_doomed.contains(other));
        if list.iter().any(|(column, source)| columns.contains(column) && stays(source)) {
            return false;
        }
        list.retain(|(column, _)| !columns.contains(column));
        true
    }

    fn deletes(&mut self) {
        self.work.deletes = self.deletion.doomed.clone();
        for doomed in &self.deletion.doomed {
            let mapper = self.store.mapper(doomed.id);
            for relationship in &mapper.relationships {
                let passive = relationship.def.passive_deletes != crate::model::PassiveDeletes::No;
                if relationship.def.kind == RelationshipKind::ManyToMany && !passive {
                    self.associate(relationship, AssociationKind::Clear, vec![(doomed.id, doomed.id)]);
                }
                if relationship.def.post_update && relationship.direction == Direction::ManyToOne {
                    self.null_before_delete(doomed.id, relationship);
                }
            }
        }
    }

    fn null_before_delete(&mut self, id: EntityId, relationship: &'static Relationship) {
        let set = self.store.of(id);
        let is_null = relationship.local.iter().all(|&c| set.committed(id.at.slot, c).is_null());
        if is_null || !relationship.nullable {
            return;
        }
        let sources: ColumnSources = relationship.local.iter().map(|&c| (c, Source::Null)).collect();
        let places = &mut self.pre_deletes;
        let place = *places.entry(id).or_insert(self.work.pre_deletes.len());
        match self.work.pre_deletes.get_mut(place) {
            Some(change) => {
                change.columns.extend(sources.iter().map(|(c, _)| *c));
                change.sources.extend(sources);
            }
            None => self.work.pre_deletes.push(RowChange {
                id,
                columns: relationship.local.to_vec(),
                sources,
                replaces: None,
            }),
        }
    }

    fn inserts(&mut self) -> Result<()> {
        let switched = self.row_switches();
        for id in self.born() {
            let sources = self.sources.remove(&id).unwrap_or_default();
            let replaces = switched.get(&id).copied();
            let set = self.store.of(id);
            let mut columns = match replaces {
                Some(old) => self.switched_columns(id, old, &sources),
                None => inserted_columns(set.mapper, &*set.rows, id.at.slot, &sources),
            };
            if let Some(post) = self.post.get(&id) {
                // Written by an UPDATE of its own, when the rows on both sides are there.
                columns.retain(|column| !post.iter().any(|(c, _)| c == column));
            }
            let row = RowChange { id, columns, sources, replaces };
            match replaces {
                Some(_) => self.update(row),
                None => self.work.inserts.push(row),
            }
        }
        if !switched.is_empty() {
            // Their rows stay, and what is written to them is the new entities' affair.
            let old: FxHashSet<EntityId> = switched.into_values().collect();
            self.work.deletes.retain(|doomed| !old.contains(&doomed.id));
            self.work.pre_deletes.retain(|change| !old.contains(&change.id));
        }
        Ok(())
    }

    /// The new entities that become rows, in the order of `add`.
    fn born(&self) -> Vec<EntityId> {
        let is_born = |id: &EntityId| {
            self.store.is_alive(*id)
                && self.store.lifecycle(*id) == Lifecycle::Pending
                && !self.deletion.is_doomed.contains(id)
        };
        self.store.pending.iter().copied().filter(is_born).collect()
    }

    /// New entities that take the key of an entity that is deleted in the same flush.
    fn row_switches(&self) -> FxHashMap<EntityId, EntityId> {
        let mut switched = FxHashMap::default();
        if self.deletion.doomed.is_empty() {
            return switched;
        }
        for id in self.born() {
            if let Some(old) = self.pending_key(id).and_then(|key| self.store.find(self.store.mapper(id), &key)) {
                let old = EntityId { mapper: id.mapper, at: old };
                if self.deletion.is_doomed.contains(&old) {
                    switched.insert(id, old);
                }
            }
        }
        switched
    }

    /// The key that a new entity will have, where it is known before the flush.
    fn pending_key(&self, id: EntityId) -> Option<IdentityKey> {
        let sources = self.sources.get(&id).map_or(&[][..], |sources| sources.as_slice());
        future_key(self.store, id, sources, self.store.mapper(id).key())
    }

    fn switched_columns(&self, new: EntityId, old: EntityId, sources: &[(u16, Source)]) -> Vec<u16> {
        let set = self.store.of(new);
        let mapper = set.mapper;
        let is_changed = |&column: &u16| {
            if mapper.key().contains(&column) || mapper.def.version == Some(column) {
                return false;
            }
            sources.iter().any(|(c, _)| *c == column)
                || set.rows.value(new.at.slot, column) != set.committed(old.at.slot, column)
        };
        mapper.all_columns.iter().copied().filter(is_changed).collect()
    }

    fn updates(&mut self) -> Result<()> {
        let mut rows: Vec<EntityId> = self.store.touched.clone();
        rows.extend(self.store.relinked.iter().map(|&(id, _)| id));
        let mut others: Vec<EntityId> = self.sources.keys().copied().collect();
        others.sort_unstable();
        rows.extend(others);
        let mut seen = FxHashSet::default();
        for id in rows {
            if !seen.insert(id) || !self.is_written(id) || self.store.lifecycle(id) != Lifecycle::Persistent {
                continue;
            }
            let sources = self.sources.remove(&id).unwrap_or_default();
            let columns = self.changed_columns(id, &sources);
            if !columns.is_empty() {
                if self.store.of(id).committed_key(id.at.slot).is_none() {
                    return Err(refuse::key_with_null(self.store, id));
                }
                self.update(RowChange { id, columns, sources, replaces: None });
            }
        }
        Ok(())
    }

    /// An UPDATE also sets the columns that have an on-update value and were not set by hand.
    fn update(&mut self, mut change: RowChange) {
        let mapper = self.store.mapper(change.id);
        for &column in &mapper.all_columns {
            let applies = mapper.column(column).on_update.is_some() && !change.columns.contains(&column);
            if applies && !change.columns.is_empty() {
                change.columns.push(column);
                change.sources.push((column, Source::OnUpdate));
            }
        }
        change.columns.sort_unstable();
        self.work.updates.push(change);
    }

    fn changed_columns(&self, id: EntityId, sources: &[(u16, Source)]) -> Vec<u16> {
        let set = self.store.of(id);
        let slot = id.at.slot;
        let post: SmallVec<[u16; 4]> = self.post.get(&id).into_iter().flatten().map(|(column, _)| *column).collect();
        let is_changed = |&column: &u16| {
            let committed = set.committed(slot, column);
            match sources.iter().find(|(c, _)| *c == column) {
                Some((_, Source::Null)) => !committed.is_null(),
                Some((_, Source::OnUpdate)) => true,
                Some((_, Source::Of(parent, of))) => {
                    self.store.lifecycle(*parent) == Lifecycle::Pending || self.store.value(*parent, *of) != committed
                }
                None => !post.contains(&column) && committed != set.rows.value(slot, column),
            }
        };
        // The version is not a user's to write: the UPDATE counts it up from the committed one.
        set.mapper
            .all_columns
            .iter()
            .copied()
            .filter(|c| set.mapper.def.version != Some(*c))
            .filter(is_changed)
            .collect()
    }

    fn posts(&mut self) {
        let mut posts: Vec<(EntityId, ColumnSources)> = self.post.drain().collect();
        posts.sort_unstable_by_key(|(id, _)| *id);
        for (id, sources) in posts {
            if self.is_written(id) {
                let columns = sources.iter().map(|(column, _)| *column).collect();
                self.work.post_updates.push(RowChange { id, columns, sources, replaces: None });
            }
        }
    }
}

/// The columns of a foreign key that become `NULL` when the row loses its parent.
fn nulled_columns<'c>(mapper: &'static Mapper, columns: &'c [u16]) -> impl Iterator<Item = u16> + 'c {
    columns.iter().copied().filter(|&column| mapper.column(column).nullable && !mapper.key().contains(&column))
}

fn put(list: &mut ColumnSources, column: u16, source: Source) {
    match list.iter_mut().find(|(c, _)| *c == column) {
        // A parent wins over none: the row lost one parent and joined another.
        Some((_, old)) if source == Source::Null && *old != Source::Null => {}
        Some((_, old)) => *old = source,
        None => list.push((column, source)),
    }
}

/// The columns of an INSERT: all but a key that the database generates and what has a server
/// default and was not set.
pub(crate) fn inserted_columns(mapper: &Mapper, rows: &dyn Rows, slot: u32, sources: &[(u16, Source)]) -> Vec<u16> {
    let is_sent = |&column: &u16| {
        if sources.iter().any(|(c, _)| *c == column) {
            return true;
        }
        let definition = mapper.column(column);
        if definition.generated {
            return rows.value(slot, column) != Value::Int(0);
        }
        let is_unset = definition.is_unset.filter(|_| definition.server_default.is_some());
        !is_unset.is_some_and(|is_unset| is_unset(&rows.value(slot, column)))
    };
    let mut columns = Vec::with_capacity(mapper.all_columns.len());
    columns.extend(mapper.all_columns.iter().copied().filter(is_sent));
    columns
}

/// The mappers that a list of rows is of, each once, in the order of first appearance.
pub(crate) fn mappers(rows: impl Iterator<Item = EntityId>) -> Vec<MapperId> {
    let mut seen = FxHashSet::default();
    rows.map(|id| id.mapper).filter(|mapper| seen.insert(*mapper)).collect()
}
