//! Dropping futures on their way, as a timeout or a closed browser window does.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// Polls a future so many times, each time when it was really woken, then drops it. Gives its result
/// if it was done by then.
pub async fn poll_and_drop<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut polled = 0;
    poll_fn(move |context| {
        if polled == polls {
            return Poll::Ready(None);
        }
        polled += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if polled == polls => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// One attempt of [`for_each_cancel_point`].
#[derive(Debug)]
pub struct CancelPoint {
    polls: usize,
    done: bool,
}

impl CancelPoint {
    /// Runs a future up to this attempt's point and drops it there. Gives its result if it was done
    /// before.
    pub async fn run<F: Future>(&mut self, future: F) -> Option<F::Output> {
        let output = poll_and_drop(self.polls, future).await;
        self.done |= output.is_some();
        output
    }
}

/// Repeats an attempt, each time cancelled one await later, until what it runs is done. Gives how many
/// attempts were cancelled on their way, not before they began.
pub async fn for_each_cancel_point(mut attempt: impl AsyncFnMut(&mut CancelPoint)) -> usize {
    for polls in 0.. {
        let mut point = CancelPoint { polls, done: false };
        attempt(&mut point).await;
        if point.done {
            return polls.saturating_sub(1);
        }
    }
    unreachable!("there is a next number of polls")
}

/// Repeats [`for_each_cancel_point`] until so many attempts were cancelled on their way. How often a
/// future waits is for the machine to say: a server that answers at once leaves few points in one pass.
pub async fn cancel_often(wanted: usize, mut attempt: impl AsyncFnMut(&mut CancelPoint)) {
    let mut cancelled = 0;
    for _ in 0..100 {
        cancelled += for_each_cancel_point(&mut attempt).await;
        if cancelled >= wanted {
            return;
        }
    }
    panic!("{cancelled} of {wanted} attempts were cancelled in 100 passes");
}
