//! What a thread keeps from one encoding to the next changes no id.

use polytok_core::{
    Boundary, Encoding, Provenance, Segmenter, Span, Tokenizer, TrainConfig, Vocabulary, Whole,
    segments,
};
use proptest::prelude::*;

use crate::{
    oracle,
    samples::{Choices, Words, choices, text, tokenizers},
};

/// The textbook on each segment, or the fewest tokens of it; an added token is a segment of its bytes.
/// With two stages the fewest tokens of what lies between hard boundaries or added tokens.
fn textbook(tokenizer: &Tokenizer, input: &[u8]) -> Vec<u32> {
    let vocabulary = tokenizer.vocabulary();
    let added = &vocabulary.provenance().config.added;
    let encode = |segments: &[&[u8]]| match vocabulary.provenance().config.encoding {
        Encoding::Fewest => oracle::fewest(segments, vocabulary.merges()),
        _ => oracle::encode(&segments.concat(), vocabulary.merges()),
    };
    let learned = 256 + vocabulary.merges().len();
    let (mut ids, mut open) = (Vec::new(), Vec::new());
    for (span, boundary) in segments(&*segmenter(tokenizer), input) {
        let segment = span.of(input);
        if let Some(index) = added.iter().position(|token| token == segment) {
            ids.extend(encode(&std::mem::take(&mut open)));
            ids.push((learned + index) as u32);
            continue;
        }
        open.push(segment);
        if boundary == Boundary::Hard || vocabulary.second_stage().is_none() {
            ids.extend(encode(&std::mem::take(&mut open)));
        }
    }
    ids.extend(encode(&open));
    ids.into_iter().map(|id| vocabulary.id_of(id).unwrap()).collect()
}

/// Encodes in every way that uses what is kept.
fn check(tokenizer: &Tokenizer, input: &[u8], expected: &[u32]) {
    let mut ids = vec![7];
    tokenizer.encode_into(input, &mut ids);
    assert_eq!(&ids[1..], expected);
    assert_eq!(tokenizer.count(input), expected.len());
    let (first, _) = tokenizer.truncate(input, expected.len() / 2);
    assert_eq!(first, expected[..expected.len() / 2]);
}

/// Those without merges of a second stage, whose textbook is another.
fn plain(choices: &Choices) -> impl Iterator<Item = Tokenizer> {
    tokenizers(choices).into_iter().filter(|tokenizer| {
        let vocabulary = tokenizer.vocabulary();
        vocabulary.second_stage().is_none()
            || vocabulary.provenance().config.encoding == Encoding::Fewest
    })
}

/// The segmenter that a tokenizer was given, which may use another.
fn segmenter(tokenizer: &Tokenizer) -> Box<dyn Segmenter> {
    match tokenizer.segmenter().id() {
        "whole-1" => Box::new(Whole),
        "test-words-1" => Box::new(Words::default()),
        "test-lengths-1" => Box::new(Lengths),
        id => {
            assert_eq!(id, Lists.id());
            Box::new(Lists)
        }
    }
}

/// Pieces of 1 to 300 bytes, most of them short, all lengths around those that are told apart.
struct Lengths;

impl Segmenter for Lengths {
    fn id(&self) -> &str {
        "test-lengths-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        const LENGTHS: [usize; 24] = [
            1, 2, 12, 13, 14, 15, 16, 17, 18, 3, 5, 31, 32, 33, 1, 64, 65, 4, 255, 256, 257, 7,
            300, 2,
        ];
        let (mut at, mut next) = (0, 0);
        while at < input.len() {
            let end = (at + LENGTHS[next % LENGTHS.len()]).min(input.len());
            emit(Span::new(at, end), Boundary::Hard);
            (at, next) = (end, next + 1);
        }
    }
}

fn of_lengths(merges: Vec<(u32, u32)>) -> Tokenizer {
    let provenance = Provenance::handmade("test-lengths-1", TrainConfig::default());
    let counts = vec![0; merges.len()];
    Tokenizer::new(Vocabulary::new(provenance, merges, counts).unwrap(), Lengths).unwrap()
}

const A: u32 = b'a' as u32;
const B: u32 = b'b' as u32;

