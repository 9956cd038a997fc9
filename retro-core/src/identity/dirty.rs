//! What a flush has to look at, and which tables that touches.

use super::set::Changed;
use super::store::link_bit;
use super::{EntitySet, Store};
use crate::mapping::{Direction, Mapper, MapperId, Relationship};
use crate::model::{Cascade, EntityId};

impl Store {
    /// A new entity is to become a row.
    pub(crate) fn note_pending(&mut self, id: EntityId) {
        self.pending.push(id);
        self.of_mut(id).changed.rows = true;
    }

    /// Columns of an entity may differ from the database's.
    pub(super) fn note_touched(&mut self, id: EntityId) {
        self.touched.push(id);
        self.of_mut(id).changed.rows = true;
    }

    /// An entity is to be deleted.
    pub(crate) fn note_marked(&mut self, id: EntityId) {
        self.marked.push(id);
        self.of_mut(id).changed.marked = true;
    }

    /// A member lost a parent that deletes its orphans.
    pub(super) fn note_orphan_of(&mut self, child: EntityId, owner: MapperId, relationship: u16) {
        self.orphans.push((child, owner, relationship));
        self.of_mut(child).changed.rows = true;
    }

    /// A relationship of an entity changed.
    pub(super) fn note_relinked(&mut self, id: EntityId, relationship: u16) {
        self.relinked.push((id, relationship));
        self.of_mut(id).changed.links |= link_bit(relationship);
    }

    /// A collection or target was replaced without being loaded.
    pub(super) fn note_overwritten(&mut self, id: EntityId, relationship: u16) {
        self.overwritten.push((id, relationship));
        self.of_mut(id).changed.links |= link_bit(relationship);
    }

    /// The lists are empty.
    pub(super) fn forget_changed(&mut self) {
        self.sets_mut().for_each(|set| set.changed = Changed::default());
    }

    /// Whether a flush would write to any of the tables. Costs the same however much is pending, unless
    /// some of it may be for these tables.
    pub(crate) fn changes_touch(&self, tables: &[&str]) -> bool {
        let may = |test: &dyn Fn(&EntitySet) -> bool| self.sets().any(test);
        let reads = |set: &EntitySet| tables.contains(&set.mapper.table());
        may(&|set| set.changed.rows && reads(set)) && self.rows_touch(tables)
            || may(&|set| set.changed.marked && self.delete_touches(set.mapper.id, tables, &mut Vec::new()))
                && self.deletes_touch(tables)
            || may(&|set| {
                let changed = |r: &&Relationship| set.changed.links & link_bit(r.index) != 0;
                set.mapper.relationships.iter().filter(changed).any(|r| Self::link_touches(set.mapper, r, tables))
            }) && self.links_touch(tables)
    }

    fn rows_touch(&self, tables: &[&str]) -> bool {
        let reads = |id: EntityId| self.is_alive(id) && tables.contains(&self.mapper(id).table());
        self.pending.iter().chain(&self.touched).any(|&id| reads(id)) || self.orphans.iter().any(|o| reads(o.0))
    }

    fn deletes_touch(&self, tables: &[&str]) -> bool {
        self.marked.iter().any(|&id| self.is_alive(id) && self.delete_touches(id.mapper, tables, &mut Vec::new()))
    }

    fn links_touch(&self, tables: &[&str]) -> bool {
        let touches = |&(id, index): &(EntityId, u16)| {
            let mapper = self.mapper(id);
            self.is_alive(id) && Self::link_touches(mapper, mapper.relationship(index), tables)
        };
        self.relinked.iter().chain(&self.overwritten).any(touches)
    }

    /// Whether a changed relationship is written to one of the tables.
    fn link_touches(mapper: &Mapper, relationship: &Relationship, tables: &[&str]) -> bool {
        match relationship.direction {
            Direction::ManyToOne => tables.contains(&mapper.table()),
            Direction::OneToMany => tables.contains(&relationship.target().table()),
            Direction::ManyToMany => relationship.secondary.as_ref().is_some_and(|s| tables.contains(&s.table)),
        }
    }

    /// Whether deleting a row of a model may write to a table: its own, its children's, its
    /// associations'.
    fn delete_touches(&self, mapper: MapperId, tables: &[&str], seen: &mut Vec<MapperId>) -> bool {
        let Some(set) = self.set(mapper).filter(|_| !seen.contains(&mapper)) else { return false };
        seen.push(mapper);
        tables.contains(&set.mapper.table())
            || set.mapper.relationships.iter().any(|relationship| match relationship.direction {
                Direction::ManyToMany => relationship.secondary.as_ref().is_some_and(|s| tables.contains(&s.table)),
                Direction::OneToMany => {
                    tables.contains(&relationship.target().table())
                        || relationship.cascades(Cascade::DELETE)
                            && self.delete_touches(relationship.target().id, tables, seen)
                }
                Direction::ManyToOne => false,
            })
    }
}
