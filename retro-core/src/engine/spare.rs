//! [`Spare`]: connections that are used again without a way through the driver's pool.
//!
//! The pool asks each connection for a sign of life when it comes back, and keeps none that is locked to
//! be used directly. That costs more than a short statement on SQLite does, so that the connections of a
//! database within this process are kept here, with their lock and their prepared statements. The pool
//! counts them as in use. It gets them as soon as somebody waits for one.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::driver::Link;

#[derive(Default)]
pub(super) struct Spare(Mutex<Shelf>);

#[derive(Default)]
struct Shelf {
    links: Vec<Link>,
    /// How many ask the pool for a connection.
    waiting: usize,
    is_closed: bool,
}

/// Somebody asks the pool: nothing is kept from it.
pub(super) struct Waiting<'s>(&'s Spare);

impl Spare {
    pub(super) fn take(&self) -> Result<Link, Waiting<'_>> {
        let mut shelf = self.shelf();
        match shelf.links.pop() {
            Some(link) => Ok(link),
            None => {
                // Noted under the same lock, so that no connection is put here in between.
                shelf.waiting += 1;
                Err(Waiting(self))
            }
        }
    }

    /// Keeps a connection that is clean, or gives it back because the pool should have it.
    pub(super) fn keep(&self, link: Link) -> Option<Link> {
        let mut shelf = self.shelf();
        if shelf.is_closed || shelf.waiting > 0 {
            return Some(link);
        }
        shelf.links.push(link);
        None
    }

    pub(super) fn len(&self) -> usize {
        self.shelf().links.len()
    }

    /// Keeps no more, and gives back what is there.
    pub(super) fn close(&self) -> Vec<Link> {
        let mut shelf = self.shelf();
        shelf.is_closed = true;
        std::mem::take(&mut shelf.links)
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // There is no panic while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.shelf().waiting -= 1;
    }
}
