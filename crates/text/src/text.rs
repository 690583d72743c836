//! The split that vocabularies of our own are trained with.

use polytok_core::{Boundary, End, Segmenter, Span};

use crate::{
    class::{Class, Set, run, symbol},
    published::each,
    window::{Split, Starts, Window, cut, low, to_the_end},
};

/// What a word goes on with: marks, and the joiners that Indic and Persian words hold.
const WORD: Set =
    Set::of(&[Class::Upper, Class::Lower, Class::Letter, Class::Mark, Class::OtherWord]);
const BAD: Set = Set::of(&[Class::Invalid]);
const BLANKS: Set = Set::of(&[Class::Space]);
const SIGNS: Set = Set::of(&[
    Class::Other,
    Class::Mark,
    Class::Punctuation,
    Class::PunctuationWord,
    Class::OtherWord,
]);

/// What ends a sentence with no space after it.
const WIDE_ENDS: [&str; 3] = ["。", "！", "？"];

/// General text, with hard and soft boundaries.
///
/// # Grammar
///
/// Over symbols, which are Unicode scalar values or single bytes that are no part of well-formed
/// UTF-8, let
///
/// - *letter* be `\p{L}`, *numeral* `\p{N}`, *break* `[\r\n]`, *blank* the rest of `\s`, *bad* a
///   single byte, and *sign* every other symbol: punctuation, symbols, marks, controls;
/// - *inner* be `[\p{L}\p{M}\u{200C}\u{200D}]`, *lead* any *sign* but `。！？`, and *line* be
///   *break* `[\r\n\t ]*`: line breaks with blank lines and the indentation of what follows.
///
/// At each place the segment is what the first of these rules matches, as long as it can be:
///
/// 1. **contraction**, only where a word or a contraction ends: `['’](?i-u:[sdmt]|ll|ve|re)` with
///    no *inner* after it;
/// 2. **word**: ` ?` *lead*`?` *letter* *inner*`*`;
/// 3. **number**: *numeral*`+`, all written in the same number of bytes, cut into groups of three
///    from the right, each of them a segment;
/// 4. **line**: *line*;
/// 5. **bad bytes**: *bad*`+`;
/// 6. **punctuation**: ` ?` *sign*`+` *line*`?`;
/// 7. **blanks**: *blank*`+`, without its last symbol if that is a space and a letter or sign
///    follows, which then takes it by rule 2 or 6. (Alone before one of these it is never reached.)
///
/// The boundary between two segments is hard if one of them is a number, a line or bad bytes; if
/// the first ends in a line; or if the first ends a sentence: it is punctuation that ends in one of
/// `.!?…`, then any of `"')]}”’»`, and white space follows, or that ends in one of `。！？`, then
/// any of `」』”’）》】`. Every other boundary is soft, and so lies between words, contractions,
/// punctuation and blanks of one sentence on one line.
///
/// # Consequences
///
/// No segment cuts a scalar value in two. A digit never shares a segment with anything but digits,
/// nor a token of several words, so digits keep their place value; the space before a number is a
/// segment. Words are not cut inside, whatever their case.
///
/// Linear time.
///
/// # Sources
///
/// The leading space and the contractions are those of GPT-2 (Radford et al. 2019, §2.2), the sign
/// before a word and the line breaks after punctuation those of cl100k, except that a quoted
/// `'start` is no contraction, that a sign and a space may stand before a word together, and that
/// line breaks take the indentation along. Groups from the right follow Singh and Strouse,
/// *Tokenization counts* (2024).
#[derive(Clone, Copy, Debug, Default)]
pub struct Text;

/// What the rest of the rules need to know of a segment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    /// Rules 1 and 2.
    Word,
    /// Rule 3.
    Number,
    /// Rules 4 and 5, and 6 where a line ends the segment.
    Apart,
    /// Rule 6 without a line.
    Punctuation,
    /// Rule 7.
    Blanks,
}

impl Segmenter for Text {
    fn id(&self) -> &str {
        "text-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        each(self, input, emit);
    }

    fn segment_ends(&self, input: &[u8], emit: &mut dyn FnMut(&[End])) {
        cut(*self, input, emit);
    }

    crate::cut::by!(text);
}

