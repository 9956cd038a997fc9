//! Random graphs: the planner makes no fault, and the checker finds the faults of a plan whose
//! statements are out of order, no others and no fewer than a naive look at every moment does.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::dialect::Dialect;
use crate::error::ErrorKind;
use crate::identity::Store;
use crate::mapping::Relationship;
use crate::model::{EntityId, EntityRef, Mapped};
use crate::prelude::{BelongsTo, HasMany, ManyToMany, Model};
use crate::unit_of_work::replay::{Change, Fault, Script, Write, replay};
use crate::unit_of_work::work::Work;
use crate::unit_of_work::{Plan, Templates, check, collect, deletion, plan};

/// A tree, whose nodes have owners and owners a node that they like best: models in a circle.
#[derive(Model, Debug, Clone)]
#[retro(table = "nodes")]
struct Node {
    #[retro(primary_key)]
    id: i32,
    #[retro(unique)]
    name: i32,
    #[retro(foreign_key = Node::id)]
    parent_id: Option<i32>,
    #[retro(foreign_key = Owner::id)]
    owner_id: Option<i32>,
    #[retro(key = parent_id, back_populates = children)]
    parent: BelongsTo<Option<Node>>,
    #[retro(key = owner_id, back_populates = nodes)]
    owner: BelongsTo<Option<Owner>>,
    #[retro(back_populates = parent)]
    children: HasMany<Node>,
    #[retro(secondary = "nodes_tags", back_populates = nodes)]
    tags: ManyToMany<Tag>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "owners")]
struct Owner {
    #[retro(primary_key)]
    id: i32,
    #[retro(unique)]
    name: i32,
    #[retro(foreign_key = Node::id)]
    best_id: Option<i32>,
    #[retro(foreign_key = Node::id)]
    second_id: Option<i32>,
    #[retro(key = best_id)]
    best: BelongsTo<Option<Node>>,
    #[retro(key = second_id, post_update)]
    second: BelongsTo<Option<Node>>,
    #[retro(back_populates = owner, foreign_key = Node::owner_id, cascade = "all, delete-orphan")]
    nodes: HasMany<Node>,
}

/// Outside of that circle, with a key that the program gives.
#[derive(Model, Debug, Clone)]
#[retro(table = "tags")]
struct Tag {
    #[retro(primary_key, generated = false)]
    id: i32,
    #[retro(unique)]
    name: i32,
    #[retro(foreign_key = Owner::id)]
    owner_id: Option<i32>,
    #[retro(key = owner_id)]
    owner: BelongsTo<Option<Owner>>,
    #[retro(secondary = "nodes_tags", back_populates = tags)]
    nodes: ManyToMany<Node>,
}

/// A row: whether it is stored already, and what it is linked to before and after.
#[derive(Debug, Clone)]
struct Spec {
    model: usize,
    stored: bool,
    before: [Option<usize>; 2],
    after: [Option<usize>; 2],
    linked: Vec<usize>,
    deleted: bool,
    /// Takes the name of another row.
    takes: Option<usize>,
}

fn specs() -> impl Strategy<Value = Vec<Spec>> {
    let link = || [prop::option::weighted(0.6, 0..10_usize), prop::option::weighted(0.4, 0..10_usize)];
    let spec = (
        0..3_usize,
        any::<bool>(),
        link(),
        link(),
        prop::collection::vec(0..10_usize, 0..2),
        prop::bool::weighted(0.3),
        prop::option::weighted(0.2, 0..10_usize),
    );
    let spec = spec.prop_map(|(model, stored, before, after, linked, deleted, takes)| Spec {
        model,
        stored,
        before,
        after,
        linked,
        deleted,
        takes,
    });
    prop::collection::vec(spec, 1..14)
}

/// The relationships to one of each model, by number.
fn links(model: usize) -> Vec<&'static Relationship> {
    match model {
        0 => vec![Node::mapper().relationship(Node::parent.index()), Node::mapper().relationship(Node::owner.index())],
        1 => {
            vec![Owner::mapper().relationship(Owner::best.index()), Owner::mapper().relationship(Owner::second.index())]
        }
        _ => vec![Tag::mapper().relationship(Tag::owner.index())],
    }
}

struct World {
    store: Store,
    rows: Vec<EntityId>,
}

impl World {
    fn new(specs: &[Spec]) -> World {
        let mut world = World { store: Store::new(), rows: Vec::new() };
        let place = |store: &mut Store, spec: &Spec, n: i32| match spec.model {
            0 => store.place(Node { name: n, ..Default::default() }),
            1 => store.place(Owner { name: n, ..Default::default() }),
            _ => store.place(Tag { id: n + 1, name: n, ..Default::default() }),
        };
        world.rows = (0..).zip(specs).map(|(n, spec)| place(&mut world.store, spec, n)).collect();
        world.store.settle();
        world.store_rows(specs);
        world.change(specs);
        world
    }

