//! The splits of published vocabularies, by hand-written scanners.
//!
//! Each gives, on valid UTF-8, the matches of its pattern. On other bytes it gives what the pattern
//! would match over *symbols*: a byte that is no part of well-formed UTF-8 is one symbol that is
//! neither letter, mark, number, punctuation nor white space, just as a private use character. Most
//! patterns put such a symbol where punctuation goes. All boundaries are hard. Time is linear: every byte is looked at a bounded number of times.
//!
//! In the patterns, the part that handles white space looks ahead, which a scanner need not: with
//! W the longest run of white space at a place where no earlier alternative matches, the piece is
//!
//! 1. W up to its last line break, if the pattern has `\s*[\r\n]` and W holds a line break;
//! 2. else W, if the input ends there;
//! 3. else W without its last symbol, if it has two or more (that symbol may begin the next piece);
//! 4. else W.
//!
//! With `\s++$` in front, rule 2 comes before rule 1.

mod cl100k;
mod deepseek;
mod gpt2;
mod o200k;
mod words;

#[cfg(test)]
mod blocks;

pub use cl100k::{Cl100k, Llama3, Qwen2};
pub use deepseek::DeepSeek3;
pub use gpt2::Gpt2;
pub use o200k::O200k;
pub use words::{visible_runs, word_and_symbol_runs};

use polytok_core::{Boundary, Segmenter, Span};

use crate::{
    class::{Class, Set, run, symbol},
    vector::BLOCK,
    window::{Window, low},
};

/// `\p{L}`
const LETTERS: Set = Set::of(&[Class::Upper, Class::Lower, Class::Letter]);
/// `\p{N}`
const NUMBERS: Set = Set::of(&[Class::Number, Class::NumberOther]);
/// `\s`
const SPACES: Set = Set::of(&[Class::Space, Class::Newline]);
/// `[\r\n]`
const NEWLINES: Set = Set::of(&[Class::Newline]);
/// `[^\s\p{L}\p{N}]`
const OTHERS: Set = LETTERS.union(&NUMBERS).union(&SPACES).complement();

/// Hands on the pieces of a split one by one.
pub(crate) fn each(split: &dyn Segmenter, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
    let mut at = 0;
    split.segment_ends(input, &mut |ends| {
        for end in ends {
            emit(Span::new(at, end.at()), end.boundary());
            at = end.at();
        }
    });
}

/// Starts in white space by the rules 1, 3 and 4, but for line breaks of `taken`, which belong to
/// the piece before them.
#[inline(always)]
fn lines(window: &Window<'_>, taken: u64) -> u64 {
    let white = window.white() & !taken;
    let run = white & !(white << 1);
    // Blanks behind a line break start a piece, unless another line break ends them.
    let mut indent = window.blank & ((window.newline & !taken) << 1);
    let mut lines = window.blank.wrapping_add(indent) & !window.blank & window.newline;
    while indent != 0 && lines != 0 {
        let before = indent & low(lines.trailing_zeros());
        indent &= !(1 << 63 >> before.leading_zeros());
        lines &= lines - 1;
    }
    run | indent | window.last_blank
}

/// Starts of groups of three digits, from the left of each run.
#[inline(always)]
fn groups_of_three(digits: u64) -> u64 {
    let mut starts = digits & !(digits << 1);
    // A place that has three digits in front of it.
    let fourth = digits & digits << 1 & digits << 2 & digits << 3;
    let mut next = starts << 3 & fourth;
    while next != 0 {
        starts |= next;
        next = next << 3 & fourth;
    }
    starts
}

/// Starts, with each contraction that begins at one of `apostrophes` made a piece.
#[inline(always)]
fn with_contractions(
    window: &Window<'_>,
    mut starts: u64,
    mut apostrophes: u64,
    end: impl Fn(&[u8], usize) -> Option<usize>,
) -> u64 {
    while apostrophes != 0 {
        let at = apostrophes.trailing_zeros();
        if let Some(end) = end(window.input, window.at + at as usize) {
            starts = one_piece(starts, at + 1, (end - window.at) as u32);
        }
        apostrophes &= apostrophes - 1;
    }
    starts
}

/// Starts without those from `inner` on up to `end`, and with one at `end`.
#[inline(always)]
fn one_piece(starts: u64, inner: u32, end: u32) -> u64 {
    let next = if end < BLOCK as u32 { 1 << end } else { 0 };
    starts & !(low(end) & !low(inner)) | next
}

/// Which of the rules for white space a pattern has.
#[derive(Clone, Copy, Debug)]
enum Whitespace {
    /// Rules 2, 3, 4.
    Plain,
    /// Rules 1 to 4.
    Lines,
    /// Rule 2, then 1, 3, 4.
    TailThenLines,
}

/// The end of the piece at the white space at `at`.
#[inline]
fn whitespace(input: &[u8], at: usize, rules: Whitespace) -> usize {
    let mut end = at;
    // Where the last symbol starts, and where the last line break ends.
    let (mut last, mut line) = (at, at);
    while let Some((class, len)) = symbol(input, end) {
        match class {
            Class::Newline => line = end + len,
            Class::Space => {}
            _ => break,
        }
        last = end;
        end += len;
    }
    let ends_input = end == input.len();
    match rules {
        Whitespace::TailThenLines if ends_input => end,
        Whitespace::Lines | Whitespace::TailThenLines if line > at => line,
        _ if ends_input || last == at => end,
        _ => last,
    }
}

/// The end of the contraction that the apostrophe at `at` begins: `'(?:[sdmt]|ll|ve|re)`.
#[inline]
fn contraction(input: &[u8], at: usize) -> Option<usize> {
    match input.get(at + 1..)? {
        [b's' | b'd' | b'm' | b't', ..] => Some(at + 2),
        [b'l', b'l', ..] | [b'v' | b'r', b'e', ..] => Some(at + 3),
        _ => None,
    }
}

/// As [`contraction`] in any case: `'(?i:[sdmt]|ll|ve|re)`.
///
/// The long s folds to s, and no other letter outside ASCII folds to one of these.
#[inline]
fn contraction_any_case(input: &[u8], at: usize) -> Option<usize> {
    match input.get(at + 1..)? {
        [b's' | b'd' | b'm' | b't' | b'S' | b'D' | b'M' | b'T', ..] => Some(at + 2),
        [b'l' | b'L', b'l' | b'L', ..] | [b'v' | b'V' | b'r' | b'R', b'e' | b'E', ..] => {
            Some(at + 3)
        }
        // U+017F
        [0xc5, 0xbf, ..] => Some(at + 3),
        _ => None,
    }
}

/// The end of the punctuation at `at`, which may follow one space: ` ?[^\s\p{L}\p{N}]+`.
#[inline]
fn punctuation(input: &[u8], at: usize) -> Option<usize> {
    let start = at + usize::from(input[at] == b' ');
    let end = run(input, start, &OTHERS);
    (end > start).then_some(end)
}
