//! Encodings of pieces, by their bytes, within a bound.

use crate::{
    hints::{filled, prefetch},
    marked::Marked,
};

/// Ids that a slot holds.
pub(crate) const IDS: usize = 4;

/// Slots at first and at most: 64 KiB and 16 MiB.
const SLOTS: [usize; 2] = [1 << 11, 1 << 19];

/// Bytes of long pieces, and ids that do not fit in slots, at most: 4 MiB and 11 MiB.
const BYTES: usize = 4 << 20;
const LONG_IDS: usize = 11 << 18;

/// Longer pieces are not kept: their like does not come again.
pub(crate) const LONGEST: usize = 256;

/// The encoding of a piece: half a cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
struct Slot {
    /// None if the slot is free.
    key: Marked,
    /// The ids, and their number in the highest three bits of the last, so that it is 0 there if there is
    /// a last: then all four are ids as they stand. If the number is 0 they are elsewhere: then where they are,
    /// where the bytes of a long piece are, and the number of ids.
    ids: [u32; IDS],
}

/// Copies ids into as much room: a call to copy so few would cost more than the loop.
#[inline(always)]
pub(crate) fn copy_few(ids: &[u32], room: &mut [u32]) {
    room.iter_mut().zip(ids).for_each(|(to, &id)| *to = id);
}

/// Where the number of ids stands in the last of them, and what is there for none.
const COUNT_AT: u32 = 29;
const NO_IDS: u32 = IDS as u32;

/// The number of ids as it stands in the last of them.
#[inline(always)]
const fn count_bits(count: u32) -> u32 {
    (count ^ NO_IDS) << COUNT_AT
}

impl Slot {
    /// A slot with the ids of a piece, if they fit.
    fn with(key: Marked, ids: &[u32]) -> Option<Slot> {
        let fit = (1..=IDS).contains(&ids.len()) && ids.iter().all(|id| id >> COUNT_AT == 0);
        let mut slot = Slot { key, ids: [0; IDS] };
        copy_few(ids, slot.ids.get_mut(..ids.len())?);
        slot.ids[IDS - 1] |= count_bits(ids.len() as u32);
        (fit && !key.is_long()).then_some(slot)
    }

    #[inline(always)]
    fn is_free(&self) -> bool {
        self.key == Marked::default()
    }

    /// The number of ids in it; 0 if they are elsewhere.
    #[inline(always)]
    fn count(&self) -> usize {
        (self.ids[IDS - 1] >> COUNT_AT ^ NO_IDS) as usize
    }
}

/// Encodings of pieces.
///
/// Bounded by 31 MiB, and small until much was kept. What is found is exact: keys of short pieces are
/// their bytes, and the bytes of long ones are compared.
///
/// A piece is in its own slot or one of the three beside it; or, where these are full, in one of four
/// others. One seldom has to look beyond the first, since the table grows when a quarter of its slots is
/// taken.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    slots: Vec<Slot>,
    /// Slots that are taken.
    taken: usize,
    /// Pieces that found no free slot.
    full: usize,
    bytes: Vec<u8>,
    ids: Vec<u32>,
}

impl Kept {
    #[inline(always)]
    fn by_hash(&self, hash: u64) -> usize {
        hash as usize & self.slots.len().wrapping_sub(1)
    }

    /// The slot of a piece.
    #[inline(always)]
    pub(crate) fn home(&self, key: Marked) -> usize {
        self.by_hash(key.hash())
    }

    /// Asks for a slot, so that it is at hand later.
    #[inline(always)]
    pub(crate) fn prefetch(&self, home: usize) {
        // Without a check whether there are slots at all, which would cost as much.
        prefetch(self.slots.as_ptr().wrapping_add(home));
    }

    /// Asks for the slots beside the one of a piece.
    pub(crate) fn prefetch_beside(&self, home: usize) {
        self.prefetch(Kept::beside(home));
        self.prefetch(home ^ 2);
    }

    /// The ids of a piece, with anything behind them, and their number, if they are in a slot.
    #[inline(always)]
    pub(crate) fn at(&self, slot: usize, key: Marked) -> Option<(&[u32; IDS], usize)> {
        let slot = self.slots.get(slot)?;
        (slot.key == key && slot.count() > 0).then(|| (&slot.ids, slot.count()))
    }