    /// Which rows of a model there are.
    fn target(&self, relationship: &Relationship, n: usize, among: impl Fn(usize) -> bool) -> Option<EntityRef> {
        let model = relationship.target().id;
        let fits: Vec<usize> =
            (0..self.rows.len()).filter(|&row| self.rows[row].mapper == model && among(row)).collect();
        if fits.is_empty() { None } else { Some(self.rows[fits[n % fits.len()]].at) }
    }

    /// Rows that are stored have keys, and foreign keys that name only those that were stored before.
    fn store_rows(&mut self, specs: &[Spec]) {
        for (n, spec) in specs.iter().enumerate().filter(|(_, spec)| spec.stored) {
            for (relationship, wanted) in links(spec.model).into_iter().zip(spec.before) {
                let target =
                    wanted.and_then(|wanted| self.target(relationship, wanted, |row| row < n && specs[row].stored));
                self.store.link_parent(self.rows[n], relationship, target);
            }
        }
        let mapper = |id: EntityId, store: &Store| store.mapper(id);
        for (n, _) in specs.iter().enumerate().filter(|(_, spec)| spec.stored) {
            let id = self.rows[n];
            let mapper = mapper(id, &self.store);
            if mapper.generated_key.is_some() {
                self.store.fill(id, mapper.key()[0], crate::value::Value::Int(n as i64 + 1)).unwrap();
            }
            for relationship in &mapper.relationships {
                if let crate::identity::Known::Is(Some(parent)) = self.store.parent(id, relationship)
                    && relationship.direction == crate::mapping::Direction::ManyToOne
                {
                    let parent = EntityId { mapper: relationship.target().id, at: parent };
                    let key = self.store.value(parent, relationship.remote[0]).into_owned();
                    self.store.fill(id, relationship.local[0], key).unwrap();
                }
            }
            self.store.inserted(id, false);
        }
        let new: Vec<EntityId> = (0..specs.len()).filter(|&n| !specs[n].stored).map(|n| self.rows[n]).collect();
        self.store.forget_changes();
        new.into_iter().for_each(|id| self.store.note_pending(id));
    }

    fn change(&mut self, specs: &[Spec]) {
        for (n, spec) in specs.iter().enumerate() {
            for (relationship, wanted) in links(spec.model).into_iter().zip(spec.after) {
                let target = wanted.and_then(|wanted| self.target(relationship, wanted, |_| true));
                self.store.link_parent(self.rows[n], relationship, target);
            }
            if spec.model == 0 {
                let tags = Node::mapper().relationship(Node::tags.index());
                for &wanted in &spec.linked {
                    if let Some(tag) = self.target(tags, wanted, |_| true) {
                        self.store.add_member(self.rows[n], tags, tag);
                    }
                }
            }
            self.take_name(specs, n);
        }
        for (n, spec) in specs.iter().enumerate().filter(|(_, spec)| spec.deleted) {
            let id = self.rows[n];
            match spec.stored {
                true => {
                    self.store.instance_mut(id).flags.marked = true;
                    self.store.note_marked(id);
                }
                false => self.store.detach_pending(id),
            }
        }
    }

    /// A row takes the name of another of its model, which gets a fresh one.
    fn take_name(&mut self, specs: &[Spec], n: usize) {
        let same: Vec<usize> =
            (0..specs.len()).filter(|&other| other != n && specs[other].model == specs[n].model).collect();
        let Some(other) = specs[n].takes.filter(|_| !same.is_empty()).map(|wanted| same[wanted % same.len()]) else {
            return;
        };
        let name = 1;
        let (giver, taker) = (self.rows[other], self.rows[n]);
        let passed = self.store.value(giver, name).into_owned();
        self.store.write(giver, name, crate::value::Value::Int(1000 + n as i64)).unwrap();
        self.store.write(taker, name, passed).unwrap();
    }

