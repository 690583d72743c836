//! The vocabulary file, `.ptk`; `docs/vocabulary-format.md` specifies it.

use std::{error::Error, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    merge::Pair, provenance::Provenance, vocabulary::Vocabulary, vocabulary_error::VocabularyError,
};

/// First bytes of every file. The newline pair shows a transfer that rewrote line ends.
const MAGIC: [u8; 8] = *b"polytk\r\n";
/// Format version written and read.
const VERSION: u16 = 1;
/// Magic, version, length of the body, digest.
const HEADER: usize = 8 + 2 + 8 + 32;
/// A body has no more bytes than this, and decoding claims no more memory.
const LIMIT: usize = 1 << 28;

/// The body of a file of version 1.
#[derive(Serialize)]
struct BodyRef<'a> {
    provenance: &'a Provenance,
    merges: &'a [Pair],
    counts: &'a [u64],
    second_stage: Option<u32>,
    complement: Option<&'a [u32]>,
}

/// [`BodyRef`] as it is read.
#[derive(Deserialize)]
struct Body {
    provenance: Provenance,
    merges: Vec<Pair>,
    counts: Vec<u64>,
    second_stage: Option<u32>,
    complement: Option<Vec<u32>>,
}

fn codec() -> impl bincode::config::Config {
    bincode::config::standard().with_limit::<LIMIT>()
}

/// Digest of everything but itself.
fn digest(before: &[u8], body: &[u8]) -> [u8; 32] {
    *blake3::Hasher::new().update(before).update(body).finalize().as_bytes()
}

impl Vocabulary {
    /// The vocabulary as a file.
    ///
    /// # Errors
    ///
    /// [`SaveError`] if the body would exceed 256 MiB.
    pub fn to_bytes(&self) -> Result<Vec<u8>, SaveError> {
        let body = BodyRef {
            provenance: &self.provenance,
            merges: &self.merges,
            counts: &self.counts,
            second_stage: self.second_stage,
            complement: self.complement.as_deref(),
        };
        let body = bincode::serde::encode_to_vec(body, codec()).map_err(|_| SaveError)?;
        if body.len() > LIMIT {
            return Err(SaveError);
        }
        let mut file = Vec::with_capacity(HEADER + body.len());
        file.extend(MAGIC);
        file.extend(VERSION.to_le_bytes());
        file.extend((body.len() as u64).to_le_bytes());
        file.extend(digest(&file, &body));
        file.extend(body);
        Ok(file)
    }

    /// Reads a file.
    ///
    /// Nothing in it is trusted: magic, version, length and digest are compared before the body is
    /// decoded, and the body goes through the checks of [`Vocabulary::new`].
    ///
    /// # Errors
    ///
    /// [`LoadError`] for a file of another kind or version, one that is cut short, too long or
    /// damaged, and one whose digest is right and whose contents are not a vocabulary.
    pub fn from_bytes(file: &[u8]) -> Result<Vocabulary, LoadError> {
        // Magic and version come before the digest: a newer version may place the digest
        // elsewhere, and its reader deserves the true reason.
        let n = file.len().min(MAGIC.len());
        if file[..n] != MAGIC[..n] {
            return Err(LoadError::BadMagic);
        }
        let version = take(file, 8).ok_or(LoadError::Truncated)?;
        let version = u16::from_le_bytes(version);
        if version != VERSION {
            return Err(LoadError::UnsupportedVersion { found: version });
        }
        let length = u64::from_le_bytes(take(file, 10).ok_or(LoadError::Truncated)?);
        let expected: [u8; 32] = take(file, 18).ok_or(LoadError::Truncated)?;
        if length > LIMIT as u64 {
            return Err(LoadError::TooLarge { bytes: length });
        }
        let body = &file[HEADER..];
        match (body.len() as u64).cmp(&length) {
            std::cmp::Ordering::Less => return Err(LoadError::Truncated),
            std::cmp::Ordering::Greater => return Err(LoadError::TrailingBytes),
            std::cmp::Ordering::Equal => {}
        }
        if digest(&file[..18], body) != expected {
            return Err(LoadError::DigestMismatch);
        }
        let (parts, read): (Body, usize) = bincode::serde::decode_from_slice(body, codec())
            .map_err(|error| LoadError::Malformed { reason: error.to_string() })?;
        if read != body.len() {
            return Err(LoadError::TrailingBytes);
        }
        let Body { provenance, merges, counts, second_stage, complement } = parts;
        Ok(Vocabulary::with_stages(provenance, merges, counts, second_stage, complement)?)
    }
}

fn take<const N: usize>(file: &[u8], at: usize) -> Option<[u8; N]> {
    file.get(at..at + N)?.try_into().ok()
}

/// A vocabulary is too large for a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SaveError;

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the vocabulary needs a body of more than {LIMIT} bytes")
    }
}

impl Error for SaveError {}

/// A file is not a vocabulary that can be used.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum LoadError {
    /// The file is of another kind.
    BadMagic,
    /// The file is of a version that this library does not know.
    UnsupportedVersion {
        /// The version in the file.
        found: u16,
    },
    /// The file is shorter than its header says.
    Truncated,
    /// The file is longer than its header says.
    TrailingBytes,
    /// The file claims a body of more than 256 MiB.
    TooLarge {
        /// The claimed size.
        bytes: u64,
    },
    /// The file was damaged.
    DigestMismatch,
    /// The digest is right, but the body cannot be decoded.
    Malformed {
        /// What the decoder says.
        reason: String,
    },
    /// The body can be decoded, but is no vocabulary.
    Vocabulary(VocabularyError),
}

impl From<VocabularyError> for LoadError {
    fn from(error: VocabularyError) -> LoadError {
        LoadError::Vocabulary(error)
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::BadMagic => write!(f, "not a polytok vocabulary"),
            LoadError::UnsupportedVersion { found } => {
                write!(f, "format version {found} is not supported, only {VERSION}")
            }
            LoadError::Truncated => write!(f, "the file is cut short"),
            LoadError::TrailingBytes => write!(f, "bytes follow the end of the vocabulary"),
            LoadError::TooLarge { bytes } => write!(f, "a body of {bytes} bytes exceeds {LIMIT}"),
            LoadError::DigestMismatch => write!(f, "the file is damaged: its digest differs"),
            LoadError::Malformed { reason } => write!(f, "the body is malformed: {reason}"),
            LoadError::Vocabulary(error) => write!(f, "not a vocabulary: {error}"),
        }
    }
}

impl Error for LoadError {}
