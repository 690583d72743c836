//! The merge engine of the trainer: a pair heap over occurrence lists in a flat array.
//!
//! A pair gains occurrences only in the merge that creates the younger of its two tokens; from then
//! on its count falls. So a pair below a threshold stays below it: lists are kept only of pairs with
//! at least a fraction of the best count, and when the best falls below that, the array is compacted
//! and the lists are built anew for a lower threshold. Such an epoch costs a few passes over the
//! array. It may begin at any time, so lists that outgrow their room end one early; and where not
//! even the list of the best pair has room, or would cost more than a pass, an epoch is a single
//! pass that merges the best pairs on its way.
//!
//! Merges that do not interfere are made together ([`Batch`]), by all shards at once.

mod array;
mod batch;
mod closure;
mod count;
mod epoch;
mod limits;
mod neighbors;
mod pairs;
mod places;
mod shard;
mod tokens;

use rayon::prelude::*;

pub(crate) use self::{
    array::{Array, Cell},
    limits::{Limits, Tuning},
};
use self::{
    batch::{Batch, Passed},
    count::Filter,
    pairs::{Fresh, Pairs},
    shard::{List, Member, Shard},
    tokens::{Tokens, Verdict},
};
use crate::{config::RunCounting, merge::Pair};

/// Places below which a batch is not worth sharing out.
const SHARED: usize = 1024;

/// Bytes of a list beside its places, in a shard, in a table that grows by doubling.
const LIST: usize = size_of::<List>() * 4 / 3;
/// Bytes that merging a place may take: its old list, its events, and the lists they go to.
const MERGED: usize = 4 + 16 + 8;

/// A merge that was made, and how often.
pub(crate) type Learned = (Pair, u64);

#[derive(Debug)]
pub(crate) struct Engine<C> {
    limits: Limits,
    tokens: Tokens,
    /// Cells of a token, by id.
    widths: Vec<u32>,
    shards: Vec<Shard<C>>,
    pairs: Pairs,
    /// Pairs that occur less often are not listed; the largest number between two epochs.
    threshold: u64,
    /// How often the last pair merged occurred.
    best: u64,
    passed: Passed,
    batch: Batch,
    /// Counts of neighbors over all shards, by token; zero between two uses.
    sums: Vec<u64>,
    /// Pairs of which one is merged next, whatever its count.
    followers: Vec<Pair>,
}

impl<C: Cell> Engine<C> {
    /// Goes on from these merges, which are applied to the arrays already.
    pub(crate) fn new(mut arrays: Vec<Array<C>>, merges: &[Pair], limits: Limits) -> Engine<C> {
        arrays.iter_mut().for_each(|array| array.cells.shrink_to_fit());
        let tokens = Tokens::new(merges);
        Engine {
            followers: Vec::new(),
            widths: vec![1; tokens.len()],
            tokens,
            limits,
            shards: arrays.into_iter().map(Shard::new).collect(),
            pairs: Pairs::default(),
            threshold: u64::MAX,
            best: u64::MAX,
            passed: Passed::default(),
            batch: Batch::default(),
            sums: Vec::new(),
        }
    }

    /// The same with cells of 32 bits, once the next of `most` merges does not fit in these. The last
    /// needs no cells, since nothing comes behind it.
    ///
    /// Takes all that the engine has.
    pub(crate) fn widened_if_full(&mut self, most: usize) -> Option<Engine<u32>> {
        if self.tokens.len() + self.room_of_a_merge() <= C::IDS || most <= 1 {
            return None;
        }
        self.compact();
        Some(Engine {
            limits: self.limits.clone(),
            tokens: std::mem::take(&mut self.tokens),
            widths: std::mem::take(&mut self.widths),
            shards: self.shards.drain(..).map(Shard::widened).collect(),
            pairs: Pairs::default(),
            threshold: u64::MAX,
            best: self.best,
            passed: std::mem::take(&mut self.passed),
            batch: Batch::default(),
            sums: Vec::new(),
            followers: Vec::new(),
        })
    }

    /// Bytes of a token.
    pub(crate) fn token_len(&self, id: usize) -> usize {
        self.tokens.len_of(id)
    }

    /// Bytes of memory in use.
    pub(crate) fn memory(&self) -> usize {
        self.shards.iter().map(|shard| shard.array.bytes()).sum::<usize>() + self.lists()
    }

