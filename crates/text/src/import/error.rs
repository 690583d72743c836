//! What can be wrong with a published vocabulary.

use std::{error::Error, fmt};

/// A published vocabulary cannot be imported.
///
/// Lines count from 1. Names are quoted as the file gives them.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ImportError {
    /// The file is not JSON of the expected shape.
    Json {
        /// What the parser says, with line and column.
        message: String,
    },
    /// The file asks for something that is not supported, or not exactly.
    Unsupported {
        /// The part of the file, such as `pre_tokenizer`.
        part: &'static str,
        /// What it asks for.
        found: String,
    },
    /// A line of a rank file is not a token and a rank, or one of a merge file not two tokens.
    Line {
        /// The line.
        line: usize,
    },
    /// The token of a line is not valid base64.
    Base64 {
        /// The line.
        line: usize,
    },
    /// A token has no bytes.
    EmptyToken {
        /// Its id.
        id: u32,
    },
    /// A token of a rank file, or an added token, is longer than any that can be split or looked for
    /// in bounded time: 1,024 bytes.
    TokenTooLong {
        /// Its id.
        id: u32,
        /// Its length in bytes.
        len: usize,
    },
    /// Two tokens have one id.
    DuplicateId {
        /// The id.
        id: u32,
    },
    /// Two ids have one token.
    DuplicateToken {
        /// The later id.
        id: u32,
    },
    /// No token of a rank file is this single byte, so some inputs could not be encoded.
    MissingByte {
        /// The byte.
        byte: u8,
    },
    /// The ranks leave a gap that no special token fills.
    MissingRank {
        /// The first rank without a token.
        rank: u32,
    },
    /// A special token has the id or the bytes of another token, or no bytes.
    Special {
        /// The special token.
        name: String,
    },
    /// An added token has another id than the one that follows from its place.
    ///
    /// The library that the format comes from gives a token of the vocabulary its id there, and the
    /// others the ids from the size of the vocabulary on, whatever the file says.
    AddedId {
        /// The token.
        content: String,
        /// The id in the file.
        id: u32,
        /// The id that follows.
        expected: u32,
    },
    /// Two added tokens look for the same text, or one for none.
    AddedTwice {
        /// The text.
        text: String,
    },
    /// A part of the file names a token that the vocabulary does not have.
    UnknownToken {
        /// The part of the file, such as `unk_token`.
        part: &'static str,
        /// The token.
        token: String,
    },
    /// A merge names a token that the vocabulary does not have, or makes one.
    Merge {
        /// Index of the merge in the list, from 0.
        index: usize,
        /// The missing token.
        token: String,
    },
    /// A merge takes or makes a token that also stands for unknown input or for one byte of it.
    ///
    /// The spans of such a token could not be told from its id.
    MergeOfPlaceholder {
        /// The token.
        token: String,
    },
    /// The file has more tokens or merges, or more bytes of tokens, than 32 bits can number.
    TooLarge,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportError::Json { message } => write!(f, "not a tokenizer file: {message}"),
            ImportError::Unsupported { part, found } => {
                write!(f, "{part} is not supported: {found}")
            }
            ImportError::Line { line } => write!(f, "line {line} is malformed"),
            ImportError::Base64 { line } => write!(f, "line {line} is not valid base64"),
            ImportError::EmptyToken { id } => write!(f, "token {id} has no bytes"),
            ImportError::TokenTooLong { id, len } => write!(f, "token {id} has {len} bytes"),
            ImportError::DuplicateId { id } => write!(f, "two tokens have the id {id}"),
            ImportError::DuplicateToken { id } => {
                write!(f, "token {id} has the bytes of another token")
            }
            ImportError::MissingByte { byte } => write!(f, "no token is the byte {byte:#04x}"),
            ImportError::MissingRank { rank } => write!(f, "no token has the rank {rank}"),
            ImportError::Special { name } => {
                write!(f, "the special token {name:?} is empty or clashes with another token")
            }
            ImportError::AddedId { content, id, expected } => {
                write!(f, "the added token {content:?} has the id {id} where {expected} is due")
            }
            ImportError::AddedTwice { text } => {
                write!(f, "more than one added token matches the text {text:?}, or it is empty")
            }
            ImportError::UnknownToken { part, token } => {
                write!(f, "{part} names the unknown token {token:?}")
            }
            ImportError::Merge { index, token } => {
                write!(f, "merge {index} needs the unknown token {token:?}")
            }
            ImportError::MergeOfPlaceholder { token } => {
                write!(f, "a merge uses {token:?}, which stands for unknown input or a byte")
            }
            ImportError::TooLarge => {
                write!(f, "more entries, or bytes of them, than 32 bits can number")
            }
        }
    }
}

impl Error for ImportError {}

/// An id to decode is not of the vocabulary.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UnknownId {
    /// The id.
    pub id: u32,
    /// Its place in the sequence.
    pub at: usize,
}

impl fmt::Display for UnknownId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "id {} at position {} is not of the vocabulary", self.id, self.at)
    }
}

impl Error for UnknownId {}
