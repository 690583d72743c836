//! Tests of the public interface.
#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

mod append;
mod budget;
mod caches;
mod closed;
mod document;
mod documents;
mod editing;
mod encoding;
mod fixtures;
mod format;
mod format_spec;
mod intervals;
mod oracle;
mod piece_encoder;
mod samples;
mod second_stage;
mod shards;
mod training;
mod training_steps;
