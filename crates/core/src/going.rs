//! The encoding of a segment that grows at its end, and shrinks.

use crate::{fewest::walk::Walk, last_tokens::Prefixes, pieces::Pieces};

/// The encodings of all prefixes of a segment, by one stage; 8 bytes a byte.
#[derive(Clone, Debug)]
pub(crate) enum Going {
    /// By merges.
    Merges(Prefixes),
    /// By the fewest tokens.
    Fewest(Box<Walk>),
}

impl Going {
    /// Of an empty segment, which is not taken whole.
    pub(crate) fn new(pieces: &Pieces) -> Going {
        match pieces.by_merges() {
            true => Going::Merges(Prefixes::new()),
            false => Going::Fewest(Box::default()),
        }
    }

    /// Bytes of the segment.
    pub(crate) fn len(&self) -> usize {
        match self {
            Going::Merges(prefixes) => prefixes.len(),
            Going::Fewest(walk) => walk.end(),
        }
    }

    /// Adds bytes.
    pub(crate) fn push(&mut self, pieces: &Pieces, bytes: &[u8]) {
        match self {
            Going::Merges(prefixes) => {
                let chains = pieces.chains();
                bytes.iter().for_each(|&byte| {
                    prefixes.push(chains, byte);
                });
            }
            Going::Fewest(walk) => walk.go_on(pieces.fewest(), bytes),
        }
    }

    /// Goes back to what is left of the segment, if that is shorter.
    pub(crate) fn truncate(&mut self, pieces: &Pieces, left: &[u8]) {
        match self {
            Going::Merges(prefixes) => prefixes.truncate(left.len()),
            Going::Fewest(walk) => walk.go_back(pieces.fewest(), left),
        }
    }

    /// The number of tokens of a prefix.
    pub(crate) fn count(&self, len: usize) -> usize {
        match self {
            Going::Merges(prefixes) => prefixes.count(len),
            Going::Fewest(walk) => walk.cost(len) as usize / 2,
        }
    }

    /// Appends the ids of a prefix.
    pub(crate) fn ids(&self, pieces: &Pieces, len: usize, ids: &mut Vec<u32>) {
        let from = ids.len();
        match self {
            Going::Merges(prefixes) => prefixes.ids(pieces.chains(), len, 0, ids),
            Going::Fewest(walk) => walk.ids(pieces.fewest(), len, ids),
        }
        pieces.ids().map(&mut ids[from..]);
    }
}
