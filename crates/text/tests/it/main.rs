//! Integration tests of the crate, in one binary.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail by panic")]

mod conformance;
mod deepseek;
mod fixtures;
mod partition;
mod export;
mod handmade;
mod hostile;
mod published;
mod symbols;
mod text;
mod unicode;
mod words;
