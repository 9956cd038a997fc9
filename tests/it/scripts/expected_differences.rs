//! Where retro's promise differs from SQLAlchemy's, script by script, with the reason.

use std::collections::BTreeMap;

use super::interpreter::Manner;

/// Scripts that end differently in every manner.
const EXPECTED: &[(&str, &str)] = &[
    ("D-pending-rollback", "after a failed flush every flush is refused, also one without anything to write"),
    ("D-stale-collection", "a deleted member leaves loaded collections at the flush"),
    ("D-stale-ref", "a reference to a deleted row is empty from the flush on"),
];

/// Scripts that end differently when entities expire at a commit.
const EXPECTED_EXPIRING: &[(&str, &str)] = &[("R-0033", READS_TO_WRITE), ("R-0072", READS_TO_WRITE)];

const READS_TO_WRITE: &str = "SQLAlchemy reads an expired row anew when a flush links it, and so shows what it was \
    before the raw update; retro knows its key without";

/// Scripts that end differently when retro's session is left to itself.
const EXPECTED_OWN: &[(&str, &str)] = &[(
    "D-delete-cascade-load-flushes",
    "marking for deletion sends nothing: both deletes are flushed together, in an order that works",
)];

/// Scripts that end differently only when nothing expires and nothing is loaded before it changes.
const EXPECTED_BARE: &[(&str, &str)] = &[
    ("D-commit-expires", "commit keeps values"),
    ("D-read-missing", "commit keeps values, also of a row that is gone"),
    ("D-move-by-remove-append-unloaded", "nothing is loaded, so nothing is flushed between the remove and the append"),
];

/// Fails if scripts differ that are not expected to, or do not differ any more.
pub fn check(manner: Manner, mut differences: BTreeMap<String, String>) {
    let own = if manner == Manner::Imitated { &[] } else { EXPECTED_OWN };
    let bare = if manner == Manner::Bare { EXPECTED_BARE } else { EXPECTED_EXPIRING };
    let mut gone = Vec::new();
    for (id, _) in EXPECTED.iter().chain(own).chain(bare) {
        if differences.remove(*id).is_none() {
            gone.push(id);
        }
    }
    let listed: Vec<String> = differences.iter().map(|(id, difference)| format!("{id}: {difference}")).collect();
    assert!(listed.is_empty(), "{} scripts differ:\n{}", listed.len(), listed.join("\n"));
    assert!(gone.is_empty(), "these scripts do not differ any more: {gone:?}");
}
