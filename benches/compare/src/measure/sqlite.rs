//! Counts the statements on every connection to SQLite that this process opens, whoever opens it.

#![allow(unsafe_code)]

use std::ffi::{c_char, c_int};

use rusqlite::auto_extension::{init_auto_extension, register_auto_extension};
use rusqlite::ffi::{sqlite3, sqlite3_api_routines};
use rusqlite::trace::{TraceEvent, TraceEventCodes};

use crate::Result;

/// Connections that are opened from now on are counted.
pub(crate) fn trace() -> Result<()> {
    // SAFETY: what is registered opens and closes nothing, and doesn't touch the list of extensions.
    Ok(unsafe { register_auto_extension(opened) }?)
}

unsafe extern "C" fn opened(db: *mut sqlite3, message: *mut *mut c_char, _: *const sqlite3_api_routines) -> c_int {
    let trace = |connection: rusqlite::Connection| {
        connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note));
        Ok(())
    };
    // SAFETY: SQLite gives a connection that is open, and a place for a message.
    unsafe { init_auto_extension(db, message, trace) }
}

fn note(event: TraceEvent<'_>) {
    // Those that SQLite runs by itself are told as comments.
    if let TraceEvent::Stmt(_, sql) = event
        && !sql.starts_with("--")
    {
        super::sent_one();
    }
}
