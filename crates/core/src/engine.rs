//! The merge engine of the trainer: a pair heap over occurrence lists in a flat array.
//!
//! The corpus is one array of cells. A token lies on as many cells as it had at the last
//! compaction; its id stands in the first, and once more, marked, in the last, so that both
//! neighbors of a place are one load away and no links are stored. (After Larsson and Moffat 2000,
//! "Off-line dictionary-based compression", section 3, without the links.)
//!
//! A pair gains occurrences only in the merge that creates the younger of its two tokens; from then
//! on its count falls. Two things follow. An entry of the heap never promises too little, so it is
//! enough to correct an entry when it comes up. And a pair below a threshold stays below it: lists
//! are kept only of pairs with at least an eighth of the best count, and when the best falls below
//! that, the array is compacted and the lists are built anew for a lower threshold. Such an epoch
//! costs a pass over the array, and there are at most as many as the largest count has octal digits.

use std::{cmp::Reverse, collections::BinaryHeap};

use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;

use crate::{
    config::RunCounting,
    merge::{MergeTable, Pair},
    neighbors::Neighbors,
};

/// Marks the last cell of a token of several cells.
const LAST: u32 = 1 << 31;
/// An inner cell that once held an id and must not be taken for the start of a token.
const INNER: u32 = u32::MAX;
/// Stands between pieces.
const WALL: u32 = LAST - 1;
/// Below this many cells lists of all pairs are cheaper than a second epoch.
const SMALL: usize = 1 << 20;

/// What the engine may do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) min_count: u64,
    pub(crate) max_token_len: usize,
    pub(crate) runs: RunCounting,
    pub(crate) whole_characters: bool,
    /// Lists are kept of pairs with at least the best count divided by this.
    pub(crate) epoch: u64,
    /// Arrays of fewer cells have lists of all pairs.
    pub(crate) small: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            min_count: 1,
            max_token_len: usize::MAX,
            runs: RunCounting::Adjacent,
            whole_characters: false,
            epoch: 8,
            small: SMALL,
        }
    }
}

struct Listed {
    pair: Pair,
    count: u64,
    /// Places, ascending, where the pair stood when it was listed; some no longer hold it.
    places: Vec<u32>,
}

type PairMap<T> = HashMap<Pair, T, FxBuildHasher>;

pub(crate) struct Engine {
    limits: Limits,
    cells: Vec<u32>,
    /// Where each stretch of pieces of one weight begins, ascending, and that weight.
    weights: Vec<(u32, u64)>,
    /// Cells of a token, by id.
    widths: Vec<u32>,
    /// Bytes of a token, by id.
    tokens: Vec<Vec<u8>>,
    known: HashSet<Vec<u8>>,
    /// Pairs whose bytes are a token already.
    refused: HashSet<Pair, FxBuildHasher>,
    listed: Vec<Listed>,
    slots: PairMap<u32>,
    heap: BinaryHeap<(u64, Reverse<Pair>, u32)>,
    /// Pairs that occur less often are not listed.
    threshold: u64,
    left: Neighbors,
    right: Neighbors,
}

impl Engine {
    /// Lays out the pieces, which come heaviest first, after the initial merges.
    pub(crate) fn new(
        pieces: &[(&[u8], u64)],
        table: &MergeTable,
        initial: &[Pair],
        limits: Limits,
    ) -> Engine {
        let tokens = token_bytes(initial);
        let mut cells =
            Vec::with_capacity(1 + pieces.iter().map(|(piece, _)| piece.len() + 1).sum::<usize>());
        let mut weights: Vec<(u32, u64)> = Vec::new();
        cells.push(WALL);
        for &(piece, weight) in pieces {
            if weights.last().is_none_or(|&(_, last)| last != weight) {
                weights.push((place(cells.len()), weight));
            }
            let from = cells.len();
            cells.extend(piece.iter().map(|&byte| u32::from(byte)));
            if !table.is_empty() {
                table.apply(&mut cells, from);
            }
            cells.push(WALL);
        }
        let mut engine = Engine {
            limits,
            cells,
            weights,
            widths: vec![1; tokens.len()],
            known: tokens.iter().cloned().collect(),
            tokens,
            refused: HashSet::default(),
            listed: Vec::new(),
            slots: PairMap::default(),
            heap: BinaryHeap::new(),
            threshold: u64::MAX,
            left: Neighbors::default(),
            right: Neighbors::default(),
        };
        engine.begin_epoch();
        engine
    }

