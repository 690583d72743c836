//! What the grammar tells apart.

use polytok_core::Span;
use polytok_numeric::{Dialect, Literal, Separator, literals};
use proptest::prelude::*;

/// The literals of a text, each with the name of its class.
fn show(input: &str, dialect: Dialect) -> String {
    let shown: Vec<String> = literals(input.as_bytes(), dialect)
        .map(|literal| {
            let name = match literal {
                Literal::Number(_) => "n",
                Literal::Year(_) => "y",
                Literal::Radix(_) => "r",
                Literal::Version(_) => "v",
                Literal::Date(_) => "d",
                Literal::Time(_) => "t",
                Literal::Ip(_) => "ip",
                _ => "?",
            };
            let Span { start, end } = literal.span();
            format!("{name}:{}", &input[start..end])
        })
        .collect();
    shown.join(" ")
}

#[track_caller]
pub(crate) fn check(dialect: Dialect, cases: &[(&str, &str)]) {
    for (input, expected) in cases {
        assert_eq!(show(input, dialect), *expected, "{input:?}");
    }
}

#[test]
fn signs_belong_to_numbers_unless_they_are_binary() {
    check(
        Dialect::Table,
        &[
            ("-5", "n:-5"),
            ("+5", "n:+5"),
            ("\u{2212}5", "n:\u{2212}5"),
            ("3,-5,(-5),x=-5,\"-5\",$-5", "n:3 n:-5 n:-5 n:-5 n:-5 n:-5"),
            ("1-2", "n:1 n:2"),
            ("1\u{2212}2", "n:1 n:2"),
            ("1 - 2", "n:1 n:2"),
            ("1 -2", "n:1 n:-2"),
            ("1\u{A0}-2", "n:1 n:-2"),
            ("a-2 é-2 )-2 ]-2 50%-2 --2 +-2 \u{2212}-2 .-2", {
                "n:2 n:2 n:2 n:2 n:50% n:2 n:2 n:2 n:2 n:2"
            }),
            ("-.5 -a -", "n:-.5"),
            ("-2024", "n:-2024"),
            ("-1.2.3 -2024-01-02 -0x1F", "v:1.2.3 d:2024-01-02 r:0x1F"),
        ],
    );
}

#[test]
fn fractions_and_exponents() {
    check(
        Dialect::Table,
        &[
            ("1.5 0.25 .5 5.", "n:1.5 n:0.25 n:.5 n:5"),
            ("x.5 ).5 ..5", "n:5 n:5 n:5"),
            ("1e5 1E5 1.5e-10 2e+3", "n:1e5 n:1E5 n:1.5e-10 n:2e+3"),
            ("1e 1e- 1e5x 1.5e5x", "n:1"),
            ("1e-x", ""),
            ("1e1e1e", ""),
            ("1.5x 2.x", "n:1 n:2"),
            ("12.5% 3‰ 10%d 10%20 1e5%", "n:12.5% n:3‰ n:10 n:10 n:20 n:1e5%"),
        ],
    );
}

#[test]
fn letters_make_identifiers_but_for_units() {
    check(
        Dialect::Table,
        &[
            ("a4 B2B 42hr_late 3min_early x86_64 sha256 4_a _5", ""),
            ("é5 5é ٣5", ""),
            (
                "5kg 1.5MHz 22nd 1st 100px 3h 70kcal",
                "n:5kg n:1.5MHz n:22nd n:1st n:100px n:3h n:70kcal",
            ),
            ("5kgs 4WD 3D 7B", ""),
            ("2024年 €5 5€ 5°C 5×3÷2", "y:2024 n:5 n:5 n:5 n:5 n:3 n:2"),
            ("5\u{FFFD}", "n:5"),
        ],
    );
}

