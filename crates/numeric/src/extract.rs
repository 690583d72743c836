//! Numbers taken out of a text, their values kept beside it.

use polytok_core::Span;

/// What stands for a number in an extracted text.
pub const PLACEHOLDER: &[u8] = b"[NUM]";

/// A text whose numbers are replaced by [`PLACEHOLDER`], with their values.
///
/// A model reads the placeholders as one token each and scales its embedding by the value (Golkar et
/// al. 2023, "xVal: A Continuous Number Encoding for Large Language Models").
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extraction {
    /// The text with placeholders.
    pub text: Vec<u8>,
    /// The numbers, from left to right.
    pub numbers: Vec<Extracted>,
    /// What is not in `text`: numbers, and the separators dropped before them, one after another.
    removed: Vec<u8>,
}

/// A number that was taken out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extracted {
    /// The nearest `f64`; beyond its range infinity or zero.
    pub value: f64,
    /// Where the number was, in bytes of the input.
    pub span: Span,
    /// Where its placeholder is, in bytes of [`Extraction::text`].
    pub placeholder: Span,
}

/// Takes the numbers out of a text as xVal does.
///
/// A number is an optional minus, digits, an optional fraction behind a point, and an optional
/// exponent; not next to an apostrophe, which marks the keys of the records that xVal is for, nor to
/// another digit. Where the longest reading is next to one, a shorter one without exponent or
/// fraction may not be. Letters may touch it: the 4 of `a4` is a number, and the minus of `5-3`
/// belongs to the 3. A comma, or comma and space, between two numbers and nothing else is dropped.
///
/// The rules are those of the authors' program (public repository PolymathicAI/xVal, `preprocess.py`)
/// with two differences: digits are ASCII digits, and a number never begins inside a run of digits,
/// where theirs takes the 2 of `'12`. Unlike theirs, the result can be undone:
/// [`Extraction::restore`].
///
/// Any bytes will do. Linear in the length of the input.
///
/// # Example
///
/// ```
/// use polytok_numeric::extract;
///
/// let input = b"{'m1': 1.5, 'xy': [2, -3e2]}";
/// let extraction = extract(input);
/// assert_eq!(extraction.text, b"{'m1': [NUM], 'xy': [[NUM][NUM]]}");
/// let values: Vec<f64> = extraction.numbers.iter().map(|number| number.value).collect();
/// assert_eq!(values, [1.5, 2.0, -300.0]);
/// assert_eq!(extraction.restore(), input);
/// ```
pub fn extract(input: &[u8]) -> Extraction {
    let mut extraction = Extraction::default();
    // Everything before `kept` is in one of the two.
    let (mut kept, mut at) = (0, 0);
    while at < input.len() {
        let Some(span) = number(input, at) else {
            at = if input[at].is_ascii_digit() { digits_end(input, at) } else { at + 1 };
            continue;
        };
        let between = &input[kept..span.start];
        let is_next = !extraction.numbers.is_empty() && matches!(between, b"" | b"," | b", ");
        if is_next {
            extraction.removed.extend_from_slice(between);
        } else {
            extraction.text.extend_from_slice(between);
        }
        extraction.removed.extend_from_slice(span.of(input));
        let start = extraction.text.len();
        extraction.text.extend_from_slice(PLACEHOLDER);
        let placeholder = Span::new(start, extraction.text.len());
        extraction.numbers.push(Extracted { value: value(span.of(input)), span, placeholder });
        (kept, at) = (span.end, span.end);
    }
    extraction.text.extend_from_slice(&input[kept..]);
    extraction
}

impl Extraction {
    /// The values in the order of the placeholders.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.numbers.iter().map(|number| number.value)
    }

    /// The input of [`extract`], byte for byte, if neither `text` nor `numbers` was changed.
    ///
    /// Spans that a change has put out of order or out of range count as empty.
    pub fn restore(&self) -> Vec<u8> {
        let mut input = Vec::with_capacity(self.text.len() + self.removed.len());
        let (mut text_end, mut removed_end, mut end) = (0, 0, 0);
        for number in &self.numbers {
            let kept = self.text.get(text_end..number.placeholder.start).unwrap_or_default();
            input.extend_from_slice(kept);
            // Next to another placeholder, what was between the two was removed as well.
            let len = number.span.end.saturating_sub(end).saturating_sub(kept.len());
            let removed_start = removed_end;
            removed_end = removed_start + len;
            input.extend_from_slice(
                self.removed.get(removed_start..removed_end).unwrap_or_default(),
            );
            (text_end, end) = (number.placeholder.end, number.span.end);
        }
        input.extend_from_slice(self.text.get(text_end..).unwrap_or_default());
        input
    }
}

/// The number at `start`; `start` is not inside a run of digits.
fn number(input: &[u8], start: usize) -> Option<Span> {
    let is_quote = |at: usize| input.get(at) == Some(&b'\'');
    let first = if input[start] == b'-' { start + 1 } else { start };
    let integer = digits_end(input, first);
    if integer == first || start > 0 && is_quote(start - 1) {
        return None;
    }
    let mut fraction = integer;
    if input.get(integer) == Some(&b'.') {
        let end = digits_end(input, integer + 1);
        fraction = if end > integer + 1 { end } else { integer };
    }
    let exponent = exponent_end(input, fraction).unwrap_or(fraction);
    let end = [exponent, fraction, integer].into_iter().find(|&end| !is_quote(end))?;
    Some(Span::new(start, end))
}

fn exponent_end(input: &[u8], at: usize) -> Option<usize> {
    if !matches!(input.get(at)?, b'e' | b'E') {
        return None;
    }
    let digits = at + 1 + usize::from(matches!(input.get(at + 1)?, b'+' | b'-'));
    let end = digits_end(input, digits);
    (end > digits).then_some(end)
}

fn digits_end(input: &[u8], at: usize) -> usize {
    let digits = input.get(at..).unwrap_or_default();
    at + digits.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn value(number: &[u8]) -> f64 {
    let text = str::from_utf8(number).expect("a number is ASCII");
    text.parse().expect("digits with fraction and exponent are a number")
}
