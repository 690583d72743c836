//! The automaton of few letters: the next state for each of them, and nothing is searched for.

use super::{Letters, OPEN, OTHER, Read, States, Transducer};
use crate::automaton::{
    State, Steps,
    word::{NO_TOKEN, Word, word},
};

/// A letter that was read in some state.
#[derive(Clone, Copy, Debug)]
struct Edge {
    /// Where the edges of the next letter begin.
    next: State,
    /// What stands last.
    last: Word,
}

/// The automaton. It stands at the edge that it came by.
#[derive(Debug)]
pub(crate) struct Few {
    classes: [u8; 256],
    /// By state and class; in front of them the one of the start.
    edges: Vec<Edge>,
    /// Those of bytes that are no letters.
    others: [State; 256],
}

/// Finds all states, `most` at most; `lens` are the bytes of all tokens. None if there are more.
pub(crate) fn transducer(
    letters: Letters,
    lens: Vec<u32>,
    most: usize,
    read: &impl Read,
) -> Option<Transducer<Few>> {
    let count = letters.letters.len();
    let row = |state: u32| 1 + state * count as u32;
    let mut edges = vec![Edge { next: row(0), last: NO_TOKEN }];
    let mut states = States::new();
    let (mut done, mut next) = (0, Vec::new());
    while done < states.len() {
        if states.len() > most || states.all.len() * count > OPEN {
            return None;
        }
        for class in 0..count {
            next.clear();
            let last = read.read(states.of(done), class, &mut next);
            edges.push(Edge { next: row(states.number(&next)), last });
        }
        done += 1;
    }
    // No token has another byte beside letters, so all begins anew behind it.
    let others = std::array::from_fn(|byte| {
        edges.push(Edge { next: row(0), last: word(byte as u32, 1) });
        edges.len() as State - 1
    });
    let lasts: Vec<Word> = edges.iter().map(|edge| edge.last).collect();
    let few = Few { classes: letters.classes, edges, others };
    Some(Transducer::new(few, letters.alone, lasts.into_iter(), lens))
}

impl Steps for Few {
    #[inline(always)]
    fn step(&self, state: State, byte: u8) -> State {
        match self.classes[usize::from(byte)] {
            OTHER => self.others[usize::from(byte)],
            class => self.edges[state as usize].next + u32::from(class),
        }
    }

    #[inline(always)]
    fn token(&self, state: State) -> Word {
        self.edges[state as usize].last
    }
}
