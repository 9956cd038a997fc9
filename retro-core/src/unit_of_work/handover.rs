//! Unique values that pass from row to row within one flush: whoever gives one up is written before
//! whoever takes it.
//!
//! Every database checks uniqueness row by row, so such rows go one by one, and their order counts.
//! Deletes come last in a flush: the value of a row that is deleted cannot be taken in the same one.
//! Nor can two rows exchange theirs; no order helps them, and the database says so.

use std::collections::HashMap;

use rustc_hash::FxHashSet;

use super::topological::Graph;
use super::work::{RowChange, future_key};
use crate::identity::{IdentityKey, Lifecycle, Store};
use crate::mapping::{Mapper, MapperId};
use crate::model::KeyValues;

/// The updates of one model, by when they are sent.
#[derive(Debug)]
pub(super) struct Handover<'w> {
    /// One by one, before the inserts: a new row takes what they give up.
    pub(super) before: Vec<&'w RowChange>,
    /// One by one, after the inserts.
    pub(super) after: Vec<&'w RowChange>,
    /// Those that have nothing to do with any of this.
    pub(super) rest: Vec<&'w RowChange>,
}

/// Sorts the updates of a model by who takes what they give up. `updates` are in the order in which
/// they are sent otherwise, `together` are the models whose new rows are written with this one's.
pub(super) fn handover<'w>(
    store: &Store,
    mapper: &'static Mapper,
    together: &[&'static Mapper],
    inserts: &[RowChange],
    updates: Vec<&'w RowChange>,
) -> Handover<'w> {
    let edges = edges(store, mapper, inserts, &updates);
    if edges.is_empty() {
        return Handover { before: Vec::new(), after: Vec::new(), rest: updates };
    }
    let nodes = updates.len() + inserts.len();
    let graph = Graph::new(nodes, edges.iter().copied());
    // Where they go round in a circle any order is as good as another.
    let order = graph.order().unwrap_or_else(|_| (0..nodes).collect());
    let mut gives_to_insert = vec![false; nodes];
    for &node in order.iter().rev() {
        let to_insert = |&next: &usize| next >= updates.len() || gives_to_insert[next];
        gives_to_insert[node] = graph.after(node).iter().any(to_insert);
    }
    let involved: FxHashSet<usize> = edges.into_iter().flat_map(|(giver, taker)| [giver, taker]).collect();
    let mut sorted = Handover { before: Vec::new(), after: Vec::new(), rest: Vec::new() };
    for node in order.into_iter().filter(|&node| node < updates.len() && involved.contains(&node)) {
        let can_wait = !gives_to_insert[node] || needs_insert(store, updates[node], together);
        if can_wait { &mut sorted.after } else { &mut sorted.before }.push(updates[node]);
    }
    let others = updates.iter().enumerate().filter(|(node, _)| !involved.contains(node));
    sorted.rest = others.map(|(_, &row)| row).collect();
    sorted
}

/// Who gives up what is taken by whom: updates by their place, inserts by theirs behind the updates.
fn edges(store: &Store, mapper: &'static Mapper, inserts: &[RowChange], updates: &[&RowChange]) -> Vec<(usize, usize)> {
    let mut edges = Vec::new();
    for columns in mapper.unique_columns() {
        let changes = |row: &RowChange| row.columns.iter().any(|column| columns.contains(column));
        let changed: Vec<usize> = (0..updates.len()).filter(|&n| changes(updates[n])).collect();
        let given: HashMap<IdentityKey, usize> =
            changed.iter().filter_map(|&n| Some((given_up(store, updates[n], columns)?, n))).collect();
        if given.is_empty() {
            continue;
        }
        let mut note = |row: &RowChange, taker: usize| {
            let giver = future_key(store, row.id, &row.sources, columns).and_then(|key| given.get(&key));
            edges.extend(giver.filter(|&&giver| giver != taker).map(|&giver| (giver, taker)));
        };
        changed.into_iter().for_each(|n| note(updates[n], n));
        for (n, row) in inserts.iter().enumerate().filter(|(_, row)| row.id.mapper == mapper.id) {
            note(row, updates.len() + n);
        }
    }
    edges
}

/// What the database has in the row that an update is of.
fn given_up(store: &Store, row: &RowChange, columns: &[u16]) -> Option<IdentityKey> {
    let id = row.replaces.unwrap_or(row.id);
    let set = store.of(id);
    let values: KeyValues<'_> = columns.iter().map(|&column| set.committed(id.at.slot, column)).collect();
    IdentityKey::new(&values)
}

/// Whether an update refers to a row that is inserted together with its own model's.
fn needs_insert(store: &Store, row: &RowChange, together: &[&'static Mapper]) -> bool {
    let is_together = |mapper: MapperId| together.iter().any(|other| other.id == mapper);
    let parents = row.sources.iter().filter_map(|(_, source)| source.parent());
    parents.into_iter().any(|parent| store.lifecycle(parent) == Lifecycle::Pending && is_together(parent.mapper))
}
