//! The questions that the rest of the crate asks a dialect.

/// What a database can do and how it wants to be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Capabilities {
    /// The quote around identifiers.
    pub(crate) identifier_quote: char,
    /// How parameters are written.
    pub(crate) placeholder: Placeholder,
    /// The most parameters that one statement may have.
    pub(crate) max_binds: usize,
    /// The most rows that one multi-row INSERT should have; found by measuring.
    pub(crate) rows_per_insert: usize,
    /// The most rows that one UPDATE with different values should have.
    pub(crate) rows_per_update: usize,
    /// The most rows that one DELETE should name.
    pub(crate) rows_per_delete: usize,
    /// Whether an array is one parameter: `UNNEST($1)`, `= ANY($1)`.
    pub(crate) array_binds: bool,
    /// How the generated keys of a multi-row INSERT are learnt.
    pub(crate) generated_keys: GeneratedKeys,
    /// Whether `INSERT ... RETURNING` exists.
    pub(crate) insert_returning: bool,
    /// Whether `UPDATE ... RETURNING` exists.
    pub(crate) update_returning: bool,
    /// Whether `DELETE ... RETURNING` exists.
    pub(crate) delete_returning: bool,
    /// Whether an aggregate can have a FILTER.
    pub(crate) aggregate_filter: bool,
    /// Whether an order can say `NULLS FIRST`.
    pub(crate) orders_nulls: bool,
    /// Whether `FULL JOIN` exists.
    pub(crate) full_join: bool,
    /// Whether a query in FROM can be `LATERAL`.
    pub(crate) lateral: bool,
    /// Whether `SELECT DISTINCT ON` exists.
    pub(crate) distinct_on: bool,
    /// Whether a query within IN may have a LIMIT of its own.
    pub(crate) limit_in_subquery: bool,
    /// Whether an upsert names its key, `ON CONFLICT (..)`, and may have a condition of its own; else it
    /// is `ON DUPLICATE KEY`, which means any key of the table.
    pub(crate) on_conflict: bool,
    /// Whether a WITH may stand before an INSERT, UPDATE or DELETE, and not only before a SELECT.
    pub(crate) with_before_write: bool,
    /// Whether a statement may read in a subquery the table that it updates or deletes from.
    pub(crate) reads_written: bool,
    /// Whether all values of a SET are calculated from the row as it was, and not from left to right.
    pub(crate) sets_at_once: bool,
    /// Whether rows are looked for in a list of rows of values by joining with it, because planning
    /// `(a, b) IN ((?, ?), ..)` takes time that grows with the square of the list's length.
    pub(crate) joins_row_lists: bool,
    /// The form of an UPDATE that gives many rows different values.
    pub(crate) update_form: UpdateForm,
    /// Whether reading outside a transaction is the rule: no `BEGIN` until the first write. True
    /// where an open read transaction keeps others from writing.
    pub(crate) begins_on_write: bool,
    /// Whether DDL takes part in transactions.
    pub(crate) transactional_ddl: bool,
    /// Whether rows of one statement may refer to each other in any order, because foreign keys
    /// are checked at the end of the statement and not row by row.
    pub(crate) checks_at_statement_end: bool,
    /// The most bytes of a pattern that LIKE takes, if there is a limit; then a NUL ends it too.
    pub(crate) pattern_length: Option<usize>,
    /// Whether a CTE can say whether its rows are kept.
    pub(crate) materialized: bool,
    /// Whether `FOR UPDATE` exists.
    pub(crate) row_locks: bool,
    /// What stands before a query to be told how it would be run.
    pub(crate) explain: &'static str,
    /// What stands before a query to have it run and be told how that went; `None` if nothing does.
    pub(crate) explain_analyze: Option<&'static str>,
    /// What the rows of a plan are.
    pub(crate) plan_form: PlanForm,
    /// Whether a lock can name the tables whose rows it is about.
    pub(crate) locks_of: bool,
    /// What locks rows and lets others lock them in the same way.
    pub(crate) share_lock: &'static str,
}

impl Capabilities {
    /// How many rows of so many binds fit a statement, of which at most so many are wanted.
    pub(crate) fn rows_per_statement(&self, binds_per_row: usize, most: usize) -> usize {
        if self.array_binds {
            return most;
        }
        (self.max_binds / binds_per_row.max(1)).clamp(1, most)
    }
}

/// How a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placeholder {
    /// `?`
    Question,
    /// `$1`
    Numbered,
}

/// What the rows of a plan are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlanForm {
    /// Lines of text, or steps described in several columns.
    Steps,
    /// The nodes of a tree: number, number of the parent, something, text.
    Nodes,
}

/// How the generated keys of a multi-row INSERT are learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GeneratedKeys {
    /// `RETURNING`; the keys are sorted and given out in the order of the rows.
    Returning,
    /// The driver reports the key of the last row; keys of one statement are consecutive.
    LastRow,
    /// The driver reports the key of the first row; the next ones follow in steps of the server's
    /// `auto_increment_increment`.
    FirstRow,
}

/// The form of an UPDATE that gives many rows different values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UpdateForm {
    /// `UPDATE t SET c = v.c FROM UNNEST(..) AS v WHERE t.id = v.id`
    FromUnnest,
    /// `WITH v(id, c) AS (VALUES ..) UPDATE t SET c = v.c FROM v WHERE t.id = v.id`
    FromValues,
    /// `UPDATE t JOIN (SELECT ? AS id, ? AS c UNION ALL ..) AS v ON t.id = v.id SET t.c = v.c`
    JoinSelect,
}
