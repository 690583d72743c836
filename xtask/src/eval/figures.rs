//! The figures of an evaluation, as they stand in its JSON.
//!
//! Counts are exact integers; only they are compared with a baseline. A ratio without a meaning
//! (bytes per token of nothing) is absent, never NaN.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Figures of several vocabularies, and what run made them.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Report {
    /// The day of the run, as the caller writes it.
    pub(crate) date: String,
    /// The command that was run.
    pub(crate) command: String,
    /// One for each vocabulary.
    pub(crate) vocabularies: Vec<Figures>,
}

/// Figures of one vocabulary.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Figures {
    /// What the vocabulary is called.
    pub(crate) name: String,
    /// Digest of its file, in hexadecimal.
    pub(crate) digest: String,
    /// Whether it promises that decoding gives back every document.
    pub(crate) lossless: bool,
    /// Number of ids that stand for something.
    pub(crate) entries: u64,
    /// Entries that their own bytes do not encode to.
    pub(crate) unreachable: u64,
    /// Entries that are not whole characters.
    pub(crate) partial: Partial,
    /// Round trips of random and of mutated strings.
    pub(crate) random_round_trips: RoundTrips,
    /// All sources together: total bytes over total tokens.
    pub(crate) pooled: SourceFigures,
    /// Each source.
    pub(crate) sources: Vec<SourceFigures>,
    /// Token lengths that occur among the entries, ascending.
    pub(crate) lengths: Vec<LengthCount>,
    /// Occurrences of the entries by rank, all sources together.
    pub(crate) ranks: Vec<RankCount>,
    /// A short piece of each source, cut into its tokens; for the page, not for programs.
    #[serde(skip)]
    pub(crate) passages: Vec<Passage>,
    /// Drawings of a report; for the page, not for programs.
    #[serde(skip)]
    pub(crate) drawings: Vec<Drawing>,
    /// Ratios of a modality's own.
    pub(crate) extra: BTreeMap<String, f64>,
    /// Counts of a modality's own; they are compared with a baseline.
    pub(crate) extra_counts: BTreeMap<String, u64>,
}

/// Figures of the documents of one source.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct SourceFigures {
    /// What the source is called.
    pub(crate) name: String,
    /// BLAKE3 over the sorted BLAKE3 digests of its documents, in hexadecimal.
    pub(crate) digest: String,
    /// Number of documents.
    pub(crate) documents: u64,
    /// Their bytes.
    pub(crate) bytes: u64,
    /// Their tokens.
    pub(crate) tokens: u64,
    /// Total bytes over total tokens, with an interval over documents.
    pub(crate) bytes_per_token: Option<Interval>,
    /// The document with the fewest bytes per token; the first of several.
    pub(crate) worst: Option<WorstDocument>,
    /// Each reference on the same documents.
    pub(crate) references: Vec<ReferenceFigures>,
    /// Maximal runs of bytes other than ASCII white space; absent where words mean nothing.
    pub(crate) words: Option<u64>,
    /// Fertility: tokens (those of the white space included) over words.
    pub(crate) tokens_per_word: Option<f64>,
    /// Entries that occur.
    pub(crate) used: u64,
    /// Entries that occur, over entries.
    pub(crate) used_share: f64,
    /// Rényi efficiency of the distribution of tokens, of order 2.5 and over the logarithm of the
    /// number of entries, see [`entropy`](super::entropy).
    pub(crate) renyi_efficiency: Option<f64>,
    /// Shannon entropy of the distribution of tokens, in bits per token, times tokens over bytes:
    /// what a static arithmetic code of single tokens would need, its table not counted.
    pub(crate) order_0_bits_per_byte: Option<f64>,
    /// Sizes of general compressors on the same bytes, for context.
    pub(crate) compressed: Option<Compressed>,
    /// Occurrences of tokens that are not whole characters.
    pub(crate) partial: Partial,
    /// Documents encoded and decoded again.
    pub(crate) round_trips: RoundTrips,
    /// Ratios of a modality's own.
    pub(crate) extra: BTreeMap<String, f64>,
    /// Counts of a modality's own; they are compared with a baseline.
    pub(crate) extra_counts: BTreeMap<String, u64>,
}