impl Split for Text {
    fn scan(self, input: &[u8], at: usize, emit: &mut impl FnMut(End)) -> usize {
        let (kind, end) = next(input, at);
        if kind == Kind::Number {
            groups(input, Span::new(at, end), emit);
        } else {
            emit(End::new(end, boundary(input, Span::new(at, end), kind)));
        }
        end
    }

    #[inline(always)]
    fn starts(self, window: &mut Window<'_>) -> Starts {
        let letters = window.upper | window.lower | window.letter;
        let inner = letters | window.mark | window.joiner;
        let signs = window.other & !(window.joiner | window.invalid);
        let ends = if window.continued == 0 { 0 } else { wide_ends(window, signs) };
        // Numbers outside ASCII, bad bytes, marks and joiners without a word, and the signs that end
        // a sentence in themselves are for the scanner.
        let unsure =
            window.number | window.invalid | ends | (window.mark | window.joiner) & !(inner << 1);
        if unsure != 0 {
            window.cut(unsure.trailing_zeros());
        }
        let digits = groups_from_the_right(window);
        // Only what follows a line break is of a line.
        let in_lines = window.newline | window.space | tabs(window);
        let lines = to_the_end(window.newline, in_lines);
        let space = window.space & !lines;
        let blanks = window.blank & !lines;
        let first_sign = signs & !(signs << 1);
        let first_letter = letters & !(inner << 1);
        let behind_prefix = window.next(first_sign) | space << 1;
        let first_line = lines & !(lines << 1) & !(signs << 1);
        let behind_line = (lines << 1) & !lines;
        let all = first_letter & !behind_prefix
            | first_sign & !(space << 1)
            | space & (letters | signs) >> 1
            | blanks & !(blanks << 1)
            | first_line
            | behind_line
            | digits;
        let apart = window.digit | window.newline | (window.digit | lines) << 1;
        let mut hard = apart;
        let mut sentences = all & blanks & signs << 1 & low(window.len);
        while sentences != 0 {
            let end = sentences.trailing_zeros();
            let start = 63 - (all & low(end) | 1).leading_zeros();
            let punctuation = Span::new(window.at + start as usize, window.at + end as usize);
            hard |= u64::from(ends_sentence(punctuation.of(window.input), Class::Space)) << end;
            sentences &= sentences - 1;
        }
        Starts { all, soft: all & !hard }
    }
}

/// First bytes of the signs among `signs` that end a sentence whatever follows.
#[inline]
fn wide_ends(window: &Window<'_>, signs: u64) -> u64 {
    let mut wide = signs & !window.continued & window.continued >> 1;
    let mut ends = 0;
    while wide != 0 {
        let at = wide.trailing_zeros();
        let rest = &window.input[window.at + at as usize..];
        ends |= u64::from(WIDE_ENDS.iter().any(|end| rest.starts_with(end.as_bytes()))) << at;
        wide &= wide - 1;
    }
    ends
}

/// U+0009: the rest of blanks in ASCII is rare enough for a look at each.
#[inline]
fn tabs(window: &Window<'_>) -> u64 {
    let mut blanks = window.blank & !window.space & low(window.len);
    let mut tabs = 0;
    while blanks != 0 {
        let at = blanks.trailing_zeros();
        tabs |= u64::from(window.input.get(window.at + at as usize) == Some(&b'\t')) << at;
        blanks &= blanks - 1;
    }
    tabs
}

/// Starts of groups of three digits, from the right of each run. Cuts off a run that may go on.
#[inline(always)]
fn groups_from_the_right(window: &mut Window<'_>) -> u64 {
    let open = (window.digit << (64 - window.len.max(1))).leading_ones().min(window.len);
    if open > 0 && (!window.ends_input || window.len == 64) {
        window.cut(window.len - open);
    }
    let digits = window.digit;
    let mut starts = digits & !(digits << 1);
    // A place that has two digits behind it.
    let third = digits & digits >> 1 & digits >> 2;
    let mut next = (digits << 1 & !digits) >> 3 & third;
    while next != 0 {
        starts |= next;
        next = next >> 3 & third;
    }
    starts
}