proptest! {
    #[test]
    fn warm_encodings_are_those_of_the_textbook(
        choices in choices(),
        texts in prop::collection::vec(text(), 1..4),
    ) {
        for tokenizer in plain(&choices) {
            for text in texts.iter().chain(&texts) {
                check(&tokenizer, text, &textbook(&tokenizer, text));
            }
        }
    }

    /// Short stretches between hard boundaries are encoded together, and long ones alone.
    #[test]
    fn stretches_of_all_lengths(
        choices in choices(),
        stretches in prop::collection::vec(
            (prop::collection::vec("[ab]{0,3} ?", 1..9), 1usize..60), 0..60),
    ) {
        let stretches: Vec<Vec<u8>> = stretches
            .iter()
            .map(|(words, n)| [&words.concat().repeat(*n)[..], "\n"].concat().into_bytes())
            .collect();
        for tokenizer in plain(&choices) {
            if tokenizer.vocabulary().second_stage().is_none() || tokenizer.segmenter().is_whole() {
                continue;
            }
            let alone = |stretch: &Vec<u8>| tokenizer.encode(stretch);
            let expected: Vec<u32> = stretches.iter().flat_map(alone).collect();
            check(&tokenizer, &stretches.concat(), &expected);
        }
    }

    #[test]
    fn pieces_of_all_lengths(text in "[ab]{0,1500}", again in "[ab]{0,40}") {
        let tokenizer = of_lengths(vec![(A, B), (256, A), (B, B), (257, 256), (A, A), (260, 260)]);
        for text in [&text, &again.repeat(30), &text] {
            check(&tokenizer, text.as_bytes(), &textbook(&tokenizer, text.as_bytes()));
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// More vocabularies than a thread tells apart, in turns, with the same texts.
    #[test]
    fn vocabularies_take_turns(
        all in prop::collection::vec(choices(), 7..10),
        texts in prop::collection::vec(text(), 2..4),
        turns in prop::collection::vec(any::<prop::sample::Index>(), 60),
    ) {
        let tokenizers: Vec<Tokenizer> = all.iter().flat_map(plain).collect();
        assert!(tokenizers.len() > 15);
        let encodings = |tokenizer| texts.iter().map(|text| textbook(tokenizer, text)).collect();
        let expected: Vec<Vec<Vec<u32>>> = tokenizers.iter().map(encodings).collect();
        let all = (0..tokenizers.len()).chain(turns.iter().map(|turn| turn.index(tokenizers.len())));
        for turn in all {
            for (text, expected) in texts.iter().zip(&expected[turn]) {
                check(&tokenizers[turn], text, expected);
            }
        }
    }
}

/// Cuts behind every comma.
struct Lists;

impl Segmenter for Lists {
    fn id(&self) -> &str {
        "test-lists-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        let mut start = 0;
        for item in input.split_inclusive(|&byte| byte == b',') {
            emit(Span::new(start, start + item.len()), Boundary::Hard);
            start += item.len();
        }
    }
}

/// Merges of some digits; `nth` vocabularies differ in which.
fn lists(nth: u32) -> Tokenizer {
    let digit = |digit: u32| u32::from(b'0') + (digit + nth) % 10;
    let merges = vec![(digit(1), digit(2)), (256, digit(3)), (digit(4), u32::from(b','))];
    let provenance = Provenance::handmade("test-lists-1", TrainConfig::default());
    let vocabulary = Vocabulary::new(provenance, merges, vec![0; 3]).unwrap();
    Tokenizer::new(vocabulary, Lists).unwrap()
}

/// More pieces than are kept, short and long ones, and again those that came first and last.
#[test]
fn pieces_that_displace_each_other() {
    let tokenizer = lists(0);
    let short =
        |numbers: std::ops::Range<u32>| -> String { numbers.map(|n| format!("{n},")).collect() };
    let long = |numbers: std::ops::Range<u32>| -> String {
        numbers.map(|n| format!("{n:x>230},")).collect()
    };
    let texts = [
        short(0..300_000),
        long(0..20_000),
        short(300_000..600_000),
        long(0..1_000),
        long(19_000..20_000),
        short(0..50_000),
        short(550_000..600_000),
    ];
    for text in texts {
        check(&tokenizer, text.as_bytes(), &textbook(&tokenizer, text.as_bytes()));
    }
}

/// Threads that use several vocabularies at once, new ones and those of a pool.
#[test]
fn threads_keep_apart_what_they_keep() {
    let tokenizers: Vec<Tokenizer> = (0..20).map(lists).collect();
    let text = |n: u32| -> Vec<u8> {
        (n..n + 400)
            .map(|n| format!("{},{:0>40},", n * 37 % 997, n % 91))
            .collect::<String>()
            .into()
    };
    let texts: Vec<Vec<u8>> = (0..10).map(|n| text(n * 311)).collect();
    let expected: Vec<Vec<Vec<u32>>> = tokenizers
        .iter()
        .map(|tokenizer| texts.iter().map(|text| textbook(tokenizer, text)).collect())
        .collect();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (tokenizers, texts, expected) = (&tokenizers, &texts, &expected);
            scope.spawn(move || {
                for turn in 0..60 {
                    let nth = (turn * 7 + thread * 3) % tokenizers.len();
                    for (text, expected) in texts.iter().zip(&expected[nth]) {
                        check(&tokenizers[nth], text, expected);
                    }
                }
            });
        }
        for (tokenizer, expected) in tokenizers.iter().zip(&expected) {
            let batch = tokenizer.encode_batch(&texts);
            assert!(batch.ids.iter().eq(expected.iter().flatten()));
        }
    });
}
