//! Encodings of pieces, by their bytes, within a bound.

use crate::{
    hints::{filled, prefetch},
    key::{self, Key},
};

/// Ids that a slot holds.
pub(crate) const IDS: usize = 3;

/// Lines at first and at most: 64 KiB and 16 MiB.
const LINES: [usize; 2] = [1 << 10, 1 << 18];

/// Bytes of long pieces, and ids that do not fit in slots, at most: 4 MiB and 11 MiB.
const BYTES: usize = 4 << 20;
const LONG_IDS: usize = 11 << 18;

/// Longer pieces are not kept: their like does not come again.
pub(crate) const LONGEST: usize = 256;

/// The encoding of a piece: half a cache line.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// 0 if the slot is free.
    key: Key,
    /// The ids; or where they are, and where the bytes of a long piece are.
    ids: [u32; IDS],
    /// The number of ids, with the highest bit if they are elsewhere.
    count: u32,
}

const ELSEWHERE: u32 = 1 << 31;

/// Two slots, side by side in one cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Line([Slot; 2]);

/// Encodings of pieces.
///
/// Bounded by 31 MiB, and small until much was kept. What is found is exact: keys of short pieces are
/// their bytes, and the bytes of long ones are compared.
///
/// A piece is in one of two lines, its own or the one beside it. One seldom has to look into the other,
/// since the table grows when half of its slots may be taken.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    lines: Vec<Line>,
    /// Pieces put into slots since the lines last grew.
    put: usize,
    bytes: Vec<u8>,
    ids: Vec<u32>,
}

impl Kept {
    /// The line of a piece.
    #[inline(always)]
    pub(crate) fn home(&self, key: Key) -> usize {
        key::hash(key) as usize & self.lines.len().wrapping_sub(1)
    }

    /// Asks for a line, so that it is at hand later.
    #[inline(always)]
    pub(crate) fn prefetch(&self, home: usize) {
        // Without a check whether there are lines at all, which would cost as much.
        prefetch(self.lines.as_ptr().wrapping_add(home));
    }

    /// Asks for the line beside the one of a piece.
    pub(crate) fn prefetch_beside(&self, home: usize) {
        self.prefetch(home ^ 1);
    }

    /// The ids of a piece and their number, if they are in the slots of its line.
    #[inline(always)]
    pub(crate) fn at_home(&self, key: Key, home: usize) -> Option<([u32; IDS], usize)> {
        let line = self.lines.get(home)?;
        // Without a branch, since either slot is as likely.
        let slot = &line.0[usize::from(line.0[1].key == key)];
        let here = slot.key == key && slot.count <= IDS as u32;
        here.then_some((slot.ids, slot.count as usize))
    }

    /// The encoding of a piece, if it is kept.
    pub(crate) fn get(&self, key: Key, piece: &[u8]) -> Option<&[u32]> {
        let home = self.home(key);
        let mut lines = [home, home ^ 1].into_iter().filter_map(|at| self.lines.get(at));
        let slot = lines.find_map(|line| line.0.iter().find(|slot| slot.key == key))?;
        if slot.count < ELSEWHERE {
            return slot.ids.get(..slot.count as usize);
        }
        let [ids_at, bytes_at, _] = slot.ids.map(|place| place as usize);
        if key::is_long(key) && self.bytes.get(bytes_at..)?.get(..piece.len())? != piece {
            return None;
        }
        self.ids.get(ids_at..)?.get(..(slot.count & !ELSEWHERE) as usize)
    }

    /// Keeps the encoding of a piece of at most [`LONGEST`] bytes.
    pub(crate) fn put(&mut self, key: Key, piece: &[u8], ids: &[u32]) {
        if self.put >= self.lines.len() && self.lines.len() < LINES[1] {
            self.grow();
        }
        let mut slot = Slot { key, ids: [0; IDS], count: ids.len() as u32 };
        if ids.len() <= IDS && !key::is_long(key) {
            slot.ids = std::array::from_fn(|at| ids.get(at).copied().unwrap_or_default());
        } else {
            if self.bytes.len() + piece.len() > BYTES || self.ids.len() + ids.len() > LONG_IDS {
                // Begin anew: what is in use comes back soon.
                self.forget_elsewhere();
            }
            // Places are below 2^23.
            slot.ids = [self.ids.len() as u32, self.bytes.len() as u32, 0];
            slot.count |= ELSEWHERE;
            append(&mut self.ids, ids, LONG_IDS);
            if key::is_long(key) {
                append(&mut self.bytes, piece, BYTES);
            }
        }
        self.place(slot);
        self.put += 1;
    }

