//! Each fault, in the smallest script that has it.

use std::num::NonZeroU32;

use crate::identity::IdentityKey;
use crate::mapping::MapperId;
use crate::model::{EntityId, EntityRef};
use crate::unit_of_work::plan::UpdateWhy;
use crate::unit_of_work::replay::{Change, Fault, Script, Values, Write, replay};
use crate::unit_of_work::work::AssociationKind;

fn id(slot: u32) -> EntityId {
    EntityId { mapper: MapperId(0), at: EntityRef { slot, generation: NonZeroU32::MIN } }
}

/// A row that names another, or none.
fn naming(parent: Option<u32>) -> Values {
    Values { references: vec![(0, parent.map(id))], uniques: Vec::new() }
}

/// A row that has a unique value.
fn having(value: i64) -> Values {
    Values { references: Vec::new(), uniques: vec![(0, Some(IdentityKey::Int(value)))] }
}

fn insert(step: usize, row: u32, values: Values) -> Write {
    Write { step, row: id(row), change: Change::Insert(values) }
}

fn update(step: usize, row: u32, values: Values) -> Write {
    Write { step, row: id(row), change: Change::Update(UpdateWhy::Changed, values) }
}

fn delete(step: usize, row: u32) -> Write {
    Write { step, row: id(row), change: Change::Delete }
}

fn associate(step: usize, kind: AssociationKind, left: u32, right: u32) -> Write {
    Write { step, row: id(left), change: Change::Associate(kind, std::ptr::null(), id(right)) }
}

fn script(before: impl IntoIterator<Item = (u32, Values)>, writes: impl IntoIterator<Item = Write>) -> Script {
    Script {
        before: before.into_iter().map(|(row, values)| (id(row), values)).collect(),
        writes: writes.into_iter().collect(),
        row_by_row: false,
    }
}

fn row_by_row(script: Script) -> Script {
    Script { row_by_row: true, ..script }
}

#[test]
fn a_child_before_its_parent() {
    let early = || script([], [insert(0, 2, naming(Some(1))), insert(1, 1, naming(None))]);
    assert_eq!(replay(&early()), Err(Fault::Early { step: 0, row: id(2), parent: id(1) }));
    assert_eq!(replay(&script([], [insert(0, 1, naming(None)), insert(1, 2, naming(Some(1)))])), Ok(()));
    // Whom nobody writes is the user's affair.
    assert_eq!(replay(&script([], [insert(0, 2, naming(Some(9)))])), Ok(()));
    let moved = [update(0, 2, naming(Some(1))), insert(1, 1, naming(None))];
    assert_eq!(replay(&script([(2, naming(None))], moved)), Err(Fault::Early { step: 0, row: id(2), parent: id(1) }));
}

#[test]
fn rows_of_one_insert() {
    let together =
        || script([], [insert(0, 2, naming(Some(1))), insert(0, 1, naming(None)), insert(0, 3, naming(Some(3)))]);
    assert_eq!(replay(&together()), Ok(()));
    assert_eq!(replay(&row_by_row(together())), Err(Fault::Early { step: 0, row: id(2), parent: id(1) }));
}

#[test]
fn a_parent_before_its_child() {
    let before = || [(1, naming(None)), (2, naming(Some(1)))];
    let orphaned = script(before(), [delete(0, 1), delete(1, 2)]);
    assert_eq!(replay(&orphaned), Err(Fault::Orphaned { step: 0, row: id(1), child: id(2) }));
    assert_eq!(replay(&script(before(), [delete(0, 2), delete(1, 1)])), Ok(()));
    let moved_late = script(before(), [delete(0, 1), update(1, 2, naming(None))]);
    assert_eq!(replay(&moved_late), Err(Fault::Orphaned { step: 0, row: id(1), child: id(2) }));
    assert_eq!(replay(&script(before(), [update(0, 2, naming(None)), delete(1, 1)])), Ok(()));
    // Whom nobody takes away is the user's affair.
    assert_eq!(replay(&script(before(), [delete(0, 1)])), Ok(()));
    let together = || script(before(), [delete(0, 1), delete(0, 2)]);
    assert_eq!(replay(&together()), Ok(()));
    assert_eq!(replay(&row_by_row(together())), Err(Fault::Orphaned { step: 0, row: id(1), child: id(2) }));
}

