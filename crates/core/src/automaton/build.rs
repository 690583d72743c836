//! Laying out the automaton: tokens sorted by their bytes, and states level by level.

use std::{hint::select_unpredictable, ops::Range};

use smallvec::SmallVec;

use super::{
    AnySteps, Automaton, Ending, NO_TOKEN, Places, Probe, START, State, Steps, room::Room,
    word::word,
};
use crate::few_letters::FewLetters;

/// States whose suffixes are looked for at the same time.
const LANES: usize = 8;

/// A state that is being laid out: the tokens, by their order, whose first bytes are its path.
struct Node {
    state: State,
    tokens: Range<u32>,
    /// Places kept for the states below it, as far as they are in a row.
    row: Range<State>,
}

/// The tokens in the order of their bytes.
struct Sorted {
    tokens: Vec<u32>,
    /// Their bytes, one behind the other, and where those of each begin.
    bytes: Vec<u8>,
    starts: Vec<usize>,
    /// How many bytes of each are those that the one before it begins with.
    common: Vec<u32>,
}

impl Sorted {
    fn new<'a>(count: u32, bytes: &impl Fn(u32) -> &'a [u8]) -> Sorted {
        let mut keyed: Vec<(u64, u32)> =
            (0..count).map(|token| (chunk(bytes(token), 0), token)).collect();
        sort(&mut keyed, bytes);
        let all = (0..count).map(|token| bytes(token).len()).sum();
        let mut sorted = Sorted {
            tokens: keyed.into_iter().map(|(_, token)| token).collect(),
            bytes: Vec::with_capacity(all),
            starts: Vec::with_capacity(count as usize + 1),
            common: Vec::with_capacity(count as usize),
        };
        let mut before: &[u8] = &[];
        for &token in &sorted.tokens {
            let own = bytes(token);
            let common = own.iter().zip(before).take_while(|(a, b)| a == b).count();
            sorted.common.push(common as u32);
            sorted.starts.push(sorted.bytes.len());
            sorted.bytes.extend_from_slice(own);
            before = own;
        }
        sorted.starts.push(sorted.bytes.len());
        sorted
    }

    fn len(&self, place: u32) -> usize {
        self.starts[place as usize + 1] - self.starts[place as usize]
    }

    /// How many states are in a row below the one whose path is the first `depth` bytes of these tokens: each
    /// but the last has one step.
    fn row(&self, &Range { mut start, end }: &Range<u32>, depth: usize) -> usize {
        let mut at = depth;
        loop {
            start += u32::from(self.len(start) == at);
            let Some(common) = self.common.get(start as usize + 1..end as usize) else { break };
            let next = common.iter().min().map_or(self.len(start), |&common| common as usize);
            if next == at {
                break;
            }
            at = next;
        }
        at - depth
    }

    fn byte(&self, place: u32, depth: usize) -> u8 {
        self.bytes[self.starts[place as usize] + depth]
    }
}

/// The next eight bytes of a token, the first of them the highest; zeros where there are none.
fn chunk(bytes: &[u8], depth: usize) -> u64 {
    let rest = bytes.get(depth..).unwrap_or_default();
    match rest.first_chunk() {
        Some(&eight) => u64::from_be_bytes(eight),
        None => {
            let mut eight = [0; 8];
            eight[..rest.len()].copy_from_slice(rest);
            u64::from_be_bytes(eight)
        }
    }
}

/// Sorts tokens, with the [`chunk`] of their first bytes, by all of them.
fn sort<'a>(keyed: &mut [(u64, u32)], bytes: &impl Fn(u32) -> &'a [u8]) {
    // What has so many bytes in common is still to be sorted. Tokens may be long, so no call within a call.
    let mut open = vec![(0..keyed.len(), 0)];
    while let Some((range, depth)) = open.pop() {
        let (from, keyed) = (range.start, &mut keyed[range]);
        keyed.sort_unstable();
        let mut start = 0;
        for equal in keyed.chunk_by_mut(|a, b| a.0 == b.0) {
            let end = start + equal.len();
            if equal.len() > 1 {
                // Which end here, and which go on with zeros, their lengths tell; the shortest comes first.
                let len = |&(_, token): &(u64, u32)| bytes(token).len().min(depth + 9);
                equal.sort_unstable_by_key(len);
                let ended = equal.partition_point(|one| len(one) < depth + 9);
                for (key, token) in &mut equal[ended..] {
                    *key = chunk(bytes(*token), depth + 8);
                }
                open.push((from + start + ended..from + end, depth + 8));
            }
            start = end;
        }
    }
}

