//! How much of a text a number of tokens holds.

use polytok_core::Prefix;
use proptest::prelude::*;

use crate::samples::{choices, text, tokenizers};

proptest! {
    #[test]
    fn a_length_is_that_of_the_first_tokens(choices in choices(), text in text(), most in 0usize..99) {
        for tokenizer in tokenizers(&choices) {
            let (ids, bytes) = tokenizer.truncate(&text, most);
            let expected = Prefix { bytes, tokens: ids.len() };
            prop_assert_eq!(tokenizer.truncate_len(&text, most, false), expected);
            prop_assert_eq!(tokenizer.truncate_len(&text, most, true), expected);
        }
    }

    /// With every byte a token.
    #[test]
    fn characters_stay_whole(text in "[aé漢😀]{0,9}", junk: Vec<u8>, most in 0usize..30) {
        let bytes = (vec![], None, vec![], false);
        for tokenizer in tokenizers(&bytes) {
            let found = tokenizer.truncate_len(text.as_bytes(), most, true);
            let fits = |&at: &usize| at <= most && text.is_char_boundary(at);
            let expected = (0..=text.len()).rev().find(fits).unwrap();
            prop_assert_eq!(found, Prefix { bytes: expected, tokens: expected });
            let junk: Vec<u8> = junk.iter().map(|byte| byte | 0x80).collect();
            let found = tokenizer.truncate_len(&junk, most, true);
            // At most three bytes are left away, and only from within a character.
            let left = junk.len().min(most) - found.bytes;
            prop_assert!(left == 0 || std::str::from_utf8(
                junk[found.bytes..].utf8_chunks().next().unwrap().valid().as_bytes()
            ).unwrap().chars().next().is_some_and(|c| c.len_utf8() > left));
        }
    }
}

/// Long enough to be taken in parts.
#[test]
fn a_long_text_is_taken_in_parts() {
    let text = b"ab ba\na abba ".repeat(10_000);
    for tokenizer in tokenizers(&(vec![], None, vec![b"ba\n".to_vec()], false)) {
        for most in [0, 1, 20_000, 100_000, 1 << 20] {
            let (ids, bytes) = tokenizer.truncate(&text, most);
            let expected = Prefix { bytes, tokens: ids.len() };
            assert_eq!(tokenizer.truncate_len(&text, most, true), expected);
        }
    }
}
