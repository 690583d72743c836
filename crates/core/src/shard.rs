//! Shard files: counts of a part of a corpus; `docs/shard-format.md` specifies them.

use std::{
    error::Error,
    fmt,
    io::{self, Read, Write},
};

use crate::{
    counts::{Digest, LONGEST_DEDUPLICATED, SegmentCounts},
    multiset::Member,
};

/// First bytes of every file.
const MAGIC: [u8; 8] = *b"ptkshd\r\n";
/// Format version written and read.
const VERSION: u8 = 1;
/// Bytes of the name of a segmenter, at most.
const LONGEST_NAME: u64 = 4096;

impl SegmentCounts {
    /// Writes the counts as a shard file.
    ///
    /// Equal counts give equal bytes, whatever order documents came in and however they were spread
    /// over collections. Takes 56 bytes of memory for each distinct segment beside the counts.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_shard(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut out = Out { out, hasher: blake3::Hasher::new() };
        out.put(&MAGIC)?;
        out.put(&[VERSION])?;
        out.number(self.segmenter().len() as u64)?;
        out.put(self.segmenter().as_bytes())?;
        out.number(self.bytes())?;
        let mut documents = self.document_digests().to_vec();
        documents.sort_unstable();
        out.number(documents.len() as u64)?;
        for digest in &documents {
            out.put(digest)?;
        }
        let mut segments: Vec<Member<'_>> = self.segments().collect();
        segments.sort_unstable_by(|a, b| a.bytes().cmp(b.bytes()));
        out.number(segments.len() as u64)?;
        let mut before: &[u8] = &[];
        for member in &segments {
            let (segment, count) = (member.bytes(), member.count);
            let shared = before.iter().zip(segment).take_while(|(a, b)| a == b).count();
            out.number(shared as u64)?;
            out.number((segment.len() - shared) as u64)?;
            out.put(&segment[shared..])?;
            out.number(count.count)?;
            out.number(count.documents.into())?;
            before = segment;
        }
        let mut sequences: Vec<(&[u8], u64)> = self.sequences().collect();
        sequences.sort_unstable();
        out.number(sequences.len() as u64)?;
        for (sequence, weight) in sequences {
            out.number(sequence.len() as u64)?;
            out.put(sequence)?;
            out.number(weight)?;
        }
        let digest = out.hasher.finalize();
        out.out.write_all(digest.as_bytes())
    }

    /// Reads a shard file to its end.
    ///
    /// Nothing in it is trusted: no more memory is claimed than bytes were read, and counts are
    /// returned only if the digest is right and everything is in the one form that is written.
    ///
    /// # Errors
    ///
    /// [`ShardError`] for a file of another kind or version, one that is cut short, too long or
    /// damaged, one that no counts give, and those of the reader.
    pub fn read_shard(input: &mut dyn Read) -> Result<SegmentCounts, ShardError> {
        let mut input = In { input, hasher: blake3::Hasher::new() };
        if input.take::<8>()? != MAGIC {
            return Err(ShardError::BadMagic);
        }
        let [version] = input.take::<1>()?;
        if version != VERSION {
            return Err(ShardError::UnsupportedVersion { found: version });
        }
        let name = input.number()?;
        if name > LONGEST_NAME {
            return Err(ShardError::Malformed("the name of the segmenter is too long"));
        }
        let name = String::from_utf8(input.bytes(name, Vec::new())?)
            .map_err(|_| ShardError::Malformed("the name of the segmenter is no text"))?;
        let mut counts = SegmentCounts::new(&name);
        let bytes = input.number()?;
        let mut documents: Vec<Digest> = Vec::new();
        for _ in 0..input.number()? {
            let digest = input.take::<32>()?;
            if documents.last().is_some_and(|before| *before > digest) {
                return Err(ShardError::Malformed("digests do not ascend"));
            }
            documents.push(digest);
        }
        let all = documents.len() as u64;
        counts.set_documents(documents, bytes);
        let (mut before, mut total) = (Vec::new(), 0u128);
        for number in 0..input.number()? {
            let (shared, rest) = (input.number()?, input.number()?);
            if shared > before.len() as u64
                || shared.saturating_add(rest) > LONGEST_DEDUPLICATED as u64
            {
                return Err(ShardError::Malformed("a segment has a wrong length"));
            }
            let mut segment = before.clone();
            segment.truncate(shared as usize);
            segment = input.bytes(rest, segment)?;
            let (count, documents) = (input.number()?, input.number()?);
            if number > 0 && segment <= before {
                return Err(ShardError::Malformed("segments do not ascend"));
            }
            // What both begin with is told once.
            if before
                .get(shared as usize)
                .is_some_and(|byte| segment.get(shared as usize) == Some(byte))
            {
                return Err(ShardError::Malformed("a segment repeats what is shared"));
            }
            let Some(documents) =
                u32::try_from(documents).ok().filter(|&n| n > 0 && u64::from(n) <= all)
            else {
                return Err(ShardError::Malformed("a segment is in a wrong number of documents"));
            };
            total += segment.len() as u128 * u128::from(count);
            counts.add_counted(&segment, count, documents);
            before = segment;
        }
        let mut before: (Vec<u8>, u64) = (Vec::new(), 0);
        for _ in 0..input.number()? {
            let length = input.number()?;
            if length <= LONGEST_DEDUPLICATED as u64 {
                return Err(ShardError::Malformed("a sequence is too short"));
            }
            let sequence = input.bytes(length, Vec::new())?;
            let weight = input.number()?;
            total += sequence.len() as u128 * u128::from(weight);
            let sequence = (sequence, weight);
            if before > sequence {
                return Err(ShardError::Malformed("sequences do not ascend"));
            }
            if !before.0.is_empty() {
                counts.add_sequence(before.0, before.1);
            }
            before = sequence;
        }
        if !before.0.is_empty() {
            counts.add_sequence(before.0, before.1);
        }
        if total.min(u64::MAX.into()) != bytes.into() {
            return Err(ShardError::Malformed("segments have not as many bytes as documents"));
        }
        let expected = input.hasher.finalize();
        let mut found = [0; 32];
        input.input.read_exact(&mut found)?;
        if *expected.as_bytes() != found {
            return Err(ShardError::DigestMismatch);
        }
        match input.input.read(&mut [0])? {
            0 => Ok(counts),
            _ => Err(ShardError::TrailingBytes),
        }
    }
}