/// The kind and the end of the segment at `at`; a number is not yet cut into groups.
///
/// A contraction is cut as the word it is by rule 2 as well: a sign before letters.
#[inline]
fn next(input: &[u8], at: usize) -> (Kind, usize) {
    let start = at + usize::from(input[at] == b' ');
    match symbol(input, start) {
        Some((Class::Upper | Class::Lower | Class::Letter, len)) => {
            return (Kind::Word, run(input, start + len, &WORD));
        }
        Some((class, len)) if SIGNS.has(class) => return signs(input, start, len),
        _ => {}
    }
    match symbol(input, at) {
        Some((Class::Number | Class::NumberOther, len)) => (Kind::Number, numerals(input, at, len)),
        Some((Class::Space, _)) => (Kind::Blanks, blanks(input, at)),
        Some((Class::Invalid, _)) => (Kind::Apart, run(input, at, &BAD)),
        _ => (Kind::Apart, line(input, at)),
    }
}

/// The kind and the end of the segment with a sign of `len` bytes at `at`.
#[inline]
fn signs(input: &[u8], at: usize, len: usize) -> (Kind, usize) {
    let after = at + len;
    let ends_sentence = WIDE_ENDS.iter().any(|end| end.as_bytes() == &input[at..after]);
    if let Some((Class::Upper | Class::Lower | Class::Letter, len)) = symbol(input, after)
        && !ends_sentence
    {
        return (Kind::Word, run(input, after + len, &WORD));
    }
    let end = run(input, after, &SIGNS);
    match input.get(end) {
        Some(b'\r' | b'\n') => (Kind::Apart, line(input, end)),
        _ => (Kind::Punctuation, end),
    }
}

/// The end of the line breaks at `at`, with blank lines and indentation.
#[inline]
fn line(input: &[u8], at: usize) -> usize {
    let after = |b: &u8| !matches!(b, b'\r' | b'\n' | b'\t' | b' ');
    input[at..].iter().position(after).map_or(input.len(), |len| at + len)
}

/// The end of the run of numerals of `len` bytes each at `at`.
fn numerals(input: &[u8], at: usize, len: usize) -> usize {
    let mut end = at;
    while let Some((Class::Number | Class::NumberOther, n)) = symbol(input, end)
        && n == len
    {
        end += n;
    }
    end
}

/// Emits a run of numerals in groups of three from the right.
fn groups(input: &[u8], run: Span, emit: &mut impl FnMut(End)) {
    let Some((_, len)) = symbol(input, run.start) else { return };
    let place = |numeral: usize| run.start + numeral * len;
    polytok_numeric::group_digits(Span::new(0, run.len() / len), &mut |group| {
        emit(End::new(place(group.end), Boundary::Hard));
    });
}

/// The end of the segment of blanks at `at`.
fn blanks(input: &[u8], at: usize) -> usize {
    let end = run(input, at, &BLANKS);
    match symbol(input, end) {
        Some((
            Class::Number | Class::NumberOther | Class::Newline | Class::Space | Class::Invalid,
            _,
        ))
        | None => end,
        Some(_) => end - usize::from(input[end - 1] == b' '),
    }
}

/// The boundary after a segment that is no number.
#[inline]
fn boundary(input: &[u8], segment: Span, kind: Kind) -> Boundary {
    let Some((next, _)) = symbol(input, segment.end) else { return Boundary::Hard };
    match next {
        _ if kind == Kind::Apart => Boundary::Hard,
        Class::Number | Class::NumberOther | Class::Newline | Class::Invalid => Boundary::Hard,
        _ if kind == Kind::Punctuation && ends_sentence(segment.of(input), next) => Boundary::Hard,
        _ => Boundary::Soft,
    }
}

/// Whether `punctuation` before a symbol of class `next` ends a sentence.
fn ends_sentence(punctuation: &[u8], next: Class) -> bool {
    let wide = without_last(punctuation, &["」", "』", "”", "’", "）", "》", "】"]);
    if WIDE_ENDS.iter().any(|end| wide.ends_with(end.as_bytes())) {
        return true;
    }
    let narrow = without_last(punctuation, &["\"", "'", ")", "]", "}", "”", "’", "»"]);
    next == Class::Space && [".", "!", "?", "…"].iter().any(|end| narrow.ends_with(end.as_bytes()))
}

/// `text` without the longest run of `closers` at its end.
fn without_last<'a>(mut text: &'a [u8], closers: &[&str]) -> &'a [u8] {
    while let Some(rest) = closers.iter().find_map(|closer| text.strip_suffix(closer.as_bytes())) {
        text = rest;
    }
    text
}
