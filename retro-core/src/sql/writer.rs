//! Where the text goes while it is written, and which bind stands at which placeholder.

use std::fmt;

use sea_query::{QueryBuilder, SqlWriter, Value};

use crate::dialect::{Capabilities, Placeholder};

/// The renderer's word for a lock that is used for nothing else; see [`Renderer`](super::render::Renderer).
const SHARE_LOCK: &str = "FOR KEY SHARE";

/// A text under construction. Binds travel through the renderer as their numbers, so that nothing
/// is copied and no value has to be translated into the renderer's own type.
pub(super) struct Writer {
    sql: String,
    placeholder: Placeholder,
    share_lock: &'static str,
    /// The number of the bind at each placeholder, where placeholders have no numbers themselves.
    order: Vec<usize>,
    /// Numbers of placeholders that are taken, by text that stands before.
    taken: usize,
}

impl Writer {
    pub(super) fn new(capabilities: &Capabilities, taken: usize) -> Self {
        let Capabilities { placeholder, share_lock, .. } = *capabilities;
        Writer { sql: String::with_capacity(512), placeholder, share_lock, order: Vec::new(), taken }
    }

    pub(super) fn into_parts(self) -> (String, Vec<usize>) {
        (self.sql, self.order)
    }
}

impl fmt::Write for Writer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // The renderer knows one word for it on each database, and MariaDB has another than MySQL.
        self.sql.push_str(if text == SHARE_LOCK { self.share_lock } else { text });
        Ok(())
    }

    fn write_char(&mut self, c: char) -> fmt::Result {
        self.sql.push(c);
        Ok(())
    }
}

impl fmt::Display for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql)
    }
}

impl SqlWriter for Writer {
    fn push_param<T: QueryBuilder>(&mut self, value: Value, builder: &T) {
        use fmt::Write as _;
        let Value::BigUnsigned(Some(number)) = value else {
            // Only numbers of binds are given to the renderer; whatever it might add by itself
            // becomes text. Writing to a string does not fail.
            let _ = builder.write_value(&mut self.sql, &value);
            return;
        };
        match self.placeholder {
            Placeholder::Question => {
                self.sql.push('?');
                self.order.push(number as usize);
            }
            Placeholder::Numbered => {
                let _ = write!(self.sql, "${}", number + 1 + self.taken as u64);
            }
        }
    }

    fn as_writer(&mut self) -> &mut dyn fmt::Write {
        self
    }
}
