//! Why a training could not be done.

use std::{error::Error, fmt};

use crate::vocabulary_error::VocabularyError;

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
    /// The corpus does not fit into the memory that training may take.
    Memory {
        /// Bytes that were allowed.
        limit: u64,
        /// Bytes that are needed at least.
        needed: u64,
    },
    /// A checkpoint is of another corpus, or of other settings.
    Checkpoint,
    /// Segments times their weights are longer than counts of 64 bits can say.
    CountsTooLarge,
    /// A vocabulary that is closed under reverse complement has no second stage.
    ComplementAcross,
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
            TrainError::Memory { limit, needed } => {
                write!(f, "training needs {needed} bytes of memory at least, and may take {limit}")
            }
            TrainError::Checkpoint => {
                write!(f, "the checkpoint is of another corpus or segmenter")
            }
            TrainError::CountsTooLarge => {
                write!(f, "segments times their weights have 2^64 bytes or more")
            }
            TrainError::ComplementAcross => {
                write!(f, "a vocabulary closed under reverse complement has no second stage")
            }
            TrainError::Vocabulary(error) => error.fmt(f),
        }
    }
}

impl Error for TrainError {}
