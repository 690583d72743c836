//! Everything a user of the crate can see, against oracles, fixtures and `bio`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail by panic")]

mod fasta;
mod fastq;
mod figures;
mod fixtures;
mod gzip;
mod kmers;
mod masks;
mod merging;
mod segments;
mod symmetric;
mod tokenizer;
#[cfg(feature = "vocab")]
mod vocab;
mod windows;

use std::{fs, path::PathBuf};

use polytok_genome::{Problem, ReadError, Reader, Record};

/// All records of a text, or why not.
fn records(text: &[u8]) -> Result<Vec<Record>, ReadError> {
    Reader::new(text)?.collect()
}

/// A line, the byte that it starts at, and what is wrong with it.
type Place = (u64, u64, Problem);

/// Where a text is wrong.
fn problem(text: &[u8]) -> Place {
    match records(text).unwrap_err() {
        ReadError::Malformed { line, offset, problem } => (line, offset, problem),
        error => panic!("{error}"),
    }
}

/// A record of FASTA.
fn record(name: &str, description: &str, sequence: &str) -> Record {
    Record {
        name: name.into(),
        description: description.into(),
        sequence: sequence.into(),
        quality: None,
    }
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/genome")).join(name),
    )
    .unwrap()
}
