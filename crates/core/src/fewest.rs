//! Encoding by as few tokens as there can be.
//!
//! Merges in their order are greedy: they rarely give the shortest sequence of tokens. That one is a
//! shortest path from the beginning of a text to its end, where every token at its place is a step.
//! Of several of the same number the one is taken whose last token is longest, and so on towards the
//! beginning; in a text of several segments, one whose last token begins with a segment goes before those
//! that are longer. So the encoding of a prefix of length p is that of p − |L(p)| and then L(p), with L(p) the
//! last token of a shortest path that goes first, as it is with merges (`last_tokens.rs`).
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

pub(crate) mod edit;
mod head;
mod parallel;
pub(crate) mod read;
pub(crate) mod walk;

use crate::{
    automaton::{self, AnySteps, Automaton, MARKS, SEGMENT_ENDS, STOP, Steps, Word},
    fewest::head::Head,
    lanes,
    last_tokens::blocks::{Way, go_through},
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
    /// The number of tokens must be less than 2^31. Costs what encoding by the
    /// [fewest tokens](crate::Encoding::Fewest) costs, and 8 bytes of memory a byte.
    pub fn fewest_paths(&self, text: &[u8]) -> FewestPaths {
        let mut scratch = Scratch { prefixes: vec![Prefix::default()], ..Scratch::default() };
        let fewest = self.pieces.fewest();
        fewest.go_on(text, &mut Ends::new(&[], &[]), &mut { Head::START }, &mut scratch);
        let Scratch { prefixes, .. } = scratch;
        let id = |last| automaton::token(last) + self.shift();
        FewestPaths {
            counts: prefixes.iter().map(|prefix| prefix.cost / 2).collect(),
            lasts: prefixes[1..].iter().map(|prefix| id(prefix.last)).collect(),
        }
    }
}

/// A text to be encoded, as one or in stretches over whose ends no token goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretches<'a> {
    pub(crate) text: &'a [u8],
    /// Where stretches end, in ascending order, the last of them with the text. Without any it is one, and may
    /// be long.
    pub(crate) hard: &'a [usize],
    /// Where segments end, in ascending order.
    pub(crate) ends: &'a [usize],
}

/// Bytes after which it is looked for what stands, whatever follows.
const BLOCK: usize = 1 << 15;

/// Bytes whose longest tokens are found together: so few that these stay in the nearest cache.
pub(crate) const TOGETHER: usize = 1 << 12;

/// Memory of an encoding, kept from text to text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    /// By length.
    prefixes: Vec<Prefix>,
    /// The longest tokens that end at places which are to come, with marks where segments do.
    longest: Vec<Word>,
}

/// The encoding of a prefix of a text.
#[derive(Clone, Copy, Debug, Default)]
struct Prefix {
    /// Twice the number of its tokens, and one more where it ends within a segment: of two places that are
    /// reached by as few tokens, a token begins at the one of less cost.
    cost: u32,
    /// The last of them, but where it is empty.
    last: Word,
}

impl Scratch {
    /// Forgets all prefixes but the empty one.
    fn begin(&mut self) {
        self.prefixes.clear();
        self.prefixes.push(Prefix::default());
    }

    /// Room for so many longest tokens.
    fn make_room(&mut self, len: usize) {
        self.prefixes.reserve(len);
        let longest = len.min(TOGETHER);
        if self.longest.len() < longest {
            self.longest.resize(longest, 0);
        }
    }

    /// Bytes of the longest prefix.
    fn len(&self) -> usize {
        self.prefixes.len() - 1
    }
}

/// Where segments of a text end, as far as it is still to come.
struct Ends<'a> {
    /// All ends, in ascending order.
    ends: &'a [usize],
    /// Those of them that no token goes beyond.
    hard: &'a [usize],
    /// Whether there were any from the start.
    any: bool,
    /// How far the text is gone.
    at: usize,
}

impl<'a> Ends<'a> {
    fn new(ends: &'a [usize], hard: &'a [usize]) -> Ends<'a> {
        Ends { ends, hard, any: !ends.is_empty() || !hard.is_empty(), at: 0 }
    }

    /// Marks the next places.
    fn mark(&mut self, longest: &mut [Word]) {
        longest.fill(0);
        let before = self.at;
        self.at += longest.len();
        for (ends, mark) in [(&mut self.ends, SEGMENT_ENDS), (&mut self.hard, STOP)] {
            let (now, later) = ends.split_at(ends.partition_point(|&end| end <= self.at));
            now.iter().for_each(|end| longest[end - before - 1] |= mark);
            *ends = later;
        }
    }
}

