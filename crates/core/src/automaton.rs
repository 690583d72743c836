//! All tokens that end at a place of a text, found in one pass over it.
//!
//! The automaton of Aho and Corasick (1975, "Efficient string matching: an aid to bibliographic
//! search", section 2): a trie of the tokens, in which each state knows the longest other state whose
//! path is a suffix of its own. Its steps are laid out in one array (Aoe 1989, "An efficient digital
//! search algorithm by using a double-array structure"); the place of a step is the base of its state
//! and the byte joined by exclusive or, so that the steps of one state lie in one block of 256 places.
//! Where tokens are of few letters, as in genomes, the states are laid out once more (`few_letters.rs`).

mod build;
mod room;
pub(crate) mod word;

use std::hint::select_unpredictable;

use crate::few_letters::FewLetters;
use word::NO_TOKEN;
pub(crate) use word::{MARKS, SEGMENT_ENDS, STOP, Word, token};

/// No state.
const NONE: State = State::MAX;

/// Where an automaton stands.
pub(crate) type State = u32;

/// Where it stands in front of a text.
pub(crate) const START: State = 0;

#[derive(Clone, Copy, Debug)]
struct Place {
    base: u32,
    /// The state that this is a step of.
    above: State,
    /// The state of the longest proper suffix.
    suffix: State,
    /// The longest token that the path ends with.
    token: Word,
}

const FREE: Place = Place { base: 0, above: NONE, suffix: START, token: NO_TOKEN };

/// A token, and what else ends where it ends.
#[derive(Clone, Copy, Debug)]
struct Ending {
    /// Its bytes.
    len: u32,
    /// The longest token that is a proper suffix of it; of a byte, itself.
    shorter: Word,
}

/// Tokens by their ends; at least all 256 bytes.
#[derive(Debug)]
pub(crate) struct Automaton {
    pub(crate) steps: AnySteps,
    /// By token.
    endings: Vec<Ending>,
    longest: usize,
    /// Bytes of the longest token that ends with a byte.
    longest_with: Box<[u32; 256]>,
}

/// The steps, laid out in one way or the other.
#[derive(Debug)]
pub(crate) enum AnySteps {
    Places(Places),
    FewLetters(Box<FewLetters>),
}

/// How to get from one place of a text to the next.
pub(crate) trait Steps {
    /// Whether the state behind a byte may have to be searched for.
    const SEARCH: bool = false;

    /// The state behind one more byte.
    fn step(&self, state: State, byte: u8) -> State;

    /// A state on the way to that behind one more byte, and the token of the latter if it is that: of equal
    /// cost, whatever the byte, so that nobody need guess. Where nothing is searched for, it always is.
    #[inline(always)]
    fn probe(&self, state: State, byte: u8) -> Probe {
        let state = self.step(state, byte);
        Probe { state, on: true, token: self.token(state) }
    }

    /// The longest token that ends at the place of a state; no token for the start.
    fn token(&self, state: State) -> Word;
}

/// Where a look at one place leads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    pub(crate) state: State,
    /// Whether it is the state behind the byte.
    pub(crate) on: bool,
    /// If so, the longest token that ends there; else any without marks.
    pub(crate) token: Word,
}

fn behind(steps: &impl Steps, text: &[u8]) -> State {
    text.iter().fold(START, |state, &byte| steps.step(state, byte))
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
    const SEARCH: bool = true;

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
    fn probe(&self, state: State, byte: u8) -> Probe {
        let Place { base, suffix, .. } = self.0[state as usize];
        let next = base ^ u32::from(byte);
        let Place { above, token, .. } = self.0[next as usize];
        let on = above == state;
        Probe { state: select_unpredictable(on, next, suffix), on, token }
    }

    #[inline(always)]
    fn token(&self, state: State) -> Word {
        self.0[state as usize].token
    }
}

impl Automaton {
    /// Bytes of the token of a word without marks.
    #[inline(always)]
    pub(crate) fn len(&self, word: Word) -> usize {
        let look_up = || self.endings[token(word) as usize].len as usize;
        word::len(word).unwrap_or_else(look_up)
    }

    /// The longest token that is a proper suffix of that of a word; of a byte, itself.
    #[inline(always)]
    pub(crate) fn shorter(&self, word: Word) -> Word {
        self.endings[token(word) as usize].shorter
    }

    /// Where it stands behind a text.
    pub(crate) fn state_behind(&self, text: &[u8]) -> State {
        match &self.steps {
            AnySteps::Places(steps) => behind(steps, text),
            AnySteps::FewLetters(steps) => behind(&**steps, text),
        }
    }

    /// Bytes of the longest token.
    pub(crate) fn longest(&self) -> usize {
        self.longest
    }

    /// No token in a text has more bytes.
    pub(crate) fn longest_within(&self, text: &[u8]) -> usize {
        let mut there = [false; 256];
        text.iter().for_each(|&byte| there[usize::from(byte)] = true);
        let within = self.longest_with.iter().zip(there).filter(|&(_, there)| there);
        within.map(|(&len, _)| len as usize).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn step(steps: &impl Steps, state: State, byte: u8) -> (State, Word) {
        let state = steps.step(state, byte);
        (state, steps.token(state))
    }

    proptest! {
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
                let mut word;
                (state, word) = match &automaton.steps {
                    AnySteps::Places(steps) => step(steps, state, byte),
                    AnySteps::FewLetters(steps) => step(&**steps, state, byte),
                };
                let mut found = Vec::new();
                loop {
                    let (token, len) = (token(word), automaton.len(word));
                    found.push(token);
                    prop_assert_eq!(len, tokens[token as usize].len());
                    if len == 1 {
                        prop_assert_eq!(automaton.shorter(word), word);
                        break;
                    }
                    word = automaton.shorter(word);
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
