//! The second stage of an encoding: merges of tokens across soft boundaries.
//!
//! Between two hard boundaries may stand a thousand tokens, of which few meet: a merge of `l` and `r` has
//! its *joint* where the last token of the first stage in `l` stands beside the first one in `r`.
//!
//! > *Lemma.* If no merge has its joint between two tokens of the first stage, no token of an encoding lies
//! > across that place, and what stands in front and behind is encoded as if it stood alone.
//!
//! For the first merge that crosses the place joins a token that ends there and one that begins there, so
//! it has its joint there. So runs fall into short ones, which are merged one by one.

use std::ops::Range;

use smallvec::SmallVec;

use crate::{
    hashed_bits::{HashedBits, of_pair},
    merge::{Merge, Pair, merge_all},
    pairs::PairTable,
};

/// Merges whose tokens are numbered one by one, so that a smaller number is a smaller rank.
#[derive(Clone, Debug)]
pub(crate) struct Across {
    pairs: PairTable,
    /// Tokens below this number may be joined.
    tokens: u32,
    /// The tokens on both sides of joints.
    joints: HashedBits,
}

impl Across {
    /// Of merges in the order of their ranks, of which the one with index `i` makes the token `first + i`;
    /// what is joined has smaller numbers, below 2^31.
    pub(crate) fn new(merges: &[Pair], first: u32) -> Across {
        let mut across = Across {
            pairs: PairTable::new(merges, first).0,
            tokens: first + merges.len() as u32,
            joints: HashedBits::with_room(merges.len()),
        };
        // The tokens of the first stage at both ends of each token.
        let mut ends: Vec<Pair> = Vec::with_capacity(merges.len());
        for &(left, right) in merges {
            let of = |token: u32| match token.checked_sub(first) {
                Some(merge) => ends[merge as usize],
                None => (token, token),
            };
            let (left, right) = (of(left), of(right));
            across.joints.insert(of_pair(left.1, right.0));
            ends.push((left.0, right.1));
        }
        across
    }

    /// Whether a merge may have its joint between two tokens of the first stage. "No" is always true.
    #[inline(always)]
    fn may_join(&self, left: u32, right: u32) -> bool {
        self.joints.may_have(of_pair(left, right))
    }

    fn merge(&self, (left, right): Pair) -> Option<Merge> {
        // The table has no room for other numbers.
        let token = self.pairs.get(left, right).filter(|_| left.max(right) < self.tokens)?;
        Some(Merge { rank: token, token })
    }

    /// Replaces the tokens `ids[from..]` of the first stage by what the merges make of them.
    ///
    /// Costs a question a token where nothing is joined, and O(n log n) for n tokens in any case.
    pub(crate) fn apply(&self, ids: &mut Vec<u32>, from: usize) {
        // What may be joined is found first, so that what is asked of it comes from memory at the same time;
        // a bit each, since no processor guesses which are.
        let mut runs: SmallVec<[Range<usize>; 32]> = SmallVec::new();
        for first in (from..ids.len()).step_by(64) {
            let tokens = &ids[first..ids.len().min(first + 65)];
            let mut joined = 0u64;
            for (pair, bit) in tokens.windows(2).zip(0..) {
                joined |= u64::from(self.may_join(pair[0], pair[1])) << bit;
            }
            while joined != 0 {
                let start = joined.trailing_zeros() as usize;
                let pairs = (joined >> start).trailing_ones() as usize;
                for pair in tokens[start..=start + pairs].windows(2) {
                    self.pairs.prefetch(pair[0], pair[1]);
                }
                let end = first + start + pairs + 1;
                match runs.last_mut() {
                    // It goes on from the pairs before.
                    Some(run) if run.end > first + start => run.end = end,
                    _ => runs.push(first + start..end),
                }
                // The lowest row of ones goes.
                joined &= joined.wrapping_add(1 << start);
            }
        }
        let (mut kept, mut done) = (from, from);
        for run in runs {
            kept = moved(ids, done..run.start, kept);
            let merged = merge_all(&mut ids[run.clone()], |pair| self.merge(pair));
            kept = moved(ids, run.start..run.start + merged, kept);
            done = run.end;
        }
        let rest = done..ids.len();
        kept = moved(ids, rest, kept);
        ids.truncate(kept);
    }
}

/// Moves a few ids to an earlier place, and gives their end. A call to copy so few would cost more.
#[inline(always)]
fn moved(ids: &mut [u32], range: Range<usize>, to: usize) -> usize {
    let len = range.len();
    if to < range.start {
        for i in 0..len {
            ids[to + i] = ids[range.start + i];
        }
    }
    to + len
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;
    use crate::MergeTable;

    proptest! {
        /// Any merges of tokens made before, also several of one pair, over runs of tokens of the first
        /// stage.
        #[test]
        fn runs_are_merged_as_by_the_table(
            choices in prop::collection::vec(any::<(Index, Index)>(), 0..40),
            ids in prop::collection::vec(prop_oneof![9 => 0u32..9, 1 => (1u32 << 21)..(1 << 21) + 9], 0..200),
        ) {
            let mut merges: Vec<Pair> = Vec::new();
            for (left, right) in choices {
                let token = |index: Index| match index.index(9 + merges.len()) as u32 {
                    token @ 0..9 => token,
                    merge => 91 + merge,
                };
                merges.push((token(left), token(right)));
            }
            let across = Across::new(&merges, 100);
            let table = MergeTable::new(
                merges.iter().zip(100..).map(|(&pair, token)| (pair, Merge { rank: token, token })));
            let mut expected = [&[7], &ids[..]].concat();
            let mut found = expected.clone();
            table.apply(&mut expected, 1);
            across.apply(&mut found, 1);
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn runs_part_where_no_merge_has_its_joint() {
        // 1 2, and that behind 3; so between 3 and 1 and between 1 and 2.
        let across = Across::new(&[(1, 2), (3, 100)], 100);
        let joined = |left, right| across.may_join(left, right);
        assert!(joined(1, 2) && joined(3, 1));
        assert!(!joined(2, 3) && !joined(2, 1) && !joined(1, 3) && !joined(3, 2));
        let mut ids = vec![3, 1, 2, 3, 2, 1];
        across.apply(&mut ids, 0);
        assert_eq!(ids, [101, 3, 2, 1]);
    }
}
