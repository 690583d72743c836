//! Encoding by as few tokens as there can be.
//!
//! Merges in their order are greedy: they rarely give the shortest sequence of tokens. That one is a
//! shortest path from the beginning of a text to its end, where every token at its place is a step.
//! Of several of the same number the one is taken whose last token is longest, and so on towards the
//! beginning. So the encoding of a prefix of length p is that of p − |L(p)| and then L(p), with L(p) the
//! longest last token of a shortest path, as it is with merges (`last_tokens.rs`).
//!
//! This is also what a unigram model gives whose tokens all cost the same (Kudo 2018, "Subword
//! regularization", section 3.2, by the Viterbi algorithm).
//!
//! *Cost* of a byte: a step of the automaton (`lanes.rs`), and a look for each token that ends there, the
//! longest first. Those that are shorter begin later; where no prefix behind the beginning of a token has
//! fewer tokens than the fewest found, they cannot do better. For each number of tokens it is known which
//! place was the last with so many, so looks end there: executables take 1.3 to 1.5 a byte, and a row of one
//! letter takes few however many tokens of it there are. *Memory*: 8 bytes for each byte of which it is open
//! what it becomes, in practice those of one block.

use crate::{
    automaton::{AnySteps, Automaton, Ending, START, State, Steps},
    lanes,
    last_tokens::settled,
    vocabulary::Vocabulary,
};

/// Tables for encoding by as few tokens as there can be, in training ids.
#[derive(Debug)]
pub(crate) struct Fewest {
    automaton: Automaton,
}

/// The paths of the fewest tokens from the beginning of a text to all places of it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct FewestPaths {
    /// The number of tokens to each place, from 0 at the beginning on.
    pub counts: Vec<u32>,
    /// The id of the token that each byte ends: the longest last token of as few.
    pub lasts: Vec<u32>,
}

impl Vocabulary {
    /// The paths of the fewest tokens, bytes and those of merges, through a text that is taken as one
    /// segment, whatever this vocabulary encodes by.
    ///
    /// The number of tokens must be less than 2^32. Costs what encoding by the
    /// [fewest tokens](crate::Encoding::Fewest) costs, and 8 bytes of memory a byte.
    pub fn fewest_paths(&self, text: &[u8]) -> FewestPaths {
        let mut scratch = Scratch { prefixes: vec![Prefix::default()], ..Scratch::default() };
        let mut head = Head::START;
        self.pieces.fewest().go_on(text, &mut head, &mut scratch);
        let Scratch { prefixes, .. } = scratch;
        FewestPaths {
            counts: prefixes.iter().map(|prefix| prefix.count).collect(),
            lasts: prefixes[1..].iter().map(|prefix| prefix.last + self.shift()).collect(),
        }
    }
}

/// Bytes after which it is looked for what stands, whatever follows.
const BLOCK: usize = 1 << 15;

/// Bytes whose longest tokens are found together: so few that these stay in the nearest cache.
const TOGETHER: usize = 1 << 12;

/// Memory of an encoding, kept from text to text.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// By length.
    prefixes: Vec<Prefix>,
    /// The longest tokens that end at places which are to come.
    longest: Vec<u32>,
}

/// The encoding of a prefix of a text.
#[derive(Clone, Copy, Debug, Default)]
struct Prefix {
    /// The number of its tokens.
    count: u32,
    /// The last of them, but where it is empty.
    last: u32,
}

/// Numbers of tokens that are told apart where a place is looked for that has so many; those of prefixes as
/// far back as a token begins rarely differ by more.
const RING: usize = 64;

/// The place where an encoding that goes on stands.
#[derive(Clone, Debug)]
struct Head {
    state: State,
    /// By number of tokens, the last place whose prefix has so many, or a later one.
    last_with: [usize; RING],
}

impl Head {
    const START: Head = Head { state: START, last_with: [0; RING] };

    /// A place behind which no prefix has fewer tokens than `fewest`; the last of them ends at `place` and has
    /// `count`.
    ///
    /// From place to place the number of tokens rises by one at most. So if the last prefix has no fewer, the
    /// last that has is one that has one less.
    #[inline(always)]
    fn last_with_fewer(&self, fewest: u32, count: u32, place: usize) -> usize {
        match count < fewest {
            true => place,
            false => self.last_with[fewest.wrapping_sub(1) as usize % RING],
        }
    }
}

