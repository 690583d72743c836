//! The split of cl100k and its relatives.

use polytok_core::{Boundary, Segmenter, Span};

use super::{
    LETTERS, NEWLINES, NUMBERS, Whitespace, contraction_any_case, pieces, punctuation, whitespace,
};
use crate::class::{Class, run, run_of, symbol};

/// The split of cl100k (GPT-3.5, GPT-4).
///
/// On valid UTF-8 the segments are the matches of
///
/// ```text
/// '(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+
/// |\s++$|\s*[\r\n]|\s+(?!\S)|\s
/// ```
///
/// (tiktoken-rs 0.12.1). Everywhere else a byte that is not UTF-8 counts as punctuation, and so may
/// stand before letters. All boundaries are hard. Linear time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cl100k;

/// The split of Llama 3: cl100k without `\s++$`.
///
/// The two differ only where the input ends in white space with a line break that is not the last
/// symbol.
#[derive(Clone, Copy, Debug, Default)]
pub struct Llama3;

/// The split of Qwen 2 and 2.5: that of [`Llama3`] with every digit by itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Qwen2;

impl Segmenter for Cl100k {
    fn id(&self) -> &str {
        "cl100k-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        pieces(input, emit, |input, at| next(input, at, 3, Whitespace::TailThenLines));
    }

    crate::cut::by!(cl100k);
}

impl Segmenter for Llama3 {
    fn id(&self) -> &str {
        "llama3-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        pieces(input, emit, |input, at| next(input, at, 3, Whitespace::Lines));
    }

    crate::cut::by!(cl100k);
}

impl Segmenter for Qwen2 {
    fn id(&self) -> &str {
        "qwen2-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        pieces(input, emit, |input, at| next(input, at, 1, Whitespace::Lines));
    }

    crate::cut::by!(cl100k);
}

#[inline]
fn next(input: &[u8], at: usize, digits: usize, rules: Whitespace) -> usize {
    if input[at] == b'\''
        && let Some(end) = contraction_any_case(input, at)
    {
        return end;
    }
    let Some((class, len)) = symbol(input, at) else { return at };
    match class {
        Class::Upper | Class::Lower | Class::Letter => return run(input, at + len, &LETTERS),
        Class::Number | Class::NumberOther => return run_of(input, at, &NUMBERS, digits),
        Class::Newline => return whitespace(input, at, rules),
        _ => {}
    }
    // Any other symbol may stand before letters, white space included.
    let end = run(input, at + len, &LETTERS);
    if end > at + len {
        return end;
    }
    match punctuation(input, at) {
        Some(end) => run(input, end, &NEWLINES),
        None => whitespace(input, at, rules),
    }
}
