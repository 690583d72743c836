//! Tokens that come in pairs: each with its reverse complement.
//!
//! Behind a token comes the most frequent of the pairs that give its reverse complement, whatever
//! its count. That is seldom another pair than that of the complements of the parts: in rows, such as
//! AAA = AA + A, where T + TT stands nowhere, since rows are merged from the left.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::{Engine, array::Cell, count, shard::Member};
use crate::merge::Pair;

impl<C: Cell> Engine<C> {
    /// How many tokens must have room for a merge to be made.
    pub(super) fn room_of_a_merge(&self) -> usize {
        if self.limits.complement.is_some() { 2 } else { 1 }
    }

    /// The pairs of which one must be merged behind the token, if it needs another.
    pub(super) fn followers(&self, token: u32) -> Vec<Pair> {
        let complement = self.limits.complement.as_ref();
        complement.map_or(Vec::new(), |complement| self.tokens.complements(token, complement))
    }

    /// The most frequent of some pairs and its count, if that is known from the lists: no pair without
    /// a list is as frequent as the threshold.
    pub(super) fn best_listed(&self, pairs: &[Pair]) -> Option<(Pair, u32)> {
        let listed = pairs.iter().filter_map(|&pair| {
            let &slot = self.pairs.slots.get(&pair)?;
            Some((self.count(slot), Reverse(self.key(pair)), pair, slot))
        });
        let (count, _, pair, slot) = listed.max()?;
        (count >= self.threshold).then_some((pair, slot))
    }

    /// Enters a listed pair that does not stand first in the order into the batch.
    pub(super) fn out_of_turn(&mut self, pair: Pair, slot: u32) -> (Member, u64) {
        let count = self.count(slot);
        // Its entry in the order is found to be worth nothing when it comes up.
        self.shards.iter_mut().for_each(|shard| shard.lists[slot as usize].count = 0);
        let new = self.follow(pair);
        (self.member(pair, slot, new), count)
    }

    /// Merges the most frequent of some pairs, whatever its count, which is returned.
    pub(super) fn merge_follower(&mut self, pairs: &[Pair]) -> (Pair, u64) {
        if self.threshold < u64::MAX {
            if let Some((pair, slot)) = self.best_listed(pairs) {
                let first = self.tokens.len() as u32;
                self.batch.begin(self.tokens.len(), 1);
                let (member, count) = self.out_of_turn(pair, slot);
                self.replace(&mut [member], first);
                return (pair, count);
            }
            self.compact();
        }
        let runs = self.limits.runs;
        let counts = self.shards.par_iter().map(|shard| count::of(&shard.array, pairs, runs));
        let add = |a: Vec<u64>, b: Vec<u64>| a.iter().zip(b).map(|(a, b)| a + b).collect();
        let counts = counts.reduce(|| vec![0; pairs.len()], add);
        let all = pairs.iter().zip(counts).map(|(&pair, n)| (n, Reverse(self.key(pair)), pair));
        let (count, _, pair) = all.max().expect("the complements of its parts are a pair");
        let new = self.follow(pair);
        self.widths.push(1);
        self.rewrite(&[(pair, new)]);
        (pair, count)
    }

    fn follow(&mut self, pair: Pair) -> u32 {
        self.tokens.join(pair).expect("its complement is new, and the tokens before are closed")
    }
}
