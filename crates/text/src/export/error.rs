//! Why a vocabulary cannot be written in a format.

use std::{error::Error, fmt};

/// The format cannot say what the vocabulary does.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ExportError {
    /// No pattern cuts a text as the segmenter does.
    Segmenter {
        /// Name and revision of the segmenter.
        id: String,
    },
    /// Merges of the second stage cross boundaries that the format knows only as hard.
    TwoStages,
    /// The format merges; the vocabulary encodes by the fewest tokens.
    FewestTokens,
    /// The token does not encode to itself, and the format would take it whole.
    Unreachable {
        /// Its id.
        token: u32,
    },
    /// The added token could also come of two others, which the format would merge.
    AddedCouldMerge {
        /// Its id.
        token: u32,
    },
    /// The special token is written like another token, or a text could forge it.
    Special {
        /// Its name.
        name: String,
    },
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExportError::Segmenter { id } => {
                write!(f, "the format has no rule that cuts as the segmenter {id} does")
            }
            ExportError::TwoStages => {
                write!(f, "the format has no merges that cross soft boundaries")
            }
            ExportError::FewestTokens => {
                write!(
                    f,
                    "the format merges, which does not give the fewest tokens; export the vocabulary \
                     encoded by its merges (`Vocabulary::encoded_by`)"
                )
            }
            ExportError::Unreachable { token } => {
                write!(f, "token {token} does not encode to itself, which the format presumes")
            }
            ExportError::AddedCouldMerge { token } => {
                write!(f, "the format would merge other tokens to the added token {token}")
            }
            ExportError::Special { name } => {
                write!(f, "the special token {name:?} could not be told from other tokens")
            }
        }
    }
}

impl Error for ExportError {}