struct Out<'a> {
    out: &'a mut dyn Write,
    hasher: blake3::Hasher,
}

impl Out<'_> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hasher.update(bytes);
        self.out.write_all(bytes)
    }

    /// Seven bits a byte, the lowest first; all but the last with the high bit.
    fn number(&mut self, mut number: u64) -> io::Result<()> {
        let (mut bytes, mut len) = ([0u8; 10], 0);
        loop {
            bytes[len] = (number & 0x7f) as u8;
            number >>= 7;
            if number == 0 {
                return self.put(&bytes[..=len]);
            }
            bytes[len] |= 0x80;
            len += 1;
        }
    }
}

struct In<'a> {
    input: &'a mut dyn Read,
    hasher: blake3::Hasher,
}

impl In<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], ShardError> {
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes)?;
        self.hasher.update(&bytes);
        Ok(bytes)
    }

    /// Appends so many bytes; memory grows with what is there.
    fn bytes(&mut self, length: u64, mut to: Vec<u8>) -> Result<Vec<u8>, ShardError> {
        let from = to.len();
        let read = (&mut *self.input).take(length).read_to_end(&mut to)?;
        if read as u64 != length {
            return Err(ShardError::Truncated);
        }
        self.hasher.update(&to[from..]);
        Ok(to)
    }

    fn number(&mut self) -> Result<u64, ShardError> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.take::<1>()?;
            let bits = u64::from(byte & 0x7f);
            // The tenth byte has one bit left, and the last of several is not zero.
            if bits << shift >> shift != bits || byte == 0 && shift > 0 {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(ShardError::Malformed("a number is in another form"))
    }
}

/// A file is not a shard that can be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum ShardError {
    /// The file is of another kind.
    BadMagic,
    /// The file is of a version that this library does not know.
    UnsupportedVersion {
        /// The version in the file.
        found: u8,
    },
    /// The file ends too early.
    Truncated,
    /// Bytes follow the end of the shard.
    TrailingBytes,
    /// The file was damaged.
    DigestMismatch,
    /// No counts give this file.
    Malformed(&'static str),
    /// The file could not be read.
    Io(io::Error),
}

impl From<io::Error> for ShardError {
    fn from(error: io::Error) -> ShardError {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => ShardError::Truncated,
            _ => ShardError::Io(error),
        }
    }
}

impl fmt::Display for ShardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShardError::BadMagic => write!(f, "not a shard of polytok counts"),
            ShardError::UnsupportedVersion { found } => {
                write!(f, "shard version {found} is not supported, only {VERSION}")
            }
            ShardError::Truncated => write!(f, "the shard is cut short"),
            ShardError::TrailingBytes => write!(f, "bytes follow the end of the shard"),
            ShardError::DigestMismatch => write!(f, "the shard is damaged: its digest differs"),
            ShardError::Malformed(reason) => write!(f, "the shard is malformed: {reason}"),
            ShardError::Io(error) => error.fmt(f),
        }
    }
}

impl Error for ShardError {}