    /// The slot where a piece is that is not in its own, most of the time.
    #[inline(always)]
    pub(crate) fn beside(home: usize) -> usize {
        home ^ 1
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
            return slot.ids.get(..slot.count()).map(with);
        }
        let [ids_at, bytes_at, count, _] = slot.ids;
        let (ids_at, bytes_at, count) = (ids_at as usize, bytes_at as usize, count as usize);
        if key.is_long() && self.bytes.get(bytes_at..)?.get(..piece.len())? != piece {
            return None;
        }
        self.ids.get(ids_at..)?.get(..count).map(with)
    }

    /// The slot that holds a piece, which is mostly its own.
    #[inline(always)]
    fn find(&self, key: Marked) -> Option<&Slot> {
        let own = self.slots.get(self.home(key))?;
        if own.key == key { Some(own) } else { self.find_away(key) }
    }

    fn find_away(&self, key: Marked) -> Option<&Slot> {
        // Slots are filled in this order, so the piece is not behind a free one. If one was freed since it
        // came, it is lost, and comes again.
        let found = self.place(key).and_then(|at| self.slots.get(at));
        found.filter(|slot| slot.key == key)
    }

    /// The first slot that holds a piece or is free for it.
    fn place(&self, key: Marked) -> Option<usize> {
        self.ways(key)
            .into_iter()
            .find(|&at| self.slots.get(at).is_some_and(|slot| slot.key == key || slot.is_free()))
    }

    /// The slots that a piece may be in, in this order.
    #[inline(always)]
    fn ways(&self, key: Marked) -> [usize; 8] {
        let (home, other) = (self.home(key), self.by_hash(key.hash().rotate_left(32)));
        std::array::from_fn(|way| if way < 4 { home ^ way } else { other ^ (way - 4) })
    }

    /// Keeps the encoding of a piece of at most [`LONGEST`] bytes; `coming` bytes of its text are still to
    /// come.
    pub(crate) fn put(&mut self, key: Marked, piece: &[u8], ids: &[u32], coming: usize) {
        if 4 * self.taken >= self.slots.len() && self.slots.len() < SLOTS[1] {
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
        Slot { key, ids: [ids_at, bytes_at, count, count_bits(0)] }
    }

    /// Where a piece goes that finds no place: into that of any other, but only each fourth time, lest
    /// pieces that come again and again drive each other out.
    fn displaced(&mut self, key: Marked) -> Option<usize> {
        self.full += 1;
        self.full.is_multiple_of(4).then(|| self.ways(key)[self.full / 4 % 8])
    }

    fn fill(&mut self, at: usize, slot: Slot) {
        let place = &mut self.slots[at];
        self.taken += usize::from(place.is_free());
        *place = slot;
    }

    /// Makes four times as many slots, or at once as many as the text to come may need, if by now its
    /// pieces are known to differ: twice as many bytes as it has. To move what is kept takes more time
    /// than room does, and pieces away from their slot cost more than slots.
    fn grow(&mut self, coming: usize) {
        let wanted = match self.slots.len() {
            0 => SLOTS[0],
            len => (4 * len).max(2 * coming / size_of::<Slot>()),
        };
        let len = wanted.next_power_of_two().min(SLOTS[1]);
        let old = std::mem::replace(&mut self.slots, filled(Slot::default(), len));
        self.taken = 0;
        for slot in old {
            if !slot.is_free()
                && let Some(place) = self.place(slot.key)
            {
                self.fill(place, slot);
            }
        }
    }

    /// Forgets all encodings; the room stays.
    pub(crate) fn forget(&mut self) {
        self.slots.fill(Slot::default());
        self.taken = 0;
        self.bytes.clear();
        self.ids.clear();
    }

    /// Forgets encodings that are not in slots.
    fn forget_elsewhere(&mut self) {
        let elsewhere = |slot: &&mut Slot| !slot.is_free() && slot.count() == 0;
        for slot in self.slots.iter_mut().filter(elsewhere) {
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
        if let Some((ids, count)) = kept.at(kept.home(key), key) {
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
        let bytes = kept.slots.capacity() * size_of::<Slot>()
            + kept.bytes.capacity()
            + 4 * kept.ids.capacity();
        assert!(bytes <= 31 << 20, "{bytes}");
    }
}
