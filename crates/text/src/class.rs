//! Classes of symbols, and runs of them over bytes that need not be UTF-8.
//!
//! A symbol is a Unicode scalar value in well-formed UTF-8, or else one single byte: the bytes of a
//! truncated or overlong sequence, of a surrogate, or past U+10FFFF are symbols of class
//! [`Class::Invalid`] each by itself. Every byte string is a sequence of symbols in exactly one way.

use crate::tables::{BLOCKS, RUNS};

/// What a symbol is to a splitting rule.
///
/// The numbers up to [`Class::OtherWord`] are those of the generated tables.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(crate) enum Class {
    /// Controls, formats, private use, unassigned.
    Other = 0,
    /// Upper and title case letter: Lu, Lt.
    Upper = 1,
    /// Lower case letter: Ll.
    Lower = 2,
    /// Letter without case, modifier letter: Lo, Lm.
    Letter = 3,
    /// M.
    Mark = 4,
    /// A number that `\w` holds: Nd, Nl.
    Number = 5,
    /// A number that `\w` does not hold: No.
    NumberOther = 6,
    /// Carriage return or line feed.
    Newline = 7,
    /// The rest of `White_Space`.
    Space = 8,
    /// Punctuation or symbol: P, S.
    Punctuation = 9,
    /// Punctuation or symbol that `\w` holds: Pc, circled letters.
    PunctuationWord = 10,
    /// What else `\w` holds: the joiners.
    OtherWord = 11,
    /// One byte that is no part of well-formed UTF-8.
    Invalid = 12,
}

impl Class {
    const ALL: [Class; 13] = [
        Class::Other,
        Class::Upper,
        Class::Lower,
        Class::Letter,
        Class::Mark,
        Class::Number,
        Class::NumberOther,
        Class::Newline,
        Class::Space,
        Class::Punctuation,
        Class::PunctuationWord,
        Class::OtherWord,
        Class::Invalid,
    ];
}

const BLOCK: usize = 128;

const ASCII: [Class; BLOCK] = classes()[RUNS[0].1 as usize];
static STAGE: [u8; 0x11_0000 / BLOCK] = stage();
static CLASSES: [[Class; BLOCK]; BLOCKS.len()] = classes();

const fn stage() -> [u8; 0x11_0000 / BLOCK] {
    let mut stage = [0; 0x11_0000 / BLOCK];
    let (mut run, mut at) = (0, 0);
    while run < RUNS.len() {
        let mut left = RUNS[run].0;
        while left > 0 {
            stage[at] = RUNS[run].1;
            at += 1;
            left -= 1;
        }
        run += 1;
    }
    assert!(at == stage.len());
    stage
}

const fn classes() -> [[Class; BLOCK]; BLOCKS.len()] {
    let mut classes = [[Class::Other; BLOCK]; BLOCKS.len()];
    let mut block = 0;
    while block < BLOCKS.len() {
        let mut low = 0;
        while low < BLOCK {
            let digit = BLOCKS[block][low];
            let class = if digit <= b'9' { digit - b'0' } else { digit - b'a' + 10 };
            classes[block][low] = Class::ALL[class as usize];
            low += 1;
        }
        block += 1;
    }
    classes
}

/// A set of classes.
#[derive(Debug)]
pub(crate) struct Set {
    bits: u16,
    /// Whether a byte is an ASCII character of the set.
    ascii: [bool; 256],
}

impl Set {
    pub(crate) const fn of(members: &[Class]) -> Set {
        let mut bits = 0;
        let mut member = 0;
        while member < members.len() {
            bits |= 1 << members[member] as u16;
            member += 1;
        }
        Set::from_bits(bits)
    }

    pub(crate) const fn union(&self, other: &Set) -> Set {
        Set::from_bits(self.bits | other.bits)
    }

    pub(crate) const fn complement(&self) -> Set {
        Set::from_bits(!self.bits)
    }

    const fn from_bits(bits: u16) -> Set {
        let mut ascii = [false; 256];
        let mut byte = 0;
        while byte < ASCII.len() {
            ascii[byte] = bits >> ASCII[byte] as u16 & 1 == 1;
            byte += 1;
        }
        Set { bits, ascii }
    }

    #[inline]
    pub(crate) const fn has(&self, class: Class) -> bool {
        self.bits >> class as u16 & 1 == 1
    }
}

/// The class and the length in bytes of the symbol at `at`; none at the end.
#[inline]
pub(crate) fn symbol(input: &[u8], at: usize) -> Option<(Class, usize)> {
    match *input.get(at)? {
        byte @ 0..=0x7f => Some((ASCII[usize::from(byte)], 1)),
        _ => Some(long_symbol(&input[at..])),
    }
}

/// The class of a scalar value.
#[inline(always)]
fn of(scalar: u32) -> Class {
    let scalar = scalar as usize;
    CLASSES[usize::from(STAGE[scalar / BLOCK])][scalar % BLOCK]
}

