//! Why a file cannot be read on.

use std::{error::Error, fmt, io};

/// A sequence file could not be read.
///
/// Offsets are bytes from the start of the text, after decompression; lines count from 1.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// The source failed.
    Io {
        /// Bytes of text read before.
        offset: u64,
        /// What the source said.
        source: io::Error,
    },
    /// The gzip stream is cut off, damaged, or followed by something else.
    Gzip {
        /// Bytes of text read before.
        offset: u64,
        /// What the decoder said.
        source: io::Error,
    },
    /// The text is neither FASTA nor FASTQ.
    Malformed {
        /// The line at which it shows.
        line: u64,
        /// Where that line starts.
        offset: u64,
        /// What is wrong there.
        problem: Problem,
    },
}

/// What is wrong with a line of FASTA or FASTQ.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Problem {
    /// The first line that is neither blank nor a comment starts with neither `>` nor `@`.
    NoHeader {
        /// What it starts with.
        found: u8,
    },
    /// A header has a carriage return before its end: a file with bare `\r` line ends, which would
    /// otherwise pass for one header and no sequence.
    CarriageReturn,
    /// A FASTQ record ends and the next line does not start with `@`.
    ExpectedRecord {
        /// What it starts with.
        found: u8,
    },
    /// The file ends before the `+` line of a FASTQ record.
    MissingPlus,
    /// The text after `+` is not that after `@`.
    PlusMismatch,
    /// White space inside a FASTQ sequence, where every byte has a quality.
    WhiteSpace,
    /// A quality outside `!` to `~`.
    QualityByte {
        /// The byte.
        found: u8,
    },
    /// A FASTQ record has more or fewer qualities than bases.
    QualityLength {
        /// Number of bases.
        sequence: usize,
        /// Number of qualities read before the end of the record or file.
        quality: usize,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Io { offset, .. } => write!(f, "reading failed after byte {offset}"),
            ReadError::Gzip { offset, .. } => {
                write!(f, "the gzip stream is cut off or damaged after byte {offset} of its text")
            }
            ReadError::Malformed { line, offset, problem } => {
                write!(f, "line {line} at byte {offset}: {problem}")
            }
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::NoHeader { found } => {
                write!(f, "neither FASTA (>) nor FASTQ (@), but '{}'", found.escape_ascii())
            }
            Problem::CarriageReturn => f.write_str("a carriage return within a header"),
            Problem::ExpectedRecord { found } => {
                write!(f, "'{}' where a record starts with '@'", found.escape_ascii())
            }
            Problem::MissingPlus => f.write_str("the file ends before the '+' line of a record"),
            Problem::PlusMismatch => f.write_str("the '+' line names another record"),
            Problem::WhiteSpace => f.write_str("white space within a sequence that has qualities"),
            Problem::QualityByte { found } => {
                write!(f, "'{}' is not a quality", found.escape_ascii())
            }
            Problem::QualityLength { sequence, quality } => {
                write!(f, "{quality} qualities for {sequence} bases")
            }
        }
    }
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            ReadError::Io { source, .. } | ReadError::Gzip { source, .. } => Some(source),
            ReadError::Malformed { .. } => None,
        }
    }
}
