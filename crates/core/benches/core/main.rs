//! Benches of the core; every one checks what it computes before it is timed.
//!
//! `cargo bench -p polytok-core`, or `cargo bench -p polytok-core -- load` for some of them.
#![allow(clippy::unwrap_used, missing_docs, reason = "a bench may fail by panic")]

mod encode;
mod inputs;
mod load;
mod train;

use criterion::{criterion_group, criterion_main};

criterion_group!(benches, train::training, encode::encoding, load::loading);
criterion_main!(benches);
