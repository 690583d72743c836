use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

use bio::io::fasta;
use polytok_genome::{Format, Problem, Reader, Record};
use proptest::prelude::*;

use crate::{Place, problem, record, records};

#[test]
fn records_of_all_shapes() {
    let table: &[(&str, &str, Vec<Record>)] = &[
        ("nothing", "", vec![]),
        ("blank lines", " \n\r\n\t\n", vec![]),
        ("comments alone", ";a\n;b", vec![]),
        ("one line", ">a\nACGT\n", vec![record("a", "", "ACGT")]),
        ("no final newline", ">a\nACGT", vec![record("a", "", "ACGT")]),
        ("no newline at all", ">a", vec![record("a", "", "")]),
        ("no name", ">\nAC", vec![record("", "", "AC")]),
        ("blank before the description", "> a b\nAC", vec![record("", "a b", "AC")]),
        ("description", ">a b  c \t\nAC", vec![record("a", "b  c", "AC")]),
        ("tab before the description", ">a\tb\nAC", vec![record("a", "b", "AC")]),
        ("two blanks before it", ">a  b\nAC", vec![record("a", " b", "AC")]),
        ("wrapped", ">a\nAC\nGT\nA\n", vec![record("a", "", "ACGTA")]),
        ("line ends of DOS", ">a b\r\nAC\r\nGT\r\n", vec![record("a", "b", "ACGT")]),
        ("mixed and doubled line ends", ">a\r\r\nAC\n\r\nGT\r", vec![record("a", "", "ACGT")]),
        (
            "empty records",
            ">a\n>b\n\n>c\nA\n>d",
            vec![
                record("a", "", ""),
                record("b", "", ""),
                record("c", "", "A"),
                record("d", "", ""),
            ],
        ),
        (
            "blank lines between and within",
            "\n\n>a\n\nAC\n\nGT\n\n\n>b\nA\n\n",
            vec![record("a", "", "ACGT"), record("b", "", "A")],
        ),
        (
            "comments anywhere",
            ";0\n>a\n;1\nAC\n; 2 >x\nGT\n;3\n>b\nA;C\n;",
            vec![record("a", "", "ACGT"), record("b", "", "A;C")],
        ),
        (
            "white space in lines",
            ">a\n 1 AC GT\tAC\x0b\x0c\rG \n",
            vec![record("a", "", "1ACGTACG")],
        ),
        (
            "case and other symbols",
            ">a\nacGTnN-*.uRX?\0\n",
            vec![record("a", "", "acGTnN-*.uRX?\0")],
        ),
        ("a > or @ within a line", ">a\nAC>GT\n@AC\n", vec![record("a", "", "AC>GT@AC")]),
        ("a byte order mark", "\u{feff}\n>a\nAC", vec![record("a", "", "AC")]),
    ];
    for (name, text, expected) in table {
        assert_eq!(&records(text.as_bytes()).unwrap(), expected, "{name}");
    }
}

#[test]
fn bytes_that_are_no_utf_8_are_kept() {
    let read = records(b">\xe9 \xff\nAC\x80\xfe\n").unwrap();
    assert_eq!(read[0].name, b"\xe9");
    assert_eq!(read[0].name_lossy(), "\u{fffd}");
    assert_eq!(read[0].description, b"\xff");
    assert_eq!(read[0].sequence, b"AC\x80\xfe");
}

#[test]
fn text_that_is_no_sequence_file_is_refused() {
    let table: &[(&[u8], Place)] = &[
        (b"ACGT\n", (1, 0, Problem::NoHeader { found: b'A' })),
        (b"\n;c\n ACGT\n", (3, 4, Problem::NoHeader { found: b' ' })),
        (b" >a\nAC", (1, 0, Problem::NoHeader { found: b' ' })),
        (b"\xef\xbb>a\nAC", (1, 0, Problem::NoHeader { found: 0xef })),
        (b"\xef", (1, 0, Problem::NoHeader { found: 0xef })),
        (b"\xef\xbb\xbfAC", (1, 3, Problem::NoHeader { found: b'A' })),
        (b"\x1f\x9d\x90", (1, 0, Problem::NoHeader { found: 0x1f })),
        (b"\x1f", (1, 0, Problem::NoHeader { found: 0x1f })),
        (b">a\rACGT\r>b\rAC\r", (1, 0, Problem::CarriageReturn)),
        (b">a\nAC\n>b\rc\nAC\n", (3, 6, Problem::CarriageReturn)),
        (b"##gff-version 3\n", (1, 0, Problem::NoHeader { found: b'#' })),
    ];
    for (text, expected) in table {
        assert_eq!(problem(text), *expected, "{}", text.escape_ascii());
    }
}

