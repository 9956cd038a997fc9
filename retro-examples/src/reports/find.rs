//! [`find`]: a report by a name that may be short.

use super::{Report, catalog, further};

/// Names of reports that are this much like another one are suggested for it.
const SIMILAR: f64 = 0.8;

/// So many are suggested at most.
const SUGGESTED: usize = 3;

/// A name that is not that of one report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownReport {
    /// It is short for several.
    #[error("`{name}` is short for several reports: {}", .reports.join(", "))]
    Ambiguous {
        /// The name.
        name: String,
        /// The reports.
        reports: Vec<&'static str>,
    },
    /// It is no report's, but like those of some.
    #[error("there is no report `{name}`; did you mean {}?", .similar.join(" or "))]
    Misspelled {
        /// The name.
        name: String,
        /// The most similar reports, the best first.
        similar: Vec<&'static str>,
    },
    /// It is no report's.
    #[error("there is no report `{0}`; `retrofun report --list` shows all")]
    Unknown(String),
}

/// The report with a name, which may be shortened as long as it is clear: `Q26-orders-above-400`,
/// `q26`, `26` and `orders-above` are one report.
///
/// # Errors
///
/// [`UnknownReport`] if no report is called so, or several could be, with those that may be meant.
pub fn find(name: &str) -> Result<Report, UnknownReport> {
    let wanted = name.to_lowercase();
    let number = wanted.trim_start_matches('q').parse::<usize>().ok();
    let mut found = all();
    found.retain(|report| match number {
        Some(number) => report.number() == Some(number),
        None => !wanted.is_empty() && report.names().iter().any(|name| name.starts_with(&wanted)),
    });
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(misspelled(name, &wanted)),
        _ => Err(UnknownReport::Ambiguous { name: name.into(), reports: found.iter().map(Report::id).collect() }),
    }
}

fn all() -> Vec<Report> {
    catalog().into_iter().chain(further()).collect()
}

fn misspelled(name: &str, wanted: &str) -> UnknownReport {
    let likeness =
        |report: &Report| report.names().iter().map(|name| strsim::jaro_winkler(name, wanted)).fold(0.0, f64::max);
    let mut similar: Vec<(f64, &str)> = all().iter().map(|report| (likeness(report), report.id())).collect();
    similar.retain(|&(likeness, _)| likeness >= SIMILAR);
    similar.sort_by(|a, b| b.0.total_cmp(&a.0));
    match similar.is_empty() {
        true => UnknownReport::Unknown(name.into()),
        false => UnknownReport::Misspelled {
            name: name.into(),
            similar: similar.into_iter().take(SUGGESTED).map(|(_, id)| id).collect(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_be_short() {
        for name in ["Q26-orders-above-400", "Q26", "q26", "26", "orders-above", "Q26-o", "ORDERS-ABOVE-400"] {
            assert_eq!(find(name).map(|report| report.id()), Ok("Q26-orders-above-400"), "{name}");
        }
        assert_eq!(find("2").map(|report| report.id()), Ok("Q02-count-products"));
        assert_eq!(find("Store").map(|report| report.id()), Ok("store-ratings"));
        // The second half of a name without a number is no name.
        assert_eq!(find("ratings").map(|report| report.id()), Ok("Q35-ratings-by-month"));
    }

    #[test]
    fn unclear_names_are_explained() {
        let error = |name| find(name).map(|report| report.id()).unwrap_err().to_string();
        assert_eq!(
            error("orders-"),
            "`orders-` is short for several reports: Q26-orders-above-400, Q27-orders-with-amstrad-in-december"
        );
        assert!(
            error("order-above-400")
                .starts_with("there is no report `order-above-400`; did you mean Q26-orders-above-400")
        );
        assert_eq!(error("0"), "there is no report `0`; `retrofun report --list` shows all");
        assert_eq!(error("53"), "there is no report `53`; `retrofun report --list` shows all");
        assert_eq!(error("zx"), "there is no report `zx`; `retrofun report --list` shows all");
        assert_eq!(error(""), "there is no report ``; `retrofun report --list` shows all");
    }
}
