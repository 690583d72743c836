//! Encoding long pieces: which way they go once much has come.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use crate::{
    automaton::Steps,
    backtrack::{Backtracker, Scratch},
    fewest,
    last_tokens::{Chains, everywhere::Everywhere, read},
    pieces::Pieces,
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

impl Pieces {
    /// Appends the encoding of a piece that is not taken whole, in training ids.
    pub(crate) fn encode_long(&self, piece: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>) {
        let others = |piece: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>| match self.search() {
            Some(search) => search.encode(piece, scratch, ids),
            None => self.fewest().encode(piece, &[], &mut scratch.fewest, ids),
        };
        match self.long_tables(piece) {
            Some(Tables::FewLetters(transducer)) => {
                through(&**transducer, piece, scratch, ids, others);
            }
            Some(Tables::ManyLetters(transducer)) => {
                through(transducer, piece, scratch, ids, others);
            }
            Some(Tables::Everywhere(everywhere)) => {
                everywhere.encode(self.chains(), piece, &mut scratch.everywhere, ids);
            }
            _ => {
                let before = ids.len();
                others(piece, scratch, ids);
                if piece.len() >= LONG {
                    self.long.found(ids.len() - before);
                }
            }
        }
    }

    /// The number of ids.
    pub(crate) fn count_long(&self, piece: &[u8], scratch: &mut Scratch) -> usize {
        let by_walks = !matches!(self.long_tables(piece), Some(Tables::FewLetters(_)));
        if !self.by_merges() && by_walks {
            return self.fewest().count(piece, &mut scratch.fewest);
        }
        let mut ids = std::mem::take(&mut scratch.counted);
        ids.clear();
        self.encode_long(piece, scratch, &mut ids);
        let count = ids.len();
        scratch.counted = ids;
        count
    }

    /// Appends the fewest tokens of a piece that is not taken whole, in training ids, on all threads of the current
    /// rayon pool.
    pub(crate) fn encode_fewest_parallel(&self, piece: &[u8], ids: &mut Vec<u32>) {
        let walks = |piece: &[u8], ids: &mut Vec<u32>| self.fewest().encode_parallel(piece, ids);
        if let Some(Tables::FewLetters(transducer)) = self.long_tables(piece) {
            return transducer.encode_parallel(piece, ids, walks);
        }
        let before = ids.len();
        walks(piece, ids);
        self.long.found(ids.len() - before);
    }

    /// What a piece is encoded by if it is long, and the tables are there or have come to pay.
    fn long_tables(&self, piece: &[u8]) -> Option<&Tables> {
        if piece.len() < LONG {
            return None;
        }
        let (tokens, count) = (&self.tokens, self.merged() as usize);
        let Some(search) = self.search() else {
            let fewest = || fewest::read::transducer(self.merged(), |token| tokens.get(token));
            let make = || Tables::few_letters(fewest());
            let few_letters = self.fewest().has_few_letters();
            return few_letters.then(|| self.long.tables(FEW_LETTERS_PAY * count, make)).flatten();
        };
        if search.has_alphabets() {
            let make = || Tables::few_letters(read::of_few_letters(self.chains(), tokens));
            return self.long.tables(FEW_LETTERS_PAY * count, make);
        }
        if search.len() < FEW_TOKENS {
            let make = || {
                let transducer = read::of_many_letters(self.chains(), tokens);
                transducer.map_or(Tables::Others, Tables::ManyLetters)
            };
            return self.long.tables(FEW_TOKENS_PAY * count, make);
        }
        self.long
            .tables(PAYS * count, || Tables::Everywhere(Everywhere::new(self.chains(), tokens)))
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
    let mut memory = std::mem::take(&mut scratch.transducer);
    transducer.encode(piece, &mut memory, ids, |piece, ids| alone(piece, scratch, ids));
    scratch.transducer = memory;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SegmentCounts, TrainConfig, merge::Pair, pieces::Ids, samples::tables, train};

    /// Whether pieces go another way at last, and give what a search does.
    fn goes_another_way(merges: &[Pair], text: &[u8], other: fn(&Tables) -> bool) {
        let (tokens, search) = tables(merges);
        let (mut scratch, mut expected) = (Scratch::default(), Vec::new());
        search.encode(text, &mut scratch, &mut expected);
        let pieces = Pieces::new(merges, tokens, Ids::Shift(0));
        let mut ways = Vec::new();
        for _ in 0..5 {
            let mut ids = vec![7];
            pieces.encode_long(text, &mut scratch, &mut ids);
            ways.push(pieces.long.tables.get().map(other));
            assert!(ids[1..] == expected);
            assert_eq!(pieces.count_long(text, &mut scratch), expected.len());
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
