//! Encoding long segments: longest match, checked pair by pair, with backtracking.
//!
//! A sequence of tokens is the encoding of its bytes if each token encodes to itself and each two
//! neighbors encode to themselves: the first merge that crosses one of the boundaries would cross it
//! in the two tokens alone as well, for until then all sides evolve as in isolation. So a sequence
//! of tokens that passes the test pair by pair is the encoding, and it can be searched for from the
//! left. A prefix of the text has one encoding only, so whether the search can go on from a place
//! does not depend on how it was reached: a place that turned out a dead end is never entered again,
//! and the search is linear in the text.
//!
//! The test of pairs and the search are those of van Antwerpen and Neubeck (2024), "So many tokens,
//! so little time: introducing a faster, more flexible byte-pair tokenizer"; it needs that merges
//! are in the order in which their tokens were made, which every [`Vocabulary`] has.
//!
//! [`Vocabulary`]: crate::Vocabulary

use crate::{
    merge::{MergeTable, Pair},
    trie::{NONE, Trie},
};

/// Slots of the memo of pairs, at most: 256 KiB stay in a second-level cache.
const MEMO: usize = 1 << 15;

/// Slots for the shortest segments: making more would cost more than encoding.
const SMALL_MEMO: usize = 1 << 9;

/// Tables of a vocabulary for the search; in training ids.
#[derive(Clone, Debug)]
pub(crate) struct Backtracker {
    trie: Trie,
    /// Both parts of a merge token; a byte is made of itself.
    parts: Vec<Pair>,
    /// The longest token that is a proper prefix of a token, or `NONE`.
    prefixes: Vec<u32>,
    lengths: Vec<u32>,
    pub(crate) pairs: crate::pairs::PairTable,
    table: MergeTable,
    reachable: Vec<bool>,
}

/// Steps a byte that a search may take: real input takes two to four. Where tokens nearly match and then
/// do not, a search looks at as many bytes a place as the longest token has, and merging is faster.
const PATIENCE: usize = 16;

/// Memory of a search, kept from segment to segment.
#[derive(Debug)]
pub(crate) struct Scratch {
    /// Pair and verdict, in the slot of the pair's hash.
    memo: Vec<u64>,
    /// One bit a place: not known to be a dead end.
    open: Vec<u64>,
    /// Steps a byte after which a search gives up.
    patience: usize,
}

impl Default for Scratch {
    fn default() -> Scratch {
        Scratch { memo: Vec::new(), open: Vec::new(), patience: PATIENCE }
    }
}

impl Scratch {
    /// Forgets the pairs of a vocabulary.
    pub(crate) fn forget(&mut self) {
        self.memo = Vec::new();
    }

    /// Makes room for a text of so many bytes.
    fn fit(&mut self, len: usize) {
        let slots = len.next_power_of_two().clamp(SMALL_MEMO, MEMO);
        if self.memo.len() < slots {
            // No pair has this entry: ids are below 2^31.
            self.memo = vec![u64::MAX; slots];
        }
        self.open.clear();
        self.open.resize(len / 64 + 1, u64::MAX);
    }
}

impl Backtracker {
    pub(crate) fn new<'a>(merges: &[Pair], token: impl Fn(u32) -> &'a [u8]) -> Backtracker {
        let table = MergeTable::new(merges.iter().zip(0u32..).map(|(&p, i)| (p, crate::merge::Merge { rank: i, token: 256 + i })));
        let (table, shift) = (&table, 0);
        let parts = parts(merges);
        let mut reachable = vec![true; parts.len()];
        for id in unreachable(merges, table, shift) {
            // No encoding holds one.
            reachable[id as usize] = false;
        }
        let ids = || (0..256 + merges.len()).filter(|&id| reachable[id]).map(|id| id as u32);
        let trie = Trie::new(ids().map(|id| (token(id), id)).collect());
        let mut prefixes = vec![NONE; parts.len()];
        for id in ids() {
            let bytes = token(id);
            prefixes[id as usize] = trie.longest(&bytes[..bytes.len() - 1], &mut 0);
        }
        let lengths = (0..parts.len()).map(|id| token(id as u32).len() as u32).collect();
        Backtracker { trie, parts, prefixes, lengths, pairs: crate::pairs::PairTable::new(merges, 256), table: table.clone(), reachable }
    }

    pub(crate) fn len(&self) -> usize { self.lengths.len() }
    pub(crate) fn is_reachable(&self, token: u32) -> bool { self.reachable[token as usize] }
    pub(crate) fn encode(&self, text: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>) {
        if !self.search(text, &self.table, 0, scratch, ids) {
            let from = ids.len();
            ids.extend(text.iter().map(|&b| u32::from(b)));
            self.table.apply(ids, from);
        }
    }
    fn search(&self, text: &[u8], table: &MergeTable, shift: u32, scratch: &mut Scratch, ids: &mut Vec<u32>) -> bool {
        let bottom = ids.len();
        let (mut work, most) = (0, text.len().saturating_mul(scratch.patience));
        scratch.fit(text.len());
        let mut at = 0;
        let mut last = NONE;
        let mut token = self.trie.longest(text, &mut work);
        while at < text.len() {
            if work > most {
                ids.truncate(bottom);
                return false;
            }
            let end = at + self.lengths[token as usize] as usize;
            if scratch.open[end / 64] >> (end % 64) & 1 == 1
                && (last == NONE || self.fits(table, shift, scratch, (last, token), &mut work))
            {
                ids.push(token + shift);
                at = end;
                last = token;
                token = self.trie.longest(&text[at..], &mut work);
                continue;
            }
            token = self.prefixes[token as usize];
            while token == NONE {
                // No token goes on from here. What is popped was longest match or a prefix of it, so
                // its own prefixes come next.
                scratch.open[at / 64] &= !(1 << (at % 64));
                let popped = ids.pop().expect("every text has an encoding") - shift;
                at -= self.lengths[popped as usize] as usize;
                last = if ids.len() > bottom { ids[ids.len() - 1] - shift } else { NONE };
                token = self.prefixes[popped as usize];
            }
        }
        true
    }

    /// Whether two tokens, one after the other, encode to themselves.
    fn fits(
        &self,
        table: &MergeTable,
        shift: u32,
        scratch: &mut Scratch,
        pair: Pair,
        work: &mut usize,
    ) -> bool {
        *work += 1;
        let key = u64::from(pair.0) << 32 | u64::from(pair.1);
        let slot =
            (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & (scratch.memo.len() - 1);
        let entry = scratch.memo[slot];
        if entry >> 1 == key {
            return entry & 1 == 1;
        }
        let fits = !crossed(&self.parts, table, shift, pair, u32::MAX, work);
        scratch.memo[slot] = key << 1 | u64::from(fits);
        fits
    }
}

