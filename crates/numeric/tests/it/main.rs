#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail by panic")]

mod calendar;
mod extract;
mod fixtures;
mod grammar;
mod numeric;
mod place;
#[cfg(feature = "vocab")]
mod vocab;
mod vocabulary;
