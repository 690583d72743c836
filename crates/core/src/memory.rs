//! What a thread keeps from one encoding to the next.

use std::{
    cell::RefCell,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{
    backtrack::Scratch,
    key::{self, Key},
};

/// Ids that a slot of a short piece holds.
const IDS: usize = 3;

/// Owners above this are not told apart and keep nothing.
const LAST_OWNER: u32 = (1 << 30) - 1;

/// Lines of short pieces at first and at most: 64 KiB and 8 MiB.
const LINES: [usize; 2] = [1 << 10, 1 << 17];

/// Slots of other pieces at first and at most: 24 KiB and 6 MiB.
const SLOTS: [usize; 2] = [1 << 10, 1 << 18];

/// Bytes and ids of other pieces at most: 8 MiB each.
const BYTES: usize = 8 << 20;
const LONG_IDS: usize = 2 << 20;

/// Longer pieces are not kept: their like does not come again.
pub(crate) const LONGEST: usize = 256;

/// The encoding of a short piece under one vocabulary.
#[derive(Clone, Copy, Debug)]
struct Short {
    key: Key,
    ids: [u32; IDS],
    /// The vocabulary, and in the lowest two bits the number of ids.
    tag: u32,
}

/// Two pieces in a cache line, the last one that was kept first.
type Line = [Short; 2];

const EMPTY: Short = Short { key: 0, ids: [0; IDS], tag: 0 };

/// Where the bytes and the encoding of another piece are.
#[derive(Clone, Copy, Debug, Default)]
struct Long {
    hash: u32,
    /// One more than the vocabulary; 0 if there is no piece.
    owner: u32,
    bytes_at: u32,
    ids_at: u32,
    bytes: u16,
    ids: u16,
}

/// Encodings of pieces, and the scratch of searches.
///
/// Bounded by 30 MiB, and small until much was kept. What is found is exact, since pieces and
/// vocabularies are compared whole.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    lines: Vec<Line>,
    /// Pieces put into lines since they last grew.
    kept: usize,
    slots: Vec<Long>,
    /// Pieces put into slots since they last grew.
    kept_long: usize,
    bytes: Vec<u8>,
    long_ids: Vec<u32>,
    owner: u32,
    scratch: Scratch,
    /// The encoding of the piece that was not kept.
    spare: Vec<u32>,
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

impl Memory {
    fn turn_to(&mut self, owner: u32) {
        if self.owner != owner {
            self.owner = owner;
            self.scratch.forget();
        }
    }

    /// The scratch of searches, and room for an encoding.
    pub(crate) fn room(&mut self) -> (&mut Scratch, &mut Vec<u32>) {
        self.spare.clear();
        (&mut self.scratch, &mut self.spare)
    }

    /// What was put into the room last.
    pub(crate) fn spare(&self) -> &[u32] {
        &self.spare
    }

    #[inline(always)]
    fn line(&self, hash: u64) -> usize {
        (hash ^ u64::from(self.owner)) as usize & (self.lines.len() - 1)
    }

    /// The encoding of the piece with this key, if it is kept.
    #[inline(always)]
    pub(crate) fn get(&self, key: Key, hash: u64) -> Option<&[u32]> {
        if self.lines.is_empty() {
            return None;
        }
        let line = &self.lines[self.line(hash)];
        let at = usize::from(line[0].key != key || line[0].tag >> 2 != self.owner);
        let slot = &line[at];
        if slot.key != key || slot.tag >> 2 != self.owner {
            return None;
        }
        slot.ids.get(..(slot.tag & 3) as usize)
    }

    /// Keeps the encoding in the room as that of a piece with a key.
    pub(crate) fn put(&mut self, key: Key, hash: u64) {
        if self.spare.len() > IDS || self.owner > LAST_OWNER {
            return;
        }
        if self.kept >= self.lines.len() && self.lines.len() < LINES[1] {
            self.grow();
        }
        let mut ids = [0; IDS];
        ids[..self.spare.len()].copy_from_slice(&self.spare);
        let at = self.line(hash);
        let line = &mut self.lines[at];
        line[1] = line[0];
        line[0] = Short { key, ids, tag: self.owner << 2 | self.spare.len() as u32 };
        self.kept += 1;
    }

    fn grow(&mut self) {
        let len = if self.lines.is_empty() { LINES[0] } else { 4 * self.lines.len() };
        let old = std::mem::replace(&mut self.lines, vec![[EMPTY; 2]; len.min(LINES[1])]);
        for slot in old.into_iter().flatten().filter(|slot| slot.key != 0) {
            let owner = u64::from(slot.tag >> 2);
            let at = (key::hash(slot.key) ^ owner) as usize & (self.lines.len() - 1);
            let line = &mut self.lines[at];
            line[1] = line[0];
            line[0] = slot;
        }
        self.kept = 0;
    }

    /// The encoding of a piece that has no key or many ids, if it is kept.
    pub(crate) fn get_long(&self, piece: &[u8], hash: u64) -> Option<&[u32]> {
        let slot = self.slots.get(hash as usize & self.slots.len().wrapping_sub(1))?;
        if slot.owner != self.owner + 1
            || slot.hash != (hash >> 32) as u32
            || usize::from(slot.bytes) != piece.len()
        {
            return None;
        }
        let bytes = self.bytes.get(slot.bytes_at as usize..)?.get(..piece.len())?;
        if bytes != piece {
            return None;
        }
        self.long_ids.get(slot.ids_at as usize..)?.get(..usize::from(slot.ids))
    }

    /// Keeps the encoding in the room as that of a piece of at most [`LONGEST`] bytes.
    pub(crate) fn put_long(&mut self, piece: &[u8], hash: u64) {
        if self.owner > LAST_OWNER {
            return;
        }
        if self.bytes.len() + piece.len() > BYTES || self.long_ids.len() + self.spare.len() > LONG_IDS
        {
            // Begin anew: what is in use comes back soon.
            self.bytes.clear();
            self.long_ids.clear();
            self.slots.fill(Long::default());
        }
        if self.kept_long >= self.slots.len() / 2 && self.slots.len() < SLOTS[1] {
            self.grow_long();
        }
        let at = hash as usize & (self.slots.len() - 1);
        // At most 2^23 bytes and fewer ids are kept, and no more ids of a piece than it has bytes.
        self.slots[at] = Long {
            hash: (hash >> 32) as u32,
            owner: self.owner + 1,
            bytes_at: self.bytes.len() as u32,
            ids_at: self.long_ids.len() as u32,
            bytes: piece.len() as u16,
            ids: self.spare.len() as u16,
        };
        self.bytes.extend_from_slice(piece);
        self.long_ids.extend_from_slice(&self.spare);
        self.kept_long += 1;
    }

    fn grow_long(&mut self) {
        let len = if self.slots.is_empty() { SLOTS[0] } else { 4 * self.slots.len() };
        let old = std::mem::replace(&mut self.slots, vec![Long::default(); len.min(SLOTS[1])]);
        for slot in old.into_iter().filter(|slot| slot.owner != 0) {
            let (from, len) = (slot.bytes_at as usize, usize::from(slot.bytes));
            let hash = key::hash_long(&self.bytes[from..from + len]);
            let at = hash as usize & (self.slots.len() - 1);
            self.slots[at] = slot;
        }
        self.kept_long = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(memory: &mut Memory, piece: &[u8], ids: &[u32]) {
        memory.room().1.extend_from_slice(ids);
        if piece.len() <= key::LONGEST {
            let key = key::key(piece, 0, piece.len());
            memory.put(key, key::hash(key));
        } else {
            memory.put_long(piece, key::hash_long(piece));
        }
    }

    fn get<'a>(memory: &'a Memory, piece: &[u8]) -> Option<&'a [u32]> {
        if piece.len() <= key::LONGEST {
            let key = key::key(piece, 0, piece.len());
            memory.get(key, key::hash(key))
        } else {
            memory.get_long(piece, key::hash_long(piece))
        }
    }

    #[test]
    fn what_is_kept_is_found_and_by_its_owner_alone() {
        let long = b"more than fifteen bytes";
        let (first, second) = (new_owner(), new_owner());
        with(first, |memory| {
            assert_eq!(get(memory, b"abc"), None);
            put(memory, b"abc", &[1, 2, 3, 4]);
            assert_eq!(get(memory, b"abc"), None, "four ids do not fit");
            put(memory, b"abc", &[1, 2, 3]);
            put(memory, long, &[1, 2, 3, 4, 5]);
            assert_eq!(get(memory, b"abc"), Some(&[1, 2, 3][..]));
            with(first, |inner| assert_eq!(get(inner, b"abc"), None, "the memory is in use"));
        });
        with(second, |memory| {
            assert_eq!((get(memory, b"abc"), get(memory, long)), (None, None));
        });
        with(first, |memory| {
            assert_eq!(get(memory, b"abc"), Some(&[1, 2, 3][..]));
            assert_eq!(get(memory, long), Some(&[1, 2, 3, 4, 5][..]));
            assert_eq!(get(memory, b"more than fifteen byteS"), None);
        });
    }

    #[test]
    fn much_is_kept_and_memory_stays_bounded() {
        let mut memory = Memory::default();
        let piece = |n: u32| format!("{n}").into_bytes();
        let long = |n: u32| format!("{n:0>250}").into_bytes();
        for n in 0..400_000 {
            put(&mut memory, &piece(n), &[n]);
            if n % 4 == 0 {
                put(&mut memory, &long(n), &[n, n]);
            }
        }
        let kept = (0..400_000).filter(|&n| match get(&memory, &piece(n)) {
            Some(ids) => {
                assert_eq!(ids, [n]);
                true
            }
            None => false,
        });
        assert!(kept.count() > 150_000);
        let recent = (396_000..400_000).filter(|&n| n % 4 == 0);
        assert!(recent.filter(|&n| get(&memory, &long(n)).is_some()).count() > 900);
        let bytes = size_of_val(&memory.lines[..])
            + size_of_val(&memory.slots[..])
            + memory.bytes.capacity()
            + 4 * memory.long_ids.capacity();
        assert!(bytes <= 32 << 20, "{bytes}");
    }
}
