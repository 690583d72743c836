//! Extraction by the rules of xVal.

use polytok_core::Span;
use polytok_numeric::{PLACEHOLDER, extract};
use proptest::prelude::*;

fn check(input: &str, text: &str, values: &[f64]) {
    let extraction = extract(input.as_bytes());
    assert_eq!(String::from_utf8_lossy(&extraction.text), text, "{input}");
    assert_eq!(extraction.values().collect::<Vec<_>>(), values, "{input}");
    assert_eq!(extraction.restore(), input.as_bytes());
    for number in &extraction.numbers {
        assert_eq!(number.placeholder.of(&extraction.text), PLACEHOLDER);
    }
}

#[test]
fn numbers_become_placeholders() {
    check("", "", &[]);
    check("no digits", "no digits", &[]);
    check("at 21.5 C", "at [NUM] C", &[21.5]);
    check("-3.2e-5.", "[NUM].", &[-3.2e-5]);
    check("1e5 1E+05 1e", "[NUM] [NUM] [NUM]e", &[1e5, 1e5, 1.0]);
    check("007", "[NUM]", &[7.0]);
    check("a4-5", "a[NUM][NUM]", &[4.0, -5.0]);
    check("1.2.3", "[NUM].[NUM]", &[1.2, 3.0]);
    check("- 5 --5", "- [NUM] -[NUM]", &[5.0, -5.0]);
    check("1,234.5", "[NUM][NUM]", &[1.0, 234.5]);
    check("٣ 3", "٣ [NUM]", &[3.0]);
}

#[test]
fn separators_between_numbers_are_dropped() {
    check("[1, 2,3,  4;5]", "[[NUM][NUM][NUM],  [NUM];[NUM]]", &[1.0, 2.0, 3.0, 4.0, 5.0]);
    check("x, 1, 2, y", "x, [NUM][NUM], y", &[1.0, 2.0]);
    check(", 1", ", [NUM]", &[1.0]);
    check("1, -2", "[NUM][NUM]", &[1.0, -2.0]);
}

#[test]
fn numbers_next_to_an_apostrophe_stay() {
    check("'1' '12 '", "'1' '12 '", &[]);
    check("{'k1': 2}", "{'k1': [NUM]}", &[2.0]);
    check("12'", "12'", &[]);
    check("1.5'", "[NUM].5'", &[1.0]);
    check("1.5e3'", "[NUM]e3'", &[1.5]);
    check("'-5", "'-[NUM]", &[5.0]);
    check("'12.5", "'12.[NUM]", &[5.0]);
}

#[test]
fn placeholders_of_the_input_stay_what_they_are() {
    check("[NUM] 5 [NUM]", "[NUM] [NUM] [NUM]", &[5.0]);
    assert_eq!(extract(b"[NUM] 5 [NUM]").numbers[0].placeholder, Span::new(6, 11));
}

#[test]
fn a_million_digits_are_one_number() {
    let digits = "9".repeat(1_000_000);
    check(&digits, "[NUM]", &[f64::INFINITY]);
    check(&format!("-{digits}"), "[NUM]", &[f64::NEG_INFINITY]);
    check(&format!("0.{}1", "0".repeat(1_000_000)), "[NUM]", &[0.0]);
    check(&format!("1e{digits}"), "[NUM]", &[f64::INFINITY]);
    check(&format!("1e-{digits}"), "[NUM]", &[0.0]);
    check(&format!("0e{digits}"), "[NUM]", &[0.0]);
}

/// Where the rule matches from a place on, tried by length from the longest.
fn longest(input: &[u8], start: usize) -> Option<usize> {
    let is = |at: usize, set: &[u8]| input.get(at).is_some_and(|byte| set.contains(byte));
    let digits = b"0123456789";
    if start > 0 && is(start - 1, b"'") || is(start, digits) && start > 0 && is(start - 1, digits) {
        return None;
    }
    let fits = |mut number: &[u8]| {
        let all = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
        number = number.strip_prefix(b"-").unwrap_or(number);
        let exponent = number.iter().position(|byte| matches!(byte, b'e' | b'E'));
        if let Some(at) = exponent {
            let power = &number[at + 1..];
            if !all(power.strip_prefix(b"+").or(power.strip_prefix(b"-")).unwrap_or(power)) {
                return false;
            }
            number = &number[..at];
        }
        let mut parts = number.split(|&byte| byte == b'.');
        parts.next().is_some_and(all) && parts.next().is_none_or(all) && parts.next().is_none()
    };
    (start + 1..=input.len())
        .rev()
        .find(|&end| fits(&input[start..end]) && !is(end, digits) && !is(end, b"'"))
}

proptest! {
    #[test]
    fn numbers_agree_with_the_oracle(input in "[12'.,eE +ax-]{0,24}") {
        let input = input.as_bytes();
        let (mut expected, mut at) = (Vec::new(), 0);
        while at < input.len() {
            let end = longest(input, at);
            expected.extend(end.map(|end| Span::new(at, end)));
            at = end.unwrap_or(at + 1);
        }
        let extraction = extract(input);
        let spans: Vec<Span> = extraction.numbers.iter().map(|number| number.span).collect();
        prop_assert_eq!(spans, expected);
        prop_assert_eq!(extraction.restore(), input);
    }

    #[test]
    fn any_bytes_come_back(input in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(extract(&input).restore(), input);
    }

    #[test]
    fn values_are_those_of_the_standard_parser(value in any::<f64>()) {
        prop_assume!(value.is_finite());
        let written = format!("{value:e}");
        let extraction = extract(written.as_bytes());
        prop_assert_eq!(extraction.values().collect::<Vec<_>>(), [value]);
    }
}
