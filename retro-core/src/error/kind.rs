//! The kinds of error.

/// The kind of an [`Error`](super::Error).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The mapping, the metadata, a URL or a setting is wrong.
    Configuration,
    /// The database could not be reached, or the connection broke.
    Disconnected,
    /// No connection became free within the acquire timeout.
    PoolTimeout,
    /// A unique constraint or primary key refused the statement.
    UniqueViolation,
    /// A foreign key refused the statement.
    ForeignKeyViolation,
    /// A column that takes no `NULL` was given one.
    NotNullViolation,
    /// A check constraint refused the statement.
    CheckViolation,
    /// The row was changed or deleted by somebody else.
    StaleData,
    /// A row that must be there is not.
    NotFound,
    /// More rows were found than asked for.
    MultipleFound,
    /// A relationship was read that is not loaded, or may not be loaded.
    NotLoaded,
    /// A handle of another session or of an entity that left this one.
    Detached,
    /// An entity is in a state that the operation does not take.
    InvalidState,
    /// Rows that depend on each other in a circle.
    CircularDependency,
    /// A serialization failure, a deadlock or a lock timeout.
    SerializationFailure,
    /// The session's transaction failed earlier and waits for `rollback()`.
    RolledBack,
    /// A future of the session was dropped before it finished; waits for `rollback()`.
    Interrupted,
    /// A value does not fit its column, on the way in or out.
    Conversion,
    /// Any other error that the database reported.
    Database,
    /// A mistake in retro itself, found before it did harm. Please report it.
    Internal,
}
