//! SQLite's C interface, on the handle that the driver lends. All the `unsafe` of the crate is here.
//!
//! [`Held`] owns a connection of the pool. [`Locked`] is the right to call SQLite on its handle, and
//! keeps the statements that were prepared with it. What they do is safe to use; whoever uses them
//! decides what may run on which thread (`link.rs`).
//!
//! The proofs at the `unsafe` blocks rest on these:
//!
//! 1. **Alone.** While a `LockedSqliteHandle` exists, no other thread calls SQLite on its connection or
//!    the connection's statements: that is the driver's promise. Each `Locked` owns one, and calls SQLite
//!    only through `&mut self`. It does not matter which thread calls: [`is_thread_safe`] was asked first.
//! 2. **The connection is open.** The driver closes it when the `SqliteConnection` goes. A `Locked` is
//!    only ever the field of a `Held`, before the connection in the order in which fields are dropped.
//! 3. **Statements are alive.** A [`Prepared`] is made of what `sqlite3_prepare_v3` gave, is finalized by
//!    its `Drop` and nowhere else, and never leaves the `Locked` that prepared it, which drops it before
//!    the lock is given back (so nothing is finalized that the driver could be using) and before the
//!    connection is closed (which the driver does with `sqlite3_close`, and no statement may be left).
//! 4. **What is bound stays where it is.** SQLite is given a pointer to keep (`SQLITE_STATIC`) only in
//!    [`Locked::run`], for memory that is borrowed for longer than the call. Before the call ends, also in
//!    a panic, the statement's bindings are cleared or it is finalized. Everything else is copied.
//! 5. **What is read is copied at once.** A pointer into a row is good until the next call on the
//!    statement that steps, resets, finalizes or converts it; none is made before the bytes are copied.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::{self, NonNull};
use std::sync::Arc;

use libsqlite3_sys as ffi;
use sqlx::Sqlite;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::LockedSqliteHandle;
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;

use super::batch::Gather;
use super::bind::{Stored, stored};
use crate::engine::driver::{Executed, Fault, bind_all};
use crate::engine::row::Row;
use crate::sql::Bind;

/// Instructions of SQLite's that a statement may take on the thread of whoever asks: about a
/// millisecond.
const BRIEF: c_int = 20_000;
/// Rows after each of which it is looked how many instructions they took.
const LOOK: usize = 32;

/// A connection of the pool, and perhaps the lock on its handle.
pub(super) struct Held {
    /// Before the connection: 2.
    locked: Option<Locked>,
    owner: Owner,
    capacity: usize,
}

/// A `Box` of the connection, as a pointer: the lock borrows from what lies behind it while the owner is
/// moved about, which a `Box` does not allow.
struct Owner {
    connection: Option<NonNull<PoolConnection<Sqlite>>>,
    /// The pool's own clean-up spawns tasks.
    runtime: Handle,
}

// SAFETY: an `Owner` owns its connection as a `Box` does, and a `Box` of a connection is Send and Sync,
// which the function below has the compiler check.
unsafe impl Send for Owner {}
// SAFETY: as above.
unsafe impl Sync for Owner {}

/// Whether SQLite was compiled so that several threads may use a connection, one after the other.
pub(super) fn is_thread_safe() -> bool {
    // SAFETY: it takes nothing and gives a constant.
    unsafe { ffi::sqlite3_threadsafe() != 0 }
}

const fn is_send_and_sync<T: Send + Sync>() {}
const _: () = is_send_and_sync::<PoolConnection<Sqlite>>();

impl Owner {
    fn into_connection(mut self) -> Option<PoolConnection<Sqlite>> {
        // SAFETY: the pointer comes from `Box::into_raw`, and was taken out, so that `Drop` has none.
        self.connection.take().map(|connection| *unsafe { Box::from_raw(connection.as_ptr()) })
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            let _runtime = self.runtime.enter();
            // SAFETY: as in `into_connection`.
            drop(unsafe { Box::from_raw(connection.as_ptr()) });
        }
    }
}

impl Held {
    pub(super) fn new(connection: PoolConnection<Sqlite>, runtime: Handle, capacity: usize) -> Held {
        let connection = NonNull::from(Box::leak(Box::new(connection)));
        Held { locked: None, owner: Owner { connection: Some(connection), runtime }, capacity }
    }

    pub(super) fn runtime(&self) -> &Handle {
        &self.owner.runtime
    }

