//! The last token of every prefix of a byte string: encoding that goes on, and can go back.
//!
//! Let L(p) be the last token of the encoding of the prefix of length p. Since no merge crosses a
//! border that is left in the end, the encoding of p is that of p − |L(p)| and then L(p); so the last
//! tokens say everything, and a prefix is encoded in the time that its number of tokens takes.
//!
//! While the merges are applied in order, what stands last grows from the last byte to L(p): each
//! time a token r at the end is merged, it becomes some c = (l, r). So make a forest in which r is the
//! parent of c = (l, r), for all tokens that encode to themselves: what stood last is a way down from
//! a byte to L(p).
//!
//! > *Lemma.* Let a prefix p end with the bytes of r, and let x = L(p − |r|). Then c = (l, r) comes to
//! > stand last in p if and only if x is l, or lies below a child of l of a higher rank than c.
//!
//! For c is made of l and r if l stands last in p − |r| when the rank of c is due. What stands there
//! in the course of time are the tokens on the way to x; l is on the way, and what follows it is made
//! later. Of the rank of c itself (c = (l, l)) what follows would be further left, and is made first.
//! Nothing has crossed the border until then, since what stands at it is the same as in l and r by
//! themselves, which give c.
//!
//! If the forest is numbered from the top down, children of higher rank first, these x are an
//! interval of numbers that depends on c alone. The intervals of the children of r share no x: of
//! two, that with the shorter l would be made first, also within the other. So one binary search
//! finds the child, and L(p) is found by going down.
//!
//! *Cost* of a byte: one search, in at most as many steps as the logarithm of the number of tokens,
//! for each token on the way to L(p) and one more. The way is as long as L(p) is deep: at most as
//! many tokens as it has bytes, whatever the text; on text three or four.
//!
//! That only the last token of each prefix need be known is from van Antwerpen and Neubeck (2024),
//! "So many tokens, so little time: introducing a faster, more flexible byte-pair tokenizer"; that
//! intervals in a forest of suffixes tell it, from Jiang and Gong (2026) on incremental byte-pair
//! encoding (arXiv 2605.30813). The proof is our own.

pub(crate) mod back;
pub(crate) mod blocks;
mod chains;
pub(crate) mod everywhere;
pub(crate) mod read;

use crate::vocabulary::Vocabulary;
use blocks::settled;
pub(crate) use chains::Chains;
use chains::Node;

impl Vocabulary {
    /// The forest of the tokens of the first stage.
    pub(crate) fn chains(&self) -> &Chains {
        self.pieces.chains()
    }
}

/// The last tokens of all prefixes of a byte string that grows at its end; 8 bytes a byte.
#[derive(Clone, Debug)]
pub(crate) struct Prefixes {
    /// The last token of the prefix of each length but 0.
    last: Vec<Node>,
    /// How many tokens it has.
    counts: Vec<u32>,
}

impl Prefixes {
    pub(crate) fn new() -> Prefixes {
        Prefixes { last: Vec::new(), counts: Vec::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.last.len()
    }

    /// Adds a byte and returns the steps that took.
    #[inline]
    pub(crate) fn push(&mut self, chains: &Chains, byte: u8) -> usize {
        let mut steps = 1;
        let before = |len: usize| {
            let at = self.last.len() + 1 - len;
            at.checked_sub(1).map(|last| self.last[last])
        };
        let node = chains.down(&chains.children, byte, before, &mut steps);
        let at = self.last.len() + 1 - chains.len(node);
        self.last.push(node);
        self.counts.push(1 + if at == 0 { 0 } else { self.counts[at - 1] });
        steps
    }

    /// Goes back to a prefix.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.last.truncate(len);
        self.counts.truncate(len);
    }

    /// The number of tokens of a prefix.
    pub(crate) fn count(&self, len: usize) -> usize {
        if len == 0 { 0 } else { self.counts[len - 1] as usize }
    }

    /// The last token of a prefix that is not empty: what tells it from others, and its bytes.
    pub(crate) fn last(&self, chains: &Chains, len: usize) -> (u32, usize) {
        let node = self.last[len - 1];
        (node, chains.len(node))
    }

    /// The longest prefix known to be one of the encoding too: whatever follows, its tokens come first.
    ///
    /// No token is longer than `longest`, so an encoding that goes on has a border at one of the last
    /// `longest` places, and up to there it is that of the prefix. What the encodings up to all of
    /// these places have in common stands. Linear in the length.
    pub(crate) fn settled(&self, chains: &Chains, longest: usize) -> usize {
        settled(self.len(), longest, |at| at - self.last(chains, at).1)
    }

