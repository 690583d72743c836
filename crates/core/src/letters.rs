//! Encoding where tokens have few letters, as genomes do: the last token of every prefix.
//!
//! Among four letters tokens match everywhere, so a search tries many that do not fit. Here every place is
//! looked at once. The encoding of a text is known from the last token of each of its prefixes, and that
//! token is one of those that end there. Take such a token `c`, made of `l` and `r`, and the last token
//! `u` of the prefix that ends before `r`. Then `c` is the last token if and only if `l` once stood at the
//! end of that prefix, and was not yet taken into another token when `c` was due: if `u` is `l`, or
//! comes from `l` by taking right parts backwards, in the first step by a merge younger than `c`. (It cannot
//! be that two tokens pass, one not a suffix of the other by right parts; and of those that are, the longest
//! is the last token, since the others were taken into it.)
//!
//! Let right parts be parents of a forest, and children be in the order of falling age, youngest first. Then
//! the tokens `u` that pass for `c` have consecutive numbers in pre-order, from that of `l` on: the test is
//! one comparison. This is the algorithm of Jiang and Gong (2026), "Incremental BPE tokenization", which
//! finds the token among those that end at a place by search in a tree; here they are tried from the
//! longest, of which the first passes at two places of three, and a table by the last letters says which
//! that is.
//!
//! Cost: for each place one look into a table, and a comparison for each token that ends there and is longer
//! than the last one, 1.6 on genomes. A text that takes more than [`PATIENCE`] a place is given up.

use std::{hint::select_unpredictable, ops::Range};

use crate::{
    candidate::Candidate,
    ends::{Ends, LONGEST, NO_LETTERS, TOGETHER},
    hints::{filled, prefetch},
    last_tokens::back,
    merge::Pair,
};

/// Steps a place, and steps in any case, until a text is given up.
const PATIENCE: usize = 8;
const SLACK: usize = 1 << 12;

/// Places whose last tokens are kept, if the ways back from them meet: 256 KiB.
pub(crate) const BLOCK: usize = 1 << 16;

/// Bits of a token's length.
const LEN_BITS: u32 = 10;
const LEN_MASK: u32 = (1 << LEN_BITS) - 1;

/// A token and the two that are tried after it, in one cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Tried([Candidate; 3]);

/// The tokens over up to four letters that no merge joins with other letters.
#[derive(Clone, Debug)]
pub(crate) struct Letters {
    /// In numbers in pre-order.
    ends: Ends,
    /// By number in pre-order.
    tried: Vec<Tried>,
    /// Length, in the lowest bits, and training id by number.
    tokens: Vec<u32>,
    longest_len: usize,
    /// Steps a place, and steps in any case, until a text is given up.
    pub(crate) patience: (usize, usize),
}

/// Memory of the last tokens.
#[derive(Debug, Default)]
pub(crate) struct Lasts {
    numbers: Vec<u32>,
    marked: Vec<bool>,
    /// Room for the way back.
    room: Vec<u32>,
}

