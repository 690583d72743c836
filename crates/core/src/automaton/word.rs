//! A token and its length in one number, so that nobody need look up how long it is.

use crate::vocabulary::MAX_MERGES;

/// A token in the lower bits, its length in the higher ones, and above them the two bits of [`MARKS`].
pub(crate) type Word = u32;

/// No token: the only one without bytes.
pub(crate) const NO_TOKEN: Word = 0;

/// The bit of a place that says that a segment ends there.
pub(crate) const SEGMENT_ENDS: Word = 1 << 31;

/// The bit of a place that no token goes beyond.
pub(crate) const STOP: Word = 1 << 30;

/// Both.
pub(crate) const MARKS: Word = SEGMENT_ENDS | STOP;

const TOKEN_BITS: u32 = 24;

const _: () = assert!(256 + MAX_MERGES <= 1 << TOKEN_BITS, "every token has a number");

/// The length that stands for itself and all greater ones.
const LONG: u32 = (STOP >> TOKEN_BITS) - 1;

pub(crate) fn word(token: u32, len: usize) -> Word {
    (len.min(LONG as usize) as u32) << TOKEN_BITS | token
}

/// The token of a word, whatever marks there are.
#[inline(always)]
pub(crate) fn token(word: Word) -> u32 {
    word % (1 << TOKEN_BITS)
}

/// The length of the token, if the word, which has no marks, tells.
#[inline(always)]
pub(crate) fn len(word: Word) -> Option<usize> {
    let len = word >> TOKEN_BITS;
    (len != LONG).then_some(len as usize)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_tell_tokens_and_short_lengths(number in 0u32..1 << 24, bytes in 1usize..300) {
            let word = word(number, bytes);
            prop_assert_eq!(word & MARKS, 0);
            prop_assert_eq!(token(word), number);
            prop_assert_eq!(len(word), (bytes < 63).then_some(bytes));
        }
    }
}
