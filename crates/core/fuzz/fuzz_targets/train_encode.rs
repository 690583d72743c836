//! Training and both encodings equal the textbook, and decoding undoes encoding.
#![no_main]

use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};
use polytok_core::{
    Boundary, Encoding, RunCounting, SegmentCounts, Segmenter, Span, Tokenizer, TrainConfig,
    Vocabulary, Whole, segments, train,
};

#[path = "../../tests/it/oracle.rs"]
mod oracle;

/// The oracle costs the product of length and merges.
const LONGEST: usize = 1_000;

#[derive(Arbitrary, Debug)]
struct Input {
    /// Letters of the corpus: few of them make runs and overlaps.
    letters: u8,
    segments: Vec<(Part, u8)>,
    merges: u8,
    min_count: u8,
    max_token_len: Option<u8>,
    disjoint: bool,
    whole_characters: bool,
    text: Part,
}

#[derive(Arbitrary, Debug)]
struct Part {
    block: Vec<u8>,
    repeats: u8,
}

impl Part {
    /// Bytes of the first `letters` that make é, 漢 and 😀, with plain letters between them.
    fn bytes(&self, letters: u8) -> Vec<u8> {
        const ALPHABET: &[u8] = b"ab\xc3\xa9\xe6\xbc\xa2\xf0\x9f\x98\x80c";
        let n = 1 + usize::from(letters) % ALPHABET.len();
        let block: Vec<u8> = self.block.iter().map(|&b| ALPHABET[usize::from(b) % n]).collect();
        let mut bytes = block.repeat(1 + usize::from(self.repeats) % 32);
        bytes.truncate(LONGEST);
        bytes
    }
}

/// Cuts softly behind every a and hard behind every b.
struct Marks;

impl Segmenter for Marks {
    fn id(&self) -> &str {
        "whole-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        let mut start = 0;
        for part in input.split_inclusive(|byte| b"ab".contains(byte)) {
            let boundary = if part.ends_with(b"b") { Boundary::Hard } else { Boundary::Soft };
            emit(Span::new(start, start + part.len()), boundary);
            start += part.len();
        }
    }
}

/// The fewest tokens of what lies between hard boundaries.
fn fewest_across(text: &[u8], merges: &[(u32, u32)]) -> Vec<u32> {
    let (mut ids, mut stretch) = (Vec::new(), Vec::new());
    for (span, boundary) in segments(&Marks, text) {
        stretch.push(span.of(text));
        if boundary == Boundary::Hard || span.end == text.len() {
            ids.extend(oracle::fewest(&stretch, merges));
            stretch.clear();
        }
    }
    ids
}

fn whole_characters(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.valid_up_to() == 0 && error.error_len().is_none(),
    }
}

fuzz_target!(|input: Input| {
    let merges = u32::from(input.merges % 48);
    let mut left = LONGEST;
    let segments: Vec<(Vec<u8>, u64)> = input
        .segments
        .iter()
        .map(|(part, weight)| {
            let mut bytes = part.bytes(input.letters);
            bytes.truncate(left);
            left -= bytes.len();
            (bytes, u64::from(*weight))
        })
        .collect();
    let runs = if input.disjoint { RunCounting::Disjoint } else { RunCounting::Adjacent };
    let config = TrainConfig {
        vocabulary_size: 256 + merges,
        min_count: u64::from(input.min_count % 5),
        max_token_len: input.max_token_len.map_or(u32::from(u16::MAX), u32::from),
        runs,
        whole_characters: input.whole_characters,
        ..TrainConfig::default()
    };
    let mut counts = SegmentCounts::new("whole-1");
    for (segment, weight) in &segments {
        counts.add_segment(segment, *weight);
    }
    let vocabulary = train(&counts, &config).expect("the settings do not contradict themselves");
    let learned: Vec<_> = vocabulary
        .merges()
        .iter()
        .copied()
        .zip(vocabulary.merge_counts().iter().copied())
        .collect();
    let expected = oracle::train(
        &segments,
        merges as usize,
        config.min_count,
        config.max_token_len as usize,
        runs,
        &|bytes| !config.whole_characters || whole_characters(bytes),
    );
    assert_eq!(learned, expected);

    let fewest = vocabulary.encoded_by(Encoding::Fewest).expect("it is a vocabulary");
    let across = Vocabulary::with_stages(
        fewest.provenance().clone(),
        fewest.merges().to_vec(),
        fewest.merge_counts().to_vec(),
        Some(0),
    );
    let across = across.expect("it is a vocabulary");
    let across = Tokenizer::new(across, Marks).expect("the segmenter has this name");
    let fewest = Tokenizer::new(fewest, Whole).expect("the segmenter is the same");
    let tokenizer = Tokenizer::new(vocabulary, Whole).expect("the segmenter is the same");
    let text = input.text.bytes(input.letters);
    for text in segments.iter().map(|(segment, _)| segment).chain([&text]) {
        let ids = tokenizer.encode(text);
        assert_eq!(ids, oracle::encode(text, tokenizer.vocabulary().merges()));
        assert_eq!(tokenizer.count(text), ids.len());
        assert_eq!(tokenizer.decode(&ids).as_ref(), Ok(text));
        let ids = fewest.encode(text);
        assert_eq!(ids, oracle::fewest(&[text], tokenizer.vocabulary().merges()));
        assert_eq!(fewest.count(text), ids.len());
        let ids = across.encode(text);
        assert_eq!(ids, fewest_across(text, across.vocabulary().merges()));
        assert_eq!(across.count(text), ids.len());
    }
});
