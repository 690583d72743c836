//! The start of an epoch: pairs are counted, and the frequent ones listed or merged in a pass.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::{
    Engine, LIST, Learned, MERGED,
    array::Cell,
    count::{self, Filter, Tallies, Tally},
    each,
    pairs::Pairs,
    places::Spot,
    shard::{List, Shard},
    tokens::Verdict,
};
use crate::merge::Pair;

/// Pairs listed for each merge that is wanted, at most; a new epoch begins if they do not suffice.
const SPARE: usize = 4;

/// What was counted: by shard, and the filter before it.
struct Counted {
    shards: Vec<Tallies>,
    /// Of all shards, if there are several.
    total: Option<Tallies>,
    filter: Option<Filter>,
}

impl Counted {
    fn total(&self) -> &Tallies {
        self.total.as_ref().unwrap_or(&self.shards[0])
    }
}

impl<C: Cell> Engine<C> {
    /// Counts all pairs and lists the frequent ones; or merges the best, where that is cheaper or
    /// lists have no room.
    ///
    /// Every token has one cell here. Without a list or a merge at the end no pair is frequent
    /// enough, and the threshold is the lowest.
    pub(super) fn begin_epoch(&mut self, most: usize) -> Vec<Learned> {
        let lowest = self.limits.min_count;
        let small = self.cells() < self.limits.tuning.small;
        let filter = (self.tokens.len() > self.limits.tuning.dense).then(|| self.filter());
        self.threshold = match &filter {
            Some(filter) if !small => {
                let best = filter.highest().min(self.best);
                let enough = filter.reached_by(most.saturating_mul(SPARE));
                lowest.max(best / self.limits.tuning.epoch).max(enough)
            }
            _ => lowest,
        };
        let mut counted = self.tally(filter);
        let mut frequent = self.frequent(counted.total());
        while frequent.is_empty() && self.threshold > lowest {
            self.threshold = lowest.max(self.threshold / self.limits.tuning.epoch.max(2));
            counted = self.tally(counted.filter);
            frequent = self.frequent(counted.total());
        }
        let Some(&(_, first)) = frequent.first() else { return Vec::new() };
        if !small {
            self.threshold = self.threshold.max(first.count / self.limits.tuning.epoch);
        }
        // The rarest are not needed if there are enough others.
        if let Some((_, tally)) = frequent.get(most.saturating_mul(SPARE)) {
            self.threshold = self.threshold.max(tally.count);
        }
        frequent.truncate(frequent.partition_point(|(_, tally)| tally.count >= self.threshold));
        let fits = self.fitting(&frequent);
        let pays = u64::from(first.places).saturating_mul(self.limits.tuning.pass);
        if fits == 0 || !small && pays >= self.cells() as u64 {
            return self.merge_in_a_pass(&frequent, most);
        }
        if let Some((_, next)) = frequent.get(fits) {
            self.threshold = next.count + 1;
        }
        frequent.truncate(fits);
        self.open(&frequent, &counted);
        Vec::new()
    }

    /// Upper bounds of all counts.
    fn filter(&self) -> Filter {
        let total = self.cells();
        let add = |mut a: Filter, b: Filter| {
            a.add(&b);
            a
        };
        let of = |shard: &Shard<C>| Filter::of(&shard.array, total);
        self.shards.par_iter().map(of).reduce_with(add).expect("there is a shard")
    }

    /// Counts all pairs, or those that the filter lets through.
    fn tally(&self, filter: Option<Filter>) -> Counted {
        let (tokens, runs) = (self.tokens.len(), self.limits.runs);
        let tally = |shard: &Shard<C>| match &filter {
            Some(filter) => count::sparse(&shard.array, filter, self.threshold, runs),
            None => count::dense(&shard.array, tokens, runs),
        };
        let shards: Vec<Tallies> = self.shards.par_iter().map(tally).collect();
        let total = (shards.len() > 1).then(|| {
            let mut total = Tallies::none_like(&shards[0]);
            shards.iter().for_each(|tallies| total.add(tallies));
            total
        });
        Counted { shards, total, filter }
    }

    /// The pairs that are frequent enough and may be merged, in the order in which they come up.
    fn frequent(&mut self, tallies: &Tallies) -> Vec<(Pair, Tally)> {
        let mut frequent = Vec::new();
        for (pair, tally) in tallies.iter().filter(|(_, tally)| tally.count >= self.threshold) {
            match self.verdict(pair) {
                Verdict::Allowed => frequent.push((pair, tally)),
                Verdict::Never => {}
                Verdict::Passed => self.passed.add(pair),
            }
        }
        frequent.par_sort_unstable_by_key(|&(pair, tally)| (Reverse(tally.count), self.key(pair)));
        frequent
    }

