//! How the characters that a published file spells its tokens with stand for bytes.

use hashbrown::HashMap;
use polytok_core::Span;

/// What one symbol of an imported vocabulary stands for before any merge.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Alphabet {
    /// One byte.
    ///
    /// Rank files name bytes as they are; `tokenizer.json` spells them with 256 printable
    /// characters (Radford et al., "Language Models are Unsupervised Multitask Learners", 2019,
    /// `encoder.py`).
    Bytes,
    /// One byte, spelled as the character of the same number, U+0000 to U+00FF.
    ///
    /// The file was trained on binary data that was decoded as Latin-1. Whoever runs it with
    /// another program must decode its input as Latin-1, too; here bytes are given as they are.
    Latin1,
    /// One Unicode scalar value; a byte that is not part of valid UTF-8 is an unknown one.
    Characters,
}

/// The character that spells `byte` in a byte-level file.
///
/// Bytes that print in Latin-1 stand for themselves; the 68 others are U+0100 to U+0143 in the
/// order of bytes.
pub(crate) const fn spell(byte: u8) -> char {
    let number = match byte {
        b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff => byte as u32,
        0..=b' ' => 0x100 + byte as u32,
        0x7f..=0xa0 => 0x100 + 33 + (byte as u32 - 0x7f),
        0xad => 0x143,
    };
    match char::from_u32(number) {
        Some(character) => character,
        None => unreachable!(),
    }
}

/// The byte that `character` spells in a byte-level file.
pub(crate) const fn unspell(character: char) -> Option<u8> {
    let number = character as u32;
    match number {
        0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff => Some(number as u8),
        0x100..=0x120 => Some((number - 0x100) as u8),
        0x121..=0x142 => Some((number - 0x121 + 0x7f) as u8),
        0x143 => Some(0xad),
        _ => None,
    }
}

impl Alphabet {
    /// The input bytes that `token`, as the file spells it, stands for; none if it has a character
    /// that no input gives.
    pub(super) fn bytes_of(self, token: &str) -> Option<Vec<u8>> {
        match self {
            Alphabet::Bytes => token.chars().map(unspell).collect(),
            Alphabet::Latin1 => token.chars().map(|c| u8::try_from(c).ok()).collect(),
            Alphabet::Characters => Some(token.as_bytes().to_vec()),
        }
    }
}

/// What becomes of a character without a symbol.
#[derive(Clone, Debug)]
pub(super) enum Unknown {
    /// Nothing: it leaves no symbol, and its neighbors meet.
    Dropped,
    /// The unknown token, one for each character or one for each run.
    Token { id: u32, fused: bool },
    /// One symbol for each of its bytes.
    ByBytes(Box<[u32; 256]>),
}

/// The symbols that encoding starts from.
#[derive(Clone, Debug)]
pub(super) enum Symbols {
    Bytes(Box<[Option<u32>; 256]>),
    Characters(HashMap<char, u32>),
}

/// Calls `emit` with each character of `text` and its bytes; a byte that is not part of valid UTF-8
/// comes alone and without a character.
pub(super) fn characters(text: &[u8], mut emit: impl FnMut(Option<char>, Span)) {
    let mut at = 0;
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            let end = at + character.len_utf8();
            emit(Some(character), Span::new(at, end));
            at = end;
        }
        for _ in chunk.invalid() {
            emit(None, Span::new(at, at + 1));
            at += 1;
        }
    }
}

impl Symbols {
    /// Whether every byte string has symbols for all of its bytes.
    pub(super) fn is_total(&self) -> bool {
        match self {
            Symbols::Bytes(ids) => ids.iter().all(Option::is_some),
            Symbols::Characters(_) => false,
        }
    }

    /// Calls `emit` with the symbols of `text` and the bytes that each stands for.
    pub(super) fn of(&self, text: &[u8], unknown: &Unknown, mut emit: impl FnMut(u32, Span)) {
        // An unknown token that waits for its run to end.
        let mut run: Option<(u32, Span)> = None;
        let mut one = |symbol: Option<u32>, span: Span| match (symbol, unknown) {
            (Some(id), _) => {
                if let Some((id, span)) = run.take() {
                    emit(id, span);
                }
                emit(id, span);
            }
            (None, Unknown::Dropped) => {}
            (None, Unknown::Token { id, fused: false }) => emit(*id, span),
            (None, Unknown::Token { id, fused: true }) => {
                let start = run.map_or(span.start, |(_, run)| run.start);
                run = Some((*id, Span::new(start, span.end)));
            }
            (None, Unknown::ByBytes(ids)) => {
                for at in span.start..span.end {
                    emit(ids[usize::from(text[at])], Span::new(at, at + 1));
                }
            }
        };
        match self {
            Symbols::Bytes(ids) => {
                for (at, &byte) in text.iter().enumerate() {
                    one(ids[usize::from(byte)], Span::new(at, at + 1));
                }
            }
            Symbols::Characters(ids) => characters(text, |character, span| {
                one(character.and_then(|c| ids.get(&c).copied()), span);
            }),
        }
        if let Some((id, span)) = run {
            emit(id, span);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule as the source states it: printable bytes first, then the others from U+0100 on.
    #[test]
    fn bytes_are_spelled_by_the_published_rule() {
        let printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
        let mut other = 0x100;
        for byte in 0..=255u8 {
            let expected = if printable(byte) {
                char::from(byte)
            } else {
                other += 1;
                char::from_u32(other - 1).unwrap()
            };
            assert_eq!(spell(byte), expected);
            assert_eq!(unspell(expected), Some(byte));
        }
        assert_eq!(other, 0x144);
        let spelled = (0..0x11_0000).filter_map(char::from_u32).filter_map(unspell).count();
        assert_eq!(spelled, 256);
    }

    #[test]
    fn bad_bytes_come_one_by_one() {
        let mut seen = Vec::new();
        characters(b"a\xe2\x82b\xff\xc3\xa9", |c, span| seen.push((c, span.start, span.end)));
        let expected = [
            (Some('a'), 0, 1),
            (None, 1, 2),
            (None, 2, 3),
            (Some('b'), 3, 4),
            (None, 4, 5),
            (Some('\u{e9}'), 5, 7),
        ];
        assert_eq!(seen, expected);
    }
}
