//! What the grammar tells apart, and the scanner that finds it.

use std::{iter::FusedIterator, ops::RangeInclusive};

use polytok_core::Span;

use crate::{
    Date, Dialect, Ip, Number, Sign, Time, Version,
    date::{date, is_time_next, time},
    ip::ipv6,
    number::{bare_fraction, number},
    text::Text,
    version::{after_v, dotted},
};

/// Integers of four digits that may be years.
const YEARS: RangeInclusive<u32> = 1000..=2999;

/// Something written in digits.
///
/// Only [`Number`](Literal::Number) and [`Year`](Literal::Year) have place values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Literal {
    /// An integer or decimal number.
    Number(Number),
    /// Four digits from 1000 to 2999 and nothing else: a year as likely as not.
    Year(Span),
    /// A hexadecimal, octal or binary integer.
    Radix(Radix),
    /// A version.
    Version(Version),
    /// A day of the calendar.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// An address of the internet protocol.
    Ip(Ip),
}

/// An integer to base 2, 8 or 16, such as `0xFF`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Radix {
    /// All of it.
    pub span: Span,
    /// 2, 8 or 16.
    pub base: u32,
    /// What follows `0b`, `0o` or `0x`: digits and underscores.
    pub digits: Span,
}

impl Literal {
    /// All of the literal, in bytes of the input.
    pub fn span(&self) -> Span {
        match self {
            Literal::Number(number) => number.span,
            Literal::Year(span) => *span,
            Literal::Radix(radix) => radix.span,
            Literal::Version(version) => version.span,
            Literal::Date(date) => date.span,
            Literal::Time(time) => time.span,
            Literal::Ip(ip) => ip.span,
        }
    }

    /// The literal as a number with place values: numbers, and years read as such.
    pub fn as_number(&self) -> Option<Number> {
        match *self {
            Literal::Number(number) => Some(number),
            Literal::Year(span) => Some(Number::plain(span)),
            _ => None,
        }
    }
}

/// Finds the literals of `input`, from left to right; they do not overlap.
///
/// `input` is any bytes; only ASCII digits are digits. Digits that touch letters or an underscore are
/// part of a word (`B2B`, `42hr_late`) and no literal, but for the exceptions of the grammar:
/// exponents, units, hexadecimal integers, versions and addresses. A sign belongs to the number
/// unless the byte before it ends an operand or is another sign: a letter, digit or underscore, a
/// closing bracket, a per cent sign, a point.
///
/// Linear in the length of the input, whatever it is, and without allocation.
///
/// # Example
///
/// ```
/// use polytok_numeric::{Dialect, Literal, literals};
///
/// let line = b"2024-01-31,v1.2.3,10.0.0.1,-12.5e3,a4";
/// let found: Vec<&[u8]> = literals(line, Dialect::Table).map(|l| l.span().of(line)).collect();
/// assert_eq!(found, [&b"2024-01-31"[..], b"v1.2.3", b"10.0.0.1", b"-12.5e3"]);
/// ```
pub fn literals(input: &[u8], dialect: Dialect) -> Literals<'_> {
    Literals { text: Text::new(input), dialect, at: 0 }
}

/// The literals of an input, as [`literals`] finds them.
#[derive(Clone, Debug)]
pub struct Literals<'a> {
    text: Text<'a>,
    dialect: Dialect,
    /// Where to go on; never inside a word.
    at: usize,
}

impl Iterator for Literals<'_> {
    type Item = Literal;

    fn next(&mut self) -> Option<Literal> {
        loop {
            let at = self.at;
            let found = match self.text.get(at)? {
                b'0'..=b'9' => self.at_digit(at),
                b'.' => self.at_point(at),
                b'+' | b'-' => self.at_sign(at, 1),
                b':' if self.text.get(at + 1) == Some(b':') && !self.text.word_before(at) => {
                    ipv6(&self.text, at).map(Literal::Ip)
                }
                byte @ (b'a'..=b'z' | b'A'..=b'Z') => self.at_letter(at, byte),
                0xE2 if self.text.starts_with(at, "\u{2212}".as_bytes()) => self.at_sign(at, 3),
                _ => None,
            };
            if let Some(literal) = found {
                let end = literal.span().end;
                let is_date = matches!(literal, Literal::Date(_));
                self.at = if is_date && is_time_next(&self.text, end) { end + 1 } else { end };
                return Some(literal);
            }
            let word_end = self.text.word_end(at);
            self.at = match self.text.char_at(at) {
                _ if word_end > at => word_end,
                Some((_, len)) => at + len,
                None => at + 1,
            };
        }
    }
}

impl FusedIterator for Literals<'_> {}

