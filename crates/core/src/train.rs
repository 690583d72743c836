//! Learning a vocabulary from counts.

use std::{error::Error, fmt};

use crate::{
    config::TrainConfig,
    counts::SegmentCounts,
    engine::{Engine, Limits},
    merge::{Merge, MergeTable},
    provenance::Provenance,
    vocabulary::{MAX_MERGES, MAX_TOKEN_LEN, MAX_TOTAL_LEN, Vocabulary},
    vocabulary_error::VocabularyError,
};

/// How far a training is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Progress {
    /// Merges learned so far.
    pub merges: usize,
    /// Merges wanted.
    pub wanted: usize,
    /// Occurrences of the last pair merged.
    pub count: u64,
}

/// Learns a vocabulary from segment counts.
///
/// The rule is that of greedy byte-pair encoding (Gage 1994, "A new algorithm for data
/// compression"; Sennrich, Haddow and Birch 2016, "Neural machine translation of rare words with
/// subword units", section 3.2): merge the most frequent pair, of equally frequent ones that with
/// the smaller left, then the smaller right training id; replace its occurrences from the left;
/// repeat. A pair whose bytes are those of a token there already is passed over. The result is a
/// function of the multiset of segments and the settings. It has fewer entries than asked for if
/// the corpus runs out of pairs that occur `min_count` times, or if the tokens would have more than
/// [`MAX_TOTAL_LEN`](crate::MAX_TOTAL_LEN) bytes together.
///
/// Costs time linear in the total length of the distinct segments but for logarithmic factors, for
/// words and for sequences of any length alike, and about 4 bytes of memory a byte for the array
/// and 4 for each listed occurrence.
///
/// # Errors
///
/// [`TrainError`] if the settings contradict themselves, the distinct segments have 2^32 bytes or
/// more, or all segments with their weights 2^64.
pub fn train(counts: &SegmentCounts, config: &TrainConfig) -> Result<Vocabulary, TrainError> {
    train_with(counts, config, &mut |_| ())
}

/// [`train`], with a call after every merge.
///
/// # Errors
///
/// As [`train`].
pub fn train_with(
    counts: &SegmentCounts,
    config: &TrainConfig,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vocabulary, TrainError> {
    let fixed = 256 + config.added.len() + config.specials.len();
    let wanted = (config.vocabulary_size as usize)
        .checked_sub(fixed)
        .filter(|&wanted| wanted >= config.initial_merges.len())
        .ok_or(TrainError::VocabularyTooSmall {
            size: config.vocabulary_size,
            needed: fixed + config.initial_merges.len(),
        })?;
    // Checks the initial merges, the added and the special tokens before any work is done.
    let provenance = Provenance {
        segmenter: counts.segmenter().to_owned(),
        config: config.clone(),
        corpus: counts.digest(),
        documents: counts.documents(),
        bytes: counts.bytes(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let initial = config.initial_merges.clone();
    if wanted > MAX_MERGES {
        return Err(VocabularyError::TooLarge.into());
    }
    let mut total =
        Vocabulary::new(provenance.clone(), initial.clone(), vec![0; initial.len()])?.token_bytes();

    let pieces = counts.pieces();
    let length: usize = pieces.iter().map(|(piece, _)| piece.len() + 1).sum();
    if length >= u32::MAX as usize - 1 {
        return Err(TrainError::CorpusTooLong { bytes: length });
    }
    let occurrences =
        pieces.iter().map(|&(piece, weight)| piece.len() as u128 * u128::from(weight));
    if occurrences.sum::<u128>() > u128::from(u64::MAX) {
        return Err(TrainError::CountsTooLarge);
    }
    let table = MergeTable::new(
        initial.iter().zip(0..).map(|(&pair, i)| (pair, Merge { rank: i, token: 256 + i })),
    );
    let limits = Limits {
        min_count: config.min_count.max(1),
        max_token_len: config.max_token_len.min(MAX_TOKEN_LEN) as usize,
        runs: config.runs,
        whole_characters: config.whole_characters,
        ..Limits::default()
    };
    let mut engine = Engine::new(&pieces, &table, &initial, limits);
    drop(pieces);
    let mut merges = initial;
    let mut merge_counts = vec![0; merges.len()];
    while merges.len() < wanted {
        let Some((pair, count)) = engine.merge_best() else { break };
        total += engine.last_token().len();
        if total > MAX_TOTAL_LEN {
            break;
        }
        merges.push(pair);
        merge_counts.push(count);
        progress(Progress { merges: merges.len(), wanted, count });
    }
    Ok(Vocabulary::new(provenance, merges, merge_counts)?)
}

/// A training could not be done.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TrainError {
    /// The vocabulary has no room for what it must hold.
    VocabularyTooSmall {
        /// Entries asked for.
        size: u32,
        /// Bytes, initial merges, added and special tokens.
        needed: usize,
    },
    /// The distinct segments are longer than the places that 32 bits can name.
    CorpusTooLong {
        /// Length of the distinct segments and the marks between them.
        bytes: usize,
    },
    /// Segments times their weights are longer than counts of 64 bits can say.
    CountsTooLarge,
    /// Initial merges, added or special tokens do not make a vocabulary.
    Vocabulary(VocabularyError),
}

impl From<VocabularyError> for TrainError {
    fn from(error: VocabularyError) -> TrainError {
        TrainError::Vocabulary(error)
    }
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrainError::VocabularyTooSmall { size, needed } => {
                write!(f, "a vocabulary of {size} entries has no room for {needed} fixed ones")
            }
            TrainError::CorpusTooLong { bytes } => {
                write!(f, "the distinct segments have {bytes} bytes, the limit is 2^32 - 2")
            }
            TrainError::CountsTooLarge => {
                write!(f, "segments times their weights have 2^64 bytes or more")
            }
            TrainError::Vocabulary(error) => error.fmt(f),
        }
    }
}

impl Error for TrainError {}
