//! [`Plan`]: which relationships a query loads, how, and what it loads from there on.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::identity::{Load, Subset};
use crate::mapping::{Mapper, MapperId, Relationship};
use crate::model::Lazy;
use crate::sql::note;

/// What is to be loaded with the entities of one model at one place of a result.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    /// What the query said of relationships that it leaves alone: remembered with the entities, for
    /// when they are asked for.
    pub(crate) later: Vec<Load>,
}

/// A relationship to be loaded with the query.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) relationship: &'static Relationship,
    pub(crate) how: How,
    /// Which of the related rows are loaded, if not all.
    pub(crate) subset: Option<Arc<Subset>>,
    pub(crate) then: Plan,
}

/// The ways of loading a relationship with the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Joined,
    Selectin,
    Subquery,
    Noload,
}

/// How far loading can go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Statements can follow the query.
    Statements,
    /// The connection sends rows: only what is in the row itself can be loaded with it.
    Row {
        /// Whether something can be joined to the row.
        joins: bool,
    },
}

/// The relationships that lead to a place.
struct Trail {
    steps: Vec<(MapperId, u16)>,
    reach: Reach,
}

impl Plan {
    /// The plan for entities of a model, from the options of the query and, where they say nothing,
    /// the defaults of the relationships.
    pub(crate) fn new(mapper: &'static Mapper, given: &[Load], reach: Reach) -> Result<Plan> {
        Plan::beyond(mapper, given, &mut Trail { steps: Vec::new(), reach })
    }

    /// The plan for entities that are here already: what is asked for, and from there on what the
    /// defaults say too.
    pub(crate) fn asked(mapper: &'static Mapper, given: &[Load]) -> Result<Plan> {
        let mut plan = Plan::new(mapper, given, Reach::Statements)?;
        plan.steps.retain(|step| given.iter().any(|load| load.relationship == step.relationship.index));
        Ok(plan)
    }

    fn beyond(mapper: &'static Mapper, given: &[Load], trail: &mut Trail) -> Result<Plan> {
        let mut plan = Plan::default();
        for relationship in &mapper.relationships {
            let asked = merged(given, relationship.index);
            let lazy = match &asked {
                Some(load) => load.lazy,
                None if comes_back(mapper, relationship, trail) => Lazy::Select,
                None => relationship.def.lazy,
            };
            let how = match lazy {
                Lazy::Joined => How::Joined,
                Lazy::Selectin => How::Selectin,
                Lazy::Subquery => How::Subquery,
                Lazy::Noload => How::Noload,
                Lazy::Select | Lazy::Raise | Lazy::WriteOnly => {
                    plan.later.extend(asked);
                    continue;
                }
            };
            if !trail.reach.allows(how, relationship, asked.as_ref()) {
                match asked {
                    Some(_) => return Err(out_of_reach(mapper, relationship, how)),
                    // A default is no reason to refuse the query.
                    None => continue,
                }
            }
            if relationship.def.lazy == Lazy::WriteOnly {
                return Err(write_only(mapper, relationship));
            }
            plan.steps.push(Step::new(mapper, relationship, how, asked.as_ref(), trail)?);
        }
        Ok(plan)
    }

    /// Whether any step asks the query itself again.
    pub(crate) fn asks_again(&self) -> bool {
        self.steps.iter().any(|step| step.how == How::Subquery)
    }

    /// Adds the tables that the plan reads.
    pub(crate) fn tables(&self, tables: &mut Vec<&'static str>) {
        for step in self.steps.iter().filter(|step| step.how != How::Noload) {
            note(tables, step.relationship.target().table());
            if let Some(secondary) = &step.relationship.secondary {
                note(tables, secondary.table);
            }
            step.then.tables(tables);
        }
    }
}