    /// How many of the pairs, with all that are equally frequent, have room for their lists and for
    /// being merged.
    fn fitting(&self, frequent: &[(Pair, Tally)]) -> usize {
        // Places have 32 bits.
        if self.shards.iter().any(|shard| u32::try_from(shard.array.len()).is_err()) {
            return 0;
        }
        let half = self.limits.tuning.room / 2;
        let mut listed = 0;
        let fitting = frequent.iter().take_while(|(_, tally)| {
            let places = tally.places as usize;
            listed += 4 * places + Pairs::ENTRY + LIST * self.shards.len();
            listed <= half && MERGED * places <= half
        });
        let mut fits = fitting.count();
        let count = |at: usize| frequent.get(at).map(|(_, tally)| tally.count);
        while fits > 0 && count(fits) == count(fits - 1) {
            fits -= 1;
        }
        fits
    }

    /// Opens the lists of these pairs.
    fn open(&mut self, frequent: &[(Pair, Tally)], counted: &Counted) {
        for &(pair, tally) in frequent {
            self.pairs.enter(pair, self.key(pair), tally.count);
        }
        let (slots, tokens) = (&self.pairs.slots, self.tokens.len());
        let mut dense = Vec::new();
        if counted.filter.is_none() {
            dense.resize(tokens * tokens, u32::MAX);
            for ((left, right), &slot) in slots {
                dense[*left as usize * tokens + *right as usize] = slot;
            }
        }
        let (threshold, runs) = (self.threshold, self.limits.runs);
        self.shards.par_iter_mut().zip(&counted.shards).for_each(|(shard, tallies)| {
            let mut start = 0;
            shard.lists = Vec::with_capacity(frequent.len());
            for &(pair, _) in frequent {
                let Tally { count, places: len } = tallies.get(pair);
                shard.lists.push(List { count, spot: Spot::first(start), len });
                start += len;
            }
            let mut ends: Vec<u32> = shard.lists.iter().map(|list| list.spot.start()).collect();
            shard.places.begin(start as usize);
            let places = shard.places.get_mut(Spot::first(0), start);
            let mut list = |slot: Option<u32>, at: usize| {
                if let Some(end) = slot.and_then(|slot| ends.get_mut(slot as usize)) {
                    places[*end as usize] = at as u32;
                    *end += 1;
                }
            };
            match &counted.filter {
                None => count::each(&shard.array, runs, |place| {
                    let (left, right) = place.pair;
                    list(Some(dense[left as usize * tokens + right as usize]), place.at);
                }),
                Some(filter) => filter.sift(&shard.array, threshold, runs, |passed| {
                    passed.iter().for_each(|place| list(slots.get(&place.pair).copied(), place.at));
                }),
            }
        });
    }

    /// Merges as many of the pairs, the best first, as may be merged together, in one pass.
    fn merge_in_a_pass(&mut self, frequent: &[(Pair, Tally)], most: usize) -> Vec<Learned> {
        let (mut learned, mut made) = (Vec::new(), Vec::new());
        self.batch.begin(self.tokens.len(), self.limits.tuning.batch);
        let room = C::IDS - self.tokens.len();
        for &(pair, tally) in frequent {
            let full = learned.len() + self.room_of_a_merge() > most.min(room);
            if full || !self.batch.admits(pair) {
                break;
            }
            let Some(new) = self.tokens.join(pair) else {
                self.passed.add(pair);
                continue;
            };
            self.batch.push(pair, 0, &self.passed);
            self.widths.push(1);
            self.best = tally.count;
            made.push((pair, new));
            learned.push((pair, tally.count));
            self.followers = self.followers(new);
            if !self.followers.is_empty() {
                break;
            }
        }
        self.rewrite(&made);
        learned
    }

    /// Replaces pairs by what they become, which do not interfere, between two epochs.
    pub(super) fn rewrite(&mut self, made: &[(Pair, u32)]) {
        // By left token, what becomes of it before which right token.
        let mut partners: Vec<Vec<(C, C)>> = vec![Vec::new(); self.tokens.len()];
        for &((left, right), new) in made {
            partners[left as usize].push((C::of(right), C::of(new)));
        }
        each(&mut self.shards, true, |shard| {
            shard.array.rewrite(|cells, at| {
                let cell = cells[at];
                if cell != C::WALL {
                    for &(right, new) in &partners[cell.id() as usize] {
                        if cells[at + 1] == right {
                            return (new, 2);
                        }
                    }
                }
                (cell, 1)
            });
        });
        self.threshold = u64::MAX;
    }
}
