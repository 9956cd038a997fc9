//! [`Parameters`]: what an address says behind its `?`.

use std::collections::HashMap;

use axum::extract::Query;

use super::Failure;

/// No name in the store is longer. SQLite refuses to compare with a pattern of 50,000 characters.
const LONGEST: usize = 128;

/// The parameters of an address, each of which may be left out. For a handler to take as an argument.
pub(super) type Parameters = Query<HashMap<String, String>>;

/// A number; the default if it is left out.
///
/// # Errors
///
/// A [`Failure`] that names the parameter if it is none.
pub(super) fn number(of: &HashMap<String, String>, name: &'static str, default: u64) -> Result<u64, Failure> {
    match of.get(name).map(|text| text.trim()) {
        None | Some("") => Ok(default),
        Some(text) => {
            text.parse().map_err(|_| Failure::parameter(name, format!("`{text}` is not a number of 0 or more")))
        }
    }
}

/// A text; an empty one if it is left out.
///
/// # Errors
///
/// A [`Failure`] that names the parameter if it has a character that databases do not keep in texts, or
/// is longer than anything that it could be compared with.
pub(super) fn text(of: &HashMap<String, String>, name: &'static str) -> Result<String, Failure> {
    let text = of.get(name).map_or("", |text| text.trim());
    if text.contains('\0') {
        return Err(Failure::parameter(name, "no text has a NUL character in it".to_owned()));
    }
    if text.chars().count() > LONGEST {
        return Err(Failure::parameter(name, format!("no name has more than {LONGEST} characters")));
    }
    Ok(text.to_owned())
}
