use bio::io::fastq;
use polytok_genome::{Format, Problem, Reader, Record};
use proptest::prelude::*;

use crate::{Place, problem, records};

fn read(name: &str, description: &str, sequence: &str, quality: &str) -> Record {
    Record {
        name: name.into(),
        description: description.into(),
        sequence: sequence.into(),
        quality: Some(quality.into()),
    }
}

#[test]
fn records_of_all_shapes() {
    let table: &[(&str, &str, Vec<Record>)] = &[
        ("four lines", "@a b\nACgt\n+\nIIII\n", vec![read("a", "b", "ACgt", "IIII")]),
        ("no final newline", "@a\nAC\n+\n!~", vec![read("a", "", "AC", "!~")]),
        ("line ends of DOS", "@a\r\nAC\r\n+\r\nII\r\n", vec![read("a", "", "AC", "II")]),
        ("the header again", "@a b\nAC\n+a b\nII\n", vec![read("a", "b", "AC", "II")]),
        ("wrapped", "@a\nAC\nGT\n+\nII\nJJ\n", vec![read("a", "", "ACGT", "IIJJ")]),
        ("wrapped in two ways", "@a\nACGT\n+\nI\nI\nJJ\n", vec![read("a", "", "ACGT", "IIJJ")]),
        (
            "qualities that look like marks",
            "@a\nAC\nGT\n+\n@b\n+c\n@d\nA\n+\n@\n@e\nC\n+\n+",
            vec![read("a", "", "ACGT", "@b+c"), read("d", "", "A", "@"), read("e", "", "C", "+")],
        ),
        (
            "reads without bases",
            "@a\n\n+\n\n@b\n+\n@c\nA\n+\nI\n@d\n+",
            vec![
                read("a", "", "", ""),
                read("b", "", "", ""),
                read("c", "", "A", "I"),
                read("d", "", "", ""),
            ],
        ),
        (
            "blank lines",
            "\n;c\n@a\nA\n\nC\n+\nI\n\nI\n \n\r\n@b\nA\n+\nI\n\n",
            vec![read("a", "", "AC", "II"), read("b", "", "A", "I")],
        ),
        ("blanks at ends of lines", "@a \nAC \n+ \nII\t\n", vec![read("a", "", "AC", "II")]),
        (
            "any symbol",
            "@a\nN.-;>\u{e9}\n+\n;;;;;;;",
            vec![read("a", "", "N.-;>\u{e9}", ";;;;;;;")],
        ),
    ];
    for (name, text, expected) in table {
        assert_eq!(&records(text.as_bytes()).unwrap(), expected, "{name}");
        assert_eq!(Reader::new(text.as_bytes()).unwrap().format(), Some(Format::Fastq));
    }
}

#[test]
fn malformed_records_are_refused() {
    let table: &[(&str, Place)] = &[
        ("@", (1, 0, Problem::MissingPlus)),
        ("@a\n", (1, 0, Problem::MissingPlus)),
        ("@a\nAC\n", (2, 3, Problem::MissingPlus)),
        ("@a\nAC\n@b\nAC\n", (4, 9, Problem::MissingPlus)),
        ("@a\nAC\n+", (3, 6, Problem::QualityLength { sequence: 2, quality: 0 })),
        ("@a\nAC\n+\nI\n", (4, 8, Problem::QualityLength { sequence: 2, quality: 1 })),
        ("@a\nAC\n+\nIII\n", (4, 8, Problem::QualityLength { sequence: 2, quality: 3 })),
        ("@a\nAC\n+\nII\nJJ\n", (5, 11, Problem::ExpectedRecord { found: b'J' })),
        (
            "@a\nAC\n+\nI\n@b\nAC\n+\nII\n",
            (5, 10, Problem::QualityLength { sequence: 2, quality: 3 }),
        ),
        ("@a\n+\nI", (3, 5, Problem::ExpectedRecord { found: b'I' })),
        ("@a\nAC\n+b\nII\n", (3, 6, Problem::PlusMismatch)),
        ("@a b\nAC\n+a\nII\n", (3, 8, Problem::PlusMismatch)),
        ("@a\nA C\n+\nIII\n", (2, 3, Problem::WhiteSpace)),
        ("@a\n\tAC\n+\nIII\n", (2, 3, Problem::WhiteSpace)),
        ("@a\nACG\n+\nI I\n", (4, 9, Problem::QualityByte { found: b' ' })),
        ("@a\nACG\n+\nI\0I\n", (4, 9, Problem::QualityByte { found: 0 })),
        ("@a\nACG\n+\nI\x7fI\n", (4, 9, Problem::QualityByte { found: 0x7f })),
        ("@a\nAC\n+\nII\n>b\nAC\n", (5, 11, Problem::ExpectedRecord { found: b'>' })),
        ("@a\nA\n+\nI\n;c\n", (5, 9, Problem::ExpectedRecord { found: b';' })),
        ("@a\rAC\r+\rII\r", (1, 0, Problem::CarriageReturn)),
    ];
    for (text, expected) in table {
        assert_eq!(problem(text.as_bytes()), *expected, "{}", text.escape_debug());
    }
}