    /// The connection for the driver's own thread to use, which gets the lock back.
    pub(super) fn connection(&mut self) -> &mut PoolConnection<Sqlite> {
        self.locked = None;
        match &mut self.owner.connection {
            // SAFETY: it points to the connection until the owner goes. The lock, which borrows from it, is
            // gone, and the reference borrows `self`, so that there is no other.
            Some(connection) => unsafe { connection.as_mut() },
            None => unreachable!("only `into_connection` takes it, and that takes `self`"),
        }
    }

    pub(super) fn into_connection(self) -> Option<PoolConnection<Sqlite>> {
        drop(self.locked);
        self.owner.into_connection()
    }

    /// Takes the lock, or keeps it.
    ///
    /// The driver's command for that waits in a bounded queue, and the lock may be had before it is
    /// handled. The caller sees to it that between two calls that take the lock there is another command
    /// whose answer was awaited, or enough calls would fill the queue while the driver waits for the lock.
    pub(super) async fn lock(&mut self) -> Result<&mut Locked, sqlx::Error> {
        let locked = match self.locked.take() {
            Some(locked) => locked,
            None => {
                let Some(connection) = self.owner.connection else { return Err(sqlx::Error::WorkerCrashed) };
                // SAFETY: what it points to is freed by the owner alone, after `self.locked` (2), which is
                // all that keeps the reference, or after this future, which borrows `self`. While it is
                // kept nobody makes another: `connection` and `into_connection` drop the lock first.
                let connection: &'static mut PoolConnection<Sqlite> = unsafe { &mut *connection.as_ptr() };
                Locked::new(connection.lock_handle().await?, self.capacity)?
            }
        };
        Ok(self.locked.insert(locked))
    }

    pub(super) fn locked(&mut self) -> Option<&mut Locked> {
        self.locked.as_mut()
    }
}

/// The right to call SQLite on a connection, which does not wait for other connections unless it is told
/// to: [`wait_for_locks`](Locked::wait_for_locks).
pub(super) struct Locked {
    /// Before the lock: 3.
    reading: Option<Reading>,
    statements: Vec<Prepared>,
    capacity: usize,
    database: NonNull<ffi::sqlite3>,
    /// How long the connection waits for the locks of others, in milliseconds.
    patience: c_int,
    lock: LockedSqliteHandle<'static>,
}

// SAFETY: what it has of SQLite's is used by one thread at a time (1), whichever that is, and the rest is
// Send: the lock is, which the function below has the compiler check.
unsafe impl Send for Locked {}
// SAFETY: nothing can be done with a `&Locked`.
unsafe impl Sync for Locked {}

const fn is_send<T: Send>() {}
const _: () = is_send::<LockedSqliteHandle<'static>>();

/// A statement of SQLite's. Reset, and nothing bound, while it waits to be used again.
struct Prepared {
    raw: NonNull<ffi::sqlite3_stmt>,
    sql: Arc<str>,
    parameters: usize,
    only_reads: bool,
    names: Arc<[Box<str>]>,
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // SAFETY: 1, 2 and 3. What it returns is the error of the last step, which was told.
        unsafe { ffi::sqlite3_finalize(self.raw.as_ptr()) };
    }
}

/// A statement that reads, somewhere in its rows.
struct Reading {
    statement: Prepared,
    keep: bool,
    /// Whether its columns have their names from it.
    is_named: bool,
}

/// How far [`Locked::read_briefly`] has come.
pub(super) enum Read {
    /// To the end.
    All,
    /// Not to the end yet.
    Some,
    /// It takes long, or waits for the lock of another connection. It begins anew, and what was read is to
    /// be forgotten.
    Anew,
}

/// How [`Locked::run`] has ended.
pub(super) enum Ran {
    Done(Executed),
    /// Another connection has a lock on the database, and nothing was done.
    Blocked,
    /// The driver does with it what cannot be done here. Nothing was done.
    Unfit,
}

extern "C" fn stop(_: *mut c_void) -> c_int {
    1
}

/// Stops a statement whose rows nobody takes any longer.
extern "C" fn is_given_up(reader: *mut c_void) -> c_int {
    // SAFETY: it is what `Locked::read` gives, for as long as SQLite may call this.
    let reader = unsafe { &*reader.cast::<Sender<Vec<Row>>>() };
    reader.is_closed().into()
}

