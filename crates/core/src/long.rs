//! Encoding long pieces: which way they go once much has come.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use crate::{
    automaton::Steps,
    backtrack::{Backtracker, Scratch},
    fewest::{self, Fewest},
    last_tokens::{Chains, everywhere::Everywhere, read},
    token_bytes::TokenBytes,
    transducer::{Transducer, few::Few, many::Many},
};

/// Bytes of a piece that is long.
const LONG: usize = 1 << 12;

/// With fewer tokens, all states of an automaton of any letters stay in the caches.
const FEW_TOKENS: u32 = 1 << 13;

/// Tokens found in long pieces that pay for tables of one token; bytes tell less, as a search through long tokens is
/// fast. These tables take as long as a search finds five to eight, those of few letters twenty to a hundred.
const PAYS: usize = 8;
const FEW_LETTERS_PAY: usize = 64;
const FEW_TOKENS_PAY: usize = 512;

/// What is made of merges when much comes that needs it.
#[derive(Debug, Default)]
pub(crate) struct Long {
    chains: OnceLock<Chains>,
    tables: OnceLock<Tables>,
    /// Tokens that were found in long pieces without them.
    found: AtomicUsize,
    making: AtomicBool,
}

/// What long pieces are encoded by once it pays.
#[derive(Debug)]
enum Tables {
    FewLetters(Box<Transducer<Few>>),
    ManyLetters(Transducer<Many>),
    Everywhere(Everywhere),
    /// What there is anyway is as fast, or the others would be too large.
    Others,
}

