//! A place in the input, and the small steps that recognizers are made of.

use bstr::{decode_last_utf8, decode_utf8};

/// A byte offset into an input. A step gives the place behind what it read, or nothing.
///
/// Every step reads a number of bytes that its arguments bound, so a recognizer made of finitely
/// many steps has a bounded look-ahead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    input: &'a [u8],
    pub(crate) at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(input: &'a [u8], at: usize) -> Cursor<'a> {
        Cursor { input, at }
    }

    fn rest(self) -> &'a [u8] {
        &self.input[self.at..]
    }

    /// The next byte; 0 at the end, which no recognizer looks for.
    pub(crate) fn peek(self) -> u8 {
        self.input.get(self.at).copied().unwrap_or(0)
    }

    /// The bytes from here to a later place.
    pub(crate) fn until(self, later: Cursor<'_>) -> &'a [u8] {
        &self.input[self.at..later.at]
    }

    /// Reads these bytes.
    pub(crate) fn eat(self, bytes: &[u8]) -> Option<Cursor<'a>> {
        self.rest().starts_with(bytes).then(|| self.skip(bytes.len()))
    }

    /// Reads the first of these byte strings that fits; list longer ones before their prefixes.
    pub(crate) fn any(self, of: &[&str]) -> Option<Cursor<'a>> {
        let first = self.peek();
        of.iter()
            .filter(|one| one.as_bytes().first() == Some(&first))
            .find_map(|one| self.eat(one.as_bytes()))
    }

    /// Reads what `step` reads, or nothing.
    pub(crate) fn maybe(self, step: impl FnOnce(Cursor<'a>) -> Option<Cursor<'a>>) -> Cursor<'a> {
        step(self).unwrap_or(self)
    }

    /// Reads what `step` reads, `most` times or until it reads nothing.
    pub(crate) fn many(
        self,
        most: usize,
        step: impl Fn(Cursor<'a>) -> Option<Cursor<'a>>,
    ) -> Cursor<'a> {
        let mut cursor = self;
        for _ in 0..most {
            match step(cursor) {
                Some(next) => cursor = next,
                None => break,
            }
        }
        cursor
    }

    /// Reads a run of `least..=most` bytes of a class; a longer run is no match.
    pub(crate) fn run(
        self,
        least: usize,
        most: usize,
        class: impl Fn(u8) -> bool,
    ) -> Option<Cursor<'a>> {
        let len = self.rest().iter().take(most + 1).take_while(|&&byte| class(byte)).count();
        (least..=most).contains(&len).then(|| self.skip(len))
    }

    /// Reads a run of 1 to `most` digits; a longer run is no match.
    pub(crate) fn digits(self, most: usize) -> Option<Cursor<'a>> {
        self.run(1, most, |byte| byte.is_ascii_digit())
    }

    /// Reads a run of exactly `n` digits; a longer run is no match.
    pub(crate) fn exactly(self, n: usize) -> Option<Cursor<'a>> {
        self.run(n, n, |byte| byte.is_ascii_digit())
    }

    /// Reads one space: plain, or one of the spaces that do not break and stand before numbers
    /// (U+00A0, U+202F, U+2009).
    pub(crate) fn space(self) -> Option<Cursor<'a>> {
        self.any(&[" ", "\u{a0}", "\u{202f}", "\u{2009}"])
    }

    /// Reads a hyphen-minus, a hyphen that does not break (U+2011) or an en dash (U+2013).
    pub(crate) fn dash(self) -> Option<Cursor<'a>> {
        self.any(&["-", "\u{2011}", "\u{2013}"])
    }

    /// Stays here if no letter or digit follows.
    pub(crate) fn word_end(self) -> Option<Cursor<'a>> {
        (!starts_with_word(self.rest())).then_some(self)
    }

    /// The ASCII letters from here on, 24 at most: no word that is looked for is longer.
    pub(crate) fn word(self) -> &'a [u8] {
        let rest = self.rest();
        let len = rest.iter().take(24).take_while(|byte| byte.is_ascii_alphabetic()).count();
        &rest[..len]
    }

    /// The place `n` bytes on.
    pub(crate) fn skip(self, n: usize) -> Cursor<'a> {
        Cursor { at: self.at + n, ..self }
    }
}

/// Whether a letter or digit ends at the end of `before`. An ill-formed byte is neither.
pub(crate) fn ends_with_word(before: &[u8]) -> bool {
    match before.last() {
        Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric(),
        _ => decode_last_utf8(before).0.is_some_and(char::is_alphanumeric),
    }
}

/// Whether a letter or digit starts `after`. An ill-formed byte is neither.
pub(crate) fn starts_with_word(after: &[u8]) -> bool {
    match after.first() {
        Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric(),
        _ => decode_utf8(after).0.is_some_and(char::is_alphanumeric),
    }
}