    /// The plan, or that there is none.
    fn plan(&self, dialect: Dialect) -> Option<Plan> {
        let deletion = deletion(&self.store);
        assert!(deletion.missing.is_empty(), "all is loaded");
        let work: Work = match collect::collect(&self.store, &deletion) {
            Ok(work) => work,
            Err(error) if error.kind() == ErrorKind::InvalidState => return None,
            Err(error) => panic!("{error:?}"),
        };
        let capabilities = dialect.capabilities();
        match plan::plan(&self.store, work, capabilities, &Templates::new(dialect, capabilities)) {
            Ok(plan) => Some(plan),
            Err(error) if error.kind() == ErrorKind::CircularDependency => None,
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// Looks at every moment of a script, and at its end: something dangles, and does not then.
fn is_faulty(script: &Script) -> bool {
    type Named = BTreeMap<(EntityId, usize), EntityId>;
    type Moment = (BTreeSet<EntityId>, Named);
    let known: BTreeSet<EntityId> =
        script.before.iter().map(|(row, _)| *row).chain(script.writes.iter().map(|w| w.row)).collect();
    let dangling = |(here, named): &Moment| -> BTreeSet<(EntityId, usize, EntityId)> {
        let named = named.iter().map(|(&(row, number), &parent)| (row, number, parent));
        named
            .filter(|(row, _, parent)| here.contains(row) && !here.contains(parent) && known.contains(parent))
            .collect()
    };
    let mut moment: Moment = Default::default();
    for (row, values) in &script.before {
        moment.0.insert(*row);
        let named = values.references.iter().filter_map(|(number, parent)| Some(((*row, *number), (*parent)?)));
        moment.1.extend(named);
    }
    let mut moments = Vec::new();
    for statement in script.writes.chunk_by(|a, b| a.step == b.step) {
        for write in statement {
            let within = script.row_by_row && !matches!(write.change, Change::Update(..));
            match &write.change {
                Change::Insert(values) | Change::Update(_, values) => {
                    moment.0.insert(write.row);
                    for (number, parent) in &values.references {
                        match parent {
                            Some(parent) => drop(moment.1.insert((write.row, *number), *parent)),
                            None => drop(moment.1.remove(&(write.row, *number))),
                        }
                    }
                }
                Change::Delete => {
                    // Who goes with it may be looked at after it.
                    if script.row_by_row {
                        let mut alone = moment.clone();
                        alone.0.remove(&write.row);
                        moments.push(alone);
                    }
                    moment.0.remove(&write.row);
                }
                Change::Associate(..) => {}
            }
            if within && matches!(write.change, Change::Insert(_)) {
                moments.push(moment.clone());
            }
        }
        moments.push(moment.clone());
    }
    let wrong_in_the_end = dangling(&moment);
    moments.iter().any(|moment| dangling(moment).iter().any(|wrong| !wrong_in_the_end.contains(wrong)))
}

/// Rows of a DELETE may go in any order: what is wrong in one of them is wrong.
fn delete_orders(script: &Script) -> Vec<Script> {
    let mut reversed = Vec::new();
    for statement in script.writes.chunk_by(|a, b| a.step == b.step) {
        let is_delete = matches!(statement[0].change, Change::Delete);
        let rows: Vec<Write> = if is_delete { statement.iter().rev().cloned().collect() } else { statement.to_vec() };
        reversed.extend(rows);
    }
    let same = Script { before: script.before.clone(), writes: script.writes.clone(), row_by_row: script.row_by_row };
    vec![same, Script { before: script.before.clone(), writes: reversed, row_by_row: script.row_by_row }]
}

/// A script in as few words as it takes.
fn brief(script: &Script) -> String {
    let name = |id: EntityId| format!("{}.{}", id.mapper.0, id.at.slot);
    let named = |values: &crate::unit_of_work::replay::Values| {
        let list = values.references.iter().map(|(n, parent)| format!("{n}: {}", parent.map_or("-".into(), name)));
        list.collect::<Vec<_>>().join(", ")
    };
    let before = script.before.iter().map(|(row, values)| format!("{} ({})", name(*row), named(values)));
    let writes = script.writes.iter().map(|write| {
        let change = match &write.change {
            Change::Insert(values) => format!("insert ({})", named(values)),
            Change::Update(why, values) => format!("{why:?} ({})", named(values)),
            Change::Delete => "delete".to_owned(),
            Change::Associate(kind, _, other) => format!("{kind:?} {}", name(*other)),
        };
        format!("{}: {} {change}", write.step, name(write.row))
    });
    before.chain(writes).collect::<Vec<_>>().join("\n")
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("RETRO_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

const DIALECTS: [Dialect; 3] = [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql];

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_plan_has_no_fault(specs in specs()) {
        let world = World::new(&specs);
        for dialect in DIALECTS {
            if let Some(plan) = world.plan(dialect) {
                let checked = check::check(&world.store, &plan, &dialect.capabilities());
                prop_assert!(checked.is_ok(), "{dialect}: {checked:?}");
                let script = check::script(&world.store, &plan, !dialect.capabilities().checks_at_statement_end);
                prop_assert!(delete_orders(&script).iter().all(|script| !is_faulty(script)), "{dialect}: {}", brief(&script));
            }
        }
    }

    #[test]
    fn statements_out_of_order_are_found(specs in specs(), shuffle in prop::collection::vec(any::<prop::sample::Index>(), 1..4)) {
        let world = World::new(&specs);
        for dialect in DIALECTS {
            let Some(mut plan) = world.plan(dialect).filter(|plan| plan.steps.len() > 1) else { continue };
            for pair in shuffle.windows(2) {
                let steps = plan.steps.len();
                plan.steps.swap(pair[0].index(steps), pair[1].index(steps));
            }
            let script = check::script(&world.store, &plan, !dialect.capabilities().checks_at_statement_end);
            match replay(&script) {
                Ok(()) => prop_assert!(delete_orders(&script).iter().all(|script| !is_faulty(script)), "{}", brief(&script)),
                Err(Fault::Early { .. } | Fault::Orphaned { .. }) => {
                    let associations = script.writes.iter().any(|write| matches!(write.change, Change::Associate(..)));
                    prop_assert!(associations || delete_orders(&script).iter().any(is_faulty), "{}", brief(&script));
                }
                // A row that is changed before it is there, or after it was deleted.
                Err(Fault::Twice { .. } | Fault::Clash { .. }) => {}
            }
        }
    }
}
