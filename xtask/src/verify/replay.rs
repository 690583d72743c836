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
mod tests {
    use polytok_core::{SegmentCounts, TrainConfig, Vocabulary, train};
    use proptest::prelude::*;

    use super::*;

    type Segments = Vec<(Vec<u8>, u64)>;

    fn trained(segments: &Segments, config: &TrainConfig) -> Vocabulary {
        let mut counts = SegmentCounts::new("test");
        segments.iter().for_each(|(segment, weight)| counts.add_segment(segment, *weight));
        train(&counts, config).unwrap()
    }

    fn rule(config: &TrainConfig) -> Rule {
        Rule {
            runs: config.runs,
            min_count: config.min_count,
            max_token_len: config.max_token_len as usize,
            whole_characters: config.whole_characters,
            bytes: Rule::by_value(),
            complement: Rule::complement(&config.complement),
        }
    }

    fn claims(vocabulary: &Vocabulary) -> Vec<Claim> {
        let counts = vocabulary.merge_counts().iter();
        let all = vocabulary.merges().iter().zip(counts);
        all.map(|(&pair, &count)| Claim { pair, count: Some(count) }).collect()
    }

    fn checked(segments: &Segments, config: &TrainConfig, all: &[Claim]) -> Result<(), Difference> {
        let initial = &config.initial_merges;
        let rule = rule(config);
        let replay = Replay::new(segments.iter().cloned(), initial, &rule);
        let entries = 256 + all.len() + rule.merges_at_once();
        let room = |_| entries <= config.vocabulary_size as usize;
        check(replay, &all[initial.len()..], room, |_| ())
    }

    fn letters() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            proptest::collection::vec(b'a'..=b'c', 1..60),
            (b'a'..=b'b', 1..40usize).prop_map(|(letter, n)| vec![letter; n]),
            proptest::collection::vec(
                proptest::sample::select(b"\xc3\xa9a\xe2\x82".to_vec()),
                1..30
            ),
        ]
    }

    fn settings() -> impl Strategy<Value = TrainConfig> {
        let runs = prop_oneof![Just(RunCounting::Adjacent), Just(RunCounting::Disjoint)];
        // Further merges; or the two letters stand for each other, and the third for itself.
        let more = prop_oneof![
            Just((vec![], vec![])),
            Just((vec![(97, 97), (256, 97), (98, 256)], vec![])),
            Just((vec![], vec![(b'a', b'b')])),
        ];
        (runs, 1..4u64, 2..12u32, any::<bool>(), more).prop_map(
            |(runs, min_count, max_token_len, characters, (initial_merges, complement))| {
                TrainConfig {
                    vocabulary_size: 286,
                    runs,
                    min_count,
                    max_token_len,
                    whole_characters: characters && complement.is_empty(),
                    initial_merges,
                    complement,
                    ..TrainConfig::default()
                }
            },
        )
    }

    proptest! {
        /// What training gives is accepted; a count, an order or an end that is wrong is told, with
        /// the first merge that is.
        #[test]
        fn right_merges_are_accepted_and_wrong_ones_told(
            segments in proptest::collection::vec((letters(), 1..4u64), 1..8),
            config in settings(),
            at in any::<proptest::sample::Index>(),
        ) {
            let vocabulary = trained(&segments, &config);
            let all = claims(&vocabulary);
            prop_assert_eq!(checked(&segments, &config, &all), Ok(()));
            let first = config.initial_merges.len();
            prop_assume!(all.len() > first);
            let at = first + at.index(all.len() - first);

            let mut wrong = all.clone();
            wrong[at].count = wrong[at].count.map(|count| count + 1);
            let (pair, count) = (all[at].pair, all[at].count.unwrap());
            let difference = Difference::Count { merge: at, pair, claimed: count + 1, count };
            prop_assert_eq!(checked(&segments, &config, &wrong), Err(difference));

            let mut wrong = all.clone();
            wrong[at].pair = (pair.1, pair.0 + 1);
            match checked(&segments, &config, &wrong) {
                Err(Difference::Pair { merge, best, .. }) => prop_assert_eq!((merge, best), (at, pair)),
                other => prop_assert!(wrong[at].pair == pair, "{:?}", other),
            }

            // Fewer than are wanted, and than there could be.
            let ended = Difference::Ended { merges: at, best: pair, count };
            prop_assert_eq!(checked(&segments, &config, &all[..at]), Err(ended));
        }
    }

    /// Equally frequent pairs that stand in the wrong order are told, and so is a pair that is not
    /// the most frequent.
    #[test]
    fn order_is_checked() {
        let segments = vec![(b"ab".to_vec(), 5), (b"cd".to_vec(), 5), (b"ef".to_vec(), 4)];
        let config = TrainConfig { vocabulary_size: 259, ..TrainConfig::default() };
        let claim = |left: u8, right: u8, count| Claim {
            pair: (left.into(), right.into()),
            count: Some(count),
        };
        let right = [claim(b'a', b'b', 5), claim(b'c', b'd', 5), claim(b'e', b'f', 4)];
        assert_eq!(checked(&segments, &config, &right), Ok(()));
        let tied = [right[1], right[0], right[2]];
        let Err(difference) = checked(&segments, &config, &tied) else { panic!("accepted") };
        let told = "merge 0 is (99, 100), which occurs 5 times; (97, 98) comes first, with 5 \
                    occurrences";
        assert_eq!(difference.to_string(), told);
        let rare = [right[0], right[2], right[1]];
        let Err(Difference::Pair { merge: 1, best: (99, 100), count: 5, .. }) =
            checked(&segments, &config, &rare)
        else {
            panic!("accepted")
        };
        let none = [right[0], right[1], right[2], claim(b'x', b'y', 1)];
        let Err(Difference::NoPair { merge: 3, occurs: 0, .. }) =
            checked(&segments, &config, &none)
        else {
            panic!("accepted")
        };
    }
}
