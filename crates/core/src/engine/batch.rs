//! Merges that may be made together.
//!
//! A list of pairs in the order in which they come up can be merged at once, with the ids and counts
//! of one merge after the other, if no right token of one is the left token of another and no pair
//! is of a token with itself, unless it stands alone. Occurrences of the members do not overlap
//! then, so their counts stay. And what a member (a, b) makes comes behind all of them: each
//! occurrence of the new token behind y was one of a behind y, and (y, a) comes behind the batch,
//! since its right token is the left of a member. A pair that may never be merged is not in the
//! order, so this holds for it only if what it grows into may not be merged either; otherwise the
//! batch ends with the member beside it.

use crate::merge::Pair;

/// Members of a batch hold no more than this many places: their neighbors are kept until the batch
/// is done.
const PLACES: usize = 1 << 18;

/// Tokens of the members.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// By token: whether it is the left, or the right, of a member.
    sides: Vec<(bool, bool)>,
    members: Vec<Pair>,
    places: usize,
    most: usize,
    closed: bool,
}

/// Tokens beside which stands a pair that is passed over, while what it grows into may be merged.
#[derive(Debug, Default)]
pub(crate) struct Passed {
    /// By token: whether it is the right, or the left, of such a pair.
    sides: Vec<(bool, bool)>,
}

impl Passed {
    pub(crate) fn add(&mut self, (left, right): Pair) {
        let tokens = left.max(right) as usize + 1;
        if self.sides.len() < tokens {
            self.sides.resize(tokens, (false, false));
        }
        self.sides[right as usize].0 = true;
        self.sides[left as usize].1 = true;
    }

    fn is_beside(&self, (left, right): Pair) -> bool {
        let side = |token: u32| self.sides.get(token as usize).copied().unwrap_or_default();
        side(left).0 || side(right).1
    }
}

impl Batch {
    /// Starts anew, for ids below `tokens` and at most so many members.
    pub(crate) fn begin(&mut self, tokens: usize, most: usize) {
        for (left, right) in self.members.drain(..) {
            self.sides[left as usize] = (false, false);
            self.sides[right as usize] = (false, false);
        }
        self.sides.resize(tokens, (false, false));
        (self.places, self.most, self.closed) = (0, most, false);
    }

    /// Whether the next pair in the order may be merged together with the members.
    pub(crate) fn admits(&self, (left, right): Pair) -> bool {
        let free = !self.sides[left as usize].1 && !self.sides[right as usize].0;
        !self.closed && free && (left != right || self.members.is_empty())
    }

    pub(crate) fn push(&mut self, pair: Pair, places: usize, passed: &Passed) {
        self.sides[pair.0 as usize].0 = true;
        self.sides[pair.1 as usize].1 = true;
        self.members.push(pair);
        self.places += places;
        self.closed = pair.0 == pair.1
            || passed.is_beside(pair)
            || self.places > PLACES
            || self.members.len() == self.most;
    }
}