/// The shortest paths through a text.
struct Paths<'a, S> {
    fewest: &'a Fewest,
    ends: Ends<'a>,
    head: Head,
    scratch: &'a mut Scratch,
    stands: S,
}

impl<S: FnMut(&Scratch, usize)> Way for Paths<'_, S> {
    fn go_on(&mut self, text: &[u8]) {
        self.fewest.go_on(text, &mut self.ends, &mut self.head, self.scratch);
    }

    fn len(&self) -> usize {
        self.scratch.len()
    }

    fn above(&self, place: usize) -> usize {
        place - self.fewest.automaton.len(self.scratch.prefixes[place].last)
    }

    fn hand_on(&mut self, place: usize) {
        (self.stands)(self.scratch, place);
    }

    fn forget(&mut self, place: usize) {
        // Only differences matter from here on.
        let prefixes = &mut self.scratch.prefixes;
        let tokens = prefixes[place].cost / 2;
        prefixes.drain(..place);
        // Places of which no later token begins may have less.
        let less = |prefix: &mut Prefix| prefix.cost = prefix.cost.wrapping_sub(2 * tokens);
        prefixes.iter_mut().for_each(less);
        self.head.forget(place, tokens);
    }
}

impl Fewest {
    /// Builds the tables of the tokens below `count`, among them all bytes.
    pub(crate) fn new<'a>(count: u32, bytes: impl Fn(u32) -> &'a [u8]) -> Fewest {
        Fewest { automaton: Automaton::new(count, bytes) }
    }

    /// The prefix that is longer by a byte than the last of all shorter ones, from the empty one on, and
    /// ends with the token of `word` and none that is longer, and with a segment if the word says so.
    #[inline(always)]
    fn longer<const AT_ONCE: usize, const SEGMENTS: bool>(
        &self,
        head: &mut Head,
        mut word: Word,
        before: u32,
        prefixes: &[Prefix],
    ) -> Prefix {
        let (automaton, end) = (&self.automaton, prefixes.len());
        let segment_ends = if SEGMENTS { word / SEGMENT_ENDS } else { 0 };
        word &= if SEGMENTS { !MARKS } else { Word::MAX };
        // How many tokens are worth a look nobody can guess, so some are looked at in any case.
        let mut words = [word; AT_ONCE];
        let (mut best, mut start) = (u64::MAX, end);
        for (i, place) in words.iter_mut().enumerate() {
            if i > 0 {
                word = automaton.shorter(word);
            }
            *place = word;
            start = end - automaton.len(word);
            // Of equal cost, the longest.
            best = best.min(u64::from(prefixes[start].cost) * AT_ONCE as u64 + i as u64);
        }
        let mut last = words[best as usize % AT_ONCE];
        let mut least = (best / AT_ONCE as u64) as u32;
        // Shorter tokens begin later, where nothing in front costs less.
        let place = end - 1;
        while start < head.last_below(least, before, place) {
            word = automaton.shorter(word);
            start = end - automaton.len(word);
            let cost = prefixes[start].cost;
            if cost < least {
                (last, least) = (word, cost);
            }
        }
        head.note::<SEGMENTS>(before, place);
        Prefix { cost: (least | 1) + 2 - segment_ends, last }
    }

    /// Whether tokens have so few letters that the automaton is laid out for them.
    pub(crate) fn has_few_letters(&self) -> bool {
        matches!(self.automaton.steps, AnySteps::FewLetters(_))
    }

    /// Appends the encoding of a text in which segments end at `ends`, in ascending order; where the text
    /// ends, that makes no difference.
    pub(crate) fn encode(
        &self,
        text: &[u8],
        ends: &[usize],
        scratch: &mut Scratch,
        ids: &mut Vec<u32>,
    ) {
        self.walk(text, ends, BLOCK, scratch, |scratch, end| self.append(scratch, end, ids));
    }

    /// Appends the encodings of stretches. Where one ends, a segment does.
    ///
    /// As the automaton begins anew with each, no token lies across two. So one path through all of them is the
    /// path through each.
    pub(crate) fn encode_stretches(
        &self,
        Stretches { text, hard, ends }: Stretches<'_>,
        scratch: &mut Scratch,
        ids: &mut Vec<u32>,
    ) {
        if hard.is_empty() {
            return self.encode(text, ends, scratch, ids);
        }
        scratch.begin();
        self.go_on(text, &mut Ends::new(ends, hard), &mut { Head::START }, scratch);
        self.append(scratch, scratch.len(), ids);
    }

    /// The number of tokens of stretches; segments make no difference.
    pub(crate) fn count_stretches(
        &self,
        Stretches { text, hard, .. }: Stretches<'_>,
        scratch: &mut Scratch,
    ) -> usize {
        if hard.is_empty() {
            return self.count(text, scratch);
        }
        scratch.begin();
        self.go_on(text, &mut Ends::new(hard, hard), &mut { Head::START }, scratch);
        (scratch.prefixes[scratch.len()].cost / 2) as usize
    }

    /// Appends the encoding of a prefix.
    fn append(&self, scratch: &Scratch, mut end: usize, ids: &mut Vec<u32>) {
        let mut at = ids.len() + (scratch.prefixes[end].cost / 2) as usize;
        ids.resize(at, 0);
        while end > 0 {
            at -= 1;
            let last = scratch.prefixes[end].last;
            ids[at] = automaton::token(last);
            end -= self.automaton.len(last);
        }
    }

    /// The number of tokens of a text of one segment.
    pub(crate) fn count(&self, text: &[u8], scratch: &mut Scratch) -> usize {
        let mut count = 0;
        self.walk(text, &[], BLOCK, scratch, |scratch, end| {
            count += (scratch.prefixes[end].cost / 2) as usize;
        });
        count
    }

    /// Finds the shortest paths to all prefixes of a text in which segments end at `ends`, and calls `stands`
    /// with parts of them, one behind the other, and their lengths.
    fn walk(
        &self,
        text: &[u8],
        ends: &[usize],
        block: usize,
        scratch: &mut Scratch,
        stands: impl FnMut(&Scratch, usize),
    ) {
        scratch.begin();
        let (ends, head) = (Ends::new(ends, &[]), Head::START);
        let mut paths = Paths { fewest: self, ends, head, scratch, stands };
        go_through(&mut paths, text, block, self.automaton.longest());
    }

    fn go_on(&self, text: &[u8], ends: &mut Ends<'_>, head: &mut Head, scratch: &mut Scratch) {
        match &self.automaton.steps {
            AnySteps::Places(steps) => self.go_on_by::<1>(steps, text, ends, head, scratch),
            // At nearly every place of a genome the second token is worth a look.
            AnySteps::FewLetters(steps) => {
                self.go_on_by::<2>(&**steps, text, ends, head, scratch);
            }
        }
    }

    fn go_on_by<const AT_ONCE: usize>(
        &self,
        steps: &impl Steps,
        text: &[u8],
        ends: &mut Ends<'_>,
        head: &mut Head,
        scratch: &mut Scratch,
    ) {
        scratch.make_room(text.len());
        let Scratch { prefixes, longest } = scratch;
        for text in text.chunks(TOGETHER) {
            let longest = &mut longest[..text.len()];
            let state = &mut head.state;
            if ends.any {
                ends.mark(longest);
                lanes::tokens::<_, true>(steps, state, text, longest);
                self.extend::<AT_ONCE, true>(head, longest, prefixes);
            } else {
                lanes::tokens::<_, false>(steps, state, text, longest);
                self.extend::<AT_ONCE, false>(head, longest, prefixes);
            }
        }
    }

    /// Adds the prefixes that end with these tokens and none that are longer.
    fn extend<const AT_ONCE: usize, const SEGMENTS: bool>(
        &self,
        head: &mut Head,
        longest: &[Word],
        prefixes: &mut Vec<Prefix>,
    ) {
        let mut before = prefixes[prefixes.len() - 1].cost;
        for &word in longest {
            let prefix = self.longer::<AT_ONCE, SEGMENTS>(head, word, before, prefixes);
            before = prefix.cost;
            prefixes.push(prefix);
        }
    }
}

#[cfg(test)]
mod tests;
