//! Segmenters, terms, vocabularies for repair, noise and stability through the public interface.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail by panic")]

mod contract;
mod efficiency;
mod ocr;
mod segments;
mod stability;
mod terms;
mod units;
#[cfg(feature = "vocab")]
mod vocab;
