//! Segments of tables and series.

use polytok_core::{Boundary, Segmenter, Span, check_cuts, check_partition, segments};
use polytok_numeric::{Dialect, Grouping, Literal, Numeric, literals};
use proptest::{prelude::*, sample::Index};

use crate::grammar::texts;

fn show(numeric: &Numeric, input: &str) -> String {
    check_partition(numeric, input.as_bytes()).unwrap();
    let cut: Vec<&str> = segments(numeric, input.as_bytes())
        .into_iter()
        .map(|(span, boundary)| {
            assert_eq!(boundary, Boundary::Hard);
            &input[span.start..span.end]
        })
        .collect();
    cut.join("|")
}

/// A number from the right, from the left and in single digits.
#[test]
fn golden_table() {
    let table = [
        ("1", "1", "1", "1"),
        ("12", "12", "12", "1|2"),
        ("123", "123", "123", "1|2|3"),
        ("1234", "1|234", "123|4", "1|2|3|4"),
        ("12345", "12|345", "123|45", "1|2|3|4|5"),
        ("123456", "123|456", "123|456", "1|2|3|4|5|6"),
        ("1234567", "1|234|567", "123|456|7", "1|2|3|4|5|6|7"),
        ("12345678", "12|345|678", "123|456|78", "1|2|3|4|5|6|7|8"),
        ("123456789", "123|456|789", "123|456|789", "1|2|3|4|5|6|7|8|9"),
        ("1234567890", "1|234|567|890", "123|456|789|0", "1|2|3|4|5|6|7|8|9|0"),
        ("12345678901", "12|345|678|901", "123|456|789|01", "1|2|3|4|5|6|7|8|9|0|1"),
        ("123456789012", "123|456|789|012", "123|456|789|012", "1|2|3|4|5|6|7|8|9|0|1|2"),
        ("-1234", "-|1|234", "-|123|4", "-|1|2|3|4"),
        ("3.14159", "3|.|141|59", "3|.|141|59", "3|.|1|4|1|5|9"),
        ("1234.5678", "1|234|.|567|8", "123|4|.|567|8", "1|2|3|4|.|5|6|7|8"),
        ("1'234", "1|'|234", "1|'|234", "1|'|2|3|4"),
        ("6.02214076e+1023", "6|.|022|140|76|e+|1|023", "6|.|022|140|76|e+|102|3", {
            "6|.|0|2|2|1|4|0|7|6|e+|1|0|2|3"
        }),
        ("2024", "2|024", "202|4", "2|0|2|4"),
        ("50%", "50|%", "50|%", "5|0|%"),
        ("1500kg", "1|500|kg", "150|0|kg", "1|5|0|0|kg"),
        ("192.168.0.1/24", "192|.|168|.|0|.|1|/|24", "192|.|168|.|0|.|1|/|24", {
            "1|9|2|.|1|6|8|.|0|.|1|/|2|4"
        }),
        ("2001:db8::1", "2001|:|db8|::|1", "2001|:|db8|::|1", "2001|:|db8|::|1"),
        ("2024-01-31", "2024|-|01|-|31", "2024|-|01|-|31", "2|0|2|4|-|0|1|-|3|1"),
        ("23:59:59.1234", "23|:|59|:|59|.|123|4", "23|:|59|:|59|.|123|4", {
            "2|3|:|5|9|:|5|9|.|1|2|3|4"
        }),
        ("v10.0.19045-rc.1", "v|10|.|0|.|19|045|-rc.1", "v|10|.|0|.|190|45|-rc.1", {
            "v|1|0|.|0|.|1|9|0|4|5|-rc.1"
        }),
        ("0xDEADBEEF", "0x|DEADBEEF", "0x|DEADBEEF", "0x|DEADBEEF"),
        ("B2B1234", "B2B1234", "B2B1234", "B2B1234"),
    ];
    for (input, right, left, single) in table {
        assert_eq!(show(&Numeric::new(Grouping::Right), input), right);
        assert_eq!(show(&Numeric::new(Grouping::Left), input), left);
        assert_eq!(show(&Numeric::new(Grouping::Single), input), single);
    }
}

#[test]
fn separators_are_segments_of_their_own() {
    let english = Numeric::default().with_dialect(Dialect::English);
    assert_eq!(show(&english, "1,234,567.891"), "1|,|234|,|567|.|891");
    assert_eq!(show(&english, "12,34,567"), "12|,|34|,|567");
    let european = Numeric::default().with_dialect(Dialect::European);
    assert_eq!(show(&european, "1.234 567,8912"), "1|.|234| |567|,|891|2");
    assert_eq!(show(&european, "12\u{202F}345,6"), "12|\u{202F}|345|,|6");
}

