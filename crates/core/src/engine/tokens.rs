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
    known: HashSet<Vec<u8>>,
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
        Tokens { known: bytes.iter().cloned().collect(), bytes, refused: HashSet::default() }
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

    /// The reverse complement of each token, all of which must be there.
    pub(crate) fn complements(&self, complement: &Complement) -> Vec<u32> {
        let ids: HashMap<&[u8], u32> = self.bytes.iter().map(Vec::as_slice).zip(0..).collect();
        let of = |bytes: &Vec<u8>| ids[&complement.reverse(bytes).collect::<Vec<u8>>()[..]];
        self.bytes.iter().map(of).collect()
    }

    /// Whether the bytes of a pair are their own reverse complement.
    pub(crate) fn is_own_complement(&self, pair: Pair, complement: &Complement) -> bool {
        complement.fixes(&self.joined(pair))
    }

    /// Makes a token of a pair and returns its id; refuses it if a token has its bytes.
    pub(crate) fn join(&mut self, pair: Pair) -> Option<u32> {
        let bytes = self.joined(pair);
        if !self.known.insert(bytes.clone()) {
            self.refused.insert(pair);
            return None;
        }
        self.bytes.push(bytes);
        Some(self.bytes.len() as u32 - 1)
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
