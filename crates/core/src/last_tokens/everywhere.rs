//! The last tokens of all prefixes of a long text, found by what ends at each place.
//!
//! What comes to stand last in a prefix are the tokens on the way down to its last token, each of which is longer
//! than the one before. Whether a token that a prefix ends with is among them is one comparison, by the lemma of
//! the module above; so the last token is the longest that passes. An automaton tells the longest token that ends
//! at each place, several places at the same time (`lanes.rs`), and on executables it is the one at seven to nine
//! places of ten; else those that are shorter are tried, one after the other.
//!
//! In a row of one letter very many tokens end at each place, and the last one is mostly short. All that are
//! longer than the row so far having failed, it is of this letter alone, as is all on the way to it; so that way
//! is gone down from the letter, by such tokens only. Where the row is so long that last tokens repeat themselves,
//! they are copied.
//!
//! *Cost* of a byte: a step of the automaton and one comparison, one more for each token that fails, and from
//! the ninth on a way down as for any prefix; so it is linear in the text. *Memory*: 4 bytes for each byte of
//! which it is open what it becomes, in practice those of one block; for each token 24 bytes, and the
//! automaton; up to a megabyte for the way back.
//!
//! On executables with 4,096 entries that is as fast as a search (`backtrack.rs`), with 32,768 and 65,536 it is 1.5
//! and 1.6 times as fast, and on random letters three times (`docs/results/encode-engine.md`).

use super::{
    back,
    blocks::{Way, go_through},
    chains::{Chains, Children, Node},
};
use crate::{
    automaton::{self, AnySteps, Automaton, START, State, Steps, Word},
    candidate::Candidate,
    fewest::TOGETHER,
    lanes,
    token_bytes::TokenBytes,
};

/// Bytes after which it is looked for what stands, whatever follows.
const BLOCK: usize = 1 << 15;

/// Letters of a row.
const ROW: usize = 4;

/// Tokens that are tried at a place.
const TRIES: usize = 8;

/// Tokens among which one is looked for that comes again and again in a row.
const REPEATING: usize = 16;

/// What ends at a place, and what of it passes; tokens by the nodes of their chains.
#[derive(Debug)]
pub(crate) struct Everywhere {
    automaton: Automaton,
    candidates: Vec<Candidate>,
    /// Bytes and training id.
    tokens: Vec<(u32, u32)>,
    /// Those children that are rows of one letter.
    rows: Children,
    tries: usize,
}

/// Memory of an encoding, kept from text to text.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// The last token of each prefix, by length.
    lasts: Vec<Node>,
    /// The longest tokens that end at places which are to come.
    longest: Vec<Word>,
    /// Room for the way back.
    room: Vec<u32>,
}

impl Everywhere {
    /// Builds the tables; `bytes` are those of the tokens of the chains.
    pub(crate) fn new(chains: &Chains, bytes: &TokenBytes) -> Everywhere {
        let nodes = chains.nodes();
        let of = |node: Node| bytes.get(chains.token(node));
        let automaton = Automaton::new(nodes, of);
        let shorter = |node: Node| automaton::token(automaton.shorter(node));
        let mut candidates: Vec<Candidate> = (0..nodes).map(Candidate::letter).collect();
        for (parent, child) in chains.children.iter() {
            candidates[child.node as usize] = Candidate {
                right_len: chains.len(parent) as u32,
                low: child.start,
                width: child.end - child.start,
                shorter: shorter(child.node),
            };
        }
        let row = |node: Node| of(node).windows(2).all(|pair| pair[0] == pair[1]);
        let tokens = (0..nodes).map(|node| (chains.len(node) as u32, chains.token(node)));
        Everywhere {
            candidates,
            tokens: tokens.collect(),
            rows: chains.children.only(row),
            automaton,
            tries: TRIES,
        }
    }

    /// Appends the encoding of a text, in training ids.
    pub(crate) fn encode(
        &self,
        chains: &Chains,
        text: &[u8],
        scratch: &mut Scratch,
        ids: &mut Vec<u32>,
    ) {
        self.encode_by(BLOCK, chains, text, scratch, ids);
    }

    fn encode_by(
        &self,
        block: usize,
        chains: &Chains,
        text: &[u8],
        scratch: &mut Scratch,
        ids: &mut Vec<u32>,
    ) {
        scratch.lasts.clear();
        // Of the empty prefix nobody asks: a token that is all of a prefix is the longest there and passes.
        scratch.lasts.push(0);
        let row = Row { letter: 0, len: 0 };
        let mut path = Path { everywhere: self, chains, state: START, row, scratch, ids };
        go_through(&mut path, text, block, self.automaton.longest());
    }

