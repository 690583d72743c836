//! Vocabularies of short tokens.

use polytok_core::{SegmentCounts, Segmenter, Tokenizer, train};
use polytok_domain::ocr::{CHAR_4K, CHAR_8K, CHAR_16K, Family, pad};
use polytok_text::Gpt2;

fn documents() -> Vec<Vec<u8>> {
    ["legal/eu/gdpr_chapter_4.txt", "legal/in/constitution_1.txt", "text/en/alice29.txt"]
        .map(|name| std::fs::read(format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))))
        .into_iter()
        .map(Result::unwrap)
        .collect()
}

#[test]
fn families_have_powers_of_two_short_tokens_and_every_byte() {
    let mut counts = SegmentCounts::new(Gpt2.id());
    for document in documents() {
        counts.add_document(&Gpt2, &document).unwrap();
    }
    let specials: Vec<String> = (0..13).map(|i| format!("<|{i}|>")).collect();
    for family in [CHAR_4K, CHAR_8K, CHAR_16K] {
        let learned = train(&counts, &family.config(specials.clone())).unwrap();
        let vocabulary = pad(&learned).unwrap();
        assert!(vocabulary.len().is_power_of_two());
        assert!(vocabulary.len() - learned.len() <= learned.len());
        assert_eq!(vocabulary.special("<|0|>"), Some(0));
        let longest = (0..learned.len() as u32)
            .filter(|&id| id >= 13)
            .filter_map(|id| learned.token(id))
            .map(<[u8]>::len)
            .max();
        assert_eq!(longest, Some(family.max_token_len as usize));
        let tokenizer = Tokenizer::new(vocabulary, Gpt2).unwrap();
        let all: Vec<u8> = (0..=255).collect();
        let ids = tokenizer.encode(&all);
        assert_eq!(tokenizer.decode(&ids).unwrap(), all);
    }
}

#[test]
fn a_vocabulary_that_ran_out_of_pairs_is_padded_and_its_padding_is_used() {
    let mut counts = SegmentCounts::new(Gpt2.id());
    counts.add_document(&Gpt2, b"ab ab    ab").unwrap();
    let family = Family { vocabulary_size: 400, max_token_len: 3 };
    let vocabulary = pad(&train(&counts, &family.config(Vec::new())).unwrap()).unwrap();
    assert_eq!(vocabulary.len(), 512);
    let again = pad(&vocabulary).unwrap();
    assert_eq!(again.len(), 512);
    let tokenizer = Tokenizer::new(vocabulary, Gpt2).unwrap();
    assert_eq!(tokenizer.encode(&[b'\n'; 40]).len(), 1);
}