/// The class and the length of the symbol that starts with the non-ASCII byte `input[0]`.
#[inline(always)]
pub(crate) fn long_symbol(input: &[u8]) -> (Class, usize) {
    scalar(input).map_or((Class::Invalid, 1), |(scalar, len)| (of(scalar), len))
}

/// The scalar value of the two to four bytes at the start of `input`, and their number; none if
/// they are not well formed (Unicode 16, table 3-7).
#[inline(always)]
pub(crate) fn scalar(input: &[u8]) -> Option<(u32, usize)> {
    // Two and three bytes at once: most symbols have so many.
    if let Some(&bytes) = input.first_chunk() {
        let word = u32::from_le_bytes(bytes);
        let tail = |byte: u32| word >> (8 * byte) & 0x3f;
        if word & 0xc0_e0 == 0x80_c0 {
            let scalar = (word & 0x1f) << 6 | tail(1);
            if scalar >= 0x80 {
                return Some((scalar, 2));
            }
        } else if word & 0xc0_c0_f0 == 0x80_80_e0 {
            let scalar = (word & 0x0f) << 12 | tail(1) << 6 | tail(2);
            if scalar >= 0x800 && scalar & 0xf800 != 0xd800 {
                return Some((scalar, 3));
            }
        }
    }
    any_scalar(input)
}

/// The same, byte by byte.
fn any_scalar(input: &[u8]) -> Option<(u32, usize)> {
    let tail =
        |at: usize| input.get(at).filter(|&&b| b & 0xc0 == 0x80).map(|&b| u32::from(b & 0x3f));
    let first = u32::from(*input.first()?);
    let (scalar, len, least) = match first {
        0xc2..=0xdf => ((first & 0x1f) << 6 | tail(1)?, 2, 0x80),
        0xe0..=0xef => ((first & 0x0f) << 12 | tail(1)? << 6 | tail(2)?, 3, 0x800),
        0xf0..=0xf4 => {
            ((first & 0x07) << 18 | tail(1)? << 12 | tail(2)? << 6 | tail(3)?, 4, 0x1_0000)
        }
        _ => return None,
    };
    (scalar >= least && char::from_u32(scalar).is_some()).then_some((scalar, len))
}

/// The end of the longest run of symbols of `set` that starts at `at`.
#[inline]
pub(crate) fn run(input: &[u8], mut at: usize, set: &Set) -> usize {
    while let Some(&byte) = input.get(at) {
        if set.ascii[usize::from(byte)] {
            at += 1;
        } else if byte < 0x80 {
            break;
        } else {
            let (class, len) = long_symbol(&input[at..]);
            if !set.has(class) {
                break;
            }
            at += len;
        }
    }
    at
}

/// As [`run`], but of at most `limit` symbols.
#[inline]
pub(crate) fn run_of(input: &[u8], mut at: usize, set: &Set, limit: usize) -> usize {
    for _ in 0..limit {
        match symbol(input, at) {
            Some((class, len)) if set.has(class) => at += len,
            _ => break,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The scalar value at the start of `input` by way of the standard library.
    fn decoded(input: &[u8]) -> Option<(u32, usize)> {
        let first = input.utf8_chunks().next()?.valid().chars().next()?;
        Some((u32::from(first), first.len_utf8()))
    }

    #[test]
    fn every_sequence_of_two_and_three_bytes_is_decoded_as_by_std() {
        for first in 0x80..=0xff {
            for second in 0..=0xff {
                for third in [0x00, 0x41, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xff] {
                    for input in [&[first, second, third][..], &[first, second], &[first]] {
                        assert_eq!(scalar(input), decoded(input), "{input:x?}");
                        assert_eq!(any_scalar(input), decoded(input), "{input:x?}");
                        // With enough bytes behind them for a word.
                        let text = [input, b"ab"].concat();
                        assert_eq!(scalar(&text), decoded(&text), "{text:x?}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_scalar_is_decoded() {
        let mut buffer = [0; 4];
        for c in '\u{80}'..=char::MAX {
            let input = c.encode_utf8(&mut buffer).as_bytes();
            assert_eq!(scalar(input), Some((u32::from(c), input.len())));
            assert_eq!(scalar(&input[..input.len() - 1]), None);
            let text = [input, b"ab"].concat();
            assert_eq!(scalar(&text), scalar(input));
            assert_eq!(long_symbol(&text), (of(u32::from(c)), input.len()));
        }
    }

    proptest! {
        #[test]
        fn four_bytes_are_decoded_as_by_std(input: [u8; 4], first in 0xe0u8..=0xff, tail: [u8; 3]) {
            let tail = tail.map(|b| 0x80 | b & 0x3f);
            let near = [first, tail[0], tail[1], tail[2]];
            prop_assert_eq!(scalar(&near), decoded(&near));
            if !input[0].is_ascii() {
                prop_assert_eq!(scalar(&input), decoded(&input));
            }
        }
    }
}
