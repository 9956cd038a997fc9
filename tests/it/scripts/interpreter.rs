//! Runs the steps of a script with a session, the way SQLAlchemy's session would.
//!
//! What SQLAlchemy does by itself is said explicitly here: an expired object is read anew before it
//! is read, a relationship is loaded before it is read or changed, everything pending is flushed
//! before the database is asked.

use std::collections::HashMap;

use retro_core::prelude::*;
use retro_core::{ErrorKind, private};
use serde_json::{Value, json};

use super::links;
use super::models::{Handle, Key, Owned, Scripted, collection, entity, model, owned, reference};
use super::objects::{Object, Objects, Outside};
use super::queries;

/// Why an operation failed: the class of the README's table, and the whole story.
#[derive(Debug)]
pub struct Failure {
    pub class: &'static str,
    pub message: String,
}

impl Failure {
    pub fn new(class: &'static str, message: impl Into<String>) -> Failure {
        Failure { class, message: message.into() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let class = match error.kind() {
            _ if error.is_integrity() => "integrity",
            ErrorKind::StaleData => "stale",
            ErrorKind::RolledBack => "pending_rollback",
            ErrorKind::NotFound => "not_found",
            ErrorKind::CircularDependency => "circular",
            ErrorKind::Detached => "detached",
            _ => "other",
        };
        Failure { class, message: format!("{error:?}") }
    }
}

pub type Outcome<T = Value> = Result<T, Failure>;

/// How much of what SQLAlchemy's session does by itself is done for retro's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// All of it: everything is flushed before the database is asked, everything expires at a commit
    /// and at a rollback, a relationship is loaded before it is changed.
    Imitated,
    /// Only pending changes of the tables that are read are flushed, and a rollback restores memory.
    Own,
    /// As `Own`. Also nothing expires at a commit, and relationships are changed without being
    /// loaded. What is in memory is compared with the tables whenever nothing is pending.
    Bare,
}

pub struct Interpreter<'e> {
    engine: &'e Engine,
    pub(super) session: Session,
    pub(super) objects: Objects,
    manner: Manner,
    /// The keys that labels had when they were last rows.
    keys: HashMap<String, Key>,
}

impl<'e> Interpreter<'e> {
    pub fn new(engine: &'e Engine, manner: Manner) -> Self {
        Interpreter {
            engine,
            session: session(engine, manner),
            objects: Objects::default(),
            manner,
            keys: HashMap::new(),
        }
    }

    /// Runs one step.
    pub async fn step(&mut self, op: &Value) -> Outcome {
        let outcome = self.run(op).await;
        for (label, handle) in self.objects.held_labels() {
            if self.state_of(handle) == State::Persistent {
                self.keys.insert(label, entity!(handle, |e| self.session[e].key()));
            }
        }
        outcome
    }

    /// What comes of a step when everything is flushed before it, as SQLAlchemy does before it asks
    /// the database and retro does only where the tables have changes: the error of that flush, or
    /// the step again where doing it twice does no harm.
    pub async fn catch_up(&mut self, op: &Value, outcome: Outcome) -> Outcome {
        if outcome.as_ref().is_err_and(|failure| failure.class != "not_persistent") {
            return outcome;
        }
        self.session.flush().await?;
        let repeatable =
            ["state", "read", "read_ref", "read_coll", "query", "count", "find", "get", "raw_update", "delete"];
        match repeatable.contains(&op["op"].as_str().unwrap_or_default()) {
            true => self.step(op).await,
            false => outcome,
        }
    }

