//! The split of GPT-2, r50k and p50k.

use polytok_core::{Boundary, End, Segmenter, Span};

use super::{
    LETTERS, NUMBERS, OTHERS, Whitespace, contraction, each, whitespace, with_contractions,
};
use crate::{
    class::{Class, run, symbol},
    window::{Split, Starts, Window, cut, one},
};

/// The split of GPT-2, which r50k and p50k share and which Hugging Face calls `ByteLevel`.
///
/// On valid UTF-8 the segments are the matches of
///
/// ```text
/// '(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s
/// ```
///
/// (tiktoken-rs 0.12.1; the same matches as those of the pattern published with GPT-2 in 2019). Everywhere else a byte that is not UTF-8 counts as punctuation. All boundaries are
/// hard. Linear time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gpt2;

impl Segmenter for Gpt2 {
    fn id(&self) -> &str {
        "gpt2-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        each(self, input, emit);
    }

    fn segment_ends(&self, input: &[u8], emit: &mut dyn FnMut(&[End])) {
        cut(*self, input, emit);
    }

    crate::cut::by!(gpt2);
}

impl Gpt2 {
    /// The end of the piece at `at`.
    fn next(self, input: &[u8], at: usize) -> usize {
        if input[at] == b'\''
            && let Some(end) = contraction(input, at)
        {
            return end;
        }
        let start = at + usize::from(input[at] == b' ');
        let Some((class, len)) = symbol(input, start) else { return start };
        match class {
            Class::Upper | Class::Lower | Class::Letter => run(input, start + len, &LETTERS),
            Class::Number | Class::NumberOther => run(input, start + len, &NUMBERS),
            Class::Space | Class::Newline => whitespace(input, at, Whitespace::Plain),
            _ => run(input, start + len, &OTHERS),
        }
    }
}

impl Split for Gpt2 {
    fn scan(self, input: &[u8], at: usize, emit: &mut impl FnMut(End)) -> usize {
        one(self.next(input, at), emit)
    }

    #[inline(always)]
    fn starts(self, window: &mut Window<'_>) -> Starts {
        let letters = window.upper | window.lower | window.letter;
        let numbers = window.digit | window.number;
        let signs = window.other | window.mark;
        let white = window.white();
        let first = |set: u64| set & !(set << 1);
        let free = !(window.space << 1);
        let starts = (first(letters) | first(numbers) | first(signs)) & free
            | first(white)
            | window.last_blank
            | window.newline & !(white >> 1);
        let apostrophes = window.apostrophe & first(signs) & free & letters >> 1;
        Starts::hard(with_contractions(window, starts, apostrophes, contraction))
    }
}
