//! All tokens that end at a place of a text, found in one pass over it.
//!
//! The automaton of Aho and Corasick (1975, "Efficient string matching: an aid to bibliographic
//! search", section 2): a trie of the tokens, in which each state knows the longest other state whose
//! path is a suffix of its own. Its steps are laid out in one array (Aoe 1989, "An efficient digital
//! search algorithm by using a double-array structure"); the place of a step is the base of its state
//! and the byte joined by exclusive or, so that the steps of one state lie in one block of 256 places.
//! Where tokens are of few letters, as in genomes, the states are laid out once more (`few_letters.rs`).

use std::hint::select_unpredictable;

use crate::few_letters::FewLetters;

/// No token.
const NONE: u32 = u32::MAX;

/// Where an automaton stands.
pub(crate) type State = u32;

/// Where it stands in front of a text.
pub(crate) const START: State = 0;

/// Blocks of 256 places in which room for a state is looked for, from the last one back: older ones
/// have single places left, which only states of one step could take.
const OPEN_BLOCKS: usize = 16;

#[derive(Clone, Copy, Debug)]
struct Place {
    base: u32,
    /// The state that this is a step of.
    above: State,
    /// The state of the longest proper suffix.
    suffix: State,
    /// The longest token that the path ends with.
    token: u32,
}

const FREE: Place = Place { base: 0, above: NONE, suffix: START, token: NONE };

/// A token, and what else ends where it ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ending {
    /// Its bytes.
    pub(crate) len: u32,
    /// The longest token that is a proper suffix of it; of a byte, itself.
    pub(crate) shorter: u32,
}

/// Tokens by their ends; at least all 256 bytes.
#[derive(Debug)]
pub(crate) struct Automaton {
    pub(crate) steps: AnySteps,
    /// By token.
    endings: Vec<Ending>,
    longest: usize,
}

/// The steps, laid out in one way or the other.
#[derive(Debug)]
pub(crate) enum AnySteps {
    Places(Places),
    FewLetters(Box<FewLetters>),
}

/// How to get from one place of a text to the next.
pub(crate) trait Steps {
    /// The state behind one more byte.
    fn step(&self, state: State, byte: u8) -> State;

    /// A state on the way to that behind one more byte, and whether it is that: of equal cost, whatever
    /// the byte, so that nobody need guess.
    fn probe(&self, state: State, byte: u8) -> (State, bool);

    /// The longest token that ends at the place of a state; no token for the start.
    fn token(&self, state: State) -> u32;
}

/// The steps in one array.
#[derive(Debug, Default)]
pub(crate) struct Places(Vec<Place>);

impl Places {
    /// The state whose path is that of a state and one more byte.
    #[inline(always)]
    pub(crate) fn below(&self, state: State, byte: u8) -> Option<State> {
        let next = self.0[state as usize].base ^ u32::from(byte);
        (self.0[next as usize].above == state).then_some(next)
    }

    /// The state of the longest proper suffix.
    pub(crate) fn suffix(&self, state: State) -> State {
        self.0[state as usize].suffix
    }
}

impl Steps for Places {
    #[inline(always)]
    fn step(&self, mut state: State, byte: u8) -> State {
        // Every byte is a token, so the search ends at the start.
        loop {
            match self.below(state, byte) {
                Some(next) => return next,
                None => state = self.suffix(state),
            }
        }
    }

    #[inline(always)]
    fn probe(&self, state: State, byte: u8) -> (State, bool) {
        let Place { base, suffix, .. } = self.0[state as usize];
        let next = base ^ u32::from(byte);
        let on = self.0[next as usize].above == state;
        (select_unpredictable(on, next, suffix), on)
    }

    #[inline(always)]
    fn token(&self, state: State) -> u32 {
        self.0[state as usize].token
    }
}

/// A state that is being laid out: the tokens whose first bytes are its path.
struct Node {
    state: State,
    tokens: std::ops::Range<usize>,
    depth: usize,
}

