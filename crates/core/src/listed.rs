//! A list of merges with what its pairs make.

use crate::{merge::Pair, pairs::PairTable, short::Filter, token_bytes::TokenBytes};

/// What is known of merges in the order of their ranks, of which the one with index `i` makes the token
/// `256 + i`.
pub(crate) struct Listed {
    pub(crate) pairs: PairTable,
    pub(crate) filter: Filter,
    /// Tokens whose pair makes an earlier one, ascending.
    pub(crate) repeated: Vec<u32>,
    /// Whether each merge is known to be the last one of its token's own bytes.
    pub(crate) evolved: bool,
}

impl Listed {
    /// Of any merges, which make the first of `tokens` behind the bytes.
    pub(crate) fn new(merges: &[Pair], tokens: &TokenBytes) -> Listed {
        let (pairs, repeated) = PairTable::new(merges, 256);
        let filter = Filter::new(merges, tokens);
        Listed { pairs, filter, repeated, evolved: false }
    }
}
