//! Vocabularies of short tokens.

use polytok_core::{SegmentCounts, Segmenter, Tokenizer, train};
use polytok_domain::{
    Noise, boundary_agreement,
    ocr::{CHAR_4K, CHAR_8K, CHAR_16K, Family, pad},
};
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

/// The shorter the tokens, the more boundaries survive noise.
#[test]
fn short_tokens_are_more_stable() {
    let mut counts = SegmentCounts::new(Gpt2.id());
    for document in documents() {
        counts.add_document(&Gpt2, &document).unwrap();
    }
    let held = format!("{}/../../fixtures/legal/eu/gdpr_chapter_9.txt", env!("CARGO_MANIFEST_DIR"));
    let clean = std::fs::read_to_string(held).unwrap();
    let noisy = Noise::new(0.05, 1).unwrap().apply(&clean);
    let families = [
        Family { vocabulary_size: 256, max_token_len: 1 },
        CHAR_4K,
        CHAR_16K,
        Family { vocabulary_size: 16_384, max_token_len: 64 },
    ];
    let scores = families.map(|family| {
        let vocabulary = train(&counts, &family.config(Vec::new())).unwrap();
        let tokenizer = Tokenizer::new(vocabulary, Gpt2).unwrap();
        let spans = |text: &str| tokenizer.spans(&tokenizer.encode(text.as_bytes())).unwrap();
        boundary_agreement(&spans(&clean), &spans(&noisy.text), &noisy.alignment).f1()
    });
    assert!(scores.is_sorted_by(|a, b| a > b), "{scores:?}");
    assert!(scores[1] > 0.9 && scores[3] < 0.9, "{scores:?}");
}
