//! Merges done over again, one by one, by an index that shares no code with the trainer's.
//!
//! Tokens stand in a list linked both ways. Every pair that occurs has its count and the places
//! where it was seen; a heap has for every pair that may be learned an entry that promises at least
//! its count, and an entry that promises too much is corrected when it comes up.

mod closure;

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

use polytok_core::{Pair, RunCounting};

use super::rule::{Claim, Difference, Rule};

/// No place.
const NONE: u32 = u32::MAX;

/// A pair and where it was seen; some of the places no longer hold it.
#[derive(Default)]
struct Seen {
    count: u64,
    places: Vec<u32>,
}

/// Segments under the merges so far.
pub(crate) struct Replay<'r> {
    rule: &'r Rule,
    /// The token that begins at a place; [`NONE`] where none does any more.
    tokens: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    /// The segment of a place.
    segment: Vec<u32>,
    weights: Vec<u64>,
    bytes: Vec<Vec<u8>>,
    /// The first token with some bytes.
    known: HashMap<Vec<u8>, u32>,
    pairs: HashMap<Pair, Seen>,
    heap: BinaryHeap<(u64, Reverse<[u32; 2]>, Pair)>,
    /// Pairs that the merge at hand has given occurrences to.
    risen: Vec<Pair>,
    /// The bytes of the complement that must come next.
    owed: Option<Vec<u8>>,
}

