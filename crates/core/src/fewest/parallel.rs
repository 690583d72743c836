//! One long text by the fewest tokens, on all cores.
//!
//! Parts of it are walked through side by side, as if each were a text of its own. Then the walk through each
//! part goes on into the next one until it meets the walk that began there:
//!
//! > *Lemma.* Let two walks differ by the same cost at as many places in a row as the longest token has bytes.
//! > Then they do at all places that follow, and have the same last tokens there.
//!
//! For which token is the last one at the next place depends on the tokens that end there and on which of the
//! places where these begin costs less than which; those are places of the row, behind the start of both, so
//! that both know these tokens. So it is at the next place, and at the one after it.
//!
//! On genomes walks meet within some hundred bases. Where they do not, as in a row of one letter, the walk
//! goes on through the whole part, which then is walked over twice.

use rayon::prelude::*;

use super::{Ends, Fewest, Head, Scratch};
use crate::last_tokens::settled;

/// Bytes of a part: what is known of it stays in a second-level cache.
const PART: usize = 1 << 16;

/// Bytes that a walk goes on before it is looked whether it met the next one.
const STEP: usize = 1 << 8;

/// Parts have at least so many times the bytes of the longest token, as walks cannot meet within these.
const WORTH: usize = 16;

/// A walk from a place on, as if the text began there.
#[derive(Debug)]
struct Walk {
    start: usize,
    scratch: Scratch,
    head: Head,
    /// Its last tokens are those of the text behind this place, up to the one where the next walk meets it.
    right: usize,
}

impl Default for Walk {
    fn default() -> Walk {
        Walk { start: 0, scratch: Scratch::default(), head: Head::START, right: 0 }
    }
}

impl Walk {
    fn go_on(&mut self, fewest: &Fewest, text: &[u8]) {
        fewest.go_on(text, &mut Ends::new(&[]), &mut self.head, &mut self.scratch);
    }

    /// Twice the number of tokens from its start to a place of the text, and one more behind the start.
    fn cost(&self, place: usize) -> u32 {
        self.scratch.prefixes[place - self.start].cost
    }

    /// The token that ends at a place of the text behind its start.
    fn last(&self, place: usize) -> u32 {
        self.scratch.prefixes[place - self.start].last
    }

    /// Goes on over the text of another walk until that is right, and tells it so; whether it came to be.
    fn meet(&mut self, fewest: &Fewest, text: &[u8], other: &mut Walk, longest: usize) -> bool {
        let (mut place, mut same, mut differ) = (other.start, 0, 0);
        for step in text.chunks(STEP) {
            self.go_on(fewest, step);
            for _ in step {
                place += 1;
                let now = self.cost(place).wrapping_sub(other.cost(place));
                same = if now == differ { same + 1 } else { 1 };
                differ = now;
                if same >= longest {
                    other.right = place;
                    return true;
                }
            }
        }
        false
    }
}

impl Fewest {
    /// Appends the encoding of a text of one segment, on all threads of the current rayon pool.
    pub(crate) fn encode_parallel(&self, text: &[u8], ids: &mut Vec<u32>) {
        self.encode_in_parts(text, PART, 4 * rayon::current_num_threads(), ids);
    }

    /// As above, of so many parts at a time, which are longer if tokens are.
    pub(super) fn encode_in_parts(
        &self,
        mut text: &[u8],
        part: usize,
        mut parts: usize,
        ids: &mut Vec<u32>,
    ) {
        let longest = text.par_chunks(part).map(|text| self.automaton.longest_within(text));
        let longest = longest.max().unwrap_or(0);
        let part = part.max(WORTH * longest);
        let mut walks: Vec<Walk> = Vec::new();
        while !text.is_empty() {
            let now = &text[..text.len().min(part.saturating_mul(parts))];
            let count = now.len().div_ceil(part);
            if walks.len() < count {
                walks.resize_with(count, Walk::default);
            }
            let walks = &mut walks[..count];
            walks.par_iter_mut().zip(now.par_chunks(part)).enumerate().for_each(
                |(at, (walk, text))| {
                    walk.scratch.begin();
                    (walk.start, walk.head, walk.right) = (at * part, Head::START, 0);
                    walk.go_on(self, text);
                },
            );
            let mut borders = vec![0];
            let walks = self.join(walks, now, part, longest, &mut borders);
            // What comes behind a border that stands is encoded as if the text began there.
            if now.len() == text.len() {
                borders.push(now.len());
            } else {
                borders.extend(self.stands(walks[walks.len() - 1], now.len(), longest));
            }
            let end = borders[borders.len() - 1];
            if end <= now.len() / 2 {
                parts = parts.saturating_mul(2);
                continue;
            }
            let pieces: Vec<Vec<u32>> = borders
                .par_windows(2)
                .map(|piece| self.piece(&walks, piece[0], piece[1]))
                .collect();
            pieces.iter().for_each(|piece| ids.extend_from_slice(piece));
            text = &text[end..];
        }
    }

    /// Lets walks over parts of a text meet, gives those of which last tokens are right, and appends borders
    /// that the encoding has whatever comes.
    fn join<'a>(
        &self,
        walks: &'a mut [Walk],
        text: &[u8],
        part: usize,
        longest: usize,
        borders: &mut Vec<usize>,
    ) -> Vec<&'a Walk> {
        let mut joined = Vec::with_capacity(walks.len());
        let (mut walk, others) = walks.split_first_mut().expect("the text is not empty");
        for (other, text) in others.iter_mut().zip(text.chunks(part).skip(1)) {
            if walk.meet(self, text, other, longest) {
                borders.extend(self.stands(walk, other.right, longest));
                joined.push(&*walk);
                walk = other;
            }
        }
        joined.push(&*walk);
        joined
    }

    /// A border that the encoding of a text has whatever comes behind a place, if one is known.
    fn stands(&self, walk: &Walk, place: usize, longest: usize) -> Option<usize> {
        let above = |at: usize| at - self.len(walk.last(walk.start + at));
        let border = walk.start + settled(place - walk.start, longest, above);
        (border > walk.right).then_some(border)
    }

    /// The tokens from one border to another.
    fn piece(&self, walks: &[&Walk], start: usize, mut end: usize) -> Vec<u32> {
        let mut ids = Vec::new();
        let mut walk = walks.partition_point(|walk| walk.right < end) - 1;
        while end > start {
            while end <= walks[walk].right {
                walk -= 1;
            }
            let last = walks[walk].last(end);
            ids.push(last);
            end -= self.len(last);
        }
        ids.reverse();
        ids
    }
}
