//! Byte-pair vocabularies: exact training, exact encoding, one file format.
//!
//! A modality is a rule about where merges may not cross: a [`Segmenter`]. Everything else is the
//! same for prose, statutes, executables, genomes and numbers, and lives here. [`SegmentCounts`]
//! collect a corpus, [`train`] learns a [`Vocabulary`] from them, and a [`Tokenizer`] joins it with
//! its segmenter to turn bytes into ids and back.
//!
//! ```
//! use polytok_core::{SegmentCounts, TrainConfig, Tokenizer, Whole, train};
//!
//! let mut counts = SegmentCounts::new("whole-1");
//! counts.add_document(&Whole, b"low lower lowest")?;
//! let config = TrainConfig { vocabulary_size: 258, ..TrainConfig::default() };
//! let vocabulary = train(&counts, &config)?;
//! let tokenizer = Tokenizer::new(vocabulary, Whole)?;
//!
//! let ids = tokenizer.encode(b"slow \xff");
//! assert_eq!(ids, [b's'.into(), 257, b' '.into(), 0xff]);
//! assert_eq!(tokenizer.decode(&ids)?, b"slow \xff");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![warn(missing_docs)]

mod across;
mod ahead;
mod alphabets;
mod append;
mod automaton;
mod backtrack;
mod batch;
mod borders;
mod both;
mod budget;
mod byte_pairs;
mod candidate;
mod complement;
mod config;
mod counts;
mod crossing;
mod cuts;
mod deep;
mod document;
mod embedded;
mod encode;
mod ends;
mod engine;
mod few_letters;
mod fewest;
mod format;
mod going;
mod hashed_bits;
mod hints;
mod intervals;
mod joints;
mod kept;
mod key;
mod known;
mod lanes;
mod last_tokens;
mod letters;
mod listed;
mod long;
mod lowest;
mod making;
mod marked;
mod matcher;
mod memo;
mod memory;
mod merge;
mod multiset;
mod ordered;
mod pairs;
mod parallel;
mod piece_encoder;
mod piece_memory;
mod pieces;
mod plan;
mod provenance;
mod prune;
mod ranked;
mod rare;
mod runs;
#[cfg(test)]
mod samples;
mod seam;
mod seeds;
mod segment;
mod shard;
mod short;
mod special;
mod spelling;
mod stream;
mod stretch;
mod sweep;
mod together;
mod token_bytes;
mod token_row;
mod tokenizer;
mod train;
mod train_error;
mod training;
mod transducer;
mod trie;
mod valid;
mod vocabulary;
mod vocabulary_error;

pub use append::Appender;
pub use batch::Batch;
pub use budget::Prefix;
pub use config::{Encoding, Layout, RunCounting, SecondStage, Ties, TrainConfig};
pub use counts::{Count, Digest, SegmentCounts, SegmenterMismatch, corpus_digest};
pub use cuts::{CUT_CONTEXT, CutError, SPARE_WINDOW, check_cuts, cut_apart};
pub use document::{Document, Edit, OutOfText};
pub use embedded::Embedded;
pub use fewest::FewestPaths;
pub use format::{LoadError, SaveError};
pub use intervals::IntervalCounter;
pub use merge::{Merge, MergeTable, Pair};
pub use ordered::{PART_BYTES, encode_in_order};
pub use piece_encoder::{ListedMerge, PieceEncoder};
pub use piece_memory::PieceMemory;
pub use provenance::Provenance;
pub use prune::Pruned;
pub use rare::{DocumentFrequency, Refused};
pub use runs::RunCounts;
pub use seeds::seed_merges;
pub use segment::{
    Boundary, ENDS, End, PartitionError, Segmenter, Span, Whole, check_partition, segments,
};
pub use shard::ShardError;
pub use special::{Specials, UnknownSpecial};
pub use stream::DecodeStream;
pub use token_row::TokenRow;
pub use tokenizer::{DecodeError, Tokenizer};
pub use train::{train, train_with};
pub use train_error::TrainError;
pub use training::{Progress, TrainOptions, Training};
pub use vocabulary::{
    MAX_MERGES, MAX_SPECIAL_LEN, MAX_SPECIALS, MAX_TOKEN_LEN, MAX_TOTAL_LEN, TokenKind, Vocabulary,
};
pub use vocabulary_error::VocabularyError;
