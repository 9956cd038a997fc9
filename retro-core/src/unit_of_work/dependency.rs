//! The order of rows: parents before children, children deleted before parents.
//!
//! Models are ordered by their foreign keys. Only within models that depend on each other in a
//! circle, and within one that refers to itself, are rows ordered one by one.

use std::collections::HashMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::topological::Graph;
use super::work::{RowChange, Source};
use crate::error::{Error, ErrorKind, Result};
use crate::identity::{IdentityKey, Store};
use crate::mapping::{Mapper, MapperId};
use crate::model::{EntityId, ForeignKeyDef};

/// Models that are written together: one, or several in a circle.
#[derive(Debug)]
pub(crate) struct Component {
    pub(crate) mappers: Vec<&'static Mapper>,
    /// Whether its rows may depend on each other.
    pub(crate) cyclic: bool,
}

/// Whether a foreign key takes part in the order: one whose relationship is `post_update` does not.
fn orders(mapper: &Mapper, key: &ForeignKeyDef) -> bool {
    let post = |r: &crate::mapping::Relationship| r.def.post_update && *r.local == *key.columns;
    !mapper.relationships.iter().any(post)
}

/// The foreign keys of a model that order its rows, with the models they lead to.
fn ordering_keys(mapper: &'static Mapper) -> impl Iterator<Item = (&'static ForeignKeyDef, &'static Mapper)> {
    mapper.def.foreign_keys.iter().filter(move |key| orders(mapper, key)).map(|key| (key, ((key.target)().mapper)()))
}

/// The models in the order in which their rows are written; the order of the list breaks ties.
pub(crate) fn components(store: &Store, mappers: &[MapperId]) -> Vec<Component> {
    let found: Vec<&'static Mapper> = mappers.iter().filter_map(|&id| store.set(id)).map(|set| set.mapper).collect();
    let number: FxHashMap<MapperId, usize> = found.iter().enumerate().map(|(n, mapper)| (mapper.id, n)).collect();
    let edges: Vec<(usize, usize)> = found
        .iter()
        .enumerate()
        .flat_map(|(child, mapper)| ordering_keys(mapper).map(move |(_, parent)| (parent.id, child)))
        .filter_map(|(parent, child)| Some((*number.get(&parent)?, child)))
        .collect();
    let refers_to_itself: FxHashSet<usize> = edges.iter().filter(|(a, b)| a == b).map(|(a, _)| *a).collect();
    Graph::new(found.len(), edges)
        .components()
        .into_iter()
        .map(|nodes| Component {
            cyclic: nodes.len() > 1 || refers_to_itself.contains(&nodes[0]),
            mappers: nodes.into_iter().map(|node| found[node]).collect(),
        })
        .collect()
}

/// The new rows of a component whose rows may depend on each other, in levels: a row whose parent's
/// key is generated comes a level after it; one whose parent's key is known only comes later in the
/// same level, so that one statement can have them all.
pub(crate) fn insert_levels<'w>(store: &Store, rows: &[&'w RowChange]) -> Result<Vec<Vec<&'w RowChange>>> {
    let graph = Graph::new(rows.len(), insert_edges(store, rows));
    let order = graph.order().map_err(|left| circular(store, &graph, &left, |n| rows[n].id))?;
    let mut level = vec![0_usize; rows.len()];
    for &node in &order {
        let step = usize::from(is_key_generated(store, rows[node]));
        for &child in graph.after(node) {
            level[child] = level[child].max(level[node] + step);
        }
    }
    let mut levels: Vec<Vec<&RowChange>> = Vec::new();
    for node in order {
        if level[node] >= levels.len() {
            levels.resize_with(level[node] + 1, Vec::new);
        }
        levels[level[node]].push(rows[node]);
    }
    Ok(levels)
}

fn is_key_generated(store: &Store, row: &RowChange) -> bool {
    store.mapper(row.id).generated_key.is_some_and(|column| !row.columns.contains(&column))
}

