//! What merges tell: which tokens encode to themselves, and which two side by side.

use crate::{
    borders::{self, Borders},
    crossing::Crossing,
    merge::Pair,
    pairs::PairTable,
};

/// The tables of a list of merges.
#[derive(Clone, Debug)]
pub(crate) struct Valid {
    crossing: Crossing,
    pub(crate) borders: Borders,
    /// Whether a token encodes to itself, a bit each.
    reachable: Vec<u64>,
}

impl Valid {
    /// Asks a hash table for each merge that may be crossed before it is due.
    pub(crate) fn new(merges: &[Pair], pairs: PairTable, repeated: &[u32], evolved: bool) -> Valid {
        let (borders, crossable) = borders::new(merges);
        let crossing = Crossing::new(merges, pairs);
        let mut valid = Valid { crossing, borders, reachable: vec![0; crossable.len()] };
        if evolved {
            valid.reachable.fill(u64::MAX);
        } else {
            valid.find_reachable(&crossable, repeated);
        }
        valid
    }

    /// Marks the tokens that their own bytes encode to.
    fn find_reachable(&mut self, crossable: &[u64], repeated: &[u32]) {
        self.reachable[..4].fill(u64::MAX);
        let mut repeated = repeated.iter().peekable();
        for token in 256..self.len() {
            let (left, right) = self.parts(token);
            // A token arises from its own bytes if nothing crosses the border of its parts before
            // its own merge is due, which it is not if another merge of its parts comes first.
            let whole = repeated.next_if_eq(&&token).is_none()
                && self.is_reachable(left)
                && self.is_reachable(right)
                && (crossable[token as usize / 64] >> (token % 64) & 1 == 0
                    || !self.crossing.crossed(left, right, token, &mut 0));
            self.reachable[token as usize / 64] |= u64::from(whole) << (token % 64);
        }
    }

    /// Number of tokens; training ids are below it.
    pub(crate) fn len(&self) -> u32 {
        self.borders.edges.len() as u32
    }

    /// What a token is made of; a byte is made of itself.
    pub(crate) fn parts(&self, token: u32) -> Pair {
        self.crossing.parts(token)
    }

    /// Which pairs merge.
    pub(crate) fn pairs(&self) -> &PairTable {
        &self.crossing.pairs
    }

    /// Whether the bytes of a token encode to it.
    #[inline]
    pub(crate) fn is_reachable(&self, token: u32) -> bool {
        self.reachable[token as usize / 64] >> (token % 64) & 1 == 1
    }

    /// Whether the bytes of each token encode to it.
    pub(crate) fn all_reachable(&self) -> bool {
        (0..self.len()).all(|token| self.is_reachable(token))
    }

    /// Whether two reachable tokens, one after the other, encode to themselves. Adds the steps to `work`.
    pub(crate) fn fits(&self, left: u32, right: u32, work: &mut usize) -> bool {
        !self.crossing.crossed(left, right, self.len(), work)
    }
}
