//! Pieces that are looked for together, so that what is kept of them comes from memory at the same
//! time.
//!
//! The loops stand apart from all that happens to pieces that are not found, since they need all
//! registers.

use std::ops::Range;

use crate::{
    kept::{IDS, Kept},
    known::Known,
    marked::{Marked, Marker},
    segment::End,
};

/// Pieces that are looked for together.
pub(crate) const PIECES: usize = 64;

/// A piece that is looked for.
#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    key: Marked,
    home: usize,
}

/// Room for pieces that are looked for together.
#[derive(Debug)]
pub(crate) struct Ahead {
    asked: [Asked; PIECES],
    /// Ids to be handed out, and room for those of one more slot.
    ready: [u32; (PIECES + 1) * IDS],
}

impl Default for Ahead {
    fn default() -> Ahead {
        Ahead { asked: [Asked::default(); PIECES], ready: [0; (PIECES + 1) * IDS] }
    }
}

impl Ahead {
    /// Looks for the pieces of `input` that begin at `start` and end at `ends`, at most [`PIECES`].
    #[inline(never)]
    pub(crate) fn ask(
        &mut self,
        kept: &Kept,
        marker: &Marker,
        input: &[u8],
        mut start: usize,
        ends: &[End],
    ) {
        for (asked, end) in self.asked.iter_mut().zip(ends) {
            let end = end.at();
            let key = marker.at(input, start, end);
            let home = kept.home(key);
            kept.prefetch(home);
            *asked = Asked { key, home };
            start = end;
        }
    }

    /// The key of a piece.
    pub(crate) fn key(&self, piece: usize) -> Marked {
        self.asked[piece].key
    }

    /// The ids of the first of some pieces, as many as are found at once, and how many pieces these
    /// are.
    #[inline(never)]
    pub(crate) fn collect(&mut self, kept: &Kept, pieces: Range<usize>) -> (usize, &[u32]) {
        let (mut found, mut n) = (0, 0);
        for &Asked { key, home } in &self.asked[pieces] {
            let Some((ids, count)) = kept.at_home(key, home) else { break };
            let Some(room) = self.ready.get_mut(n..n + IDS) else { break };
            room.copy_from_slice(&ids);
            n += count;
            found += 1;
        }
        (found, &self.ready[..n])
    }

    /// Asks for what will be looked at of those pieces that are not found at once.
    #[inline(never)]
    pub(crate) fn prefetch_missing(
        &self,
        kept: &Kept,
        known: Option<&Known>,
        pieces: Range<usize>,
    ) {
        for asked in &self.asked[pieces] {
            if kept.at_home(asked.key, asked.home).is_none() {
                kept.prefetch_beside(asked.home);
                if let Some(known) = known {
                    known.prefetch(asked.key.key());
                }
            }
        }
    }
}
