//! What the refusals of MySQL and MariaDB mean:
//! <https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>,
//! <https://mariadb.com/kb/en/mariadb-error-code-reference/>.

use crate::dialect::diagnosis::{between, withheld};
use crate::dialect::{Diagnosis, Refusal};
use crate::error::{ErrorKind, Violation};

pub(in crate::dialect) fn diagnose(refusal: &Refusal<'_>) -> Diagnosis {
    let kind = kind(refusal);
    let mut diagnosis = Diagnosis::new(kind, refusal.message);
    diagnosis.violation = violation(kind, refusal.message);
    // A deadlock, or MariaDB's snapshot check, rolls the whole transaction back; a lock timeout
    // only the statement.
    diagnosis.transaction_lost = matches!(refusal.number, 1213 | 1020 | 1614);
    // "Prepared statement needs to be re-prepared": the driver would send the old one again.
    diagnosis.connection_spent = refusal.number == 1615;
    if kind == ErrorKind::UniqueViolation {
        diagnosis.discreet = match duplicate_key(refusal.message) {
            Some(key) => format!("Duplicate entry for key '{key}'"),
            None => withheld(&refusal.number.to_string()),
        };
    } else if message_quotes_values(kind, refusal.state) {
        diagnosis.discreet = withheld(&refusal.number.to_string());
    }
    diagnosis
}

fn kind(refusal: &Refusal<'_>) -> ErrorKind {
    match refusal.number {
        1022 | 1062 | 1169 | 1586 | 1859 => ErrorKind::UniqueViolation,
        1216 | 1217 | 1451 | 1452 | 1761 | 1762 => ErrorKind::ForeignKeyViolation,
        1048 | 1263 | 1364 => ErrorKind::NotNullViolation,
        3819 => ErrorKind::CheckViolation,
        // MySQL has another error under this number, with another SQLSTATE.
        4025 if refusal.state == "23000" => ErrorKind::CheckViolation,
        // Lock timeout, deadlock, record changed since last read, XA deadlock, NOWAIT.
        1205 | 1213 | 1020 | 1614 | 3572 => ErrorKind::SerializationFailure,
        // Shut down, killed, packets lost, timed out, or no connection left.
        1040 | 1053 | 1152..=1161 | 1203 | 1927 | 2006 | 2013 | 4031 => ErrorKind::Disconnected,
        1044 | 1045 | 1049 | 1130 => ErrorKind::Configuration,
        _ => ErrorKind::Database,
    }
}

fn violation(kind: ErrorKind, message: &str) -> Option<Violation> {
    match kind {
        ErrorKind::UniqueViolation => {
            let key = duplicate_key(message)?;
            // MySQL 8 puts the table before the key, MariaDB does not.
            let (table, key) = match key.split_once('.') {
                Some((table, key)) => (Some(table.to_owned()), key),
                None => (None, key),
            };
            Some(Violation { table, columns: Vec::new(), constraint: Some(key.to_owned()) })
        }
        ErrorKind::ForeignKeyViolation => Some(Violation {
            table: between(message, ".`", "`").map(str::to_owned),
            columns: between(message, "FOREIGN KEY (", ")").map(names).unwrap_or_default(),
            constraint: between(message, "CONSTRAINT `", "`").map(str::to_owned),
        }),
        // "Column 'name' cannot be null", "Field 'name' doesn't have a default value"
        ErrorKind::NotNullViolation => Some(Violation {
            columns: between(message, "'", "'").map(|column| vec![column.to_owned()]).unwrap_or_default(),
            ..Violation::default()
        }),
        // MariaDB: "CONSTRAINT `ck` failed for `db`.`table`"; MySQL: "Check constraint 'ck' is violated."
        ErrorKind::CheckViolation => Some(Violation {
            table: between(message, ".`", "`").map(str::to_owned),
            columns: Vec::new(),
            constraint: between(message, "CONSTRAINT `", "`")
                .or_else(|| between(message, "constraint '", "'"))
                .map(str::to_owned),
        }),
        _ => None,
    }
}

/// The key of "Duplicate entry 'value' for key 'key'". The value may itself hold quotes, so the key
/// is sought from the end.
fn duplicate_key(message: &str) -> Option<&str> {
    let (_, key) = message.rsplit_once(" for key '")?;
    Some(key.trim_end_matches('\''))
}

/// The names in "`a`, `b`".
fn names(list: &str) -> Vec<String> {
    list.split(", ").map(|name| name.trim_matches('`').to_owned()).collect()
}

/// "Incorrect integer value: 'x' for column", "Truncated incorrect ..", what triggers signal. The
/// messages of the other classes name tables, columns and constraints only.
fn message_quotes_values(kind: ErrorKind, state: &str) -> bool {
    kind == ErrorKind::Database && !state.starts_with("42")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnosis(number: i32, state: &str, message: &str) -> Diagnosis {
        diagnose(&Refusal { number, state, message, ..Refusal::default() })
    }

    #[test]
    fn a_duplicate_gives_its_key_but_discreetly_not_its_value() {
        let found = diagnosis(1062, "23000", "Duplicate entry 'a' for key 'b' for key 'ix_users_email'");
        assert_eq!(found.kind, ErrorKind::UniqueViolation);
        assert_eq!(found.violation.unwrap().constraint.as_deref(), Some("ix_users_email"));
        assert_eq!(found.discreet, "Duplicate entry for key 'ix_users_email'");
        let mysql8 = diagnosis(1062, "23000", "Duplicate entry 'x' for key 'users.PRIMARY'").violation.unwrap();
        assert_eq!((mysql8.table.as_deref(), mysql8.constraint.as_deref()), (Some("users"), Some("PRIMARY")));
    }

    #[test]
    fn a_foreign_key_names_table_columns_and_constraint() {
        let message = "Cannot add or update a child row: a foreign key constraint fails (`test`.`items`, CONSTRAINT \
                       `fk_items_order` FOREIGN KEY (`order_id`, `no`) REFERENCES `orders` (`id`, `no`))";
        let found = diagnosis(1452, "23000", message).violation.unwrap();
        assert_eq!(found.table.as_deref(), Some("items"));
        assert_eq!(found.columns, ["order_id", "no"]);
        assert_eq!(found.constraint.as_deref(), Some("fk_items_order"));
    }

    #[test]
    fn check_constraints_of_both_servers_are_named() {
        let maria = diagnosis(4025, "23000", "CONSTRAINT `ck_price` failed for `test`.`items`");
        let mysql = diagnosis(3819, "HY000", "Check constraint 'ck_price' is violated.");
        for found in [maria, mysql] {
            assert_eq!(found.kind, ErrorKind::CheckViolation);
            assert_eq!(found.violation.unwrap().constraint.as_deref(), Some("ck_price"));
        }
    }

    #[test]
    fn a_deadlock_loses_the_transaction_and_a_lock_timeout_does_not() {
        assert!(diagnosis(1213, "40001", "Deadlock found").transaction_lost);
        assert!(!diagnosis(1205, "HY000", "Lock wait timeout exceeded").transaction_lost);
    }

    #[test]
    fn a_quoted_value_is_withheld() {
        let found = diagnosis(1366, "22007", "Incorrect integer value: 'hunter2' for column `t`.`u`.`a` at row 1");
        assert!(!found.discreet.contains("hunter2"));
    }
}
