//! Encoding short pieces: a scan for the pair of smallest rank, again and again.

use crate::pairs::PairTable;

/// Pieces of up to this many bytes may be merged here.
pub(crate) const LONGEST: usize = 64;

/// No merge at this place.
const NONE: u32 = u32::MAX;

/// Appends the encoding of a piece of at most [`LONGEST`] bytes, in training ids.
///
/// A pair is looked up when it arises, and what it would make is kept: of training ids the smallest is the
/// one that is due. Costs one scan of what is left a merge, so it is quadratic in the piece.
pub(crate) fn encode(pairs: &PairTable, piece: &[u8], ids: &mut Vec<u32>) {
    debug_assert!(piece.len() <= LONGEST, "the arrays have so much room");
    let mut tokens = [0; LONGEST];
    let mut makes = [NONE; LONGEST];
    let mut len = piece.len();
    for (token, &byte) in tokens.iter_mut().zip(piece) {
        *token = u32::from(byte);
    }
    let make = |left: u32, right: u32| pairs.get(left, right).unwrap_or(NONE);
    for at in 1..len {
        makes[at - 1] = make(tokens[at - 1], tokens[at]);
    }
    while len > 1 {
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
        tokens.copy_within(at + 2..len, at + 1);
        makes.copy_within(at + 1..len, at);
        len -= 1;
        if at + 1 < len {
            makes[at] = make(best, tokens[at + 1]);
        }
        if at > 0 {
            makes[at - 1] = make(tokens[at - 1], best);
        }
    }
    ids.extend_from_slice(&tokens[..len]);
}
