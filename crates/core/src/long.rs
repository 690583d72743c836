//! Encoding long pieces by merges: which way they go.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use crate::{
    backtrack::{Backtracker, Scratch},
    last_tokens::{Chains, everywhere::Everywhere, read},
    token_bytes::TokenBytes,
    transducer::Transducer,
};

/// Bytes of a piece that is long.
const LONG: usize = 1 << 12;

/// With fewer tokens a search is as fast.
const FEWEST_TOKENS: u32 = 1 << 13;

/// Tokens found in long pieces that pay for tables of one token; bytes tell less, as a search through long tokens is
/// fast. These tables take as long as a search finds five to eight, those of few letters twenty to a hundred.
const PAYS: usize = 8;
const FEW_LETTERS_PAY: usize = 64;

/// What is made of merges when much comes that needs it.
#[derive(Debug, Default)]
pub(crate) struct Long {
    chains: OnceLock<Chains>,
    tables: OnceLock<Tables>,
    /// Tokens that were found in long pieces without them.
    searched: AtomicUsize,
}

/// What long pieces are encoded by once it pays.
#[derive(Debug)]
enum Tables {
    FewLetters(Transducer),
    Everywhere(Everywhere),
    /// None: a search is as fast, or the others would be too large.
    Search,
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
        if piece.len() < LONG {
            return search.encode(piece, scratch, ids);
        }
        match self.tables(search, tokens) {
            Some(Tables::FewLetters(transducer)) => {
                transducer.encode(piece, &mut scratch.words, ids);
            }
            Some(Tables::Everywhere(everywhere)) => {
                everywhere.encode(self.chains(search), piece, &mut scratch.everywhere, ids);
            }
            Some(Tables::Search) => search.encode(piece, scratch, ids),
            None => {
                let before = ids.len();
                search.encode(piece, scratch, ids);
                self.searched.fetch_add(ids.len() - before, Ordering::Relaxed);
            }
        }
    }

    /// The tables, if they are there or have come to pay.
    fn tables(&self, search: &Backtracker, tokens: &TokenBytes) -> Option<&Tables> {
        if let Some(tables) = self.tables.get() {
            return Some(tables);
        }
        let few_letters = search.has_alphabets();
        let pays = if few_letters { FEW_LETTERS_PAY } else { PAYS };
        let make = || match few_letters {
            true => read::transducer(self.chains(search), tokens)
                .map_or(Tables::Search, Tables::FewLetters),
            false if search.len() < FEWEST_TOKENS => Tables::Search,
            false => Tables::Everywhere(Everywhere::new(self.chains(search), tokens)),
        };
        let paid = self.searched.load(Ordering::Relaxed) >= pays * search.len() as usize;
        paid.then(|| self.tables.get_or_init(make))
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
    use crate::{SegmentCounts, TrainConfig, merge::Pair, samples::tables, train};

    /// Whether pieces go another way at last, and give what a search does.
    fn goes_another_way(merges: &[Pair], text: &[u8], other: fn(&Tables) -> bool) {
        let (tokens, search) = tables(merges);
        let (mut scratch, mut expected) = (Scratch::default(), Vec::new());
        search.encode(text, &mut scratch, &mut expected);
        let long = Long::default();
        let mut ways = Vec::new();
        for _ in 0..5 {
            let mut ids = vec![7];
            long.encode(&search, &tokens, text, &mut scratch, &mut ids);
            ways.push(long.tables.get().map(other));
            assert!(ids[1..] == expected);
            assert_eq!(long.count(&search, &tokens, text, &mut scratch), expected.len());
        }
        assert_eq!((ways[0], ways[4]), (None, Some(true)));
    }

    /// Bytes below a power of two: the high bits of a linear congruential generator (Knuth 1997, "Seminumerical
    /// algorithms", section 3.3.4).
    fn noise(bits: u32, len: usize) -> Vec<u8> {
        let next =
            |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
        let states = std::iter::successors(Some(1), next);
        states.take(len).map(|state| (state >> (64 - bits)) as u8).collect()
    }

    #[test]
    fn of_many_tokens_all_last_tokens_are_found() {
        let pairs = (0..FEWEST_TOKENS).map(|pair| (pair >> 7, pair % 128));
        // Longer ones of every other token.
        let longer = (256..FEWEST_TOKENS).step_by(2).map(|token| (token, token + 1));
        let merges: Vec<Pair> = pairs.chain(longer).collect();
        let text = noise(7, 100_000);
        goes_another_way(&merges, &text, |tables| matches!(tables, Tables::Everywhere(_)));
    }

    #[test]
    fn of_few_letters_there_is_an_automaton() {
        let letters = noise(2, 20_000);
        let mut counts = SegmentCounts::new("test");
        counts.add_segment(&letters, 1);
        let config = TrainConfig { vocabulary_size: 400, ..TrainConfig::default() };
        let merges = train(&counts, &config).unwrap().merges().to_vec();
        goes_another_way(&merges, &letters, |tables| matches!(tables, Tables::FewLetters(_)));
    }

    #[test]
    fn of_few_tokens_a_search_is_as_fast() {
        let pairs: Vec<Pair> = (0..100).map(|pair| (pair / 10, pair % 10)).collect();
        let text = noise(3, 20_000);
        goes_another_way(&pairs, &text, |tables| matches!(tables, Tables::Search));
    }
}