    /// Whether the token of a node is among those that come to stand last behind the prefixes with these last
    /// tokens.
    #[inline(always)]
    fn passes(&self, node: Node, lasts: &[Node]) -> bool {
        let candidate = &self.candidates[node as usize];
        candidate.passes(lasts[lasts.len() - candidate.right_len as usize]) != 0
    }

    /// The last token of a prefix behind others, by the longest token that it ends with, which does not pass,
    /// and the row that it ends with.
    #[inline(never)]
    fn last(&self, mut node: Node, row: Row, chains: &Chains, lasts: &[Node]) -> Node {
        let before = |len: usize| Some(lasts[lasts.len() - len]);
        for _ in 0..self.tries {
            node = self.candidates[node as usize].shorter;
            if row.len >= ROW && self.tokens[node as usize].0 as usize <= row.len {
                return chains.down(&self.rows, row.letter, before, &mut 0);
            }
            if self.passes(node, lasts) {
                return node;
            }
        }
        chains.down(&chains.children, row.letter, before, &mut 0)
    }
}

/// The row of one letter that a prefix ends with.
#[derive(Clone, Copy, Debug)]
struct Row {
    letter: u8,
    len: usize,
}

/// The last tokens up to a place of a text.
struct Path<'a> {
    everywhere: &'a Everywhere,
    chains: &'a Chains,
    state: State,
    row: Row,
    scratch: &'a mut Scratch,
    ids: &'a mut Vec<u32>,
}

impl Path<'_> {
    #[inline(always)]
    fn go_on_by(&mut self, steps: &impl Steps, mut text: &[u8]) {
        self.scratch.lasts.reserve(text.len());
        self.scratch.longest.resize(TOGETHER, 0);
        while !text.is_empty() {
            let repeated = self.repeat(text);
            let (now, later) = text[repeated..].split_at(TOGETHER.min(text.len() - repeated));
            self.find(steps, now);
            text = later;
        }
    }

    /// Finds the last tokens of the next places.
    #[inline(always)]
    fn find(&mut self, steps: &impl Steps, text: &[u8]) {
        let Path { everywhere, chains, row, .. } = self;
        let Scratch { lasts, longest, .. } = &mut *self.scratch;
        let longest = &mut longest[..text.len()];
        lanes::tokens::<_, false>(steps, &mut self.state, text, longest);
        for (&letter, &word) in text.iter().zip(&*longest) {
            *row = Row { letter, len: if letter == row.letter { row.len + 1 } else { 1 } };
            let mut node = automaton::token(word);
            if !everywhere.passes(node, lasts) {
                node = everywhere.last(node, *row, chains, lasts);
            }
            lasts.push(node);
        }
    }

    /// Goes on through a row that repeats itself, as far as it does, and gives the bytes.
    ///
    /// Where the row has as many letters as the longest token, the automaton stands still, and only rows end. So the
    /// last token of a place follows from those of the places in front of it, no more than the longest token has
    /// bytes. If these are the same as some places before, where the row was as long, they stay so.
    fn repeat(&mut self, text: &[u8]) -> usize {
        let Path { everywhere, row, .. } = self;
        let lasts = &mut self.scratch.lasts;
        let (longest, end) = (everywhere.automaton.longest(), lasts.len());
        if row.len < 2 * longest || text[0] != row.letter {
            return 0;
        }
        // The longest of some tokens on the way back, as one would come again and again.
        let (mut place, mut period) = (end - 1, 1);
        for _ in 0..REPEATING {
            let len = everywhere.tokens[lasts[place] as usize].0 as usize;
            period = len.max(period);
            if len >= place {
                break;
            }
            place -= len;
        }
        let same = |start: usize| lasts[start..start + longest] == lasts[end - longest..];
        if !(end - longest).checked_sub(period).is_some_and(same) {
            return 0;
        }
        let len = text.iter().take_while(|&&letter| letter == row.letter).count();
        while lasts.len() < end + len {
            let from = lasts.len() - period;
            lasts.extend_from_within(from..from + period.min(end + len - lasts.len()));
        }
        row.len += len;
        len
    }
}

