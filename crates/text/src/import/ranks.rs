//! From the ranks of a file to a list of merges.
//!
//! By ranks, two neighbors merge when their bytes together are a token, that of smallest rank first.
//! A token that arises at all arises from its own bytes as they evolve alone: until it does, no merge
//! crosses its ends, and what happens between them does not depend on what is outside. So each token
//! has one pair that makes it, the last two neighbors of that evolution; and a list of these pairs in
//! the order of ranks gives the same ids, provided that no token arises from its bytes only after one
//! of a greater rank was used. That is looked at for each token, and where it fails, or would take
//! long, the ranks stay as they are.

use hashbrown::HashMap;
use polytok_core::ListedMerge;

/// Merges of neighbors looked at for tokens that the list does not make; the published files need
/// some thousands.
const PATIENCE: usize = 1 << 24;

/// The merges that make the tokens, which are given in the order of ranks.
///
/// None if ranks are no list. Costs a scan of a token for each of its bytes.
pub(super) fn merges(
    tokens: &[(u32, Vec<u8>)],
    ids: &HashMap<&[u8], u32>,
    bytes: &[u32; 256],
) -> Option<Vec<ListedMerge>> {
    let mut merges = Vec::with_capacity(tokens.len());
    let mut pairs = Pairs::new(bytes, tokens.len());
    let (mut parts, mut made, mut work) = (Vec::new(), Vec::new(), 0);
    for (id, token) in tokens.iter().filter(|(_, token)| token.len() > 1) {
        evolve(token, &pairs, &mut parts, &mut made);
        if let [left, right] = parts[..] {
            pairs.insert(token, (left, right), *id);
            merges.push(ListedMerge { left, right, token: *id });
            continue;
        }
        work += token.len() * token.len();
        if work > PATIENCE || arises(token, ids) {
            return None;
        }
    }
    Some(merges)
}

/// What pairs of tokens make, as far as it is known. Pairs of bytes, half of all that is asked for, have
/// a table of their own.
struct Pairs<'a> {
    bytes: &'a [u32; 256],
    of_bytes: Vec<u32>,
    others: HashMap<(u32, u32), u32>,
}

/// No rank.
const NONE: u32 = u32::MAX;

impl Pairs<'_> {
    fn new(bytes: &[u32; 256], tokens: usize) -> Pairs<'_> {
        let others = HashMap::with_capacity(tokens);
        Pairs { bytes, of_bytes: vec![NONE; 1 << 16], others }
    }

    fn of_bytes(&self, left: u8, right: u8) -> u32 {
        self.of_bytes[usize::from(left) << 8 | usize::from(right)]
    }

    fn get(&self, left: u32, right: u32) -> u32 {
        self.others.get(&(left, right)).copied().unwrap_or(NONE)
    }

    fn insert(&mut self, token: &[u8], pair: (u32, u32), made: u32) {
        if let [left, right] = *token {
            self.of_bytes[usize::from(left) << 8 | usize::from(right)] = made;
        }
        self.others.insert(pair, made);
    }
}

/// Merges the bytes of a token as far as they go; the token that a pair makes is its rank as well.
fn evolve(token: &[u8], pairs: &Pairs<'_>, parts: &mut Vec<u32>, made: &mut Vec<u32>) {
    parts.clear();
    parts.extend(token.iter().map(|&byte| pairs.bytes[usize::from(byte)]));
    made.clear();
    made.extend(token.windows(2).map(|pair| pairs.of_bytes(pair[0], pair[1])));
    loop {
        // Compiled as an iterator this is a sixth of all instructions of loading a file.
        let (mut at, mut best) = (0, NONE);
        for (i, &rank) in made.iter().enumerate() {
            if rank < best {
                (at, best) = (i, rank);
            }
        }
        if best == NONE {
            break;
        }
        parts[at] = best;
        // A call to move so few would cost more than the loop.
        for i in at + 1..parts.len() - 1 {
            parts[i] = parts[i + 1];
            made[i - 1] = made[i];
        }
        parts.pop();
        made.pop();
        if let Some(&right) = parts.get(at + 1) {
            made[at] = pairs.get(best, right);
        }
        if at > 0 {
            made[at - 1] = pairs.get(parts[at - 1], best);
        }
    }
}

/// Whether the bytes of a token become the token by ranks.
fn arises(token: &[u8], ids: &HashMap<&[u8], u32>) -> bool {
    let mut ends: Vec<usize> = (0..=token.len()).collect();
    while ends.len() > 2 {
        let next = ends
            .windows(3)
            .enumerate()
            .filter_map(|(at, ends)| Some((*ids.get(&token[ends[0]..ends[2]])?, at + 1)))
            .min();
        let Some((_, middle)) = next else { return false };
        ends.remove(middle);
    }
    true
}

#[cfg(test)]
mod tests {
    use polytok_core::{PieceEncoder, Whole};
    use proptest::prelude::*;

    use super::*;

    /// The textbook rule of ranks.
    fn oracle(text: &[u8], ids: &HashMap<&[u8], u32>) -> Vec<u32> {
        let mut ends: Vec<usize> = (0..=text.len()).collect();
        loop {
            let next = ends
                .windows(3)
                .enumerate()
                .filter_map(|(at, ends)| Some((*ids.get(&text[ends[0]..ends[2]])?, at + 1)))
                .min();
            let Some((_, middle)) = next else { break };
            ends.remove(middle);
        }
        ends.windows(2).map(|ends| ids[&text[ends[0]..ends[1]]]).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Any tokens in any order: also such that no training gives.
        #[test]
        fn lists_give_what_ranks_give(
            words in prop::collection::vec(prop::collection::vec(b'a'..=b'c', 2..6), 0..14),
            texts in prop::collection::vec(prop::collection::vec(b'a'..=b'c', 0..40), 1..6),
        ) {
            let mut tokens: Vec<Vec<u8>> = (0..=255u8).map(|byte| vec![byte]).collect();
            for word in words {
                if !tokens.contains(&word) {
                    tokens.push(word);
                }
            }
            let tokens: Vec<(u32, Vec<u8>)> = (0..).zip(tokens).collect();
            let ids = tokens.iter().map(|(id, token)| (&token[..], *id)).collect();
            let bytes = std::array::from_fn(|byte| byte as u32);
            let Some(merges) = merges(&tokens, &ids, &bytes) else { return Ok(()) };
            let encoder = PieceEncoder::new(&bytes, &merges, [].into_iter()).unwrap();
            for text in texts {
                let mut found = Vec::new();
                encoder.encode_into(&Whole, &text, &mut found);
                prop_assert_eq!(found, oracle(&text, &ids), "{:?}", text);
            }
        }
    }
}
