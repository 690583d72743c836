//! Integration tests of the crate, in one binary.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail by panic")]

mod conformance;
mod export;
mod handmade;
mod hostile;
mod published;
mod symbols;
