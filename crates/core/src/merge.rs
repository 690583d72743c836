//! Encoding one segment: the merge list applied to a sequence of symbols.

use std::{cmp::Reverse, collections::BinaryHeap};

use hashbrown::{HashMap, hash_map::Entry};
use smallvec::SmallVec;

/// Two neighboring symbols.
pub type Pair = (u32, u32);

/// What a pair becomes, and when.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Merge {
    /// Place in the order of priority; the smallest goes first.
    pub rank: u32,
    /// The symbol that replaces the pair.
    pub token: u32,
}

/// Symbols up to which a scan for the smallest rank beats the queue.
const SHORT: usize = 64;

/// No merge at this place.
const NONE: u32 = u32::MAX;

/// Merges by pair, with their order.
///
/// Symbols are any numbers: bytes, characters or ids of a published vocabulary. The result of
/// [`apply`](MergeTable::apply) is that of the textbook rule: while a neighboring pair is in the
/// table, replace the one of smallest rank, the leftmost among equals.
#[derive(Clone, Debug, Default)]
pub struct MergeTable {
    /// With a seeded hash: pairs come from files, which could be made to collide.
    merges: HashMap<Pair, Merge>,
}

impl MergeTable {
    /// Builds the table; of several merges of one pair the one of smallest rank holds.
    ///
    /// Ranks must be below `u32::MAX`.
    pub fn new(merges: impl IntoIterator<Item = (Pair, Merge)>) -> MergeTable {
        let merges = merges.into_iter();
        let mut table = HashMap::with_capacity(merges.size_hint().0);
        for (pair, merge) in merges {
            match table.entry(pair) {
                Entry::Vacant(entry) => {
                    entry.insert(merge);
                }
                Entry::Occupied(mut entry) => {
                    if merge.rank < entry.get().rank {
                        entry.insert(merge);
                    }
                }
            }
        }
        MergeTable { merges: table }
    }

    /// Adds the merge of a pair that has none.
    pub(crate) fn insert(&mut self, pair: Pair, merge: Merge) {
        self.merges.insert(pair, merge);
    }

    /// The merge of a pair.
    pub fn get(&self, pair: Pair) -> Option<Merge> {
        self.merges.get(&pair).copied()
    }

    /// Number of pairs.
    pub fn len(&self) -> usize {
        self.merges.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.merges.is_empty()
    }

    /// Replaces `symbols[from..]` by what the merges make of it.
    ///
    /// Costs O(n log n) in the number of symbols, whatever they are: up to 64 symbols are merged by
    /// a scan for the smallest rank, longer sequences by a queue over a linked list.
    ///
    /// # Panics
    ///
    /// If `from` lies beyond the end, or the sequence has 2^32 symbols or more.
    pub fn apply(&self, symbols: &mut Vec<u32>, from: usize) {
        let merged = merge_all(&mut symbols[from..], |pair| self.get(pair));
        symbols.truncate(from + merged);
    }
}

/// Replaces symbols by what merges make of them, those of smallest rank first, the leftmost among equals,
/// and returns how many are left; `get` gives the merge of a pair.
///
/// Costs O(n log n) in the number of symbols, which must be below 2^32.
pub(crate) fn merge_all(symbols: &mut [u32], get: impl Fn(Pair) -> Option<Merge>) -> usize {
    match *symbols {
        [] | [_] => symbols.len(),
        // Most of what is left across segments, and not worth a list.
        [left, right] => match get((left, right)) {
            Some(merge) => {
                symbols[0] = merge.token;
                1
            }
            None => 2,
        },
        _ if symbols.len() <= SHORT => merge_short(symbols, get),
        _ => merge_long(symbols, get),
    }
}

