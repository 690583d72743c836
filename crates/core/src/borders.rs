//! Whether a merge may cross the border between two tokens: two words that nearly always tell.
//!
//! Take two tokens x and y side by side. What stands at their border in the course of time are, from the
//! left, the tokens of which x was made at its right end, one after the other, and from the right those
//! at the left end of y. A merge c = (l, r) crosses the border only if l is one of the former, and c is
//! older than the token that l went into; and if r is one of the latter, and c is not younger than the
//! token that r went into. So
//!
//! > *Lemma.* Let A(x) be the merges whose left part l is x, or stands at the right end of x and has the
//! > merge before it goes into a larger part of x; and B(y) the merges whose right part stands likewise at
//! > the left end of y. No merge crosses the border of x and y if A(x) and B(y) have none in common.
//!
//! A merge in both has a right part that begins with the first byte of y, and a left part that ends with
//! the last byte of x. So each token keeps by which bytes the right parts of A begin, and by which the
//! left parts of B end, in 64 groups of bytes. That proves most of the borders in an
//! encoding (figures in `docs/results/encode-engine.md`).

use crate::{joints, merge::Pair};

/// Groups of bytes: bits of a word.
const GROUPS: usize = 64;

/// By which bytes the merges begin and end that may cross the borders of a token.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(16))]
pub(crate) struct Edges {
    /// Groups of the first bytes of what may merge with its right end.
    after: u64,
    /// Groups of the last bytes of what may merge with its left end.
    before: u64,
}

impl Edges {
    /// Whether a merge may cross the border to a token behind this one. "No" is always true.
    #[inline(always)]
    pub(crate) fn may_cross(self, right: Edges, place: Place) -> bool {
        (self.after >> place.first) & (right.before >> place.last) & 1 != 0
    }
}

/// The bytes on both sides of a border, as groups.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    last: u8,
    first: u8,
}

/// The borders of all tokens of a list of merges.
#[derive(Clone, Debug)]
pub(crate) struct Borders {
    pub(crate) edges: Vec<Edges>,
    pub(crate) inner: Inner,
    /// Tokens whose parts meet where joints are known.
    pub(crate) joined: Vec<u32>,
    /// The group of each byte where it is the last of a left part.
    lasts: [u8; 256],
    /// The group of each byte where it is the first of a right part.
    firsts: [u8; 256],
}

impl Borders {
    /// What stands at a place in a text that is not its beginning.
    #[inline(always)]
    pub(crate) fn place(&self, text: &[u8], at: usize) -> Place {
        let (last, first) = (usize::from(text[at - 1]), usize::from(text[at]));
        Place { last: self.lasts[last], first: self.firsts[first] }
    }
}

/// Pairs of bytes that stand side by side in a token: between two others every encoding has a border. 8 KiB.
#[derive(Clone, Debug)]
pub(crate) struct Inner(Box<[u64]>);

impl Inner {
    fn new() -> Inner {
        Inner(vec![0; (1 << 16) / 64].into_boxed_slice())
    }

    fn insert(&mut self, left: u8, right: u8) {
        let pair = usize::from(left) << 8 | usize::from(right);
        self.0[pair / 64] |= 1 << (pair % 64);
    }

    /// Whether any encoding of a text has a border at a place, whatever comes before and behind.
    pub(crate) fn parts(&self, text: &[u8], at: usize) -> bool {
        if at == 0 || at >= text.len() {
            return true;
        }
        let pair = usize::from(text[at - 1]) << 8 | usize::from(text[at]);
        self.0[pair / 64] >> (pair % 64) & 1 == 0
    }
}

/// The groups of all bytes, so that none is much more frequent than others in `counts`.
fn groups(counts: &[u32; 256]) -> [u8; 256] {
    let mut order: Vec<u8> = (0..=255).collect();
    order.sort_by_key(|&byte| std::cmp::Reverse(counts[usize::from(byte)]));
    let (mut groups, mut loads) = ([0; 256], [0u64; GROUPS]);
    for byte in order {
        let lightest = (0..GROUPS).min_by_key(|&group| loads[group]).unwrap_or(0);
        groups[usize::from(byte)] = lightest as u8;
        // One more, so that bytes without a count spread as well.
        loads[lightest] += u64::from(counts[usize::from(byte)]) + 1;
    }
    groups
}