    async fn run(&mut self, op: &Value) -> Outcome {
        let text = |field: &str| op[field].as_str().unwrap_or_default();
        let (label, attr) = (text("label"), text("attr"));
        match text("op") {
            "new" => {
                self.make(op);
            }
            "add" => self.add(op).await?,
            "set" => self.set(label, attr, &op["value"]),
            "set_ref" => self.set_ref(label, attr, op["target"].as_str()).await?,
            "append" => self.append(label, attr, text("target")).await?,
            "remove" => self.remove(label, attr, text("target")).await?,
            "delete" => self.delete(label).await?,
            "flush" => drop(self.session.flush().await?),
            "commit" => self.commit().await?,
            "rollback" => self.rollback().await?,
            "begin_nested" => self.session.begin_nested().await?,
            "commit_nested" => self.session.commit_nested().await?,
            "rollback_nested" => self.session.rollback_nested().await?,
            "expunge" => self.expunge(label)?,
            "refresh" => self.refresh(label).await?,
            "expire" => self.expire(label)?,
            "get" => return self.get(op).await,
            "find" => return self.find(text("class"), text("key"), text("as")).await,
            "read" => return self.read(label, attr).await,
            "read_ref" => return self.read_ref(label, attr).await,
            "read_coll" => return self.read_coll(label, attr).await,
            "query" => return self.query(text("class"), &op["where"]).await,
            "count" => return self.count(text("class"), &op["where"]).await,
            "state" => return Ok(json!(self.state(label))),
            "same" => return Ok(json!(self.objects.index(text("a")) == self.objects.index(text("b")))),
            "raw_update" => return self.raw(&queries::raw_update(op)).await,
            "raw_delete" => return self.raw(&queries::raw_delete(op)).await,
            "new_session" => {
                self.session = session(self.engine, self.manner);
                self.objects = Objects::default();
            }
            other => panic!("no operation {other}"),
        }
        Ok(Value::Null)
    }

    pub(super) fn state_of(&self, handle: Handle) -> State {
        entity!(handle, |e| self.session.state(e))
    }

    /// The handle of a label in the session, or the struct outside it.
    pub(super) fn held(&self, label: &str) -> Result<Handle, &Outside> {
        match self.objects.get(self.objects.index(label)) {
            Object::Held(handle) => Ok(*handle),
            Object::Outside(outside) => Err(outside),
        }
    }

    /// Before the database is asked.
    pub(super) async fn autoflush(&mut self) -> Outcome<()> {
        if self.manner == Manner::Imitated {
            self.session.flush().await?;
        }
        Ok(())
    }

    /// Before an entity is read.
    pub(super) async fn fresh(&mut self, handle: Handle) -> Outcome<()> {
        let expired = entity!(handle, |e| self.session.is_expired(e));
        if expired && self.state_of(handle) == State::Persistent {
            self.autoflush().await?;
            entity!(handle, |e| self.session.fresh(e).await.map(drop))?;
        }
        Ok(())
    }

    fn make(&mut self, op: &Value) -> usize {
        let mut owned = Owned::new(op["class"].as_str().unwrap_or_default());
        for (attr, value) in op["set"].as_object().into_iter().flatten() {
            owned.set_column(attr, value);
        }
        let mut outside = Outside::transient(owned);
        for (attr, target) in op["refs"].as_object().into_iter().flatten() {
            outside.refs.push((attr.clone(), self.objects.index(target.as_str().unwrap_or_default())));
        }
        self.objects.bind(op["label"].as_str().unwrap_or_default(), Object::Outside(outside))
    }

    async fn add(&mut self, op: &Value) -> Outcome<()> {
        let index = match op.get("class") {
            Some(_) => self.make(op),
            None => self.objects.index(op["label"].as_str().unwrap_or_default()),
        };
        match self.objects.get(index).clone() {
            Object::Outside(outside) if outside.row => self.attach(index, outside).await,
            Object::Held(handle) if self.state_of(handle) == State::Deleted => {
                let refused = entity!(handle, |e| self.session.add_again(e));
                assert_eq!(refused.unwrap_err().kind(), ErrorKind::InvalidState);
                Err(Failure::new("deleted", "its row was deleted by a flush"))
            }
            Object::Held(handle) => Ok(entity!(handle, |e| self.session.add_again(e))?),
            Object::Outside(_) => self.enter(index).map(drop),
        }
    }

    /// Takes an expunged row in again.
    async fn attach(&mut self, index: usize, outside: Outside) -> Outcome<()> {
        let handle = owned!(outside.owned, |model| {
            let key = model.key();
            if self.known(&model, key).is_some() {
                return Err(Failure::new("already_present", "another object stands for the row"));
            }
            match outside.expired {
                true => match attached(&mut self.session, &model, key).await? {
                    Some(handle) => handle,
                    None => return Err(Failure::new("not_found", "the row is gone")),
                },
                false => merged(&mut self.session, model).await?,
            }
        });
        self.objects.put(index, Object::Held(handle));
        Ok(())
    }

    /// The entity that stands for a row.
    fn known<M: Scripted>(&self, _: &M, key: Key) -> Option<Entity<M>> {
        let is_row = |e: &Entity<M>| self.session.state(*e) == State::Persistent && self.session[*e].key() == key;
        self.session.known::<M>().into_iter().find(is_row)
    }

