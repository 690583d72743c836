//! Walks through a text from some place on, and when two of them are one.
//!
//! > *Lemma.* Let two walks differ by the same cost at as many places in a row as the longest token has bytes.
//! > Then they do at all places that follow, and have the same last tokens there.
//!
//! For which token is the last one at the next place depends on the tokens that end there and on which of the
//! places where these begin costs less than which; those are places of the row, behind the start of both, so
//! that both know these tokens. So it is at the next place, and at the one after it.

use super::{Ends, Fewest, Head, Scratch};
use crate::last_tokens::settled;

/// A walk from a place on, as if the text began there.
#[derive(Debug)]
pub(super) struct Walk {
    start: usize,
    pub(super) scratch: Scratch,
    head: Head,
}

impl Default for Walk {
    fn default() -> Walk {
        Walk::from(0)
    }
}

impl Walk {
    pub(super) fn from(start: usize) -> Walk {
        let mut walk = Walk { start, scratch: Scratch::default(), head: Head::START };
        walk.scratch.begin();
        walk
    }

    /// Begins anew at another place.
    pub(super) fn begin(&mut self, start: usize) {
        self.scratch.begin();
        (self.start, self.head) = (start, Head::START);
    }

    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// How far it went.
    pub(super) fn end(&self) -> usize {
        self.start + self.scratch.len()
    }

    pub(super) fn go_on(&mut self, fewest: &Fewest, text: &[u8]) {
        fewest.go_on(text, &mut Ends::new(&[]), &mut self.head, &mut self.scratch);
    }

    /// Twice the number of tokens from its start to a place of the text, and one more behind the start.
    pub(super) fn cost(&self, place: usize) -> u32 {
        self.scratch.prefixes[place - self.start].cost
    }

    /// The token that ends at a place of the text behind its start.
    pub(super) fn last(&self, place: usize) -> u32 {
        self.scratch.prefixes[place - self.start].last
    }

    /// A border that the encoding of the text from its start on has whatever comes behind a place, or the
    /// start.
    pub(super) fn stands(&self, fewest: &Fewest, place: usize, longest: usize) -> usize {
        let above = |at: usize| at - fewest.len(self.last(self.start + at));
        self.start + settled(place - self.start, longest, above)
    }
}

/// Places in a row at which two walks differ by the same cost.
#[derive(Debug, Default)]
pub(super) struct Row {
    places: usize,
    differ: u32,
}

impl Row {
    /// Takes the costs of the next place, and gives the number of places.
    pub(super) fn add(&mut self, one: u32, other: u32) -> usize {
        let differ = one.wrapping_sub(other);
        self.places = if differ == self.differ { self.places + 1 } else { 1 };
        self.differ = differ;
        self.places
    }
}
