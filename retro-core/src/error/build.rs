//! How the crate makes and annotates errors.

use std::error::Error as StdError;
use std::sync::Arc;

use super::{Error, ErrorKind, Inner, Misfit, Violation};

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error(Arc::new(Inner {
            kind,
            message: message.into(),
            context: Vec::new(),
            model: None,
            columns: Vec::new(),
            constraint: None,
            entity: None,
            violation: None,
            misfit: None,
            outcome_unknown: false,
            source: None,
        }))
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Configuration, message)
    }

    fn edit(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// Says what was being done. The outermost context is added last and printed first.
    pub(crate) fn context(self, context: impl Into<String>) -> Self {
        self.edit(|inner| inner.context.push(context.into()))
    }

    pub(crate) fn with_source(self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.edit(|inner| inner.source = Some(Arc::new(source)))
    }

    pub(crate) fn with_model(self, model: &'static str) -> Self {
        self.edit(|inner| inner.model = Some(model))
    }

    pub(crate) fn with_columns(self, columns: impl IntoIterator<Item = &'static str>) -> Self {
        self.edit(|inner| inner.columns = columns.into_iter().collect())
    }

    pub(crate) fn with_constraint(self, constraint: impl Into<String>) -> Self {
        self.edit(|inner| inner.constraint = Some(constraint.into()))
    }

    /// Attaches what the database said about a constraint; its name becomes the error's.
    pub(crate) fn with_violation(self, violation: Violation) -> Self {
        self.edit(|inner| {
            if violation.constraint.is_some() {
                inner.constraint.clone_from(&violation.constraint);
            }
            inner.violation = Some(violation);
        })
    }

    /// Attaches where in the statement the value was that could not be sent.
    pub(crate) fn with_misfit(self, misfit: Misfit) -> Self {
        self.edit(|inner| inner.misfit = Some(misfit))
    }

    /// The error struck a COMMIT, and nobody knows whether it was before or after it was done.
    pub(crate) fn with_outcome_unknown(self) -> Self {
        self.edit(|inner| inner.outcome_unknown = true)
    }

    pub(crate) fn with_entity(self, entity: impl Into<String>) -> Self {
        self.edit(|inner| inner.entity = Some(entity.into()))
    }

    /// The same facts under another kind and message; the original becomes the source.
    pub(crate) fn recast(self, kind: ErrorKind, message: impl Into<String>) -> Self {
        let source = self.clone();
        self.edit(|inner| {
            inner.kind = kind;
            inner.message = message.into();
            inner.context.clear();
            inner.source = Some(Arc::new(source));
        })
    }
}
