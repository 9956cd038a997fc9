//! Taking structs in and giving them back.

use super::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::Lifecycle;
use crate::model::{Cascade, Entity, EntityId, Model};

impl Session {
    /// Moves a new struct into the session and gives its handle. New structs in its relationship
    /// fields move in with it. The next flush inserts them. Sends nothing.
    pub fn add<M: Model>(&mut self, model: M) -> Entity<M> {
        self.store.settle();
        let id = self.store.place(model);
        self.store.settle();
        Entity::new(self.store.session(), id.at)
    }

    /// Moves new structs into the session and gives their handles, in the same order.
    pub fn add_all<M: Model>(&mut self, models: impl IntoIterator<Item = M>) -> Vec<Entity<M>> {
        models.into_iter().map(|model| self.add(model)).collect()
    }

    /// Makes an entity part of the unit of work again: one that was added by a transaction that was
    /// rolled back, or a new one that lost its parent, becomes pending; one that is marked for
    /// deletion is no longer. Anything else stays as it is.
    ///
    /// # Errors
    /// [`InvalidState`](ErrorKind::InvalidState) if its row was deleted by a flush of the open
    /// transaction; [`Detached`](ErrorKind::Detached) if the handle is stale.
    pub fn add_again<M: Model>(&mut self, entity: Entity<M>) -> Result<()> {
        let id = self.id(entity)?;
        match self.store.lifecycle(id) {
            Lifecycle::Pending => {}
            Lifecycle::Persistent => self.store.instance_mut(id).flags.marked = false,
            Lifecycle::Detached => {
                self.store.revive(id);
                self.store.settle();
            }
            Lifecycle::Deleted => {
                let message = format!(
                    "{} was deleted in this transaction; take it and add it as a new one",
                    self.store.describe(id)
                );
                return Err(Error::new(ErrorKind::InvalidState, message).with_model(M::mapper().name()));
            }
        }
        Ok(())
    }

    /// Marks an entity for deletion: the next flush deletes its row, with what its relationships
    /// cascade to: children that the session has not loaded, too, and new ones, which never become rows.
    /// A new entity that was never written just leaves the unit of work. Sends nothing.
    ///
    /// # Panics
    /// If the handle is stale, as indexing does.
    #[track_caller]
    pub fn delete<M: Model>(&mut self, entity: Entity<M>) {
        let id = self.expect_id(entity);
        self.store.settle();
        match self.store.lifecycle(id) {
            Lifecycle::Pending => self.store.detach_pending(id),
            Lifecycle::Persistent => {
                let flags = &mut self.store.instance_mut(id).flags;
                if !flags.marked {
                    flags.marked = true;
                    self.store.note_marked(id);
                }
            }
            Lifecycle::Deleted | Lifecycle::Detached => {}
        }
    }

    /// Takes an entity out of the session and gives back its struct, together with nothing else:
    /// its relationship fields are empty. Its changes are not written; its row stays.
    ///
    /// # Errors
    /// [`Detached`](ErrorKind::Detached) if the handle is stale.
    pub fn take<M: Model>(&mut self, entity: Entity<M>) -> Result<M> {
        let id = self.id(entity)?;
        self.store.settle();
        self.store
            .take(id)
            .ok_or_else(|| Error::new(ErrorKind::Detached, "the entity has no struct").with_model(M::mapper().name()))
    }

    /// Takes an entity out of the session and gives back its struct, as [`take`](Session::take)
    /// does; entities that its relationships cascade "expunge" to leave the session too.
    ///
    /// # Errors
    /// [`Detached`](ErrorKind::Detached) if the handle is stale.
    pub fn expunge<M: Model>(&mut self, entity: Entity<M>) -> Result<M> {
        let id = self.id(entity)?;
        self.store.settle();
        let cascade: Vec<EntityId> = self.store.cascade(id, Cascade::EXPUNGE);
        let model = self.take(entity)?;
        for other in cascade {
            self.store.forget(other);
        }
        Ok(model)
    }

    /// Lets go of every entity of a model: changes that were not written are lost, rows stay. For
    /// imports in portions: memory stays flat, and handles of other models stay good.
    pub fn expunge_every<M: Model>(&mut self) {
        self.store.settle();
        self.store.forget_every(M::mapper().id);
    }

    /// Lets go of everything: all handles are stale from now on. Changes that were not written are
    /// lost; the transaction, if one is open, stays open.
    pub fn expunge_all(&mut self) {
        self.store.settle();
        self.store.forget_everything();
    }
}
