//! Which places cost less than others: where looks for shorter tokens end.

use std::hint::select_unpredictable;

use crate::automaton::{START, State};

/// Numbers of tokens that are told apart where a place is looked for that has so many; those of prefixes as
/// far back as a token begins rarely differ by more.
const RING: usize = 64;

/// The place where an encoding that goes on stands.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) state: State,
    /// By number of tokens, the last place whose prefix has so many, or a later one.
    last_with: [usize; RING],
    /// The same of places where segments end; behind them, the last of all others.
    last_end_with: [usize; RING + 1],
}

impl Head {
    pub(super) const START: Head =
        Head { state: START, last_with: [0; RING], last_end_with: [0; RING + 1] };

    /// A place behind which no prefix costs less than `cost`; the last of them ends at `place` and costs
    /// `before`.
    ///
    /// From place to place the number of tokens rises by one at most. So if the last prefix has no fewer, the
    /// last that has is one that has one less.
    #[inline(always)]
    pub(super) fn last_below<const SEGMENTS: bool>(
        &self,
        cost: u32,
        before: u32,
        place: usize,
    ) -> usize {
        if before < cost {
            return place;
        }
        let slot = (cost / 2) as usize;
        let fewer = self.last_with[slot.wrapping_sub(1) % RING];
        if !SEGMENTS {
            return fewer;
        }
        let within = !cost.is_multiple_of(2);
        fewer.max(select_unpredictable(within, self.last_end_with[slot % RING], 0))
    }

    /// Notes what a place costs behind which the next is looked at.
    #[inline(always)]
    pub(super) fn note<const SEGMENTS: bool>(&mut self, cost: u32, place: usize) {
        let slot = (cost / 2) as usize % RING;
        self.last_with[slot] = place;
        if SEGMENTS {
            self.last_end_with[select_unpredictable(cost.is_multiple_of(2), slot, RING)] = place;
        }
    }

    /// Goes back to a place. What comes behind it is as if it were there: it lets more be looked at.
    pub(super) fn go_back(&mut self, place: usize) {
        let places = self.last_with.iter_mut().chain(&mut self.last_end_with);
        places.for_each(|last| *last = place.min(*last));
    }

    /// Begins to count at a place whose prefix has so many tokens.
    pub(super) fn forget(&mut self, place: usize, tokens: u32) {
        self.last_with.rotate_left(tokens as usize % RING);
        self.last_end_with[..RING].rotate_left(tokens as usize % RING);
        let places = self.last_with.iter_mut().chain(&mut self.last_end_with);
        places.for_each(|last| *last = last.saturating_sub(place));
    }
}