impl Tables {
    fn few_letters(transducer: Option<Transducer<Few>>) -> Tables {
        transducer.map_or(Tables::Others, |made| Tables::FewLetters(Box::new(made)))
    }
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
        let (few_letters, few_tokens) = (search.has_alphabets(), search.len() < FEW_TOKENS);
        let pays = match (few_letters, few_tokens) {
            (true, _) => FEW_LETTERS_PAY,
            (false, true) => FEW_TOKENS_PAY,
            (false, false) => PAYS,
        };
        let make = || {
            let chains = self.chains(search);
            match (few_letters, few_tokens) {
                (true, _) => Tables::few_letters(read::of_few_letters(chains, tokens)),
                (false, true) => {
                    let transducer = read::of_many_letters(chains, tokens);
                    transducer.map_or(Tables::Others, Tables::ManyLetters)
                }
                (false, false) => Tables::Everywhere(Everywhere::new(chains, tokens)),
            }
        };
        let alone = |piece: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>| {
            search.encode(piece, scratch, ids);
        };
        match self.tables(pays * search.len() as usize, make) {
            Some(Tables::FewLetters(transducer)) => {
                through(&**transducer, piece, scratch, ids, alone);
            }
            Some(Tables::ManyLetters(transducer)) => {
                through(transducer, piece, scratch, ids, alone);
            }
            Some(Tables::Everywhere(everywhere)) => {
                everywhere.encode(self.chains(search), piece, &mut scratch.everywhere, ids);
            }
            _ => {
                let before = ids.len();
                search.encode(piece, scratch, ids);
                self.found(ids.len() - before);
            }
        }
    }

    /// The number of tokens of a piece.
    pub(crate) fn count(
        &self,
        search: &Backtracker,
        tokens: &TokenBytes,
        piece: &[u8],
        scratch: &mut Scratch,
    ) -> usize {
        counted(scratch, |scratch, ids| self.encode(search, tokens, piece, scratch, ids))
    }

    /// Appends the fewest tokens of a piece, in training ids; `tokens` are the bytes of all of them, and `merged` are
    /// considered.
    pub(crate) fn encode_fewest(
        &self,
        fewest: &Fewest,
        merged: u32,
        tokens: &TokenBytes,
        piece: &[u8],
        scratch: &mut Scratch,
        ids: &mut Vec<u32>,
    ) {
        let walk = |piece: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>| {
            fewest.encode(piece, &[], &mut scratch.fewest, ids);
        };
        let transducer = self.fewest_of_few_letters(fewest, merged, tokens, piece);
        if let Some(transducer) = transducer {
            return through(transducer, piece, scratch, ids, walk);
        }
        let before = ids.len();
        walk(piece, scratch, ids);
        if piece.len() >= LONG {
            self.found(ids.len() - before);
        }
    }

    /// As above, on all threads of the current rayon pool.
    pub(crate) fn encode_fewest_parallel(
        &self,
        fewest: &Fewest,
        merged: u32,
        tokens: &TokenBytes,
        piece: &[u8],
        ids: &mut Vec<u32>,
    ) {
        if let Some(transducer) = self.fewest_of_few_letters(fewest, merged, tokens, piece) {
            return transducer
                .encode_parallel(piece, ids, |piece, ids| fewest.encode_parallel(piece, ids));
        }
        let before = ids.len();
        fewest.encode_parallel(piece, ids);
        self.found(ids.len() - before);
    }

    /// The number of them.
    pub(crate) fn count_fewest(
        &self,
        fewest: &Fewest,
        merged: u32,
        tokens: &TokenBytes,
        piece: &[u8],
        scratch: &mut Scratch,
    ) -> usize {
        if self.fewest_of_few_letters(fewest, merged, tokens, piece).is_none() {
            return fewest.count(piece, &mut scratch.fewest);
        }
        counted(scratch, |scratch, ids| {
            self.encode_fewest(fewest, merged, tokens, piece, scratch, ids);
        })
    }

    /// What finds the fewest tokens of a piece faster than all walks, if anything.
    fn fewest_of_few_letters(
        &self,
        fewest: &Fewest,
        merged: u32,
        tokens: &TokenBytes,
        piece: &[u8],
    ) -> Option<&Transducer<Few>> {
        if piece.len() < LONG || !fewest.has_few_letters() {
            return None;
        }
        let make =
            || Tables::few_letters(fewest::read::transducer(merged, |token| tokens.get(token)));
        match self.tables(FEW_LETTERS_PAY * merged as usize, make) {
            Some(Tables::FewLetters(transducer)) => Some(transducer),
            _ => None,
        }
    }

    /// The tables, if they are there or pay after so many tokens.
    fn tables(&self, pays: usize, make: impl FnOnce() -> Tables) -> Option<&Tables> {
        if let Some(tables) = self.tables.get() {
            return Some(tables);
        }
        // One thread makes them, and the others go on without.
        if self.found.load(Ordering::Relaxed) < pays || self.making.swap(true, Ordering::Relaxed) {
            return None;
        }
        Some(self.tables.get_or_init(make))
    }

    /// Notes how many tokens were found without them.
    fn found(&self, tokens: usize) {
        if self.tables.get().is_none() {
            self.found.fetch_add(tokens, Ordering::Relaxed);
        }
    }
}

/// Appends what a transducer and, where letters stand alone, something else makes of a piece.
fn through(
    transducer: &Transducer<impl Steps>,
    piece: &[u8],
    scratch: &mut Scratch,
    ids: &mut Vec<u32>,
    alone: impl Fn(&[u8], &mut Scratch, &mut Vec<u32>),
) {
    let mut words = std::mem::take(&mut scratch.words);
    transducer.encode(piece, &mut words, ids, |piece, ids| alone(piece, scratch, ids));
    scratch.words = words;
}

/// The number of ids that are appended.
fn counted(scratch: &mut Scratch, append: impl FnOnce(&mut Scratch, &mut Vec<u32>)) -> usize {
    let mut ids = std::mem::take(&mut scratch.counted);
    ids.clear();
    append(scratch, &mut ids);
    let count = ids.len();
    scratch.counted = ids;
    count
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
        let pairs = (0..FEW_TOKENS).map(|pair| (pair >> 7, pair % 128));
        // Longer ones of every other token.
        let longer = (256..FEW_TOKENS).step_by(2).map(|token| (token, token + 1));
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
    fn of_few_tokens_there_is_an_automaton_of_any_letters() {
        let pairs: Vec<Pair> = (0..100).map(|pair| (pair / 10, pair % 10)).collect();
        let text = noise(4, 200_000);
        goes_another_way(&pairs, &text, |tables| matches!(tables, Tables::ManyLetters(_)));
    }
}
