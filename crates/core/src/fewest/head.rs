//! Which places cost less than others: where looks for shorter tokens end.

use std::hint::select_unpredictable;

use crate::automaton::{START, State};

/// Numbers of tokens that are told apart where a place is looked for that has so many; those of prefixes as
/// far back as a token begins rarely differ by more.
const RING: usize = 64;

/// Two for each number of tokens.
const COSTS: usize = 2 * RING;

/// The place where an encoding that goes on stands.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) state: State,
    /// By cost, the last place whose prefix costs less but has hardly fewer tokens, or a later one; and one
    /// more that nobody asks for.
    last_below: [usize; COSTS + 1],
}

impl Head {
    pub(super) const START: Head = Head { state: START, last_below: [0; COSTS + 1] };

    /// A place behind which no prefix costs less than `cost`; the last of them ends at `place` and costs
    /// `before`.
    ///
    /// From place to place the number of tokens rises by one at most. So if the last prefix costs no less, the
    /// last that does is one that has one token less, or as many where a segment ends and `cost` is of a place
    /// within one.
    #[inline(always)]
    pub(super) fn last_below(&self, cost: u32, before: u32, place: usize) -> usize {
        if before < cost { place } else { self.last_below[cost as usize % COSTS] }
    }

    /// Notes what a place costs behind which the next is looked at.
    #[inline(always)]
    pub(super) fn note<const SEGMENTS: bool>(&mut self, cost: u32, place: usize) {
        // Less than what has one token more.
        let more = (cost as usize | 1) + 1;
        self.last_below[more % COSTS] = place;
        self.last_below[(more + 1) % COSTS] = place;
        if SEGMENTS {
            let within = (cost as usize + 1) % COSTS;
            self.last_below[select_unpredictable(cost.is_multiple_of(2), within, COSTS)] = place;
        }
    }

    /// Goes back to a place. What comes behind it is as if it were there: it lets more be looked at.
    pub(super) fn go_back(&mut self, place: usize) {
        self.last_below.iter_mut().for_each(|last| *last = place.min(*last));
    }

    /// Begins to count at a place whose prefix has so many tokens.
    pub(super) fn forget(&mut self, place: usize, tokens: u32) {
        self.last_below[..COSTS].rotate_left(2 * tokens as usize % COSTS);
        self.last_below.iter_mut().for_each(|last| *last = last.saturating_sub(place));
    }
}
