//! Integration tests of the crate, in one binary.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail by panic")]

mod conformance;
mod cut;
mod deepseek;
mod export;
mod fixtures;
mod handmade;
mod hostile;
mod ids;
mod partition;
mod published;
mod symbols;
mod text;
mod unicode;
#[cfg(feature = "vocab")]
mod vocab;
mod words;
