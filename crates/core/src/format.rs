//! The vocabulary file, `.ptk`; `docs/vocabulary-format.md` specifies it.

use std::{error::Error, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    complement::Complement,
    config::{Encoding, Layout, RunCounting, SecondStage, Ties, TrainConfig},
    counts::Digest,
    merge::Pair,
    provenance::Provenance,
    rare::Refused,
    vocabulary::Vocabulary,
    vocabulary_error::VocabularyError,
};

/// First bytes of every file. The newline pair shows a transfer that rewrote line ends.
const MAGIC: [u8; 8] = *b"polytk\r\n";
/// Version of files without [`Later`] settings.
const FIRST: u16 = 1;
/// Version of files with them.
const SECOND: u16 = 2;
/// Version of files that also say what an encoding is.
const VERSION: u16 = 3;
/// Magic, version, length of the body, digest.
const HEADER: usize = 8 + 2 + 8 + 32;
/// A body has no more bytes than this, and decoding claims no more memory.
const LIMIT: usize = 1 << 28;

/// The body of a file of version 1, and the first part of that of later ones.
#[derive(Deserialize, Serialize)]
struct Body {
    segmenter: String,
    vocabulary_size: u32,
    min_count: u64,
    max_token_len: u32,
    runs: RunCounting,
    whole_characters: bool,
    initial_merges: Vec<Pair>,
    added: Vec<Vec<u8>>,
    specials: Vec<String>,
    layout: Layout,
    corpus: Digest,
    documents: u64,
    bytes: u64,
    version: String,
    merges: Vec<Pair>,
    counts: Vec<u64>,
    second_stage: Option<u32>,
    complement: Option<Vec<u32>>,
}

/// Settings that version 2 brought; a file whose settings are the usual ones is of version 1.
#[derive(Default, Deserialize, Eq, PartialEq, Serialize)]
struct Later {
    ties: Ties,
    second_stage: Option<SecondStage>,
    /// Documents that every token is in, and tokens that were in fewer.
    refused: Option<(u32, u32)>,
}

impl Body {
    fn of(vocabulary: &Vocabulary) -> (Body, Later, Encoding) {
        let Provenance { segmenter, config, corpus, documents, bytes, version, refused } =
            vocabulary.provenance.clone();
        let body = Body {
            segmenter,
            vocabulary_size: config.vocabulary_size,
            min_count: config.min_count,
            max_token_len: config.max_token_len,
            runs: config.runs,
            whole_characters: config.whole_characters,
            initial_merges: config.initial_merges,
            added: config.added,
            specials: config.specials,
            layout: config.layout,
            corpus,
            documents,
            bytes,
            version,
            merges: vocabulary.merges.clone(),
            counts: vocabulary.counts.clone(),
            second_stage: vocabulary.second_stage,
            complement: vocabulary.complement.clone(),
        };
        let refused = refused.map(|refused| (refused.min_documents, refused.tokens));
        let later = Later { ties: config.ties, second_stage: config.second_stage, refused };
        (body, later, config.encoding)
    }

    fn vocabulary(self, later: Later, encoding: Encoding) -> Result<Vocabulary, VocabularyError> {
        let config = TrainConfig {
            vocabulary_size: self.vocabulary_size,
            min_count: self.min_count,
            max_token_len: self.max_token_len,
            runs: self.runs,
            ties: later.ties,
            whole_characters: self.whole_characters,
            encoding,
            second_stage: later.second_stage,
            complement: match &self.complement {
                Some(table) => Complement::pairs(table)?,
                None => Vec::new(),
            },
            initial_merges: self.initial_merges,
            added: self.added,
            specials: self.specials,
            layout: self.layout,
        };
        let provenance = Provenance {
            segmenter: self.segmenter,
            config,
            corpus: self.corpus,
            documents: self.documents,
            bytes: self.bytes,
            version: self.version,
            refused: later.refused.map(|(min_documents, tokens)| Refused { min_documents, tokens }),
        };
        let vocabulary =
            Vocabulary::with_stages(provenance, self.merges, self.counts, self.second_stage)?;
        // What the file says of complements follows from the bytes.
        if vocabulary.complement != self.complement {
            return Err(VocabularyError::BadComplement);
        }
        Ok(vocabulary)
    }
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
        let (body, later, encoding) = Body::of(self);
        let version = match encoding {
            Encoding::Merges if later == Later::default() => FIRST,
            Encoding::Merges => SECOND,
            Encoding::Fewest => VERSION,
        };
        let encoded = match version {
            FIRST => bincode::serde::encode_to_vec(body, codec()),
            SECOND => bincode::serde::encode_to_vec((body, later), codec()),
            _ => bincode::serde::encode_to_vec((body, later, encoding), codec()),
        };
        let body = encoded.map_err(|_| SaveError)?;
        if body.len() > LIMIT {
            return Err(SaveError);
        }
        let mut file = Vec::with_capacity(HEADER + body.len());
        file.extend(MAGIC);
        file.extend(version.to_le_bytes());
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
    /// Builds all tables for encoding by merges, those of a large vocabulary on two threads.
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
        if !(FIRST..=VERSION).contains(&version) {
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
        let decoded = match version {
            FIRST => bincode::serde::decode_from_slice(body, codec())
                .map(|(parts, read)| ((parts, Later::default(), Encoding::default()), read)),
            SECOND => bincode::serde::decode_from_slice(body, codec())
                .map(|((parts, later), read)| ((parts, later, Encoding::default()), read)),
            _ => bincode::serde::decode_from_slice(body, codec()),
        };
        let ((parts, later, encoding), read): ((Body, Later, Encoding), usize) =
            decoded.map_err(|error| LoadError::Malformed { reason: error.to_string() })?;
        if read != body.len() {
            return Err(LoadError::TrailingBytes);
        }
        Ok(parts.vocabulary(later, encoding)?)
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
                write!(f, "format version {found} is not supported, only {FIRST} to {VERSION}")
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
