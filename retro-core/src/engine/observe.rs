//! Watching statements: observers, and the echo that writes them to the log.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::sql::{Bind, BindData};
use crate::value::Value;

/// Binds shown of a statement, and values of an array.
const SHOWN_BINDS: usize = 24;
const SHOWN_VALUES: usize = 3;
/// Characters shown of a text.
const SHOWN_CHARS: usize = 80;

/// Sees every statement after it has run: for logs, counters, tests and query budgets.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use retro_core::{StatementEvent, StatementObserver};
///
/// #[derive(Default)]
/// struct Count(AtomicUsize);
///
/// impl StatementObserver for Count {
///     fn statement(&self, _: &StatementEvent<'_>) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///     }
/// }
/// ```
pub trait StatementObserver: Send + Sync {
    /// Called after each statement, also `BEGIN`, `COMMIT` and `SAVEPOINT`. Runs on the session's
    /// path, so it must not block. A statement whose future was dropped is not seen; a stream that was
    /// dropped between two rows is, with the rows that had arrived.
    fn statement(&self, event: &StatementEvent<'_>);
}

/// A statement that has run.
#[derive(Debug)]
#[non_exhaustive]
pub struct StatementEvent<'e> {
    /// The text as it was sent.
    pub sql: &'e str,
    /// The bound values; `Display` masks the sensitive ones.
    pub binds: Binds<'e>,
    /// Rows returned or affected.
    pub rows: u64,
    /// From sending it until the last row had arrived.
    pub elapsed: Duration,
    /// Why it failed, if it did.
    pub error: Option<&'e Error>,
}

/// The bound values of a statement, to be printed. Sensitive ones are masked, long ones shortened.
#[derive(Clone, Copy)]
pub struct Binds<'e>(pub(super) &'e [Bind<'e>]);

impl Binds<'_> {
    /// How many parameters there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Binds<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (index, bind) in self.0.iter().take(SHOWN_BINDS).enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            match &bind.data {
                _ if bind.sensitive => f.write_str("***")?,
                BindData::One(value) => show(f, value)?,
                BindData::Array(values) => show_array(f, values)?,
            }
        }
        if self.0.len() > SHOWN_BINDS {
            write!(f, ", … {} more", self.0.len() - SHOWN_BINDS)?;
        }
        f.write_str("]")
    }
}

impl fmt::Debug for Binds<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn show_array(f: &mut fmt::Formatter<'_>, values: &[Value<'_>]) -> fmt::Result {
    f.write_str("{")?;
    for (index, value) in values.iter().take(SHOWN_VALUES).enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        show(f, value)?;
    }
    if values.len() > SHOWN_VALUES {
        write!(f, ", … {} more", values.len() - SHOWN_VALUES)?;
    }
    f.write_str("}")
}

fn show(f: &mut fmt::Formatter<'_>, value: &Value<'_>) -> fmt::Result {
    if let Value::Text(text) = value
        && let Some((end, _)) = text.char_indices().nth(SHOWN_CHARS)
    {
        return write!(f, "{:?}… ({} bytes)", &text[..end], text.len());
    }
    write!(f, "{value}")
}

/// Writes statements to the log.
pub(super) struct Echo;

impl StatementObserver for Echo {
    fn statement(&self, event: &StatementEvent<'_>) {
        let StatementEvent { sql, binds, rows, elapsed, error } = event;
        match error {
            None => tracing::info!(target: "retro::statement", %binds, rows, ?elapsed, "{sql}"),
            Some(error) => tracing::info!(target: "retro::statement", %binds, %error, ?elapsed, "{sql}"),
        }
    }
}

/// The observers of an engine.
pub(super) struct Observers(Vec<Arc<dyn StatementObserver>>);

impl Observers {
    pub(super) fn new(observers: Vec<Arc<dyn StatementObserver>>) -> Self {
        Observers(observers)
    }

    /// The time, if anybody wants to know how long a statement takes.
    pub(super) fn clock(&self) -> Option<Instant> {
        (!self.0.is_empty()).then(Instant::now)
    }

    pub(super) fn tell(&self, started: Option<Instant>, sql: &str, binds: &[Bind<'_>], outcome: Result<u64, &Error>) {
        let Some(started) = started else { return };
        let event = StatementEvent {
            sql,
            binds: Binds(binds),
            rows: outcome.unwrap_or(0),
            elapsed: started.elapsed(),
            error: outcome.err(),
        };
        for observer in &self.0 {
            observer.statement(&event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::SqlType;

    #[test]
    fn sensitive_values_are_masked_and_long_ones_shortened() {
        let text = "x".repeat(1000);
        let binds = [
            Bind::new(SqlType::I32, Value::Int(7)),
            Bind::new(SqlType::Text, Value::Text("hunter2".into())).sensitive(true),
            Bind::array(SqlType::I64, (0..1000).map(Value::Int).collect()),
            Bind::array(SqlType::I64, vec![Value::Int(4711)]).sensitive(true),
            Bind::new(SqlType::Text, Value::Text(text.as_str().into())),
        ];
        let shown = Binds(&binds).to_string();
        assert!(shown.starts_with("[7, ***, {0, 1, 2, … 997 more}, ***, \"xxx"), "{shown}");
        assert!(shown.ends_with("… (1000 bytes)]"), "{shown}");
    }

    #[test]
    fn a_long_list_is_shortened() {
        let binds: Vec<_> = (0..100).map(|i| Bind::new(SqlType::I32, Value::Int(i))).collect();
        assert!(Binds(&binds).to_string().ends_with("23, … 76 more]"));
    }
}