impl Scratch {
    /// Bytes of the longest prefix.
    fn len(&self) -> usize {
        self.prefixes.len() - 1
    }
}

impl Fewest {
    /// Builds the tables of the tokens below `count`, among them all bytes.
    pub(crate) fn new<'a>(count: u32, bytes: impl Fn(u32) -> &'a [u8]) -> Fewest {
        Fewest { automaton: Automaton::new(count, bytes) }
    }

    /// The prefix that is longer by a byte than the last of all shorter ones, from the empty one on, and
    /// ends with `token` and none that is longer.
    #[inline(always)]
    fn longer<const AT_ONCE: usize>(
        &self,
        head: &mut Head,
        mut token: u32,
        prefixes: &[Prefix],
    ) -> Prefix {
        let end = prefixes.len();
        // How many tokens are worth a look nobody can guess, so some are looked at in any case.
        let mut tokens = [token; AT_ONCE];
        let (mut best, mut start) = (u64::MAX, end);
        for (i, place) in tokens.iter_mut().enumerate() {
            *place = token;
            let Ending { len, shorter } = self.automaton.ending(token);
            start = end - len as usize;
            // Of as few, the longest.
            best = best.min(u64::from(prefixes[start].count) * AT_ONCE as u64 + i as u64);
            token = shorter;
        }
        let mut last = tokens[best as usize % AT_ONCE];
        let mut fewest = (best / AT_ONCE as u64) as u32;
        // Shorter tokens begin later, where there are no fewer tokens in front.
        let (before, place) = (prefixes[end - 1].count, end - 1);
        while start < head.last_with_fewer(fewest, before, place) {
            let Ending { len, shorter } = self.automaton.ending(token);
            start = end - len as usize;
            let count = prefixes[start].count;
            if count < fewest {
                (last, fewest) = (token, count);
            }
            token = shorter;
        }
        head.last_with[before as usize % RING] = place;
        Prefix { count: fewest + 1, last }
    }

    /// Appends the encoding of a text.
    pub(crate) fn encode(&self, text: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>) {
        self.walk(text, BLOCK, scratch, |scratch, mut end| {
            let mut at = ids.len() + scratch.prefixes[end].count as usize;
            ids.resize(at, 0);
            while end > 0 {
                at -= 1;
                ids[at] = scratch.prefixes[end].last;
                end -= self.len(ids[at]);
            }
        });
    }

    /// The number of tokens of a text.
    pub(crate) fn count(&self, text: &[u8], scratch: &mut Scratch) -> usize {
        let mut count = 0;
        self.walk(text, BLOCK, scratch, |scratch, end| {
            count += scratch.prefixes[end].count as usize;
        });
        count
    }

    /// Finds the shortest paths to all prefixes of a text, and calls `stands` with parts of them, one
    /// behind the other, and their lengths.
    fn walk(
        &self,
        text: &[u8],
        block: usize,
        scratch: &mut Scratch,
        mut stands: impl FnMut(&Scratch, usize),
    ) {
        scratch.prefixes.clear();
        scratch.prefixes.push(Prefix::default());
        let (mut head, mut rest) = (Head::START, text);
        let mut most = block.max(4 * self.automaton.longest());
        while rest.len() + scratch.len() > most {
            let (now, later) = rest.split_at(most - scratch.len());
            self.go_on(now, &mut head, scratch);
            rest = later;
            let above = |end: usize| end - self.len(scratch.prefixes[end].last);
            let end = settled(scratch.len(), self.automaton.longest(), above);
            if end == 0 {
                most *= 2;
                continue;
            }
            stands(scratch, end);
            // Only differences matter from here on.
            let Scratch { prefixes, .. } = scratch;
            let before = prefixes[end].count;
            prefixes.drain(..end);
            // Places of which no later token begins may have less.
            prefixes.iter_mut().for_each(|prefix| prefix.count = prefix.count.wrapping_sub(before));
            head.last_with.rotate_left(before as usize % RING);
            head.last_with.iter_mut().for_each(|place| *place = place.saturating_sub(end));
        }
        self.go_on(rest, &mut head, scratch);
        stands(scratch, scratch.len());
    }

    fn go_on(&self, text: &[u8], head: &mut Head, scratch: &mut Scratch) {
        match &self.automaton.steps {
            AnySteps::Places(steps) => self.go_on_by::<1>(steps, text, head, scratch),
            // At nearly every place of a genome the second token is worth a look.
            AnySteps::FewLetters(steps) => self.go_on_by::<2>(&**steps, text, head, scratch),
        }
    }

    fn go_on_by<const AT_ONCE: usize>(
        &self,
        steps: &impl Steps,
        text: &[u8],
        head: &mut Head,
        scratch: &mut Scratch,
    ) {
        let Scratch { prefixes, longest } = scratch;
        prefixes.reserve(text.len());
        if longest.len() < text.len().min(TOGETHER) {
            longest.resize(text.len().min(TOGETHER), 0);
        }
        for text in text.chunks(TOGETHER) {
            let longest = &mut longest[..text.len()];
            lanes::tokens(steps, &mut head.state, text, longest);
            for &token in &*longest {
                let prefix = self.longer::<AT_ONCE>(head, token, prefixes);
                prefixes.push(prefix);
            }
        }
    }

    /// Bytes of a token.
    fn len(&self, token: u32) -> usize {
        self.automaton.ending(token).len as usize
    }
}

