//! What a thread keeps from one encoding to the next.

use std::{
    cell::RefCell,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{backtrack::Scratch, segment::Span};

/// Slots of a thread: 2 MiB.
const SLOTS: usize = 1 << 16;

/// Segments of up to this many bytes have a key.
const LONGEST: usize = 15;

/// Ids of an encoding that a slot holds; encodings with more are made anew each time.
const IDS: usize = 3;

/// Owners above this are not told apart and keep nothing.
const LAST_OWNER: u32 = (1 << 30) - 1;

/// The bytes of a segment and, in the highest byte, their number: never 0.
pub(crate) type Key = u128;

/// The encoding of a segment under one vocabulary.
#[derive(Clone, Copy, Debug)]
struct Slot {
    key: Key,
    ids: [u32; IDS],
    /// The vocabulary, and in the lowest two bits the number of ids.
    tag: u32,
}

const EMPTY: Slot = Slot { key: 0, ids: [0; IDS], tag: 0 };

/// Encodings of short segments, and the scratch of long ones.
///
/// A segment of a vocabulary has one slot, which the last one that came keeps. So memory is bounded,
/// and what is found is exact, since keys and vocabularies are compared whole. (Packed keys in slots
/// of half a cache line are those of the tokenizer gigatoken.)
#[derive(Debug, Default)]
pub(crate) struct Memory {
    slots: Vec<Slot>,
    owner: u32,
    scratch: Scratch,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// A number that no other vocabulary of the process has.
pub(crate) fn new_owner() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
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

/// The key of a segment of `input`, if it is short.
#[inline]
pub(crate) fn key(input: &[u8], span: Span) -> Option<Key> {
    let len = span.len();
    if len > LONGEST {
        return None;
    }
    let mut word = [0; 16];
    let word = match input.get(span.start..span.start + 16) {
        // One load and a mask, away from the end of the input.
        Some(bytes) => {
            word.copy_from_slice(bytes);
            u128::from_le_bytes(word) & ((1 << (8 * len)) - 1)
        }
        None => {
            word[..len].copy_from_slice(span.of(input));
            u128::from_le_bytes(word)
        }
    };
    Some(word | (len as u128) << 120)
}

/// Folds the product of both halves, each moved off zero by digits of the golden ratio and of the
/// square root of 2.
#[inline]
fn slot(key: Key, owner: u32) -> usize {
    let low = key as u64 ^ 0x9e37_79b9_7f4a_7c15;
    let high = (key >> 64) as u64 ^ 0x6a09_e667_f3bc_c908 ^ u64::from(owner);
    let product = u128::from(low) * u128::from(high);
    (product as u64 ^ (product >> 64) as u64) as usize % SLOTS
}

impl Memory {
    fn turn_to(&mut self, owner: u32) {
        if self.owner != owner {
            self.owner = owner;
            self.scratch.forget();
        }
    }

    pub(crate) fn scratch(&mut self) -> &mut Scratch {
        &mut self.scratch
    }

    /// Appends the encoding of the segment with this key; false if it is not known.
    #[inline]
    pub(crate) fn get(&self, key: Key, ids: &mut Vec<u32>) -> bool {
        let Some(slot) = self.slots.get(slot(key, self.owner)) else { return false };
        if slot.key != key || slot.tag >> 2 != self.owner {
            return false;
        }
        match slot.tag & 3 {
            1 => ids.push(slot.ids[0]),
            count => ids.extend_from_slice(&slot.ids[..count as usize]),
        }
        true
    }

    /// Keeps an encoding, if it is short enough.
    pub(crate) fn put(&mut self, key: Key, encoding: &[u32]) {
        if encoding.len() > IDS || self.owner > LAST_OWNER {
            return;
        }
        if self.slots.is_empty() {
            self.slots = vec![EMPTY; SLOTS];
        }
        let mut ids = [0; IDS];
        ids[..encoding.len()].copy_from_slice(encoding);
        let tag = self.owner << 2 | encoding.len() as u32;
        self.slots[slot(key, self.owner)] = Slot { key, ids, tag };
    }
}

/// The encodings of short pieces that each thread keeps, for encoders beside [`Tokenizer`].
///
/// All encoders of a thread share 2 MiB; nothing is kept of pieces over 15 bytes or 3 ids. Clones
/// share what is kept, so they must encode alike.
///
/// [`Tokenizer`]: crate::Tokenizer
#[derive(Clone, Debug)]
pub struct PieceMemory {
    owner: u32,
}

impl PieceMemory {
    /// The memory of an encoder.
    #[expect(clippy::new_without_default, reason = "no two are alike")]
    pub fn new() -> PieceMemory {
        PieceMemory { owner: new_owner() }
    }

    /// Appends the encoding of a piece: the one kept, or what `encode` appends, which depends on the
    /// piece alone.
    #[inline]
    pub fn encode(&self, piece: &[u8], ids: &mut Vec<u32>, encode: impl FnOnce(&mut Vec<u32>)) {
        let Some(key) = key(piece, Span::new(0, piece.len())) else { return encode(ids) };
        with(self.owner, |memory| {
            if !memory.get(key, ids) {
                let from = ids.len();
                encode(ids);
                memory.put(key, &ids[from..]);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn keys_tell_segments_apart_wherever_they_stand() {
        let input = b"\0\0abcdefghijklmnopqrst\0";
        let mut keys = HashMap::new();
        for start in 0..input.len() {
            for len in 1..=LONGEST.min(input.len() - start) {
                let span = Span::new(start, start + len);
                let segment = span.of(input);
                let here = key(input, span).unwrap();
                assert_eq!(Some(here), key(segment, Span::new(0, len)), "{segment:?}");
                assert_eq!(*keys.entry(here).or_insert(segment), segment);
            }
        }
        assert_eq!(key(input, Span::new(0, LONGEST + 1)), None);
    }

    #[test]
    fn what_is_kept_is_found_and_by_its_owner_alone() {
        let abc = key(b"abc", Span::new(0, 3)).unwrap();
        let (first, second) = (new_owner(), new_owner());
        let mut ids = vec![9];
        with(first, |memory| {
            assert!(!memory.get(abc, &mut ids));
            memory.put(abc, &[1, 2, 3, 4]);
            assert!(!memory.get(abc, &mut ids));
            memory.put(abc, &[1, 2, 3]);
            assert!(memory.get(abc, &mut ids));
            with(first, |inner| assert!(!inner.get(abc, &mut ids), "the memory is in use"));
        });
        with(second, |memory| assert!(!memory.get(abc, &mut ids)));
        with(first, |memory| assert!(memory.get(abc, &mut ids)));
        assert_eq!(ids, [9, 1, 2, 3, 1, 2, 3]);
    }
}
