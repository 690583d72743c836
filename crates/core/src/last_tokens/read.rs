//! What the last token of a prefix follows from, by merges.
//!
//! By the lemma of the module above a token c = (l, r) comes to stand last in a prefix if it ends with r and what
//! stands last in front of r is in an interval that belongs to c. So what becomes of a text depends on these alone:
//! the ends of what was read that right parts begin with, and for each of them which intervals, of all those of
//! right parts that begin so, hold the last token in front of it. With 4,096 entries for genomes there are 7,500 such
//! states, where tokens have 5,800 beginnings; with 65,536 entries 264,000, and 140,000.
//!
//! *Cost* of a letter in a state: three searches for each end that is open, of which there are four to six.

use super::chains::{Chains, Node};
use crate::{
    automaton::word::{Word, word},
    token_bytes::TokenBytes,
    transducer::{
        Beginnings, Letters, Open, Read, Transducer,
        few::{self, Few},
        many::{self, Many},
    },
};

/// States at most: with four letters, 16 MiB.
const STATES: usize = 1 << 19;

/// Nothing that begins so merges with what stands in front of it.
const NONE: Node = Node::MAX;

/// The automaton of the merges of which these are the chains. None if tokens have too many letters, or it too
/// many states.
pub(crate) fn of_few_letters(chains: &Chains, bytes: &TokenBytes) -> Option<Transducer<Few>> {
    let letters = Letters::new((0..chains.nodes()).map(|node| bytes.get(chains.token(node))))?;
    let right_parts = RightParts::new(chains, bytes, &letters.letters)?;
    few::transducer(letters, lens(bytes), STATES, &right_parts)
}

/// As above, of any letters. None if it has too many states.
pub(crate) fn of_many_letters(chains: &Chains, bytes: &TokenBytes) -> Option<Transducer<Many>> {
    let letters: Vec<u8> = (0..=255).collect();
    many::transducer(lens(bytes), &RightParts::new(chains, bytes, &letters)?)
}

fn lens(bytes: &TokenBytes) -> Vec<u32> {
    (0..bytes.len()).map(|token| bytes.get(token).len() as u32).collect()
}

/// Right parts and their beginnings.
struct RightParts<'a> {
    chains: &'a Chains,
    letters: Vec<Node>,
    beginnings: Beginnings,
    /// By beginning, the token that it is all of.
    token: Vec<Option<Node>>,
    /// In ascending order, from which token in front on which one stands for all up to the next, or [`NONE`].
    alike: Vec<Vec<(Node, Node)>>,
    /// Of the empty beginning, by token: of it most is asked.
    alike_at_once: Vec<Node>,
}

impl<'a> RightParts<'a> {
    /// None if there may be too many.
    fn new(chains: &'a Chains, bytes: &TokenBytes, letters: &[u8]) -> Option<RightParts<'a>> {
        let mut beginnings = Beginnings::new(letters.len(), bytes.row().0.len())?;
        let mut class_of = [None; 256];
        letters
            .iter()
            .zip(0..)
            .for_each(|(&letter, class)| class_of[usize::from(letter)] = Some(class));
        let letters: Vec<Node> = letters.iter().map(|&letter| chains.of(letter)).collect();
        let (mut token, mut intervals) = (vec![None], vec![vec![]]);
        for (parent, child) in chains.children.iter() {
            let classes =
                bytes.get(chains.token(child.node)).iter().map(|&byte| class_of[usize::from(byte)]);
            let Some(classes): Option<Vec<usize>> = classes.collect() else { continue };
            let mut at = 0;
            for &class in &classes[classes.len() - chains.len(parent)..] {
                intervals[at as usize].push((child.start, child.end));
                at = beginnings.or_new(at, class);
                if at as usize == token.len() {
                    token.push(None);
                    intervals.push(Vec::new());
                }
            }
            token[at as usize] = Some(parent);
        }
        let alike: Vec<_> = intervals.into_iter().map(alike).collect();
        let alike_at_once = (0..chains.nodes()).map(|node| standing_for(node, &alike[0])).collect();
        Some(RightParts { chains, letters, beginnings, token, alike, alike_at_once })
    }
}

impl Read for RightParts<'_> {
    fn read(&self, open: &[Open], class: usize, next: &mut Vec<Open>) -> Word {
        let chains = self.chains;
        let mut last = self.letters[class];
        for &(at, before) in open {
            let Some(at) = self.beginnings.longer(at, class) else { continue };
            // Of those that come to stand last, the longest does.
            if let Some(right) = self.token[at as usize]
                && let Some(token) = chains.children.get(right, before, &mut 0)
                && chains.len(token) > chains.len(last)
            {
                last = token;
            }
            next.push((at, standing_for(before, &self.alike[at as usize])));
        }
        next.push((0, self.alike_at_once[last as usize]));
        next.retain(|&(_, before)| before != NONE);
        word(chains.token(last), chains.len(last))
    }

    fn beginnings(&self) -> &Beginnings {
        &self.beginnings
    }
}

/// The token that stands for one.
fn standing_for(before: Node, alike: &[(Node, Node)]) -> Node {
    let from = alike.partition_point(|&(start, _)| start <= before);
    alike[..from].last().map_or(NONE, |&(_, standing)| standing)
}

