//! Encoding long segments: longest match, checked pair by pair, with backtracking.
//!
//! A sequence of tokens is the encoding of its bytes if each token encodes to itself and each two
//! neighbors encode to themselves: the first merge that crosses one of the boundaries would cross it
//! in the two tokens alone as well, for until then all sides evolve as in isolation. So a sequence
//! of tokens that passes the test pair by pair is the encoding, and it can be searched for from the
//! left. A prefix of the text has one encoding only, so whether the search can go on from a place
//! does not depend on how it was reached: a place that turned out a dead end is never entered again,
//! and the search is linear in the text.
//!
//! The test of pairs and the search are those of van Antwerpen and Neubeck (2024), "So many tokens,
//! so little time: introducing a faster, more flexible byte-pair tokenizer"; it needs that merges
//! are in the order in which their tokens were made, which every [`Vocabulary`] has.
//!
//! [`Vocabulary`]: crate::Vocabulary

use crate::{
    alphabets::{self, Alphabets},
    borders::{Edges, Place},
    both::both,
    fewest,
    joints::Joints,
    last_tokens::everywhere,
    letters::{self, Lasts},
    listed::Listed,
    matcher::Matcher,
    memo::Memo,
    merge::Pair,
    pairs::PairTable,
    short::{self, Filter},
    sweep::{Sweep, Tables},
    token_bytes::TokenBytes,
    transducer,
    trie::NONE,
    valid::Valid,
};

/// Steps a byte that a search may take, and steps it may take in any case: real input takes two to four.
/// Where tokens nearly match and then do not, a search looks at as many bytes a place as the longest
/// token has, and a sweep is faster.
const PATIENCE: usize = 16;
const SLACK: usize = 1 << 12;

/// Steps that a search may take without a new dead end behind all others. Real input takes a few; in runs
/// of one letter a search may try all tokens of it at all places.
const STUCK: usize = 4096;

/// Texts that a sweep cannot number the places of are searched to the end.
const SWEPT: usize = 1 << 31;

/// From so many merges on, the two halves of the tables are made side by side: with fewer, a thread costs
/// more than it saves.
const APART: usize = 1 << 14;

/// Tables of a list of merges over the 256 bytes, in training ids.
#[derive(Clone, Debug)]
pub(crate) struct Backtracker {
    valid: Valid,
    /// Of the reachable tokens.
    matcher: Matcher,
    filter: Filter,
    /// Bits that an id has.
    id_bits: u32,
}

/// Memory of a search, kept from text to text.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    memo: Memo,
    /// One bit a place: known to be a dead end. All zero between two searches.
    dead: Vec<u64>,
    sweep: Sweep,
    lasts: Lasts,
    pub(crate) counted: Vec<u32>,
    pub(crate) everywhere: everywhere::Scratch,
    pub(crate) transducer: transducer::Scratch,
    /// Of encodings by the fewest tokens.
    pub(crate) fewest: fewest::Scratch,
}

impl Scratch {
    /// Forgets the pairs of a vocabulary.
    pub(crate) fn forget(&mut self) {
        self.memo = Memo::default();
    }
}

impl Backtracker {
    /// Builds the tables of merges, which make the first of `tokens` behind the bytes; `listed` finds what is
    /// to be known of them.
    ///
    /// Costs a sort of the tokens by length, and a few questions to a hash table for each. Of many merges,
    /// two threads share that.
    pub(crate) fn new(
        merges: &[Pair],
        tokens: &TokenBytes,
        listed: impl FnOnce() -> Listed,
    ) -> Backtracker {
        Backtracker::with_limits(merges, tokens, listed, alphabets::FEWEST_MERGES, APART)
    }

    fn with_limits(
        merges: &[Pair],
        tokens: &TokenBytes,
        listed: impl FnOnce() -> Listed,
        fewest: usize,
        apart: usize,
    ) -> Backtracker {
        let ruled = || {
            let Listed { pairs, filter, repeated, evolved } = listed();
            (Valid::new(merges, pairs, &repeated, evolved), filter)
        };
        let matched = |keep: &dyn Fn(u32) -> bool| Matcher::new(merges, tokens, keep, fewest);
        let ((valid, filter), of_all) = if merges.len() < apart {
            (ruled(), None)
        } else {
            // Of learned merges all tokens are reachable, and nothing is made in vain.
            both(ruled, || Some(matched(&|_| true)))
        };
        let of_all = of_all.filter(|_| valid.all_reachable());
        let matcher = of_all.unwrap_or_else(|| matched(&|token| valid.is_reachable(token)));
        let id_bits = u32::BITS - (valid.len() - 1).leading_zeros();
        Backtracker { valid, matcher, filter, id_bits }
    }

