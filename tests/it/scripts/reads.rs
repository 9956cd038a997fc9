//! The operations that read: what a session shows of rows and of what they are related to.

use retro_core::prelude::*;
use serde_json::{Value, json};

use super::interpreter::{Failure, Interpreter, Manner, Outcome};
use super::models::{Handle, Scripted, collection, entity, reference};
use super::{links, queries};

impl Interpreter<'_> {
    pub(super) async fn read(&mut self, label: &str, attr: &str) -> Outcome {
        let handle = match self.held(label) {
            Ok(handle) => handle,
            Err(outside) if outside.expired => return Err(Failure::new("detached", "it is expired")),
            Err(outside) => return Ok(outside.owned.column(attr)),
        };
        self.fresh(handle).await?;
        Ok(entity!(handle, |e| self.session[e].column(attr)))
    }

    pub(super) async fn read_ref(&mut self, label: &str, attr: &str) -> Outcome {
        let keys = self.related_keys(label, attr).await?;
        Ok(json!(keys.first()))
    }

    pub(super) async fn read_coll(&mut self, label: &str, attr: &str) -> Outcome {
        let mut keys = self.related_keys(label, attr).await?;
        keys.sort();
        Ok(json!(keys))
    }

    async fn related_keys(&mut self, label: &str, attr: &str) -> Outcome<Vec<String>> {
        let handle = match self.held(label) {
            Ok(handle) => handle,
            Err(outside) if outside.row => return Err(Failure::new("detached", "it has left the session")),
            Err(_) => return Ok(self.objects.keys_outside(self.objects.index(label), attr)),
        };
        let mut keys = Vec::new();
        for target in self.related(handle, attr).await? {
            keys.push(self.natural_key(target).await?);
        }
        Ok(keys)
    }

    /// What a relationship leads to before it is changed.
    pub(super) async fn loaded_before(&mut self, handle: Handle, attr: &str) -> Outcome<Vec<Handle>> {
        match self.manner {
            // A required reference is set to none by way of its parent, which has to be known.
            Manner::Bare if links::is_optional(handle, attr) => Ok(Vec::new()),
            _ => self.related(handle, attr).await,
        }
    }

    /// What a relationship leads to, loaded if need be.
    pub(super) async fn related(&mut self, handle: Handle, attr: &str) -> Outcome<Vec<Handle>> {
        self.fresh(handle).await?;
        if links::is_loaded(&self.session, handle, attr) {
            return Ok(links::targets(&self.session, handle, attr)?);
        }
        self.autoflush().await?;
        let session = &mut self.session;
        let loaded = match reference!(handle, attr, |e, rel| session.load_only(e, rel).await.map(drop)) {
            Some(loaded) => loaded,
            None => match collection!(handle, attr, |e, rel| session.load_only(e, rel).await.map(drop)) {
                Some(loaded) => loaded,
                None => panic!("no relationship {attr} of {handle:?}"),
            },
        };
        match loaded {
            // A new row without its required parent: SQLAlchemy shows none.
            Err(error) if error.is_not_loaded() && self.state_of(handle) != State::Persistent => Ok(Vec::new()),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(links::targets(&self.session, handle, attr)?),
        }
    }

    pub(super) async fn natural_key(&mut self, handle: Handle) -> Outcome<String> {
        self.fresh(handle).await?;
        let Handle::OrderItem(_) = handle else { return Ok(self.own_key(handle)) };
        let mut parts = Vec::new();
        for attr in ["order", "product"] {
            for target in self.related(handle, attr).await? {
                self.fresh(target).await?;
                parts.push(self.own_key(target));
            }
        }
        Ok(parts.join("/"))
    }

    fn own_key(&self, handle: Handle) -> String {
        entity!(handle, |e| self.session[e].clone().owned()).natural_key()
    }

    pub(super) async fn query(&mut self, class: &str, conditions: &Value) -> Outcome {
        self.autoflush().await?;
        let mut keys = Vec::new();
        for handle in queries::all(&mut self.session, class, conditions).await? {
            keys.push(self.natural_key(handle).await?);
        }
        keys.sort();
        Ok(json!(keys))
    }

    pub(super) async fn count(&mut self, class: &str, conditions: &Value) -> Outcome {
        self.autoflush().await?;
        Ok(json!(queries::count(&mut self.session, class, conditions).await?))
    }
}
