//! A list of merges with what its pairs make.

use crate::{merge::Pair, pairs::PairTable};

/// Merges in the order of their ranks; the one with index `i` makes the token `256 + i`.
pub(crate) struct Listed<'a> {
    pub(crate) merges: &'a [Pair],
    pub(crate) pairs: PairTable,
    /// Tokens whose pair makes an earlier one, ascending.
    pub(crate) repeated: Vec<u32>,
    /// Whether each merge is known to be the last one of its token's own bytes.
    pub(crate) evolved: bool,
}

impl<'a> Listed<'a> {
    pub(crate) fn new(merges: &'a [Pair]) -> Listed<'a> {
        let (pairs, repeated) = PairTable::new(merges, 256);
        Listed { merges, pairs, repeated, evolved: false }
    }
}
