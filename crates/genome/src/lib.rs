//! polytok-genome
#![forbid(unsafe_code)]
mod read;
mod record;
pub use read::{Problem, ReadError, Reader};
pub use record::{Format, Record};