#[cfg(test)]
mod tests {
    use hashbrown::HashMap;
    use proptest::prelude::*;

    use super::*;

    /// Of all sequences of tokens that are the text the shortest; of those the one whose last token is
    /// longest, and so on.
    fn oracle(tokens: &[Vec<u8>], text: &[u8], known: &mut HashMap<usize, Vec<u32>>) -> Vec<u32> {
        if text.is_empty() {
            return Vec::new();
        }
        if let Some(known) = known.get(&text.len()) {
            return known.clone();
        }
        let mut best: Option<Vec<u32>> = None;
        for (token, bytes) in tokens.iter().enumerate() {
            let Some(rest) = text.strip_suffix(&bytes[..]) else { continue };
            let mut ids = oracle(tokens, rest, known);
            ids.push(token as u32);
            let longer = |other: &Vec<u32>| {
                ids.len() < other.len()
                    || ids.len() == other.len()
                        && bytes.len() > tokens[*other.last().unwrap() as usize].len()
            };
            if best.as_ref().is_none_or(longer) {
                best = Some(ids);
            }
        }
        let best = best.expect("all bytes are tokens");
        known.insert(text.len(), best.clone());
        best
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(6000))]

        #[test]
        fn there_are_no_fewer(
            words in prop::collection::hash_set(prop::collection::vec(97u8..100, 2..7), 0..30),
            parts in prop::collection::vec((prop::collection::vec(97u8..100, 1..8), 1usize..6), 0..6),
            many_letters in any::<bool>(),
        ) {
            let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
            tokens.extend(words);
            if many_letters {
                tokens.push((0..20).collect());
            }
            let fewest = Fewest::new(tokens.len() as u32, |token| &tokens[token as usize]);
            let text: Vec<u8> = parts.iter().flat_map(|(part, n)| part.repeat(*n)).collect();
            let (mut scratch, mut known) = (Scratch::default(), HashMap::new());
            for end in 0..=text.len() {
                let mut ids = vec![7];
                fewest.encode(&text[..end], &mut scratch, &mut ids);
                prop_assert_eq!(&ids[1..], oracle(&tokens, &text[..end], &mut known));
                prop_assert_eq!(fewest.count(&text[..end], &mut scratch), ids.len() - 1);
                for block in [1, 31, 37] {
                    let mut count = 0;
                    fewest.walk(&text[..end], block, &mut scratch, |scratch, end| {
                        count += scratch.prefixes[end].count as usize;
                    });
                    prop_assert_eq!(count, ids.len() - 1);
                }
            }
        }
    }
}
