//! What the bytes of tokens tell: which of them a text begins with, and which of them begin with others.

use crate::{
    alphabets::Alphabets,
    merge::Pair,
    token_bytes::TokenBytes,
    trie::{NONE, Trie},
};

/// What a search asks about a token that did not fit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Its number of bytes.
    pub(crate) len: u32,
    /// The longest token that encodes to itself and is a proper prefix of it, or `NONE`.
    pub(crate) prefix: u32,
}

/// The tables of the tokens of a list of merges that match texts.
#[derive(Clone, Debug)]
pub(crate) struct Matcher {
    /// `None` if the tokens are too many for its tables.
    pub(crate) trie: Option<Trie>,
    /// Of all tokens, whether they match or not.
    pub(crate) shapes: Vec<Shape>,
    pub(crate) alphabets: Option<Alphabets>,
}

impl Matcher {
    /// The tables of bytes and of those tokens of `merges` that are to be kept. `tokens` may have more
    /// behind them; letters that fewer than `fewest` merges join have no table of their own.
    ///
    /// Costs a sort of the tokens by length, and a few questions to a hash table for each.
    pub(crate) fn new(
        merges: &[Pair],
        tokens: &TokenBytes,
        keep: impl Fn(u32) -> bool,
        fewest: usize,
    ) -> Matcher {
        let bytes = |token: u32| tokens.get(token);
        let count = 256 + merges.len() as u32;
        let shape = |token: u32| Shape { len: bytes(token).len() as u32, prefix: NONE };
        let mut shapes: Vec<Shape> = (0..count).map(shape).collect();
        let order = shortest_first(&shapes, keep);
        let left =
            |token: u32| token.checked_sub(256).map_or(token, |merge| merges[merge as usize].0);
        let trie = Trie::new(&order, bytes, left, &mut shapes);
        let alphabets = Alphabets::new(merges, &order, fewest, bytes);
        let alphabets = (!alphabets.tables.is_empty()).then_some(alphabets);
        Matcher { trie, shapes, alphabets }
    }
}

/// Those tokens of two bytes and more that are to be kept, the shortest first.
fn shortest_first(shapes: &[Shape], keep: impl Fn(u32) -> bool) -> Vec<u32> {
    let longest = shapes.iter().map(|shape| shape.len as usize).max().unwrap_or(0);
    let tokens = || (256..shapes.len() as u32).filter(|&token| keep(token));
    let mut starts = vec![0u32; longest + 2];
    for token in tokens() {
        starts[shapes[token as usize].len as usize + 1] += 1;
    }
    for len in 1..starts.len() {
        starts[len] += starts[len - 1];
    }
    let mut order = vec![0; starts[longest + 1] as usize];
    for token in tokens() {
        let at = &mut starts[shapes[token as usize].len as usize];
        order[*at as usize] = token;
        *at += 1;
    }
    order
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        /// Merges of any files, whose tokens may come twice: these are refused only once the tables are made.
        #[test]
        fn tables_of_any_tokens_can_be_made(
            choices in prop::collection::vec(any::<(Index, Index)>(), 0..40),
            fewest in 0usize..3,
        ) {
            let (mut tokens, mut merges) = (TokenBytes::with_room(0), Vec::new());
            let mut usable = vec![97, 98];
            for (left, right) in choices {
                let pair = (*left.get(&usable), *right.get(&usable));
                if tokens.get(pair.0).len() + tokens.get(pair.1).len() < 200 {
                    usable.push(tokens.len());
                    tokens.join(pair.0, pair.1).unwrap();
                    merges.push(pair);
                }
            }
            let matcher = Matcher::new(&merges, &tokens, |_| true, fewest);
            let trie = matcher.trie.unwrap();
            for (token, shape) in (0..).zip(matcher.shapes) {
                prop_assert_eq!(shape.len as usize, tokens.get(token).len());
                let (found, len) = trie.longest(tokens.get(token), &mut 0);
                prop_assert_eq!(tokens.get(found), &tokens.get(token)[..len]);
                prop_assert_eq!(len as u32, shape.len);
            }
        }
    }
}