    /// Bytes of the lists and what belongs to them.
    fn lists(&self) -> usize {
        let places: usize = self.shards.iter().map(|shard| shard.places.len()).sum();
        4 * places + self.pairs.len() * (Pairs::ENTRY + LIST * self.shards.len())
    }

    fn cells(&self) -> usize {
        self.shards.iter().map(|shard| shard.array.len()).sum()
    }

    /// Makes some of the best merges and returns them; none if no pair is frequent enough.
    ///
    /// At most `most` are wanted from here on. Once they are made the engine is of no more use.
    pub(crate) fn step(&mut self, most: usize) -> Vec<Learned> {
        if self.shards.len() == 1 {
            return self.step_here(most);
        }
        // In the pool this thread is one of those that share the work, and the others stay awake.
        rayon::scope(|_| self.step_here(most))
    }

    fn step_here(&mut self, most: usize) -> Vec<Learned> {
        if most < self.room_of_a_merge() {
            return Vec::new();
        }
        let mut learned = self.step_freely(most);
        let followers = std::mem::take(&mut self.followers);
        if !followers.is_empty() {
            learned.push(self.merge_follower(&followers));
        }
        learned
    }

    fn step_freely(&mut self, most: usize) -> Vec<Learned> {
        loop {
            let learned = self.merge_listed(most);
            if !learned.is_empty() {
                if self.lists() > self.limits.tuning.room {
                    self.compact();
                }
                return learned;
            }
            if self.threshold <= self.limits.min_count {
                return learned;
            }
            // Between two epochs every token has one cell already.
            if self.threshold < u64::MAX {
                self.compact();
            }
            let learned = self.begin_epoch(most);
            if !learned.is_empty() {
                return learned;
            }
        }
    }

    fn count(&self, slot: u32) -> u64 {
        self.shards.iter().map(|shard| shard.lists[slot as usize].count).sum()
    }

    fn places(&self, slot: u32) -> usize {
        self.shards.iter().map(|shard| shard.lists[slot as usize].len as usize).sum()
    }

    fn verdict(&self, pair: Pair) -> Verdict {
        self.tokens.verdict(pair, &self.limits)
    }

    /// What a pair is compared by among equally frequent ones.
    fn key(&self, (left, right): Pair) -> Pair {
        let Some(order) = &self.limits.order else { return (left, right) };
        let key = |token: u32| order.get(token as usize).map_or(token, |&key| key.into());
        (key(left), key(right))
    }

    /// Ends the epoch: forgets all lists and gives every token one cell.
    fn compact(&mut self) {
        let widths = &self.widths;
        self.shards.par_iter_mut().for_each(|shard| shard.compact(widths));
        self.widths.fill(1);
        self.pairs.clear();
        self.threshold = u64::MAX;
    }

    /// Merges the best of the listed pairs that may be merged together.
    fn merge_listed(&mut self, most: usize) -> Vec<Learned> {
        let first = self.tokens.len() as u32;
        let (mut learned, mut members) = (Vec::new(), Vec::new());
        self.batch.begin(self.tokens.len(), self.limits.tuning.batch);
        let (room, step) = (C::IDS - self.tokens.len(), self.room_of_a_merge());
        while learned.len() + step <= most
            && (learned.len() + step <= room || step == 1 && learned.len() + 1 == most)
        {
            let Some((count, slot)) = self.pairs.first() else { break };
            let now = self.count(slot);
            if now < self.threshold {
                self.pairs.pop();
                self.pairs.forget(slot);
                continue;
            }
            if now != count {
                self.pairs.correct_first(now);
                continue;
            }
            let pair = self.pairs.pair(slot);
            if !self.batch.admits(pair) {
                break;
            }
            self.pairs.pop();
            let Some(new) = self.tokens.join(pair) else {
                self.passed.add(pair);
                self.pairs.forget(slot);
                continue;
            };
            self.best = count;
            members.push(self.member(pair, slot, new));
            learned.push((pair, count));
            let followers = self.followers(new);
            if followers.is_empty() {
                continue;
            }
            // Their counts are known ahead if none is of a token of this batch or interferes with it.
            let old = |pair: &Pair| pair.0.max(pair.1) < first;
            let apart = followers.iter().all(|pair| old(pair) && self.batch.admits(*pair));
            match self.best_listed(&followers) {
                Some((pair, slot)) if apart => {
                    let (member, count) = self.out_of_turn(pair, slot);
                    members.push(member);
                    learned.push((pair, count));
                }
                _ => {
                    self.followers = followers;
                    break;
                }
            }
        }
        if learned.len() < most && !members.is_empty() {
            self.replace(&mut members, first);
        }
        learned
    }

