//! Places at which a text is provably cut, and runs that may be longer or shorter.
//!
//! Whether there is a cut is told by two neighboring symbols, both well-formed UTF-8. A symbol
//! that is well formed is one wherever it stands: it begins with a byte that no other symbol goes on
//! with. All scanners here go from left to right and know nothing of what lies behind them, but for
//! [`Text`](crate::Text), which knows whether a word has just ended. So for a place to be a cut it is
//! enough that
//!
//! - every piece that the left symbol can be in ends behind it, whatever comes before and after;
//! - what made the scanner choose the pieces in front would have been the same at the end of the
//!   input.
//!
//! Let a *letter* be `\p{L}`, a *numeral* `\p{N}`, a *break* `[\r\n]`, a *blank* another `\s`, a *sign* any
//! other symbol. In all published patterns and in `Text`, left | right is a cut:
//!
//! - *letter | symbol that words do not go on with.* Letters are only in words and contractions,
//!   which may go on with letters, in o200k, DeepSeek and `Text` also with marks, in o200k and `Text`
//!   with an apostrophe (`Text` also with joiners and the typographic apostrophe). A word or a contraction
//!   goes on as long as it can, so it stops in front of such a symbol as at the end. White space
//!   in front of it that was looked through ended at a letter or sooner.
//! - *numeral | symbol that is none.* Numerals are in pieces with numerals in front or a space, and
//!   these, of three from the left or the right or as many as there are, end with the run.
//! - *break | neither break nor blank*, but for GPT-2, and in o200k no slash, which may follow there.
//!   In `Text` some blanks count as neither. A break is in a run of white space or follows
//!   signs. A run of white space that ends with a break is one piece up to there by the rules `\s*[\r\n]+`
//!   and `\s++$` alike. (In GPT-2, without the former, two breaks are one piece at the end, and two
//!   in front of a word.)
//! - *sign | blank*; in DeepSeek only `[\p{P}\p{S}]`; in GPT-2 also *sign | break*. A sign in front of a
//!   blank is the last of a run of signs, or in o200k and `Text` a mark at the end of a word; none
//!   of these goes on with a blank.
//!
//! Boundaries in `Text` are hard beside a number, behind a break and in front of one.
//!
//! Between an ASCII letter or digit and a space or line feed there is a cut in [`Words`](crate::Words), since
//! no rule of UAX #29 holds them together or looks across (its rules 3a and 999).
//!
//! Runs of letters (of one case in o200k, of one of the sets that it tells apart in DeepSeek) and runs
//! of one symbol that is no numeral are in one piece, but for a few symbols at either end, which may go
//! to the pieces beside it: contractions take two letters, words and signs one blank or sign in
//! front. So symbols inside the run may be left out. Numerals are grouped, but not by GPT-2.

use polytok_core::{Boundary, Span};

use crate::class::{Class, Set, scalar, symbol};

/// A symbol that is well-formed UTF-8.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Symbol {
    pub(crate) class: Class,
    pub(crate) scalar: u32,
}

const LETTERS: Set = Set::of(&[Class::Upper, Class::Lower, Class::Letter]);
const NUMBERS: Set = Set::of(&[Class::Number, Class::NumberOther]);
const SPACES: Set = Set::of(&[Class::Space, Class::Newline]);
const SIGNS: Set = Set::of(&[Class::Punctuation, Class::PunctuationWord]);

impl Symbol {
    fn letter(self) -> bool {
        LETTERS.has(self.class)
    }

    fn number(self) -> bool {
        NUMBERS.has(self.class)
    }

    fn space(self) -> bool {
        SPACES.has(self.class)
    }

    fn newline(self) -> bool {
        self.class == Class::Newline
    }

    fn blank(self) -> bool {
        self.class == Class::Space
    }

    /// Whether it is none of the above.
    fn sign(self) -> bool {
        !self.letter() && !self.number() && !self.space()
    }
}

