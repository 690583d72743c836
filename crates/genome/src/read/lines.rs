//! Lines of a source that may be compressed, with their places.

use std::{
    fmt,
    io::{self, BufRead, BufReader, Chain, Cursor, ErrorKind, Read},
};

use flate2::bufread::MultiGzDecoder;

use super::{Problem, ReadError};

/// Bytes asked of the source at a time, and held of the text.
const BUFFER: usize = 1 << 16;

/// The first two bytes of a gzip member (RFC 1952, section 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The source with the bytes put back that were looked at.
type Source<R> = BufReader<Chain<Cursor<Vec<u8>>, R>>;

enum Text<R: Read> {
    Plain(Source<R>),
    Gzip(Box<BufReader<MultiGzDecoder<Source<R>>>>),
}

pub(super) struct Lines<R: Read> {
    text: Text<R>,
    /// Number and start of the line read last.
    line: u64,
    start: u64,
    /// Bytes of text taken.
    offset: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(mut source: R) -> Result<Lines<R>, ReadError> {
        let mut magic = Vec::new();
        (&mut source)
            .take(GZIP.len() as u64)
            .read_to_end(&mut magic)
            .map_err(|source| ReadError::Io { offset: 0, source })?;
        let compressed = magic == GZIP;
        let source = BufReader::with_capacity(BUFFER, Cursor::new(magic).chain(source));
        let text = if compressed {
            let decoder = MultiGzDecoder::new(source);
            Text::Gzip(Box::new(BufReader::with_capacity(BUFFER, decoder)))
        } else {
            Text::Plain(source)
        };
        Ok(Lines { text, line: 0, start: 0, offset: 0 })
    }

    pub(super) fn compressed(&self) -> bool {
        matches!(self.text, Text::Gzip(_))
    }

    fn text(&mut self) -> &mut dyn BufRead {
        match &mut self.text {
            Text::Plain(text) => text,
            Text::Gzip(text) => text,
        }
    }

    /// The first byte of the next line; none at the end.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, ReadError> {
        loop {
            match self.text().fill_buf() {
                Ok(ahead) => return Ok(ahead.first().copied()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed(error)),
            }
        }
    }

    /// Passes over a UTF-8 byte order mark, which some editors put at the start of a file.
    pub(super) fn skip_mark(&mut self) -> Result<(), ReadError> {
        const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
        for byte in MARK {
            match self.peek()? {
                Some(found) if found == byte => self.text().consume(1),
                _ if self.offset == 0 => break,
                _ => {
                    let problem = Problem::NoHeader { found: MARK[0] };
                    return Err(ReadError::Malformed { line: 1, offset: 0, problem });
                }
            }
            self.offset += 1;
        }
        Ok(())
    }

    /// Appends the next line to `buffer`, without its end: `\n`, with any `\r` before it.
    pub(super) fn read(&mut self, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
        let from = buffer.len();
        let taken =
            self.text().read_until(b'\n', buffer).map_err(|error| self.failed(error))? as u64;
        self.line += 1;
        self.start = self.offset;
        self.offset += taken;
        if buffer[from..].last() == Some(&b'\n') {
            buffer.pop();
        }
        while buffer[from..].last() == Some(&b'\r') {
            buffer.pop();
        }
        Ok(())
    }

    /// The line read last is wrong.
    pub(super) fn wrong(&self, problem: Problem) -> ReadError {
        ReadError::Malformed { line: self.line, offset: self.start, problem }
    }

    fn failed(&self, source: io::Error) -> ReadError {
        // The decoder reports a bad stream by these kinds and hands on the source's own errors.
        let damaged = matches!(
            source.kind(),
            ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput
        );
        match self.compressed() && damaged {
            true => ReadError::Gzip { offset: self.offset, source },
            false => ReadError::Io { offset: self.offset, source },
        }
    }
}

impl<R: Read> fmt::Debug for Lines<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines")
            .field("compressed", &self.compressed())
            .field("line", &self.line)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}
