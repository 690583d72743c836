//! Whether a merge crosses the border between two tokens: by undoing them.

use std::hint::select_unpredictable;

use crate::{lowest::Lowest, merge::Pair, pairs::PairTable};

/// Levels of two tokens that are looked at together: borders have four or five on executables and prose.
const LEVELS: usize = 3;

/// The merges of a list, by pair and by token.
#[derive(Clone, Debug)]
pub(crate) struct Crossing {
    pub(crate) pairs: PairTable,
    lowest: Lowest,
    /// The left part of every token; a byte is made of itself.
    lefts: Vec<u32>,
    rights: Vec<u32>,
}

impl Crossing {
    /// The tables of merges, of which `pairs` has the pairs.
    pub(crate) fn new(merges: &[Pair], pairs: PairTable) -> Crossing {
        let bytes = 0..256;
        Crossing {
            pairs,
            lowest: Lowest::new(merges, 256),
            lefts: bytes.clone().chain(merges.iter().map(|pair| pair.0)).collect(),
            rights: bytes.chain(merges.iter().map(|pair| pair.1)).collect(),
        }
    }

    /// What a token is made of; a byte is made of itself.
    pub(crate) fn parts(&self, token: u32) -> Pair {
        (self.lefts[token as usize], self.rights[token as usize])
    }

    /// Whether a merge that makes a token below `limit` crosses the border between two tokens.
    ///
    /// Undoes the tokens from the top down, always the one formed later; of two formed by one merge the
    /// right one, since the left was formed first. At each level the tokens at the border were there
    /// until the one undone last was formed: a merge of them that was due before that happened.
    ///
    /// `limit` is at most the number of ids.
    pub(crate) fn crossed(
        &self,
        mut left: u32,
        mut right: u32,
        mut limit: u32,
        work: &mut usize,
    ) -> bool {
        loop {
            *work += LEVELS;
            let before = (left, right, limit);
            let mut alarms = 0u32;
            // Below bytes the limit is too low for any merge, so levels may be one too many, and the
            // processor need not guess their number.
            for level in 0..LEVELS {
                alarms |= u32::from(self.lowest.may_be_below(left, right, limit)) << level;
                (left, right, limit) = self.undo(left, right);
            }
            if alarms != 0 {
                let (mut left, mut right, mut limit) = before;
                for level in 0..LEVELS {
                    if alarms >> level & 1 != 0
                        && self.pairs.get(left, right).is_some_and(|token| token < limit)
                    {
                        return true;
                    }
                    (left, right, limit) = self.undo(left, right);
                }
            }
            // A byte was undone, so two bytes were looked at.
            if limit <= 256 {
                return false;
            }
        }
    }

    /// Undoes the later of two tokens at a border; gives the limit of what might have crossed it since.
    #[inline]
    fn undo(&self, left: u32, right: u32) -> (u32, u32, u32) {
        let (inner_left, inner_right) = (self.rights[left as usize], self.lefts[right as usize]);
        // Of one rank, the crossing merge lies further left and comes first. Nobody can guess which of
        // them is later, so this is no jump.
        let undo_left = left > right;
        (
            select_unpredictable(undo_left, inner_left, left),
            select_unpredictable(undo_left, right, inner_right),
            select_unpredictable(undo_left, left, right + 1),
        )
    }
}
