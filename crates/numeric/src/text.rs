//! Bytes, and the questions the grammar asks about them.

#[cfg(test)]
use std::cell::Cell;

/// An input of any bytes.
///
/// The grammar reads through [`get`](Text::get) alone, so that a test can count its work.
#[derive(Clone, Debug)]
pub(crate) struct Text<'a> {
    bytes: &'a [u8],
    #[cfg(test)]
    reads: Cell<usize>,
}

impl<'a> Text<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Text<'a> {
        Text {
            bytes,
            #[cfg(test)]
            reads: Cell::new(0),
        }
    }

    /// Bytes looked at so far.
    #[cfg(test)]
    pub(crate) fn reads(&self) -> usize {
        self.reads.get()
    }

    pub(crate) fn get(&self, at: usize) -> Option<u8> {
        #[cfg(test)]
        self.reads.set(self.reads.get() + 1);
        self.bytes.get(at).copied()
    }

    /// The byte before `at`.
    pub(crate) fn before(&self, at: usize) -> Option<u8> {
        self.get(at.checked_sub(1)?)
    }

    pub(crate) fn slice(&self, start: usize, end: usize) -> &'a [u8] {
        &self.bytes[start..end]
    }

    pub(crate) fn starts_with(&self, at: usize, prefix: &[u8]) -> bool {
        prefix.iter().enumerate().all(|(i, &byte)| self.get(at + i) == Some(byte))
    }

    pub(crate) fn is_digit(&self, at: usize) -> bool {
        self.get(at).is_some_and(|byte| byte.is_ascii_digit())
    }

    /// The end of the run of digits at `at`.
    pub(crate) fn digits_end(&self, mut at: usize) -> usize {
        while self.is_digit(at) {
            at += 1;
        }
        at
    }

    /// The end of the run of digits at `at`, or none if it is longer than `most`.
    pub(crate) fn short_digits_end(&self, start: usize, most: usize) -> Option<usize> {
        let mut at = start;
        while self.is_digit(at) {
            at += 1;
            if at - start > most {
                return None;
            }
        }
        Some(at)
    }

    /// The character at `at` and its length in bytes; none at the end or where no UTF-8 begins.
    pub(crate) fn char_at(&self, at: usize) -> Option<(char, usize)> {
        let len = match self.get(at)? {
            byte @ ..0x80 => return Some((char::from(byte), 1)),
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => return None,
        };
        let text = str::from_utf8(self.bytes.get(at..at + len)?).ok()?;
        Some((text.chars().next()?, len))
    }

    /// Whether a character of words is at `at`.
    pub(crate) fn is_word(&self, at: usize) -> bool {
        self.char_at(at).is_some_and(|(c, _)| is_word(c))
    }

    /// The end of the word at `at`: of its longest run of word characters.
    pub(crate) fn word_end(&self, mut at: usize) -> usize {
        while let Some((c, len)) = self.char_at(at)
            && is_word(c)
        {
            at += len;
        }
        at
    }

    /// Whether the character that ends at `at` is one of words.
    pub(crate) fn word_before(&self, at: usize) -> bool {
        match self.before(at) {
            None => false,
            Some(byte) if byte < 0x80 => is_word(char::from(byte)),
            Some(_) => (2..=4).any(|len| {
                at.checked_sub(len).is_some_and(
                    |start| matches!(self.char_at(start), Some((c, l)) if l == len && is_word(c)),
                )
            }),
        }
    }
}

/// Whether a character is part of words: of names and of identifiers such as `B2B_7`.
///
/// ASCII letters, digits and the underscore; of the rest, the blocks of scripts that put spaces
/// between words. Han, kana and Hangul are left out because a number stands beside them without a
/// space (`2024年`), and so is everything that is no letter. Blocks and not properties, so that the
/// cuts do not move with a version of Unicode.
pub(crate) fn is_word(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => true,
        '\u{AA}' | '\u{B5}' | '\u{BA}' => true,
        '\u{D7}' | '\u{F7}' => false,
        '\u{C0}'..='\u{1FFF}' => true,
        '\u{2C00}'..='\u{2DFF}' | '\u{A640}'..='\u{ABFF}' => true,
        '\u{FB00}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_digits_and_underscores() {
        let text = Text::new("Zürich_7-名é€".as_bytes());
        assert_eq!(text.word_end(0), 9);
        assert!(text.word_before(3) && text.word_before(9) && !text.word_before(10));
        assert!(!text.is_word(10), "Han takes no part in words");
        assert!(!text.word_before(13) && text.is_word(13) && text.word_before(15));
        assert!(!text.is_word(15) && !text.word_before(18) && !text.is_word(18));
    }

    #[test]
    fn bytes_that_are_no_character_are_no_word() {
        let text = Text::new(b"a\xC3\xFF\x80\xE2\x82");
        assert_eq!(text.word_end(0), 1);
        for at in 1..6 {
            assert_eq!(text.char_at(at), None);
            assert!(!text.word_before(at + 1));
        }
    }
}