#[test]
fn groups_in_tables_need_more_than_a_comma() {
    check(
        Dialect::Table,
        &[
            ("1,234", "n:1 n:234"),
            ("1994,1,1,6,8096", "y:1994 n:1 n:1 n:6 n:8096"),
            ("1 234", "n:1 n:234"),
            ("1.234", "n:1.234"),
            ("1.234.567", "n:1.234.567"),
            ("1_000_000 1'000 1\u{A0}000 1\u{202F}000", {
                "n:1_000_000 n:1'000 n:1\u{A0}000 n:1\u{202F}000"
            }),
            ("1_00 1__000 1'00 0'123 1234'567", "n:1 n:00 n:0 n:123 y:1234 n:567"),
            ("1'234.5", "n:1'234.5"),
            ("1'00'000", "n:1 n:00 n:000"),
        ],
    );
}

#[test]
fn groups_in_english_are_all_or_nothing() {
    check(
        Dialect::English,
        &[
            ("1,234 12,345,678.90", "n:1,234 n:12,345,678.90"),
            ("1,23", "n:1 n:23"),
            ("1,234,56", "n:1 n:234 n:56"),
            ("1,234,5678", "n:1 n:234 n:5678"),
            ("1234,567", "y:1234 n:567"),
            ("0,123", "n:0 n:123"),
            ("12,34,567 1,00,000 1,00,00,000", "n:12,34,567 n:1,00,000 n:1,00,00,000"),
            ("12,34,567,890 12,34,56", "n:12 n:34 n:567 n:890 n:12 n:34 n:56"),
            ("123,45,678", "n:123 n:45 n:678"),
            ("12,34", "n:12 n:34"),
            ("1994,100,200 100,200,5 5,100,2000,300", {
                "y:1994 n:100 n:200 n:100 n:200 n:5 n:5 n:100 y:2000 n:300"
            }),
            ("1,234,", "n:1,234"),
            ("1,234x", "n:1"),
            ("1,234.5.6", "n:1,234 n:5.6"),
            ("-1,234e5%", "n:-1,234e5%"),
            ("1.234,5", "n:1.234 n:5"),
            ("1.234.567,5", "n:1.234.567,5"),
        ],
    );
}

#[test]
fn the_continent_swaps_comma_and_point() {
    check(
        Dialect::European,
        &[
            ("1.234", "n:1.234"),
            ("1.234,5 3,14159 1,5e3", "n:1.234,5 n:3,14159 n:1,5e3"),
            ("1.5 12.3456", "n:1.5 n:12.3456"),
            ("1 234 567,89", "n:1 234 567,89"),
            ("1 234 56", "n:1 n:234 n:56"),
            ("1,2,3", "n:1 n:2,3"),
            ("1.234x", "n:1"),
        ],
    );
}

#[test]
fn separators_and_values() {
    let cases = [
        ("1,234.5", Dialect::English, Some(Separator::Comma), 1234.5),
        ("1.234,5", Dialect::European, Some(Separator::Point), 1234.5),
        ("1.234", Dialect::European, Some(Separator::Point), 1234.0),
        ("1.234", Dialect::Table, None, 1.234),
        ("-1'234e-2", Dialect::Table, Some(Separator::Apostrophe), -12.34),
        ("1 234", Dialect::European, Some(Separator::Space), 1234.0),
        ("1_234", Dialect::Table, Some(Separator::Underscore), 1234.0),
        ("1\u{A0}234", Dialect::Table, Some(Separator::NoBreakSpace), 1234.0),
        ("1\u{202F}234", Dialect::Table, Some(Separator::NarrowNoBreakSpace), 1234.0),
        ("\u{2212}.5%", Dialect::Table, None, -0.5),
        ("+12.50kg", Dialect::Table, None, 12.5),
    ];
    for (input, dialect, separator, value) in cases {
        let Some(Literal::Number(number)) = literals(input.as_bytes(), dialect).next() else {
            panic!("{input} is no number")
        };
        assert_eq!(number.span, Span::new(0, input.len()), "{input}");
        assert_eq!(number.separator, separator, "{input}");
        assert_eq!(number.value(input.as_bytes()), value, "{input}");
    }
}