impl Literals<'_> {
    fn at_digit(&self, at: usize) -> Option<Literal> {
        let Literals { text, dialect, .. } = self;
        if let Some(radix) = radix(text, at) {
            return Some(Literal::Radix(radix));
        }
        if let Some(ip) = ipv6(text, at) {
            return Some(Literal::Ip(ip));
        }
        if let Some(date) = date(text, at, *dialect) {
            return Some(Literal::Date(date));
        }
        if let Some(time) = time(text, at) {
            return Some(Literal::Time(time));
        }
        if let Some(literal) = dotted(text, at, *dialect) {
            return Some(literal);
        }
        let number = number(text, at, *dialect)?;
        if number == Number::plain(number.span) && number.span.len() == 4 {
            let digits = text.slice(at, at + 4);
            let year = digits.iter().fold(0, |n, digit| n * 10 + u32::from(digit - b'0'));
            if YEARS.contains(&year) {
                return Some(Literal::Year(number.span));
            }
        }
        Some(Literal::Number(number))
    }

    fn at_point(&self, at: usize) -> Option<Literal> {
        if !self.text.is_digit(at + 1) || self.ends_operand(at) {
            return None;
        }
        bare_fraction(&self.text, at).map(Literal::Number)
    }

    fn at_sign(&self, at: usize, len: usize) -> Option<Literal> {
        let behind = at + len;
        let number = match self.text.get(behind) {
            _ if self.ends_operand(at) => return None,
            Some(b'0'..=b'9') => self.at_digit(behind)?,
            Some(b'.') if self.text.is_digit(behind + 1) => {
                Literal::Number(bare_fraction(&self.text, behind)?)
            }
            _ => return None,
        };
        // What is behind the sign has been read, so it is given back even where no sign can be.
        let Some(number) = number.as_number() else { return Some(number) };
        let sign = Sign { span: Span::new(at, behind), negative: self.text.get(at) != Some(b'+') };
        let span = Span::new(at, number.span.end);
        Some(Literal::Number(Number { span, sign: Some(sign), ..number }))
    }

    fn at_letter(&self, at: usize, byte: u8) -> Option<Literal> {
        match byte {
            b'v' | b'V' => after_v(&self.text, at).map(Literal::Version),
            b'a'..=b'f' | b'A'..=b'F' => ipv6(&self.text, at).map(Literal::Ip),
            _ => None,
        }
    }

    /// Whether what ends at `at` makes a sign binary and a point a mark of something else.
    fn ends_operand(&self, at: usize) -> bool {
        matches!(self.text.before(at), Some(b')' | b']' | b'}' | b'%' | b'.' | b'+' | b'-'))
            || self.text.word_before(at)
            || at >= 3 && self.text.starts_with(at - 3, "\u{2212}".as_bytes())
    }
}

fn radix(text: &Text<'_>, start: usize) -> Option<Radix> {
    if text.get(start) != Some(b'0') {
        return None;
    }
    let base = match text.get(start + 1)? {
        b'x' | b'X' => 16,
        b'o' | b'O' => 8,
        b'b' | b'B' => 2,
        _ => return None,
    };
    let digits = Span::new(start + 2, text.word_end(start + 2));
    let is_digit = |byte: &u8| char::from(*byte).is_digit(base);
    let written = text.slice(digits.start, digits.end);
    let fits = written.iter().all(|byte| is_digit(byte) || *byte == b'_');
    (fits && written.iter().any(is_digit)).then_some(Radix {
        span: Span::new(start, digits.end),
        base,
        digits,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DIALECTS: [Dialect; 3] = [Dialect::Table, Dialect::English, Dialect::European];

    /// Bytes that the scanner looks at: its work, on every machine.
    fn reads(input: &str, dialect: Dialect) -> usize {
        let mut literals = literals(input.as_bytes(), dialect);
        while literals.next().is_some() {}
        literals.text.reads()
    }

    #[test]
    fn a_megabyte_costs_a_constant_per_byte() {
        for unit in ["7", "1,", "1.", "-", "1e", "1,234,", "1.234.", " ", "a", "\u{2212}"] {
            let input = unit.repeat((1 << 20) / unit.len());
            for dialect in DIALECTS {
                let reads = reads(&input, dialect);
                assert!(reads < 50 * input.len(), "{unit:?}: {reads}");
            }
        }
    }

    #[test]
    fn eight_times_the_input_is_eight_times_the_work() {
        let units = [
            "7",
            "1,",
            "1.",
            "-",
            "1e",
            "1,234,",
            ",234",
            "234,",
            ".234",
            "234.",
            " 234",
            "234 ",
            "234'",
            "_234",
            "1_",
            "12,",
            "12,345,67,",
            "1,2.",
            "1.2,",
            "1.234,",
            "1/",
            "1/1/",
            "-1",
            "2024-01-",
            "1:",
            "11:",
            "a:",
            "::",
            "f:",
            "1::",
            "fe80:",
            "0x",
            "0x1",
            "v1.",
            "v1",
            "1.2.3-",
            "1.2.3-a",
            "%",
            "1%",
            "1e-",
            "e1",
            "a1",
            "5kg",
            "1.5e5.",
            ".5",
            ".",
            "..5",
            "é",
            "é1",
            "\u{2212}",
            "\u{2212}1",
            "\u{A0}123",
            "\u{202F}123",
            "1\u{202F}",
            "23:59:59.",
        ];
        for unit in units {
            for (start, end) in [("", ""), ("x5", ""), ("5", "x"), ("-", "5"), ("v5", "'")] {
                for dialect in DIALECTS {
                    let input =
                        |len: usize| format!("{start}{}{end}", unit.repeat(len / unit.len()));
                    let few = reads(&input(1 << 10), dialect);
                    let many = reads(&input(1 << 13), dialect);
                    assert!(many < 9 * few, "{start:?} {unit:?} {end:?}: {few}, then {many}");
                }
            }
        }
    }

    proptest! {
        /// Repetitions that nobody thought of.
        #[test]
        fn repetition_costs_a_constant_per_byte(
            start in "[x5.,-]{0,3}", unit in "[1234,. '_:/ev%-]{1,8}", end in "[x5.,']{0,2}",
        ) {
            let input = format!("{start}{}{end}", unit.repeat((1 << 12) / unit.len()));
            for dialect in DIALECTS {
                let reads = reads(&input, dialect);
                prop_assert!(reads < 100 * input.len(), "{}", reads);
            }
        }
    }
}