    /// What a token is made of; a byte is made of itself.
    pub(crate) fn parts(&self, token: u32) -> Pair {
        self.valid.parts(token)
    }

    /// The joints of its merges, of whose tokens these are the bytes.
    pub(crate) fn joints(&self, tokens: &TokenBytes) -> Joints {
        Joints::new(self.valid.borders.joined.iter().map(|&token| self.parts(token)), tokens)
    }

    /// Number of tokens; training ids are below it.
    pub(crate) fn len(&self) -> u32 {
        self.valid.len()
    }

    /// Which pairs merge.
    pub(crate) fn pairs(&self) -> &PairTable {
        self.valid.pairs()
    }

    /// Whether the bytes of a token encode to it.
    pub(crate) fn is_reachable(&self, token: u32) -> bool {
        self.valid.is_reachable(token)
    }

    /// Whether [`find`](Backtracker::find) finds a token by its bytes.
    pub(crate) fn finds(&self, token: u32) -> bool {
        token < 256 || token < self.len() && self.matcher.trie.is_some() && self.is_reachable(token)
    }

    /// The token with these bytes, which must not be none, among those that it finds.
    pub(crate) fn find(&self, bytes: &[u8]) -> Option<u32> {
        match (&self.matcher.trie, bytes) {
            (_, &[byte]) => Some(u32::from(byte)),
            (Some(trie), _) => {
                let (token, len) = trie.longest(bytes, &mut 0);
                (len == bytes.len()).then_some(token)
            }
            (None, _) => None,
        }
    }

    /// Whether two reachable tokens, one after the other, encode to themselves.
    pub(crate) fn fits(&self, left: u32, right: u32) -> bool {
        self.valid.fits(left, right, &mut 0)
    }

    /// Appends the encoding of a piece of at most [`short::LONGEST`] bytes; `of` gives ids by training ids.
    pub(crate) fn encode_short(&self, piece: &[u8], of: impl Fn(u32) -> u32, ids: &mut Vec<u32>) {
        short::encode(&self.filter, self.pairs(), piece, of, ids);
    }

    /// Whether some letters have tables of their own, which are faster than anything else.
    pub(crate) fn has_alphabets(&self) -> bool {
        self.matcher.alphabets.is_some()
    }

    /// Appends the encoding of a text, in training ids.
    ///
    /// Takes at most 16 steps a byte, and then, where a search takes more, a sweep: linear in the text,
    /// whatever the merges.
    pub(crate) fn encode(&self, text: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>) {
        let Some(Alphabets { of, tables }) = &self.matcher.alphabets else {
            return self.encode_any(text, scratch, ids);
        };
        // No merge joins letters of two tables, or others.
        let mut rest = text;
        while let Some(&letter) = rest.first() {
            let table = of[usize::from(letter)];
            let encoded = (table != alphabets::OTHER).then(|| {
                tables[usize::from(table)].encode(rest, letters::BLOCK, &mut scratch.lasts, ids)
            });
            let len = encoded.flatten().unwrap_or_else(|| {
                let end = rest.iter().position(|&letter| of[usize::from(letter)] != table);
                let len = end.unwrap_or(rest.len());
                self.encode_any(&rest[..len], scratch, ids);
                len
            });
            rest = &rest[len..];
        }
    }

    fn encode_any(&self, text: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>) {
        let patience = if text.len() < SWEPT { PATIENCE } else { usize::MAX };
        if !self.search(text, patience, STUCK, scratch, ids) {
            self.sweep(text, scratch, ids);
        }
    }

    fn sweep(&self, text: &[u8], scratch: &mut Scratch, ids: &mut Vec<u32>) {
        self.sweep_with(&mut scratch.sweep, text, ids);
    }

    fn sweep_with(&self, sweep: &mut Sweep, text: &[u8], ids: &mut Vec<u32>) {
        let parts = |token| self.parts(token);
        let tables = Tables { pairs: self.pairs(), parts, shapes: &self.matcher.shapes };
        sweep.encode(&tables, text, ids);
    }

