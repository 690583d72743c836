//! Encodings of texts of few letters, read off a finite automaton.
//!
//! What the last token of a prefix is follows from some of what was read, and so does that of all that come behind
//! it. For vocabularies of genomes the states that differ in this are not many more than their tokens have
//! beginnings, whatever the text. So they are all found in advance, and a letter costs one look. What makes a state
//! is told by [`Read`]: by merges (`last_tokens/read.rs`) and by the fewest tokens (`fewest/read.rs`).
//!
//! That byte-pair encoding is a finite automaton of moderate size is from Berglund, Martens and van der Merwe
//! (2024), "Constructing a BPE tokenization DFA" (arXiv 2405.07671), who make a transducer of it; the states found
//! here follow from intervals of last tokens, and each letter tells the last token.
//!
//! *Cost* of a byte: one look, several places at the same time (`lanes.rs`), and the way back along the last
//! tokens. *Memory*: 8 bytes for each state and letter, 4 for each byte of which it is open what it becomes, and up
//! to a megabyte for the way back.

mod beginnings;
pub(crate) mod few;
pub(crate) mod many;
mod parallel;

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::{
    automaton::{
        START, State, Steps,
        word::{self, Word},
    },
    lanes,
    last_tokens::{
        back,
        blocks::{Way, go_through},
    },
    ordered::make_room,
};

pub(crate) use beginnings::Beginnings;

/// Bytes after which it is looked for what stands, whatever follows.
const BLOCK: usize = 1 << 15;

/// Letters at most. The four bases, or with as many that stand for others.
const LETTERS: usize = 7;

/// The class of bytes that no token has beside another byte.
const OTHER: u8 = LETTERS as u8;

/// All that is open in all states together, for each letter one time, at most: where tokens are rows of many
/// lengths, much is.
const OPEN: usize = 1 << 25;

/// The letters that tokens have beside others.
#[derive(Clone, Debug)]
pub(crate) struct Letters {
    /// By class.
    pub(crate) letters: Vec<u8>,
    classes: [u8; 256],
    /// Those of tokens of more than one byte that are rows of one letter, and of no others.
    alone: Vec<u8>,
}

impl Letters {
    /// Of some tokens; none if there are too many letters.
    pub(crate) fn new<'a>(tokens: impl Iterator<Item = &'a [u8]> + Clone) -> Option<Letters> {
        let mut letters = Letters { letters: vec![], classes: [OTHER; 256], alone: vec![] };
        let row = |token: &&[u8]| token.iter().all(|&byte| byte == token[0]);
        for &byte in tokens.clone().filter(|token| !row(token)).flatten() {
            let (class, next) = (&mut letters.classes[usize::from(byte)], letters.letters.len());
            if *class == OTHER {
                if next == LETTERS {
                    return None;
                }
                *class = next as u8;
                letters.letters.push(byte);
            }
        }
        let rows = tokens.filter(|token| token.len() > 1 && row(token)).map(|token| token[0]);
        letters.alone = rows.filter(|&byte| letters.class(byte).is_none()).collect();
        letters.alone.sort_unstable();
        letters.alone.dedup();
        Some(letters)
    }

    pub(crate) fn class(&self, byte: u8) -> Option<usize> {
        Some(usize::from(self.classes[usize::from(byte)])).filter(|&class| class < LETTERS)
    }

    /// The classes of the letters of a token; none if it has other bytes.
    pub(crate) fn classes(&self, token: &[u8]) -> Option<Vec<usize>> {
        token.iter().map(|&byte| self.class(byte)).collect()
    }
}

/// A beginning of tokens that what was read ends with, and what is to be known of the text in front of it.
pub(crate) type Open = (u32, u32);

/// What follows from what was read.
pub(crate) trait Read {
    /// By what is open of a text, the last token behind one more letter, of a class; puts what is open then into
    /// `next`, which is empty. Of an empty text nothing is open, nor behind bytes that are no letters.
    fn read(&self, open: &[Open], class: usize, next: &mut Vec<Open>) -> Word;

    /// All beginnings that may be open.
    fn beginnings(&self) -> &Beginnings;
}

/// The automaton, and what its tokens are.
#[derive(Debug)]
pub(crate) struct Transducer<S> {
    steps: S,
    /// Letters of which it knows nothing: no token has them beside others.
    alone: Vec<u8>,
    /// Bytes by token.
    lens: Vec<u32>,
    longest: usize,
}

/// Memory of an encoding, kept from text to text.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// The last token of the prefix that each byte ends.
    lasts: Vec<Word>,
    /// Room for the way back.
    room: Vec<u32>,
}

