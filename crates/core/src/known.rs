//! Pieces that are one token, in a table that all threads share.

use crate::{
    hints::{filled, prefetch},
    key::{self, Key},
};

/// Pieces of up to this many bytes are in the table: so a slot is 16 bytes, and four are a cache line.
pub(crate) const LONGEST: usize = 12;

/// Ids are below this.
const IDS: u32 = 1 << 28;

/// Where the id stands in a slot; a key of at most 12 bytes leaves these bits free.
const ID_AT: u32 = 96;
const ID_MASK: Key = (IDS as Key - 1) << ID_AT;

/// Slots looked at. At half load hardly any token is further away from where it belongs; those that
/// are, also where bytes were chosen to collide, are not in the table.
const ROW: usize = 8;

/// Pieces whose places are asked for before they are filled.
const AHEAD: usize = 16;

/// The tokens that a piece of their own bytes encodes to.
///
/// What is not in it is encoded as everything else, so it may leave tokens out.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// Key and id; 0 is free. As many more as a row has stand behind the last.
    slots: Box<[Key]>,
    shift: u32,
}

impl Known {
    /// Collects pieces with their ids; the first ones get the best places.
    pub(crate) fn new<'a>(pieces: impl Iterator<Item = (&'a [u8], u32)>, most: usize) -> Known {
        let len = (2 * most).next_power_of_two().max(64);
        let shift = 64 - len.trailing_zeros();
        let mut slots = filled(0, len + ROW).into_boxed_slice();
        // Places are asked for while others are filled.
        let mut asked = [(0, 0); AHEAD];
        let short = pieces.filter(|&(piece, id)| piece.len() <= LONGEST && id < IDS);
        for ((piece, id), turn) in short.zip((0..AHEAD).cycle()) {
            let key = key::key(piece, 0, piece.len());
            let home = (key::hash(key) >> shift) as usize;
            prefetch(&slots[home]);
            let slot = key | Key::from(id) << ID_AT;
            let (home, slot) = std::mem::replace(&mut asked[turn], (home, slot));
            place(&mut slots[home..], slot);
        }
        for (home, slot) in asked {
            place(&mut slots[home..], slot);
        }
        Known { slots, shift }
    }

    /// Asks for the slot where a piece of a short key belongs.
    #[inline(always)]
    pub(crate) fn prefetch(&self, key: Key) {
        prefetch(&self.slots[(key::hash(key) >> self.shift) as usize]);
    }

    /// The id of the piece of a key.
    #[inline]
    pub(crate) fn get(&self, key: Key) -> Option<u32> {
        // The key of a long piece has no number of bytes.
        if !(1..=LONGEST).contains(&usize::from(key::short_len(key))) {
            return None;
        }
        let home = (key::hash(key) >> self.shift) as usize;
        let row = &self.slots[home..home + ROW];
        let slot =
            row.iter().take_while(|slot| **slot != 0).find(|slot| **slot & !ID_MASK == key)?;
        Some((slot >> ID_AT) as u32 & (IDS - 1))
    }
}

/// Puts a slot into the row that `slots` begin with, if there is room; no slot is 0.
fn place(slots: &mut [Key], slot: Key) {
    let same = |other: Key| (other ^ slot) & !ID_MASK == 0;
    let mut row = slots.iter_mut().take(ROW);
    if let Some(place) = row.find(|place| **place == 0 || same(**place))
        && *place == 0
    {
        *place = slot;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_found_with_its_first_id() {
        let pieces: Vec<Vec<u8>> = (0..4_000u32)
            .map(|n| format!("{n} ").repeat(1 + n as usize % 2).into_bytes())
            .chain([b"0 ".to_vec(), b"thirteen bytes".to_vec()])
            .collect();
        let known = Known::new(pieces.iter().map(|piece| &piece[..]).zip(0..), pieces.len());
        let get = |piece: &[u8]| known.get(key::any(piece));
        let kept = pieces.iter().zip(0..).take(4_000).filter(|(piece, id)| {
            let found = get(piece);
            assert!(found.is_none() || found == Some(*id), "{piece:?}");
            found.is_some()
        });
        assert!(kept.count() > 3_900);
        assert_eq!(get(b"0 "), Some(0));
        assert_eq!(get(b"thirteen byte"), None);
        assert_eq!(get(b"x"), None);
    }

    #[test]
    fn ids_that_do_not_fit_are_left_out() {
        let known = Known::new([(&b"a"[..], IDS), (b"b", IDS - 1)].into_iter(), 2);
        let get = |piece: &[u8]| known.get(key::any(piece));
        assert_eq!((get(b"a"), get(b"b")), (None, Some(IDS - 1)));
    }
}