/// Parent before child: as linked, and as the values of foreign keys tell.
fn insert_edges(store: &Store, rows: &[&RowChange]) -> Vec<(usize, usize)> {
    let number: FxHashMap<EntityId, usize> = rows.iter().enumerate().map(|(n, row)| (row.id, n)).collect();
    let keys: HashMap<(MapperId, IdentityKey), usize> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| !is_key_generated(store, row))
        .filter_map(|(n, row)| Some(((row.id.mapper, store.of(row.id).current_key(row.id.at.slot)?), n)))
        .collect();
    let mut edges = Vec::new();
    for (child, row) in rows.iter().enumerate() {
        for (_, source) in &row.sources {
            if let Source::Of(parent, _) = source {
                edges.extend(number.get(parent).map(|&parent| (parent, child)));
            }
        }
        for (key, target) in ordering_keys(store.mapper(row.id)) {
            let linked = row.sources.iter().any(|(column, _)| key.columns.contains(column));
            if linked || *key.references != *target.key() {
                continue;
            }
            let value = store.of(row.id).columns_key(row.id.at.slot, key.columns);
            let parent = value.and_then(|value| keys.get(&(target.id, value)));
            // A row may refer to itself: its key is there as soon as it is.
            edges.extend(parent.filter(|&&parent| parent != child).map(|&parent| (parent, child)));
        }
    }
    edges
}

/// The rows to delete of a component whose rows may depend on each other: children first. Where the
/// database checks foreign keys row by row, rows of one level do not depend on each other; where it
/// checks at the end of a statement there is only one level.
pub(crate) fn delete_levels(store: &Store, rows: &[EntityId], row_by_row: bool) -> Result<Vec<Vec<EntityId>>> {
    let graph = Graph::new(rows.len(), delete_edges(store, rows));
    let order = graph.order().map_err(|left| circular(store, &graph, &left, |n| rows[n]))?;
    let mut level = vec![0_usize; rows.len()];
    let mut levels: Vec<Vec<EntityId>> = Vec::new();
    for &node in &order {
        for &parent in graph.after(node) {
            level[parent] = level[parent].max(level[node] + usize::from(row_by_row));
        }
        if level[node] >= levels.len() {
            levels.resize_with(level[node] + 1, Vec::new);
        }
        levels[level[node]].push(rows[node]);
    }
    Ok(levels)
}

/// Child before parent, as the foreign keys in the database tell.
fn delete_edges(store: &Store, rows: &[EntityId]) -> Vec<(usize, usize)> {
    let keys: HashMap<(MapperId, IdentityKey), usize> = rows
        .iter()
        .enumerate()
        .filter_map(|(n, id)| Some(((id.mapper, store.of(*id).committed_key(id.at.slot)?), n)))
        .collect();
    let mut edges = Vec::new();
    for (child, id) in rows.iter().enumerate() {
        let set = store.of(*id);
        for (key, target) in ordering_keys(set.mapper) {
            if *key.references != *target.key() {
                continue;
            }
            let values: crate::model::KeyValues<'_> =
                key.columns.iter().map(|&column| set.committed(id.at.slot, column)).collect();
            let parent = IdentityKey::new(&values).and_then(|value| keys.get(&(target.id, value)));
            edges.extend(parent.filter(|&&parent| parent != child).map(|&parent| (child, parent)));
        }
    }
    edges
}

/// Rows that wait for each other. Names the edges of one cycle among those that are left over.
#[cold]
fn circular(store: &Store, graph: &Graph, left: &[usize], id: impl Fn(usize) -> EntityId) -> Error {
    let is_left: FxHashSet<usize> = left.iter().copied().collect();
    let mut edges = Vec::new();
    for component in graph.components() {
        let inside: FxHashSet<usize> = component.iter().copied().collect();
        let is_cycle = component.len() > 1 || graph.after(component[0]).contains(&component[0]);
        if !is_cycle || !is_left.contains(&component[0]) {
            continue;
        }
        for &node in &component {
            for &next in graph.after(node).iter().filter(|next| inside.contains(next)) {
                edges.push(format!("{} before {}", store.describe(id(node)), store.describe(id(next))));
            }
        }
        break;
    }
    edges.truncate(12);
    Error::new(
        ErrorKind::CircularDependency,
        format!(
            "these rows depend on each other in a circle: {}; give one of the relationships `post_update`, so that its \
             foreign key is written by an UPDATE of its own",
            edges.join(", ")
        ),
    )
}
