//! Encoding short pieces: a scan for the pair of smallest rank, again and again.

use crate::{
    hashed_bits::{HashedBits, of_pair},
    merge::Pair,
    pairs::PairTable,
};

/// Pieces of up to this many bytes are merged here, longer ones are searched for: room is filled for
/// each piece, and a scan is quadratic.
pub(crate) const LONGEST: usize = 16;

/// No merge at this place.
const NONE: u32 = u32::MAX;

/// What short pieces ask of a table of pairs, in less memory than the table.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    /// What pairs of bytes make: half of all questions are about these. 256 KiB.
    bytes: Box<[u32]>,
    /// The pairs that merge; most other questions are about pairs that do not, and nine of ten of those end
    /// here.
    merges: HashedBits,
}

impl Filter {
    pub(crate) fn new(merges: &[Pair]) -> Filter {
        let mut filter = Filter::with_room(merges.len());
        merges.iter().zip(256..).for_each(|(&pair, token)| filter.insert(pair, token));
        filter
    }

    /// Of no merges, with room for so many.
    pub(crate) fn with_room(merges: usize) -> Filter {
        Filter {
            bytes: vec![NONE; 1 << 16].into_boxed_slice(),
            merges: HashedBits::with_room(merges),
        }
    }

    /// Enters a merge, after all those of smaller rank.
    pub(crate) fn insert(&mut self, (left, right): Pair, token: u32) {
        if left < 256 && right < 256 {
            let made = &mut self.bytes[(left << 8 | right) as usize];
            // Of merges of one pair, the first holds.
            *made = token.min(*made);
        }
        self.merges.insert(of_pair(left, right));
    }

    #[inline(always)]
    fn may_merge(&self, left: u32, right: u32) -> bool {
        self.merges.may_have(of_pair(left, right))
    }

    #[inline(always)]
    fn of_bytes(&self, left: u8, right: u8) -> u32 {
        self.bytes[usize::from(left) << 8 | usize::from(right)]
    }
}

/// Appends the encoding of a piece of at most [`LONGEST`] bytes; `of` gives ids by training ids.
///
/// A pair is looked up when it arises, and what it would make is kept: of training ids the smallest is the
/// one that is due. Costs one scan of what is left a merge, so it is quadratic in the piece.
pub(crate) fn encode(
    filter: &Filter,
    pairs: &PairTable,
    piece: &[u8],
    of: impl Fn(u32) -> u32,
    ids: &mut Vec<u32>,
) {
    debug_assert!(piece.len() <= LONGEST, "the arrays have so much room");
    let (mut tokens, mut makes) = ([0; LONGEST], [NONE; LONGEST]);
    let len = merge(filter, pairs, piece, &mut tokens, &mut makes);
    ids.extend(tokens[..len].iter().map(|&token| of(token)));
}

/// Merges the bytes of a piece as far as they go; what they become stands in front in `tokens`, and its
/// number is given. Both slices have at least as much room as the piece has bytes.
#[inline(always)]
pub(crate) fn merge(
    filter: &Filter,
    pairs: &PairTable,
    piece: &[u8],
    tokens: &mut [u32],
    makes: &mut [u32],
) -> usize {
    let mut len = piece.len();
    for (token, &byte) in tokens.iter_mut().zip(piece) {
        *token = u32::from(byte);
    }
    let make = |left: u32, right: u32| match filter.may_merge(left, right) {
        true => pairs.get(left, right).unwrap_or(NONE),
        false => NONE,
    };
    for (made, pair) in makes.iter_mut().zip(piece.windows(2)) {
        *made = filter.of_bytes(pair[0], pair[1]);
    }
    while len > 1 {
        // Compiled as an iterator, this is a sixth of all instructions of loading a rank file.
        let (mut at, mut best) = (0, NONE);
        for (i, &made) in makes[..len - 1].iter().enumerate() {
            if made < best {
                (at, best) = (i, made);
            }
        }
        if best == NONE {
            break;
        }
        tokens[at] = best;
        // A call to move so little would cost more than the loop.
        for i in at + 1..len - 1 {
            tokens[i] = tokens[i + 1];
            makes[i - 1] = makes[i];
        }
        len -= 1;
        makes[len - 1] = NONE;
        if at + 1 < len {
            makes[at] = make(best, tokens[at + 1]);
        }
        if at > 0 {
            makes[at - 1] = make(tokens[at - 1], best);
        }
    }
    len
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Any merges of tokens made before, also several of one pair.
        #[test]
        fn pieces_are_merged_as_by_the_textbook(
            choices in prop::collection::vec(
                (any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..30),
            piece in prop::collection::vec(b'a'..=b'c', 0..=LONGEST),
        ) {
            let mut usable = vec![97u32, 98, 99];
            let mut merges = Vec::new();
            for (left, right) in choices {
                merges.push((*left.get(&usable), *right.get(&usable)));
                usable.push(255 + merges.len() as u32);
            }
            let (pairs, _) = PairTable::new(&merges, 256);
            let mut expected: Vec<u32> = piece.iter().map(|&byte| u32::from(byte)).collect();
            while let Some((rank, at)) = (1..expected.len())
                .filter_map(|i| {
                    let pair = (expected[i - 1], expected[i]);
                    Some((merges.iter().position(|&merge| merge == pair)?, i - 1))
                })
                .min()
            {
                expected.splice(at..at + 2, [256 + rank as u32]);
            }
            let mut ids = vec![7];
            encode(&Filter::new(&merges), &pairs, &piece, |token| token + 1, &mut ids);
            expected.iter_mut().for_each(|token| *token += 1);
            prop_assert_eq!(&ids[1..], &expected[..]);
        }
    }
}