/// Both parts of every token; a byte is made of itself.
fn parts(merges: &[Pair]) -> Vec<Pair> {
    (0..256).map(|byte| (byte, byte)).chain(merges.iter().copied()).collect()
}

/// Training ids of the tokens that their own bytes do not encode to, ascending.
///
/// Costs at most a step for each byte of all tokens.
pub(crate) fn unreachable(merges: &[Pair], table: &MergeTable, shift: u32) -> Vec<u32> {
    let parts = parts(merges);
    let mut reachable = vec![true; parts.len()];
    let mut unreachable = Vec::new();
    for (&(left, right), id) in merges.iter().zip(256u32..) {
        // The token arises from its own bytes if nothing crosses the border of its parts before
        // its own merge is due.
        let whole = reachable[left as usize]
            && reachable[right as usize]
            && !crossed(&parts, table, shift, (left, right), id - 256, &mut 0);
        reachable[id as usize] = whole;
        if !whole {
            unreachable.push(id);
        }
    }
    unreachable
}

/// Whether a merge of a rank below `limit` crosses the border between two tokens.
///
/// Undoes the tokens from the top down, always the one formed later; of two formed by one merge the
/// right one, since the left was formed first. At each level the tokens at the border were there
/// until the one undone last was formed: a merge of them that was due before that happened.
fn crossed(
    parts: &[Pair],
    table: &MergeTable,
    shift: u32,
    (mut left, mut right): Pair,
    mut limit: u32,
    work: &mut usize,
) -> bool {
    loop {
        *work += 1;
        if table.get((left + shift, right + shift)).is_some_and(|merge| merge.rank < limit) {
            return true;
        }
        if left < 256 && right < 256 {
            return false;
        }
        if left > right {
            limit = limit.min(left - 256);
            left = parts[left as usize].1;
        } else {
            // Of one rank, the crossing merge lies further left and comes first.
            limit = limit.min(right - 256 + 1);
            right = parts[right as usize].0;
        }
    }
}

#[cfg(test)]
mod tests {
    use hashbrown::HashSet;
    use proptest::prelude::*;

    use super::*;
    use crate::merge::Merge;

    /// Merges of `a`, `b` and `c` in any order that makes tokens of earlier ones: also such as no
    /// training gives, with tokens that their own bytes do not encode to.
    fn vocabulary(
        choices: &[(prop::sample::Index, prop::sample::Index)],
    ) -> (Vec<Pair>, Vec<Vec<u8>>) {
        let mut tokens: Vec<Vec<u8>> = (0..=255u8).map(|byte| vec![byte]).collect();
        let mut known: HashSet<Vec<u8>> = tokens.iter().cloned().collect();
        let (mut merges, mut usable) = (Vec::new(), vec![97u32, 98, 99]);
        for (left, right) in choices {
            let pair = (*left.get(&usable), *right.get(&usable));
            let bytes = [&tokens[pair.0 as usize][..], &tokens[pair.1 as usize]].concat();
            if bytes.len() < 20 && known.insert(bytes.clone()) {
                usable.push(tokens.len() as u32);
                tokens.push(bytes);
                merges.push(pair);
            }
        }
        (merges, tokens)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_search_equals_the_merges(
            choices in prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..30),
            parts in prop::collection::vec((prop::collection::vec(97u8..100, 1..8), 1usize..9), 0..9),
            shift in 0u32..3,
        ) {
            let (merges, tokens) = vocabulary(&choices);
            let table = MergeTable::new(merges.iter().zip(0u32..).map(|(&(left, right), rank)| {
                ((left + shift, right + shift), Merge { rank, token: 256 + rank + shift })
            }));
            let tables = Backtracker::new(&merges, &table, shift, |id| &tokens[id as usize][..]);
            let by_merges = |text: &[u8]| {
                let mut ids: Vec<u32> = text.iter().map(|&byte| u32::from(byte) + shift).collect();
                table.apply(&mut ids, 0);
                ids
            };
            let mut scratch = Scratch { patience: usize::MAX, ..Scratch::default() };
            let text: Vec<u8> = parts.iter().flat_map(|(part, n)| part.repeat(*n)).collect();
            for text in [&text[..], &text[text.len() / 2..]] {
                let mut ids = vec![7];
                prop_assert!(tables.encode(text, &table, shift, &mut scratch, &mut ids));
                prop_assert_eq!(&ids[1..], &by_merges(text));
            }
            let unreachable: Vec<u32> = (0..tokens.len() as u32)
                .filter(|&id| by_merges(&tokens[id as usize]) != [id + shift])
                .collect();
            prop_assert_eq!(super::unreachable(&merges, &table, shift), unreachable);
        }
    }
}