#[test]
fn a_unique_value_that_is_handed_over() {
    let before = || [(1, having(10)), (2, having(20)), (3, having(30))];
    let late = script(before(), [update(0, 2, having(10)), update(1, 1, having(40))]);
    assert_eq!(replay(&late), Err(Fault::Clash { step: 0, row: id(2), holder: id(1) }));
    let together = script(before(), [update(0, 1, having(40)), update(0, 2, having(10))]);
    assert_eq!(replay(&together), Err(Fault::Clash { step: 0, row: id(2), holder: id(1) }));
    assert_eq!(replay(&script(before(), [update(0, 1, having(40)), update(1, 2, having(10))])), Ok(()));
    let new = script(before(), [insert(0, 4, having(10)), update(1, 1, having(40))]);
    assert_eq!(replay(&new), Err(Fault::Clash { step: 0, row: id(4), holder: id(1) }));
}

#[test]
fn a_unique_value_that_no_order_frees() {
    let before = || [(1, having(10)), (2, having(20)), (3, having(30))];
    // Nobody gives it up; two exchange theirs; three do; deletes come last.
    let kept = [update(0, 2, having(10))];
    let exchanged = [update(0, 1, having(20)), update(1, 2, having(10))];
    let circle = [update(0, 1, having(20)), update(1, 2, having(30)), update(2, 3, having(10))];
    let deleted = [insert(0, 4, having(10)), delete(1, 1)];
    for writes in [kept.to_vec(), exchanged.to_vec(), circle.to_vec(), deleted.to_vec()] {
        assert_eq!(replay(&script(before(), writes)), Ok(()));
    }
}

#[test]
fn a_row_that_is_written_for_nothing() {
    let before = || [(1, naming(None))];
    let twice = |step: usize| Err(Fault::Twice { step, row: id(1) });
    assert_eq!(replay(&script([], [insert(0, 1, naming(None)), insert(1, 1, naming(None))])), twice(1));
    assert_eq!(replay(&script(before(), [update(0, 1, naming(None)), update(1, 1, naming(None))])), twice(1));
    assert_eq!(replay(&script(before(), [update(0, 1, naming(None)), delete(1, 1)])), twice(1));
    assert_eq!(replay(&script(before(), [delete(0, 1), update(1, 1, naming(None))])), twice(1));
    assert_eq!(replay(&script([], [insert(0, 1, naming(None)), delete(1, 1)])), twice(1));
    let nulled = |why: UpdateWhy| Write { step: 0, row: id(1), change: Change::Update(why, naming(None)) };
    assert_eq!(replay(&script(before(), [nulled(UpdateWhy::BeforeDelete)])), twice(0));
    assert_eq!(replay(&script(before(), [nulled(UpdateWhy::BeforeDelete), delete(1, 1)])), Ok(()));
    let links = [associate(0, AssociationKind::Add, 1, 2), associate(0, AssociationKind::Add, 1, 2)];
    assert_eq!(replay(&script([(1, naming(None)), (2, naming(None))], links)), twice(0));
}

#[test]
fn association_rows_are_between_their_ends() {
    let early = [associate(0, AssociationKind::Add, 1, 2), insert(1, 2, naming(None))];
    assert_eq!(replay(&script([(1, naming(None))], early)), Err(Fault::Early { step: 0, row: id(1), parent: id(2) }));
    let late = [delete(0, 2), associate(1, AssociationKind::Remove, 1, 2)];
    let before = [(1, naming(None)), (2, naming(None))];
    assert_eq!(replay(&script(before, late)), Err(Fault::Orphaned { step: 1, row: id(2), child: id(1) }));
}
