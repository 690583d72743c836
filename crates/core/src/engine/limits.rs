//! What a training may do, and what it may take.

use crate::{
    complement::Complement,
    config::{RunCounting, SecondStage},
};

/// What the engine may do.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub(crate) min_count: u64,
    pub(crate) max_token_len: usize,
    pub(crate) runs: RunCounting,
    pub(crate) whole_characters: bool,
    /// Rules of merges across segments, where the pieces are runs of tokens.
    pub(crate) across: Option<SecondStage>,
    /// What bytes are on the other strand, if the tokens are to be closed under that.
    pub(crate) complement: Option<Complement>,
    /// Places of the bytes in the order of ties.
    pub(crate) order: Option<[u8; 256]>,
    pub(crate) tuning: Tuning,
}

/// What changes cost and memory but no result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tuning {
    /// Lists are kept of pairs with at least the best count divided by this.
    pub(crate) epoch: u64,
    /// Arrays of fewer cells have lists of all pairs.
    pub(crate) small: usize,
    /// A batch with more occurrences than the cells divided by this is merged in a pass.
    pub(crate) pass: u64,
    /// Bytes for lists and what belongs to them.
    pub(crate) room: usize,
    /// Merges that are made together, at most.
    pub(crate) batch: usize,
    /// Tokens up to which pairs are counted in a dense table.
    pub(crate) dense: usize,
}

impl Default for Tuning {
    fn default() -> Tuning {
        Tuning { epoch: 16, small: 1 << 20, pass: 32, room: usize::MAX, batch: 64, dense: 1024 }
    }
}