impl Letters {
    /// Builds the table of reachable tokens over some letters, given by length; `None` if too many long ones
    /// end alike.
    pub(crate) fn new<'a>(
        members: &[u8],
        merges: &[Pair],
        order: &[u32],
        bytes: impl Fn(u32) -> &'a [u8],
    ) -> Option<Letters> {
        let len = |token: u32| bytes(token).len();
        let longest_len = order.last().map_or(1, |&token| len(token));
        if merges.len() >= 1 << (u32::BITS - LEN_BITS - 4) || longest_len > LONGEST {
            return None;
        }
        let (numbers, mut candidates) = number(members, merges, order, |token| len(token) as u32);
        let ends = Ends::new(members, order, &bytes, &numbers, |number, shorter| {
            candidates[number as usize].shorter = shorter;
        })?;
        let mut tokens = vec![0; candidates.len()];
        for token in members.iter().map(|&letter| u32::from(letter)).chain(order.iter().copied()) {
            tokens[numbers(token) as usize] = token << LEN_BITS | len(token) as u32;
        }
        let mut tried = filled(Tried::default(), candidates.len());
        for (tried, first) in tried.iter_mut().zip(&candidates) {
            let second = candidates[first.shorter as usize];
            *tried = Tried([*first, second, candidates[second.shorter as usize]]);
        }
        Some(Letters { ends, tried, tokens, longest_len, patience: (PATIENCE, SLACK) })
    }

    /// Appends the encoding of the letters of the table that a text begins with, and gives their number;
    /// `None`, with nothing appended, if that takes too long. A block must not have fewer places than the
    /// longest token has letters.
    pub(crate) fn encode(
        &self,
        text: &[u8],
        block: usize,
        lasts: &mut Lasts,
        ids: &mut Vec<u32>,
    ) -> Option<usize> {
        let bottom = ids.len();
        let (mut last, mut work) = (NO_LETTERS, 0);
        // `numbers[i]` is the last token of the prefix of `base + i` letters.
        let Lasts { numbers, marked, room } = lasts;
        let mut base = 0;
        let mut committed = 0;
        numbers.clear();
        numbers.push(0);
        let mut at = 0;
        loop {
            let until = text.len().min(at + block);
            numbers.resize(until - base + 1, 0);
            let mut longest = [0; TOGETHER];
            while at < until {
                let longest = &mut longest[..TOGETHER.min(until - at)];
                let ask = |number: u32| prefetch(&self.tried[number as usize]);
                let (found, steps) = self.ends.find(text, at, &mut last, longest, ask);
                work += steps;
                for &number in &longest[..found] {
                    at += 1;
                    numbers[at - base] = self.last(number, &numbers[..at - base], &mut work);
                }
                if found < longest.len() {
                    break;
                }
            }
            let ended = at < until || at == text.len();
            if work > self.patience.1 + at * self.patience.0 {
                ids.truncate(bottom);
                return None;
            }
            numbers.truncate(at - base + 1);
            let agreed = if ended { at } else { self.agreement(numbers, base, committed, marked) };
            self.append(numbers, base, committed..agreed, room, ids);
            committed = agreed;
            if ended {
                return Some(at);
            }
            // Later tokens look back as far as the longest one.
            let keep = committed.min(at.saturating_sub(self.longest_len));
            numbers.drain(..keep - base);
            base = keep;
        }
    }

    /// The last token of a prefix of a text, by those of all shorter ones and the longest token that it ends
    /// with. Adds the steps beyond three to `work`.
    #[inline(always)]
    fn last(&self, longest: u32, numbers: &[u32], work: &mut usize) -> u32 {
        let passes = |candidate: &Candidate| {
            candidate.passes(numbers[numbers.len() - candidate.right_len as usize])
        };
        // Nobody can guess which of the first three passes, so all are looked at, and the sum of the
        // verdicts is asked once: nearly always one passes.
        let Tried([first, second, third]) = &self.tried[longest as usize];
        let (one, two) = (passes(first), passes(second));
        if one + two + passes(third) != 0 {
            let later = select_unpredictable(two != 0, first.shorter, second.shorter);
            return select_unpredictable(one != 0, longest, later);
        }
        let mut number = third.shorter;
        loop {
            let Tried([candidate, ..]) = &self.tried[number as usize];
            if passes(candidate) != 0 {
                return number;
            }
            number = candidate.shorter;
            *work += 1;
        }
    }

    /// A place at which a token ends, however the text goes on.
    ///
    /// Whatever comes, some place not further back than the longest token ends one. From each of these the
    /// way back is known, and ways that meet stay together.
    fn agreement(
        &self,
        numbers: &[u32],
        base: usize,
        committed: usize,
        marked: &mut Vec<bool>,
    ) -> usize {
        let back = |at: usize| at - (self.tokens[numbers[at] as usize] & LEN_MASK) as usize;
        let end = numbers.len() - 1;
        marked.clear();
        marked.resize(numbers.len(), false);
        let floor = committed - base;
        let mut at = end;
        while at > floor {
            marked[at] = true;
            at = back(at);
        }
        marked[at] = true;
        let mut agreed = end;
        for start in (end + 1).saturating_sub(self.longest_len).max(floor)..end {
            let mut at = start;
            while !marked[at] {
                marked[at] = true;
                at = back(at);
            }
            agreed = agreed.min(at);
        }
        agreed + base
    }

    /// Appends the tokens between two places that end some.
    fn append(
        &self,
        numbers: &[u32],
        base: usize,
        range: Range<usize>,
        room: &mut Vec<u32>,
        ids: &mut Vec<u32>,
    ) {
        let last = |at: usize| {
            let token = self.tokens[numbers[at - base] as usize];
            (token >> LEN_BITS, (token & LEN_MASK) as usize)
        };
        back::append(range, last, room, ids);
    }
}

/// Numbers of tokens in pre-order of the forest of right parts, youngest children first, and what the test
/// needs of each but the next shorter one.
fn number(
    members: &[u8],
    merges: &[Pair],
    order: &[u32],
    len: impl Fn(u32) -> u32,
) -> (impl Fn(u32) -> u32, Vec<Candidate>) {
    let mut tokens = order.to_vec();
    tokens.sort_unstable();
    let parts = |token: u32| merges[token as usize - 256];
    let tokens_len = 256 + merges.len();
    // Sizes of the trees below the children seen so far: those of the youngest.
    let (mut below, mut before, mut width) =
        (vec![0u32; tokens_len], vec![0u32; tokens_len], vec![0u32; tokens_len]);
    for &token in tokens.iter().rev() {
        let (left, right) = parts(token);
        width[token as usize] = 1 + below[left as usize];
        before[token as usize] = below[right as usize];
        below[right as usize] += 1 + below[token as usize];
    }
    let mut numbers = vec![0u32; tokens_len];
    let mut candidates = vec![Candidate::default(); members.len() + tokens.len()];
    let mut next = 0;
    for &letter in members {
        numbers[usize::from(letter)] = next;
        candidates[next as usize] = Candidate::letter(next);
        next += 1 + below[usize::from(letter)];
    }
    for &token in &tokens {
        let (left, right) = parts(token);
        let number = numbers[right as usize] + 1 + before[token as usize];
        numbers[token as usize] = number;
        candidates[number as usize] = Candidate {
            right_len: len(right),
            low: numbers[left as usize],
            width: width[token as usize],
            shorter: 0,
        };
    }
    (move |token: u32| numbers[token as usize], candidates)
}
