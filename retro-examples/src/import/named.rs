//! [`named`]: what a row names, or why there is no such thing.

use std::collections::HashMap;

use super::field::shown;

/// How alike two names must be, from 0 to 1, so that one may be meant by the other.
const ALIKE: f64 = 0.6;

/// What is known by a name; otherwise, for an [`ImportError`](super::ImportError), that there is no
/// such product (customer, ..), and which of those that are known may be meant.
pub(super) fn named<T: Copy>(what: &str, name: &str, known: &HashMap<String, T>) -> Result<T, String> {
    known.get(name).copied().ok_or_else(|| {
        let wanted = name.to_lowercase();
        let best = known
            .keys()
            .map(|known| (strsim::normalized_damerau_levenshtein(&known.to_lowercase(), &wanted), known))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            // Of equally good ones the first by name, whatever the order they come in.
            .max_by(|(one, this), (other, that)| one.total_cmp(other).then_with(|| that.cmp(this)));
        let name = shown(name);
        match best {
            Some((_, known)) => format!("there is no {what} {name}; did you mean {}?", shown(known)),
            None if known.is_empty() => format!("there is no {what} {name}, nor any other yet"),
            None => format!("there is no {what} {name}"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_most_alike_is_suggested() {
        let known: HashMap<_, _> =
            ["ZX81", "ZX80", "ZX Spectrum", "Amiga 500"].map(|name| (name.to_owned(), name.len())).into();
        let named = |name| named("product", name, &known);
        assert_eq!(named("ZX Spectrum"), Ok(11));
        assert_eq!(named("zx spektrum").unwrap_err(), "there is no product `zx spektrum`; did you mean `ZX Spectrum`?");
        assert_eq!(named("ZX82").unwrap_err(), "there is no product `ZX82`; did you mean `ZX80`?");
        assert_eq!(named("PET 2001").unwrap_err(), "there is no product `PET 2001`");
    }

    #[test]
    fn that_nothing_is_known_is_said() {
        let reason = named::<()>("customer", "Ada", &HashMap::new()).unwrap_err();
        assert_eq!(reason, "there is no customer `Ada`, nor any other yet");
    }
}