    /// Enters a listed pair that has become a token into the batch.
    fn member(&mut self, pair: Pair, slot: u32, new: u32) -> Member {
        self.batch.push(pair, self.places(slot), &self.passed);
        self.pairs.forget(slot);
        self.widths.push(self.widths[pair.0 as usize] + self.widths[pair.1 as usize]);
        Member { pair, slot, new, rows: (false, false) }
    }

    fn replace(&mut self, members: &mut [Member], first: u32) {
        let disjoint = self.limits.runs == RunCounting::Disjoint;
        if disjoint {
            for member in &mut *members {
                let listed = |token: u32| self.pairs.slots.contains_key(&(token, token));
                member.rows = (listed(member.pair.0), listed(member.pair.1));
            }
        }
        let shared = members.iter().map(|member| self.places(member.slot)).sum::<usize>() > SHARED;
        let (slots, widths) = (&self.pairs.slots, &self.widths);
        let members = &*members;
        each(&mut self.shards, shared, |shard| {
            shard.replace(members, first, widths, slots, disjoint);
        });
        let fresh = self.enter_fresh(members);
        let (slots, count) = (&self.pairs.slots, self.pairs.len());
        let tokens = self.tokens.len();
        each(&mut self.shards, shared, |shard| {
            shard.list(members, &fresh, count, slots, tokens);
        });
    }

    /// Enters the pairs of the new tokens that are frequent enough.
    fn enter_fresh(&mut self, members: &[Member]) -> Vec<Fresh> {
        let mut fresh = Vec::new();
        for (i, member) in members.iter().enumerate() {
            let new = member.new;
            for is_left in [true, false] {
                for (token, count) in self.gained(i, is_left) {
                    let pair = if is_left { (token, new) } else { (new, token) };
                    if let Some(slot) = self.enter(pair, count) {
                        fresh.push(Fresh { new, token, is_left, slot });
                    }
                }
            }
            let twins = self.shards.iter().map(|shard| shard.found[i].twin_count).sum();
            if let Some(slot) = self.enter((new, new), twins) {
                fresh.push(Fresh { new, token: new, is_left: false, slot });
            }
        }
        fresh
    }

    /// Neighbors on one side of a member's new token that are frequent enough, and how often they
    /// stand there.
    fn gained(&mut self, member: usize, is_left: bool) -> Vec<(u32, u64)> {
        let of = |shard: &Shard<C>| {
            let found = &shard.found[member];
            if is_left { found.left.0.clone() } else { found.right.0.clone() }
        };
        let neighbors = self.shards.iter().flat_map(|shard| &shard.neighbors[of(shard)]);
        let gained = neighbors.map(|neighbor| (neighbor.token, neighbor.gained));
        if self.shards.len() == 1 {
            return gained.filter(|&(_, count)| count >= self.threshold).collect();
        }
        self.sums.resize(self.tokens.len(), 0);
        let mut tokens = Vec::new();
        for (token, count) in gained {
            let sum = &mut self.sums[token as usize];
            if *sum < self.threshold && *sum + count >= self.threshold {
                tokens.push(token);
            }
            *sum += count;
        }
        let gained = tokens.into_iter().map(|token| (token, self.sums[token as usize])).collect();
        for shard in &self.shards {
            for neighbor in &shard.neighbors[of(shard)] {
                self.sums[neighbor.token as usize] = 0;
            }
        }
        gained
    }

    /// Gives a pair a slot, if it is frequent enough and may be merged.
    fn enter(&mut self, pair: Pair, count: u64) -> Option<u32> {
        if count < self.threshold {
            return None;
        }
        match self.verdict(pair) {
            Verdict::Allowed => Some(self.pairs.enter(pair, self.key(pair), count)),
            Verdict::Never => None,
            Verdict::Passed => {
                self.passed.add(pair);
                None
            }
        }
    }
}

/// Bytes that counting pairs takes beside the arrays.
pub(crate) fn counting(cells: usize, shards: usize) -> usize {
    shards * Filter::bytes(cells)
}

/// Runs for every shard, on all threads if that is worth it.
fn each<C: Cell>(shards: &mut [Shard<C>], shared: bool, run: impl Fn(&mut Shard<C>) + Sync + Send) {
    if shared && shards.len() > 1 {
        shards.par_iter_mut().for_each(run);
    } else {
        shards.iter_mut().for_each(run);
    }
}

#[cfg(test)]
mod tests;
