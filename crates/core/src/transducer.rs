//! Encodings of texts of few letters, read off a finite automaton.
//!
//! What the last token of a prefix is follows from some of what was read, and so does that of all that come behind
//! it. For vocabularies of genomes the states that differ in this are not many more than their tokens have
//! beginnings, whatever the text. So they are all found in advance, and a letter costs one look. What makes a state
//! is told by [`Read`]: by merges (`last_tokens/read.rs`) and by the fewest tokens (`fewest/read.rs`).
//!
//! That byte-pair encoding is a finite automaton of moderate size is from Berglund, Martens and van der Merwe
//! (2024), "Constructing a BPE tokenization DFA"; theirs goes from token to token, this from letter to letter.
//!
//! *Cost* of a byte: one look, several places at the same time (`lanes.rs`), and the way back along the last
//! tokens. *Memory*: 8 bytes for each state and letter, and 4 for each byte of which it is open what it becomes.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::{
    automaton::{
        Probe, START, State, Steps,
        word::{self, NO_TOKEN, Word, word},
    },
    few_letters::{Classes, OTHER},
    lanes,
    last_tokens::blocks::{Way, go_through},
};

/// Bytes after which it is looked for what stands, whatever follows.
const BLOCK: usize = 1 << 15;

/// States at most: with four letters, 16 MiB.
const STATES: usize = 1 << 19;

/// A beginning of tokens that what was read ends with, and what is to be known of the text in front of it.
pub(crate) type Open = (u32, u32);

/// What follows from what was read.
pub(crate) trait Read {
    /// By what is open of a text, the last token behind one more letter, of a class; puts what is open then into
    /// `next`, which is empty. Of an empty text nothing is open, nor behind bytes that are no letters.
    fn read(&self, open: &[Open], class: usize, next: &mut Vec<Open>) -> Word;
}

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
pub(crate) struct Transducer {
    classes: [u8; 256],
    /// By state and class; in front of them the one of the start.
    edges: Vec<Edge>,
    /// Those of bytes that are no letters.
    others: [State; 256],
    /// Bytes by token.
    lens: Vec<u32>,
    longest: usize,
}

/// What is open in all states so far.
struct States {
    all: Vec<Open>,
    starts: Vec<usize>,
    numbers: HashTable<u32>,
    hash: DefaultHashBuilder,
}

impl States {
    fn of(&self, state: usize) -> &[Open] {
        &self.all[self.starts[state]..self.starts[state + 1]]
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The number of a state, which may be new.
    fn number(&mut self, open: &[Open]) -> u32 {
        let hash = self.hash.hash_one(open);
        if let Some(&number) = self.numbers.find(hash, |&number| self.of(number as usize) == open) {
            return number;
        }
        let number = self.len() as u32;
        self.all.extend_from_slice(open);
        self.starts.push(self.all.len());
        let States { all, starts, numbers, hash: by } = self;
        let rehash = |&number: &u32| {
            let number = number as usize;
            by.hash_one(&all[starts[number]..starts[number + 1]])
        };
        numbers.insert_unique(hash, number, rehash);
        number
    }
}

impl Transducer {
    /// Finds all states; `lens` are the bytes of all tokens. None if there are too many.
    pub(crate) fn new(classes: &Classes, lens: Vec<u32>, read: &impl Read) -> Option<Transducer> {
        Transducer::with_states(STATES, classes, lens, read)
    }

    fn with_states(
        most: usize,
        classes: &Classes,
        lens: Vec<u32>,
        read: &impl Read,
    ) -> Option<Transducer> {
        let letters = classes.letters.len();
        let row = |state: u32| 1 + state * letters as u32;
        let mut edges = vec![Edge { next: row(0), last: NO_TOKEN }];
        let mut states = States {
            all: Vec::new(),
            starts: vec![0],
            numbers: HashTable::new(),
            hash: DefaultHashBuilder::default(),
        };
        states.number(&[]);
        let (mut done, mut next) = (0, Vec::new());
        while done < states.len() {
            if states.len() > most {
                return None;
            }
            for class in 0..letters {
                next.clear();
                let last = read.read(states.of(done), class, &mut next);
                edges.push(Edge { next: row(states.number(&next)), last });
            }
            done += 1;
        }
        // No token of more than one byte has another byte than a letter, so all begins anew behind it.
        let others = std::array::from_fn(|byte| {
            edges.push(Edge { next: row(0), last: word(byte as u32, 1) });
            edges.len() as State - 1
        });
        let longest = lens.iter().max().map_or(1, |&len| len as usize);
        Some(Transducer { classes: classes.of, edges, others, lens, longest })
    }

    /// Bytes of the token of a word.
    #[inline(always)]
    fn len(&self, last: Word) -> usize {
        word::len(last).unwrap_or_else(|| self.lens[word::token(last) as usize] as usize)
    }

    /// Appends the encoding of a text, in training ids; `lasts` is memory.
    pub(crate) fn encode(&self, text: &[u8], lasts: &mut Vec<Word>, ids: &mut Vec<u32>) {
        self.encode_by(BLOCK, text, lasts, ids);
    }

    pub(crate) fn encode_by(
        &self,
        block: usize,
        text: &[u8],
        lasts: &mut Vec<Word>,
        ids: &mut Vec<u32>,
    ) {
        lasts.clear();
        let mut path = Path { transducer: self, state: START, lasts, ids };
        go_through(&mut path, text, block, self.longest);
    }
}

impl Steps for Transducer {
    #[inline(always)]
    fn step(&self, state: State, byte: u8) -> State {
        match self.classes[usize::from(byte)] {
            OTHER => self.others[usize::from(byte)],
            class => self.edges[state as usize].next + u32::from(class),
        }
    }

    #[inline(always)]
    fn probe(&self, state: State, byte: u8) -> Probe {
        let state = self.step(state, byte);
        Probe { state, on: true, token: self.token(state) }
    }

    #[inline(always)]
    fn token(&self, state: State) -> Word {
        self.edges[state as usize].last
    }
}

/// The last tokens up to a place of a text.
struct Path<'a> {
    transducer: &'a Transducer,
    state: State,
    /// Of each byte that it went over, the last token of the prefix that it ends.
    lasts: &'a mut Vec<Word>,
    ids: &'a mut Vec<u32>,
}

impl Way for Path<'_> {
    fn go_on(&mut self, text: &[u8]) {
        let from = self.lasts.len();
        self.lasts.resize(from + text.len(), NO_TOKEN);
        let lasts = &mut self.lasts[from..];
        lanes::tokens::<false>(self.transducer, &mut self.state, text, lasts);
    }

    fn len(&self) -> usize {
        self.lasts.len()
    }

    fn above(&self, place: usize) -> usize {
        place - self.transducer.len(self.lasts[place - 1])
    }

    fn hand_on(&mut self, mut place: usize) {
        let from = self.ids.len();
        while place > 0 {
            let last = self.lasts[place - 1];
            self.ids.push(word::token(last));
            place -= self.transducer.len(last);
        }
        self.ids[from..].reverse();
    }

    fn forget(&mut self, place: usize) {
        self.lasts.drain(..place);
    }
}