/// Ends that SQLite calls back, also in a panic. Made and dropped by methods of [`Locked`] only, within one
/// call.
struct Unwatched(*mut ffi::sqlite3);

impl Drop for Unwatched {
    fn drop(&mut self) {
        // SAFETY: 1 and 2.
        unsafe { ffi::sqlite3_progress_handler(self.0, 0, None, ptr::null_mut()) };
    }
}

impl Locked {
    fn new(mut lock: LockedSqliteHandle<'static>, capacity: usize) -> Result<Locked, sqlx::Error> {
        let database = lock.as_raw_handle();
        let mut locked = Locked { reading: None, statements: Vec::new(), capacity, database, patience: 0, lock };
        locked.patience = locked.ask_patience().map_err(|fault| match fault {
            Fault::Driver(error) => error,
            Fault::Bind(_) => sqlx::Error::Protocol("a statement without binds".into()),
        })?;
        locked.wait_for_locks(false);
        Ok(locked)
    }

    fn ask_patience(&mut self) -> Result<c_int, Fault> {
        let Some(statement) = self.prepare(&Arc::from("PRAGMA busy_timeout"), false)? else { return Ok(0) };
        match self.step(&statement) {
            // SAFETY: 1, 2, 3, and a row is there.
            ffi::SQLITE_ROW => Ok(unsafe { ffi::sqlite3_column_int(statement.raw.as_ptr(), 0) }),
            code => Err(self.failure(code)),
        }
    }

    /// Whether SQLite waits, on the thread that calls it, until others give back their locks, as long as
    /// the connection was set to; without it, it says at once that there are some.
    pub(super) fn wait_for_locks(&mut self, waits: bool) {
        let milliseconds = if waits { self.patience } else { 0 };
        // SAFETY: 1 and 2. It cannot fail.
        unsafe { ffi::sqlite3_busy_timeout(self.database.as_ptr(), milliseconds) };
    }