    /// Merges the best pair and returns it with its count; none if no pair is frequent enough.
    pub(crate) fn merge_best(&mut self) -> Option<(Pair, u64)> {
        loop {
            let Some((count, Reverse(pair), slot)) = self.heap.pop() else {
                if self.threshold <= self.limits.min_count {
                    return None;
                }
                self.compact();
                if !self.begin_epoch() {
                    return None;
                }
                continue;
            };
            let now = self.listed[slot as usize].count;
            if now != count {
                if now >= self.threshold {
                    self.heap.push((now, Reverse(pair), slot));
                } else {
                    self.forget(slot);
                }
                continue;
            }
            let bytes = self.joined(pair);
            if !self.known.insert(bytes.clone()) {
                self.refused.insert(pair);
                self.forget(slot);
                continue;
            }
            self.merge(slot, bytes);
            return Some((pair, count));
        }
    }

    /// The bytes of the token made last.
    pub(crate) fn last_token(&self) -> &[u8] {
        self.tokens.last().map_or(&[], Vec::as_slice)
    }

    fn forget(&mut self, slot: u32) {
        let listed = &mut self.listed[slot as usize];
        listed.places = Vec::new();
        self.slots.remove(&listed.pair);
    }

    fn joined(&self, (left, right): Pair) -> Vec<u8> {
        [&self.tokens[left as usize][..], &self.tokens[right as usize]].concat()
    }

    fn allowed(&self, pair: Pair) -> bool {
        let (left, right) = pair;
        if self.tokens[left as usize].len() + self.tokens[right as usize].len()
            > self.limits.max_token_len
            || self.refused.contains(&pair)
        {
            return false;
        }
        !self.limits.whole_characters || whole_characters(&self.joined(pair))
    }

    /// Counts all pairs and lists the frequent ones; false if none is frequent enough.
    ///
    /// Every token has one cell here.
    fn begin_epoch(&mut self) -> bool {
        let mut counts: PairMap<(u64, u32)> = PairMap::default();
        let mut skipped = 0;
        for (at, weight) in weighted(&self.weights, self.cells.len()) {
            let pair = (self.cells[at], self.cells[at + 1]);
            if pair.0 == WALL || pair.1 == WALL {
                continue;
            }
            let (count, places) = counts.entry(pair).or_default();
            *places += 1;
            // In a run of disjoint counting every second adjacency is left out.
            let overlaps = pair.0 == pair.1 && skipped + 1 != at && self.cells[at - 1] == pair.0;
            if self.limits.runs == RunCounting::Disjoint && overlaps {
                skipped = at;
            } else {
                *count += weight;
            }
        }
        let mut candidates: Vec<(Pair, u64, u32)> = counts
            .into_iter()
            .filter(|&(pair, (count, _))| count >= self.limits.min_count && self.allowed(pair))
            .map(|(pair, (count, places))| (pair, count, places))
            .collect();
        let best = candidates.iter().map(|&(_, count, _)| count).max().unwrap_or(0);
        self.threshold = match self.cells.len() {
            small if small < self.limits.small => self.limits.min_count,
            _ => self.limits.min_count.max(best / self.limits.epoch),
        };
        candidates.retain(|&(_, count, _)| count >= self.threshold);
        self.listed.clear();
        self.slots.clear();
        self.heap.clear();
        for &(pair, count, places) in &candidates {
            self.list(pair, count, places as usize);
        }
        for at in 1..self.cells.len().saturating_sub(1) {
            if let Some(&slot) = self.slots.get(&(self.cells[at], self.cells[at + 1])) {
                self.listed[slot as usize].places.push(place(at));
            }
        }
        !candidates.is_empty()
    }

    /// Opens the list of a pair and returns its slot.
    fn list(&mut self, pair: Pair, count: u64, places: usize) -> u32 {
        let slot = place(self.listed.len());
        self.listed.push(Listed { pair, count, places: Vec::with_capacity(places) });
        self.slots.insert(pair, slot);
        self.heap.push((count, Reverse(pair), slot));
        slot
    }

    /// Gives every token one cell.
    fn compact(&mut self) {
        let (mut from, mut to, mut stretch) = (0, 0, 0);
        while from < self.cells.len() {
            if stretch < self.weights.len() && self.weights[stretch].0 as usize == from {
                self.weights[stretch].0 = place(to);
                stretch += 1;
            }
            let token = self.cells[from];
            self.cells[to] = token;
            to += 1;
            from += if token == WALL { 1 } else { self.widths[token as usize] as usize };
        }
        self.cells.truncate(to);
        self.cells.shrink_to_fit();
        self.widths.fill(1);
    }

