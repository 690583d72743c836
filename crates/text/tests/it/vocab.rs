//! The vocabularies that come with the crate.

use polytok_core::Tokenizer;
use polytok_text::{english_64k, languages_64k, source_32k, world_64k};
use proptest::prelude::*;

fn all() -> [(&'static Tokenizer, usize); 4] {
    [
        (english_64k(), 65_536),
        (languages_64k(), 65_536),
        (world_64k(), 65_536),
        (source_32k(), 32_768),
    ]
}

#[test]
fn they_have_their_sizes_and_every_token_is_of_several_documents() {
    for (tokenizer, entries) in all() {
        assert_eq!(tokenizer.vocabulary().len(), entries);
        assert_eq!(tokenizer.vocabulary().provenance().refused.unwrap().min_documents, 3);
    }
}

/// Groups of digits keep their place values: no token has a digit and anything else.
#[test]
fn digits_stay_by_themselves() {
    for (tokenizer, _) in all() {
        let vocabulary = tokenizer.vocabulary();
        for id in 0..256 + vocabulary.merges().len() as u32 {
            let token = vocabulary.token(id).unwrap();
            let digits = token.iter().filter(|byte| byte.is_ascii_digit()).count();
            assert!(digits == 0 || digits == token.len(), "{:?}", token.escape_ascii().to_string());
        }
        assert_eq!(tokenizer.count(b"1234567"), 3);
    }
}

proptest! {
    #[test]
    fn everything_comes_back(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        text in "(\\PC| |the |\n){0,60}",
    ) {
        for (tokenizer, _) in all() {
            for input in [&bytes[..], text.as_bytes()] {
                prop_assert_eq!(tokenizer.decode(&tokenizer.encode(input)).unwrap(), input);
            }
        }
    }
}
