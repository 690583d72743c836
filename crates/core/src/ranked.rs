//! From ranks to a list of merges.
//!
//! By ranks, two neighbors merge when their bytes together are a token, that of smallest rank first.
//! A token that arises at all arises from its own bytes as they evolve alone: until it does, no merge
//! crosses its ends, and what happens between them does not depend on what is outside. So each token
//! has one pair that makes it, the last two neighbors of that evolution; and a list of these pairs in
//! the order of ranks gives the same ids, provided that no token arises from its bytes only after one
//! of a greater rank was used. That is looked at for each token, and where it fails, or would take
//! long, the ranks are no list.

use crate::{
    backtrack::Backtracker,
    listed::Listed,
    merge::Pair,
    pairs::PairTable,
    pieces::{Ids, Pieces},
    short::{self, Filter},
    spelling::Spelling,
    token_bytes::TokenBytes,
    vocabulary::MAX_MERGES,
};

/// Neighbors looked at for tokens that the list does not make; the published files need some thousands.
const PATIENCE: usize = 1 << 24;

/// The tables of tokens in the order of ranks, with their ids, but for those of one byte. Tokens that no
/// merges make are pieces that are taken whole.
///
/// None if ranks are no list, a token comes twice, or there are more or longer ones than a vocabulary
/// may have. Costs a scan of a token for each of its bytes.
pub(crate) fn pieces<'a>(
    bytes: &[u32; 256],
    ranked: impl ExactSizeIterator<Item = (u32, &'a [u8])>,
) -> Option<Pieces> {
    let room = ranked.len();
    if room > MAX_MERGES {
        return None;
    }
    let mut merges: Vec<Pair> = Vec::with_capacity(room);
    let (mut pairs, mut filter) = (PairTable::with_room(room, 256), Filter::with_room(room));
    let mut tokens = TokenBytes::with_room(room);
    let mut ids = Vec::with_capacity(256 + room);
    ids.extend_from_slice(bytes);
    // Places among the ranked tokens.
    let mut places = Vec::with_capacity(room);
    let mut others = Vec::new();
    let (mut parts, mut makes, mut work) = (Vec::new(), Vec::new(), 0);
    for ((id, token), place) in ranked.zip(0u32..) {
        if token.len() == 1 {
            continue;
        }
        if parts.len() < token.len() {
            parts.resize(token.len(), 0);
            makes.resize(token.len(), 0);
        }
        let made = 256 + merges.len() as u32;
        match short::merge(&filter, &pairs, token, &mut parts, &mut makes) {
            2 => {
                let pair = (parts[0], parts[1]);
                pairs.insert(pair, made);
                filter.insert(pair, made, &tokens);
                merges.push(pair);
                tokens.push(token).ok()?;
                ids.push(id);
                places.push(place);
            }
            parts => {
                work += token.len() * token.len();
                if parts < 2 || work > PATIENCE {
                    return None;
                }
                others.push((id, token, place));
            }
        }
    }
    for &(id, token, place) in &others {
        tokens.push(token).ok()?;
        ids.push(id);
        places.push(place);
    }
    // Each pair is of two tokens that did not merge before.
    let listed = Listed { pairs, filter, repeated: Vec::new(), evolved: true };
    let search = Backtracker::new(&merges, &tokens, || listed);
    let mut pieces = Pieces::with_search(search, tokens, Ids::new(ids));
    let spelling = Spelling::new(pieces.search(), &pieces.tokens).ok()?;
    let rank = |bytes: &[u8]| {
        let token = spelling.get(bytes)? as usize;
        places.get(token.checked_sub(256)?).copied()
    };
    if others.iter().any(|(_, token, _)| arises(token, rank)) {
        return None;
    }
    let whole = others.into_iter().map(|(id, token, _)| (token.into(), id)).collect();
    pieces.set_whole(whole);
    Some(pieces)
}

/// Whether the bytes of a token become the token by ranks.
fn arises(token: &[u8], rank: impl Fn(&[u8]) -> Option<u32>) -> bool {
    let mut ends: Vec<usize> = (0..=token.len()).collect();
    while ends.len() > 2 {
        let next = ends
            .windows(3)
            .enumerate()
            .filter_map(|(at, ends)| Some((rank(&token[ends[0]..ends[2]])?, at + 1)))
            .min();
        let Some((_, middle)) = next else { return false };
        ends.remove(middle);
    }
    true
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::{Backtracker, Listed, Pair};
    use crate::piece_encoder::PieceEncoder;

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
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// Any tokens in any order: also such that no training gives, and the same ones again.
        #[test]
        fn lists_give_what_ranks_give(
            words in prop::collection::vec(prop::collection::vec(b'a'..=b'c', 2..6), 0..14),
            again in prop::option::weighted(0.2, any::<prop::sample::Index>()),
            texts in prop::collection::vec(prop::collection::vec(b'a'..=b'c', 0..40), 1..6),
        ) {
            let mut ranked: Vec<Vec<u8>> = Vec::new();
            for word in words {
                if !ranked.contains(&word) {
                    ranked.push(word);
                }
            }
            let twice = again.filter(|_| !ranked.is_empty()).map(|at| at.get(&ranked).clone());
            ranked.extend(twice.clone());
            let bytes: [u32; 256] = std::array::from_fn(|byte| byte as u32 ^ 5);
            let with_ids: Vec<(u32, &[u8])> =
                (1000..).step_by(3).zip(ranked.iter().map(|token| &token[..])).collect();
            let encoder = PieceEncoder::by_ranks(&bytes, with_ids.iter().copied());
            if twice.is_some() {
                prop_assert!(encoder.is_none());
                return Ok(());
            }
            let Some(encoder) = encoder else { return Ok(()) };
            // What is known of these merges is what is found out of any.
            let tokens = &encoder.pieces.tokens;
            let search = encoder.pieces.search().unwrap();
            let merges: Vec<Pair> = (256..search.len()).map(|token| search.parts(token)).collect();
            let found = Backtracker::new(&merges, tokens, || Listed::new(&merges, tokens));
            for token in 0..search.len() {
                prop_assert!(search.is_reachable(token) && found.is_reachable(token));
            }
            let single: Vec<u8> = (0..=255).collect();
            let ids = single.chunks(1).zip(bytes).chain(with_ids.iter().map(|&(id, token)| (token, id)));
            let ids: HashMap<&[u8], u32> = ids.collect();
            for text in texts {
                let mut found = Vec::new();
                encoder.encode_piece(&text, &mut found);
                let expected = match ids.get(&text[..]) {
                    Some(&id) => vec![id],
                    None => oracle(&text, &ids),
                };
                prop_assert_eq!(found, expected, "{:?}", text);
            }
        }
    }
}
