//! The automaton of any letters.
//!
//! What follows from a letter that none of the longer beginnings goes on with is told by the empty one alone, and so
//! by few states that have a row of all letters. The edges of all other letters lie in one array; the place of one is
//! the base of its state and the letter joined by exclusive or (Aoe 1989, "An efficient digital search algorithm by
//! using a double-array structure"). So a letter costs two looks, whatever the state, and the right one is taken.
//!
//! Executables with 4,096 entries have 8,900 states, 1,800 rows and 69,000 other edges, of 11,000 kinds. With 32,768
//! they have 80,000 states, and what is looked at is in no cache: 60 MB/s, as by all last tokens
//! (`last_tokens/everywhere.rs`), after 1.7 seconds that it takes to find them.

use hashbrown::HashMap;

use super::{OPEN, Open, Read, States, Transducer};
use crate::automaton::{
    State, Steps,
    word::{NO_TOKEN, Word},
};

/// States at most.
const STATES: usize = 1 << 14;

/// Edges, at most: so many are told apart by 16 bits.
const EDGES: usize = 1 << 16;

const LETTERS: usize = 256;

/// Blocks of places that are looked at for the edges of a state before there is a new one.
const TRIED: usize = 6;

/// No state.
const NONE: u32 = u32::MAX;

/// What one or more letters lead to, from some states.
#[derive(Clone, Copy, Debug)]
struct Edge {
    /// Of the next state: the base of its own edges, where its row begins, and the number they are marked with.
    base: u32,
    row: u32,
    state: u32,
    /// What stands last.
    last: Word,
}

/// A place of an edge that some state has for itself.
#[derive(Clone, Copy, Debug)]
struct Own {
    state: u32,
    edge: u32,
}

/// The automaton. It stands at an edge that it came by; in front of a text, at the first.
#[derive(Debug)]
pub(crate) struct Many {
    edges: Vec<Edge>,
    own: Vec<Own>,
    rows: Vec<u16>,
}

/// Finds all states of texts of all bytes, which are their own classes; `lens` are the bytes of all tokens. None if
/// there are too many.
pub(crate) fn transducer(lens: Vec<u32>, read: &impl Read) -> Option<Transducer<Many>> {
    let mut states = States::new();
    // What edges lead to, and the token, by edge; and the other way round.
    let mut kinds: Vec<(u32, Word)> = vec![(0, NO_TOKEN)];
    let mut numbers: HashMap<(u32, Word), u32> = kinds.iter().copied().zip(0..).collect();
    let (mut rows, mut row_of, mut row_numbers) = (Vec::new(), Vec::new(), HashMap::new());
    // Of each state, the edges of its own.
    let mut own: Vec<Vec<(u8, u32)>> = Vec::new();
    let (mut next, beginnings) = (Vec::new(), read.beginnings());
    while own.len() < states.len() {
        if states.len() > STATES || states.all.len() * LETTERS > OPEN || kinds.len() >= EDGES {
            return None;
        }
        let open: Vec<Open> = states.of(own.len()).to_vec();
        let mut edge = |open: &[Open], letter: u8| {
            next.clear();
            let last = read.read(open, usize::from(letter), &mut next);
            let kind = (states.number(&next), last);
            *numbers.entry(kind).or_insert_with(|| {
                kinds.push(kind);
                kinds.len() as u32 - 1
            })
        };
        let longer = open.partition_point(|&(beginning, _)| beginning != 0);
        let goes_on = |letter: &u8| {
            open[..longer]
                .iter()
                .any(|&(beginning, _)| beginnings.longer(beginning, usize::from(*letter)).is_some())
        };
        let letters = (0..=255).filter(goes_on);
        own.push(letters.map(|letter| (letter, edge(&open, letter))).collect());
        let empty = &open[longer..];
        row_of.push(*row_numbers.entry(empty.to_vec()).or_insert_with(|| {
            rows.extend((0..=255).map(|letter| edge(empty, letter) as u16));
            (rows.len() - LETTERS) as u32
        }));
    }
    if kinds.len() > EDGES {
        return None;
    }
    let (own, bases) = lay_out(&own);
    let edge = |&(state, last): &(u32, Word)| {
        let (base, row) = (bases[state as usize], row_of[state as usize]);
        Edge { base, row, state, last }
    };
    let edges: Vec<Edge> = kinds.iter().map(edge).collect();
    let lasts = kinds.into_iter().map(|(_, last)| last);
    Some(Transducer::new(Many { edges, own, rows }, Vec::new(), lasts, lens))
}

/// Gives edges their places, those of states with most of them first, and tells the bases of all states.
fn lay_out(edges: &[Vec<(u8, u32)>]) -> (Vec<Own>, Vec<u32>) {
    let free = Own { state: NONE, edge: 0 };
    let (mut own, mut bases) = (vec![free; LETTERS], vec![0; edges.len()]);
    let mut order: Vec<usize> = (0..edges.len()).collect();
    order.sort_by_key(|&state| std::cmp::Reverse(edges[state].len()));
    for state in order {
        let place = |base: usize, letter: u8| base ^ usize::from(letter);
        let fits = |base: &usize| {
            edges[state].iter().all(|&(letter, _)| own[place(*base, letter)].state == NONE)
        };
        let from = own.len().saturating_sub(TRIED * LETTERS);
        let base = (from..own.len()).find(fits).unwrap_or(own.len());
        if base == own.len() {
            own.resize(base + LETTERS, free);
        }
        bases[state] = base as u32;
        for &(letter, edge) in &edges[state] {
            own[place(base, letter)] = Own { state: state as u32, edge };
        }
    }
    (own, bases)
}

impl Steps for Many {
    #[inline(always)]
    fn step(&self, state: State, byte: u8) -> State {
        let Edge { base, row, state, .. } = self.edges[state as usize];
        let own = self.own[(base ^ u32::from(byte)) as usize];
        let other = u32::from(self.rows[(row + u32::from(byte)) as usize]);
        std::hint::select_unpredictable(own.state == state, own.edge, other)
    }

    #[inline(always)]
    fn token(&self, state: State) -> Word {
        self.edges[state as usize].last
    }
}
