//! Vocabularies of short tokens for models that repair the errors of optical character recognition.
//!
//! A model that repairs text needs tokens that change little when a character does. KL3M
//! (Bommarito, Katz, Bommarito: KL3M Tokenizers, 2025) publishes three such vocabularies: 4,096 and
//! 8,192 tokens of at most three characters of the byte-level alphabet, and 16,384 of at most four.
//! These are their settings, with two differences: all 256 bytes are entries, and no text is
//! normalized, so everything is lossless. A character of that alphabet is a byte, so lengths are in
//! bytes. Train them on segments of [`polytok_text::Gpt2`], the split of those vocabularies.
//!
//! Boundary F1 ([`boundary_agreement`](crate::boundary_agreement)) under [`Noise`](crate::Noise) at
//! 5 %, line by line on 12 held-out documents (2026-11-23; trained on court opinions, filings and
//! minutes; the published files by `tokenizers` 0.23):
//!
//! | entries | trained here | published | bytes per token |
//! |---|---|---|---|
//! | 4,096 | 0.931 | 0.930 | 2.26, 2.26 |
//! | 8,192 | 0.931 | 0.931 | 2.27, 2.28 |
//! | 16,384 | 0.908 | 0.913 | 2.87, 2.87 |
//! | 32,768, any length | 0.823 | | 4.91 |
//!
//! Text with errors is better to learn from than text as it is: what a scan makes of a word is then
//! more often one token. The vocabularies that this crate brings are learned from documents in which
//! 5 % of the characters have one, which gives 0.945, 0.945 and 0.936 on 187 held-out documents, where
//! the published files give 0.931, 0.940 and 0.929 (2026-11-29; `docs/results` of the workspace).

use std::collections::HashSet;

use polytok_core::{Layout, TrainConfig, Vocabulary, VocabularyError};

/// The settings of one vocabulary.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Family {
    /// Entries in all, a power of two.
    pub vocabulary_size: u32,
    /// Most bytes of a token that is learned.
    pub max_token_len: u32,
}

/// 4,096 tokens of at most 3 bytes.
pub const CHAR_4K: Family = Family { vocabulary_size: 4_096, max_token_len: 3 };
/// 8,192 tokens of at most 3 bytes.
pub const CHAR_8K: Family = Family { vocabulary_size: 8_192, max_token_len: 3 };
/// 16,384 tokens of at most 4 bytes.
pub const CHAR_16K: Family = Family { vocabulary_size: 16_384, max_token_len: 4 };

impl Family {
    /// What to train with: the special tokens come first, pairs must occur twice.
    ///
    /// On corpora of millions of documents KL3M asks for a thousand occurrences.
    pub fn config(self, specials: Vec<String>) -> TrainConfig {
        TrainConfig {
            vocabulary_size: self.vocabulary_size,
            max_token_len: self.max_token_len,
            layout: Layout::SpecialsFirst,
            specials,
            ..TrainConfig::default()
        }
    }
}

/// The number of entries is brought to a power of two by added runs of spaces and newlines; no
/// change if it is one.
///
/// # Errors
///
/// [`VocabularyError`] if the runs grow longer than a token may be.
pub fn pad(vocabulary: &Vocabulary) -> Result<Vocabulary, VocabularyError> {
    let ids = 0..u32::try_from(vocabulary.len()).unwrap_or(u32::MAX);
    let there: HashSet<&[u8]> = ids.filter_map(|id| vocabulary.token(id)).collect();
    vocabulary.with_added(padding_beside(vocabulary.len(), |run| there.contains(run)))
}

/// The runs that bring `n_tokens` entries to the next power of two: for the lengths 2, 3, 4, ... a
/// run of spaces, then one of newlines, until there are enough; none if `n_tokens` is a power of
/// two or 0.
pub fn padding(n_tokens: usize) -> Vec<Vec<u8>> {
    padding_beside(n_tokens, |_| false)
}

/// As [`padding`], without the runs that are entries already.
pub fn padding_beside(n_tokens: usize, is_entry: impl Fn(&[u8]) -> bool) -> Vec<Vec<u8>> {
    let missing = n_tokens.checked_next_power_of_two().map_or(0, |size| size - n_tokens);
    let missing = if n_tokens == 0 { 0 } else { missing };
    (2..)
        .flat_map(|len| [vec![b' '; len], vec![b'\n'; len]])
        .filter(|run| !is_entry(run))
        .take(missing)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_alternates_and_stops_at_the_power() {
        assert_eq!(padding(4_091), [&b"  "[..], b"\n\n", b"   ", b"\n\n\n", b"    "]);
        for exact in [0, 1, 2, 4_096] {
            assert!(padding(exact).is_empty(), "{exact}");
        }
        let beside = padding_beside(13, |run| run == b"\n\n");
        assert_eq!(beside, [&b"  "[..], b"   ", b"\n\n\n"]);
    }
}
