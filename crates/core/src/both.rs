//! Two tasks side by side.

use std::{panic, thread};

/// Does two tasks, the second of them on a thread of its own if there can be one.
///
/// Not on the threads of a pool: whoever waits for a task there may meanwhile be given another one, which
/// may ask for what is just being made, as [`Embedded`](crate::Embedded) vocabularies are, and wait for
/// ever.
pub(crate) fn both<A, B: Send>(one: impl FnOnce() -> A, other: impl Fn() -> B + Sync) -> (A, B) {
    thread::scope(|scope| {
        let beside = thread::Builder::new().spawn_scoped(scope, &other);
        let one = one();
        let other = match beside {
            Ok(beside) => beside.join().unwrap_or_else(|panic| panic::resume_unwind(panic)),
            Err(_) => other(),
        };
        (one, other)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_done_and_panics_are_passed_on() {
        let text = String::from("shared");
        assert_eq!(both(|| text.len(), || text.clone() + "!"), (6, "shared!".to_owned()));
        let panicked = panic::catch_unwind(|| both(|| (), || panic!("beside"))).unwrap_err();
        assert_eq!(panicked.downcast_ref(), Some(&"beside"));
    }
}
