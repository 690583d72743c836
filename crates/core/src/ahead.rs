//! Pieces whose encodings are looked for together.

use crate::{
    kept::{IDS, Place},
    key::Key,
};

/// Pieces that are looked for together: their slots come from memory at the same time.
pub(crate) const AHEAD: usize = 64;

/// The key of pieces that are too long to be kept; it has no mark, so none is kept by it.
pub(crate) const UNKEPT: Key = 1;

/// A piece whose encoding is looked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked {
    /// With the mark of the vocabulary.
    pub(crate) key: Key,
    pub(crate) home: usize,
    pub(crate) start: usize,
    pub(crate) found: Found,
}

/// Where the encoding of a piece is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Found {
    /// Nowhere yet.
    #[default]
    Not,
    /// Among those kept.
    At(Place),
    /// Made just now: where in the spare room, and how many ids.
    Made(u32, u32),
}

/// Room for the pieces that are looked for together.
#[derive(Debug)]
pub(crate) struct Ahead {
    pub(crate) asked: [Asked; AHEAD],
    /// Which of them are not where they are found first.
    pub(crate) missing: [usize; AHEAD],
    /// Ids to be handed out, and room for those of one more slot.
    pub(crate) ready: [u32; (AHEAD + 1) * IDS],
}

impl Default for Ahead {
    fn default() -> Ahead {
        Ahead {
            asked: [Asked::default(); AHEAD],
            missing: [0; AHEAD],
            ready: [0; (AHEAD + 1) * IDS],
        }
    }
}
