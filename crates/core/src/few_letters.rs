//! The automaton of tokens of few letters: one load for the next state, without a search.

use crate::automaton::{Places, START, State, Steps, Word};

/// Letters at most. Genomes have five, the four bases and N.
const LETTERS: usize = 7;

/// The class of bytes that no token of more than one byte has.
const OTHER: u8 = LETTERS as u8;

/// A state, in half a cache line: the next one by class, and then the longest token that ends here.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Row([u32; LETTERS + 1]);

/// Where the token is.
const TOKEN: usize = LETTERS;

/// All steps of all states, which are numbered anew.
#[derive(Debug)]
pub(crate) struct FewLetters {
    classes: [u8; 256],
    /// By state.
    rows: Vec<Row>,
    /// What a byte leads to from anywhere if it is of no class.
    others: [State; 256],
}

impl FewLetters {
    /// Lays the states of an automaton out for the bytes of all tokens of more than one; none if they
    /// have more letters. States of shorter paths come first, the start at their head.
    pub(crate) fn new<'a>(
        bytes: impl Iterator<Item = &'a u8>,
        states: &[State],
        places: &Places,
    ) -> Option<FewLetters> {
        let (mut classes, mut letters) = ([OTHER; 256], Vec::new());
        for &byte in bytes {
            if classes[usize::from(byte)] != OTHER {
                continue;
            }
            if letters.len() == LETTERS {
                return None;
            }
            classes[usize::from(byte)] = letters.len() as u8;
            letters.push(byte);
        }
        let mut numbers = vec![START; states.iter().max().map_or(0, |&last| last as usize + 1)];
        for (&state, number) in states.iter().zip(0..) {
            numbers[state as usize] = number;
        }
        // A state without a step takes that of its suffix, which is there already. Searching for it would
        // cost the square of the length of a row of one letter.
        let mut rows: Vec<Row> = Vec::with_capacity(states.len());
        for &state in states {
            let mut row = match rows.is_empty() {
                true => Row([START; LETTERS + 1]),
                false => rows[numbers[places.suffix(state) as usize] as usize],
            };
            for (to, &letter) in row.0.iter_mut().zip(&letters) {
                if let Some(below) = places.below(state, letter) {
                    *to = numbers[below as usize];
                }
            }
            row.0[TOKEN] = places.token(state);
            rows.push(row);
        }
        Some(FewLetters {
            classes,
            rows,
            others: std::array::from_fn(|byte| numbers[places.step(START, byte as u8) as usize]),
        })
    }
}

impl Steps for FewLetters {
    #[inline(always)]
    fn step(&self, state: State, byte: u8) -> State {
        match self.classes[usize::from(byte)] {
            OTHER => self.others[usize::from(byte)],
            class => self.rows[state as usize].0[usize::from(class) % (LETTERS + 1)],
        }
    }

    #[inline(always)]
    fn token(&self, state: State) -> Word {
        self.rows[state as usize].0[TOKEN]
    }
}
