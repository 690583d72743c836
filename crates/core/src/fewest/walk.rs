//! Walks through a text from some place on, and when two of them are one.
//!
//! > *Lemma.* Let two walks differ by the same cost at as many places in a row as the longest token has bytes.
//! > Then they do at all places that follow, and have the same last tokens there.
//!
//! For which token is the last one at the next place depends on the tokens that end there and on which of the
//! places where these begin costs less than which; those are places of the row, behind the start of both, so
//! that both know these tokens. So it is at the next place, and at the one after it.

use super::{Ends, Fewest, Head, Scratch};
use crate::{automaton, last_tokens::blocks::settled};

/// A walk from a place on, as if the text began there.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
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
    pub(crate) fn end(&self) -> usize {
        self.start + self.scratch.len()
    }

    pub(crate) fn go_on(&mut self, fewest: &Fewest, text: &[u8]) {
        fewest.go_on(text, &mut Ends::new(&[], &[]), &mut self.head, &mut self.scratch);
    }

    /// Goes back to a place that it went over; `text` is all from its start to there. Nothing if it is not so far.
    pub(crate) fn go_back(&mut self, fewest: &Fewest, text: &[u8]) {
        let len = text.len();
        if len < self.scratch.len() {
            self.scratch.prefixes.truncate(len + 1);
            self.head.go_back(len);
            // A state is what a token begins with, so it is told by as many bytes.
            let told = &text[len.saturating_sub(fewest.automaton.longest())..];
            self.head.state = fewest.automaton.state_behind(told);
        }
    }

    /// Appends the tokens from its start to a place, in training ids.
    pub(crate) fn ids(&self, fewest: &Fewest, place: usize, ids: &mut Vec<u32>) {
        fewest.append(&self.scratch, place - self.start, ids);
    }

    /// Twice the number of tokens from its start to a place of the text, and one more behind the start.
    pub(crate) fn cost(&self, place: usize) -> u32 {
        self.scratch.prefixes[place - self.start].cost
    }

    /// The last token to a place of the text behind its start, and its bytes.
    pub(super) fn last(&self, fewest: &Fewest, place: usize) -> (u32, usize) {
        let word = self.scratch.prefixes[place - self.start].last;
        (automaton::token(word), fewest.automaton.len(word))
    }

    /// A border that the encoding of the text from its start on has whatever comes behind a place, or the
    /// start.
    pub(super) fn stands(&self, fewest: &Fewest, place: usize, longest: usize) -> usize {
        let above = |at: usize| at - self.last(fewest, self.start + at).1;
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
