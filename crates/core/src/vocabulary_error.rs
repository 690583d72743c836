//! Why parts do not make a vocabulary.

use std::{error::Error, fmt};

use crate::vocabulary::MAX_TOKEN_LEN;

/// The parts do not make a vocabulary.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum VocabularyError {
    /// There are more entries, or bytes in them, than the format allows.
    TooLarge,
    /// There is no room for entries that must be there.
    TooSmall {
        /// Number of those entries.
        needed: usize,
    },
    /// Merges and their counts differ in number.
    CountsMissing,
    /// The second stage begins behind the last merge.
    StageOutOfRange,
    /// A merge names its own or a later token.
    MergeOfLaterToken {
        /// Index of the merge.
        merge: u32,
    },
    /// A token is longer than [`MAX_TOKEN_LEN`], or empty.
    TokenTooLong {
        /// Its training id.
        token: u32,
    },
    /// Two tokens have the same bytes.
    DuplicateToken {
        /// Training id of the first.
        first: u32,
        /// Training id of the second.
        second: u32,
    },
    /// A special token has no name or one of over [`MAX_SPECIAL_LEN`](crate::MAX_SPECIAL_LEN) bytes,
    /// two have the same, or there are too many.
    BadSpecial,
    /// A byte has two complements or pairs of them do not ascend, or a token has none.
    BadComplement,
}

impl fmt::Display for VocabularyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VocabularyError::TooLarge => write!(f, "the vocabulary exceeds the limits of its size"),
            VocabularyError::TooSmall { needed } => {
                write!(f, "there is no room for the {needed} entries that must be there")
            }
            VocabularyError::CountsMissing => write!(f, "merges and counts differ in number"),
            VocabularyError::StageOutOfRange => {
                write!(f, "the second stage begins behind the last merge")
            }
            VocabularyError::MergeOfLaterToken { merge } => {
                write!(f, "merge {merge} names its own or a later token")
            }
            VocabularyError::TokenTooLong { token } => {
                write!(f, "token {token} is empty or longer than {MAX_TOKEN_LEN} bytes")
            }
            VocabularyError::DuplicateToken { first, second } => {
                write!(f, "tokens {first} and {second} have the same bytes")
            }
            VocabularyError::BadSpecial => {
                write!(f, "a special token is unnamed, too long or repeated, or there are too many")
            }
            VocabularyError::BadComplement => {
                write!(
                    f,
                    "a byte has two complements or pairs of them do not ascend, or a token has none"
                )
            }
        }
    }
}

impl Error for VocabularyError {}