/// A ratio of sums, with the 95 % interval that resampling the documents gives.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Interval {
    /// The ratio on the documents as they are.
    pub(crate) estimate: f64,
    /// 2.5 % of the resamples lie below.
    pub(crate) low: f64,
    /// 2.5 % of the resamples lie above.
    pub(crate) high: f64,
}

/// What another tokenizer makes of the same documents.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct ReferenceFigures {
    /// What the reference is called.
    pub(crate) name: String,
    /// Whether it promises to give back every document.
    pub(crate) lossless: bool,
    /// Its tokens.
    pub(crate) tokens: u64,
    /// Total bytes over its total tokens.
    pub(crate) bytes_per_token: Option<f64>,
    /// Tokens of the vocabulary over tokens of the reference, below 1 where the vocabulary needs
    /// fewer. Its interval is paired: both are counted on the same resampled documents.
    pub(crate) ratio: Option<Interval>,
}

/// A document that is encoded worse than the others.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct WorstDocument {
    /// Its name.
    pub(crate) name: String,
    /// Its bytes over its tokens.
    pub(crate) bytes_per_token: f64,
}

/// Bytes that general compressors need, every source as one stream and on its own.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Compressed {
    /// Bytes by zstd at level 19.
    pub(crate) zstd: u64,
    /// Bytes by xz at level 9.
    pub(crate) xz: u64,
    /// Bits of `zstd` per byte of the documents.
    pub(crate) zstd_bits_per_byte: f64,
    /// Bits of `xz` per byte of the documents.
    pub(crate) xz_bits_per_byte: f64,
}

/// Tokens whose bytes are not valid UTF-8.
///
/// Part of a baseline: the fields stay in alphabetical order.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Partial {
    /// Those of two bytes and more.
    pub(crate) longer: u64,
    /// Those of one byte.
    pub(crate) single_bytes: u64,
}

/// How often decoding was asked to undo encoding, and how often it did not.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct RoundTrips {
    /// Strings encoded and decoded.
    pub(crate) tried: u64,
    /// Those that came back changed or not at all.
    pub(crate) failed: u64,
    /// Name of the first that failed.
    pub(crate) first_failed: Option<String>,
}

/// Tokens of one length.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct LengthCount {
    /// The length in bytes.
    pub(crate) bytes: u64,
    /// Entries of the vocabulary.
    pub(crate) entries: u64,
    /// Occurrences in all sources.
    pub(crate) occurrences: u64,
}

/// How often the entry of one rank occurs.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct RankCount {
    /// 1 for the most frequent.
    pub(crate) rank: u64,
    /// Its occurrences in all sources.
    pub(crate) occurrences: u64,
}

/// A drawing under its title.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Drawing {
    /// Bytes per token over the number of entries.
    Curve(Curve),
    /// What lies where in a document.
    Strip(Strip),
}

/// Bytes per token of vocabularies that nest, beside others.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Curve {
    /// Entries and bytes per token, by entries.
    pub(crate) sizes: Vec<(u64, f64)>,
    /// Others by name, in the order of the references.
    pub(crate) references: Vec<(String, u64, f64)>,
}

/// Lanes along a document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Strip {
    /// What is shown.
    pub(crate) title: String,
    /// What the lanes are over: positions from 0 up to this.
    pub(crate) length: u64,
    /// What positions count.
    pub(crate) unit: &'static str,
    /// From top to bottom.
    pub(crate) lanes: Vec<Lane>,
}

/// A lane of a strip.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lane {
    /// Stretches: first position, position behind the last, number of a color and a name.
    Bands(String, Vec<(u64, u64, usize, String)>),
    /// Values of equal stretches.
    Values(String, Vec<f64>),
}

/// A piece of a document, encoded on its own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Passage {
    /// Name of the source.
    pub(crate) source: String,
    /// Name of the document.
    pub(crate) document: String,
    /// Byte of the document at which the piece begins.
    pub(crate) offset: u64,
    /// Its tokens.
    pub(crate) tokens: Vec<PassageToken>,
    /// Those of each reference, by its name.
    pub(crate) others: Vec<(String, Vec<PassageToken>)>,
}

/// A token of a passage.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PassageToken {
    /// Its id.
    pub(crate) id: u32,
    /// The bytes that it covers: as text, or in hexadecimal where they are not printable UTF-8.
    pub(crate) shown: String,
    /// Whether `shown` is hexadecimal.
    pub(crate) hexadecimal: bool,
}
