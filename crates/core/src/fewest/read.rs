//! What the last token of a prefix follows from, by the fewest tokens.
//!
//! Of the tokens that end at a place the one is last in front of which there are fewest. So it depends on the ends of
//! what was read that tokens begin with, and on how many tokens lead to where they begin; of these numbers only what
//! they differ by. That is little, so with 4,096 entries for genomes there are 27,000 such states; with 32,768 there
//! are more than 500,000, and walks with their tables in the caches are faster. Leaving out what can only lead to a
//! token whose rest takes fewer tokens by itself makes 7 % to 20 % fewer states, and takes as long to find out.
//!
//! *Cost* of a letter in a state: a step for each end that is open.

use crate::{
    automaton::word::{NO_TOKEN, Word, word},
    transducer::{
        Beginnings, Letters, Open, Read, Transducer,
        few::{self, Few},
    },
};

/// States at most: with four letters, 2 MiB.
const STATES: usize = 1 << 16;

/// The automaton of the tokens below `count`. None if they have too many letters, or it too many states.
pub(crate) fn transducer<'a>(
    count: u32,
    bytes: impl Fn(u32) -> &'a [u8],
) -> Option<Transducer<Few>> {
    with_states(STATES, count, bytes)
}

fn with_states<'a>(
    most: usize,
    count: u32,
    bytes: impl Fn(u32) -> &'a [u8],
) -> Option<Transducer<Few>> {
    let letters = Letters::new((0..count).map(&bytes))?;
    let lens: Vec<u32> = (0..count).map(|token| bytes(token).len() as u32).collect();
    let all = lens.iter().map(|&len| len as usize).sum();
    let beginnings = Beginnings::new(letters.letters.len(), all)?;
    let tokens = Tokens::new(beginnings, count, bytes, &letters);
    few::transducer(letters, lens, most, &tokens)
}

/// Tokens and their beginnings.
struct Tokens {
    beginnings: Beginnings,
    /// By beginning, the token that it is all of, or no token.
    token: Vec<Word>,
    /// Whether there are longer ones.
    goes_on: Vec<bool>,
}

impl Tokens {
    fn new<'a>(
        mut beginnings: Beginnings,
        count: u32,
        bytes: impl Fn(u32) -> &'a [u8],
        of: &Letters,
    ) -> Tokens {
        let (mut token, mut goes_on) = (vec![NO_TOKEN], vec![true]);
        for number in 0..count {
            let Some(classes) = of.classes(bytes(number)) else { continue };
            let mut at = 0;
            for class in classes {
                goes_on[at as usize] = true;
                at = beginnings.or_new(at, class);
                if at as usize == token.len() {
                    token.push(NO_TOKEN);
                    goes_on.push(false);
                }
            }
            token[at as usize] = word(number, bytes(number).len());
        }
        Tokens { beginnings, token, goes_on }
    }
}

impl Read for Tokens {
    /// By beginning, how many tokens more lead to it than to the place, which may be fewer.
    fn read(&self, open: &[Open], class: usize, next: &mut Vec<Open>) -> Word {
        let (mut least, mut last) = (i32::MAX, NO_TOKEN);
        // What begins at the place itself is always open. The longest come first.
        for &(at, more) in open.iter().chain(&[(0, 0)]) {
            let Some(at) = self.beginnings.longer(at, class) else { continue };
            let (token, more) = (self.token[at as usize], more as i32);
            if token != NO_TOKEN && more < least {
                (least, last) = (more, token);
            }
            if self.goes_on[at as usize] {
                next.push((at, more as u32));
            }
        }
        // One token more leads to the next place than to where its last token begins.
        next.iter_mut().for_each(|(_, more)| *more = more.wrapping_sub((least + 1) as u32));
        last
    }

    fn beginnings(&self) -> &Beginnings {
        &self.beginnings
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        fewest::{self, Fewest},
        transducer::Scratch,
    };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// Also with rows of a letter that is beside no others, and with bytes that no tokens have.
        #[test]
        fn the_automaton_gives_the_fewest_tokens(
            words in prop::collection::hash_set(prop::collection::vec(97u8..100, 2..7), 0..30),
            rows in prop::collection::hash_set(2usize..9, 0..3),
            parts in prop::collection::vec(
                (prop_oneof![4 => prop::collection::vec(97u8..100, 1..8), 1 => Just(vec![100]), 1 => Just(vec![101])],
                    1usize..9), 0..9),
            block in prop_oneof![1usize..40, Just(1 << 12)],
        ) {
            let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
            tokens.extend(words);
            tokens.extend(rows.into_iter().map(|len| vec![100; len]));
            let (count, bytes) = (tokens.len() as u32, |token: u32| &tokens[token as usize][..]);
            let fewest = Fewest::new(count, bytes);
            let text: Vec<u8> = parts.iter().flat_map(|(part, n)| part.repeat(*n)).collect();
            let mut expected = Vec::new();
            fewest.encode(&text, &[], &mut fewest::Scratch::default(), &mut expected);
            let automaton = transducer(count, bytes).unwrap();
            let (mut scratch, mut ids) = (Scratch::default(), vec![7]);
            automaton.encode_by(block, &text, &mut scratch, &mut ids, |text, ids| {
                fewest.encode(text, &[], &mut fewest::Scratch::default(), ids);
            });
            prop_assert_eq!(&ids[1..], expected);
        }
    }

    #[test]
    fn with_too_many_states_there_is_none() {
        let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
        tokens.push(b"abcabcab".to_vec());
        let with_states = |most| with_states(most, 257, |token| &tokens[token as usize]);
        assert!(with_states(5).is_none() && with_states(1000).is_some());
        // The beginnings alone would be too many.
        tokens.push(b"ab".repeat(1 << 24));
        assert!(transducer(258, |token| &tokens[token as usize]).is_none());
    }
}
