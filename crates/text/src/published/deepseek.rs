//! The split of DeepSeek V3.

use polytok_core::{Boundary, Segmenter, Span};

use super::{LETTERS, NEWLINES, NUMBERS, Whitespace, whitespace};
use crate::class::{Class, Set, run, run_of, scalar, symbol};

/// `[\p{L}\p{M}]`
const WORDS: Set = LETTERS.union(&Set::of(&[Class::Mark]));
/// `[\p{P}\p{S}]`
const SIGNS: Set = Set::of(&[Class::Punctuation, Class::PunctuationWord]);

/// The split of DeepSeek V3 and R1.
///
/// On valid UTF-8 the segments are what three patterns leave, each applied to the pieces of the one
/// before; what a pattern does not match is a piece too:
///
/// ```text
/// \p{N}{1,3}
/// [一-龥぀-ゟ゠-ヿ]+
/// [!-/:-@\[-`{-~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*
/// |\s*[\r\n]+|\s+(?!\S)|\s+
/// ```
///
/// (the `tokenizer.json` of the model; the class of ASCII punctuation is written as ranges here).
/// A byte that is not UTF-8 counts as a control character. All boundaries are hard. Linear time.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeepSeek3;

impl Segmenter for DeepSeek3 {
    fn id(&self) -> &str {
        "deepseek3-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        let mut at = 0;
        while at < input.len() {
            let number = run_of(input, at, &NUMBERS, 3);
            if number > at {
                emit(Span::new(at, number), Boundary::Hard);
                at = number;
                continue;
            }
            // The third pattern cuts these too, at a middle dot for one.
            let end = match kana_and_han(input, at) {
                end if end > at => end,
                _ => rest_end(input, at),
            };
            rest(&input[..end], at, emit);
            at = end;
        }
    }

    crate::cut::by!(deepseek);
}

/// The end of the run of the second pattern at `at`.
fn kana_and_han(input: &[u8], mut at: usize) -> usize {
    while let Some((0x4e00..=0x9fa5 | 0x3040..=0x30ff, len)) = scalar(&input[at..]) {
        at += len;
    }
    at
}

/// Where the next match of the first or the second pattern after `at` starts.
fn rest_end(input: &[u8], mut at: usize) -> usize {
    while let Some((class, len)) = symbol(input, at) {
        if NUMBERS.has(class) || len == 3 && kana_and_han(&input[..at + len], at) > at {
            break;
        }
        at += len;
    }
    at
}

/// Emits what the third pattern makes of the bytes from `at` to the end of `input`.
fn rest(input: &[u8], mut at: usize, emit: &mut dyn FnMut(Span, Boundary)) {
    // Symbols that no match has taken yet.
    let mut gap = at;
    while let Some((class, len)) = symbol(input, at) {
        match piece(input, at, class, len) {
            Some(end) => {
                if gap < at {
                    emit(Span::new(gap, at), Boundary::Hard);
                }
                emit(Span::new(at, end), Boundary::Hard);
                at = end;
                gap = end;
            }
            None => at += len,
        }
    }
    if gap < at {
        emit(Span::new(gap, at), Boundary::Hard);
    }
}

/// The end of the match of the third pattern at a symbol.
#[inline]
fn piece(input: &[u8], at: usize, class: Class, len: usize) -> Option<usize> {
    let after = at + len;
    if input[at].is_ascii_punctuation() && input.get(after).is_some_and(u8::is_ascii_alphabetic) {
        let letters = input[after..].iter().position(|b| !b.is_ascii_alphabetic());
        return Some(letters.map_or(input.len(), |letters| after + letters));
    }
    if !SIGNS.has(class) && class != Class::Newline {
        let end = run(input, after, &WORDS);
        if end > after || WORDS.has(class) {
            return Some(end);
        }
    }
    let start = at + usize::from(input[at] == b' ');
    match run(input, start, &SIGNS) {
        end if end > start => Some(run(input, end, &NEWLINES)),
        _ if matches!(class, Class::Space | Class::Newline) => {
            Some(whitespace(input, at, Whitespace::Lines))
        }
        _ => None,
    }
}