/// The well-formed symbol at a place, and its length.
fn formed(input: &[u8], at: usize) -> Option<(Symbol, usize)> {
    let (class, len) = symbol(input, at).filter(|&(class, _)| class != Class::Invalid)?;
    let scalar = if len == 1 { u32::from(input[at]) } else { scalar(&input[at..])?.0 };
    Some((Symbol { class, scalar }, len))
}

/// The first place at or after `from` at which a rule knows a boundary that is firm enough.
pub(crate) fn cut(
    input: &[u8],
    from: usize,
    firmness: Boundary,
    rule: impl Fn(Symbol, Symbol) -> Option<Boundary>,
) -> Option<usize> {
    // From the symbol that ends at `from` or holds it.
    let first = (from.saturating_sub(4)..from)
        .find(|&at| formed(input, at).is_some_and(|(_, len)| at + len >= from));
    let mut at = first.unwrap_or(from);
    let mut left = None;
    while at < input.len() {
        let Some((right, len)) = formed(input, at) else {
            left = None;
            at += 1;
            continue;
        };
        let boundary = left.and_then(|left| rule(left, right));
        if at >= from
            && boundary.is_some_and(|found| firmness == Boundary::Soft || found == firmness)
        {
            return Some(at);
        }
        left = Some(right);
        at += len;
    }
    None
}

/// What stays in a window on either side: four symbols or more.
const MARGIN: usize = 16;

/// The inside of a window whose symbols all have one label; with `bad` also of one whose bytes are all
/// the same and no symbols.
pub(crate) fn spare(
    window: &[u8],
    bad: bool,
    label: impl Fn(Symbol) -> Option<u32>,
) -> Option<Span> {
    let first = *window.first()?;
    if first >= 0x80 && window.iter().all(|&byte| byte == first) {
        // But for three that may end a symbol before, and one that may begin one behind.
        let span = Span::new(MARGIN, window.len().checked_sub(MARGIN)?);
        return (bad && !span.is_empty()).then_some(span);
    }
    // The ends may lie within symbols.
    let start = (0..4.min(window.len())).find(|&at| formed(window, at).is_some())?;
    let wanted = label(formed(window, start)?.0)?;
    let (mut from, mut to, mut at) = (None, start, start);
    let last = window.len().checked_sub(MARGIN + 3)?;
    loop {
        if at >= start + MARGIN {
            from = from.or(Some(at));
        }
        if at <= last {
            to = at;
        }
        match formed(window, at) {
            Some((symbol, len)) if label(symbol) == Some(wanted) => at += len,
            None if at + 3 >= window.len() => break,
            _ => return None,
        }
    }
    from.filter(|&from| from < to).map(|from| Span::new(from, to))
}

/// A label for runs of one symbol.
fn alone(symbol: Symbol) -> u32 {
    16 + symbol.scalar
}

/// The rules of cl100k and its relatives.
pub(crate) mod cl100k {
    use super::*;

    /// Bytes that are no symbols go together.
    pub(crate) const BAD: bool = true;

    pub(crate) fn rule(left: Symbol, right: Symbol) -> Option<Boundary> {
        let cut = left.letter() && !right.letter()
            || left.number() && !right.number()
            || left.newline() && !right.space()
            || left.sign() && right.blank();
        cut.then_some(Boundary::Hard)
    }

    pub(crate) fn label(symbol: Symbol) -> Option<u32> {
        match symbol {
            _ if symbol.letter() => Some(0),
            _ if symbol.number() => None,
            _ => Some(alone(symbol)),
        }
    }
}

/// The rules of GPT-2.
pub(crate) mod gpt2 {
    use super::*;

    /// Bytes that are no symbols go together.
    pub(crate) const BAD: bool = true;

    pub(crate) fn rule(left: Symbol, right: Symbol) -> Option<Boundary> {
        let cut = left.letter() && !right.letter()
            || left.number() && !right.number()
            || left.sign() && right.space();
        cut.then_some(Boundary::Hard)
    }

    pub(crate) fn label(symbol: Symbol) -> Option<u32> {
        match symbol {
            _ if symbol.letter() => Some(0),
            _ if symbol.number() => Some(1),
            _ => Some(alone(symbol)),
        }
    }
}

/// The rules of o200k.
pub(crate) mod o200k {
    use super::*;