#[test]
fn messages_say_what_and_where() {
    let message = |text: &str| records(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(message("@a\nAC\n+\nI\n"), "line 4 at byte 8: 1 qualities for 2 bases");
    assert_eq!(message("@a\nA\n+\n\x07\n"), "line 4 at byte 7: '\\x07' is not a quality");
    assert_eq!(message("@a\nA\n+b\n"), "line 3 at byte 5: the '+' line names another record");
    assert_eq!(message("LOCUS"), "line 1 at byte 0: neither FASTA (>) nor FASTQ (@), but 'L'");
}

/// Headers, and bases with their qualities.
fn contents() -> impl Strategy<Value = Vec<(String, Vec<(u8, u8)>)>> {
    let base = (prop::sample::select(&b"ACGTNacgtn."[..]), b'!'..=b'~');
    prop::collection::vec(("[a-z@+]{1,4}( [a-z=]{1,4})?", prop::collection::vec(base, 0..40)), 0..6)
}

fn wrap(bytes: &[u8], width: usize, end: &str) -> String {
    bytes.chunks(width).map(|line| format!("{}{end}", str::from_utf8(line).unwrap())).collect()
}

proptest! {
    #[test]
    fn layout_does_not_matter(
        contents in contents(), widths in (1usize..50, 1usize..50), dos: bool, again: bool,
    ) {
        let end = if dos { "\r\n" } else { "\n" };
        let mut text = String::new();
        let mut expected = Vec::new();
        for (header, bases) in &contents {
            let (sequence, quality): (Vec<u8>, Vec<u8>) = bases.iter().copied().unzip();
            let plus = if again { header } else { "" };
            text += &format!("@{header}{end}{}+{plus}{end}", wrap(&sequence, widths.0, end));
            text += &wrap(&quality, widths.1, end);
            let (name, description) = header.split_once(' ').unwrap_or((header, ""));
            let utf8 = |bytes| String::from_utf8(bytes).unwrap();
            expected.push(read(name, description, &utf8(sequence), &utf8(quality)));
        }
        prop_assert_eq!(records(text.as_bytes()).unwrap(), expected);
    }

    /// `bio` reads the same where both apply: bases there are, in as many lines as the qualities.
    #[test]
    fn bio_reads_the_same(contents in contents(), width in 1usize..50, dos: bool) {
        let end = if dos { "\r\n" } else { "\n" };
        let mut text = String::new();
        for (header, bases) in contents.iter().filter(|(_, bases)| !bases.is_empty()) {
            let (sequence, quality): (Vec<u8>, Vec<u8>) = bases.iter().copied().unzip();
            text += &format!("@{header}{end}{}+{end}", wrap(&sequence, width, end));
            text += &wrap(&quality, width, end);
        }
        let theirs: Vec<Record> = fastq::Reader::new(text.as_bytes())
            .records()
            .map(|theirs| {
                let theirs = theirs.unwrap();
                let utf8 = |bytes| str::from_utf8(bytes).unwrap();
                let (sequence, quality) = (utf8(theirs.seq()), utf8(theirs.qual()));
                read(theirs.id(), theirs.desc().unwrap_or_default(), sequence, quality)
            })
            .collect();
        prop_assert_eq!(records(text.as_bytes()).unwrap(), theirs);
    }
}