    fn set(&mut self, label: &str, attr: &str, value: &Value) {
        let index = self.objects.index(label);
        match self.objects.get_mut(index) {
            Object::Held(handle) => entity!(*handle, |e| self.session[e].set_column(attr, value)),
            Object::Outside(outside) => outside.owned.set_column(attr, value),
        }
    }

    async fn set_ref(&mut self, label: &str, attr: &str, target: Option<&str>) -> Outcome<()> {
        let target = target.map(|target| self.objects.index(target));
        let Ok(handle) = self.held(label) else {
            let index = self.objects.index(label);
            if let Object::Outside(outside) = self.objects.get_mut(index) {
                outside.refs.retain(|(name, _)| name != attr);
                outside.refs.extend(target.map(|target| (attr.to_string(), target)));
            }
            return Ok(());
        };
        let current = self.loaded_before(handle, attr).await?;
        for target in &current {
            self.fresh(*target).await?;
        }
        match target {
            Some(target) => {
                let target = self.enter(target)?;
                links::set(&mut self.session, handle, attr, target);
            }
            None => links::unset(&mut self.session, handle, attr, current.first().copied()),
        }
        Ok(())
    }

    async fn append(&mut self, label: &str, attr: &str, target: &str) -> Outcome<()> {
        let target = self.objects.index(target);
        let Ok(handle) = self.held(label) else {
            let index = self.objects.index(label);
            if let Object::Outside(outside) = self.objects.get_mut(index) {
                outside.members.push((attr.to_string(), target));
            }
            return Ok(());
        };
        self.loaded_before(handle, attr).await?;
        let target = self.enter(target)?;
        links::push(&mut self.session, handle, attr, target);
        Ok(())
    }

    async fn remove(&mut self, label: &str, attr: &str, target: &str) -> Outcome<()> {
        let absent = || Failure::new("not_in_collection", "it is not a member");
        let handle = self.held(label).map_err(|_| absent())?;
        let members = self.related(handle, attr).await?;
        let target = self.held(target).map_err(|_| absent())?;
        if !members.contains(&target) {
            return Err(absent());
        }
        links::remove(&mut self.session, handle, attr, target);
        Ok(())
    }

    /// The handle of an object that is to be a row.
    fn row(&self, label: &str, states: &[State]) -> Outcome<Handle> {
        match self.held(label) {
            Ok(handle) if states.contains(&self.state_of(handle)) => Ok(handle),
            _ => Err(Failure::new("not_persistent", "it is not a row of the session")),
        }
    }

    /// Loads what the delete cascades to first, as SQLAlchemy does.
    async fn delete(&mut self, label: &str) -> Outcome<()> {
        let handle = self.row(label, &[State::Persistent, State::Deleted])?;
        let mut found = vec![handle];
        let mut next = 0;
        while let Some(&handle) = found.get(next) {
            next += 1;
            for attr in links::deleted_with(handle) {
                for child in self.related(handle, attr).await? {
                    if !found.contains(&child) {
                        found.push(child);
                    }
                }
            }
        }
        entity!(handle, |e| self.session.delete(e));
        Ok(())
    }

    async fn commit(&mut self) -> Outcome<()> {
        let before = self.snapshot();
        self.session.commit().await?;
        self.sweep(before);
        Ok(())
    }

    async fn rollback(&mut self) -> Outcome<()> {
        self.session.rollback().await?;
        if self.manner == Manner::Imitated {
            self.session.expire_all();
        }
        Ok(())
    }

    fn expunge(&mut self, label: &str) -> Outcome<()> {
        let handle = self.row(label, &[State::Pending, State::Persistent])?;
        let before = self.snapshot();
        entity!(handle, |e| self.session.expunge(e).map(drop))?;
        self.sweep(before);
        Ok(())
    }

    /// Copies of everything that is in the session.
    fn snapshot(&self) -> Vec<(usize, Outside)> {
        let copy = |(index, handle): (usize, Handle)| {
            let row = matches!(self.state_of(handle), State::Persistent | State::Deleted);
            let expired = entity!(handle, |e| self.session.is_expired(e));
            let owned = entity!(handle, |e| self.session[e].clone().owned());
            (index, Outside { row, expired, ..Outside::transient(owned) })
        };
        self.objects.held().map(copy).collect()
    }

    /// What has left the session goes on as a struct of its own.
    fn sweep(&mut self, before: Vec<(usize, Outside)>) {
        for (index, outside) in before {
            let Object::Held(handle) = *self.objects.get(index) else { continue };
            if entity!(handle, |e| self.session.try_get(e).is_err()) {
                self.objects.put(index, Object::Outside(outside));
            }
        }
    }

