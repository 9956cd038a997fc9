//! Customers: names that are never given twice, addresses and telephone numbers of nowhere.

use std::fmt::Write;

use rand::RngExt;
use rand::seq::SliceRandom;

use super::random::{StoreRng, chance, pick};
use super::words::{FIRST_NAMES, LAST_NAMES, STATES, STREET_KINDS, STREETS, TOWN_ENDS, TOWN_STARTS};

/// A customer, with all the addresses so far; the last is the current one.
pub(super) struct Customer {
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) addresses: Vec<String>,
}

impl Customer {
    /// Gives the customer a new address, from now on.
    pub(super) fn moves(&mut self, rng: &mut StoreRng) {
        let state = random_state(rng);
        self.addresses.push(address(rng, state));
    }
}

/// Makes customers, each with a name of their own however many there are.
pub(super) struct Population {
    /// All pairs of first and last name, shuffled.
    names: Vec<(&'static str, &'static str)>,
    made: usize,
}

impl Population {
    pub(super) fn new(rng: &mut StoreRng) -> Self {
        let mut names: Vec<_> =
            FIRST_NAMES.iter().flat_map(|first| LAST_NAMES.iter().map(move |last| (*first, *last))).collect();
        names.shuffle(rng);
        Self { names, made: 0 }
    }

    pub(super) fn next(&mut self, rng: &mut StoreRng) -> Customer {
        let (first, last) = self.names[self.made % self.names.len()];
        // Every time that all the names are given away, the next round has other initials.
        let initials = initials(self.made / self.names.len());
        self.made += 1;
        let state = random_state(rng);
        Customer {
            name: format!("{first} {initials}{last}"),
            phone: phone(rng, state),
            addresses: vec![address(rng, state)],
        }
    }
}

/// Nothing for 0, then `A. ` to `Z. `, `A. A. `, `B. A. ` and so on: another text for each number.
fn initials(mut round: usize) -> String {
    let mut initials = String::new();
    while round > 0 {
        round -= 1;
        initials.push(char::from(b'A' + (round % 26) as u8));
        initials.push_str(". ");
        round /= 26;
    }
    initials
}

fn random_state(rng: &mut StoreRng) -> usize {
    rng.random_range(0..STATES.len())
}

fn address(rng: &mut StoreRng, state: usize) -> String {
    let (state, zip, _) = STATES[state];
    let number = rng.random_range(1..2_000);
    let street = pick(rng, STREETS);
    let kind = pick(rng, STREET_KINDS);
    let mut address = format!("{number} {street} {kind}");
    if chance(rng, 25) {
        // Writing to a string does not fail.
        let _ = write!(address, " Apt. {}", rng.random_range(1..60));
    }
    let town = [pick(rng, TOWN_STARTS), pick(rng, TOWN_ENDS)].concat();
    let _ = write!(address, ", {town}, {state} {zip:03}{:02}", rng.random_range(0..100));
    address
}

/// A number that is never all digits, since those would look like a number in the CSV file.
///
/// 555-0100 to 555-0199 are set aside for fiction in every area.
fn phone(rng: &mut StoreRng, state: usize) -> String {
    let (_, _, area) = STATES[state];
    let line = rng.random_range(100..200);
    match rng.random_range(0..4) {
        0 => format!("({area})555-0{line}"),
        1 => format!("{area}-555-0{line}"),
        2 => format!("{area}.555.0{line}"),
        _ => format!("+1-{area}-555-0{line}x{}", rng.random_range(10..1_000)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng;

    use super::*;

    #[test]
    fn no_name_is_given_twice() {
        let mut rng = StoreRng::seed_from_u64(1);
        let mut population = Population::new(&mut rng);
        let count = population.names.len() * 3;
        let names: HashSet<_> = (0..count).map(|_| population.next(&mut rng).name).collect();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn initials_differ() {
        assert_eq!(initials(0), "");
        assert_eq!(initials(1), "A. ");
        assert_eq!(initials(27), "A. A. ");
        assert_eq!((0..20_000).map(initials).collect::<HashSet<_>>().len(), 20_000);
    }

    #[test]
    fn phones_are_text() {
        let mut rng = StoreRng::seed_from_u64(1);
        for _ in 0..1_000 {
            assert!(phone(&mut rng, 0).parse::<f64>().is_err());
        }
    }
}
