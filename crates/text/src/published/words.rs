//! Words and punctuation between white space, as several pre-tokenizers find them.

use polytok_core::Span;

use super::SPACES;
use crate::class::{Class, Set, run, symbol};

/// `\w`
const WORDS: Set = Set::of(&[
    Class::Upper,
    Class::Lower,
    Class::Letter,
    Class::Mark,
    Class::Number,
    Class::PunctuationWord,
    Class::OtherWord,
]);
/// `[^\w\s]`
const SYMBOLS: Set =
    Set::of(&[Class::Other, Class::NumberOther, Class::Punctuation, Class::Invalid]);
/// `\S`
const VISIBLE: Set = SPACES.complement();

/// Calls `emit` with each match of `\w+|[^\w\s]+`, from left to right: the pre-tokenizer that
/// Hugging Face calls `Whitespace`.
///
/// White space lies between the spans and in none of them, so this is no
/// [`Segmenter`](polytok_core::Segmenter). A byte that is not UTF-8 counts as punctuation. Linear
/// time.
pub fn word_and_symbol_runs(input: &[u8], emit: &mut dyn FnMut(Span)) {
    let mut at = 0;
    while let Some((class, len)) = symbol(input, at) {
        let start = at;
        at += len;
        if WORDS.has(class) {
            at = run(input, at, &WORDS);
        } else if SYMBOLS.has(class) {
            at = run(input, at, &SYMBOLS);
        } else {
            continue;
        }
        emit(Span::new(start, at));
    }
}

/// Calls `emit` with each longest run without white space, from left to right: the pre-tokenizer
/// that Hugging Face calls `WhitespaceSplit`.
///
/// White space is `White_Space` of Unicode, as in `char::is_whitespace`. Linear time.
pub fn visible_runs(input: &[u8], emit: &mut dyn FnMut(Span)) {
    let mut at = run(input, 0, &SPACES);
    while at < input.len() {
        let end = run(input, at, &VISIBLE);
        emit(Span::new(at, end));
        at = run(input, end, &SPACES);
    }
}
