//! Numbers with a place value: sign, groups, fraction, exponent, per cent.

use polytok_core::Span;

use crate::{Dialect, Separator, text::Text, unit::unit_end};

/// A decimal number as it is written, part by part.
///
/// All spans are byte offsets into the input that was scanned, half open. The parts stand in the
/// order of the fields; only a unit or a per cent sign can be last, never both.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Number {
    /// The whole number: sign, digits, and the per cent sign or unit behind them.
    pub span: Span,
    /// The sign; none if there is none or the minus before the digits is binary.
    pub sign: Option<Sign>,
    /// The digits before the decimal mark with their separators; empty in `.5`.
    pub integer: Span,
    /// What parts the groups of the integer.
    pub separator: Option<Separator>,
    /// The decimal mark and the digits behind it.
    pub fraction: Option<Fraction>,
    /// The power of ten by which the number is scaled.
    pub exponent: Option<Exponent>,
    /// `%` or `‰`. It does not change [`value`](Number::value).
    pub percent: Option<Span>,
    /// A unit or an ordinal ending of a short list, written without a space: `5kg`, `22nd`.
    pub unit: Option<Span>,
}

/// A sign directly before the digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sign {
    /// `+`, `-` or the minus of U+2212.
    pub span: Span,
    /// Whether it is a minus.
    pub negative: bool,
}

/// What stands behind the decimal mark, and the mark.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Fraction {
    /// `.` or `,`.
    pub mark: Span,
    /// The digits; at least one.
    pub digits: Span,
}

/// A power of ten.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Exponent {
    /// `e` or `E`, with the sign behind it.
    pub mark: Span,
    /// Whether the sign is a minus.
    pub negative: bool,
    /// The digits; at least one.
    pub digits: Span,
}

impl Number {
    /// Whole digits with nothing else.
    pub(crate) fn plain(digits: Span) -> Number {
        Number {
            span: digits,
            sign: None,
            integer: digits,
            separator: None,
            fraction: None,
            exponent: None,
            percent: None,
            unit: None,
        }
    }

    /// The runs of digits of the integer, from left to right: the groups as they are written, or
    /// all digits at once where nothing parts them.
    ///
    /// `input` is what was scanned. Linear in the length of the integer.
    ///
    /// # Panics
    ///
    /// If `input` ends before the number does; it is another one then.
    pub fn groups<'a>(&self, input: &'a [u8]) -> impl Iterator<Item = Span> + use<'a> {
        let Span { mut start, end } = self.integer;
        std::iter::from_fn(move || {
            if start >= end {
                return None;
            }
            let run = input[start..end].iter().take_while(|byte| byte.is_ascii_digit()).count();
            let group = Span::new(start, start + run);
            let behind = input[group.end..end].iter();
            start = group.end + behind.take_while(|byte| !byte.is_ascii_digit()).count();
            Some(group)
        })
    }

    /// The nearest `f64`, by the rounding of [`str::parse`]; beyond its range infinity or zero.
    ///
    /// Per cent signs and units do not scale it: `50%` is 50. `input` is what was scanned. Linear
    /// in the length of the number.
    ///
    /// # Panics
    ///
    /// If `input` is another one and has no such number at this place.
    ///
    /// # Example
    ///
    /// ```
    /// use polytok_numeric::{Dialect, Literal, literals};
    ///
    /// let input = b"about -1,234.5 in all";
    /// let Some(Literal::Number(number)) = literals(input, Dialect::English).next() else { panic!() };
    /// assert_eq!(number.value(input), -1234.5);
    /// ```
    pub fn value(&self, input: &[u8]) -> f64 {
        let mut clean = String::with_capacity(self.span.len() + 1);
        let mut push = |span: Span| clean.extend(span.of(input).iter().copied().map(char::from));
        self.groups(input).for_each(&mut push);
        if let Some(fraction) = self.fraction {
            push(fraction.digits);
        }
        let point = self.fraction.map_or(clean.len(), |f| clean.len() - f.digits.len());
        clean.insert(point, '.');
        if let Some(exponent) = self.exponent {
            clean.push_str(if exponent.negative { "e-" } else { "e" });
            clean.extend(exponent.digits.of(input).iter().copied().map(char::from));
        }
        let magnitude: f64 = clean.parse().expect("digits, a point and an exponent are a number");
        match self.sign {
            Some(Sign { negative: true, .. }) => -magnitude,
            _ => magnitude,
        }
    }
}

/// Reads the number whose first digit is at `start`; none if its digits touch letters.
pub(crate) fn number(text: &Text<'_>, start: usize, dialect: Dialect) -> Option<Number> {
    let end = text.digits_end(start);
    if let Some((groups_end, separator)) = groups(text, start, end, dialect)
        && let Some(number) =
            with_tail(text, Span::new(start, groups_end), Some(separator), dialect)
    {
        return Some(number);
    }
    with_tail(text, Span::new(start, end), None, dialect)
}

