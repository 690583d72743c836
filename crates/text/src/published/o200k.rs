//! The split of o200k.

use polytok_core::{Boundary, Segmenter, Span};

use super::{NUMBERS, Whitespace, contraction_any_case, pieces, punctuation, whitespace};
use crate::class::{Class, Set, run, run_of, symbol};

/// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`
const LOWERS: Set = Set::of(&[Class::Lower, Class::Letter, Class::Mark]);

/// The split of o200k (GPT-4o and later).
///
/// On valid UTF-8 the segments are the matches of
///
/// ```text
/// [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
/// |[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
/// |\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
/// ```
///
/// (tiktoken-rs 0.12.1). Everywhere else a byte that is not UTF-8 counts as punctuation, and so may
/// stand before letters. All boundaries are hard. Linear time.
#[derive(Clone, Copy, Debug, Default)]
pub struct O200k;

impl Segmenter for O200k {
    fn id(&self) -> &str {
        "o200k-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        pieces(input, emit, next);
    }

    crate::cut::by!(o200k);
}

#[inline]
fn next(input: &[u8], at: usize) -> usize {
    let Some((class, len)) = symbol(input, at) else { return at };
    let after = at + len;
    let word = match class {
        Class::Upper | Class::Lower | Class::Letter => word(input, at).end(),
        Class::Number | Class::NumberOther => return run_of(input, at, &NUMBERS, 3),
        Class::Newline => return whitespace(input, at, Whitespace::Lines),
        // A mark may stand before a word of the first alternative, be such a word by itself, and
        // only then stand before a word of the second.
        Class::Mark => match word(input, after) {
            Word::Lower(end) => Some(end),
            Word::Upper(_) | Word::None => Some(after),
        },
        _ => word(input, after).end(),
    };
    if let Some(end) = word {
        return match input.get(end) {
            Some(b'\'') => contraction_any_case(input, end).unwrap_or(end),
            _ => end,
        };
    }
    match punctuation(input, at) {
        Some(mut end) => {
            while matches!(input.get(end), Some(b'\r' | b'\n' | b'/')) {
                end += 1;
            }
            end
        }
        None => whitespace(input, at, Whitespace::Lines),
    }
}

/// What the two alternatives for words match, without prefix and contraction.
enum Word {
    /// The first, `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+`, up to here.
    Lower(usize),
    /// Only the second, `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*`, up to here.
    Upper(usize),
    /// Neither.
    None,
}

impl Word {
    #[inline]
    fn end(self) -> Option<usize> {
        match self {
            Word::Lower(end) | Word::Upper(end) => Some(end),
            Word::None => None,
        }
    }
}

/// Matches a word at `at`.
///
/// Let U be the longest run of symbols without lower case letters. If a lower case letter follows,
/// the word goes on as far as `LOWERS` does. Else the second part of the first alternative needs
/// one symbol of U: it gets the last one in both sets, and the word ends there. Else U has upper
/// case letters alone and is the word. What is left of U after its last shared symbol is upper case
/// alone, so no symbol is looked at in more than two words.
#[inline]
fn word(input: &[u8], at: usize) -> Word {
    let mut end = at;
    let mut shared = at;
    while let Some((class, len)) = symbol(input, end) {
        match class {
            Class::Lower => return Word::Lower(run(input, end + len, &LOWERS)),
            Class::Letter | Class::Mark => shared = end + len,
            Class::Upper => {}
            _ => break,
        }
        end += len;
    }
    if shared > at {
        Word::Lower(shared)
    } else if end > at {
        Word::Upper(end)
    } else {
        Word::None
    }
}
