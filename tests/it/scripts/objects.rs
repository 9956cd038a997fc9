//! The objects that a script talks about: in the session, or outside it.

use std::collections::HashMap;

use retro_core::prelude::{Session, State};

use super::interpreter::{Failure, Interpreter, Outcome};
use super::links;
use super::models::{Handle, Owned, Scripted, entity, owned};

/// An in-memory object of a script.
#[derive(Debug, Clone)]
pub enum Object {
    /// The session owns it.
    Held(Handle),
    /// It is a struct of its own.
    Outside(Outside),
}

/// A struct outside the session, with what it will be linked to when it is added.
#[derive(Debug, Clone)]
pub struct Outside {
    pub owned: Owned,
    pub refs: Vec<(String, usize)>,
    pub members: Vec<(String, usize)>,
    /// Whether it stands for a row.
    pub row: bool,
    /// Whether its values were out of date when it left.
    pub expired: bool,
}

impl Outside {
    pub fn transient(owned: Owned) -> Outside {
        Outside { owned, refs: Vec::new(), members: Vec::new(), row: false, expired: false }
    }

    fn links(&self) -> impl Iterator<Item = (&str, usize)> {
        self.refs.iter().chain(&self.members).map(|(attr, target)| (attr.as_str(), *target))
    }
}

/// All objects, and the labels that are bound to them.
#[derive(Debug, Default)]
pub struct Objects {
    all: Vec<Object>,
    labels: HashMap<String, usize>,
}

impl Objects {
    pub fn index(&self, label: &str) -> usize {
        match self.labels.get(label) {
            Some(index) => *index,
            None => panic!("the label {label} is not bound"),
        }
    }

    pub fn get(&self, index: usize) -> &Object {
        &self.all[index]
    }

    pub fn get_mut(&mut self, index: usize) -> &mut Object {
        &mut self.all[index]
    }

    pub fn put(&mut self, index: usize, object: Object) {
        self.all[index] = object;
    }

    pub fn bind(&mut self, label: &str, object: Object) -> usize {
        self.all.push(object);
        self.labels.insert(label.into(), self.all.len() - 1);
        self.all.len() - 1
    }

    /// Binds a label to the object that has a handle.
    pub fn bind_handle(&mut self, label: &str, handle: Handle) {
        let known = self.held().find(|(_, held)| *held == handle).map(|(index, _)| index);
        match known {
            Some(index) => {
                self.labels.insert(label.into(), index);
            }
            None => {
                self.bind(label, Object::Held(handle));
            }
        }
    }

    pub fn held(&self) -> impl Iterator<Item = (usize, Handle)> {
        self.all.iter().enumerate().filter_map(|(index, object)| match object {
            Object::Held(handle) => Some((index, *handle)),
            Object::Outside(_) => None,
        })
    }

    pub fn held_labels(&self) -> Vec<(String, Handle)> {
        let held = |(label, index): (&String, &usize)| match self.all[*index] {
            Object::Held(handle) => Some((label.clone(), handle)),
            Object::Outside(_) => None,
        };
        self.labels.iter().filter_map(held).collect()
    }

    /// The natural keys of what a struct outside the session will be linked to, as either side says.
    pub fn keys_outside(&self, index: usize, attr: &str) -> Vec<String> {
        let Object::Outside(owner) = &self.all[index] else { return Vec::new() };
        let inverse = links::inverse(owner.owned.class(), attr);
        let forth = owner.links().filter(|(name, _)| *name == attr).map(|(_, target)| target);
        let back = self.all.iter().enumerate().filter_map(|(other, object)| match object {
            Object::Outside(outside) => {
                let leads_here = |(name, target)| target == index && inverse == Some((outside.owned.class(), name));
                outside.links().any(leads_here).then_some(other)
            }
            Object::Held(_) => None,
        });
        let key = |target: usize| match &self.all[target] {
            Object::Outside(outside) => Some(outside.owned.natural_key()),
            Object::Held(_) => None,
        };
        forth.chain(back).filter_map(key).collect()
    }

    /// The structs that a new one takes along into the session: all that can be reached, in either
    /// direction.
    fn reachable(&self, index: usize) -> Vec<usize> {
        let mut found = vec![index];
        let mut next = 0;
        while let Some(&index) = found.get(next) {
            next += 1;
            let forth = match &self.all[index] {
                Object::Outside(outside) => outside.links().map(|(_, target)| target).collect(),
                Object::Held(_) => Vec::new(),
            };
            let back = self.all.iter().enumerate().filter_map(|(other, object)| match object {
                Object::Outside(outside) if outside.links().any(|(_, target)| target == index) => Some(other),
                _ => None,
            });
            let more: Vec<usize> = forth.into_iter().chain(back).collect();
            for other in more {
                if !found.contains(&other) {
                    found.push(other);
                }
            }
        }
        found.sort_unstable();
        found
    }
}

impl Interpreter<'_> {
    /// Makes an object part of the unit of work, with what can be reached from it.
    pub(super) fn enter(&mut self, index: usize) -> Outcome<Handle> {
        let reachable = self.objects.reachable(index);
        for &other in &reachable {
            if let Object::Held(handle) = *self.objects.get(other) {
                match self.state_of(handle) {
                    State::Deleted => return Err(Failure::new("deleted", "its row was deleted by a flush")),
                    State::Detached => entity!(handle, |e| self.session.add_again(e))?,
                    _ => {}
                }
            }
        }
        let mut links = Vec::new();
        for &other in &reachable {
            let Object::Outside(outside) = self.objects.get(other).clone() else { continue };
            let mut owned = outside.owned;
            for (attr, target) in outside.refs {
                match *self.objects.get(target) {
                    Object::Held(target) => links::assign(&mut owned, &attr, target),
                    Object::Outside(_) => links.push((other, attr, target)),
                }
            }
            links.extend(outside.members.into_iter().map(|(attr, target)| (other, attr, target)));
            let handle = owned!(owned, |model| add(&mut self.session, model));
            self.objects.put(other, Object::Held(handle));
        }
        for (owner, attr, target) in links {
            let (Object::Held(owner), Object::Held(target)) = (self.objects.get(owner), self.objects.get(target))
            else {
                continue;
            };
            links::link(&mut self.session, *owner, &attr, *target);
        }
        match self.objects.get(index) {
            Object::Held(handle) => Ok(*handle),
            Object::Outside(_) => unreachable!("all that is reachable was added"),
        }
    }
}

fn add<M: Scripted>(session: &mut Session, model: M) -> Handle {
    M::handle(session.add(model))
}