#[test]
fn parts_of_a_number_have_spans() {
    let input = b"x -12,345.678E+09% y";
    let Some(Literal::Number(number)) = literals(input, Dialect::English).next() else { panic!() };
    let exponent = number.exponent.unwrap();
    let fraction = number.fraction.unwrap();
    let parts = [
        number.span,
        number.sign.unwrap().span,
        number.integer,
        fraction.mark,
        fraction.digits,
        exponent.mark,
        exponent.digits,
        number.percent.unwrap(),
    ]
    .map(|span| str::from_utf8(span.of(input)).unwrap());
    assert_eq!(parts, ["-12,345.678E+09%", "-", "12,345", ".", "678", "E+", "09", "%"]);
    let groups: Vec<&[u8]> = number.groups(input).map(|group| group.of(input)).collect();
    assert_eq!(groups, [&b"12"[..], b"345"]);
    assert!(number.sign.unwrap().negative && !exponent.negative);
}

#[test]
fn years_are_four_digits_alone() {
    check(
        Dialect::Table,
        &[
            ("2024 1000 2999", "y:2024 y:1000 y:2999"),
            ("0999 3000 999 20240 -2024 2024.5 2024%", {
                "n:0999 n:3000 n:999 n:20240 n:-2024 n:2024.5 n:2024%"
            }),
            ("1994,2003", "y:1994 y:2003"),
        ],
    );
}

#[test]
fn integers_to_other_bases() {
    check(
        Dialect::Table,
        &[
            ("0xFF 0Xdead_beef 0b1010 0o777", "r:0xFF r:0Xdead_beef r:0b1010 r:0o777"),
            ("0x 0xG 0b12 0o8 1x0 0x_ 00x1", ""),
        ],
    );
    let Some(Literal::Radix(radix)) = literals(b"0b1010", Dialect::Table).next() else { panic!() };
    assert_eq!((radix.base, radix.digits), (2, Span::new(2, 6)));
}

#[test]
fn versions_have_three_numbers_or_a_v() {
    check(
        Dialect::Table,
        &[
            ("1.2.3 v1.2 V10.0.1 2.3.8.0", "v:1.2.3 v:v1.2 v:V10.0.1 ip:2.3.8.0"),
            ("1.0.0-rc.1+b5 3.11.0rc1 1.2.3-", "v:1.0.0-rc.1+b5 v:3.11.0rc1 v:1.2.3"),
            ("1.2.3. 1.2.3-4", "v:1.2.3 v:1.2.3 n:4"),
            ("v8 v v. xv1.2", "n:2"),
            ("10.0.19045.1", "v:10.0.19045.1"),
            ("1.2.3_x 1.2.3-rc_1é", "v:1.2.3_x v:1.2.3-rc_1é"),
            ("x5.123.456.789 .123.456", "v:123.456.789 n:123.456"),
            ("1.234.567x", "v:1.234.567x"),
        ],
    );
}

#[test]
fn addresses() {
    check(
        Dialect::Table,
        &[
            ("10.0.0.1 255.255.255.255 192.168.0.0/16", {
                "ip:10.0.0.1 ip:255.255.255.255 ip:192.168.0.0/16"
            }),
            (
                "256.1.1.1 01.2.3.4 1.2.3.4.5 1.2.3.4x",
                "v:256.1.1.1 v:01.2.3.4 v:1.2.3.4.5 v:1.2.3.4x",
            ),
            ("10.0.0.1/33 10.0.0.1/8/9 10.0.0.1:80", {
                "ip:10.0.0.1 n:33 ip:10.0.0.1 n:8 n:9 ip:10.0.0.1 n:80"
            }),
            ("::1 fe80::1 2001:db8::/32 ::ffff:192.0.2.1", {
                "ip:::1 ip:fe80::1 ip:2001:db8::/32 ip:::ffff:192.0.2.1"
            }),
            ("1:2:3:4:5:6:7:8 at 2001:db8::1.", "ip:1:2:3:4:5:6:7:8 ip:2001:db8::1"),
            ("Face::add std::f64 :: a::b ::x ::1x fe80::1z", ""),
            ("1.123.234.123 1.234.567.890", "ip:1.123.234.123 n:1.234.567.890"),
        ],
    );
    let prefix: Vec<_> = literals(b"10.0.0.0/8", Dialect::Table).collect();
    let [Literal::Ip(ip)] = prefix[..] else { panic!("{prefix:?}") };
    assert_eq!(
        (ip.address.to_string(), ip.prefix),
        ("10.0.0.0".to_owned(), Some(Span::new(9, 10)))
    );
}

