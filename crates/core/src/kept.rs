//! Encodings of pieces, by their bytes, within a bound.

use crate::{
    hints::{filled, prefetch},
    marked::Marked,
};

/// Ids that a slot holds.
pub(crate) const IDS: usize = 4;

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
    /// None if the slot is free.
    key: Marked,
    /// The ids, and their number in the highest three bits of the last. If that is 0 they are elsewhere:
    /// then where they are, where the bytes of a long piece are, and the number of ids.
    ids: [u32; IDS],
}

/// Copies ids into as much room: a call to copy so few would cost more than the loop.
#[inline(always)]
pub(crate) fn copy_few(ids: &[u32], room: &mut [u32]) {
    room.iter_mut().zip(ids).for_each(|(to, &id)| *to = id);
}

/// Where the number of ids stands in the last of them.
const COUNT_AT: u32 = 29;

impl Slot {
    /// A slot with the ids of a piece, if they fit.
    fn with(key: Marked, ids: &[u32]) -> Option<Slot> {
        let fit = (1..=IDS).contains(&ids.len()) && ids.iter().all(|id| id >> COUNT_AT == 0);
        let mut slot = Slot { key, ids: [0; IDS] };
        copy_few(ids, slot.ids.get_mut(..ids.len())?);
        slot.ids[IDS - 1] |= (ids.len() as u32) << COUNT_AT;
        (fit && !key.is_long()).then_some(slot)
    }

    #[inline(always)]
    fn is_free(&self) -> bool {
        self.key == Marked::default()
    }

    /// The number of ids in it; 0 if they are elsewhere.
    #[inline(always)]
    fn count(&self) -> usize {
        (self.ids[IDS - 1] >> COUNT_AT) as usize
    }

    /// The ids in it, and zeros.
    #[inline(always)]
    fn ids(&self) -> [u32; IDS] {
        // As one word.
        let [a, b, c, d] = self.ids;
        [a, b, c, d & ((1 << COUNT_AT) - 1)]
    }
}

/// Two slots, side by side in one cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Line([Slot; 2]);

/// Encodings of pieces.
///
/// Bounded by 31 MiB, and small until much was kept. What is found is exact: keys of short pieces are
/// their bytes, and the bytes of long ones are compared.
///
/// A piece is in one of two lines, its own or the one beside it; or, where these are full, in one of two
/// others. One seldom has to look beyond the first, since the table grows when a quarter of its slots is
/// taken.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    lines: Vec<Line>,
    /// Slots that are taken.
    taken: usize,
    /// Pieces that found no free slot.
    full: usize,
    bytes: Vec<u8>,
    ids: Vec<u32>,
}

