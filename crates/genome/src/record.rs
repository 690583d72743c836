//! What the readers give.

use std::borrow::Cow;

use crate::read::is_white;

/// How a sequence file is laid out.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Format {
    /// Records that start with a `>` line; no qualities.
    Fasta,
    /// Records of a `@` line, the sequence, a `+` line and one quality a base.
    Fastq,
}

/// One sequence of a file: a contig, a chromosome, a read.
///
/// Everything is bytes as they stand in the file, since headers in Latin-1 and sequences with any
/// symbol exist. A position in `sequence` is what this crate calls a base.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Record {
    /// The header up to its first white space, without `>` or `@`; may be empty.
    pub name: Vec<u8>,
    /// What follows the white space after the name, without white space at its end; may be empty.
    pub description: Vec<u8>,
    /// The sequence without line ends and white space, with the case of the file.
    pub sequence: Vec<u8>,
    /// The qualities as ASCII letters `!` to `~`, as many as bases; none in FASTA.
    pub quality: Option<Vec<u8>>,
}

impl Record {
    /// The name for people: bytes that are not UTF-8 become U+FFFD.
    pub fn name_lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.name)
    }

    pub(crate) fn set_header(&mut self, header: &[u8]) {
        let name = header.iter().position(|&byte| is_white(byte)).unwrap_or(header.len());
        self.name.clear();
        self.name.extend_from_slice(&header[..name]);
        self.description.clear();
        self.description.extend_from_slice(header.get(name + 1..).unwrap_or_default());
    }
}