impl Automaton {
    /// Builds the automaton of the tokens below `count`, among them all bytes, no two of them equal.
    ///
    /// Costs a sort of the tokens by their bytes, and a few steps for each byte of them; 16 bytes of
    /// memory for each different prefix, and room between them.
    pub(crate) fn new<'a>(count: u32, bytes: impl Fn(u32) -> &'a [u8]) -> Automaton {
        let sorted = Sorted::new(count, &bytes);
        let ending = |token| {
            let len = bytes(token).len();
            Ending { len: len as u32, shorter: word(token, len) }
        };
        let endings: Vec<Ending> = (0..count).map(ending).collect();
        let mut longest_with = Box::new([0; 256]);
        for (token, ending) in (0..count).map(&bytes).zip(&endings) {
            let longest = &mut longest_with[usize::from(token[token.len() - 1])];
            *longest = ending.len.max(*longest);
        }
        let longest = longest_with.iter().max().map_or(0, |&len| len as usize);
        let mut building = Building { places: Places::default(), endings, room: Room::default() };
        building.room.claim(&mut building.places.0, &[0]);
        let mut states = vec![START];
        // Breadth first, so that the suffixes of a path, which are shorter, are there already.
        let (mut level, mut below) =
            (vec![Node { state: START, tokens: 0..count, row: 0..0 }], Vec::new());
        for depth in 0.. {
            if level.is_empty() {
                break;
            }
            below.clear();
            for node in &level {
                building.lay_out(node, &sorted, depth, &mut below);
            }
            building.find_suffixes(&below, &sorted, depth);
            states.extend(below.iter().map(|node| node.state));
            std::mem::swap(&mut level, &mut below);
        }
        let long = (0..count).map(bytes).filter(|token| token.len() > 1);
        let Building { places, endings, .. } = building;
        let steps = match FewLetters::new(long.flatten(), &states, &places) {
            Some(few_letters) => AnySteps::FewLetters(Box::new(few_letters)),
            None => AnySteps::Places(places),
        };
        Automaton { steps, endings, longest, longest_with }
    }
}

/// What is there of an automaton while it is laid out.
struct Building {
    places: Places,
    endings: Vec<Ending>,
    room: Room,
}

impl Building {
    /// Gives the steps of a state whose path has `depth` bytes their places.
    fn lay_out(&mut self, node: &Node, sorted: &Sorted, depth: usize, below: &mut Vec<Node>) {
        let Node { state, tokens: Range { mut start, end }, ref row } = *node;
        // A path that is a token comes first among those that begin with it.
        start += u32::from(sorted.len(start) == depth);
        if let Some(next) = row.clone().next() {
            let base = next ^ u32::from(sorted.byte(start, depth));
            self.places.0[state as usize].base = base;
            self.places.0[next as usize].above = state;
            below.push(Node { state: next, tokens: start..end, row: next + 1..row.end });
            return;
        }
        let mut labels: SmallVec<[u8; 16]> = SmallVec::new();
        let first = below.len();
        while start < end {
            let common = &sorted.common[start as usize + 1..end as usize];
            let more = common.iter().take_while(|&&common| common as usize > depth).count();
            let tokens = start..start + 1 + more as u32;
            labels.push(sorted.byte(start, depth));
            start = tokens.end;
            let row = self.room.claim_row(&mut self.places.0, sorted.row(&tokens, depth + 1));
            below.push(Node { state: START, tokens, row });
        }
        if labels.is_empty() {
            return;
        }
        let base = self.room.claim(&mut self.places.0, &labels);
        self.places.0[state as usize].base = base;
        for (&label, node) in labels.iter().zip(&mut below[first..]) {
            node.state = base ^ u32::from(label);
            self.places.0[node.state as usize].above = state;
        }
    }

