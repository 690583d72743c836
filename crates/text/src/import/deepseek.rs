//! The three rules that DeepSeek V2 and V3 cut with, by scanners.

use polytok_core::Span;

use super::alphabet::characters;
use crate::class::{Class, Set, run, run_of, symbol};

const NUMBERS: Set = Set::of(&[Class::Number, Class::NumberOther]);
const LETTERS_AND_MARKS: Set = Set::of(&[Class::Upper, Class::Lower, Class::Letter, Class::Mark]);
const PUNCTUATION: Set = Set::of(&[Class::Punctuation, Class::PunctuationWord]);
const SPACES: Set = Set::of(&[Class::Space, Class::Newline]);
const NEWLINES: Set = Set::of(&[Class::Newline]);

/// Calls `emit` with each match that `find` gives at a place, and with what lies between two.
fn isolate(text: &[u8], find: impl Fn(&[u8], usize) -> Option<usize>, emit: &mut dyn FnMut(Span)) {
    let (mut done, mut at) = (0, 0);
    while let Some((_, len)) = symbol(text, at) {
        let Some(end) = find(text, at) else {
            at += len;
            continue;
        };
        if done < at {
            emit(Span::new(done, at));
        }
        emit(Span::new(at, end));
        (done, at) = (end, end);
    }
    if done < text.len() {
        emit(Span::new(done, text.len()));
    }
}

/// `\p{N}{1,3}`
pub(super) fn numbers(text: &[u8], emit: &mut dyn FnMut(Span)) {
    isolate(
        text,
        |text, at| {
            let end = run_of(text, at, &NUMBERS, 3);
            (end > at).then_some(end)
        },
        emit,
    );
}

/// Runs of U+4E00 to U+9FA5 and U+3040 to U+30FF.
pub(super) fn ideographs(text: &[u8], emit: &mut dyn FnMut(Span)) {
    let mut piece = Span::new(0, 0);
    let mut inside = false;
    characters(text, |character, span| {
        let here = matches!(character, Some('\u{4e00}'..='\u{9fa5}' | '\u{3040}'..='\u{30ff}'));
        if here != inside && !piece.is_empty() {
            emit(piece);
            piece.start = span.start;
        }
        inside = here;
        piece.end = span.end;
    });
    if !piece.is_empty() {
        emit(piece);
    }
}

/// ``[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+``,
/// `` ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+``; what no alternative takes lies between.
///
/// A byte that is not UTF-8 is neither letter nor punctuation.
pub(super) fn words(text: &[u8], emit: &mut dyn FnMut(Span)) {
    isolate(text, word, emit);
}

fn word(text: &[u8], at: usize) -> Option<usize> {
    let (class, len) = symbol(text, at)?;
    if text[at].is_ascii_punctuation() {
        let rest = &text[at + 1..];
        let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if letters > 0 {
            return Some(at + 1 + letters);
        }
    }
    let letter = matches!(class, Class::Upper | Class::Lower | Class::Letter);
    if !letter && class != Class::Newline && !PUNCTUATION.has(class) {
        let end = run(text, at + len, &LETTERS_AND_MARKS);
        if end > at + len {
            return Some(end);
        }
    }
    let end = run(text, at, &LETTERS_AND_MARKS);
    if end > at {
        return Some(end);
    }
    let start = at + usize::from(text[at] == b' ');
    let end = run(text, start, &PUNCTUATION);
    if end > start {
        return Some(run(text, end, &NEWLINES));
    }
    white_space(text, at)
}

/// `\s*[\r\n]+|\s+(?!\S)|\s+`
fn white_space(text: &[u8], at: usize) -> Option<usize> {
    let (mut end, mut last, mut line) = (at, at, at);
    while let Some((class, len)) = symbol(text, end).filter(|(class, _)| SPACES.has(*class)) {
        if class == Class::Newline {
            line = end + len;
        }
        last = end;
        end += len;
    }
    if end == at {
        None
    } else if line > at {
        Some(line)
    } else if end == text.len() || last == at {
        Some(end)
    } else {
        Some(last)
    }
}