    /// Runs a statement to its end.
    pub(super) fn run(
        &mut self,
        sql: &Arc<str>,
        keep: bool,
        binds: &[Bind<'_>],
        rows: Option<&mut Gather>,
    ) -> Result<Ran, Fault> {
        let Some(mut statement) = self.prepare(sql, keep)? else { return Ok(Ran::Unfit) };
        if statement.parameters != binds.len() {
            self.put_back(statement, keep);
            return Ok(Ran::Unfit);
        }
        // From here on the statement is finalized or cleared before `binds` can go: 4.
        let bound = self.bind(&statement, binds, ffi::SQLITE_STATIC());
        let ran = bound.and_then(|()| self.run_bound(&mut statement, rows));
        if ran.is_ok() {
            self.put_back(statement, keep);
        }
        ran
    }

    fn run_bound(&mut self, statement: &mut Prepared, mut rows: Option<&mut Gather>) -> Result<Ran, Fault> {
        let mut is_named = false;
        loop {
            match self.step(statement) {
                ffi::SQLITE_ROW => {
                    if let Some(rows) = &mut rows {
                        if !std::mem::replace(&mut is_named, true) {
                            rows.set_names(self.names(statement));
                        }
                        self.read_row(statement, rows)?;
                    }
                }
                ffi::SQLITE_DONE => break,
                code if is_busy(code) => return Ok(Ran::Blocked),
                code => return Err(self.failure(code)),
            }
        }
        // SAFETY: 1 and 2.
        let (changes, key) = unsafe {
            let database = self.database.as_ptr();
            (ffi::sqlite3_changes64(database), ffi::sqlite3_last_insert_rowid(database))
        };
        Ok(Ran::Done(Executed { rows: u64::try_from(changes).unwrap_or(0), last_key: Some(key) }))
    }

    /// Begins a statement that only reads; false for any other, and for what the driver has to do.
    pub(super) fn begin_reading(&mut self, sql: &Arc<str>, keep: bool, binds: &[Bind<'_>]) -> Result<bool, Fault> {
        let Some(statement) = self.prepare(sql, keep)? else { return Ok(false) };
        if statement.parameters != binds.len() || !statement.only_reads {
            self.put_back(statement, keep);
            return Ok(false);
        }
        // Copied, because the reading may be left alone.
        self.bind(&statement, binds, ffi::SQLITE_TRANSIENT())?;
        self.reading = Some(Reading { statement, keep, is_named: false });
        Ok(true)
    }

    /// Reads on, so many rows at most, for about a millisecond. Is begun anew only if even a few rows take
    /// longer than that.
    pub(super) fn read_briefly(&mut self, rows: &mut Gather, most: usize) -> Result<Read, Fault> {
        let Some(mut reading) = self.reading.take() else { return Ok(Read::All) };
        let database = self.database.as_ptr();
        // SAFETY: 1 and 2; `stop` takes no notice of its argument, and is there for ever.
        unsafe { ffi::sqlite3_progress_handler(database, BRIEF, Some(stop), ptr::null_mut()) };
        let cleared = Unwatched(database);
        let read = self.read_few(&mut reading, rows, most);
        drop(cleared);
        match read? {
            code if is_busy(code) || code & 0xff == ffi::SQLITE_INTERRUPT => {
                // SAFETY: 1, 2 and 3. Keeps what is bound; says again what the step said.
                unsafe { ffi::sqlite3_reset(reading.statement.raw.as_ptr()) };
                self.reading = Some(Reading { is_named: false, ..reading });
                Ok(Read::Anew)
            }
            code => Ok(if self.have_read(reading, code)? { Read::Some } else { Read::All }),
        }
    }

    /// Reads on, so many rows at most, however long that takes, unless nobody waits for them any longer.
    /// Whether there may be more.
    pub(super) fn read(&mut self, rows: &mut Gather, most: usize, reader: &Sender<Vec<Row>>) -> Result<bool, Fault> {
        let Some(mut reading) = self.reading.take() else { return Ok(false) };
        let database = self.database.as_ptr();
        let context = ptr::from_ref(reader).cast_mut().cast();
        // SAFETY: 1 and 2; `is_given_up` gets what it expects, which outlives the call.
        unsafe { ffi::sqlite3_progress_handler(database, BRIEF, Some(is_given_up), context) };
        let _cleared = Unwatched(database);
        let code = self.read_some(&mut reading, rows, most)?;
        self.have_read(reading, code)
    }

    fn have_read(&mut self, reading: Reading, code: c_int) -> Result<bool, Fault> {
        match code {
            ffi::SQLITE_ROW => {
                self.reading = Some(reading);
                Ok(true)
            }
            ffi::SQLITE_DONE => {
                self.put_back(reading.statement, reading.keep);
                Ok(false)
            }
            // The statement goes, after it was asked why.
            code => Err(self.failure(code)),
        }
    }

    /// As [`read_some`](Locked::read_some), until many instructions were needed.
    fn read_few(&mut self, reading: &mut Reading, rows: &mut Gather, most: usize) -> Result<c_int, Fault> {
        let (mut code, mut left) = (ffi::SQLITE_ROW, most);
        let mut operations = 0;
        // SQLite counts on from where the statement was last read, and the handler with it.
        self.take_operations(&reading.statement);
        while code == ffi::SQLITE_ROW && left > 0 && operations < BRIEF {
            let few = left.min(LOOK);
            code = self.read_some(reading, rows, few)?;
            left -= few;
            operations = operations.saturating_add(self.take_operations(&reading.statement));
        }
        Ok(code)
    }

    /// How many instructions of SQLite's a statement took since this was last asked.
    fn take_operations(&mut self, statement: &Prepared) -> c_int {
        // SAFETY: 1, 2 and 3.
        unsafe { ffi::sqlite3_stmt_status(statement.raw.as_ptr(), ffi::SQLITE_STMTSTATUS_VM_STEP, 1) }
    }

    /// What the last step returned.
    fn read_some(&mut self, reading: &mut Reading, rows: &mut Gather, most: usize) -> Result<c_int, Fault> {
        let mut code = ffi::SQLITE_ROW;
        for _ in 0..most {
            code = self.step(&reading.statement);
            if code != ffi::SQLITE_ROW {
                break;
            }
            if !std::mem::replace(&mut reading.is_named, true) {
                rows.set_names(self.names(&mut reading.statement));
            }
            self.read_row(&reading.statement, rows)?;
        }
        Ok(code)
    }

    /// Gives up what was begun to be read.
    pub(super) fn end_reading(&mut self) {
        if let Some(reading) = self.reading.take() {
            self.put_back(reading.statement, reading.keep);
        }
    }

    /// The statement of a text; `None` if that is none, or several, or has parameters with names.
    fn prepare(&mut self, sql: &Arc<str>, keep: bool) -> Result<Option<Prepared>, Fault> {
        // The last one used is the last of them.
        if let Some(known) = self.statements.iter().rposition(|known| Arc::ptr_eq(&known.sql, sql) || known.sql == *sql)
        {
            return Ok(Some(self.statements.remove(known)));
        }
        let Ok(length) = c_int::try_from(sql.len()) else { return Ok(None) };
        let flags = if keep { ffi::SQLITE_PREPARE_PERSISTENT } else { 0 };
        let mut raw = ptr::null_mut();
        let mut rest: *const c_char = ptr::null();
        let start: *const c_char = sql.as_ptr().cast();
        // SAFETY: 1 and 2. The text is as long as is said, and SQLite copies it; the others are places of
        // ours to be written to.
        let code =
            unsafe { ffi::sqlite3_prepare_v3(self.database.as_ptr(), start, length, flags, &mut raw, &mut rest) };
        if code != ffi::SQLITE_OK {
            return Err(self.failure(code));
        }
        let Some(raw) = NonNull::new(raw) else { return Ok(None) };
        let mut statement = Prepared { raw, sql: Arc::clone(sql), parameters: 0, only_reads: false, names: [].into() };
        let read = (rest as usize).wrapping_sub(start as usize);
        if !sql.get(read..).is_some_and(|rest| rest.trim().is_empty()) {
            return Ok(None);
        }
        // SAFETY: 1, 2 and 3.
        let (parameters, only_reads) =
            unsafe { (ffi::sqlite3_bind_parameter_count(raw.as_ptr()), ffi::sqlite3_stmt_readonly(raw.as_ptr()) != 0) };
        for parameter in 1..=parameters {
            // SAFETY: 1, 2 and 3. The name is there as long as the statement.
            let name = unsafe { ffi::sqlite3_bind_parameter_name(raw.as_ptr(), parameter) };
            // `?` has no name and `?7` is the seventh; of `$7` only the driver knows that.
            // SAFETY: a name ends with a NUL.
            if !name.is_null() && !unsafe { CStr::from_ptr(name) }.to_bytes().starts_with(b"?") {
                return Ok(None);
            }
        }
        statement.parameters = usize::try_from(parameters).unwrap_or(0);
        statement.only_reads = only_reads;
        Ok(Some(statement))
    }

    /// Makes a statement ready to be used again, with nothing bound, and keeps it or not.
    fn put_back(&mut self, statement: Prepared, keep: bool) {
        if !keep || self.capacity == 0 {
            return;
        }
        // SAFETY: 1, 2 and 3. What the first returns is the error of the last step, which was told.
        unsafe {
            ffi::sqlite3_reset(statement.raw.as_ptr());
            ffi::sqlite3_clear_bindings(statement.raw.as_ptr());
        }
        if self.statements.len() >= self.capacity {
            self.statements.remove(0);
        }
        self.statements.push(statement);
    }

    /// Binds values. If `how` is `SQLITE_STATIC` it is for the caller to see to 4.
    fn bind(
        &mut self,
        statement: &Prepared,
        binds: &[Bind<'_>],
        how: ffi::sqlite3_destructor_type,
    ) -> Result<(), Fault> {
        let raw = statement.raw.as_ptr();
        let mut failed = ffi::SQLITE_OK;
        let mut at: c_int = 0;
        bind_all(binds, |bind| {
            at += 1;
            // SAFETY: 1, 2 and 3; the memory is as long as is said. What is lent lives as long as `binds`, and
            // `how` is the caller's; what was made here is copied.
            let code = unsafe {
                match stored(bind)? {
                    Stored::Null => ffi::sqlite3_bind_null(raw, at),
                    Stored::Integer(v) => ffi::sqlite3_bind_int64(raw, at, v),
                    Stored::Real(v) => ffi::sqlite3_bind_double(raw, at, v),
                    Stored::Blob(v) => ffi::sqlite3_bind_blob64(raw, at, start(v).cast(), v.len() as u64, how),
                    Stored::Text(v) => {
                        let how =
                            if matches!(v, std::borrow::Cow::Borrowed(_)) { how } else { ffi::SQLITE_TRANSIENT() };
                        let utf8 = ffi::SQLITE_UTF8 as u8;
                        ffi::sqlite3_bind_text64(raw, at, start(v.as_bytes()), v.len() as u64, how, utf8)
                    }
                }
            };
            if code != ffi::SQLITE_OK && failed == ffi::SQLITE_OK {
                failed = code;
            }
            Ok::<_, crate::value::ValueError>(())
        })?;
        if failed == ffi::SQLITE_OK { Ok(()) } else { Err(self.failure(failed)) }
    }

    fn step(&mut self, statement: &Prepared) -> c_int {
        // SAFETY: 1, 2 and 3.
        unsafe { ffi::sqlite3_step(statement.raw.as_ptr()) }
    }

    /// What the columns are called. They may change with the schema, which SQLite notices in a first step.
    fn names(&mut self, statement: &mut Prepared) -> Arc<[Box<str>]> {
        let raw = statement.raw.as_ptr();
        // SAFETY: 1, 2 and 3.
        let columns = unsafe { ffi::sqlite3_data_count(raw) };
        let name = |column| {
            // SAFETY: 1, 2 and 3. The name is there until the statement is prepared anew or asked for the same
            // name in another form, and ends with a NUL. It is null if there is no memory for it.
            unsafe {
                let name = ffi::sqlite3_column_name(raw, column);
                if name.is_null() { c"" } else { CStr::from_ptr(name) }.to_bytes()
            }
        };
        let same = statement.names.len() == usize::try_from(columns).unwrap_or(0)
            && (0..columns).zip(&*statement.names).all(|(column, known)| name(column) == known.as_bytes());
        if !same {
            let names = (0..columns).map(|column| String::from_utf8_lossy(name(column)).into());
            statement.names = names.collect();
        }
        Arc::clone(&statement.names)
    }

    /// Takes the row that the last step has come to.
    fn read_row(&mut self, statement: &Prepared, rows: &mut Gather) -> Result<(), Fault> {
        let raw = statement.raw.as_ptr();
        // SAFETY: 1, 2 and 3.
        let columns = unsafe { ffi::sqlite3_data_count(raw) };
        for column in 0..columns {
            // SAFETY: 1, 2 and 3; there is a row, and it has the column.
            unsafe {
                match ffi::sqlite3_column_type(raw, column) {
                    ffi::SQLITE_INTEGER => rows.integer(ffi::sqlite3_column_int64(raw, column)),
                    ffi::SQLITE_FLOAT => rows.real(ffi::sqlite3_column_double(raw, column)),
                    ffi::SQLITE_TEXT => {
                        // First the conversion, then the length of what came of it.
                        let text = ffi::sqlite3_column_text(raw, column);
                        if text.is_null() {
                            return Err(self.failure(ffi::SQLITE_NOMEM));
                        }
                        let length = ffi::sqlite3_column_bytes(raw, column);
                        rows.text(copied(text.cast(), length));
                    }
                    ffi::SQLITE_BLOB => {
                        let blob = ffi::sqlite3_column_blob(raw, column);
                        let length = ffi::sqlite3_column_bytes(raw, column);
                        if blob.is_null() && length > 0 {
                            return Err(self.failure(ffi::SQLITE_NOMEM));
                        }
                        rows.blob(copied(blob.cast(), length));
                    }
                    _ => rows.null(),
                }
            }
        }
        rows.end_row();
        Ok(())
    }

    /// Why a call has failed, to be asked before the next one.
    fn failure(&mut self, code: c_int) -> Fault {
        Fault::Driver(match self.lock.last_error() {
            Some(error) => sqlx::Error::Database(Box::new(error)),
            None => sqlx::Error::Protocol(format!("SQLite returned {code} and does not say why")),
        })
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        self.wait_for_locks(true);
    }
}

/// Where bytes begin. Of none that is nowhere in Rust, and to C a pointer like any other.
fn start(bytes: &[u8]) -> *const c_char {
    if bytes.is_empty() { c"".as_ptr() } else { bytes.as_ptr().cast() }
}

fn is_busy(code: c_int) -> bool {
    code & 0xff == ffi::SQLITE_BUSY
}

/// # Safety
/// There must be so many bytes, or the pointer null and none; they must stay until the slice is no longer
/// used: 5.
unsafe fn copied<'r>(start: *const u8, length: c_int) -> &'r [u8] {
    match usize::try_from(length) {
        // SAFETY: the caller's.
        Ok(length) if length > 0 && !start.is_null() => unsafe { std::slice::from_raw_parts(start, length) },
        _ => &[],
    }
}
