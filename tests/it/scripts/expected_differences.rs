//! Where retro's promise differs from SQLAlchemy's, script by script, with the reason.

use std::collections::BTreeMap;

use super::interpreter::Manner;

/// Scripts that end differently in either manner.
const EXPECTED: &[(&str, &str)] = &[];

/// Scripts that end differently only when retro's session is left to itself.
const EXPECTED_OWN: &[(&str, &str)] = &[];

/// Fails if scripts differ that are not expected to, or do not differ any more.
pub fn check(manner: Manner, mut differences: BTreeMap<String, String>) {
    let own = if manner == Manner::Own { EXPECTED_OWN } else { &[] };
    let mut gone = Vec::new();
    for (id, _) in EXPECTED.iter().chain(own) {
        if differences.remove(*id).is_none() {
            gone.push(id);
        }
    }
    let listed: Vec<String> = differences.iter().map(|(id, difference)| format!("{id}: {difference}")).collect();
    assert!(listed.is_empty(), "{} scripts differ:\n{}", listed.len(), listed.join("\n"));
    assert!(gone.is_empty(), "these scripts do not differ any more: {gone:?}");
}
