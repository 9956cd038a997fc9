//! The flush: from what changed in memory to ordered, batched statements, and back.
//!
//! 1. `cascade`: which rows a delete takes along, and what must be loaded to know it.
//! 2. `collect`: what changed, as plain data ([`work`]).
//! 3. `dependency`, `handover` and `topological`: in what order.
//! 4. `plan`: which rows share a statement. The plan is a value; `describe` prints it.
//!    In debug builds `check` has `replay` go through it first.
//! 5. `emit`: sends it, with texts from `template` and values from `binds`; `explain` and `stale`
//!    say what went wrong, in the mapping's words.
//!
//! Steps 1 to 4 are pure functions of the store and the mapping. Nothing here knows a user's types.

mod binds;
mod cascade;
#[cfg(any(debug_assertions, test))]
mod check;
mod collect;
mod dependency;
mod describe;
mod emit;
mod explain;
mod handover;
mod plan;
mod refuse;
#[cfg(any(debug_assertions, test))]
mod replay;
mod single_parent;
mod stale;
mod template;
#[cfg(test)]
mod tests;
mod topological;
mod work;

pub(crate) use binds::Binder;
pub(crate) use cascade::{Deletion, deletion};
pub(crate) use collect::inserted_columns;
pub use describe::{FlushPlan, PlannedRow, PlannedStatement};
pub(crate) use emit::{Counts, emit, finalize};
pub(crate) use explain::locate_violation;
pub(crate) use plan::Plan;
pub(crate) use template::{Shape, Templates};

use crate::engine::Engine;
use crate::error::Result;
use crate::identity::Store;

/// The plan of a flush, given which rows go. Pure.
pub(crate) fn make_plan(store: &Store, deletion: &Deletion, engine: &Engine) -> Result<Plan> {
    single_parent::check(store, deletion)?;
    let work = collect::collect(store, deletion)?;
    if work.is_empty() {
        return Ok(Plan::default());
    }
    let plan = plan::plan(store, work, engine.capabilities(), engine.templates())?;
    let plan = Plan { unborn: deletion.unborn.clone(), ..plan };
    #[cfg(debug_assertions)]
    check::check(store, &plan, &engine.capabilities())?;
    Ok(plan)
}

/// A printable copy of a plan.
pub(crate) fn describe_plan(store: &Store, plan: &Plan) -> FlushPlan {
    describe::describe(store, plan)
}