    /// Finds the suffixes of new states, behind paths of `depth` bytes, and the tokens that end there.
    ///
    /// Each is a step from the suffix of the state above, which waits for memory; so several are made at the
    /// same time, those that are done again and again until all are.
    fn find_suffixes(&mut self, nodes: &[Node], sorted: &Sorted, depth: usize) {
        for nodes in nodes.chunks(LANES) {
            let (mut at, mut labels, mut found) = ([START; LANES], [0; LANES], [START; LANES]);
            for (lane, node) in nodes.iter().enumerate() {
                let above = self.places.0[node.state as usize].above;
                at[lane] = self.places.suffix(above);
                labels[lane] = sorted.byte(node.tokens.start, depth);
            }
            // The suffix of one byte is nothing.
            let mut all = depth == 0;
            while !all {
                all = true;
                for lane in 0..nodes.len() {
                    let Probe { state, on, .. } = self.places.probe(at[lane], labels[lane]);
                    at[lane] = select_unpredictable(on, at[lane], state);
                    found[lane] = state;
                    all &= on;
                }
            }
            for (node, suffix) in nodes.iter().zip(found) {
                let mut token = self.places.0[suffix as usize].token;
                let first = node.tokens.start;
                if sorted.len(first) == depth + 1 {
                    let longest = sorted.tokens[first as usize];
                    if token != NO_TOKEN {
                        self.endings[longest as usize].shorter = token;
                    }
                    token = word(longest, depth + 1);
                }
                let place = &mut self.places.0[node.state as usize];
                (place.suffix, place.token) = (suffix, token);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Many that begin alike, also with zeros, and longer than some chunks.
        #[test]
        fn tokens_are_sorted_by_their_bytes_and_rows_are_told(
            words in prop::collection::hash_set(
                prop::collection::vec(prop_oneof![9 => Just(0u8), 1 => Just(1), 1 => Just(255)], 0..40), 1..60),
        ) {
            let words: Vec<Vec<u8>> = words.into_iter().collect();
            let sorted = Sorted::new(words.len() as u32, &|token| &words[token as usize]);
            let mut expected: Vec<u32> = (0..words.len() as u32).collect();
            expected.sort_by_key(|&token| &words[token as usize]);
            prop_assert_eq!(&sorted.tokens, &expected);
            for (place, &token) in expected.iter().enumerate() {
                let word = &words[token as usize];
                prop_assert_eq!(sorted.len(place as u32), word.len());
                let before = &words[expected[place.saturating_sub(1)] as usize];
                let common = word.iter().zip(before).take_while(|(a, b)| a == b).count();
                prop_assert_eq!(sorted.common[place] as usize, if place == 0 { 0 } else { common });
            }
            // By the number of different ways on, from state to state.
            let ways = |path: &[u8]| {
                let on = words.iter().filter(|word| word.len() > path.len() && word.starts_with(path));
                on.map(|word| word[path.len()]).collect::<HashSet<u8>>()
            };
            for first in 0..expected.len() {
                let word = &words[expected[first] as usize];
                let depth = 1 + first % word.len().max(1);
                if let Some(path) = word.get(..depth)
                    && (first == 0 || !words[expected[first - 1] as usize].starts_with(path))
                {
                    let begin = |&&token: &&u32| words[token as usize].starts_with(path);
                    let tokens = expected[first..].iter().take_while(begin).count();
                    let (mut end, mut row) = (path.to_vec(), 0);
                    while ways(&end).len() == 1 {
                        end.extend(ways(&end));
                        row += 1;
                    }
                    let tokens = first as u32..(first + tokens) as u32;
                    prop_assert_eq!(sorted.row(&tokens, depth), row);
                }
            }
        }
    }
}
