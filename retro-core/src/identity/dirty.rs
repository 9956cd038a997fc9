//! Which tables the pending changes touch.

use super::Store;
use crate::mapping::{Direction, MapperId};
use crate::model::{Cascade, EntityId};

impl Store {
    /// Whether a flush would write to any of the tables.
    pub(crate) fn changes_touch(&self, tables: &[&str]) -> bool {
        let reads = |id: EntityId| self.is_alive(id) && tables.contains(&self.mapper(id).table());
        if self.pending.iter().chain(&self.touched).any(|&id| reads(id)) || self.orphans.iter().any(|o| reads(o.0)) {
            return true;
        }
        if self.marked.iter().any(|&id| self.is_alive(id) && self.delete_touches(id.mapper, tables, &mut Vec::new())) {
            return true;
        }
        let linked = |&(id, index): &(EntityId, u16)| self.is_alive(id) && self.link_touches(id, index, tables);
        self.relinked.iter().chain(&self.overwritten).any(linked)
    }

    /// The table that a changed relationship is written to.
    fn link_touches(&self, id: EntityId, index: u16, tables: &[&str]) -> bool {
        let relationship = self.mapper(id).relationship(index);
        match relationship.direction {
            Direction::ManyToOne => tables.contains(&self.mapper(id).table()),
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
