//! [`Lines`]: hands a file to the csv reader one line at a time, counting lines and quotes.

use std::io::{BufRead, Read, Result};

/// A reader that never gives more than the rest of the current line.
///
/// The csv reader's own positions point to before the blank lines that it skips, and to before the
/// `\n` of a preceding `\r\n`. Fed line by line it cannot have read past the line on which a
/// record ends, so that [`line`](Lines::line) is that line, whatever came before.
pub(super) struct Lines<R> {
    inner: R,
    line: u64,
    at_line_start: bool,
    quotes: u64,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, line: 0, at_line_start: true, quotes: 0, ended: false }
    }

    /// The number of the line given last, from 1; 0 before the first.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// How many quotation marks there were so far.
    pub(super) fn quotes(&self) -> u64 {
        self.quotes
    }

    /// Whether the end of the file was met, not just the end of its last line.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }
}

impl<R: BufRead> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let available = self.inner.fill_buf()?;
        let limit = available.len().min(buffer.len());
        let end_of_line = available[..limit].iter().position(|&byte| byte == b'\n');
        let length = end_of_line.map_or(limit, |index| index + 1);
        if length == 0 {
            self.ended = true;
            return Ok(0);
        }
        let given = &available[..length];
        buffer[..length].copy_from_slice(given);
        self.quotes += given.iter().filter(|&&byte| byte == b'"').count() as u64;
        self.inner.consume(length);
        self.line += u64::from(self.at_line_start);
        self.at_line_start = end_of_line.is_some();
        Ok(length)
    }
}
