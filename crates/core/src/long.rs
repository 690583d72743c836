//! Encoding long pieces by merges: which way they go.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use crate::{
    backtrack::{Backtracker, Scratch},
    last_tokens::{Chains, everywhere::Everywhere},
    token_bytes::TokenBytes,
};

/// Bytes of a piece that is long.
const LONG: usize = 1 << 12;

/// With fewer tokens a search is as fast.
const FEWEST_TOKENS: u32 = 1 << 13;

/// Tokens found in long pieces that pay for tables of one token: these take as long as a search finds five to eight.
/// Bytes tell less, as a search through long tokens is fast.
const PAYS: usize = 8;

/// What is made of merges when much comes that needs it.
#[derive(Debug, Default)]
pub(crate) struct Long {
    chains: OnceLock<Chains>,
    everywhere: OnceLock<Everywhere>,
    /// Tokens that were found in long pieces without it.
    searched: AtomicUsize,
}

impl Long {
    /// The forest of last tokens.
    pub(crate) fn chains(&self, search: &Backtracker) -> &Chains {
        self.chains.get_or_init(|| Chains::new(search))
    }

    /// Appends the encoding of a piece, in training ids; `tokens` are the bytes of those of the search.
    pub(crate) fn encode(
        &self,
        search: &Backtracker,
        tokens: &TokenBytes,
        piece: &[u8],
        scratch: &mut Scratch,
        ids: &mut Vec<u32>,
    ) {
        if piece.len() < LONG || search.len() < FEWEST_TOKENS || search.has_alphabets() {
            return search.encode(piece, scratch, ids);
        }
        let pays = || self.searched.load(Ordering::Relaxed) >= PAYS * search.len() as usize;
        if self.everywhere.get().is_none() && !pays() {
            let before = ids.len();
            search.encode(piece, scratch, ids);
            self.searched.fetch_add(ids.len() - before, Ordering::Relaxed);
            return;
        }
        let chains = self.chains(search);
        let everywhere = self.everywhere.get_or_init(|| Everywhere::new(chains, tokens));
        everywhere.encode(chains, piece, &mut scratch.everywhere, ids);
    }

    /// The number of tokens of a piece.
    pub(crate) fn count(
        &self,
        search: &Backtracker,
        tokens: &TokenBytes,
        piece: &[u8],
        scratch: &mut Scratch,
    ) -> usize {
        let mut ids = std::mem::take(&mut scratch.counted);
        ids.clear();
        self.encode(search, tokens, piece, scratch, &mut ids);
        let count = ids.len();
        scratch.counted = ids;
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listed::Listed;

    #[test]
    fn pieces_go_another_way_once_it_pays_and_give_the_same() {
        let pairs = (0..FEWEST_TOKENS).map(|pair| (pair >> 7, pair % 128));
        // Longer ones of every other token.
        let longer = (256..FEWEST_TOKENS).step_by(2).map(|token| (token, token + 1));
        let merges: Vec<_> = pairs.chain(longer).collect();
        let mut tokens = TokenBytes::with_room(merges.len());
        merges.iter().for_each(|&(left, right)| tokens.join(left, right).unwrap());
        let search = Backtracker::new(&merges, &tokens, || Listed::new(&merges, &tokens));
        // The high bits of a linear congruential generator (Knuth 1997, "Seminumerical algorithms", section 3.3.4).
        let next =
            |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
        let states = std::iter::successors(Some(1), next);
        let text: Vec<u8> = states.take(100_000).map(|state| (state >> 57) as u8).collect();
        let (mut scratch, mut expected) = (Scratch::default(), Vec::new());
        search.encode(&text, &mut scratch, &mut expected);

        let long = Long::default();
        let mut ways = Vec::new();
        for _ in 0..5 {
            let mut ids = vec![7];
            long.encode(&search, &tokens, &text, &mut scratch, &mut ids);
            assert!(ids[1..] == expected);
            assert_eq!(long.count(&search, &tokens, &text, &mut scratch), expected.len());
            ways.push(long.everywhere.get().is_some());
        }
        assert_eq!((ways[0], ways[4]), (false, true));
    }
}