    /// Replaces the listed occurrences of a pair by the token of these bytes.
    fn merge(&mut self, slot: u32, bytes: Vec<u8>) {
        let (a, b) = self.listed[slot as usize].pair;
        let places = std::mem::take(&mut self.listed[slot as usize].places);
        self.slots.remove(&(a, b));
        let new = place(self.tokens.len());
        let (width_a, width_b) = (self.widths[a as usize], self.widths[b as usize]);
        self.tokens.push(bytes);
        self.widths.push(width_a + width_b);
        self.left.begin(self.tokens.len());
        self.right.begin(self.tokens.len());
        let disjoint = self.limits.runs == RunCounting::Disjoint;
        // Rows are measured only for lists that need it.
        let rows_of_a = disjoint && self.slots.contains_key(&(a, a));
        let rows_of_b = disjoint && self.slots.contains_key(&(b, b));
        // Occurrences of the new token beside itself, and how many of them in a row.
        let (mut twins, mut twin_count, mut row) = (Vec::new(), 0, 0u64);
        // What the pairs (a, a) and (b, b) lose in disjoint counting.
        let (mut lost_a, mut lost_b) = (0, 0);
        let mut stretch = 0;
        for at in places {
            let middle = (at + width_a) as usize;
            let start = at as usize;
            if self.cells[start] != a || self.cells[middle] != b {
                continue;
            }
            stretch = advance(&self.weights, stretch, at);
            let weight = self.weights[stretch].1;
            let end = middle + width_b as usize;
            let before = match self.cells[start - 1] {
                WALL => WALL,
                id => id & !LAST,
            };
            if before == new {
                // The occurrence before took this `a` for its right neighbor.
                self.right.undo_last(weight);
                twins.push(at - width_a - width_b);
                row += 1;
                if !disjoint || row % 2 == 0 {
                    twin_count += weight;
                }
            } else {
                row = 1;
                if before != WALL {
                    self.left.add(before, at - self.widths[before as usize], weight);
                    if rows_of_a && before == a && self.row_before(start, a).is_multiple_of(2) {
                        lost_a += weight;
                    }
                }
            }
            let after = self.cells[end];
            if after != WALL {
                self.right.add(after, at, weight);
                if rows_of_b && after == b && self.row_after(middle, b).is_multiple_of(2) {
                    lost_b += weight;
                }
            }
            if width_a > 1 {
                self.cells[middle - 1] = INNER;
            }
            if width_b > 1 {
                self.cells[middle] = INNER;
            }
            self.cells[start] = new;
            self.cells[end - 1] = new | LAST;
        }

        let left = std::mem::take(&mut self.left);
        let right = std::mem::take(&mut self.right);
        for y in left.touched() {
            let lost = if disjoint && y == a { lost_a } else { left.lost(y) };
            self.lose((y, a), lost);
        }
        for z in right.touched() {
            let lost = if disjoint && z == b { lost_b } else { right.lost(z) };
            self.lose((b, z), lost);
        }
        self.left = self.list_neighbors(left, |y| (y, new));
        self.right = self.list_neighbors(right, |z| (new, z));
        if twin_count >= self.threshold && self.allowed((new, new)) {
            let slot = self.list((new, new), twin_count, 0);
            self.listed[slot as usize].places = twins;
        }
    }

    /// Length of the row of tokens `a` that ends with the one at `start`.
    ///
    /// Costs the length of the row. As long as (a, a) has a list it is no more frequent than what is
    /// merged, so a row is walked only as often as the largest count has digits;
    /// `docs/algorithms.md` has the proof.
    fn row_before(&self, start: usize, a: u32) -> u64 {
        let width = self.widths[a as usize] as usize;
        let (mut row, mut at) = (1, start);
        while self.cells[at - 1] != WALL && self.cells[at - 1] & !LAST == a {
            at -= width;
            row += 1;
        }
        row
    }

    /// Length of the row of tokens `b` that begins with the one at `start`; costs that length.
    fn row_after(&self, start: usize, b: u32) -> u64 {
        let width = self.widths[b as usize] as usize;
        let (mut row, mut at) = (1, start + width);
        while self.cells[at] == b {
            at += width;
            row += 1;
        }
        row
    }

