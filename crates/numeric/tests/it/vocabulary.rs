//! Vocabularies trained over the segmenter.

use polytok_core::{SegmentCounts, Segmenter, Span, Tokenizer, TrainConfig, train};
use polytok_numeric::{
    Dialect, Grouping, Numeric, PlaceValue, additions, alignment_by, place_values,
};

use crate::fixtures::{names, read};

fn tokenizer(numeric: Numeric, documents: &[Vec<u8>], vocabulary_size: u32) -> Tokenizer {
    let mut counts = SegmentCounts::new(numeric.id());
    for document in documents {
        counts.add_document(&numeric, document).unwrap();
    }
    let config = TrainConfig { vocabulary_size, ..TrainConfig::default() };
    Tokenizer::new(train(&counts, &config).unwrap(), numeric).unwrap()
}

/// Every group of three digits and fewer, often enough for a token each.
fn groups() -> Vec<u8> {
    let groups: Vec<String> = (0..1000)
        .map(|n| format!("{n:03}\n"))
        .chain((0..100).map(|n| format!("{n:02}\n")))
        .collect();
    groups.concat().repeat(2).into_bytes()
}

fn spans(tokenizer: &Tokenizer, input: &[u8]) -> Vec<Span> {
    tokenizer.spans(&tokenizer.encode(input)).unwrap()
}

#[test]
fn tokens_of_a_trained_vocabulary_line_up() {
    let tokenizer = tokenizer(Numeric::default(), &[groups()], 256 + 1100);
    let tokens: Vec<Span> = spans(&tokenizer, b"-1234567.8901");
    let ends: Vec<usize> = tokens.iter().map(|span| span.end).collect();
    assert_eq!(ends, [1, 2, 5, 8, 9, 12, 13]);
    let place = |lowest, digits| Some(PlaceValue { lowest, digits });
    assert_eq!(
        place_values(b"-1234567.8901", &tokens, Dialect::Table),
        [None, place(6, 1), place(3, 3), place(0, 3), None, place(-3, 3), place(-4, 1)]
    );
    let figure = alignment_by(&additions(100, 3), |digits, emit| {
        spans(&tokenizer, digits).into_iter().for_each(emit);
    });
    assert_eq!((figure.aligned, figure.total), (1300, 1300));
}

#[test]
fn tokens_from_the_left_do_not() {
    let tokenizer = tokenizer(Numeric::new(Grouping::Left), &[groups()], 256 + 1100);
    let figure = alignment_by(&additions(100, 3), |digits, emit| {
        spans(&tokenizer, digits).into_iter().for_each(emit);
    });
    assert_eq!((figure.aligned, figure.total), (300, 1300));
}

#[test]
fn what_is_encoded_comes_back() {
    let documents: Vec<Vec<u8>> = names().iter().map(|name| read(name)).collect();
    let (held_out, training): (Vec<_>, Vec<_>) =
        documents.iter().cloned().enumerate().partition(|(i, _)| i % 5 == 0);
    let training: Vec<Vec<u8>> = training.into_iter().map(|(_, document)| document).collect();
    for grouping in [Grouping::Right, Grouping::Left, Grouping::Single] {
        let tokenizer = tokenizer(Numeric::new(grouping), &training, 2048);
        for (_, document) in &held_out {
            let ids = tokenizer.encode(document);
            assert_eq!(&tokenizer.decode(&ids).unwrap(), document);
            assert!(ids.len() < document.len());
        }
    }
}

/// A vocabulary of one rule is refused by another.
#[test]
fn rules_do_not_mix() {
    let numeric = Numeric::default();
    let counts = SegmentCounts::new(numeric.id());
    let vocabulary = train(&counts, &TrainConfig::default()).unwrap();
    assert!(Tokenizer::new(vocabulary, Numeric::new(Grouping::Left)).is_err());
}
