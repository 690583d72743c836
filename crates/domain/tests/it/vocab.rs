//! The vocabularies that come with the crate.

use std::fs;

use polytok_core::Tokenizer;
use polytok_domain::{
    european_law_64k, financial_32k, financial_64k, law_finance_64k, law_finance_128k, legal_32k,
    legal_64k, ocr_4k, ocr_8k, ocr_16k,
};
use proptest::prelude::*;

fn all() -> [(&'static Tokenizer, usize); 10] {
    [
        (legal_32k(), 32_768),
        (legal_64k(), 65_536),
        (financial_32k(), 32_768),
        (financial_64k(), 65_536),
        (law_finance_64k(), 65_536),
        (law_finance_128k(), 131_072),
        (european_law_64k(), 65_536),
        (ocr_4k(), 4096),
        (ocr_8k(), 8192),
        (ocr_16k(), 16_384),
    ]
}

#[test]
fn they_have_their_sizes_and_every_token_is_of_several_documents() {
    for (tokenizer, entries) in all() {
        assert_eq!(tokenizer.vocabulary().len(), entries);
        let refused = tokenizer.vocabulary().provenance().refused.unwrap();
        assert_eq!(refused.min_documents, 3);
        assert!(tokenizer.vocabulary().unreachable().is_empty());
    }
}

/// The smaller vocabulary is the beginning of the larger one, but for the special tokens at the end.
#[test]
fn the_larger_of_law_and_finance_goes_on_from_the_smaller() {
    let (small, large) = (law_finance_64k().vocabulary(), law_finance_128k().vocabulary());
    assert!(large.merges().starts_with(small.merges()));
    for id in 0..256 + small.merges().len() as u32 {
        assert_eq!(small.token(id), large.token(id));
    }
}

/// Phrases and terms that they were made for.
#[test]
fn phrases_are_tokens() {
    let pieces = |tokenizer: &Tokenizer, text: &str| -> Vec<String> {
        let ids = tokenizer.encode(text.as_bytes());
        ids.iter()
            .map(|&id| {
                String::from_utf8_lossy(tokenizer.vocabulary().token(id).unwrap()).into_owned()
            })
            .collect()
    };
    let legal = pieces(legal_64k(), "pursuant to section 12 of this title");
    assert!(legal.len() <= 5, "{legal:?}");
    let financial = pieces(financial_64k(), "net cash provided by operating activities");
    assert!(financial.len() <= 3, "{financial:?}");
}

/// `tokenizers` reads those that its format can express, with equal ids.
#[test]
fn tokenizers_reads_those_for_ocr() {
    use polytok_text::export::{Version, to_tokenizer_json};
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/legal/licences");
    for tokenizer in [ocr_4k(), ocr_8k(), ocr_16k()] {
        let json = to_tokenizer_json(tokenizer.vocabulary(), Version::V1).unwrap();
        let theirs: tokenizers::Tokenizer = json.parse().unwrap();
        for file in fs::read_dir(folder).unwrap().take(10) {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            let text: String = text.chars().take(20_000).collect();
            let encoding = theirs.encode(text.as_str(), false).unwrap();
            assert_eq!(encoding.get_ids(), tokenizer.encode(text.as_bytes()));
        }
    }
}

proptest! {
    #[test]
    fn everything_comes_back(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        text in "(\\PC| |section|\\$1,0){0,60}",
    ) {
        for (tokenizer, _) in all() {
            for input in [&bytes[..], text.as_bytes()] {
                prop_assert_eq!(tokenizer.decode(&tokenizer.encode(input)).unwrap(), input);
            }
        }
    }
}