    /// Appends the encoding of a prefix, in ids moved up by `shift`.
    pub(crate) fn ids(&self, chains: &Chains, mut len: usize, shift: u32, ids: &mut Vec<u32>) {
        let mut at = ids.len() + self.count(len);
        ids.resize(at, 0);
        while len > 0 {
            let (node, bytes) = self.last(chains, len);
            at -= 1;
            ids[at] = chains.token(node) + shift;
            len -= bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;
    use crate::{
        config::TrainConfig,
        merge::{Merge, MergeTable, Pair},
        provenance::Provenance,
    };

    fn vocabulary(merges: Vec<Pair>) -> Option<Vocabulary> {
        let provenance = Provenance::handmade("whole-1", TrainConfig::default());
        let counts = vec![0; merges.len()];
        Vocabulary::new(provenance, merges, counts).ok()
    }

    /// Steps a byte, in hundredths.
    fn steps(vocabulary: &Vocabulary, text: &[u8]) -> usize {
        let mut prefixes = Prefixes::new();
        let steps: usize = text.iter().map(|&b| prefixes.push(vocabulary.chains(), b)).sum();
        let mut ids = Vec::new();
        prefixes.ids(vocabulary.chains(), text.len(), vocabulary.shift(), &mut ids);
        let mut expected = Vec::new();
        vocabulary.with_memory(|memory| {
            vocabulary.encode_merged(text, &mut memory.making.scratch, &mut expected);
        });
        assert!(ids == expected);
        steps * 100 / text.len()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Merges in any order, so also tokens that do not encode to themselves.
        #[test]
        fn every_prefix_is_that_of_the_merges(
            choices in prop::collection::vec(any::<(Index, Index)>(), 0..40),
            parts in prop::collection::vec((prop::collection::vec(97u8..100, 1..8), 1usize..9), 0..9),
        ) {
            let (mut merges, mut usable): (Vec<Pair>, _) = (vec![], vec![97u32, 98, 99]);
            for (left, right) in choices {
                let more = [&merges[..], &[(*left.get(&usable), *right.get(&usable))]].concat();
                if vocabulary(more.clone()).is_some() {
                    usable.push(256 + merges.len() as u32);
                    merges = more;
                }
            }
            let vocabulary = vocabulary(merges).unwrap();
            let chains = vocabulary.chains();
            let table = MergeTable::new(vocabulary.merges().iter().zip(0..).map(|(&pair, rank)| {
                (pair, Merge { rank, token: 256 + rank })
            }));
            let text: Vec<u8> = parts.iter().flat_map(|(part, n)| part.repeat(*n)).collect();
            let mut prefixes = Prefixes::new();
            for (&byte, len) in text.iter().zip(1..) {
                let steps = prefixes.push(chains, byte);
                let mut expected: Vec<u32> = text[..len].iter().map(|&b| b.into()).collect();
                table.apply(&mut expected, 0);
                let mut ids = Vec::new();
                prefixes.ids(chains, len, 0, &mut ids);
                prop_assert_eq!(&ids, &expected);
                prop_assert_eq!(prefixes.count(len), expected.len());
                // A search for each token on the way to the last one, and one in vain.
                let settled = prefixes.settled(chains, chains.longest());
                let mut whole: Vec<u32> = text.iter().map(|&b| b.into()).collect();
                table.apply(&mut whole, 0);
                prop_assert_eq!(&whole[..prefixes.count(settled)], &ids[..prefixes.count(settled)]);
                let (_, bytes) = prefixes.last(chains, len);
                prop_assert!(steps <= 1 + (bytes + 1) * 8, "{} steps", steps);
            }
        }
    }

    /// Rows of one letter; and tokens that nearly match everywhere and never do, for which a search
    /// looks at all their bytes at each place.
    #[test]
    fn no_text_takes_many_steps() {
        let mut doubling = vec![(97, 97)];
        (256..270).for_each(|token| doubling.push((token, token)));
        let doubling = vocabulary(doubling).unwrap();
        for n in [1 << 14, 1 << 17] {
            assert!(steps(&doubling, &vec![b'a'; n]) < 1000);
            let mut prefixes = Prefixes::new();
            for _ in 0..n {
                prefixes.push(doubling.chains(), b'a');
            }
            // Only the last token of 2^15 letters is open.
            let settled = prefixes.settled(doubling.chains(), doubling.chains().longest());
            assert_eq!(settled, n.saturating_sub(1 << 15));
        }
        let word: Vec<u8> = (0..2_000u32).flat_map(|i| [(i >> 8) as u8, i as u8]).collect();
        let mut merges: Vec<Pair> = vec![];
        let mut last = u32::from(word[word.len() - 1]);
        for &letter in word[..word.len() - 1].iter().rev() {
            merges.push((u32::from(letter), last));
            last = 255 + merges.len() as u32;
        }
        let ends = vocabulary(merges).unwrap();
        assert!(steps(&ends, &word[..word.len() - 1].repeat(9)) < 1500);
        assert!(steps(&ends, &word.repeat(9)) < 1500);
    }
}