impl Automaton {
    /// Builds the automaton of the tokens below `count`, among them all bytes.
    ///
    /// Costs a sort of the tokens by their bytes, and a few steps for each byte of them; 16 bytes of
    /// memory for each different prefix, and room between them.
    pub(crate) fn new<'a>(count: u32, bytes: impl Fn(u32) -> &'a [u8]) -> Automaton {
        let mut sorted: Vec<u32> = (0..count).collect();
        sorted.sort_unstable_by_key(|&token| bytes(token));
        let ending = |token| Ending { len: bytes(token).len() as u32, shorter: token };
        let endings: Vec<Ending> = (0..count).map(ending).collect();
        let longest = endings.iter().map(|ending| ending.len).max().unwrap_or(1) as usize;
        let mut building = Building { places: Places::default(), endings, room: Room::default() };
        building.room.claim(&mut building.places.0, &[0]);
        let mut states = vec![START];
        // Breadth first, so that the suffixes of a path, which are shorter, are there already.
        let mut level = vec![Node { state: START, tokens: 0..sorted.len(), depth: 0 }];
        while !level.is_empty() {
            let mut below = Vec::new();
            for node in level {
                building.lay_out(&node, &sorted, &bytes, &mut below);
            }
            states.extend(below.iter().map(|node| node.state));
            level = below;
        }
        let long = (0..count).map(bytes).filter(|token| token.len() > 1);
        let Building { places, endings, .. } = building;
        let steps = match FewLetters::new(long.flatten(), &states, &places) {
            Some(few_letters) => AnySteps::FewLetters(Box::new(few_letters)),
            None => AnySteps::Places(places),
        };
        Automaton { steps, endings, longest }
    }

    /// How long a token is, and which ends with it.
    #[inline]
    pub(crate) fn ending(&self, token: u32) -> Ending {
        self.endings[token as usize]
    }

    /// Bytes of the longest token.
    pub(crate) fn longest(&self) -> usize {
        self.longest
    }
}

/// What is there of an automaton while it is laid out.
struct Building {
    places: Places,
    endings: Vec<Ending>,
    room: Room,
}

impl Building {
    /// Gives the steps of a state their places.
    fn lay_out<'a>(
        &mut self,
        node: &Node,
        sorted: &[u32],
        bytes: &impl Fn(u32) -> &'a [u8],
        below: &mut Vec<Node>,
    ) {
        let Node { state, ref tokens, depth } = *node;
        // A path that is a token comes first among those that begin with it.
        let mut start = tokens.start + usize::from(bytes(sorted[tokens.start]).len() == depth);
        let first = below.len();
        let mut labels = Vec::new();
        while start < tokens.end {
            let label = bytes(sorted[start])[depth];
            let len =
                sorted[start..tokens.end].partition_point(|&token| bytes(token)[depth] == label);
            labels.push(label);
            below.push(Node { state: 0, tokens: start..start + len, depth: depth + 1 });
            start += len;
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
        for (&label, node) in labels.iter().zip(&below[first..]) {
            let suffix = match state {
                START => START,
                _ => self.places.step(self.places.0[state as usize].suffix, label),
            };
            let mut token = self.places.0[suffix as usize].token;
            let first = sorted[node.tokens.start];
            if bytes(first).len() == node.depth {
                if token != NONE {
                    self.endings[first as usize].shorter = token;
                }
                token = first;
            }
            let place = &mut self.places.0[node.state as usize];
            (place.suffix, place.token) = (suffix, token);
        }
    }
}

/// The places that are free.
#[derive(Default)]
struct Room {
    /// Of each block that is open, from the oldest: its number, and a bit for each place that is taken.
    open: Vec<(usize, [u64; 4])>,
}

impl Room {
    /// Takes places for the steps of a state, and gives their base.
    fn claim(&mut self, places: &mut Vec<Place>, labels: &[u8]) -> u32 {
        for (block, taken) in &mut self.open {
            if let Some(base) = fit(taken, labels) {
                take(taken, base, labels);
                return (*block as u32) << 8 | u32::from(base);
            }
        }
        let block = places.len() / 256;
        places.resize(places.len() + 256, FREE);
        if self.open.len() == OPEN_BLOCKS {
            self.open.remove(0);
        }
        let mut taken = [0; 4];
        take(&mut taken, 0, labels);
        self.open.push((block, taken));
        (block as u32) << 8
    }
}

