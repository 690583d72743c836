//! Tokens that go on behind the first sixteen bytes, which few do, but then by thousands of bytes.
//!
//! A tree whose nodes are whole chains of tokens of which each begins with the one before, so that a
//! run of one letter is compared with all tokens of it at once (Morrison 1968, "PATRICIA: practical
//! algorithm to retrieve information coded in alphanumeric", has a node for each).

use hashbrown::{HashMap, hash_map::Entry};

use crate::trie::{DEPTH, Match, NONE};

#[derive(Clone, Debug)]
struct Chain {
    /// Bytes from where it leaves the chain above up to the end of its longest token.
    label: Vec<u8>,
    /// How many bytes come before `label`.
    start: usize,
    /// Its tokens and their whole lengths, ascending; at least one, and the last ends with `label`.
    tokens: Vec<(u32, u32)>,
    /// The longest token above it, or `NONE` if that has no more than `DEPTH` bytes.
    above: u32,
}

impl Chain {
    /// The longest of its tokens with at most so many bytes.
    fn longest(&self, most: usize) -> Option<Match> {
        let behind = self.tokens.partition_point(|&(len, _)| len as usize <= most);
        self.tokens[..behind].last().map(|&(len, token)| (token, len as usize))
    }
}

/// Trees by the node of the trie that they hang on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deep {
    chains: Vec<Chain>,
    /// A chain by that above, how many bytes they share from there, and the next byte; nodes of the trie
    /// have the highest bit. With a seeded hash, as tokens come from files.
    below: HashMap<(u32, u32, u8), u32>,
}

/// Tells nodes of the trie from chains.
const OUTER: u32 = 1 << 31;

impl Deep {
    /// Enters a token, after all shorter ones; gives the longest of those that it begins with, if that is
    /// in the tree.
    ///
    /// Costs its length, at the speed of a comparison of bytes.
    pub(crate) fn insert(&mut self, root: u32, text: &[u8], token: u32) -> Option<u32> {
        let (mut place, mut depth, mut shorter) = ((root | OUTER, 0), DEPTH, NONE);
        loop {
            let new = self.chains.len() as u32;
            let index = match self.below.entry((place.0, place.1, text[depth])) {
                Entry::Vacant(entry) => {
                    entry.insert(new);
                    let label = text[depth..].to_vec();
                    let tokens = vec![(text.len() as u32, token)];
                    self.chains.push(Chain { label, start: depth, tokens, above: shorter });
                    break;
                }
                Entry::Occupied(entry) => *entry.get(),
            };
            let chain = &mut self.chains[index as usize];
            let same = common(&chain.label, &text[depth..]);
            depth += same;
            shorter = chain.longest(depth).map_or(chain.above, |(token, _)| token);
            if same == chain.label.len() {
                // No token comes twice, and shorter ones came before, so the text goes on.
                chain.label.extend_from_slice(&text[depth..]);
                chain.tokens.push((text.len() as u32, token));
                break;
            }
            place = (index, same as u32);
        }
        (shorter != NONE).then_some(shorter)
    }

    /// The longest token in the tree that a text begins with, of which the first `DEPTH` bytes lead to
    /// `root`. Adds the steps to `work`.
    pub(crate) fn longest(&self, root: u32, text: &[u8], work: &mut usize) -> Option<Match> {
        let (mut place, mut depth, mut found) = ((root | OUTER, 0), DEPTH, None);
        while let Some(&byte) = text.get(depth)
            && let Some(&index) = self.below.get(&(place.0, place.1, byte))
        {
            let chain = &self.chains[index as usize];
            let same = common(&chain.label, &text[depth..]);
            // Comparing 128 bytes takes about as long as a step.
            *work += 1 + same / 128;
            depth = chain.start + same;
            found = chain.longest(depth).or(found);
            if same == chain.label.len() {
                break;
            }
            place = (index, same as u32);
        }
        found
    }
}

/// The number of bytes in which two strings begin alike.
fn common(a: &[u8], b: &[u8]) -> usize {
    const WORD: usize = 8;
    const LINE: usize = 64;
    // Compared as arrays, in vectors.
    let (a_lines, b_lines) = (a.as_chunks::<LINE>().0, b.as_chunks::<LINE>().0);
    let lines = a_lines.iter().zip(b_lines).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[lines * LINE..], &b[lines * LINE..]);
    let (a_words, b_words) = (a.as_chunks::<WORD>().0, b.as_chunks::<WORD>().0);
    for (at, (a, b)) in a_words.iter().zip(b_words).enumerate() {
        let differing = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if differing != 0 {
            return lines * LINE + at * WORD + differing.trailing_zeros() as usize / 8;
        }
    }
    let from = a_words.len().min(b_words.len()) * WORD;
    let rest = a[from..].iter().zip(&b[from..]).take_while(|(a, b)| a == b).count();
    lines * LINE + from + rest
}