#[test]
fn a_reader_gives_what_came_before_an_error_and_then_ends() {
    let mut reader = Reader::new(&b">a\nAC\n>b\rc\n>c\nAC"[..]).unwrap();
    assert_eq!(reader.next().unwrap().unwrap(), record("a", "", "AC"));
    let error = reader.next().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "line 3 at byte 6: a carriage return within a header");
    assert!(reader.next().is_none());
    assert!(!reader.read(&mut Record::default()).unwrap());
}

#[test]
fn a_record_is_used_again() {
    let mut reader = Reader::new(&b">a x\nACGT\n>b\nT\n"[..]).unwrap();
    assert_eq!(reader.format(), Some(Format::Fasta));
    let mut held = Record { quality: Some(vec![1]), ..record("old", "old", "OLD") };
    assert!(reader.read(&mut held).unwrap());
    assert_eq!(held, record("a", "x", "ACGT"));
    assert!(reader.read(&mut held).unwrap());
    assert_eq!(held, record("b", "", "T"));
    assert!(!reader.read(&mut held).unwrap());
}

/// A source that knows how many bytes were taken.
struct Counted<'a>(&'a [u8], Rc<Cell<usize>>);

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.0.read(buffer)?;
        self.1.set(self.1.get() + taken);
        Ok(taken)
    }
}

#[test]
fn a_record_is_given_before_the_rest_is_read() {
    let text = [b">a\n", &b"ACGT\n".repeat(60_000)[..]].concat().repeat(20);
    let taken = Rc::new(Cell::new(0));
    let mut reader = Reader::new(Counted(&text, Rc::clone(&taken))).unwrap();
    let mut record = Record::default();
    for read in 1..=20 {
        assert!(reader.read(&mut record).unwrap());
        assert_eq!(record.sequence.len(), 240_000);
        assert!(taken.get() <= read * 300_003 + (1 << 16) + 1, "{read}: {}", taken.get());
    }
}

/// Records with bytes that neither white space, comments nor headers begin with.
fn contents() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec(("[a-z|.]{0,6}( [ -~]{0,8}[!-~])?", "[ACGTacgtNn*-]{0,40}"), 0..6)
}

/// Lays records out as FASTA.
fn write(contents: &[(String, String)], width: usize, end: &str, last_end: bool) -> Vec<u8> {
    let mut text = String::new();
    for (header, sequence) in contents {
        text += &format!(">{header}{end}");
        for line in sequence.as_bytes().chunks(width) {
            text += &format!("{}{end}", str::from_utf8(line).unwrap());
        }
    }
    if !last_end {
        text.truncate(text.len().saturating_sub(end.len()));
    }
    text.into_bytes()
}

proptest! {
    #[test]
    fn layout_does_not_matter(
        contents in contents(), width in 1usize..50, dos: bool, last_end: bool,
    ) {
        let end = if dos { "\r\n" } else { "\n" };
        let read = records(&write(&contents, width, end, last_end)).unwrap();
        let expected: Vec<Record> = contents
            .iter()
            .map(|(header, sequence)| {
                let (name, description) = header.split_once(' ').unwrap_or((header, ""));
                record(name, description, sequence)
            })
            .collect();
        prop_assert_eq!(read, expected);
    }

    /// `bio` reads the same where both apply: UTF-8, a header first, no `;` line, and white space
    /// at ends of lines alone.
    #[test]
    fn bio_reads_the_same(
        lines in "(>(>[ -~]{0,8}\r?\n|[A-Za-z*>@-]{0,9}[ \t]?\r?\n){0,12}[ACGT]{0,3})?",
    ) {
        let ours: Vec<_> = records(lines.as_bytes()).unwrap();
        let theirs: Vec<Record> = fasta::Reader::new(lines.as_bytes())
            .records()
            .map(|read| {
                let read = read.unwrap();
                record(read.id(), read.desc().unwrap_or_default(), str::from_utf8(read.seq()).unwrap())
            })
            .collect();
        // `bio` ends at a record with neither name, description nor sequence.
        let empty = ours.iter().position(|read| *read == Record::default()).unwrap_or(ours.len());
        prop_assert_eq!(&ours[..empty], &theirs[..]);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in prop::collection::vec(
        prop::sample::select(&b">@+;\r\n ACGTn!~\x1f\x8b\x08\0\xff"[..]), 0..60,
    )) {
        for read in Reader::new(&text[..]).into_iter().flatten() {
            let Ok(read) = read else { break };
            prop_assert!(!read.sequence.contains(&b'\n'));
            prop_assert!(read.quality.is_none_or(|quality| quality.len() == read.sequence.len()));
        }
    }
}
