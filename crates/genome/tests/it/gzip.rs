use std::io::{self, ErrorKind, Read, Write};

use flate2::{Compression, GzBuilder, write::GzEncoder};
use polytok_genome::{Problem, ReadError, Reader, Record};

use crate::{fixture, records};

const TEXT: &[u8] = b">a x\nACGTACGTAC\nGTnn\n>b\n>c\r\nAC\r\n";

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// One block of BGZF (SAM/BAM format specification, section 4.1): a member whose extra field `BC`
/// holds its size less one.
fn block(text: &[u8]) -> Vec<u8> {
    let member = |size: u16| {
        let extra = [&b"BC\x02\0"[..], &size.to_le_bytes()].concat();
        let mut encoder = GzBuilder::new().extra(extra).write(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    };
    let size = u16::try_from(member(0).len() - 1).unwrap();
    member(size)
}

/// Cuts a text into parts, compresses each, and joins them.
fn members(text: &[u8], part: usize, compress: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    text.chunks(part).flat_map(compress).collect()
}

#[test]
fn members_and_blocks_are_joined() {
    let expected = records(TEXT).unwrap();
    for part in 1..=TEXT.len() {
        assert_eq!(records(&members(TEXT, part, gzip)).unwrap(), expected);
        let blocks = [members(TEXT, part, block), block(b"")].concat();
        assert_eq!(records(&blocks).unwrap(), expected);
    }
    // An empty member at the start, where the format is told, and an empty file.
    assert_eq!(records(&[gzip(b""), gzip(TEXT)].concat()).unwrap(), expected);
    assert_eq!(records(&gzip(b"")).unwrap(), []);
    assert!(Reader::new(&gzip(TEXT)[..]).unwrap().compressed());
    assert!(!Reader::new(TEXT).unwrap().compressed());
}

#[test]
fn header_fields_are_passed_over() {
    let mut encoder = GzBuilder::new()
        .filename("a.fa")
        .comment("a comment")
        .mtime(1)
        .write(Vec::new(), Compression::best());
    encoder.write_all(TEXT).unwrap();
    assert_eq!(records(&encoder.finish().unwrap()).unwrap(), records(TEXT).unwrap());
}

#[test]
fn fixtures_are_the_same_compressed() {
    for name in ["chimp-panTro5-part_softmasked_N.fa", "reads-454_lowercase.fastq"] {
        let text = fixture(name);
        let expected = records(&text).unwrap();
        assert_eq!(records(&gzip(&text)).unwrap(), expected);
        assert_eq!(records(&members(&text, 0xff00, block)).unwrap(), expected);
        assert_eq!(records(&members(&text, 777, block)).unwrap(), expected);
    }
}

/// What was read before the end or an error, and whether it was an error of the gzip stream.
fn read_on(file: &[u8]) -> (Vec<Record>, Option<ReadError>) {
    let (mut before, mut error) = (Vec::new(), None);
    match Reader::new(file) {
        Err(failed) => error = Some(failed),
        Ok(reader) => {
            for read in reader {
                match read {
                    Ok(record) => before.push(record),
                    Err(failed) => error = Some(failed),
                }
            }
        }
    }
    (before, error)
}

#[test]
fn every_cut_within_a_member_is_an_error() {
    let (first, second) = (gzip(&TEXT[..21]), gzip(&TEXT[21..]));
    let file = [first.clone(), second].concat();
    let expected = records(TEXT).unwrap();
    for cut in 0..file.len() {
        let (before, error) = read_on(&file[..cut]);
        assert!(expected.starts_with(&before), "{cut}");
        match (cut, error) {
            (1, Some(ReadError::Malformed { problem: Problem::NoHeader { .. }, .. })) => {}
            (_, None) => assert!(cut == 0 || cut == first.len(), "{cut}"),
            (_, Some(ReadError::Gzip { offset, .. })) => assert!(offset <= TEXT.len() as u64),
            (_, Some(error)) => panic!("{cut}: {error}"),
        }
    }
}

#[test]
fn every_damaged_bit_is_an_error_or_without_effect() {
    let file = [block(&TEXT[..21]), gzip(&TEXT[21..])].concat();
    let expected = records(TEXT).unwrap();
    let mut refused = 0;
    for bit in 0..8 * file.len() {
        let mut damaged = file.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        match records(&damaged) {
            Ok(read) => assert_eq!(read, expected, "{bit}"),
            Err(_) => refused += 1,
        }
    }
    // Times, the system, the level and the contents of the extra field have no effect.
    assert!(refused > 8 * file.len() / 2, "{refused}");
}

#[test]
fn what_follows_a_member_must_be_one() {
    let (before, error) = read_on(&[gzip(TEXT), b"junk".to_vec()].concat());
    assert_eq!(before, records(TEXT).unwrap()[..2]);
    let error = error.unwrap();
    assert!(matches!(error, ReadError::Gzip { .. }), "{error:?}");
    assert!(std::error::Error::source(&error).is_some());
}

/// A source that gives a byte at a time, interrupts itself, and fails at its end.
struct Slow<'a> {
    bytes: &'a [u8],
    interrupt: bool,
    end: Option<ErrorKind>,
}

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupt = !self.interrupt;
        if self.interrupt {
            return Err(ErrorKind::Interrupted.into());
        }
        match (self.bytes.split_first(), self.end) {
            (None, Some(kind)) => Err(kind.into()),
            (None, None) => Ok(0),
            (Some((&byte, rest)), _) => {
                buffer[0] = byte;
                self.bytes = rest;
                Ok(1)
            }
        }
    }
}

#[test]
fn a_slow_source_is_read_like_a_fast_one() {
    for file in [TEXT.to_vec(), gzip(TEXT), members(TEXT, 5, block), b"\xef\xbb\xbf>a\n".to_vec()] {
        let slow = Slow { bytes: &file, interrupt: false, end: None };
        let read: Vec<Record> = Reader::new(slow).unwrap().map(Result::unwrap).collect();
        assert_eq!(read, records(&file).unwrap());
    }
}

#[test]
fn errors_of_the_source_are_its_own() {
    for file in [TEXT.to_vec(), gzip(TEXT), Vec::new()] {
        let slow = Slow { bytes: &file, interrupt: false, end: Some(ErrorKind::PermissionDenied) };
        let error = match Reader::new(slow) {
            Err(error) => error,
            Ok(reader) => reader.map(|read| read.map(|_| ())).find_map(Result::err).unwrap(),
        };
        match error {
            ReadError::Io { source, .. } => assert_eq!(source.kind(), ErrorKind::PermissionDenied),
            error => panic!("{error:?}"),
        }
    }
}