    async fn refresh(&mut self, label: &str) -> Outcome<()> {
        let handle = self.row(label, &[State::Persistent])?;
        if self.manner == Manner::Imitated {
            entity!(handle, |e| self.session.expire(e))?;
            self.autoflush().await?;
        }
        Ok(entity!(handle, |e| self.session.refresh(e).await)?)
    }

    fn expire(&mut self, label: &str) -> Outcome<()> {
        let handle = self.row(label, &[State::Persistent])?;
        Ok(entity!(handle, |e| self.session.expire(e))?)
    }

    async fn get(&mut self, op: &Value) -> Outcome {
        let key_of = |field: &str| op[field].as_str().map(|label| self.keys.get(label).copied().unwrap_or(Key(-1, 0)));
        let key = match (key_of("pk_of"), key_of("order"), key_of("product")) {
            (Some(key), ..) => key,
            (_, Some(order), Some(product)) => Key(order.0, product.0),
            _ => Key(op["id"].as_i64().unwrap_or_default() as i32, 0),
        };
        let class = op["class"].as_str().unwrap_or_default();
        let found = model!(class, {
            let at_hand = self.known(&M::default(), key).is_some_and(|e| !self.session.is_expired(e));
            if !at_hand {
                self.autoflush().await?;
            }
            self.session.get::<M>(M::by_key(key)).await?.map(M::handle)
        });
        Ok(self.bind_found(op["as"].as_str().unwrap_or_default(), found))
    }

    async fn find(&mut self, class: &str, key: &str, label: &str) -> Outcome {
        self.autoflush().await?;
        let found = queries::find(&mut self.session, class, key).await?;
        Ok(self.bind_found(label, found))
    }

    fn bind_found(&mut self, label: &str, found: Option<Handle>) -> Value {
        if let Some(handle) = found {
            self.objects.bind_handle(label, handle);
        }
        json!(found.is_some())
    }

    async fn read(&mut self, label: &str, attr: &str) -> Outcome {
        let handle = match self.held(label) {
            Ok(handle) => handle,
            Err(outside) if outside.expired => return Err(Failure::new("detached", "it is expired")),
            Err(outside) => return Ok(outside.owned.column(attr)),
        };
        self.fresh(handle).await?;
        Ok(entity!(handle, |e| self.session[e].column(attr)))
    }

    async fn read_ref(&mut self, label: &str, attr: &str) -> Outcome {
        let keys = self.related_keys(label, attr).await?;
        Ok(json!(keys.first()))
    }

    async fn read_coll(&mut self, label: &str, attr: &str) -> Outcome {
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
    async fn loaded_before(&mut self, handle: Handle, attr: &str) -> Outcome<Vec<Handle>> {
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

    async fn query(&mut self, class: &str, conditions: &Value) -> Outcome {
        self.autoflush().await?;
        let mut keys = Vec::new();
        for handle in queries::all(&mut self.session, class, conditions).await? {
            keys.push(self.natural_key(handle).await?);
        }
        keys.sort();
        Ok(json!(keys))
    }

    async fn count(&mut self, class: &str, conditions: &Value) -> Outcome {
        self.autoflush().await?;
        Ok(json!(queries::count(&mut self.session, class, conditions).await?))
    }

    async fn raw(&mut self, sql: &str) -> Outcome {
        Ok(json!(private::execute(&mut self.session, sql).await?))
    }

    fn state(&self, label: &str) -> &'static str {
        match self.held(label) {
            Err(outside) if outside.row => "detached",
            Err(_) => "transient",
            Ok(handle) => match self.state_of(handle) {
                State::Pending => "pending",
                State::Persistent => "persistent",
                State::Deleted => "deleted",
                // It was never a row, or its transaction was rolled back.
                _ => "transient",
            },
        }
    }
}

fn session(engine: &Engine, manner: Manner) -> Session {
    Session::new(engine).expire_on_commit(manner != Manner::Bare)
}

async fn merged<M: Scripted>(session: &mut Session, model: M) -> Outcome<Handle> {
    Ok(M::handle(session.merge(model).await?))
}

async fn attached<M: Scripted>(session: &mut Session, _: &M, key: Key) -> Outcome<Option<Handle>> {
    Ok(session.get::<M>(M::by_key(key)).await?.map(M::handle))
}