/// The borders of all tokens of a list of merges; and, a bit each, whether a merge may cross the border of
/// its parts before its own merge is due.
pub(crate) fn new(merges: &[Pair]) -> (Borders, Vec<u64>) {
    let count = 256 + merges.len();
    // First and last byte of each token.
    let mut ends: Vec<(u8, u8)> = (0..=255).map(|byte| (byte, byte)).collect();
    ends.reserve_exact(merges.len());
    let (mut firsts, mut lasts, mut inner) = ([0; 256], [0; 256], Inner::new());
    let mut joined = Vec::new();
    for (&(left, right), token) in merges.iter().zip(256u32..) {
        let (left, right) = (ends[left as usize], ends[right as usize]);
        firsts[usize::from(right.0)] += 1;
        lasts[usize::from(left.1)] += 1;
        inner.insert(left.1, right.0);
        if joints::are_known(left.1, right.0) {
            joined.push(token);
        }
        ends.push((left.0, right.1));
    }
    let (firsts, lasts) = (groups(&firsts), groups(&lasts));
    let mut edges = vec![Edges::default(); count];
    let mut crossable = vec![0u64; count.div_ceil(64)];
    // `edges` has the merges so far of the token itself. Below it, what a part may merge with is final
    // once the part is gone: it had the merges up to then.
    let mut below = vec![Edges::default(); count];
    for (&(left, right), token) in merges.iter().zip(256usize..) {
        let (left, right) = (left as usize, right as usize);
        let place = Place {
            last: lasts[usize::from(ends[left].1)],
            first: firsts[usize::from(ends[right].0)],
        };
        let (mut l, mut r) = (edges[left], edges[right]);
        // On the left side only merges before this one: of one rank, that further left comes first.
        below[token].after = below[right].after | r.after;
        edges[right].before |= 1 << place.last;
        below[token].before = below[left].before | edges[left].before;
        edges[left].after |= 1 << place.first;
        l.after |= below[left].after;
        r.before |= below[right].before;
        crossable[token / 64] |= u64::from(l.may_cross(r, place)) << (token % 64);
    }
    for (edges, below) in edges.iter_mut().zip(below) {
        edges.after |= below.after;
        edges.before |= below.before;
    }
    (Borders { edges, inner, joined, lasts, firsts }, crossable)
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;
    use crate::{crossing::Crossing, pairs::PairTable, samples::vocabulary};

    proptest! {
        /// Merges in any order that names tokens made before.
        #[test]
        fn what_may_not_cross_does_not(
            choices in prop::collection::vec(any::<(Index, Index)>(), 0..40),
        ) {
            let (merges, tokens) = vocabulary(&choices);
            let usable: Vec<u32> = (97..100).chain(256..tokens.len() as u32).collect();
            let (borders, crossable) = new(&merges);
            let crossing = Crossing::new(&merges, PairTable::new(&merges, 256).0);
            for token in 256..tokens.len() {
                let (left, right) = merges[token - 256];
                let crossed = crossing.crossed(left, right, token as u32, &mut 0);
                prop_assert!(!crossed || crossable[token / 64] >> (token % 64) & 1 == 1);
            }
            for (&left, &right) in usable.iter().flat_map(|left| usable.iter().map(move |right| (left, right))) {
                let text = [&tokens[left as usize][..], &tokens[right as usize]].concat();
                let at = tokens[left as usize].len();
                let edges = |token: u32| borders.edges[token as usize];
                let may = edges(left).may_cross(edges(right), borders.place(&text, at));
                prop_assert!(may || !crossing.crossed(left, right, tokens.len() as u32, &mut 0));
                let inner = tokens.iter().any(|token| token.windows(2).any(|pair| pair == &text[at - 1..=at]));
                prop_assert_eq!(borders.inner.parts(&text, at), !inner);
            }
        }
    }
}
