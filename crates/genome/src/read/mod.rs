//! Records of FASTA and FASTQ, one at a time.
//!
//! The readers of `bio` 4.2 are not used here, but as a second opinion in the tests: they keep
//! sequences in `String`s and so refuse bytes that are not UTF-8, do not say where a file is wrong,
//! end at a FASTA record that has neither name nor bases, refuse a FASTQ record without bases
//! (which trimming leaves behind), pair the lines of a FASTQ record by their number and not by that
//! of the bases, leave it to a later check whether there are as many qualities as bases, and know
//! neither gzip nor `;` lines.

mod error;
mod fasta;
mod fastq;
mod lines;

use std::io::Read;

pub use self::error::{Problem, ReadError};
use self::lines::Lines;
use crate::record::{Format, Record};

/// Reads the records of a sequence file, plain or gzip, from any source.
///
/// The format is told by content: two bytes for gzip (of several members too, such as BGZF), then
/// the first line. Memory is that of one record and of buffers of 64 KiB.
///
/// | | FASTA | FASTQ |
/// |---|---|---|
/// | line ends | `\n`, `\r\n`; the last may be missing | the same |
/// | sequence | any number of lines | any number of lines up to the `+` line |
/// | qualities | none | lines until there are as many as bases, `!` to `~` |
/// | white space in a sequence | dropped (space, tab, vertical tab, form feed, `\r`) | at the end of a line dropped, else refused |
/// | blank lines | dropped anywhere | dropped between records and within sequences |
/// | lines that start with `;` | dropped anywhere | dropped before the first record |
/// | records without bases | kept | kept |
///
/// Every other byte of a sequence is kept, also `*`, `-`, digits and bytes that are no ASCII.
/// A byte order mark before the first line is dropped. A file of nothing but blank lines, comments
/// or no byte at all has no record. A `+` line is bare or repeats the header.
///
/// A gzip stream that is cut off within a member is an error, after the records before the cut have
/// been given. One cut off exactly between two members can't be told from a whole one.
///
/// ```
/// use polytok_genome::Reader;
///
/// let file = b">chr1 a contig\r\nACGT\r\nnnacg\r\n>chr2\r\n";
/// let records = Reader::new(&file[..])?.collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(records[0].name, b"chr1");
/// assert_eq!(records[0].sequence, b"ACGTnnacg");
/// assert!(records[1].sequence.is_empty());
/// # Ok::<(), polytok_genome::ReadError>(())
/// ```
#[derive(Debug)]
pub struct Reader<R: Read> {
    lines: Lines<R>,
    format: Option<Format>,
    header: Vec<u8>,
    scratch: Vec<u8>,
    over: bool,
}

impl<R: Read> Reader<R> {
    /// Looks at the start of the source to tell its format.
    ///
    /// # Errors
    ///
    /// If the source fails, or its first line is no header.
    pub fn new(source: R) -> Result<Reader<R>, ReadError> {
        let mut lines = Lines::new(source)?;
        lines.skip_mark()?;
        let mut scratch = Vec::new();
        let format = loop {
            match lines.peek()? {
                Some(b'>') => break Some(Format::Fasta),
                Some(b'@') => break Some(Format::Fastq),
                None => break None,
                Some(found) => {
                    scratch.clear();
                    lines.read(&mut scratch)?;
                    if found != b';' && !scratch.iter().copied().all(is_white) {
                        return Err(lines.wrong(Problem::NoHeader { found }));
                    }
                }
            }
        };
        Ok(Reader { lines, format, header: Vec::new(), scratch, over: format.is_none() })
    }

    /// The format; none if the file has no record.
    pub fn format(&self) -> Option<Format> {
        self.format
    }

    /// Whether the source is gzip.
    pub fn compressed(&self) -> bool {
        self.lines.compressed()
    }

    /// Reads the next record into `record`, whose memory is used again; false at the end.
    ///
    /// # Errors
    ///
    /// If the source fails or the text is malformed. The contents of `record` are then of no use,
    /// and there is no further record.
    pub fn read(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        let Some(format) = self.format.filter(|_| !self.over) else { return Ok(false) };
        let Reader { lines, header, scratch, .. } = self;
        let read = match format {
            Format::Fasta => fasta::read(lines, header, record),
            Format::Fastq => fastq::read(lines, header, scratch, record),
        };
        self.over = !matches!(read, Ok(true));
        read
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Result<Record, ReadError>> {
        let mut record = Record::default();
        match self.read(&mut record) {
            Ok(true) => Some(Ok(record)),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

/// Reads a header line, without its first byte and the white space at its end.
fn read_header<R: Read>(lines: &mut Lines<R>, header: &mut Vec<u8>) -> Result<(), ReadError> {
    header.clear();
    lines.read(header)?;
    header.remove(0);
    if header.contains(&b'\r') {
        return Err(lines.wrong(Problem::CarriageReturn));
    }
    trim(header, 0);
    Ok(())
}

/// The white space of ASCII, including the vertical tab, which `u8::is_ascii_whitespace` omits.
pub(crate) fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Drops white space at the end, but nothing before `from`.
fn trim(buffer: &mut Vec<u8>, from: usize) {
    let kept = buffer[from..].iter().rposition(|&byte| !is_white(byte)).map_or(0, |last| last + 1);
    buffer.truncate(from + kept);
}

/// Whether there is white space.
fn has_white(line: &[u8]) -> bool {
    // White space is rare and so is any byte up to the blank. One comparison a byte and no way out
    // of the loop let it run over many bytes at a time.
    let low = line.iter().fold(0, |found, &byte| found | u8::from(byte <= b' '));
    low != 0 && line.iter().copied().any(is_white)
}
