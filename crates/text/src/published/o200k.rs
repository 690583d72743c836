//! The split of o200k.

use polytok_core::{Boundary, End, Segmenter, Span};

use super::{
    NUMBERS, Whitespace, contraction_any_case, each, groups_of_three, lines, one_piece,
    punctuation, whitespace,
};
use crate::{
    class::{Class, Set, run, run_of, symbol},
    window::{Split, Starts, Window, cut, one, to_the_end},
};

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
        each(self, input, emit);
    }

    fn segment_ends(&self, input: &[u8], emit: &mut dyn FnMut(&[End])) {
        cut(*self, input, emit);
    }

    crate::cut::by!(o200k);
}

impl O200k {
    /// The end of the piece at `at`.
    fn next(self, input: &[u8], at: usize) -> usize {
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
}

impl Split for O200k {
    fn scan(self, input: &[u8], at: usize, emit: &mut impl FnMut(End)) -> usize {
        one(self.next(input, at), emit)
    }

    #[inline(always)]
    fn starts(self, window: &mut Window<'_>) -> Starts {
        let caseless = window.letter | window.mark;
        let words = window.upper | window.lower | caseless;
        // Where the two alternatives for words depend on what follows: marks that begin a word, and
        // capitals behind letters without case.
        let unsure = window.number | window.mark & !(words << 1) | window.upper & caseless << 1;
        if unsure != 0 {
            window.cut(unsure.trailing_zeros());
        }
        let line_ends = window.newline | window.slash;
        let taken = to_the_end(window.newline & window.other << 1, line_ends);
        let signs = window.other & !taken;
        let free_sign = signs & !(signs << 1) & !(window.space << 1);
        let first_letter = words & !(words << 1);
        let behind_prefix = window.next(free_sign) | window.blank << 1;
        let mut starts = lines(window, taken & window.newline)
            | first_letter & !behind_prefix
            | window.upper & window.lower << 1
            | free_sign
            | groups_of_three(window.digit);
        let mut apostrophes = window.apostrophe & words << 1;
        let mut last = None;
        while apostrophes != 0 {
            let at = apostrophes.trailing_zeros();
            if last == Some(at) {
                // A word ends in one contraction; this begins the next word.
                window.cut(at.min(window.len));
                break;
            }
            if let Some(end) = contraction_any_case(window.input, window.at + at as usize) {
                let end = (end - window.at) as u32;
                starts = one_piece(starts, at, end);
                last = Some(end);
            }
            apostrophes &= apostrophes - 1;
        }
        Starts::hard(starts)
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
