//! What to learn, and how ids are laid out.

use serde::{Deserialize, Serialize};

use crate::merge::Pair;

/// How often a pair of one token with itself occurs in a run of that token.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RunCounting {
    /// Every adjacency: a run of r tokens counts r - 1. What other trainers do.
    #[default]
    Adjacent,
    /// What a merge would save: a run of r tokens counts r / 2, rounded down.
    Disjoint,
}

/// Where special tokens stand among the ids.
///
/// The other tokens keep their order: bytes by value, merges as learned, added tokens as given.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Specials from 0 on, the bytes behind them.
    SpecialsFirst,
    /// Bytes from 0 on, specials at the end.
    #[default]
    SpecialsLast,
}

/// Settings of a training; they are stored with the vocabulary.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TrainConfig {
    /// Number of entries in all: 256 bytes, merges, added and special tokens.
    ///
    /// The vocabulary stays smaller where the corpus runs out of pairs.
    pub vocabulary_size: u32,
    /// A pair that occurs less often is not merged; 0 counts as 1.
    pub min_count: u64,
    /// No token learned has more bytes, at most [`MAX_TOKEN_LEN`](crate::MAX_TOKEN_LEN).
    pub max_token_len: u32,
    /// How runs of one token are counted.
    pub runs: RunCounting,
    /// A token learned consists of whole UTF-8 characters or is a proper prefix of one.
    pub whole_characters: bool,
    /// Merges fixed before learning, in training ids: a byte has its value, merge `i` has `256 + i`.
    pub initial_merges: Vec<Pair>,
    /// Tokens that stand for a segment of exactly these bytes; they take part in no merge.
    pub added: Vec<Vec<u8>>,
    /// Names of special tokens; no input encodes to them unless the caller allows it.
    pub specials: Vec<String>,
    /// Where the special tokens stand.
    pub layout: Layout,
}

impl Default for TrainConfig {
    /// 32,768 entries, pairs that occur at least twice, no other limit, no special tokens.
    fn default() -> TrainConfig {
        TrainConfig {
            vocabulary_size: 32_768,
            min_count: 2,
            max_token_len: crate::MAX_TOKEN_LEN,
            runs: RunCounting::default(),
            whole_characters: false,
            initial_merges: Vec::new(),
            added: Vec::new(),
            specials: Vec::new(),
            layout: Layout::default(),
        }
    }
}
