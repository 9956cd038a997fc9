//! Bringing memory up to date with the database.

use super::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::Lifecycle;
use crate::loading;
use crate::model::{Entity, EntityId, Model};

impl Session {
    /// Reads the entity's row anew and discards what was changed in it; its loaded relationships
    /// are no longer loaded. One SELECT.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) if the row is gone, [`InvalidState`](ErrorKind::InvalidState)
    /// if the entity is not a row yet.
    pub async fn refresh<M: Model>(&mut self, entity: Entity<M>) -> Result<()> {
        let id = self.id(entity)?;
        self.store.settle();
        self.expect_persistent(id, "refresh")?;
        let ids = self.store.refresh_cascade(id);
        self.store.expire(&ids);
        for id in ids {
            loading::reload(&mut self.store, &mut self.transaction, &[id]).await?;
            self.expect_row(id)?;
        }
        Ok(())
    }

    /// Forgets what is known of the entity and discards what was changed in it: the next query that
    /// meets it reads it anew. Until then its fields show the last known values. Sends nothing.
    ///
    /// # Errors
    /// [`InvalidState`](ErrorKind::InvalidState) if the entity is not a row yet.
    pub fn expire<M: Model>(&mut self, entity: Entity<M>) -> Result<()> {
        let id = self.id(entity)?;
        self.store.settle();
        self.expect_persistent(id, "expire")?;
        let ids = self.store.refresh_cascade(id);
        self.store.expire(&ids);
        Ok(())
    }

    /// Expires every entity that is a row.
    pub fn expire_all(&mut self) {
        self.store.settle();
        self.store.expire_everything();
    }

    /// The struct, read anew if it is expired: one SELECT for all expired entities that came with
    /// it in one result, nothing if it is not expired.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) if the row is gone.
    pub async fn fresh<M: Model>(&mut self, entity: Entity<M>) -> Result<&M> {
        let id = self.id(entity)?;
        if self.store.instance(id).flags.expired {
            self.autoflush(Some(&[M::mapper().table()])).await?;
            let ids = self.store.expired_cohort(id);
            loading::reload(&mut self.store, &mut self.transaction, &ids).await?;
            self.expect_row(id)?;
        }
        self.try_get(entity)
    }

    fn expect_persistent(&self, id: EntityId, what: &str) -> Result<()> {
        if self.store.lifecycle(id) == Lifecycle::Persistent {
            return Ok(());
        }
        let message = format!("{what} of {}, which is not a row of the database", self.store.describe(id));
        Err(Error::new(ErrorKind::InvalidState, message).with_model(self.store.mapper(id).name()))
    }

    /// A reloaded entity whose row was not found stays expired.
    fn expect_row(&self, id: EntityId) -> Result<()> {
        if !self.store.instance(id).flags.expired {
            return Ok(());
        }
        let entity = self.store.describe(id);
        Err(Error::new(ErrorKind::NotFound, format!("the row of {entity} is gone"))
            .with_model(self.store.mapper(id).name())
            .with_entity(entity))
    }
}