impl Kept {
    /// The line of a piece.
    #[inline(always)]
    pub(crate) fn home(&self, key: Marked) -> usize {
        key.hash() as usize & self.lines.len().wrapping_sub(1)
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
    pub(crate) fn at_home(&self, key: Marked, home: usize) -> Option<([u32; IDS], usize)> {
        let line = self.lines.get(home)?;
        // Without a branch, since either slot is as likely.
        let slot = &line.0[usize::from(line.0[1].key == key)];
        (slot.key == key && slot.count() > 0).then(|| (slot.ids(), slot.count()))
    }

    /// Calls `with` with the encoding of a piece, if it is kept.
    pub(crate) fn get<R>(
        &self,
        key: Marked,
        piece: &[u8],
        with: impl FnOnce(&[u32]) -> R,
    ) -> Option<R> {
        let slot = self.find(key)?;
        if slot.count() > 0 {
            return slot.ids().get(..slot.count()).map(with);
        }
        let [ids_at, bytes_at, count, _] = slot.ids;
        let (ids_at, bytes_at, count) = (ids_at as usize, bytes_at as usize, count as usize);
        if key.is_long() && self.bytes.get(bytes_at..)?.get(..piece.len())? != piece {
            return None;
        }
        self.ids.get(ids_at..)?.get(..count).map(with)
    }

    /// The slot of a piece.
    fn find(&self, key: Marked) -> Option<&Slot> {
        for line in self.ways(key) {
            let [first, second] = &self.lines.get(line)?.0;
            if first.key == key {
                return Some(first);
            }
            if second.key == key {
                return Some(second);
            }
            // Slots are filled in this order, so the piece is not behind a free one. If one was freed since
            // it came, it is lost, and comes again.
            if second.is_free() {
                break;
            }
        }
        None
    }

    /// The first slot, by line and place there, that holds a piece or is free for it.
    fn place(&self, key: Marked) -> Option<(usize, usize)> {
        for line in self.ways(key) {
            let [first, second] = &self.lines.get(line)?.0;
            if first.is_free() || first.key == key {
                return Some((line, 0));
            }
            if second.is_free() || second.key == key {
                return Some((line, 1));
            }
        }
        None
    }

    /// The lines that a piece may be in, in this order.
    #[inline(always)]
    fn ways(&self, key: Marked) -> [usize; 4] {
        let line = |hash: u64| hash as usize & self.lines.len().wrapping_sub(1);
        let (home, other) = (line(key.hash()), line(key.hash().rotate_left(32)));
        [home, home ^ 1, other, other ^ 1]
    }

    /// Keeps the encoding of a piece of at most [`LONGEST`] bytes; `coming` bytes of its text are still to
    /// come.
    pub(crate) fn put(&mut self, key: Marked, piece: &[u8], ids: &[u32], coming: usize) {
        if 2 * self.taken >= self.lines.len() && self.lines.len() < LINES[1] {
            self.grow(coming);
        }
        let Some(place) = self.place(key).or_else(|| self.displaced(key)) else { return };
        let slot = Slot::with(key, ids).unwrap_or_else(|| self.elsewhere(key, piece, ids));
        self.fill(place, slot);
    }

    /// A slot with ids that are elsewhere, and the bytes of a long piece.
    fn elsewhere(&mut self, key: Marked, piece: &[u8], ids: &[u32]) -> Slot {
        if self.bytes.len() + piece.len() > BYTES || self.ids.len() + ids.len() > LONG_IDS {
            // Begin anew: what is in use comes back soon.
            self.forget_elsewhere();
        }
        // All are below 2^23.
        let [ids_at, bytes_at, count] =
            [self.ids.len(), self.bytes.len(), ids.len()].map(|n| n as u32);
        append(&mut self.ids, ids, LONG_IDS);
        if key.is_long() {
            append(&mut self.bytes, piece, BYTES);
        }
        Slot { key, ids: [ids_at, bytes_at, count, 0] }
    }

    /// Where a piece goes that finds no place: into that of any other, but only each fourth time, lest
    /// pieces that come again and again drive each other out.
    fn displaced(&mut self, key: Marked) -> Option<(usize, usize)> {
        self.full += 1;
        let way = self.full / 4 % 8;
        self.full.is_multiple_of(4).then_some((self.ways(key)[way / 2], way % 2))
    }

    fn fill(&mut self, (line, at): (usize, usize), slot: Slot) {
        let place = &mut self.lines[line].0[at];
        self.taken += usize::from(place.is_free());
        *place = slot;
    }

    /// Makes four times as many lines, or at once as many as the text to come may need, if by now its
    /// pieces are known to differ: twice as many bytes as it has. To move what is kept takes more time
    /// than room does, and pieces away from their line cost more than lines.
    fn grow(&mut self, coming: usize) {
        let wanted = match self.lines.len() {
            0 => LINES[0],
            len => (4 * len).max(2 * coming / size_of::<Line>()),
        };
        let len = wanted.next_power_of_two().min(LINES[1]);
        let old = std::mem::replace(&mut self.lines, filled(Line::default(), len));
        self.taken = 0;
        for slot in old.into_iter().flat_map(|line| line.0) {
            if !slot.is_free()
                && let Some(place) = self.place(slot.key)
            {
                self.fill(place, slot);
            }
        }
    }

    /// Forgets all encodings; the room stays.
    pub(crate) fn forget(&mut self) {
        self.lines.fill(Line::default());
        self.taken = 0;
        self.bytes.clear();
        self.ids.clear();
    }

    /// Forgets encodings that are not in slots.
    fn forget_elsewhere(&mut self) {
        let slots = self.lines.iter_mut().flat_map(|line| &mut line.0);
        for slot in slots.filter(|slot| !slot.is_free() && slot.count() == 0) {
            *slot = Slot::default();
            self.taken -= 1;
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
    use crate::marked::Marker;

    fn key(piece: &[u8]) -> Marked {
        Marker::new(1).of(piece)
    }

    fn put(kept: &mut Kept, piece: &[u8], ids: &[u32]) {
        kept.put(key(piece), piece, ids, 0);
    }

    fn get(kept: &Kept, piece: &[u8]) -> Option<Vec<u32>> {
        let key = key(piece);
        let found = kept.get(key, piece, <[u32]>::to_vec);
        if let Some((ids, count)) = kept.at_home(key, kept.home(key)) {
            assert_eq!(found.as_deref(), Some(&ids[..count]));
        }
        found
    }

    #[test]
    fn short_and_long_pieces_and_encodings_are_found() {
        let mut kept = Kept::default();
        let pieces = ["a", "fifteen bytes..", "sixteen bytes...", "more than sixteen bytes"];
        for (piece, n) in pieces.iter().zip(1..) {
            assert_eq!(get(&kept, piece.as_bytes()), None);
            for count in [0, 1, 3, 4, 5, 9] {
                for top in [0, 1 << 28, 1 << 29, 1 << 31] {
                    let ids: Vec<u32> = (n..n + count).map(|id| id | top).collect();
                    put(&mut kept, piece.as_bytes(), &ids);
                    assert_eq!(get(&kept, piece.as_bytes()), Some(ids));
                }
            }
        }
        assert_eq!(get(&kept, b"more than sixteen byteS"), None);
        kept.forget();
        assert!(pieces.iter().all(|piece| get(&kept, piece.as_bytes()).is_none()));
    }

    #[test]
    fn bytes_of_long_pieces_are_compared() {
        let mut kept = Kept::default();
        let key = key(b"more than sixteen bytes");
        kept.put(key, b"more than sixteen bytes", &[1], 0);
        assert_eq!(kept.get(key, b"another piece, hash alike", |_| ()), None);
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
