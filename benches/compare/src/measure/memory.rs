//! The system's allocator, which counts when it is told to.
//!
//! There are crates for it, but none that counts allocations and the peak over all threads, and costs nothing but
//! the look at a flag while it doesn't count.

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

static IS_ON: AtomicBool = AtomicBool::new(false);
static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);
/// Less than zero where more was freed than allocated since the start.
static LIVE: AtomicI64 = AtomicI64::new(0);
static PEAK: AtomicI64 = AtomicI64::new(0);

pub(crate) struct Memory {
    pub(crate) allocations: u64,
    pub(crate) bytes: u64,
    pub(crate) peak: u64,
}

pub(super) fn start() {
    ALLOCATIONS.store(0, Ordering::Relaxed);
    BYTES.store(0, Ordering::Relaxed);
    LIVE.store(0, Ordering::Relaxed);
    PEAK.store(0, Ordering::Relaxed);
    IS_ON.store(true, Ordering::SeqCst);
}

pub(super) fn stop() -> Memory {
    IS_ON.store(false, Ordering::SeqCst);
    Memory {
        allocations: ALLOCATIONS.load(Ordering::Relaxed),
        bytes: BYTES.load(Ordering::Relaxed),
        peak: PEAK.load(Ordering::Relaxed).unsigned_abs(),
    }
}

/// An allocation, or one that grew, by so many bytes.
fn grown(by: usize) {
    ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
    BYTES.fetch_add(by as u64, Ordering::Relaxed);
    let live = LIVE.fetch_add(by as i64, Ordering::Relaxed) + by as i64;
    PEAK.fetch_max(live, Ordering::Relaxed);
}

fn shrunk(by: usize) {
    LIVE.fetch_sub(by as i64, Ordering::Relaxed);
}

pub(crate) struct Counting;

// SAFETY: each call is passed on to the system's allocator as it came. What is counted doesn't allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if IS_ON.load(Ordering::Relaxed) {
            grown(layout.size());
        }
        // SAFETY: the caller's promises are those of this call.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if IS_ON.load(Ordering::Relaxed) {
            grown(layout.size());
        }
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        if IS_ON.load(Ordering::Relaxed) {
            shrunk(layout.size());
        }
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if IS_ON.load(Ordering::Relaxed) {
            match size.checked_sub(layout.size()) {
                Some(more) => grown(more),
                None => shrunk(layout.size() - size),
            }
        }
        // SAFETY: as above.
        unsafe { System.realloc(at, layout, size) }
    }
}
