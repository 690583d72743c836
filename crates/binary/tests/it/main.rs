//! Maps and segments of real, broken and forged files.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail by panic")]

mod agreement;
mod archives;
mod broken;
mod check;
mod files;
mod forge;
mod kinds;
mod locations;
mod malformed;
mod segmenters;
mod slices;
#[cfg(feature = "vocab")]
mod vocab;
