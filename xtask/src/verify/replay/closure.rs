//! Vocabularies closed under reverse complement: behind each merge comes that of its complement.

use std::cmp::Reverse;

use polytok_core::Pair;

use super::Replay;

impl Replay<'_> {
    /// The reverse complement of bytes, if the rule knows one.
    pub(super) fn reversed(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let complement = self.rule.complement?;
        Some(bytes.iter().rev().map(|&byte| complement[usize::from(byte)]).collect())
    }

    /// Remembers that the complement of the last token must come next, if it is another.
    pub(super) fn owe(&mut self) {
        self.owed = match self.owed.take() {
            Some(_) => None,
            None => self
                .bytes
                .last()
                .and_then(|bytes| self.reversed(bytes).filter(|reversed| reversed != bytes)),
        };
    }

    /// Of the pairs that make these bytes the most frequent, whatever its count.
    pub(super) fn best_of(&self, bytes: &[u8]) -> Option<(Pair, u64)> {
        let pairs = (1..bytes.len()).filter_map(|at| {
            let (left, right) = bytes.split_at(at);
            Some((*self.known.get(left)?, *self.known.get(right)?))
        });
        let counted = pairs.map(|pair| {
            let count = self.pairs.get(&pair).map_or(0, |seen| seen.count);
            (count, Reverse([self.order(pair.0), self.order(pair.1)]), pair)
        });
        counted.max().map(|(count, _, pair)| (pair, count))
    }
}