#[test]
fn between_numbers_are_words_white_space_and_the_rest() {
    let cases = [
        ("", ""),
        ("a", "a"),
        ("a  b", "a| | b"),
        ("a\n\n  \"b\": 1,\n", "a|\n\n | \"|b|\":| |1|,|\n"),
        ("\"x\",\"y\"", "\"|x|\",\"|y|\""),
        ("1\t2\t\t3\r\n", "1|\t|2|\t\t|3|\r\n"),
        (" 1   2.50 ", " |1|   |2|.|50| "),
        ("x = [1, 2]", "x| =| [|1|,| |2|]"),
        ("2024年3月 東京", "2|024|年|3|月| 東京"),
        ("São é5", "São| é5"),
        ("2024-01-31T10:20Z", "2024|-|01|-|31|T|10|:|20|Z"),
    ];
    for (input, expected) in cases {
        assert_eq!(show(&Numeric::default(), input), expected, "{input:?}");
    }
}

#[test]
fn years_stay_whole_where_asked() {
    let numeric = Numeric::default().with_whole_years(true);
    assert_eq!(show(&numeric, "1999,3000,-1999"), "1999|,|3|000|,|-|1|999");
    assert_eq!(numeric.id(), "numeric-1-years");
}

#[test]
fn every_choice_has_its_id() {
    let mut ids = Vec::new();
    for grouping in [Grouping::Right, Grouping::Left, Grouping::Single] {
        for dialect in [Dialect::Table, Dialect::English, Dialect::European] {
            for years in [false, true] {
                let numeric = Numeric::new(grouping).with_dialect(dialect).with_whole_years(years);
                ids.push(numeric.id().to_owned());
            }
        }
    }
    assert_eq!(ids[0], "numeric-1");
    assert!(ids.iter().any(|id| id == "numeric-1-left"));
    assert!(ids.iter().any(|id| id == "numeric-1-single"));
    assert!(ids.iter().any(|id| id == "numeric-1-left-european-years"));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 18);
}

fn all() -> Vec<Numeric> {
    let mut all = Vec::new();
    for grouping in [Grouping::Right, Grouping::Left, Grouping::Single] {
        for dialect in [Dialect::Table, Dialect::English, Dialect::European] {
            all.push(Numeric::new(grouping).with_dialect(dialect));
            all.push(Numeric::new(grouping).with_dialect(dialect).with_whole_years(true));
        }
    }
    all
}

proptest! {
    #[test]
    fn segments_partition_any_bytes(input in prop::collection::vec(any::<u8>(), 0..100)) {
        for numeric in all() {
            prop_assert_eq!(check_partition(&numeric, &input), Ok(()));
        }
    }

    #[test]
    fn segments_partition_texts_and_keep_characters(input in texts()) {
        for numeric in all() {
            prop_assert_eq!(check_partition(&numeric, input.as_bytes()), Ok(()));
            for (span, _) in segments(&numeric, input.as_bytes()) {
                prop_assert!(input.is_char_boundary(span.end));
            }
        }
    }

    /// Also of a part, and wherever lines break.
    #[test]
    fn lines_are_cut_apart(
        lines in prop::collection::vec(texts(), 1..5),
        breaks in prop::sample::select(vec!["\n", "\r\n", "\n\n", " \n", "\n ", ",\n", "\n-", "\n."]),
        start: Index,
        end: Index,
    ) {
        let input = lines.join(breaks);
        let (start, end) = (start.index(input.len() + 1), end.index(input.len() + 1));
        for numeric in all() {
            for part in [Span::new(0, input.len()), Span::new(start.min(end), start.max(end))] {
                prop_assert_eq!(check_cuts(&numeric, input.as_bytes(), part), Ok(()));
            }
        }
    }

    /// Digits of integers: every group that is not the first of its run has three, and none more.
    #[test]
    fn groups_from_the_right_have_three_digits(input in texts()) {
        let cut: Vec<Span> = segments(&Numeric::default(), input.as_bytes())
            .into_iter()
            .map(|(span, _)| span)
            .collect();
        for number in literals(input.as_bytes(), Dialect::Table).filter_map(|l| l.as_number()) {
            for run in number.groups(input.as_bytes()) {
                let groups: Vec<Span> = cut
                    .iter()
                    .copied()
                    .filter(|span| run.start <= span.start && span.end <= run.end)
                    .collect();
                prop_assert_eq!(groups.iter().map(|group| group.len()).sum::<usize>(), run.len());
                prop_assert!(groups.iter().skip(1).all(|group| group.len() == 3));
                prop_assert!((1..=3).contains(&groups[0].len()));
            }
        }
    }

    /// A segment holds digits of a number or none: vocabularies never mix them with anything.
    #[test]
    fn digits_of_numbers_stand_alone(input in texts()) {
        for numeric in all() {
            let cut = segments(&numeric, input.as_bytes());
            for literal in literals(input.as_bytes(), numeric.dialect()) {
                let Literal::Number(number) = literal else { continue };
                for (span, _) in &cut {
                    let is_inside = number.span.start <= span.start && span.end <= number.span.end;
                    let bytes = span.of(input.as_bytes());
                    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
                    prop_assert!(!is_inside || digits == 0 || digits == bytes.len());
                }
            }
        }
    }
}