/// By a scan for the smallest rank, again and again.
fn merge_short(symbols: &mut [u32], get: impl Fn(Pair) -> Option<Merge>) -> usize {
    // What pairs become, if anything.
    let none = Merge { rank: NONE, token: NONE };
    let of = |left, right| get((left, right)).unwrap_or(none);
    let mut merges: SmallVec<[Merge; SHORT]> =
        symbols.windows(2).map(|pair| of(pair[0], pair[1])).collect();
    let mut len = symbols.len();
    while len > 1 {
        let (mut at, mut best) = (0, none);
        for (i, &merge) in merges[..len - 1].iter().enumerate() {
            if merge.rank < best.rank {
                (at, best) = (i, merge);
            }
        }
        if best == none {
            break;
        }
        symbols[at] = best.token;
        symbols.copy_within(at + 2..len, at + 1);
        // The pair at `at` is gone, so what it becomes and all behind it move up by one.
        merges.copy_within(at + 1..len - 1, at);
        len -= 1;
        if at + 1 < len {
            merges[at] = of(symbols[at], symbols[at + 1]);
        }
        if at > 0 {
            merges[at - 1] = of(symbols[at - 1], symbols[at]);
        }
    }
    len
}

/// By a queue over a linked list.
fn merge_long(symbols: &mut [u32], get: impl Fn(Pair) -> Option<Merge>) -> usize {
    let len = u32::try_from(symbols.len()).expect("a segment has fewer than 2^32 symbols");
    // A linked list over the places: `next[i]` and `previous[i]` skip what was merged away.
    let mut next: Vec<u32> = (1..=len).collect();
    let mut previous: Vec<u32> = (0..len).map(|i| i.wrapping_sub(1)).collect();
    let mut dead = vec![false; symbols.len()];
    let mut queue: BinaryHeap<Reverse<(u32, u32)>> = symbols
        .windows(2)
        .zip(0..)
        .filter_map(|(pair, at)| Some(Reverse((get((pair[0], pair[1]))?.rank, at))))
        .collect();
    while let Some(Reverse((rank, at))) = queue.pop() {
        let left = at as usize;
        let right = next[left] as usize;
        if dead[left] || right == symbols.len() {
            continue;
        }
        // Entries are never removed when a neighbor changes; an entry counts only if the pair
        // at its place still has the rank it was entered with.
        let Some(merge) = get((symbols[left], symbols[right])) else { continue };
        if merge.rank != rank {
            continue;
        }
        symbols[left] = merge.token;
        dead[right] = true;
        let after = next[right] as usize;
        next[left] = next[right];
        if after < symbols.len() {
            previous[after] = at;
            if let Some(merge) = get((symbols[left], symbols[after])) {
                queue.push(Reverse((merge.rank, at)));
            }
        }
        let before = previous[left];
        if before != NONE
            && let Some(merge) = get((symbols[before as usize], symbols[left]))
        {
            queue.push(Reverse((merge.rank, before)));
        }
    }
    let mut kept = 0;
    let mut at = 0;
    while at < symbols.len() {
        symbols[kept] = symbols[at];
        kept += 1;
        at = next[at] as usize;
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The textbook rule.
    fn oracle(table: &MergeTable, symbols: &[u32]) -> Vec<u32> {
        let mut symbols = symbols.to_vec();
        loop {
            let best = (1..symbols.len())
                .filter_map(|i| Some((table.get((symbols[i - 1], symbols[i]))?, i - 1)))
                .min_by_key(|(merge, i)| (merge.rank, *i));
            let Some((merge, i)) = best else { return symbols };
            symbols.splice(i..i + 2, [merge.token]);
        }
    }

    proptest! {
        /// Any table, also one that no training would give: ranks out of order, one product of
        /// several pairs.
        #[test]
        fn both_ways_equal_the_textbook(
            merges in prop::collection::vec(((0u32..6, 0u32..6), 0u32..12, 3u32..6), 0..20),
            symbols in prop::collection::vec(0u32..3, 0..200),
        ) {
            let table = MergeTable::new(
                merges.into_iter().map(|(pair, rank, token)| (pair, Merge { rank, token })));
            let expected = oracle(&table, &symbols);
            let mut short = symbols.clone();
            let len = merge_short(&mut short, |pair| table.get(pair));
            prop_assert_eq!(&short[..len], &expected[..]);
            let mut long = symbols.clone();
            let len = merge_long(&mut long, |pair| table.get(pair));
            prop_assert_eq!(&long[..len], &expected[..]);
            let mut tail = vec![9, 9];
            tail.extend(&symbols);
            table.apply(&mut tail, 2);
            prop_assert_eq!(&tail[..2], &[9, 9]);
            prop_assert_eq!(&tail[2..], &expected[..]);
        }
    }
}