    /// Encodes anew what lies around the place where a search is stuck, up to a border behind all dead ends,
    /// and gives that.
    ///
    /// From border to border that every encoding has, a sweep is faster. Such a border is never gone back
    /// over, so no byte is swept twice.
    #[cold]
    #[inline(never)]
    fn sweep_out(
        &self,
        text: &[u8],
        mut at: usize,
        furthest: usize,
        sweep: &mut Sweep,
        ids: &mut Vec<u32>,
    ) -> usize {
        let inner = &self.valid.borders.inner;
        while !inner.parts(text, at) {
            let popped = ids.pop().expect("the text begins with such a border");
            at -= self.matcher.shapes[popped as usize].len as usize;
        }
        let end = (furthest + 1..).find(|&end| inner.parts(text, end)).unwrap_or(text.len());
        self.sweep_with(sweep, &text[at..end], ids);
        end
    }

    /// Appends the encoding of a text; false, with nothing appended, if that takes too long.
    fn search(
        &self,
        text: &[u8],
        patience: usize,
        stuck: usize,
        scratch: &mut Scratch,
        ids: &mut Vec<u32>,
    ) -> bool {
        let Matcher { trie: Some(trie), shapes, .. } = &self.matcher else { return false };
        let borders = &self.valid.borders;
        let Scratch { memo, dead, sweep, .. } = scratch;
        if text.is_empty() {
            return true;
        }
        memo.fit(text.len(), self.id_bits);
        let bottom = ids.len();
        // Of the whole text, as real ones have stretches that are far worse than the rest.
        let (mut work, most) = (0, SLACK.saturating_add(text.len().saturating_mul(patience)));
        // The furthest dead end, and the work when it was found.
        let (mut furthest, mut since) = (0, 0);
        let (mut at, mut last) = (0, NONE);
        // Of the last token; in front of the text nothing crosses.
        let (mut left, mut place) = (Edges::default(), Place::default());
        let (mut token, mut len) = trie.longest(text, &mut work);
        let found = loop {
            let right = borders.edges[token as usize];
            let end = at + len;
            let alive = end > furthest || dead[end / 64] >> (end % 64) & 1 == 0;
            if alive
                && (!left.may_cross(right, place)
                    || memo.get((last, token), self.id_bits, || {
                        self.valid.fits(last, token, &mut work)
                    }))
            {
                ids.push(token);
                (at, last, left) = (end, token, right);
                if at == text.len() {
                    break true;
                }
                if work > most {
                    ids.truncate(bottom);
                    break false;
                }
                place = borders.place(text, at);
                trie.touch(text, at);
                (token, len) = trie.longest(&text[at..], &mut work);
                continue;
            }
            work += 1;
            token = shapes[token as usize].prefix;
            if token == NONE {
                while token == NONE {
                    // No token goes on from here. What is popped was longest match or a prefix of it,
                    // so its own prefixes come next.
                    if at > furthest {
                        (furthest, since) = (at, work);
                        if dead.len() <= at / 64 {
                            dead.resize((at / 64 + 1).next_power_of_two(), 0);
                        }
                    }
                    dead[at / 64] |= 1 << (at % 64);
                    work += 1;
                    let popped = ids.pop().expect("every text has an encoding");
                    let popped = shapes[popped as usize];
                    at -= popped.len as usize;
                    token = popped.prefix;
                }
                if work - since > stuck {
                    let end = self.sweep_out(text, at, furthest, sweep, ids);
                    if end == text.len() {
                        break true;
                    }
                    (at, since) = (end, work);
                    (token, len) = trie.longest(&text[at..], &mut work);
                    last = ids[ids.len() - 1];
                    left = borders.edges[last as usize];
                    place = borders.place(text, at);
                    continue;
                }
                last = if ids.len() > bottom { ids[ids.len() - 1] } else { NONE };
                left = borders.edges.get(last as usize).copied().unwrap_or_default();
                if at > 0 {
                    place = borders.place(text, at);
                }
            }
            len = shapes[token as usize].len as usize;
        };
        if furthest > 0 {
            dead[..=furthest / 64].fill(0);
        }
        found
    }
}

#[cfg(test)]
mod tests;
