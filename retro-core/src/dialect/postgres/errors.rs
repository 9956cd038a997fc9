//! What PostgreSQL's refusals mean: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.

use crate::dialect::diagnosis::{between, withheld};
use crate::dialect::{Diagnosis, Refusal};
use crate::error::{ErrorKind, Violation};

pub(in crate::dialect) fn diagnose(refusal: &Refusal<'_>) -> Diagnosis {
    let kind = match kind(refusal.state) {
        ErrorKind::Database if refusal.fatal => ErrorKind::Disconnected,
        kind => kind,
    };
    let mut diagnosis = Diagnosis::new(kind, refusal.message);
    // Every error makes the server refuse all statements until the transaction, or a savepoint of
    // it, is rolled back.
    diagnosis.transaction_lost = true;
    diagnosis.violation = refusal.state.starts_with("23").then(|| violation(refusal));
    diagnosis.connection_spent = is_plan_outdated(refusal);
    if let Some(detail) = refusal.detail.filter(|detail| !quotes_whole_row(detail)) {
        diagnosis.message = format!("{} ({detail})", refusal.message);
    }
    if message_quotes_values(refusal.state) {
        diagnosis.discreet = withheld(refusal.state);
    }
    diagnosis
}

fn kind(state: &str) -> ErrorKind {
    match state {
        "23505" => ErrorKind::UniqueViolation,
        "23503" => ErrorKind::ForeignKeyViolation,
        "23502" => ErrorKind::NotNullViolation,
        "23514" => ErrorKind::CheckViolation,
        // Serialization failure, deadlock, lock not available.
        "40001" | "40P01" | "55P03" => ErrorKind::SerializationFailure,
        // The server shuts down, crashed, is not ready, or hung up on an idle session; or it has no
        // connection left.
        "57P01" | "57P02" | "57P03" | "57P05" | "53300" => ErrorKind::Disconnected,
        "3D000" => ErrorKind::Configuration,
        _ if state.starts_with("08") => ErrorKind::Disconnected,
        _ if state.starts_with("28") => ErrorKind::Configuration,
        _ => ErrorKind::Database,
    }
}

fn violation(refusal: &Refusal<'_>) -> Violation {
    let columns = match (refusal.column, refusal.detail) {
        (Some(column), _) => vec![column.to_owned()],
        // "Key (a, b)=(1, 2) already exists."
        (None, Some(detail)) => match between(detail, "Key (", ")=(") {
            Some(columns) => columns.split(", ").map(|column| column.trim_matches('"').to_owned()).collect(),
            None => Vec::new(),
        },
        (None, None) => Vec::new(),
    };
    Violation { table: refusal.table.map(str::to_owned), columns, constraint: refusal.constraint.map(str::to_owned) }
}

/// "Failing row contains (1, secret, ..)" shows columns that the statement did not even name, so
/// nobody can tell whether one of them is sensitive.
fn quotes_whole_row(detail: &str) -> bool {
    detail.starts_with("Failing row contains")
}

/// Data exceptions ("invalid input syntax for type integer: ..") and what functions raise.
fn message_quotes_values(state: &str) -> bool {
    state.starts_with("22") || state.starts_with("P0") || state.starts_with("XX")
}

/// A table was altered under a statement that this connection keeps prepared, or a proxy gave it
/// another server connection. Either way the statement would fail here for ever.
fn is_plan_outdated(refusal: &Refusal<'_>) -> bool {
    refusal.state == "26000" || (refusal.state == "0A000" && refusal.message.contains("cached plan must not change"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unique() -> Refusal<'static> {
        Refusal {
            state: "23505",
            message: "duplicate key value violates unique constraint \"uq_users_email\"",
            detail: Some("Key (email, tenant)=(joe@example.org, 7) already exists."),
            table: Some("users"),
            constraint: Some("uq_users_email"),
            ..Refusal::default()
        }
    }

    #[test]
    fn a_unique_violation_names_table_columns_and_constraint() {
        let found = diagnose(&unique());
        assert_eq!(found.kind, ErrorKind::UniqueViolation);
        assert!(found.message.contains("joe@example.org"));
        let violation = found.violation.unwrap();
        assert_eq!(violation.table.as_deref(), Some("users"));
        assert_eq!(violation.columns, ["email", "tenant"]);
        assert_eq!(violation.constraint.as_deref(), Some("uq_users_email"));
    }

    /// There is a code for each time that a session may wait for too long, and more come.
    #[test]
    fn what_is_fatal_ends_the_connection() {
        let idle = Refusal { state: "25P03", fatal: true, message: "terminating connection", ..Refusal::default() };
        assert_eq!(diagnose(&idle).kind, ErrorKind::Disconnected);
        let refused = Refusal { state: "28P01", fatal: true, message: "password", ..Refusal::default() };
        assert_eq!(diagnose(&refused).kind, ErrorKind::Configuration);
    }

    #[test]
    fn the_discreet_message_quotes_no_values() {
        assert!(!diagnose(&unique()).discreet.contains("joe"));
        let data = Refusal {
            state: "22P02",
            message: "invalid input syntax for type integer: \"hunter2\"",
            ..Refusal::default()
        };
        assert!(!diagnose(&data).discreet.contains("hunter2"));
        assert!(diagnose(&data).message.contains("hunter2"));
    }

    #[test]
    fn a_failing_row_is_never_shown() {
        let found = diagnose(&Refusal {
            state: "23502",
            message: "null value in column \"name\" of relation \"users\" violates not-null constraint",
            detail: Some("Failing row contains (1, null, hunter2)."),
            column: Some("name"),
            ..Refusal::default()
        });
        assert!(!found.message.contains("hunter2"));
        assert_eq!(found.violation.unwrap().columns, ["name"]);
    }
}
