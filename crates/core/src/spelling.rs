//! Tokens by their bytes, with a table of few.
//!
//! > *Lemma.* Of tokens with the same bytes at most one encodes to itself.
//!
//! For bytes have one encoding. Those that do are in the trie that encodes, so that a table is needed
//! only for the others, which are few where merges were learned; of all tokens where merges do not decide. A
//! table of all took a fifth of the time of loading.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable, hash_table::Entry};

use crate::{backtrack::Backtracker, token_bytes::TokenBytes};

/// Tokens by their bytes; the hash is seeded, since a file may choose its tokens.
pub(crate) struct Spelling<'a> {
    search: Option<&'a Backtracker>,
    tokens: &'a TokenBytes,
    hasher: DefaultHashBuilder,
    /// Those that the search does not find.
    others: HashTable<u32>,
}

/// Two tokens have the same bytes: the first that has those of an earlier one, and the first of these.
pub(crate) type Repeated = (u32, u32);

impl<'a> Spelling<'a> {
    /// Collects all tokens, of which the first are those of the search, if there is one.
    ///
    /// # Errors
    ///
    /// [`Repeated`] if two have the same bytes.
    pub(crate) fn new(
        search: Option<&'a Backtracker>,
        tokens: &'a TokenBytes,
    ) -> Result<Spelling<'a>, Repeated> {
        let mut spelling = Spelling {
            search,
            tokens,
            hasher: DefaultHashBuilder::default(),
            others: match search {
                Some(_) => HashTable::new(),
                None => HashTable::with_capacity(tokens.len() as usize),
            },
        };
        let finds = |token| search.is_some_and(|search| search.finds(token));
        let others = (0..tokens.len()).filter(|&token| !finds(token));
        let repeated = others.flat_map(|token| {
            let found = search.and_then(|search| search.find(tokens.get(token)));
            let found = found.map(|found| (found.min(token), found.max(token)));
            [spelling.insert(token).map(|first| (first, token)), found].into_iter().flatten()
        });
        match repeated.min_by_key(|&(_, second)| second) {
            Some(repeated) => Err(repeated),
            None => Ok(spelling),
        }
    }

    /// Adds one of the others; gives the one that has its bytes already.
    fn insert(&mut self, token: u32) -> Option<u32> {
        let Spelling { tokens, hasher, others, .. } = self;
        let bytes = tokens.get(token);
        let entry = others.entry(
            hasher.hash_one(bytes),
            |&other| tokens.get(other) == bytes,
            |&other| hasher.hash_one(tokens.get(other)),
        );
        match entry {
            Entry::Occupied(entry) => Some(*entry.get()),
            Entry::Vacant(entry) => {
                entry.insert(token);
                None
            }
        }
    }

    /// The token with these bytes.
    pub(crate) fn get(&self, bytes: &[u8]) -> Option<u32> {
        self.search.and_then(|search| search.find(bytes)).or_else(|| {
            let hash = self.hasher.hash_one(bytes);
            self.others.find(hash, |&other| self.tokens.get(other) == bytes).copied()
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;
    use crate::{listed::Listed, merge::Pair};

    /// The first token with the bytes of an earlier one, and that.
    fn repeated(tokens: &TokenBytes) -> Option<Repeated> {
        let same = |first, second| tokens.get(first) == tokens.get(second);
        (0..tokens.len())
            .find_map(|second| Some(((0..second).find(|&first| same(first, second))?, second)))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Repeated pairs, tokens that other merges prevent, and tokens without merges.
        #[test]
        fn tokens_are_found_and_told_apart(
            choices in prop::collection::vec(any::<(Index, Index)>(), 0..8),
            more in prop::collection::vec(prop::collection::vec(b'a'..=b'b', 1..5), 0..3),
            few in any::<bool>(),
            by_merges in any::<bool>(),
        ) {
            let mut tokens = TokenBytes::with_room(0);
            let mut merges: Vec<Pair> = Vec::new();
            let mut usable: Vec<u32> = vec![97, 98];
            for (left, right) in choices {
                let (left, right) = (*left.get(&usable), *right.get(&usable));
                let bytes = [tokens.get(left), tokens.get(right)].concat();
                if few && (0..tokens.len()).any(|token| tokens.get(token) == bytes) {
                    continue;
                }
                usable.push(tokens.len());
                tokens.push(&bytes).unwrap();
                merges.push((left, right));
            }
            let search = Backtracker::new(&merges, &tokens, || Listed::new(&merges, &tokens));
            more.iter().filter(|bytes| !few || bytes.len() == 4).for_each(|bytes| tokens.push(bytes).unwrap());
            let search = by_merges.then_some(&search);
            match (Spelling::new(search, &tokens), repeated(&tokens)) {
                (Err(found), Some(expected)) => prop_assert_eq!(found, expected),
                (Ok(spelling), None) => {
                    for token in 0..tokens.len() {
                        prop_assert_eq!(spelling.get(tokens.get(token)), Some(token));
                    }
                    let named = |bytes: &[u8]| {
                        (0..tokens.len()).find(|&token| tokens.get(token) == bytes)
                    };
                    for bytes in [&b"aab"[..], b"ba", b"abab", b"bb", b"abaab"] {
                        prop_assert_eq!(spelling.get(bytes), named(bytes));
                    }
                }
                (found, expected) => {
                    prop_assert!(false, "{:?} in place of {expected:?}", found.err());
                }
            }
        }
    }
}
