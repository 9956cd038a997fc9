//! [`Error`]: one opaque error that can be questioned.
//!
//! It is opaque so that kinds and details can be added without breaking anyone, and cheap to clone
//! because a failed session repeats its first error until it is rolled back.

mod build;
mod kind;
mod misfit;
mod violation;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

pub use kind::ErrorKind;
pub(crate) use misfit::Misfit;
pub(crate) use violation::Violation;

/// The result of everything in retro that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, to which model and row, and the way out.
///
/// Ask with [`kind`](Error::kind) or the `is_*` questions; `Display` is the whole story for a
/// person. Values of columns marked `#[retro(sensitive)]` never stand in it.
///
/// ```
/// # use retro_core::prelude::*;
/// # async fn rename(session: &mut Session) -> Result<(), Error> {
/// match session.commit().await {
///     Err(error) if error.is_unique_violation() => {
///         eprintln!("taken: {:?} of {:?}", error.columns(), error.model());
///         session.rollback().await?;
///     }
///     other => other?,
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    /// What was being done, innermost first.
    context: Vec<String>,
    model: Option<&'static str>,
    columns: Vec<&'static str>,
    constraint: Option<String>,
    entity: Option<String>,
    violation: Option<Violation>,
    misfit: Option<Misfit>,
    outcome_unknown: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The model that it is about, where that is known.
    pub fn model(&self) -> Option<&'static str> {
        self.0.model
    }

    /// The fields that it is about, where that is known.
    pub fn columns(&self) -> &[&'static str] {
        &self.0.columns
    }

    /// The name of the violated constraint, where the database gave one or it follows from the
    /// naming convention.
    pub fn constraint(&self) -> Option<&str> {
        self.0.constraint.as_deref()
    }

    /// The entity that it is about, by model and key, where that is known.
    pub fn entity(&self) -> Option<&str> {
        self.0.entity.as_deref()
    }

    /// What the database said about the constraint that refused the statement, in its own names.
    /// The mapping turns them into the model's.
    pub(crate) fn violation(&self) -> Option<&Violation> {
        self.0.violation.as_ref()
    }

    /// The value that could not be sent, in the statement's own terms. The mapping turns them into the
    /// model's.
    pub(crate) fn misfit(&self) -> Option<&Misfit> {
        self.0.misfit.as_ref()
    }

    /// A unique, foreign key, not null or check constraint refused the statement.
    pub fn is_integrity(&self) -> bool {
        use ErrorKind::*;
        matches!(self.kind(), UniqueViolation | ForeignKeyViolation | NotNullViolation | CheckViolation)
    }
    /// A unique constraint or primary key refused the statement.
    pub fn is_unique_violation(&self) -> bool {
        self.kind() == ErrorKind::UniqueViolation
    }
    /// A foreign key refused the statement.
    pub fn is_foreign_key_violation(&self) -> bool {
        self.kind() == ErrorKind::ForeignKeyViolation
    }
    /// A column that takes no `NULL` was given one.
    pub fn is_not_null_violation(&self) -> bool {
        self.kind() == ErrorKind::NotNullViolation
    }
    /// A check constraint refused the statement.
    pub fn is_check_violation(&self) -> bool {
        self.kind() == ErrorKind::CheckViolation
    }
    /// The row was changed or deleted by somebody else since it was read.
    pub fn is_stale_data(&self) -> bool {
        self.kind() == ErrorKind::StaleData
    }
    /// A row that must be there is not.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }
    /// More rows were found than asked for.
    pub fn is_multiple_found(&self) -> bool {
        self.kind() == ErrorKind::MultipleFound
    }
    /// A relationship was read that is not loaded.
    pub fn is_not_loaded(&self) -> bool {
        self.kind() == ErrorKind::NotLoaded
    }
    /// A handle of another session, or of an entity that left the session.
    pub fn is_detached(&self) -> bool {
        self.kind() == ErrorKind::Detached
    }
    /// The database could not be reached or the connection broke.
    pub fn is_disconnected(&self) -> bool {
        self.kind() == ErrorKind::Disconnected
    }
    /// Whether the transaction was committed is not known: its COMMIT was under way when the connection
    /// broke or the future was dropped. Trying again may do the work twice, so look in the database
    /// first: after a [`rollback`](crate::session::Session::rollback) the session has everything expired.
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.outcome_unknown
    }
    /// No connection became free within the acquire timeout.
    pub fn is_pool_timeout(&self) -> bool {
        self.kind() == ErrorKind::PoolTimeout
    }
    /// A serialization failure, a deadlock or a lock timeout: the transaction can be tried again.
    pub fn is_serialization_failure(&self) -> bool {
        self.kind() == ErrorKind::SerializationFailure
    }
    /// The mapping, the metadata or a setting is wrong.
    pub fn is_configuration(&self) -> bool {
        self.kind() == ErrorKind::Configuration
    }
    /// The session's transaction failed or was interrupted and waits for `rollback()`.
    pub fn is_rolled_back(&self) -> bool {
        matches!(self.kind(), ErrorKind::RolledBack | ErrorKind::Interrupted)
    }
    /// Rows that depend on each other in a circle cannot be ordered.
    pub fn is_circular_dependency(&self) -> bool {
        self.kind() == ErrorKind::CircularDependency
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for context in self.0.context.iter().rev() {
            write!(f, "{context}: ")?;
        }
        f.write_str(&self.0.message)
    }
}

/// The same text as `Display` with the kind before it: what `main` prints when it returns an error
/// should be readable.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.0.kind)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