/// A base within a block at which all labels find free places.
fn fit(taken: &[u64; 4], labels: &[u8]) -> Option<u8> {
    if let &[label] = labels {
        let word = taken.iter().position(|&taken| taken != u64::MAX)?;
        return Some((64 * word as u8 + taken[word].trailing_ones() as u8) ^ label);
    }
    if taken.iter().map(|taken| taken.count_zeros() as usize).sum::<usize>() < labels.len() {
        return None;
    }
    // All 256 bases at once: those at which one label after the other finds a free place.
    let mut bases = [u64::MAX; 4];
    for label in labels {
        for (word, bases) in bases.iter_mut().enumerate() {
            *bases &= swapped(!taken[word ^ usize::from(label / 64)], label % 64);
        }
        if bases == [0; 4] {
            return None;
        }
    }
    let word = bases.iter().position(|&bases| bases != 0)?;
    Some(64 * word as u8 + bases[word].trailing_zeros() as u8)
}

/// The bits of a word in other places: each where its number joined with `by` by exclusive or says.
fn swapped(mut word: u64, by: u8) -> u64 {
    const LOWER: [u64; 6] = [
        0x5555_5555_5555_5555,
        0x3333_3333_3333_3333,
        0x0f0f_0f0f_0f0f_0f0f,
        0x00ff_00ff_00ff_00ff,
        0x0000_ffff_0000_ffff,
        0x0000_0000_ffff_ffff,
    ];
    for (bit, lower) in LOWER.into_iter().enumerate() {
        if by >> bit & 1 == 1 {
            let distance = 1 << bit;
            word = (word & lower) << distance | (word >> distance) & lower;
        }
    }
    word
}

fn take(taken: &mut [u64; 4], base: u8, labels: &[u8]) {
    for label in labels {
        let place = base ^ label;
        taken[usize::from(place / 64)] |= 1 << (place % 64);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn step(steps: &impl Steps, state: State, byte: u8) -> (State, u32) {
        let state = steps.step(state, byte);
        (state, steps.token(state))
    }

    proptest! {
        #[test]
        fn labels_fit_where_their_places_are_free(
            taken in prop::collection::hash_set(any::<u8>(), 0..256),
            labels in prop::collection::hash_set(any::<u8>(), 1..6),
        ) {
            let labels: Vec<u8> = labels.into_iter().collect();
            let mut bits = [0; 4];
            take(&mut bits, 0, &taken.iter().copied().collect::<Vec<u8>>());
            let fits = |base: &u8| labels.iter().all(|label| !taken.contains(&(base ^ label)));
            prop_assert_eq!(fit(&bits, &labels).is_some(), (0..=255).any(|base| fits(&base)));
            prop_assert!(fit(&bits, &labels).is_none_or(|base| fits(&base)));
        }

        #[test]
        fn all_tokens_that_end_at_a_place_are_found(
            words in prop::collection::hash_set(prop::collection::vec(97u8..100, 2..9), 0..60),
            text in prop::collection::vec(97u8..101, 0..60),
            many in any::<bool>(),
        ) {
            let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
            tokens.extend(words);
            if many {
                tokens.push((0..20).collect());
            }
            let automaton = Automaton::new(tokens.len() as u32, |token| &tokens[token as usize]);
            prop_assert_eq!(matches!(automaton.steps, AnySteps::Places(_)), many);
            prop_assert_eq!(automaton.longest(), tokens.iter().map(Vec::len).max().unwrap());
            let mut state = START;
            for end in 1..=text.len() {
                let byte = text[end - 1];
                let mut token;
                (state, token) = match &automaton.steps {
                    AnySteps::Places(steps) => step(steps, state, byte),
                    AnySteps::FewLetters(steps) => step(&**steps, state, byte),
                };
                let mut found = Vec::new();
                loop {
                    found.push(token);
                    let Ending { len, shorter } = automaton.ending(token);
                    prop_assert_eq!(len as usize, tokens[token as usize].len());
                    if len == 1 {
                        prop_assert_eq!(shorter, token);
                        break;
                    }
                    token = shorter;
                }
                let mut all: Vec<u32> = (0..tokens.len() as u32)
                    .filter(|&token| text[..end].ends_with(&tokens[token as usize]))
                    .collect();
                all.sort_by_key(|&token| std::cmp::Reverse(tokens[token as usize].len()));
                prop_assert_eq!(found, all);
            }
        }
    }
}
