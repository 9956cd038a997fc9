//! How a transaction is asked for.

/// How far a transaction is kept apart from the others. Without one the database's default holds:
/// read committed on PostgreSQL, repeatable read on MySQL, serializable on SQLite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Isolation {
    /// May see what others have not committed. PostgreSQL gives read committed instead.
    ReadUncommitted,
    /// Each statement sees what was committed before it began.
    ReadCommitted,
    /// Every statement sees what was committed before the first one began.
    RepeatableRead,
    /// As if transactions ran one after the other; may fail with a serialization failure, after
    /// which the transaction can be tried again. SQLite's only level: it is used for every other. There a
    /// transaction that is asked to be repeatable or serializable begins with what it reads first, and
    /// lets nobody else write until it ends; one that is not begins with its first write.
    Serializable,
}

/// The options of one transaction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TransactionOptions {
    pub(crate) isolation: Option<Isolation>,
    /// Nothing will be written. The servers enforce it; on SQLite it only means that the
    /// transaction takes no write lock when it begins.
    pub(crate) read_only: bool,
}

impl TransactionOptions {
    /// Whether what the transaction reads must fit together from the first statement to the last.
    pub(crate) fn promises_one_view(&self) -> bool {
        matches!(self.isolation, Some(Isolation::RepeatableRead | Isolation::Serializable))
    }
}

impl Isolation {
    pub(super) fn sql(self) -> &'static str {
        match self {
            Isolation::ReadUncommitted => "READ UNCOMMITTED",
            Isolation::ReadCommitted => "READ COMMITTED",
            Isolation::RepeatableRead => "REPEATABLE READ",
            Isolation::Serializable => "SERIALIZABLE",
        }
    }
}
