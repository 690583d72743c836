//! Counting all pairs of an array at the start of an epoch.
//!
//! Few tokens have a dense table of pairs. With many, most of the different pairs are rare, and a
//! table of all of them would be larger than the corpus; so a first pass adds up occurrences in
//! buckets that pairs share, and only pairs whose bucket reaches the threshold are counted one by
//! one. A bucket never holds less than any of its pairs, so no frequent pair is missed.

use super::{
    array::{Array, Cell},
    pairs::PairMap,
};
use crate::{config::RunCounting, hints::prefetch, merge::Pair};

/// Occurrences, weights included, and places of a pair.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Tally {
    pub(crate) count: u64,
    pub(crate) places: u32,
}

impl Tally {
    fn add(&mut self, weight: u64) {
        self.places += 1;
        self.count += weight;
    }
}

/// Where a pair stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    pub(crate) pair: Pair,
    /// Number of the cell of its left token, where every token has one.
    pub(crate) at: usize,
    /// What the place counts: nothing, where disjoint counting leaves out every second adjacency of a
    /// row.
    weight: u64,
}

/// Places that are looked up in a filter together.
const BLOCK: usize = 64;

/// Tallies of the pairs of an array.
#[derive(Debug)]
pub(crate) enum Tallies {
    /// By left and right token, of this many.
    Dense(usize, Vec<Tally>),
    /// Of the pairs that a filter lets through.
    Sparse(PairMap<Tally>),
}

impl Tallies {
    pub(crate) fn get(&self, pair: (u32, u32)) -> Tally {
        match self {
            Tallies::Dense(tokens, tallies) => tallies[pair.0 as usize * tokens + pair.1 as usize],
            Tallies::Sparse(tallies) => tallies.get(&pair).copied().unwrap_or_default(),
        }
    }

    /// The pairs that occur.
    pub(crate) fn iter(&self) -> Box<dyn Iterator<Item = ((u32, u32), Tally)> + '_> {
        match self {
            Tallies::Dense(tokens, tallies) => {
                Box::new(
                    tallies.iter().enumerate().filter(|(_, tally)| tally.places > 0).map(
                        move |(i, &tally)| (((i / tokens) as u32, (i % tokens) as u32), tally),
                    ),
                )
            }
            Tallies::Sparse(tallies) => {
                Box::new(tallies.iter().map(|(&pair, &tally)| (pair, tally)))
            }
        }
    }

    /// No tallies, in a table of the same kind.
    pub(crate) fn none_like(other: &Tallies) -> Tallies {
        match other {
            Tallies::Dense(tokens, tallies) => {
                Tallies::Dense(*tokens, vec![Tally::default(); tallies.len()])
            }
            Tallies::Sparse(_) => Tallies::Sparse(PairMap::default()),
        }
    }

    /// Adds the tallies of another part of the corpus.
    pub(crate) fn add(&mut self, other: &Tallies) {
        match self {
            Tallies::Dense(_, ours) => {
                if let Tallies::Dense(_, theirs) = other {
                    for (ours, theirs) in ours.iter_mut().zip(theirs) {
                        ours.count += theirs.count;
                        ours.places += theirs.places;
                    }
                }
            }
            Tallies::Sparse(ours) => {
                for (pair, theirs) in other.iter() {
                    let ours = ours.entry(pair).or_default();
                    ours.count += theirs.count;
                    ours.places += theirs.places;
                }
            }
        }
    }
}

/// Upper bounds of counts, by a hash of the pair.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    buckets: Vec<u16>,
    shift: u32,
}

impl Filter {
    /// Buckets for an array of this many cells: about as many, so that most rare pairs are told from
    /// frequent ones, at most 128 MiB.
    fn bits(cells: usize) -> u32 {
        (usize::BITS - (cells / 2).leading_zeros()).clamp(12, 26)
    }

    /// Bytes of the filter of an array.
    pub(crate) fn bytes(cells: usize) -> usize {
        2 << Filter::bits(cells)
    }

    /// Adds up the pairs of an array that is a part of a corpus of `total` cells.
    pub(crate) fn of<C: Cell>(array: &Array<C>, total: usize) -> Filter {
        let bits = Filter::bits(total);
        let mut filter = Filter { buckets: vec![0; 1 << bits], shift: 64 - bits };
        for (range, weight) in array.stretches() {
            let weight = u16::try_from(weight).unwrap_or(u16::MAX);
            let mut left = C::WALL;
            for &right in &array.cells[range] {
                if left != C::WALL && right != C::WALL {
                    let bucket = filter.bucket((left.id(), right.id()));
                    let sum = &mut filter.buckets[bucket];
                    *sum = sum.saturating_add(weight);
                }
                left = right;
            }
        }
        filter
    }

