//! What serde says about a JSON document, less what may quote it: its values may be sensitive.

use super::ValueError;

/// Why a document cannot be read as the type of a field.
#[cold]
pub(super) fn unreadable(error: &serde_json::Error) -> ValueError {
    let said = error.to_string();
    // Only the names of the type's own fields stand in these.
    let names_fields = ["missing field `", "duplicate field `"].iter().any(|start| said.starts_with(start));
    // "invalid type: string \"..\", expected u32", "unknown variant `..`, expected one of `a`, `b`": what was
    // found is quoted, what was expected is the type's own.
    let expected = ["invalid ", "unknown "].iter().any(|start| said.starts_with(start));
    let reason = match said.rsplit_once(", expected ") {
        _ if names_fields => said,
        Some((_, wanted)) if expected => format!("another value where {wanted} is expected"),
        _ => "something else than its type takes".to_owned(),
    };
    ValueError::new(format!("the database holds JSON that does not fit the field: {reason}"))
}

/// Why a value of a field cannot be written as a document.
#[cold]
pub(super) fn unwritable(error: &serde_json::Error) -> &'static str {
    match error.to_string().as_str() {
        "key must be a string" => "it is no JSON: the key of a map is no string",
        "float key must be finite (got NaN or +/-inf)" => "it is no JSON: the key of a map is no finite number",
        "number out of range" => "it is no JSON: a number is out of range",
        // A type's own message may quote what it is about.
        _ => "its type cannot write it as JSON",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)] // read by serde
    struct Account {
        id: u8,
        plan: Plan,
    }

    #[derive(Debug, Deserialize)]
    enum Plan {
        Free,
    }

    fn said<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        unreadable(&serde_json::from_value::<T>(json).unwrap_err()).to_string()
    }

    #[test]
    fn what_was_found_is_not_quoted() {
        for text in [
            r#""hunter2, expected by nobody""#,
            r#"{"id": "hunter2", "plan": "Free"}"#,
            r#"{"id": 1, "plan": "hunter2"}"#,
            r#"{"id": 1, "plan": "Free", "hunter2": 1}"#,
            r#"{"id": 1, "plan": {"hunter2": 2}}"#,
        ] {
            let said = said::<Account>(text);
            assert!(!said.contains("hunter2") && !said.contains("nobody"), "{said}");
        }
        let said_of = said::<Account>(r#"{"id": 300, "plan": "Free"}"#);
        assert!(said_of.contains("u8") && !said_of.contains("300"), "{said_of}");
    }

    #[test]
    fn what_is_missing_is_named() {
        assert!(said::<Account>(r#"{"id": 1}"#).contains("missing field `plan`"));
    }
}
