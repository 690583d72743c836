//! Two bytes side by side: what they make, and where they make it whatever is around them.
//!
//! > *Lemma.* Let the bytes `a` and `b` stand side by side in a text, `p` in front of them and `q` behind.
//! > If the merge of `a` and `b` comes before all merges of a token that ends with `p` and of `a` alone,
//! > and before all of `b` alone and of a token that begins with `q`, then the encoding of the text is that
//! > of the text in which these two are one token already.
//!
//! For as long as both stand alone, the token in front ends with `p` and the one behind begins with `q`,
//! whatever was merged there. So what would take `a` or `b` away comes later than what makes `a b`; and
//! until that is made, only merges elsewhere are made that do not come later either. If it is made at once
//! the same ones are made, as all merges of the token `a b` come behind it in the list.
//!
//! At the ends of a text nothing is in front or behind, and nothing needs to be compared.

use crate::{merge::Pair, token_bytes::TokenBytes};

/// No token.
pub(crate) const NONE: u32 = u32::MAX;

/// Pieces of up to this many bytes have a bit for each pair.
pub(crate) const BITS: usize = 64;

/// What is known of two bytes side by side: tokens, of which the smaller number comes first.
#[derive(Clone, Copy, Debug)]
struct BytePair {
    /// What they make.
    makes: u32,
    /// The first made of the right byte alone, behind a token that ends with the left one.
    takes_right: u32,
    /// The first made of the left byte alone, in front of a token that begins with the right one.
    takes_left: u32,
}

/// Two bytes that no merge knows.
const UNKNOWN: BytePair = BytePair { makes: NONE, takes_right: NONE, takes_left: NONE };

/// All pairs of bytes. 768 KiB.
#[derive(Clone, Debug)]
pub(crate) struct BytePairs(Box<[BytePair]>);

/// The place of two bytes.
#[inline(always)]
fn place(left: u8, right: u8) -> usize {
    usize::from(left) << 8 | usize::from(right)
}

impl BytePairs {
    /// Of no merges.
    pub(crate) fn new() -> BytePairs {
        BytePairs(vec![UNKNOWN; 1 << 16].into_boxed_slice())
    }

    /// Enters a merge of two of `tokens`.
    #[inline]
    pub(crate) fn insert(&mut self, (left, right): Pair, token: u32, tokens: &TokenBytes) {
        let (one_left, one_right) = (left < 256, right < 256);
        if !one_left && !one_right {
            return;
        }
        // No token is empty.
        let (left, right) = (tokens.get(left), tokens.get(right));
        let pair = &mut self.0[place(left[left.len() - 1], right[0])];
        // Of merges of one pair the first holds.
        let enter = |first: &mut u32, it_does: bool| {
            if it_does {
                *first = token.min(*first);
            }
        };
        enter(&mut pair.makes, one_left && one_right);
        enter(&mut pair.takes_right, one_right);
        enter(&mut pair.takes_left, one_left);
    }

    #[inline(always)]
    fn get(&self, left: u8, right: u8) -> &BytePair {
        &self.0[place(left, right)]
    }

    /// What two bytes make.
    #[inline(always)]
    pub(crate) fn makes(&self, left: u8, right: u8) -> u32 {
        self.get(left, right).makes
    }

    /// What the pairs of a piece make, and a bit for each that is made in any case; no two of them overlap.
    ///
    /// The piece has at most [`BITS`] bytes, and `makes` room for all its pairs.
    #[inline(always)]
    pub(crate) fn sure(&self, piece: &[u8], makes: &mut [u32]) -> u64 {
        let Some((&[first, second], rest)) = piece.split_first_chunk() else { return 0 };
        let mut sure = 0;
        let (mut here, mut left, mut in_front) = (self.get(first, second), second, NONE);
        for ((&right, place), at) in rest.iter().zip(&mut *makes).zip(0..) {
            let next = self.get(left, right);
            *place = here.makes;
            // Both compared without a jump, which nobody could guess.
            let is_sure = (here.makes < in_front) & (here.makes < next.takes_left);
            sure |= u64::from(is_sure) << at;
            (here, left, in_front) = (next, right, here.takes_right);
        }
        makes[rest.len()] = here.makes;
        sure | u64::from(here.makes < in_front) << rest.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure(merges: &[Pair], piece: &[u8]) -> u64 {
        let (mut pairs, mut tokens) = (BytePairs::new(), TokenBytes::with_room(0));
        for (&pair, token) in merges.iter().zip(256..) {
            pairs.insert(pair, token, &tokens);
            tokens.join(pair.0, pair.1).unwrap();
        }
        let mut makes = vec![0; piece.len().saturating_sub(1)];
        let sure = pairs.sure(piece, &mut makes);
        let expected = piece.windows(2).map(|pair| pairs.makes(pair[0], pair[1]));
        assert!(makes.into_iter().eq(expected));
        sure
    }

    #[test]
    fn pairs_are_sure_where_nothing_before_them_takes_a_byte() {
        let [a, b, c, d] = [b'a', b'b', b'c', b'd'].map(u32::from);
        let (bc, ab) = ((b, c), (a, b));
        assert_eq!(sure(&[bc, ab], b"abcab"), 0b1010);
        assert_eq!(sure(&[bc, ab], b"ab"), 0b1);
        assert_eq!(sure(&[bc, ab], b"a"), 0);
        assert_eq!(sure(&[bc, ab], b""), 0);
        // What ends with `d` takes `a` before `b` does, whatever else it is; and it must be in front.
        assert_eq!(sure(&[(c, d), (256, a), ab], b"dabcab"), 0b10000);
        // What begins with `c` takes `b`.
        assert_eq!(sure(&[(c, d), (b, 256), ab], b"abcab"), 0b1000);
        // Two of one kind take each other's bytes.
        let aa = (a, a);
        assert_eq!(sure(&[aa], b"aaa"), 0);
        assert_eq!(sure(&[aa], b"baab"), 0b10);
        // The longest.
        assert_eq!(sure(&[aa, bc, ab], &b"ab".repeat(32)), 0x5555_5555_5555_5555);
    }
}
