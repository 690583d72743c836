//! Place values of tokens.

use polytok_core::Span;

use crate::{Dialect, literals};

/// Which powers of ten the digits of a token stand for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct PlaceValue {
    /// The power of ten of the last digit: 0 for ones, 3 for thousands, -2 for hundredths.
    pub lowest: i64,
    /// How many digits the token has; they stand for `lowest..lowest + digits`.
    pub digits: usize,
}

/// Gives every token its place value, if it has one.
///
/// `spans` are tokens of `input` in ascending order without overlap, as any tokenizer gives them. A
/// token has a place value if it lies within the integer and fraction of one number (or year, as
/// [`Literal::as_number`](crate::Literal::as_number) reads it) and holds a digit; separators and the
/// decimal mark may be among its bytes. Signs, exponents, dates, versions and words have none. The
/// exponent of a number does not shift its places: in `1.5e3` the 1 counts as ones.
///
/// The result is as long as `spans`; spans out of order get none. Linear in the length of both.
///
/// # Example
///
/// ```
/// use polytok_core::{Span, segments};
/// use polytok_numeric::{Numeric, PlaceValue, place_values};
///
/// let numeric = Numeric::default();
/// let input = b"12345.678";
/// let spans: Vec<Span> = segments(&numeric, input).into_iter().map(|(span, _)| span).collect();
/// let place = |lowest, digits| Some(PlaceValue { lowest, digits });
/// assert_eq!(
///     place_values(input, &spans, numeric.dialect()),
///     [place(3, 2), place(0, 3), None, place(-3, 3)]
/// );
/// ```
pub fn place_values(input: &[u8], spans: &[Span], dialect: Dialect) -> Vec<Option<PlaceValue>> {
    let mut places = Vec::with_capacity(spans.len());
    for number in literals(input, dialect).filter_map(|literal| literal.as_number()) {
        let start = number.integer.start;
        let end = number.fraction.map_or(number.integer.end, |fraction| fraction.digits.end);
        while spans.get(places.len()).is_some_and(|span| span.end <= start) {
            places.push(None);
        }
        let integer = digits(input, number.integer);
        // Digits of the number before `at`.
        let (mut at, mut seen) = (start, 0);
        while let Some(&span) = spans.get(places.len())
            && span.start < end
        {
            if span.start < at || span.end > end || span.is_empty() {
                places.push(None);
                continue;
            }
            let inside = digits(input, span);
            seen += digits(input, Span::new(at, span.start)) + inside;
            at = span.end;
            let lowest = integer as i64 - seen as i64;
            places.push((inside > 0).then_some(PlaceValue { lowest, digits: inside }));
        }
    }
    places.resize(spans.len(), None);
    places
}

fn digits(input: &[u8], span: Span) -> usize {
    span.of(input).iter().filter(|byte| byte.is_ascii_digit()).count()
}
