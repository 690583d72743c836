//! Tests of the public interface.
#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

mod documents;
mod encoding;
mod format;
mod format_spec;
mod oracle;
mod training;
