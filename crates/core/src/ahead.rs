//! Pieces that are looked for together, so that what is kept of them comes from memory at the same
//! time.
//!
//! The loops stand apart from all that happens to pieces that are not found, since they need all
//! registers.

use std::ops::Range;

use crate::{
    kept::{self, IDS, Kept, copy_few},
    known::Known,
    marked::{Marked, Marker},
    pieces::Sink,
    segment::{ENDS, End},
};

/// Pieces that are looked for together: as many as are cut together, for each end of a loop is foreseen
/// badly.
pub(crate) const PIECES: usize = ENDS;

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
    /// Ids to be handed on, so many of them.
    ready: [u32; ROOM],
    n: usize,
    /// Whether was asked for what will be looked at of pieces that are not found at once.
    pub(crate) missing_asked: bool,
}

/// Appends the ids that a slot has of a piece to the first `n` of `ready`; whether it has them and they fit.
#[inline(always)]
fn take(kept: &Kept, key: Marked, slot: usize, ready: &mut [u32; ROOM], n: &mut usize) -> bool {
    let Some((ids, count)) = kept.at(slot, key) else { return false };
    // As an array, for a call to copy would cost more than to do it.
    let Some(room) = ready.get_mut(*n..).and_then(|room| room.first_chunk_mut::<IDS>()) else {
        return false;
    };
    *room = *ids;
    *n += count;
    true
}

/// Enough for pieces that are looked for together, of several ids each: calls to hand on few ids would
/// cost more than the ids.
const ROOM: usize = 4 * PIECES;
const _: () = assert!(ROOM >= kept::LONGEST, "no piece that is kept has more ids than bytes");

impl Default for Ahead {
    fn default() -> Ahead {
        Ahead { asked: [Asked::default(); PIECES], ready: [0; ROOM], n: 0, missing_asked: false }
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
        // Of an encoding that panicked nothing is left.
        self.n = 0;
        // As every place in a slice is, which spares a check for each piece.
        start &= usize::MAX >> 1;
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

    /// Collects the ids of the first of some pieces, as many as are found at once, and says how many
    /// pieces these are.
    #[inline(never)]
    pub(crate) fn collect(&mut self, kept: &Kept, pieces: Range<usize>) -> usize {
        let Ahead { asked, ready, .. } = self;
        let asked = &asked[pieces];
        let (mut found, mut n) = (0, self.n);
        loop {
            // Nearly all are in their own slots: a loop that looks nowhere else is the shorter for it.
            let own = |asked: &&Asked| take(kept, asked.key, asked.home, ready, &mut n);
            found += asked[found..].iter().take_while(own).count();
            let Some(&Asked { key, home }) = asked.get(found) else { break };
            if !take(kept, key, Kept::beside(home), ready, &mut n) {
                break;
            }
            found += 1;
        }
        self.n = n;
        found
    }

    /// Collects the ids of one more piece, which is kept or will be.
    pub(crate) fn add(&mut self, ids: &[u32], sink: &mut impl Sink) {
        if ids.len() > ROOM - self.n {
            self.hand_on(sink);
        }
        copy_few(ids, &mut self.ready[self.n..self.n + ids.len()]);
        self.n += ids.len();
    }

    /// Hands on what was collected.
    pub(crate) fn hand_on(&mut self, sink: &mut impl Sink) {
        sink.many(&self.ready[..self.n]);
        self.n = 0;
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
            if kept.at(asked.home, asked.key).is_none() {
                kept.prefetch_beside(asked.home);
                if let Some(known) = known {
                    known.prefetch(asked.key.key());
                }
            }
        }
    }
}