/// What is open in all states so far.
#[derive(Default)]
struct States {
    all: Vec<Open>,
    starts: Vec<usize>,
    numbers: HashTable<u32>,
    hash: DefaultHashBuilder,
}

impl States {
    /// The empty text alone.
    fn new() -> States {
        let mut states = States { starts: vec![0], ..States::default() };
        states.number(&[]);
        states
    }

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

impl<S: Steps> Transducer<S> {
    /// Of an automaton with these tokens, of which `lens` are the bytes.
    fn new(
        steps: S,
        alone: Vec<u8>,
        lasts: impl Iterator<Item = Word>,
        lens: Vec<u32>,
    ) -> Transducer<S> {
        let longest = lasts.map(|last| lens[word::token(last) as usize]).max();
        Transducer { steps, alone, longest: longest.map_or(1, |len| len as usize), lens }
    }

    /// Bytes of the token of a word.
    #[inline(always)]
    fn len(&self, last: Word) -> usize {
        word::len(last).unwrap_or_else(|| self.lens[word::token(last) as usize] as usize)
    }

    /// Appends the encoding of a text, in training ids, but for stretches of letters that stand alone, which go to
    /// `alone`.
    pub(crate) fn encode(
        &self,
        text: &[u8],
        scratch: &mut Scratch,
        ids: &mut Vec<u32>,
        alone: impl FnMut(&[u8], &mut Vec<u32>),
    ) {
        self.encode_by(BLOCK, text, scratch, ids, alone);
    }

    pub(crate) fn encode_by(
        &self,
        block: usize,
        text: &[u8],
        scratch: &mut Scratch,
        ids: &mut Vec<u32>,
        alone: impl FnMut(&[u8], &mut Vec<u32>),
    ) {
        let encode = |text: &[u8], ids: &mut Vec<u32>| {
            let mut path = Path { transducer: self, state: START, scratch, len: 0, ids };
            go_through(&mut path, text, block, self.longest);
        };
        self.stretch_by_stretch(text, ids, encode, alone);
    }

    /// Hands out stretches without letters that stand alone, and stretches of these.
    fn stretch_by_stretch(
        &self,
        mut text: &[u8],
        ids: &mut Vec<u32>,
        mut encode: impl FnMut(&[u8], &mut Vec<u32>),
        mut alone: impl FnMut(&[u8], &mut Vec<u32>),
    ) {
        while !text.is_empty() {
            let end = self.first_alone(text).unwrap_or(text.len());
            if end > 0 {
                encode(&text[..end], ids);
            }
            let stands_alone = |byte: &&u8| self.alone.contains(byte);
            let len = text[end..].iter().take_while(stands_alone).count();
            if len > 0 {
                alone(&text[end..end + len], ids);
            }
            text = &text[end + len..];
        }
    }

    /// Appends the tokens of a text, by the last one of each prefix.
    fn append(&self, lasts: &[Word], room: &mut Vec<u32>, ids: &mut Vec<u32>) {
        let last = |place: usize| (word::token(lasts[place - 1]), self.len(lasts[place - 1]));
        back::append(0..lasts.len(), last, room, ids);
    }

    fn first_alone(&self, text: &[u8]) -> Option<usize> {
        match self.alone[..] {
            [] => None,
            [one] => memchr::memchr(one, text),
            [one, two] => memchr::memchr2(one, two, text),
            [one, two, three] => memchr::memchr3(one, two, three, text),
            ref all => text.iter().position(|byte| all.contains(byte)),
        }
    }
}

/// The last tokens up to a place of a text.
struct Path<'a, S> {
    transducer: &'a Transducer<S>,
    state: State,
    scratch: &'a mut Scratch,
    /// How many bytes it went over, of those that are not forgotten.
    len: usize,
    ids: &'a mut Vec<u32>,
}

impl<S: Steps> Way for Path<'_, S> {
    fn go_on(&mut self, text: &[u8]) {
        let (from, lasts) = (self.len, &mut self.scratch.lasts);
        self.len += text.len();
        // What another block left there is written over.
        make_room(lasts, self.len);
        let lasts = &mut lasts[from..self.len];
        lanes::tokens::<_, false>(&self.transducer.steps, &mut self.state, text, lasts);
    }

    fn len(&self) -> usize {
        self.len
    }

    fn above(&self, place: usize) -> usize {
        place - self.transducer.len(self.scratch.lasts[place - 1])
    }

    fn hand_on(&mut self, place: usize) {
        let Scratch { lasts, room } = &mut *self.scratch;
        self.transducer.append(&lasts[..place], room, self.ids);
    }

    fn forget(&mut self, place: usize) {
        self.scratch.lasts.copy_within(place..self.len, 0);
        self.len -= place;
    }
}