    /// Puts a slot where it belongs: in a free place, or in place of any other.
    fn place(&mut self, slot: Slot) {
        let home = self.home(slot.key);
        let ways = [(home, 0), (home, 1), (home ^ 1, 0), (home ^ 1, 1)];
        let free = ways.into_iter().find(|&(line, at)| {
            let key = self.lines[line].0[at].key;
            key == 0 || key == slot.key
        });
        let (line, at) = free.unwrap_or(ways[self.put % 4]);
        self.lines[line].0[at] = slot;
    }

    fn grow(&mut self) {
        let len = if self.lines.is_empty() { LINES[0] } else { 4 * self.lines.len() };
        let old = std::mem::replace(&mut self.lines, filled(Line::default(), len.min(LINES[1])));
        for slot in old.into_iter().flat_map(|line| line.0).filter(|slot| slot.key != 0) {
            self.place(slot);
        }
        self.put = 0;
    }

    /// Forgets all encodings; the room stays.
    pub(crate) fn forget(&mut self) {
        self.lines.fill(Line::default());
        self.bytes.clear();
        self.ids.clear();
    }

    /// Forgets encodings that are not in slots.
    fn forget_elsewhere(&mut self) {
        let slots = self.lines.iter_mut().flat_map(|line| &mut line.0);
        for slot in slots.filter(|slot| slot.count >= ELSEWHERE) {
            *slot = Slot::default();
        }
        self.bytes.clear();
        self.ids.clear();
    }
}

/// Appends within a bound that the room does not exceed either.
fn append<T: Copy>(to: &mut Vec<T>, more: &[T], bound: usize) {
    if to.capacity() - to.len() < more.len() {
        let room = (2 * to.capacity()).max(1 << 12).max(to.len() + more.len()).min(bound);
        to.reserve_exact(room - to.len());
    }
    to.extend_from_slice(more);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(piece: &[u8]) -> Key {
        key::any(piece) | 1 << key::MARK_AT
    }

    fn put(kept: &mut Kept, piece: &[u8], ids: &[u32]) {
        kept.put(marked(piece), piece, ids);
    }

    fn get<'a>(kept: &'a Kept, piece: &[u8]) -> Option<&'a [u32]> {
        let key = marked(piece);
        let found = kept.get(key, piece);
        if let Some((ids, count)) = kept.at_home(key, kept.home(key)) {
            assert_eq!(found, Some(&ids[..count]));
        }
        found
    }

    #[test]
    fn short_and_long_pieces_and_encodings_are_found() {
        let mut kept = Kept::default();
        let pieces = ["a", "fifteen bytes..", "sixteen bytes...", "more than sixteen bytes"];
        for (piece, n) in pieces.iter().zip(1..) {
            assert_eq!(get(&kept, piece.as_bytes()), None);
            for count in [1, 3, 4, 9] {
                let ids: Vec<u32> = (n..n + count).collect();
                put(&mut kept, piece.as_bytes(), &ids);
                assert_eq!(get(&kept, piece.as_bytes()), Some(&ids[..]));
            }
        }
        assert_eq!(get(&kept, b"more than sixteen byteS"), None);
        kept.forget();
        assert!(pieces.iter().all(|piece| get(&kept, piece.as_bytes()).is_none()));
    }

    #[test]
    fn bytes_of_long_pieces_are_compared() {
        let mut kept = Kept::default();
        let key = marked(b"more than sixteen bytes");
        kept.put(key, b"more than sixteen bytes", &[1]);
        assert_eq!(kept.get(key, b"another piece, hash alike"), None);
    }

    #[test]
    fn much_is_kept_and_memory_stays_bounded() {
        let mut kept = Kept::default();
        let piece = |n: u32| format!("{n}").into_bytes();
        let long = |n: u32| format!("{n:0>250}").into_bytes();
        for n in 0..400_000 {
            put(&mut kept, &piece(n), &[n]);
            if n % 20 == 0 {
                put(&mut kept, &long(n), &[n, n]);
            }
        }
        let found = (0..400_000).filter(|&n| match get(&kept, &piece(n)) {
            Some(ids) => {
                assert_eq!(ids, [n]);
                true
            }
            None => false,
        });
        assert!(found.count() > 300_000);
        for n in (399_000..400_000).filter(|&n| n % 20 == 0) {
            assert!(get(&kept, &long(n)).is_none_or(|ids| ids == [n, n]));
        }
        let bytes = kept.lines.capacity() * size_of::<Line>()
            + kept.bytes.capacity()
            + 4 * kept.ids.capacity();
        assert!(bytes <= 31 << 20, "{bytes}");
    }
}
