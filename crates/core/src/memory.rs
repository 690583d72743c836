//! What a thread keeps from one encoding to the next.

use std::{
    cell::RefCell,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{
    ahead::Ahead,
    kept::Kept,
    making::Making,
    marked::{Marker, NUMBERS},
};

/// Encodings of pieces, and room for making them.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) kept: Kept,
    /// Vocabularies that the kept encodings are of, by their number there.
    owners: [u32; NUMBERS],
    /// Where the next vocabulary gets its number.
    next: usize,
    /// The vocabulary in use, and what marks its keys.
    owner: u32,
    pub(crate) marker: Marker,
    pub(crate) making: Making,
    pub(crate) ahead: Box<Ahead>,
    /// Whether something was not kept of the pieces that were looked for together last.
    pub(crate) new: bool,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// A number that no other vocabulary of the process has, but where there are more than 2^32 - 2.
pub(crate) fn new_owner() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let next = NEXT
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(last.saturating_add(1)));
    next.unwrap_or(u32::MAX)
}

/// Calls `run` with the memory of this thread, for a vocabulary; with an empty one if it is in use, by
/// a segmenter that encodes.
pub(crate) fn with<R>(owner: u32, run: impl FnOnce(&mut Memory) -> R) -> R {
    MEMORY.with(|memory| match memory.try_borrow_mut() {
        Ok(mut memory) => {
            memory.turn_to(owner);
            run(&mut memory)
        }
        Err(_) => {
            let mut memory = Memory::default();
            memory.turn_to(owner);
            run(&mut memory)
        }
    })
}

impl Memory {
    fn turn_to(&mut self, owner: u32) {
        // Vocabularies of the last number are not told apart, so each of them begins anew.
        if self.owner == owner && owner != u32::MAX {
            return;
        }
        self.owner = owner;
        self.making.forget();
        let number = match self.owners.iter().position(|&known| known == owner) {
            Some(number) if owner != u32::MAX => number,
            _ => {
                let number = self.next;
                if self.owners[number] != 0 {
                    self.kept.forget();
                    self.owners = [0; NUMBERS];
                }
                self.owners[number] = owner;
                self.next = (number + 1) % NUMBERS;
                number
            }
        };
        self.marker = Marker::new(number as u8 + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(piece: &[u8], id: u32) -> impl Fn(&mut Memory) {
        move |memory| {
            memory.kept.put(memory.marker.of(piece), piece, &[id], 0);
        }
    }

    fn get(memory: &Memory, piece: &[u8]) -> Option<Vec<u32>> {
        memory.kept.get(memory.marker.of(piece), piece, <[u32]>::to_vec)
    }

    #[test]
    fn what_is_kept_is_found_by_its_owner_alone() {
        let owners: Vec<u32> = (0..NUMBERS).map(|_| new_owner()).collect();
        for &owner in &owners {
            with(owner, put(b"abc", owner));
        }
        for &owner in &owners {
            with(owner, |memory| {
                assert_eq!(get(memory, b"abc"), Some(vec![owner]));
                with(owner, |inner| assert_eq!(get(inner, b"abc"), None, "it is in use"));
            });
        }
        let one_more = new_owner();
        with(one_more, |memory| assert_eq!(get(memory, b"abc"), None));
        with(owners[0], |memory| assert_eq!(get(memory, b"abc"), None));
    }

    #[test]
    fn owners_that_are_not_told_apart_share_nothing() {
        with(u32::MAX, put(b"abc", 1));
        with(u32::MAX, |memory| assert_eq!(get(memory, b"abc"), None));
    }
}
