//! Keys of pieces of one vocabulary among others, made to be hashed at once.

use crate::{
    kept,
    key::{self, Key},
};

/// Numbers that tell vocabularies apart: those of four bits, without 0.
pub(crate) const NUMBERS: usize = 15;

/// Where the number stands in a key, which leaves these bits free.
const NUMBER_AT: u32 = 120;
const NUMBER_BITS: Key = 15 << NUMBER_AT;

/// The key of a piece with the number of a vocabulary, mixed; 0 is none.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Marked(Key);

impl Marked {
    /// The key of pieces that are too long to be kept: that of no piece, as it has no number.
    pub(crate) const UNKEPT: Marked = Marked(1 ^ key::MIX);

    /// The hash with the number; that of the key alone is another.
    #[inline(always)]
    pub(crate) fn hash(self) -> u64 {
        key::hash_mixed(self.0)
    }

    /// The key alone.
    #[inline(always)]
    pub(crate) fn key(self) -> Key {
        (self.0 ^ key::MIX) & !NUMBER_BITS
    }

    /// Whether it is the key of a long piece.
    pub(crate) fn is_long(self) -> bool {
        key::is_long(self.key())
    }
}

/// Keys of pieces with one number.
#[derive(Clone, Debug)]
pub(crate) struct Marker {
    /// By the number of bytes of a short piece: the bits of its bytes, and all else of the marked key.
    short: [(Key, Key); key::LONGEST + 1],
    /// The number, mixed.
    tag: Key,
}

impl Default for Marker {
    fn default() -> Marker {
        Marker::new(1)
    }
}

impl Marker {
    /// Keys with a number, from 1 to [`NUMBERS`].
    pub(crate) fn new(number: u8) -> Marker {
        let tag = Key::from(number) << NUMBER_AT ^ key::MIX;
        let short = std::array::from_fn(|len| (key::bits(len), key::len_bits(len) ^ tag));
        Marker { short, tag }
    }

    /// The key of `input[start..end]`, which is not empty.
    #[inline(always)]
    pub(crate) fn at(&self, input: &[u8], start: usize, end: usize) -> Marked {
        let Some(&(bits, tag)) = self.short.get(end.wrapping_sub(start)) else {
            return self.of(&input[start..end]);
        };
        // One load, away from the end of the input.
        match input.get(start..start + 16) {
            Some(bytes) => {
                Marked(u128::from_le_bytes(bytes.try_into().unwrap_or_default()) & bits ^ tag)
            }
            None => self.at_the_end(&input[start..end]),
        }
    }

    /// The key of a short piece that has less than 16 bytes behind its beginning. Not left to [`of`](Marker::of):
    /// with one way out for both, both checks would be made and joined for each piece.
    #[cold]
    #[inline(never)]
    fn at_the_end(&self, piece: &[u8]) -> Marked {
        Marked(key::key(piece, 0, piece.len()) ^ self.tag)
    }

    /// The key of a piece.
    #[inline(never)]
    pub(crate) fn of(&self, piece: &[u8]) -> Marked {
        if piece.len() > kept::LONGEST {
            return Marked::UNKEPT;
        }
        Marked(key::any(piece) ^ self.tag)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn keys_tell_pieces_and_numbers_apart_wherever_they_stand() {
        let input = b"\0\0abcdefghijklmnopqrst\0";
        let mut keys = HashMap::new();
        for number in 1..=NUMBERS as u8 {
            let marker = Marker::new(number);
            for start in 0..input.len() {
                for end in start + 1..=input.len() {
                    let piece = &input[start..end];
                    let key = marker.of(piece);
                    assert_eq!(key, marker.at(input, start, end));
                    assert_eq!(key.key(), key::any(piece));
                    assert_eq!(key.is_long(), piece.len() > key::LONGEST);
                    assert_ne!(key, Marked::UNKEPT);
                    assert_eq!(*keys.entry(key.0).or_insert((number, piece)), (number, piece));
                }
            }
            assert_eq!(marker.of(&[b'a'; kept::LONGEST + 1]), Marked::UNKEPT);
        }
    }

    #[test]
    fn no_piece_has_the_key_that_is_none() {
        let none = Marked::default().key();
        let len = usize::from(key::short_len(none));
        assert!(!key::is_long(none) && none & !key::len_bits(len) & !key::bits(len) != 0);
    }
}
