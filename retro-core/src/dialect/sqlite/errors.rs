//! What SQLite's refusals mean: <https://www.sqlite.org/rescode.html>.

use crate::dialect::{Diagnosis, Refusal};
use crate::error::{ErrorKind, Violation};

const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const NOMEM: i32 = 7;
const INTERRUPT: i32 = 9;
const IOERR: i32 = 10;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const CONSTRAINT_CHECK: i32 = 275;
const CONSTRAINT_FOREIGNKEY: i32 = 787;
const CONSTRAINT_NOTNULL: i32 = 1299;
const CONSTRAINT_PRIMARYKEY: i32 = 1555;
const CONSTRAINT_TRIGGER: i32 = 1811;
const CONSTRAINT_UNIQUE: i32 = 2067;
const CONSTRAINT_ROWID: i32 = 2579;

pub(in crate::dialect) fn diagnose(refusal: &Refusal<'_>) -> Diagnosis {
    // The low byte of an extended code is the primary one.
    let primary = refusal.number & 0xff;
    let kind = match refusal.number {
        CONSTRAINT_UNIQUE | CONSTRAINT_PRIMARYKEY | CONSTRAINT_ROWID => ErrorKind::UniqueViolation,
        CONSTRAINT_FOREIGNKEY => ErrorKind::ForeignKeyViolation,
        CONSTRAINT_NOTNULL => ErrorKind::NotNullViolation,
        CONSTRAINT_CHECK => ErrorKind::CheckViolation,
        _ => match primary {
            BUSY | LOCKED => ErrorKind::SerializationFailure,
            CANTOPEN => ErrorKind::Disconnected,
            _ => ErrorKind::Database,
        },
    };
    let mut diagnosis = Diagnosis::new(kind, refusal.message);
    diagnosis.violation = violation(kind, refusal.message);
    // After these SQLite may have rolled the transaction back by itself:
    // <https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction>.
    // A trigger may have asked for that with `RAISE(ROLLBACK, ..)`, which the code does not tell. What
    // came next would take effect at once and by itself.
    diagnosis.transaction_lost =
        matches!(primary, FULL | IOERR | NOMEM | INTERRUPT) || refusal.number == CONSTRAINT_TRIGGER;
    diagnosis
}

/// `UNIQUE constraint failed: t.a, t.b`, `NOT NULL constraint failed: t.a`,
/// `UNIQUE constraint failed: index 'name'`, `CHECK constraint failed: name`.
fn violation(kind: ErrorKind, message: &str) -> Option<Violation> {
    let subject = message.split_once(" constraint failed: ").map(|(_, subject)| subject);
    match kind {
        ErrorKind::ForeignKeyViolation => Some(Violation::default()),
        ErrorKind::CheckViolation => Some(Violation { constraint: subject.map(str::to_owned), ..Violation::default() }),
        ErrorKind::UniqueViolation | ErrorKind::NotNullViolation => {
            let subject = subject?;
            if let Some(index) = subject.strip_prefix("index '") {
                let constraint = index.trim_end_matches('\'').to_owned();
                return Some(Violation { constraint: Some(constraint), ..Violation::default() });
            }
            let mut violation = Violation::default();
            for column in subject.split(", ") {
                let (table, column) = column.rsplit_once('.')?;
                violation.table = Some(table.to_owned());
                violation.columns.push(column.to_owned());
            }
            Some(violation)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnosis(number: i32, message: &str) -> Diagnosis {
        diagnose(&Refusal { number, message, ..Refusal::default() })
    }

    #[test]
    fn a_unique_index_names_its_table_and_columns() {
        let found = diagnosis(2067, "UNIQUE constraint failed: stock.shelf, stock.row");
        assert_eq!(found.kind, ErrorKind::UniqueViolation);
        let violation = found.violation.unwrap();
        assert_eq!(violation.table.as_deref(), Some("stock"));
        assert_eq!(violation.columns, ["shelf", "row"]);
    }

    #[test]
    fn an_index_over_an_expression_gives_its_name() {
        let found = diagnosis(2067, "UNIQUE constraint failed: index 'ix_lower'");
        assert_eq!(found.violation.unwrap().constraint.as_deref(), Some("ix_lower"));
    }

    #[test]
    fn every_busy_code_can_be_tried_again() {
        for number in [5, 6, 261, 517, 262] {
            assert_eq!(diagnosis(number, "database is locked").kind, ErrorKind::SerializationFailure);
        }
    }

    #[test]
    fn a_full_disk_loses_the_transaction() {
        assert!(diagnosis(13, "database or disk is full").transaction_lost);
        assert!(!diagnosis(2067, "UNIQUE constraint failed: t.a").transaction_lost);
        assert!(diagnosis(1811, "what a trigger says").transaction_lost);
    }
}