    pub(crate) fn add(&mut self, other: &Filter) {
        for (ours, theirs) in self.buckets.iter_mut().zip(&other.buckets) {
            *ours = ours.saturating_add(*theirs);
        }
    }

    /// No pair occurs more often, unless this is the largest number there is.
    pub(crate) fn highest(&self) -> u64 {
        match self.buckets.iter().copied().max() {
            Some(u16::MAX) => u64::MAX,
            highest => highest.unwrap_or(0).into(),
        }
    }

    /// A count that so many buckets reach, and so about as many pairs; the highest such.
    pub(crate) fn reached_by(&self, pairs: usize) -> u64 {
        let highest = self.buckets.iter().copied().max().unwrap_or(0);
        let mut buckets = vec![0usize; usize::from(highest) + 1];
        for &sum in &self.buckets {
            buckets[usize::from(sum)] += 1;
        }
        let mut reached = 0;
        for (count, buckets) in buckets.into_iter().enumerate().rev() {
            reached += buckets;
            if reached >= pairs {
                return count as u64;
            }
        }
        0
    }

    fn bucket(&self, (left, right): (u32, u32)) -> usize {
        // Fibonacci hashing: the high bits of a product with 2^64 over the golden ratio.
        let key = u64::from(left) << 32 | u64::from(right);
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }

    /// Calls for all places of pairs that may occur as often as the threshold says, and for some of
    /// other pairs, block by block.
    ///
    /// The table is far larger than the caches and what passes cannot be foreseen, so memory is asked
    /// for a block ahead and what passes is gathered without branches.
    pub(crate) fn sift<C: Cell>(
        &self,
        array: &Array<C>,
        threshold: u64,
        runs: RunCounting,
        mut passed: impl FnMut(&[Place]),
    ) {
        // The largest threshold that buckets can be compared with.
        let threshold = u16::try_from(threshold).unwrap_or(u16::MAX);
        let mut block = [Place::default(); BLOCK];
        let mut filled = 0;
        let mut sift = |block: &mut [Place]| {
            let mut kept = 0;
            for i in 0..block.len() {
                let place = block[i];
                block[kept] = place;
                kept += usize::from(self.buckets[self.bucket(place.pair)] >= threshold);
            }
            passed(&block[..kept]);
        };
        each(array, runs, |place| {
            prefetch(&self.buckets[self.bucket(place.pair)]);
            block[filled] = place;
            filled += 1;
            if filled == BLOCK {
                sift(&mut block);
                filled = 0;
            }
        });
        sift(&mut block[..filled]);
    }
}

/// Counts all pairs.
pub(crate) fn dense<C: Cell>(array: &Array<C>, tokens: usize, runs: RunCounting) -> Tallies {
    let mut tallies = vec![Tally::default(); tokens * tokens];
    each(array, runs, |Place { pair: (left, right), weight, .. }| {
        tallies[left as usize * tokens + right as usize].add(weight);
    });
    Tallies::Dense(tokens, tallies)
}

/// Counts the pairs that may occur as often as the threshold says.
pub(crate) fn sparse<C: Cell>(
    array: &Array<C>,
    filter: &Filter,
    threshold: u64,
    runs: RunCounting,
) -> Tallies {
    let mut tallies: PairMap<Tally> = PairMap::default();
    filter.sift(array, threshold, runs, |places| {
        for &Place { pair, weight, .. } in places {
            tallies.entry(pair).or_default().add(weight);
        }
    });
    Tallies::Sparse(tallies)
}

/// Counts a few pairs.
pub(crate) fn of<C: Cell>(array: &Array<C>, pairs: &[Pair], runs: RunCounting) -> Vec<u64> {
    let mut counts = vec![0; pairs.len()];
    each(array, runs, |place| {
        if let Some(at) = pairs.iter().position(|&pair| pair == place.pair) {
            counts[at] += place.weight;
        }
    });
    counts
}

/// Calls for all places, in their order.
pub(crate) fn each<C: Cell>(array: &Array<C>, runs: RunCounting, mut place: impl FnMut(Place)) {
    let disjoint = runs == RunCounting::Disjoint;
    for (range, weight) in array.stretches() {
        let mut left = C::WALL;
        // Whether the place before is of the same pair and was counted.
        let mut counted = false;
        for (at, &right) in range.clone().zip(&array.cells[range]) {
            if left != C::WALL && right != C::WALL {
                counted = left == right && disjoint && !counted;
                let skipped = left == right && disjoint && !counted;
                let (pair, weight) = ((left.id(), right.id()), if skipped { 0 } else { weight });
                place(Place { pair, at: at - 1, weight });
            } else {
                counted = false;
            }
            left = right;
        }
    }
}