/// From which token on all up to the next are in the same intervals, and the first that is in these and no others.
///
/// Of two intervals one is in the other, or they share nothing: each goes from a token to a child of it, or to the
/// end of all below it.
fn alike(mut intervals: Vec<(Node, Node)>) -> Vec<(Node, Node)> {
    intervals.sort_unstable_by_key(|&(start, end)| (start, std::cmp::Reverse(end)));
    intervals.dedup();
    let mut cuts: Vec<Node> = intervals.iter().flat_map(|&(start, end)| [start, end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    // Those that hold what comes, with their ends; the innermost is the last.
    let mut around: Vec<(Node, Option<Node>)> = Vec::new();
    let mut next = intervals.into_iter().peekable();
    let at = |cut: Node| {
        while around.last().is_some_and(|&(end, _)| end <= cut) {
            around.pop();
        }
        while let Some((_, end)) = next.next_if(|&(start, _)| start == cut) {
            around.push((end, None));
        }
        let standing = around.last_mut().map(|(_, standing)| *standing.get_or_insert(cut));
        (cut, standing.unwrap_or(NONE))
    };
    cuts.into_iter().map(at).collect()
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;
    use crate::{
        merge::Pair,
        samples::{by_merges, tables, vocabulary},
        transducer::Scratch,
    };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// Merges in any order, so also tokens that do not encode to themselves; rows, copies, and a byte that no merge
        /// has.
        #[test]
        fn the_automata_give_what_the_merges_do(
            choices in prop::collection::vec(any::<(Index, Index)>(), 0..40),
            parts in prop::collection::vec((prop::collection::vec(97u8..101, 1..8), 1usize..9), 0..9),
            block in prop_oneof![1usize..40, Just(1 << 12)],
        ) {
            let (merges, _) = vocabulary(&choices);
            let (bytes, tables) = tables(&merges);
            let chains = Chains::new(&tables);
            let few = of_few_letters(&chains, &bytes).unwrap();
            let many = of_many_letters(&chains, &bytes).unwrap();
            let text: Vec<u8> = parts.iter().flat_map(|(part, n)| part.repeat(*n)).collect();
            let expected = by_merges(&merges, &text);
            let (mut scratch, mut ids) = (Scratch::default(), vec![7]);
            few.encode_by(block, &text, &mut scratch, &mut ids, |text, ids| {
                ids.extend(by_merges(&merges, text));
            });
            prop_assert_eq!(&ids[1..], &expected);
            ids.truncate(1);
            many.encode_by(block, &text, &mut scratch, &mut ids, |_, _| unreachable!());
            prop_assert_eq!(&ids[1..], &expected);
        }

        #[test]
        fn what_is_alike_is_in_the_same_intervals(
            // Some in others, as those of the forest are.
            cuts in prop::collection::vec((0u32..30, 0u32..6, 0u32..6), 0..8),
        ) {
            let mut intervals: Vec<(Node, Node)> = Vec::new();
            for (start, len, less) in cuts {
                for end in [start + 1 + len, start + 1 + len.saturating_sub(less)] {
                    let apart = |&(a, b): &(Node, Node)| {
                        end <= a || b <= start || start <= a && b <= end || a <= start && end <= b
                    };
                    if intervals.iter().all(apart) {
                        intervals.push((start, end));
                    }
                }
            }
            let around = |node: Node| -> Vec<_> {
                intervals.iter().filter(|&&(start, end)| (start..end).contains(&node)).collect()
            };
            let alike = alike(intervals.clone());
            for one in 0..40 {
                let standing = standing_for(one, &alike);
                let same = (0..40).find(|&other| around(other) == around(one)).unwrap();
                prop_assert_eq!(standing, if around(one).is_empty() { NONE } else { same });
            }
        }
    }

    #[test]
    fn many_letters_have_no_automaton() {
        let automaton = |merges: &[Pair]| {
            let (bytes, tables) = tables(merges);
            of_few_letters(&Chains::new(&tables), &bytes).is_some()
        };
        let beside: Vec<Pair> = (97..105).map(|letter| (letter, letter + 1)).collect();
        assert!(automaton(&beside[..6]) && !automaton(&beside));
        // Those that are beside no others do not count.
        let alone: Vec<Pair> = (97..105).map(|letter| (letter, letter)).collect();
        assert!(automaton(&alone));
    }

    /// Rows of so many letters that a word does not tell their length.
    #[test]
    fn long_tokens_are_found() {
        let mut merges = vec![(97, 98), (97, 97)];
        (257..263).for_each(|token| merges.push((token, token)));
        let (bytes, tables) = tables(&merges);
        let transducer = of_few_letters(&Chains::new(&tables), &bytes).unwrap();
        for len in [0, 1, 63, 64, 65, 127, 300, 5000] {
            let text = [vec![b'a'; len], vec![b'b'], vec![b'a'; len]].concat();
            let mut ids = Vec::new();
            transducer.encode(&text, &mut Scratch::default(), &mut ids, |_, _| unreachable!());
            assert_eq!(ids, by_merges(&merges, &text));
        }
    }
}
