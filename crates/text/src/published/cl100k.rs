//! The split of cl100k and its relatives.

use polytok_core::{Boundary, End, Segmenter, Span};

use super::{
    LETTERS, NEWLINES, NUMBERS, Whitespace, contraction_any_case, each, groups_of_three, lines,
    punctuation, whitespace, with_contractions,
};
use crate::{
    class::{Class, run, run_of, symbol},
    window::{Split, Starts, Window, cut, one, to_the_end},
};

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
        each(self, input, emit);
    }

    fn segment_ends(&self, input: &[u8], emit: &mut dyn FnMut(&[End])) {
        cut(CL100K, input, emit);
    }

    crate::cut::by!(cl100k);
}

impl Segmenter for Llama3 {
    fn id(&self) -> &str {
        "llama3-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        each(self, input, emit);
    }

    fn segment_ends(&self, input: &[u8], emit: &mut dyn FnMut(&[End])) {
        cut(LLAMA3, input, emit);
    }

    crate::cut::by!(cl100k);
}

impl Segmenter for Qwen2 {
    fn id(&self) -> &str {
        "qwen2-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        each(self, input, emit);
    }

    fn segment_ends(&self, input: &[u8], emit: &mut dyn FnMut(&[End])) {
        cut(QWEN2, input, emit);
    }

    crate::cut::by!(cl100k);
}

/// In what the three differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Digits of a group, 1 or 3.
    digits: usize,
    rules: Whitespace,
}

pub(super) const CL100K: Rules = Rules { digits: 3, rules: Whitespace::TailThenLines };
pub(super) const LLAMA3: Rules = Rules { digits: 3, rules: Whitespace::Lines };
pub(super) const QWEN2: Rules = Rules { digits: 1, rules: Whitespace::Lines };

impl Rules {
    /// The end of the piece at `at`.
    fn next(self, input: &[u8], at: usize) -> usize {
        if input[at] == b'\''
            && let Some(end) = contraction_any_case(input, at)
        {
            return end;
        }
        let Some((class, len)) = symbol(input, at) else { return at };
        match class {
            Class::Upper | Class::Lower | Class::Letter => return run(input, at + len, &LETTERS),
            Class::Number | Class::NumberOther => return run_of(input, at, &NUMBERS, self.digits),
            Class::Newline => return whitespace(input, at, self.rules),
            _ => {}
        }
        // Any other symbol may stand before letters, white space included.
        let end = run(input, at + len, &LETTERS);
        if end > at + len {
            return end;
        }
        match punctuation(input, at) {
            Some(end) => run(input, end, &NEWLINES),
            None => whitespace(input, at, self.rules),
        }
    }
}

impl Split for Rules {
    fn scan(self, input: &[u8], at: usize, emit: &mut impl FnMut(End)) -> usize {
        one(self.next(input, at), emit)
    }

    #[inline(always)]
    fn starts(self, window: &mut Window<'_>) -> Starts {
        if window.number != 0 {
            window.cut(window.number.trailing_zeros());
        }
        let letters = window.upper | window.lower | window.letter;
        let signs = window.other | window.mark;
        let taken = to_the_end(window.newline & signs << 1, window.newline);
        let first_sign = signs & !(signs << 1);
        let free_sign = first_sign & !(window.space << 1);
        let first_letter = letters & !(letters << 1);
        let behind_prefix = window.next(free_sign) | window.blank << 1;
        let digits = match self.digits {
            1 => window.digit,
            _ => groups_of_three(window.digit),
        };
        let starts = lines(window, taken) | (first_letter & !behind_prefix) | free_sign | digits;
        let apostrophes = window.apostrophe & free_sign & letters >> 1;
        Starts::hard(with_contractions(window, starts, apostrophes, contraction_any_case))
    }
}