/// Reads a number without an integer, whose decimal point is at `start`.
pub(crate) fn bare_fraction(text: &Text<'_>, start: usize) -> Option<Number> {
    with_tail(text, Span::new(start, start), None, Dialect::Table)
        .filter(|number| number.fraction.is_some())
}

/// Reads the groups of the integer whose first run of digits is `start..end`.
fn groups(
    text: &Text<'_>,
    start: usize,
    end: usize,
    dialect: Dialect,
) -> Option<(usize, Separator)> {
    let separator = Separator::at(text, end)?;
    let least = separator.least(dialect)?;
    let is_next = |at: usize| separator.is_at(text, at) && text.is_digit(at + separator.len());
    // Groups begin at the first run of a chain or nowhere, so no chain is read more than once:
    // `1,234,234,…,5` would else cost a scan to the end for each of its runs.
    let is_inside = start
        .checked_sub(separator.len() + 1)
        .is_some_and(|before| text.is_digit(before) && separator.is_at(text, before + 1));
    if is_inside || end - start > 3 || text.get(start) == Some(b'0') {
        return None;
    }
    let (mut at, mut count) = (end, 0);
    let (mut threes, mut twos) = (true, end - start < 3);
    let mut is_indian = false;
    while is_next(at) {
        let run = at + separator.len();
        at = text.digits_end(run);
        count += 1;
        // Twos up to here and a three at the end: 12,34,567.
        is_indian = separator == Separator::Comma && twos && at - run == 3;
        threes &= at - run == 3;
        twos &= at - run == 2;
        if !threes && !twos {
            break;
        }
    }
    ((threes || is_indian) && count >= least && !is_next(at)).then_some((at, separator))
}

/// Adds what may stand behind an integer; none if a letter is in the way of all of it.
pub(crate) fn with_tail(
    text: &Text<'_>,
    integer: Span,
    separator: Option<Separator>,
    dialect: Dialect,
) -> Option<Number> {
    let whole = Number { integer, separator, ..Number::plain(integer) };
    if let Some(fraction) = fraction(text, integer.end, separator, dialect) {
        let end = fraction.digits.end;
        let number = Number { fraction: Some(fraction), ..whole };
        if let Some(number) = finish(text, number, end) {
            return Some(number);
        }
    }
    finish(text, whole, integer.end)
}

fn fraction(
    text: &Text<'_>,
    at: usize,
    separator: Option<Separator>,
    dialect: Dialect,
) -> Option<Fraction> {
    let mark = text.get(at)?;
    let fits = match (mark, separator) {
        // Behind groups parted by points no point and digit follow.
        (b'.', _) => true,
        (b',', Some(Separator::Point)) => dialect != Dialect::Table,
        (b',', _) => dialect == Dialect::European,
        _ => false,
    };
    if !fits || !text.is_digit(at + 1) {
        return None;
    }
    let end = text.digits_end(at + 1);
    // `1,2,3` is a list and `1.2.3` a version.
    if text.get(end) == Some(mark) && text.is_digit(end + 1) {
        return None;
    }
    Some(Fraction { mark: Span::new(at, at + 1), digits: Span::new(at + 1, end) })
}

/// Adds exponent, per cent sign and unit behind the digits that end at `end`.
fn finish(text: &Text<'_>, number: Number, end: usize) -> Option<Number> {
    let start = number.span.start;
    if let Some(exponent) = exponent(text, end)
        && let Some(done) = suffix(text, number, exponent.digits.end)
    {
        return Some(Number { exponent: Some(exponent), ..done });
    }
    suffix(text, number, end).map(|done| Number { span: Span::new(start, done.span.end), ..done })
}

fn exponent(text: &Text<'_>, at: usize) -> Option<Exponent> {
    if !matches!(text.get(at), Some(b'e' | b'E')) {
        return None;
    }
    let (negative, digits) = match text.get(at + 1) {
        Some(b'-') => (true, at + 2),
        Some(b'+') => (false, at + 2),
        _ => (false, at + 1),
    };
    let end = text.digits_end(digits);
    (end > digits).then(|| Exponent {
        mark: Span::new(at, digits),
        negative,
        digits: Span::new(digits, end),
    })
}

/// Adds a per cent sign or a unit at `end`; none if other letters follow.
fn suffix(text: &Text<'_>, number: Number, end: usize) -> Option<Number> {
    let start = number.span.start;
    let percent = ["%", "‰"].iter().find(|sign| text.starts_with(end, sign.as_bytes()));
    if let Some(sign) = percent {
        let after = end + sign.len();
        // `%d`, `%20` and `10%3` are no per cent signs.
        if !text.is_word(after) {
            return Some(Number {
                span: Span::new(start, after),
                percent: Some(Span::new(end, after)),
                ..number
            });
        }
    }
    if !text.is_word(end) {
        return Some(Number { span: Span::new(start, end), ..number });
    }
    let after = unit_end(text, end)?;
    Some(Number { span: Span::new(start, after), unit: Some(Span::new(end, after)), ..number })
}
