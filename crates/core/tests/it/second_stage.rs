//! Merges across segments equal the textbook on whole documents, and encoding follows them.

use std::collections::{BTreeMap, HashSet};

use polytok_core::{
    Boundary, Encoding, Pair, RunCounts, SecondStage, SegmentCounts, Segmenter, Span, Tokenizer,
    TrainConfig, TrainError, TrainOptions, Training, Vocabulary, train,
};
use proptest::prelude::*;

use crate::oracle;

/// Words that begin with a space; a newline ends hard.
#[derive(Clone)]
struct Words;

impl Segmenter for Words {
    fn id(&self) -> &str {
        "test-words-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        let mut start = 0;
        for end in 1..=input.len() {
            let hard = input[end - 1] == b'\n' || end == input.len();
            if hard || input[end] == b' ' {
                emit(Span::new(start, end), if hard { Boundary::Hard } else { Boundary::Soft });
                start = end;
            }
        }
    }
}

fn bytes_of(merges: &[Pair]) -> Vec<Vec<u8>> {
    let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
    for &(l, r) in merges {
        tokens.push([&tokens[l as usize][..], &tokens[r as usize]].concat());
    }
    tokens
}

/// Goes on from the merges of the first stage over the stretches between hard boundaries.
fn train_across(
    documents: &[Vec<u8>],
    mut merges: Vec<Pair>,
    wanted: usize,
    rules: &SecondStage,
) -> Vec<(Pair, u64)> {
    let mut stretches: Vec<Vec<u32>> = vec![Vec::new()];
    for document in documents {
        Words.segment(document, &mut |span, boundary| {
            let ids = oracle::encode(&document[span.start..span.end], &merges);
            stretches.last_mut().unwrap().extend(ids);
            if boundary == Boundary::Hard {
                stretches.push(Vec::new());
            }
        });
    }
    let allowed = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let words = text.split(' ').filter(|word| !word.is_empty()).count();
        words <= rules.max_words as usize && !rules.forbidden.iter().any(|part| text.contains(part))
    };
    let mut learned = Vec::new();
    while merges.len() < wanted {
        let tokens = bytes_of(&merges);
        let known: HashSet<&Vec<u8>> = tokens.iter().collect();
        let mut counts: BTreeMap<Pair, u64> = BTreeMap::new();
        for stretch in &stretches {
            for pair in stretch.windows(2) {
                *counts.entry((pair[0], pair[1])).or_default() += 1;
            }
        }
        let best = counts
            .into_iter()
            .filter(|&((l, r), count)| {
                let bytes = [&tokens[l as usize][..], &tokens[r as usize]].concat();
                count >= 2 && !known.contains(&bytes) && allowed(&bytes)
            })
            .max_by_key(|&(pair, count)| (count, std::cmp::Reverse(pair)));
        let Some((pair, count)) = best else { break };
        let token = 256 + merges.len() as u32;
        for stretch in &mut stretches {
            let mut i = 1;
            while i < stretch.len() {
                if (stretch[i - 1], stretch[i]) == pair {
                    stretch.splice(i - 1..=i, [token]);
                }
                i += 1;
            }
        }
        merges.push(pair);
        learned.push((pair, count));
    }
    learned
}

fn runs(vocabulary: &Vocabulary, documents: &[Vec<u8>]) -> RunCounts {
    let mut runs = RunCounts::new(vocabulary).unwrap();
    // One collection for each document, joined from the back.
    for document in documents.iter().rev() {
        let mut part = runs.empty_like();
        part.add_document(&Words, document).unwrap();
        runs.merge(part).unwrap();
    }
    runs
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn merges_across_equal_the_oracle(
        documents in prop::collection::vec(
            prop::collection::vec(prop_oneof![
                4 => Just("a"), 4 => Just("b"), 6 => Just(" "), 1 => Just(","), 1 => Just("\n")
            ], 0..80).prop_map(|parts| parts.concat().into_bytes()), 1..5),
        first in 0u32..8,
        second in 0u32..20,
        max_words in 1u32..5,
        comma: bool,
        fewest: bool,
    ) {
        let rules = SecondStage {
            after: 257 + first,
            max_words,
            separators: vec![" ".into()],
            forbidden: if comma { vec![",".into(), "b a".into()] } else { vec!["\n".into()] },
        };
        let config = TrainConfig {
            vocabulary_size: 257 + first + second,
            second_stage: Some(rules.clone()),
            encoding: if fewest { Encoding::Fewest } else { Encoding::Merges },
            specials: vec!["<s>".into()],
            layout: polytok_core::Layout::SpecialsFirst,
            ..TrainConfig::default()
        };
        let mut counts = SegmentCounts::new(Words.id());
        for document in &documents {
            counts.add_document(&Words, document).unwrap();
        }
        let words = train(&counts, &config).unwrap();
        prop_assert!(words.merges().len() <= first as usize);
        let wanted = (first + second) as usize;
        let expected = train_across(&documents, words.merges().to_vec(), wanted, &rules);

        let options = TrainOptions::default();
        let mut training = Training::second_stage(runs(&words, &documents), &words, options).unwrap();
        while training.step().is_some() {
            // Interrupted and taken up again each time.
            let checkpoint = training.vocabulary().unwrap();
            let runs = runs(&checkpoint, &documents);
            training = Training::second_stage(runs, &checkpoint, options).unwrap();
        }
        let vocabulary = training.vocabulary().unwrap();
        let stage = words.merges().len();
        prop_assert_eq!(vocabulary.second_stage(), Some(stage as u32));
        let learned: Vec<_> = vocabulary.merges()[stage..].iter().copied()
            .zip(vocabulary.merge_counts()[stage..].iter().copied()).collect();
        prop_assert_eq!(&learned, &expected);

        // By merges, every merge saves what it was counted, rows of one token apart.
        let [words, vocabulary] = [words, vocabulary].map(|v| v.encoded_by(Encoding::Merges).unwrap());
        let tokenizer = Tokenizer::new(vocabulary, Words).unwrap();
        let plain = Tokenizer::new(words, Words).unwrap();
        let tokens = |of: &Tokenizer| documents.iter().map(|d| of.count(d) as u64).sum::<u64>();
        if learned.iter().all(|((l, r), _)| l != r) {
            let saved: u64 = learned.iter().map(|(_, count)| count).sum();
            prop_assert_eq!(tokens(&tokenizer), tokens(&plain) - saved);
        }
        for document in &documents {
            prop_assert_eq!(&tokenizer.decode(&tokenizer.encode(document)).unwrap(), document);
        }
    }
}

#[test]
fn runs_of_another_vocabulary_or_corpus_are_refused() {
    let config = TrainConfig { vocabulary_size: 260, ..TrainConfig::default() };
    let mut counts = SegmentCounts::new(Words.id());
    counts.add_document(&Words, b"a b a b").unwrap();
    let plain = train(&counts, &config).unwrap();
    assert_eq!(RunCounts::new(&plain).unwrap_err(), TrainError::Checkpoint);
    let stage = SecondStage { after: 257, ..SecondStage::default() };
    let config = TrainConfig { second_stage: Some(stage), ..config };
    let staged = train(&counts, &config).unwrap();
    let documents = [b"a b a b ".to_vec()];
    let options = TrainOptions::default();
    let other = Training::second_stage(runs(&staged, &documents), &staged, options);
    assert_eq!(other.unwrap_err(), TrainError::Checkpoint);
    let mut runs = RunCounts::new(&staged).unwrap();
    assert!(runs.add_document(&polytok_core::Whole, b"x").is_err());
}