impl<'r> Replay<'r> {
    /// Segments with their weights, of fewer than 2^32 - 1 bytes together, after the initial merges; on
    /// both strands if the rule knows complements.
    pub(crate) fn new(
        segments: impl IntoIterator<Item = (Vec<u8>, u64)>,
        initial: &[Pair],
        rule: &'r Rule,
    ) -> Replay<'r> {
        let bytes: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
        let mut replay = Replay {
            rule,
            tokens: Vec::new(),
            next: Vec::new(),
            previous: Vec::new(),
            segment: Vec::new(),
            weights: Vec::new(),
            known: bytes.iter().cloned().zip(0..).collect(),
            bytes,
            pairs: HashMap::new(),
            heap: BinaryHeap::new(),
            risen: Vec::new(),
            owed: None,
        };
        for (segment, weight) in segments {
            replay.lay(&segment, weight);
            if let Some(other) = replay.reversed(&segment) {
                replay.lay(&other, weight);
            }
        }
        let all = replay.count();
        for &pair in initial {
            replay.merge(pair);
        }
        replay.risen.extend(all);
        replay.promise();
        replay
    }

    fn lay(&mut self, segment: &[u8], weight: u64) {
        let (start, number) = (self.tokens.len() as u32, self.weights.len() as u32);
        let end = start + segment.len() as u32;
        self.weights.push(weight);
        for (place, &byte) in (start..end).zip(segment) {
            self.tokens.push(u32::from(byte));
            self.previous.push(if place == start { NONE } else { place - 1 });
            self.next.push(if place + 1 == end { NONE } else { place + 1 });
            self.segment.push(number);
        }
    }

    /// Counts all pairs of bytes and says which there are.
    fn count(&mut self) -> Vec<Pair> {
        // Places of a run of one token that are in front, so that disjoint pairs can be told.
        let mut run = 0;
        for place in 0..self.tokens.len() as u32 {
            let next = self.next[place as usize];
            if next == NONE {
                run = 0;
                continue;
            }
            let pair = (self.token(place), self.token(next));
            run = if pair.0 == pair.1 { run + 1 } else { 0 };
            let counts = self.rule.runs == RunCounting::Adjacent || run % 2 == 1 || run == 0;
            let weight = if counts { self.weight(place) } else { 0 };
            let seen = self.pairs.entry(pair).or_default();
            seen.count += weight;
            seen.places.push(place);
        }
        let mut all: Vec<Pair> = self.pairs.keys().copied().collect();
        all.sort_unstable();
        all
    }

    /// Does a merge if it is the one that comes next.
    pub(crate) fn check(&mut self, claim: Claim) -> Result<(), Difference> {
        let merge = self.bytes.len() - 256;
        let Claim { pair: claimed, count: said } = claim;
        let occurs = self.pairs.get(&claimed).map_or(0, |seen| seen.count);
        match self.best() {
            None => return Err(Difference::NoPair { merge, claimed, occurs }),
            Some((best, count)) if best != claimed => {
                return Err(Difference::Pair { merge, claimed, occurs, best, count });
            }
            Some((pair, count)) => match said {
                Some(claimed) if claimed != count => {
                    return Err(Difference::Count { merge, pair, claimed, count });
                }
                _ => {}
            },
        }
        self.merge(claimed);
        self.promise();
        self.owe();
        Ok(())
    }

    /// The pair to be learned next, with its count.
    fn best(&mut self) -> Option<(Pair, u64)> {
        if let Some(owed) = &self.owed {
            return self.best_of(owed);
        }
        while let Some(&(promised, order, pair)) = self.heap.peek() {
            let count = self.pairs.get(&pair).map_or(0, |seen| seen.count);
            if count == promised && count >= self.rule.min_count.max(1) && self.allowed(pair) {
                return Some((pair, count));
            }
            self.heap.pop();
            if count < promised && count >= self.rule.min_count.max(1) {
                self.heap.push((count, order, pair));
            }
        }
        None
    }

    fn allowed(&self, pair: Pair) -> bool {
        let bytes = self.joined(pair);
        let whole = || match std::str::from_utf8(&bytes) {
            Ok(_) => true,
            // The beginning of one character.
            Err(error) => error.valid_up_to() == 0 && error.error_len().is_none(),
        };
        bytes.len() <= self.rule.max_token_len
            && !self.known.contains_key(&bytes)
            && (!self.rule.whole_characters || whole())
    }

    fn joined(&self, (left, right): Pair) -> Vec<u8> {
        [&self.bytes[left as usize][..], &self.bytes[right as usize]].concat()
    }

    /// Enters the pairs that have gained.
    fn promise(&mut self) {
        for pair in std::mem::take(&mut self.risen) {
            let count = self.pairs.get(&pair).map_or(0, |seen| seen.count);
            if count > 0 && self.joined(pair).len() <= self.rule.max_token_len {
                let order = [self.order(pair.0), self.order(pair.1)];
                self.heap.push((count, Reverse(order), pair));
            }
        }
    }

    fn order(&self, token: u32) -> u32 {
        self.rule.bytes.get(token as usize).copied().unwrap_or(token)
    }

    /// Replaces a pair everywhere, from the left.
    fn merge(&mut self, pair: Pair) {
        let (left, right) = pair;
        let new = self.bytes.len() as u32;
        let bytes = self.joined(pair);
        self.known.entry(bytes.clone()).or_insert(new);
        self.bytes.push(bytes);
        let mut places = self.pairs.remove(&pair).unwrap_or_default().places;
        places.sort_unstable();
        // The last token made, and how many of them stand in a row up to there.
        let (mut last, mut row) = (NONE, 0);
        for place in places {
            let second = self.next[place as usize];
            if self.token(place) != left || second == NONE || self.token(second) != right {
                continue;
            }
            let weight = self.weight(place);
            let (before, behind) = (self.previous[place as usize], self.next[second as usize]);
            if before != NONE {
                self.fall((self.token(before), left), place, before, weight, pair);
            }
            if behind != NONE {
                self.fall((right, self.token(behind)), second, behind, weight, pair);
            }
            self.tokens[place as usize] = new;
            self.tokens[second as usize] = NONE;
            self.next[place as usize] = behind;
            row = if before != NONE && before == last { row + 1 } else { 1 };
            last = place;
            if before != NONE {
                let counts = self.token(before) != new
                    || self.rule.runs == RunCounting::Adjacent
                    || row % 2 == 0;
                self.rise((self.token(before), new), before, if counts { weight } else { 0 });
            }
            if behind != NONE {
                self.previous[behind as usize] = place;
                self.rise((new, self.token(behind)), place, weight);
            }
        }
        self.risen.sort_unstable();
        self.risen.dedup();
    }

    /// A pair loses an occurrence, since the token at `end` goes and `neighbor` stays.
    fn fall(&mut self, pair: Pair, end: u32, neighbor: u32, weight: u64, merged: Pair) {
        // All of the pair that is merged go.
        if pair == merged {
            return;
        }
        if pair.0 == pair.1 && self.rule.runs == RunCounting::Disjoint {
            // A run of an odd number is one shorter without a loss.
            let links =
                if neighbor == self.next[end as usize] { &self.next } else { &self.previous };
            let (mut run, mut place) = (1, neighbor);
            while place != NONE && self.tokens[place as usize] == pair.0 {
                run += 1;
                place = links[place as usize];
            }
            if run % 2 == 1 {
                return;
            }
        }
        if let Some(seen) = self.pairs.get_mut(&pair) {
            seen.count -= weight;
        }
    }

    fn rise(&mut self, pair: Pair, place: u32, weight: u64) {
        if self.risen.last() != Some(&pair) {
            self.risen.push(pair);
        }
        let seen = self.pairs.entry(pair).or_default();
        seen.count += weight;
        seen.places.push(place);
    }

    fn token(&self, place: u32) -> u32 {
        self.tokens[place as usize]
    }

    fn weight(&self, place: u32) -> u64 {
        self.weights[self.segment[place as usize] as usize]
    }
}

/// Holds merges against the rule; `room` says whether one more would have been wanted, given the
/// length of its token.
pub(crate) fn check(
    mut replay: Replay<'_>,
    claims: &[Claim],
    room: impl FnOnce(usize) -> bool,
    mut done: impl FnMut(usize),
) -> Result<(), Difference> {
    for (&claim, number) in claims.iter().zip(1..) {
        replay.check(claim)?;
        done(number);
    }
    match replay.best() {
        Some((best, count)) if replay.owed.is_some() || room(replay.joined(best).len()) => {
            Err(Difference::Ended { merges: replay.bytes.len() - 256, best, count })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
