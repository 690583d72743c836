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

/// Which of equally frequent pairs is merged first: that with the smaller left, then right token.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ties {
    /// Bytes are compared by value. What most trainers do.
    #[default]
    Value,
    /// Bytes are compared by the character that stands for them in byte-level vocabularies: the
    /// printable ones of Latin-1 by value, behind them the others. What `tokenizers` does.
    ByteLevel,
}

impl Ties {
    /// The place of each byte in the order, if it is not its value.
    pub(crate) fn order(self) -> Option<[u8; 256]> {
        if self == Ties::Value {
            return None;
        }
        // The characters of printable bytes are those of Latin-1, below U+0100; the others have
        // U+0100 and on, in the order of their values.
        let printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
        let (front, back): (Vec<u8>, Vec<u8>) = (0..=255).partition(|&byte| printable(byte));
        let mut order = [0; 256];
        for (place, byte) in (0..=255u8).zip(front.into_iter().chain(back)) {
            order[byte as usize] = place;
        }
        Some(order)
    }
}

/// What the encoding of a segment is, or with a second stage of the segments between hard boundaries.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// What the merges make of it in their order: textbook byte-pair encoding.
    #[default]
    Merges,
    /// As few tokens as there can be; of several sequences of as few the one whose last token is
    /// longest, of those the one whose last but one is, and so on. Merges only say which tokens there
    /// are. Every token encodes to itself.
    ///
    /// With a second stage that is said of all that lies between hard boundaries, with any token at any
    /// place. Of as few tokens, the last is then one that begins with a segment if it can, and the longest
    /// of those, so that words are not cut where a border between them does as well. A segment that is an
    /// added token is a boundary on both sides.
    Fewest,
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

/// Merges across segments, learned behind those within them.
///
/// After so many entries training goes on across soft boundaries, over tokens instead of bytes, in
/// the manner of `SuperBPE` (Liu, Hayase, Hofmann, Oh, Smith and Choi 2025, "`SuperBPE`: Space travel for
/// language models"). The rules are about the bytes of a token, so that they mean the same in every
/// context: what a token may not hold, and of how many words it may be.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SecondStage {
    /// Entries of the vocabulary, of all kinds, when the second stage begins.
    pub after: u32,
    /// No token of the second stage has more words; 0 for any number. Words are what stands between
    /// separators.
    pub max_words: u32,
    /// What separates words.
    pub separators: Vec<String>,
    /// No token of the second stage holds any of these.
    pub forbidden: Vec<String>,
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
    /// Which of equally frequent pairs goes first.
    pub ties: Ties,
    /// A token learned consists of whole UTF-8 characters or is a proper prefix of one.
    pub whole_characters: bool,
    /// What the encoding of a segment is, or of all between hard boundaries if there is a second stage;
    /// learning is not changed by it.
    pub encoding: Encoding,
    /// Whether and how merges go on across segments.
    pub second_stage: Option<SecondStage>,
    /// Pairs of bytes that stand for each other when a sequence is read backwards, such as A and T;
    /// every other byte stands for itself. They ascend, the smaller byte first.
    ///
    /// With any, the vocabulary is closed under reverse complement, and learned from both strands:
    /// every segment is counted a second time as its reverse complement, and behind each merge comes,
    /// whatever its count, the most frequent of those that give the reverse complement of its bytes,
    /// unless these are their own. Learning ends when there is room for one more token alone.
    pub complement: Vec<(u8, u8)>,
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
            ties: Ties::default(),
            whole_characters: false,
            encoding: Encoding::default(),
            second_stage: None,
            complement: Vec::new(),
            initial_merges: Vec::new(),
            added: Vec::new(),
            specials: Vec::new(),
            layout: Layout::default(),
        }
    }
}