    /// Bytes that are no symbols go together.
    pub(crate) const BAD: bool = true;

    pub(crate) fn rule(left: Symbol, right: Symbol) -> Option<Boundary> {
        let goes_on =
            right.letter() || right.class == Class::Mark || right.scalar == u32::from(b'\'');
        let cut = left.letter() && !goes_on
            || left.number() && !right.number()
            || left.newline() && !right.space() && right.scalar != u32::from(b'/')
            || left.sign() && right.blank();
        cut.then_some(Boundary::Hard)
    }

    pub(crate) fn label(symbol: Symbol) -> Option<u32> {
        match symbol {
            _ if symbol.letter() => Some(symbol.class as u32),
            _ if symbol.number() => None,
            _ => Some(alone(symbol)),
        }
    }
}

/// The rules of DeepSeek V3.
pub(crate) mod deepseek {
    use super::*;

    /// Bytes that are no symbols go together.
    pub(crate) const BAD: bool = true;

    pub(crate) fn rule(left: Symbol, right: Symbol) -> Option<Boundary> {
        let cut = left.letter() && !right.letter() && right.class != Class::Mark
            || left.number() && !right.number()
            || left.newline() && !right.space()
            || SIGNS.has(left.class) && right.blank();
        cut.then_some(Boundary::Hard)
    }

    pub(crate) fn label(symbol: Symbol) -> Option<u32> {
        match symbol {
            _ if symbol.letter() => Some(match symbol.scalar {
                ..=0x7f => 0,
                0x4e00..=0x9fa5 | 0x3040..=0x30ff => 1,
                _ => 2,
            }),
            _ if symbol.number() => None,
            _ => Some(alone(symbol)),
        }
    }
}

/// The rules of our own split.
pub(crate) mod text {
    use super::*;

    /// Bytes that are no symbols go together.
    pub(crate) const BAD: bool = true;

    pub(crate) fn rule(left: Symbol, right: Symbol) -> Option<Boundary> {
        let goes_on = right.letter()
            || matches!(right.class, Class::Mark | Class::OtherWord)
            || matches!(right.scalar, 0x27 | 0x2019);
        let in_line = matches!(right.scalar, 0x09 | 0x0a | 0x0d | 0x20);
        if left.number() && !right.number() || left.newline() && !in_line {
            return Some(Boundary::Hard);
        }
        if left.letter() && !goes_on {
            let hard = right.number() || right.newline();
            return Some(if hard { Boundary::Hard } else { Boundary::Soft });
        }
        (left.sign() && right.blank()).then_some(Boundary::Soft)
    }

    pub(crate) fn label(symbol: Symbol) -> Option<u32> {
        cl100k::label(symbol)
    }
}

/// The rules of UAX #29.
pub(crate) mod words {
    use super::*;

    /// Each byte that is no symbol stands alone.
    pub(crate) const BAD: bool = false;

    fn alphanumeric(symbol: Symbol) -> bool {
        u8::try_from(symbol.scalar).is_ok_and(|byte| byte.is_ascii_alphanumeric())
    }

    pub(crate) fn rule(left: Symbol, right: Symbol) -> Option<Boundary> {
        let cut = alphanumeric(left) && matches!(right.scalar, 0x0a | 0x20);
        cut.then_some(Boundary::Hard)
    }

    pub(crate) fn label(symbol: Symbol) -> Option<u32> {
        match symbol {
            _ if alphanumeric(symbol) => Some(0),
            Symbol { scalar: 0x20, .. } => Some(1),
            _ => None,
        }
    }
}

/// Both methods of a segmenter, by the rules of a module.
macro_rules! by {
    ($rules:ident) => {
        fn cut(&self, input: &[u8], from: usize, firmness: Boundary) -> Option<usize> {
            crate::cut::cut(input, from, firmness, crate::cut::$rules::rule)
        }

        fn spare(&self, window: &[u8]) -> Option<Span> {
            crate::cut::spare(window, crate::cut::$rules::BAD, crate::cut::$rules::label)
        }
    };
}
pub(crate) use by;