    fn lose(&mut self, pair: Pair, count: u64) {
        if let Some(&slot) = self.slots.get(&pair) {
            self.listed[slot as usize].count -= count;
        }
    }

    /// Lists the pairs of the new token that are frequent enough.
    fn list_neighbors(
        &mut self,
        mut neighbors: Neighbors,
        pair: impl Fn(u32) -> Pair,
    ) -> Neighbors {
        for token in neighbors.touched() {
            let count = neighbors.gained(token);
            let pair = pair(token);
            if count >= self.threshold && self.allowed(pair) {
                let slot = self.list(pair, count, neighbors.places(token));
                neighbors.set_slot(token, slot);
            }
        }
        for (slot, at) in neighbors.listed_places() {
            self.listed[slot as usize].places.push(at);
        }
        neighbors.clear();
        neighbors
    }
}

/// The bytes of all tokens that merges make, by training id.
fn token_bytes(merges: &[Pair]) -> Vec<Vec<u8>> {
    let mut tokens: Vec<Vec<u8>> = (0..=255u8).map(|byte| vec![byte]).collect();
    for &(left, right) in merges {
        let joined = [&tokens[left as usize][..], &tokens[right as usize]].concat();
        tokens.push(joined);
    }
    tokens
}

/// Whether bytes are whole UTF-8 characters or a proper prefix of a single one.
fn whole_characters(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.valid_up_to() == 0 && error.error_len().is_none(),
    }
}

fn place(at: usize) -> u32 {
    u32::try_from(at).expect("the corpus is shorter than 2^32")
}

/// The stretch that holds a place, searched from an earlier one on.
fn advance(weights: &[(u32, u64)], mut stretch: usize, at: u32) -> usize {
    // Lists are ascending, so steps are mostly short: gallop, then halve.
    let mut step = 1;
    while stretch + step < weights.len() && weights[stretch + step].0 <= at {
        stretch += step;
        step *= 2;
    }
    while step > 0 {
        if stretch + step < weights.len() && weights[stretch + step].0 <= at {
            stretch += step;
        }
        step /= 2;
    }
    stretch
}

/// All places of an array but the walls at its ends, each with its weight.
fn weighted(weights: &[(u32, u64)], cells: usize) -> impl Iterator<Item = (usize, u64)> + '_ {
    let ends = weights.iter().skip(1).map(|&(start, _)| start as usize).chain([cells - 1]);
    weights
        .iter()
        .zip(ends)
        .flat_map(|(&(start, weight), end)| (start as usize..end).map(move |at| (at, weight)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn run(pieces: &[(&[u8], u64)], limits: Limits) -> Vec<(Pair, u64)> {
        let mut engine = Engine::new(pieces, &MergeTable::default(), &[], limits);
        std::iter::from_fn(|| engine.merge_best()).take(60).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        /// Lists of all pairs from the start, which the oracle is compared with, and lists built
        /// anew in every epoch give the same merges.
        #[test]
        fn epochs_change_nothing(
            mut pieces in prop::collection::vec(
                (prop::collection::vec(0u8..4, 2..60), 1usize..12, 1u64..5), 1..8),
            epoch in 1u64..9,
            min_count in 1u64..4,
            max_token_len in prop_oneof![Just(usize::MAX), 2usize..12],
            disjoint: bool,
        ) {
            pieces.sort_by_key(|piece| Reverse(piece.2));
            let pieces: Vec<(Vec<u8>, u64)> =
                pieces.into_iter().map(|(block, n, weight)| (block.repeat(n), weight)).collect();
            let pieces: Vec<(&[u8], u64)> = pieces.iter().map(|(p, w)| (&p[..], *w)).collect();
            let runs = if disjoint { RunCounting::Disjoint } else { RunCounting::Adjacent };
            let limits = Limits { min_count, max_token_len, runs, ..Limits::default() };
            let expected = run(&pieces, limits);
            prop_assert_eq!(run(&pieces, Limits { epoch, small: 0, ..limits }), expected);
        }
    }

    #[test]
    fn the_stretch_of_a_place_is_found() {
        let weights: Vec<(u32, u64)> = (0..100).map(|i| (1 + i * 3, u64::from(i))).collect();
        for at in 1..310u32 {
            let expected = ((at - 1) / 3).min(99) as usize;
            for from in (0..=expected).step_by(7) {
                assert_eq!(advance(&weights, from, at), expected);
            }
        }
    }
}
