//! What is known of the entries of a vocabulary before anything is encoded.

use crate::encoder::Encoder;

use super::figures::{LengthCount, Partial, RankCount};

/// The entries of a vocabulary by id, without their bytes.
pub(super) struct TokenTable {
    /// One for each id below the bound; none for an id without a token.
    kinds: Vec<Option<Kind>>,
}

/// What the figures need of one token.
#[derive(Clone, Copy)]
struct Kind {
    len: u32,
    /// Whether the bytes are valid UTF-8, that is, whole characters.
    whole: bool,
}

impl TokenTable {
    /// Reads every entry once.
    pub(super) fn new(encoder: &dyn Encoder) -> TokenTable {
        let ids = 0..u32::try_from(encoder.id_bound()).unwrap_or(u32::MAX);
        let kind = |id| {
            let bytes = encoder.token(id)?;
            let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            Some(Kind { len, whole: std::str::from_utf8(&bytes).is_ok() })
        };
        TokenTable { kinds: ids.map(kind).collect() }
    }

    /// Ids that stand for something.
    pub(super) fn entries(&self) -> u64 {
        self.kinds.iter().flatten().count() as u64
    }

    /// Ids are below this.
    pub(super) fn bound(&self) -> usize {
        self.kinds.len()
    }

    /// Entries that are not whole characters.
    pub(super) fn partial_entries(&self) -> Partial {
        self.partial(&vec![1; self.bound()])
    }

    /// Occurrences of tokens that are not whole characters, from occurrences by id.
    pub(super) fn partial(&self, occurrences: &[u64]) -> Partial {
        let mut partial = Partial::default();
        for (kind, &times) in self.kinds.iter().zip(occurrences) {
            match kind {
                Some(Kind { len: 1, whole: false }) => partial.single_bytes += times,
                Some(Kind { whole: false, .. }) => partial.longer += times,
                _ => {}
            }
        }
        partial
    }

    /// Entries and occurrences of each length, from occurrences by id.
    pub(super) fn lengths(&self, occurrences: &[u64]) -> Vec<LengthCount> {
        let mut by_len: Vec<(u32, u64)> = self
            .kinds
            .iter()
            .zip(occurrences)
            .filter_map(|(kind, &times)| Some((kind.as_ref()?.len, times)))
            .collect();
        by_len.sort_unstable();
        by_len
            .chunk_by(|a, b| a.0 == b.0)
            .map(|chunk| LengthCount {
                bytes: chunk[0].0.into(),
                entries: chunk.len() as u64,
                occurrences: chunk.iter().map(|&(_, times)| times).sum(),
            })
            .collect()
    }
}

/// Occurrences by rank at about twelve ranks a decade, the first and the last among them, from
/// occurrences by id.
pub(super) fn ranks(occurrences: &[u64]) -> Vec<RankCount> {
    let mut sorted: Vec<u64> = occurrences.iter().copied().filter(|&times| times > 0).collect();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let (mut ranks, mut rank) = (Vec::new(), 1);
    while rank <= sorted.len() {
        ranks.push(RankCount { rank: rank as u64, occurrences: sorted[rank - 1] });
        // A fifth more is between twelve and thirteen steps a decade.
        let next = rank + (rank / 5).max(1);
        rank = if rank < sorted.len() { next.min(sorted.len()) } else { next };
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::{super::testing, *};

    #[test]
    fn entries_are_whole_or_partial() {
        // "ä" is c3 a4: the second merge is whole, the third is half a character behind an "a".
        let encoder = testing::tokenizer(&[(b'a', b'b'), (0xc3, 0xa4), (b'a', 0xc3)]);
        let table = TokenTable::new(&encoder);
        assert_eq!(table.entries(), 259);
        assert_eq!(table.partial_entries(), Partial { single_bytes: 128, longer: 1 });
        let mut occurrences = vec![0; 259];
        (occurrences[0xc3], occurrences[256], occurrences[257], occurrences[258]) = (2, 3, 5, 7);
        assert_eq!(table.partial(&occurrences), Partial { single_bytes: 2, longer: 7 });
        assert_eq!(
            table.lengths(&occurrences),
            [
                LengthCount { bytes: 1, entries: 256, occurrences: 2 },
                LengthCount { bytes: 2, entries: 3, occurrences: 15 },
            ]
        );
    }

    #[test]
    fn ranks_descend_and_hold_both_ends() {
        let occurrences: Vec<u64> = (0..1000).map(|n| n % 501).collect();
        let ranks = ranks(&occurrences);
        assert_eq!(ranks[0], RankCount { rank: 1, occurrences: 500 });
        assert_eq!(ranks.last(), Some(&RankCount { rank: 998, occurrences: 1 }));
        assert!(ranks.windows(2).all(|pair| {
            pair[0].rank < pair[1].rank && pair[0].occurrences >= pair[1].occurrences
        }));
        assert!(ranks.len() < 50, "{}", ranks.len());
    }

    #[test]
    fn nothing_has_no_ranks() {
        assert_eq!(ranks(&[0, 0]), []);
        assert_eq!(ranks(&[4]), [RankCount { rank: 1, occurrences: 4 }]);
    }
}
