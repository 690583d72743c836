//! Encoding short pieces: pairs of bytes that are sure at once, and then a scan for the pair of smallest
//! rank, again and again.

use crate::{
    byte_pairs::{BITS, BytePairs, NONE},
    hashed_bits::{HashedBits, of_pair},
    merge::Pair,
    pairs::PairTable,
    token_bytes::TokenBytes,
};

/// Pieces of up to this many bytes are merged here, longer ones are searched for: a scan is quadratic.
pub(crate) const LONGEST: usize = BITS;

/// Most pieces have up to this many bytes, and need no more room.
const MOST: usize = 16;

/// What short pieces ask of a table of pairs, in less memory than the table.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    bytes: BytePairs,
    /// The pairs that merge; most other questions are about pairs that do not, and nine of ten of those end
    /// here.
    merges: HashedBits,
}

impl Filter {
    /// Of merges in the order of their ranks, which make the first of `tokens` behind the bytes.
    pub(crate) fn new(merges: &[Pair], tokens: &TokenBytes) -> Filter {
        let mut filter = Filter::with_room(merges.len());
        merges.iter().zip(256..).for_each(|(&pair, token)| filter.insert(pair, token, tokens));
        filter
    }

    /// Of no merges, with room for so many.
    pub(crate) fn with_room(merges: usize) -> Filter {
        Filter { bytes: BytePairs::new(), merges: HashedBits::with_room(merges) }
    }

    /// Enters a merge of two of `tokens`, after all those of smaller rank.
    #[inline]
    pub(crate) fn insert(&mut self, pair: Pair, token: u32, tokens: &TokenBytes) {
        self.bytes.insert(pair, token, tokens);
        self.merges.insert(of_pair(pair.0, pair.1));
    }

    #[inline(always)]
    fn may_merge(&self, left: u32, right: u32) -> bool {
        self.merges.may_have(of_pair(left, right))
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
    match piece.len() <= MOST {
        true => encode_within::<MOST>(filter, pairs, piece, of, ids),
        false => encode_within::<LONGEST>(filter, pairs, piece, of, ids),
    }
}

/// Apart for each room, so that pieces of usual lengths do not fill so much.
#[inline(never)]
fn encode_within<const ROOM: usize>(
    filter: &Filter,
    pairs: &PairTable,
    piece: &[u8],
    of: impl Fn(u32) -> u32,
    ids: &mut Vec<u32>,
) {
    debug_assert!(piece.len() <= ROOM, "the arrays have so much room");
    let (mut tokens, mut makes) = ([0; ROOM], [NONE; ROOM]);
    let len = merge(filter, pairs, piece, &mut tokens, &mut makes);
    ids.extend(tokens[..len].iter().map(|&token| of(token)));
}

/// Merges the bytes of a piece of any length as far as they go; what they become stands in front in
/// `tokens`, and its number is given. Both slices have at least as much room as the piece has bytes.
#[inline(always)]
pub(crate) fn merge(
    filter: &Filter,
    pairs: &PairTable,
    piece: &[u8],
    tokens: &mut [u32],
    makes: &mut [u32],
) -> usize {
    if piece.len() > BITS {
        tokens.iter_mut().zip(piece).for_each(|(token, &byte)| *token = byte.into());
        let pairs_of_bytes = makes.iter_mut().zip(piece.windows(2));
        pairs_of_bytes.for_each(|(makes, pair)| *makes = filter.bytes.makes(pair[0], pair[1]));
        return merge_on(filter, pairs, piece.len(), tokens, makes);
    }
    let mut sure = filter.bytes.sure(piece, makes);
    let (mut len, mut at) = (0, 0);
    let (mut last, mut asked) = (NONE, 0u64);
    while at < piece.len() {
        let two = sure & 1;
        let token = if two != 0 { makes[at] } else { piece[at].into() };
        if len > 0 {
            // What two single bytes make is known, and stands here or further on.
            let are_bytes = (last < 256) & (two == 0);
            makes[len - 1] = if are_bytes { makes[at - 1] } else { NONE };
            let ask = !are_bytes & filter.may_merge(last, token);
            asked |= u64::from(ask) << (len - 1);
            // Also of pairs that do not merge: a jump would cost more.
            pairs.prefetch(last, token);
        }
        tokens[len] = token;
        last = token;
        len += 1;
        at += 1 + two as usize;
        sure >>= 1 + two;
    }
    while asked != 0 {
        let at = asked.trailing_zeros() as usize;
        makes[at] = pairs.get(tokens[at], tokens[at + 1]).unwrap_or(NONE);
        asked &= asked - 1;
    }
    merge_on(filter, pairs, len, tokens, makes)
}

/// Merges so many tokens, of which is known what their pairs make.
#[inline(always)]
fn merge_on(
    filter: &Filter,
    pairs: &PairTable,
    mut len: usize,
    tokens: &mut [u32],
    makes: &mut [u32],
) -> usize {
    let make = |left: u32, right: u32| match filter.may_merge(left, right) {
        true => pairs.get(left, right).unwrap_or(NONE),
        false => NONE,
    };
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
        // What both pairs that arise make is asked for while what is behind moves.
        if at + 2 < len {
            pairs.prefetch(best, tokens[at + 2]);
        }
        if at > 0 {
            pairs.prefetch(tokens[at - 1], best);
        }
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
            piece in prop::collection::vec(b'a'..=b'c', 0..=LONGEST + 20),
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
            let mut bytes = TokenBytes::with_room(0);
            merges.iter().for_each(|&(left, right)| bytes.join(left, right).unwrap());
            let filter = Filter::new(&merges, &bytes);
            let (mut tokens, mut makes) = (vec![0; piece.len()], vec![0; piece.len()]);
            let len = merge(&filter, &pairs, &piece, &mut tokens, &mut makes);
            prop_assert_eq!(&tokens[..len], &expected[..]);
            if piece.len() <= LONGEST {
                let mut ids = vec![7];
                encode(&filter, &pairs, &piece, |token| token + 1, &mut ids);
                expected.iter_mut().for_each(|token| *token += 1);
                prop_assert_eq!(&ids[1..], &expected[..]);
            }
        }
    }
}
