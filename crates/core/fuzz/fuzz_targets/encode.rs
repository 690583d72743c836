//! Encoding by ranks and by merges equals the textbook on the segments of the public splits, which
//! do not depend on where blocks begin; counting, truncating, decoding and all cores agree with it.
//!
//! Seeds: `fixtures/text`.
#![no_main]

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};
use polytok_core::{
    Pair, Provenance, Segmenter, Span, Tokenizer, TrainConfig, Vocabulary, segments,
};
use polytok_text::{
    Cl100k, Gpt2, Llama3, O200k, Qwen2,
    import::{Imported, Scheme},
};

#[allow(dead_code, reason = "of the oracle, only encoding is asked")]
#[path = "../../tests/it/oracle.rs"]
mod oracle;

/// The textbook costs the square of a segment.
const LONGEST: usize = 600;

/// From here on, one input is encoded on all cores.
const LARGE: usize = 1 << 17;

#[derive(Arbitrary, Debug)]
struct Input {
    split: u8,
    /// Parts of tokens, by their places among the tokens before.
    merges: Vec<(u8, u8)>,
    most: u16,
    large: bool,
    text: Vec<u8>,
}

/// Bytes that the first merges are of.
const LETTERS: &[u8] = b"aeots \n'.0\xc3\xa9\xe4\xb8\xad";

fn fuzz(input: Input) {
    let mut text = input.text;
    text.truncate(LONGEST);
    let (tokens, merges) = tokens(&input.merges);
    match input.split % 5 {
        0 => check(Gpt2, Scheme::Gpt2, &tokens, merges, &text, input.most, input.large),
        1 => check(Cl100k, Scheme::Cl100k, &tokens, merges, &text, input.most, input.large),
        2 => check(Llama3, Scheme::Llama3, &tokens, merges, &text, input.most, input.large),
        3 => check(Qwen2, Scheme::Qwen2, &tokens, merges, &text, input.most, input.large),
        _ => check(O200k, Scheme::O200k, &tokens, merges, &text, input.most, input.large),
    }
}

/// Tokens of different bytes, of which each but the single bytes is made of two before it.
fn tokens(choices: &[(u8, u8)]) -> (Vec<Vec<u8>>, Vec<Pair>) {
    let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
    let mut usable: Vec<u32> = LETTERS.iter().map(|&byte| u32::from(byte)).collect();
    let mut merges = Vec::new();
    for &(left, right) in choices.iter().take(60) {
        let part = |choice: u8| usable[usize::from(choice) % usable.len()];
        let pair = (part(left), part(right));
        let bytes = [&tokens[pair.0 as usize][..], &tokens[pair.1 as usize]].concat();
        if bytes.len() <= 40 && !tokens.contains(&bytes) {
            usable.push(tokens.len() as u32);
            tokens.push(bytes);
            merges.push(pair);
        }
    }
    (tokens, merges)
}

fn check(
    split: impl Segmenter + Clone + 'static,
    scheme: Scheme,
    tokens: &[Vec<u8>],
    merges: Vec<Pair>,
    text: &[u8],
    most: u16,
    large: bool,
) {
    let all: Vec<Span> = segments(&split, text).into_iter().map(|(span, _)| span).collect();
    check_blocks(&split, text, &all);

    let line = |(token, id): (&Vec<u8>, u32)| format!("{} {id}\n", STANDARD.encode(token));
    let file: String = tokens.iter().zip(0..).map(line).collect();
    let imported = Imported::from_tiktoken(file.as_bytes(), scheme, &[]).expect("a good file");
    let ranks = tokens.iter().map(Vec::as_slice).zip(0..).collect();
    let expected: Vec<u32> = all.iter().flat_map(|span| by_ranks(span.of(text), &ranks)).collect();
    for _ in 0..2 {
        assert_eq!(imported.encode(text), expected);
    }
    assert_eq!(imported.decode(&expected).as_deref(), Ok(text));

    let provenance = Provenance::handmade(split.id(), TrainConfig::default());
    let counts = vec![0; merges.len()];
    let vocabulary = Vocabulary::new(provenance, merges, counts).expect("tokens differ");
    let tokenizer = Tokenizer::new(vocabulary, split).expect("the segmenter is the same");
    let merges = tokenizer.vocabulary().merges();
    let expected: Vec<u32> =
        all.iter().flat_map(|span| oracle::encode(span.of(text), merges)).collect();
    for _ in 0..2 {
        assert_eq!(tokenizer.encode(text), expected);
        assert_eq!(tokenizer.count(text), expected.len());
    }
    assert_eq!(tokenizer.decode(&expected).as_deref(), Ok(text));
    let (first, bytes) = tokenizer.truncate(text, usize::from(most));
    assert_eq!(first, expected[..expected.len().min(usize::from(most))]);
    assert_eq!(tokenizer.decode(&first).as_deref(), Ok(&text[..bytes]));

    if large && !text.is_empty() {
        let large = text.repeat(LARGE / text.len() + 1);
        assert_eq!(tokenizer.encode_parallel(&large), tokenizer.encode(&large));
    }
}

/// From any cut on, cutting goes on as from the start of a text. Blocks then begin elsewhere.
fn check_blocks(split: &dyn Segmenter, text: &[u8], all: &[Span]) {
    for skipped in (0..all.len()).step_by(1 + all.len() / 8) {
        let at = all[skipped].start;
        let rest = segments(split, &text[at..]);
        let moved = rest.iter().map(|(span, _)| Span::new(span.start + at, span.end + at));
        assert!(moved.eq(all[skipped..].iter().copied()), "from {at} on");
    }
}

/// Neighbors whose bytes are a token merge, those of smallest rank first; a token is taken whole.
fn by_ranks(piece: &[u8], ranks: &HashMap<&[u8], u32>) -> Vec<u32> {
    if let Some(&id) = ranks.get(piece) {
        return vec![id];
    }
    let mut ends: Vec<usize> = (0..=piece.len()).collect();
    while let Some((_, middle)) = (1..ends.len() - 1)
        .filter_map(|i| Some((ranks.get(&piece[ends[i - 1]..ends[i + 1]])?, i)))
        .min()
    {
        ends.remove(middle);
    }
    ends.windows(2).map(|ends| ranks[&piece[ends[0]..ends[1]]]).collect()
}

fuzz_target!(|input: Input| fuzz(input));