impl Way for Path<'_> {
    fn go_on(&mut self, text: &[u8]) {
        let everywhere = self.everywhere;
        match &everywhere.automaton.steps {
            AnySteps::Places(steps) => self.go_on_by(steps, text),
            AnySteps::FewLetters(steps) => self.go_on_by(&**steps, text),
        }
    }

    fn len(&self) -> usize {
        self.scratch.lasts.len() - 1
    }

    fn above(&self, place: usize) -> usize {
        place - self.everywhere.tokens[self.scratch.lasts[place] as usize].0 as usize
    }

    fn hand_on(&mut self, place: usize) {
        let Scratch { lasts, room, .. } = &mut *self.scratch;
        let last = |place: usize| {
            let (len, token) = self.everywhere.tokens[lasts[place] as usize];
            (token, len as usize)
        };
        back::append(0..place, last, room, self.ids);
    }

    fn forget(&mut self, place: usize) {
        self.scratch.lasts.drain(..place);
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;
    use crate::{
        merge::Pair,
        samples::{by_merges, tables, vocabulary},
    };

    /// What is found everywhere after blocks of so many bytes.
    fn found(merges: &[Pair], text: &[u8], block: usize, tries: usize) -> Vec<u32> {
        let (bytes, tables) = tables(merges);
        let chains = Chains::new(&tables);
        let everywhere = Everywhere { tries, ..Everywhere::new(&chains, &bytes) };
        let (mut scratch, mut ids) = (Scratch::default(), vec![7]);
        // What is left of another text makes no difference.
        everywhere.encode(&chains, b"abcabc", &mut scratch, &mut ids);
        ids.truncate(1);
        everywhere.encode_by(block, &chains, text, &mut scratch, &mut ids);
        ids.split_off(1)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// Merges in any order, so also tokens that do not encode to themselves; with many letters, the automaton
        /// is another.
        #[test]
        fn every_prefix_has_the_last_token_of_the_merges(
            choices in prop::collection::vec(any::<(Index, Index)>(), 0..40),
            parts in prop::collection::vec((prop::collection::vec(97u8..100, 1..8), 1usize..9), 0..9),
            many_letters in any::<bool>(),
            block in prop_oneof![1usize..40, Just(1 << 12)],
            tries in prop_oneof![0usize..4, Just(TRIES)],
        ) {
            let (mut merges, _) = vocabulary(&choices);
            if many_letters {
                merges.extend((0..5).map(|letter| (2 * letter, 2 * letter + 1)));
            }
            let text: Vec<u8> = parts.iter().flat_map(|(part, n)| part.repeat(*n)).collect();
            prop_assert_eq!(found(&merges, &text, block, tries), by_merges(&merges, &text));
        }

        /// Rows of one letter between others, some of them longer than a block, with tokens of many lengths that are
        /// rows or end with one.
        #[test]
        fn rows_end_with_the_tokens_of_the_merges(
            order in prop::collection::vec((0usize..5, any::<[Index; 2]>()), 1..24),
            rows in prop::collection::vec((prop_oneof![1usize..40, 100usize..400], 0usize..3), 1..12),
            tries in 1usize..4,
        ) {
            // Mostly tokens of zeros alone: zero has the first number of all.
            let (mut usable, mut merges) = (vec![0, 1], Vec::new());
            let mut bytes = TokenBytes::with_room(24);
            for (kind, choice) in order {
                let of: Vec<u32> = match kind {
                    0 => usable.clone(),
                    _ => usable.iter().copied().filter(|&token| !bytes.get(token).contains(&1)).collect(),
                };
                let pair = (*choice[0].get(&of), *choice[1].get(&of));
                let both = [bytes.get(pair.0), bytes.get(pair.1)].concat();
                let known = (0..bytes.len()).any(|token| bytes.get(token) == both);
                if !known && both.len() < 24 {
                    usable.push(bytes.len());
                    bytes.join(pair.0, pair.1).unwrap();
                    merges.push(pair);
                }
            }
            let text: Vec<u8> =
                rows.iter().flat_map(|&(a, b)| [vec![0; a], vec![1; b]].concat()).collect();
            prop_assert_eq!(found(&merges, &text, 64, tries), by_merges(&merges, &text));
        }
    }

    /// Tokens of which more end at each place than are tried, and none is a row: `ab` and powers of it.
    #[test]
    fn where_many_tokens_fail_the_way_is_gone_down() {
        let mut merges = vec![(97, 98)];
        (256..300).for_each(|token| merges.push((256, token)));
        for len in [0, 1, 89, 90, 91, 2000] {
            let text: Vec<u8> = b"ab".repeat(1000)[..len].to_vec();
            assert_eq!(found(&merges, &text, 512, TRIES), by_merges(&merges, &text));
        }
    }
}
