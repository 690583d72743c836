//! The pre-tokenizers of published files: where a text is cut before merges apply.

use polytok_core::{Segmenter, Span};

use super::alphabet::characters;
use crate::{Cl100k, DeepSeek3, Gpt2, Llama3, O200k, Qwen2, visible_runs, word_and_symbol_runs};

/// The splits that there is a scanner for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Published {
    Gpt2,
    Cl100k,
    O200k,
    Llama3,
    Qwen2,
    DeepSeek3,
}

impl Published {
    pub(super) fn segmenter(self) -> &'static dyn Segmenter {
        match self {
            Published::Gpt2 => &Gpt2,
            Published::Cl100k => &Cl100k,
            Published::O200k => &O200k,
            Published::Llama3 => &Llama3,
            Published::Qwen2 => &Qwen2,
            Published::DeepSeek3 => &DeepSeek3,
        }
    }
}

/// One rule; several cut the pieces of one another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Step {
    /// A split that is published with a pattern.
    Published(Published),
    /// `\w+|[^\w\s]+`; white space is dropped.
    WordsAndSymbols,
    /// Runs without white space, which is dropped.
    Visible,
    /// Numeric characters apart from others, each by itself or in runs.
    Digits { each: bool },
    /// Occurrences of a text by themselves, or dropped.
    Literal { text: Vec<u8>, keep: bool },
}

impl Step {
    /// Whether the pieces leave out some of the text.
    pub(super) fn drops(&self) -> bool {
        matches!(self, Step::WordsAndSymbols | Step::Visible | Step::Literal { keep: false, .. })
    }

    fn split(&self, text: &[u8], emit: &mut dyn FnMut(Span)) {
        match self {
            Step::Published(split) => split.segmenter().segment(text, &mut |span, _| emit(span)),
            Step::WordsAndSymbols => word_and_symbol_runs(text, emit),
            Step::Visible => visible_runs(text, emit),
            Step::Digits { each } => digits(text, *each, emit),
            Step::Literal { text: needle, keep } => literal(text, needle, *keep, emit),
        }
    }
}

/// Cuts `text` by all of `steps`, each within the pieces of those before it.
pub(super) fn split(steps: &[Step], text: &[u8], emit: &mut dyn FnMut(Span)) {
    let Some((first, rest)) = steps.split_first() else {
        if !text.is_empty() {
            emit(Span::new(0, text.len()));
        }
        return;
    };
    first.split(text, &mut |piece| {
        split(rest, piece.of(text), &mut |span| {
            emit(Span::new(piece.start + span.start, piece.start + span.end));
        });
    });
}

fn digits(text: &[u8], each: bool, emit: &mut dyn FnMut(Span)) {
    let mut piece = Span::new(0, 0);
    let mut in_number = false;
    characters(text, |character, span| {
        let numeric = character.is_some_and(char::is_numeric);
        if (numeric != in_number || (numeric && each)) && !piece.is_empty() {
            emit(piece);
            piece.start = span.start;
        }
        in_number = numeric;
        piece.end = span.end;
    });
    if !piece.is_empty() {
        emit(piece);
    }
}

fn literal(text: &[u8], needle: &[u8], keep: bool, emit: &mut dyn FnMut(Span)) {
    let mut done = 0;
    for at in bstr::ByteSlice::find_iter(text, needle) {
        if done < at {
            emit(Span::new(done, at));
        }
        done = at + needle.len();
        if keep {
            emit(Span::new(at, done));
        }
    }
    if done < text.len() {
        emit(Span::new(done, text.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(steps: &[Step], text: &str, expected: &[&str]) {
        let mut pieces = Vec::new();
        split(steps, text.as_bytes(), &mut |span| pieces.push(&text[span.start..span.end]));
        assert_eq!(pieces, expected);
    }

    #[test]
    fn digits_are_runs_or_single() {
        check(&[Step::Digits { each: false }], "12a3\u{2168}b", &["12", "a", "3\u{2168}", "b"]);
        check(&[Step::Digits { each: true }], "12ab3", &["1", "2", "ab", "3"]);
        check(&[Step::Digits { each: true }], "", &[]);
    }

    #[test]
    fn literals_stand_alone_or_vanish() {
        let keep = Step::Literal { text: b"--".to_vec(), keep: true };
        check(&[keep], "a-----b", &["a", "--", "--", "-b"]);
        let drop = Step::Literal { text: b"-".to_vec(), keep: false };
        check(&[drop], "-a--b", &["a", "b"]);
    }

    #[test]
    fn steps_cut_within_pieces() {
        let steps = [Step::Visible, Step::Digits { each: false }];
        check(&steps, "ab12 3c", &["ab", "12", "3", "c"]);
    }
}
