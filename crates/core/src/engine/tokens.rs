//! The tokens there are so far, and which pairs may become one.

use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;

use super::Limits;
use crate::{complement::Complement, config::SecondStage, merge::Pair};

/// Whether a pair may be merged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    Allowed,
    /// Neither it nor anything that it grows into.
    Never,
    /// Not it, but perhaps what it grows into.
    Passed,
}

#[derive(Debug, Default)]
pub(crate) struct Tokens {
    /// By id.
    bytes: Vec<Vec<u8>>,
    known: HashMap<Vec<u8>, u32>,
    /// Pairs whose bytes are a token already.
    refused: HashSet<Pair, FxBuildHasher>,
}

impl Tokens {
    /// The bytes, and what the merges make.
    pub(crate) fn new(merges: &[Pair]) -> Tokens {
        let mut bytes: Vec<Vec<u8>> = (0..=255u8).map(|byte| vec![byte]).collect();
        for &(left, right) in merges {
            let joined = [&bytes[left as usize][..], &bytes[right as usize]].concat();
            bytes.push(joined);
        }
        Tokens {
            known: bytes.iter().cloned().zip(0..).collect(),
            bytes,
            refused: HashSet::default(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Bytes of a token.
    pub(crate) fn len_of(&self, id: usize) -> usize {
        self.bytes[id].len()
    }

    fn joined(&self, (left, right): Pair) -> Vec<u8> {
        [&self.bytes[left as usize][..], &self.bytes[right as usize]].concat()
    }

    /// All pairs whose bytes are the reverse complement of those of a token; none if that is the token
    /// itself.
    pub(crate) fn complements(&self, token: u32, complement: &Complement) -> Vec<Pair> {
        let bytes = &self.bytes[token as usize];
        let reverse: Vec<u8> = complement.reverse(bytes).collect();
        if reverse == *bytes {
            return Vec::new();
        }
        let pair = |at: usize| {
            let (left, right) = reverse.split_at(at);
            Some((*self.known.get(left)?, *self.known.get(right)?))
        };
        (1..reverse.len()).filter_map(pair).collect()
    }

    /// Makes a token of a pair and returns its id; refuses it if a token has its bytes.
    pub(crate) fn join(&mut self, pair: Pair) -> Option<u32> {
        let (bytes, id) = (self.joined(pair), self.bytes.len() as u32);
        if self.known.contains_key(&bytes) {
            self.refused.insert(pair);
            return None;
        }
        self.known.insert(bytes.clone(), id);
        self.bytes.push(bytes);
        Some(id)
    }

    pub(crate) fn verdict(&self, pair: Pair, limits: &Limits) -> Verdict {
        let (left, right) = pair;
        let bytes = self.bytes[left as usize].len() + self.bytes[right as usize].len();
        let across = |stage: &SecondStage| stage.allows(&self.joined(pair));
        if bytes > limits.max_token_len || !limits.across.as_ref().is_none_or(across) {
            Verdict::Never
        } else if self.refused.contains(&pair)
            || limits.whole_characters && !whole_characters(&self.joined(pair))
        {
            Verdict::Passed
        } else {
            Verdict::Allowed
        }
    }
}

/// Whether bytes are whole UTF-8 characters or a proper prefix of a single one.
fn whole_characters(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.valid_up_to() == 0 && error.error_len().is_none(),
    }
}