impl Step {
    fn new(
        mapper: &'static Mapper,
        relationship: &'static Relationship,
        how: How,
        asked: Option<&Load>,
        trail: &mut Trail,
    ) -> Result<Step> {
        let given = asked.map_or(&[][..], |load| &load.then);
        trail.steps.push((mapper.id, relationship.index));
        let then = Plan::beyond(relationship.target(), given, trail);
        trail.steps.pop();
        let subset = asked.and_then(|load| load.subset.clone());
        Ok(Step { relationship, how, subset, then: then? })
    }

    /// One relationship that is asked for after the query, with what the query said to load from
    /// there on.
    pub(crate) fn later(
        mapper: &'static Mapper,
        relationship: &'static Relationship,
        asked: Option<&Load>,
    ) -> Result<Step> {
        let lazy = asked.map_or(relationship.def.lazy, |load| load.lazy);
        let how = if lazy == Lazy::Noload { How::Noload } else { How::Selectin };
        Step::new(mapper, relationship, how, asked, &mut Trail { steps: Vec::new(), reach: Reach::Statements })
    }
}

impl Reach {
    fn allows(self, how: How, relationship: &Relationship, asked: Option<&Load>) -> bool {
        // What is limited cannot be joined.
        let is_limited = asked.and_then(|load| load.subset.as_ref()).is_some_and(|subset| subset.limit.is_some());
        match (self, how) {
            (Reach::Statements, _) | (_, How::Noload) => true,
            (Reach::Row { joins }, How::Joined) => joins && !is_limited && !relationship.is_collection(),
            (Reach::Row { .. }, How::Selectin | How::Subquery) => false,
        }
    }
}

/// All that is said of one relationship: the last word on how it is loaded, and everything on what
/// is loaded from there on.
fn merged(given: &[Load], relationship: u16) -> Option<Load> {
    let mut merged: Option<Load> = None;
    for load in given.iter().filter(|load| load.relationship == relationship) {
        match &mut merged {
            None => merged = Some(load.clone()),
            Some(merged) => {
                merged.lazy = load.lazy;
                merged.subset = load.subset.clone().or(merged.subset.take());
                merged.then.extend_from_slice(&load.then);
            }
        }
    }
    merged
}

/// Whether a default would lead back where it came from, or around in a circle: then it is not
/// followed. A model's relationship with itself is followed once.
fn comes_back(mapper: &Mapper, relationship: &Relationship, trail: &Trail) -> bool {
    let leads_back =
        |&(owner, index): &(MapperId, u16)| relationship.target().id == owner && relationship.inverse == Some(index);
    trail.steps.last().is_some_and(leads_back) || trail.steps.contains(&(mapper.id, relationship.index))
}

#[cold]
fn out_of_reach(mapper: &Mapper, relationship: &Relationship, how: How) -> Error {
    let name = format!("{}::{}", mapper.name(), relationship.name());
    let (what, remedy) = match how {
        How::Joined if relationship.is_collection() => ("a joined collection makes several rows of one entity", ""),
        How::Joined => ("nothing can be joined to a text, to rows that are grouped or distinct, or with a limit", ""),
        _ if relationship.is_collection() => ("the connection cannot send a further statement between two rows", ""),
        _ => ("the connection cannot send a further statement between two rows", "`joined(..)`, or "),
    };
    Error::configuration(format!(
        "{name} cannot be loaded with rows that come one by one: {what}; say {remedy}`lazy({name})` and load it after the \
         stream, or read the result as a whole with `session.all(..)`"
    ))
    .with_model(mapper.name())
    .with_columns([relationship.name()])
}

pub(crate) fn write_only(mapper: &Mapper, relationship: &Relationship) -> Error {
    let name = format!("{}::{}", mapper.name(), relationship.name());
    Error::new(
        crate::error::ErrorKind::NotLoaded,
        format!(
            "{name} is write-only and cannot be loaded as a whole; query it with `session.members(entity, {name})`"
        ),
    )
    .with_model(mapper.name())
    .with_columns([relationship.name()])
}