#[test]
fn a_million_digits_have_a_value() {
    let digits = "1".repeat(1_000_000);
    for input in [digits.clone(), format!("1.{digits}"), format!("1e{digits}"), digits.repeat(2)] {
        let Some(Literal::Number(number)) = literals(input.as_bytes(), Dialect::Table).next()
        else {
            panic!("no number")
        };
        assert_eq!(number.span.len(), input.len());
        assert!(number.value(input.as_bytes()) >= 1.0);
    }
}

/// Text in which the rules meet: few characters, all of them special somewhere.
pub(crate) fn texts() -> impl Strategy<Value = String> {
    let pieces = [
        "1", "12", "123", "0", "2024", "234", ",", ".", "'", "_", " ", "\u{A0}", "\u{202F}", "-",
        "+", "\u{2212}", "e", "E", "%", "/", ":", "::", "x", "v", "T", "Z", "kg", "f", "é", "年",
        "\n", "(", ")", "\"",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..24)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    /// Literals come in order and apart, and their parts lie in order within them.
    #[test]
    fn literals_are_in_order(input in texts()) {
        for dialect in [Dialect::Table, Dialect::English, Dialect::European] {
            let mut end = 0;
            for literal in literals(input.as_bytes(), dialect) {
                let span = literal.span();
                prop_assert!(end <= span.start && span.start < span.end);
                prop_assert!(span.end <= input.len());
                end = span.end;
                let Literal::Number(number) = literal else { continue };
                let parts = [
                    number.sign.map(|sign| sign.span),
                    Some(number.integer),
                    number.fraction.map(|fraction| fraction.mark),
                    number.fraction.map(|fraction| fraction.digits),
                    number.exponent.map(|exponent| exponent.mark),
                    number.exponent.map(|exponent| exponent.digits),
                    number.percent,
                    number.unit,
                ];
                let mut at = span.start;
                for part in parts.into_iter().flatten() {
                    prop_assert_eq!(part.start, at);
                    at = part.end;
                }
                prop_assert_eq!(at, span.end);
                prop_assert!(!number.value(input.as_bytes()).is_nan());
            }
        }
    }

    /// Where no letter touches them, all digits are part of a literal.
    #[test]
    fn no_digit_is_lost(input in "[0-9,.' /:+%()-]{0,24}") {
        for dialect in [Dialect::Table, Dialect::English, Dialect::European] {
            let mut inside = vec![false; input.len()];
            for literal in literals(input.as_bytes(), dialect) {
                inside[literal.span().start..literal.span().end].fill(true);
            }
            for (byte, inside) in input.bytes().zip(inside) {
                prop_assert!(inside || !byte.is_ascii_digit(), "{}", input);
            }
        }
    }

    /// A number written with separators is read as the number that was meant.
    #[test]
    fn written_numbers_are_read(number in any::<u64>(), cents in 0u32..100) {
        let plain = number.to_string();
        let mut grouped = String::new();
        for (i, digit) in plain.chars().enumerate() {
            if i > 0 && (plain.len() - i).is_multiple_of(3) {
                grouped.push('#');
            }
            grouped.push(digit);
        }
        let value: f64 = format!("{plain}.{cents:02}").parse().unwrap();
        for (separator, mark, dialect) in [
            (",", ".", Dialect::English),
            (".", ",", Dialect::European),
            (" ", ",", Dialect::European),
            ("\u{202F}", ",", Dialect::European),
            ("'", ".", Dialect::Table),
            ("_", ".", Dialect::Table),
        ] {
            let written = format!("{}{mark}{cents:02}", grouped.replace('#', separator));
            let found: Vec<Literal> = literals(written.as_bytes(), dialect).collect();
            let [Literal::Number(number)] = found[..] else {
                return Err(TestCaseError::fail(format!("{written}: {found:?}")));
            };
            prop_assert_eq!(number.span, Span::new(0, written.len()));
            prop_assert_eq!(number.value(written.as_bytes()), value);
        }
    }
}
