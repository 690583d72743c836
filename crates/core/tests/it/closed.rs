//! Vocabularies that are closed under reverse complement.

use polytok_core::{
    DocumentFrequency, Layout, Pair, Provenance, RunCounting, SecondStage, SegmentCounts,
    Tokenizer, TrainConfig, TrainError, TrainOptions, Training, Vocabulary, VocabularyError, Whole,
    train,
};
use proptest::prelude::*;

use crate::{
    oracle,
    training::{document, learned},
};

const PAIRS: [(u8, u8); 2] = [(b'a', b'd'), (b'b', b'c')];

fn complement(byte: u8) -> u8 {
    let other = |&(a, b): &(u8, u8)| match byte {
        _ if byte == a => Some(b),
        _ if byte == b => Some(a),
        _ => None,
    };
    PAIRS.iter().find_map(other).unwrap_or(byte)
}

fn reverse(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().rev().map(|&byte| complement(byte)).collect()
}

/// The textbook on both strands; behind each merge the most frequent of those that give its reverse
/// complement, unless that is the same.
fn closed(
    segments: &[(Vec<u8>, u64)],
    entries: usize,
    min_count: u64,
    max_len: usize,
    runs: RunCounting,
) -> Vec<(Pair, u64)> {
    let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
    let strands = segments.iter().flat_map(|(s, w)| [(s.clone(), *w), (reverse(s), *w)]);
    let mut symbols: Vec<(Vec<u32>, u64)> =
        strands.map(|(s, w)| (s.iter().map(|&b| u32::from(b)).collect(), w)).collect();
    let mut learned = Vec::new();
    while learned.len() + 2 <= entries {
        let bytes = |(l, r): Pair| [&tokens[l as usize][..], &tokens[r as usize]].concat();
        let best = oracle::count(&symbols, runs)
            .into_iter()
            .filter(|&(_, count)| count >= min_count.max(1))
            .filter(|&(pair, _)| bytes(pair).len() <= max_len && !tokens.contains(&bytes(pair)))
            .max_by_key(|&(pair, count)| (count, std::cmp::Reverse(pair)));
        let Some((pair, count)) = best else { break };
        let (whole, id) = (bytes(pair), tokens.len() as u32);
        oracle::replace(&mut symbols, pair, id);
        learned.push((pair, count));
        tokens.push(whole.clone());
        if reverse(&whole) != whole {
            let counts = oracle::count(&symbols, runs);
            let of = |bytes: &[u8]| Some(tokens.iter().position(|token| token == bytes)? as u32);
            let (count, other) = (1..whole.len())
                .filter_map(|at| {
                    let bytes = reverse(&whole);
                    Some((of(&bytes[..at])?, of(&bytes[at..])?))
                })
                .map(|pair| (counts.get(&pair).copied().unwrap_or(0), pair))
                .max_by_key(|&(count, pair)| (count, std::cmp::Reverse(pair)))
                .unwrap();
            oracle::replace(&mut symbols, other, id + 1);
            learned.push((other, count));
            tokens.push(reverse(&whole));
        }
    }
    learned
}

fn config(merges: u32) -> TrainConfig {
    TrainConfig {
        vocabulary_size: 256 + merges,
        min_count: 1,
        complement: PAIRS.to_vec(),
        ..TrainConfig::default()
    }
}

fn counts(documents: &[(Vec<u8>, u64)]) -> SegmentCounts {
    let mut counts = SegmentCounts::new("whole-1");
    for (document, weight) in documents {
        counts.add_segment(document, *weight);
    }
    counts
}

/// Every byte and merge has its complement, which has it back.
fn check_closed(vocabulary: &Vocabulary) {
    for id in (0..256 + vocabulary.merges().len() as u32).map(|id| vocabulary.id_of(id).unwrap()) {
        let other = vocabulary.complement_of(id).unwrap();
        assert_eq!(vocabulary.token(other).unwrap(), reverse(vocabulary.token(id).unwrap()));
        assert_eq!(vocabulary.complement_of(other), Some(id));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn closed_training_equals_the_oracle(
        documents in prop::collection::vec((document(), 1u64..4), 0..6),
        merges in 0u32..30,
        min_count in 0u64..4,
        max_token_len in prop_oneof![Just(65_535u32), 2u32..9],
        disjoint: bool,
    ) {
        let runs = if disjoint { RunCounting::Disjoint } else { RunCounting::Adjacent };
        let config = TrainConfig { min_count, max_token_len, runs, ..config(merges) };
        let vocabulary = train(&counts(&documents), &config).unwrap();
        let expected =
            closed(&documents, merges as usize, min_count, max_token_len as usize, runs);
        prop_assert_eq!(learned(&vocabulary), expected);
        check_closed(&vocabulary);
    }
}

proptest! {
    /// However often a training is stopped, and whatever its size, a file brings back what it was.
    #[test]
    fn closed_vocabularies_are_resumed_shortened_and_stored(
        documents in prop::collection::vec((document(), 1u64..4), 0..6),
        merges in 0u32..30,
        smaller in 0u32..30,
        first: bool,
    ) {
        let layout = if first { Layout::SpecialsFirst } else { Layout::SpecialsLast };
        let config = TrainConfig { specials: vec!["<s>".into()], layout, ..config(merges + 1) };
        let counts = counts(&documents);
        let vocabulary = train(&counts, &config).unwrap();
        let options = TrainOptions::default();
        let mut training = Training::new(counts.clone(), &config, options).unwrap();
        while training.step().is_some() {
            let so_far = training.vocabulary().unwrap();
            let checkpoint = Vocabulary::from_bytes(&so_far.to_bytes().unwrap()).unwrap();
            prop_assert_eq!(checkpoint.provenance(), so_far.provenance());
            check_closed(&checkpoint);
            training = Training::resume(counts.clone(), &checkpoint, options).unwrap();
        }
        prop_assert_eq!(training.vocabulary().unwrap().to_bytes(), vocabulary.to_bytes());

        let short = vocabulary.shortened(257 + smaller).unwrap();
        check_closed(&short);
        let separate = train(&counts, &TrainConfig { vocabulary_size: 257 + smaller, ..config });
        let separate = learned(&separate.unwrap());
        let n = short.merges().len();
        prop_assert_eq!(&learned(&short)[..], &separate[..n]);
        prop_assert_eq!(n, separate.len().min(vocabulary.merges().len()));

        let uses = vec![0; vocabulary.len()];
        let pruned = vocabulary.pruned(257 + smaller, &uses, u64::MAX).unwrap().vocabulary;
        check_closed(&pruned);
        let tokenizer = Tokenizer::new(pruned, Whole).unwrap();
        for (document, _) in &documents {
            prop_assert_eq!(&tokenizer.decode(&tokenizer.encode(document)).unwrap(), document);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// What is left is closed, and has the parts of all that enough documents hold on either strand.
    #[test]
    fn closed_vocabularies_are_rid_of_tokens_of_few_documents(
        documents in prop::collection::vec(document(), 1..5),
        merges in 0u32..50,
        least in 0u32..4,
    ) {
        let weighed: Vec<_> = documents.iter().map(|document| (document.clone(), 1)).collect();
        let vocabulary = train(&counts(&weighed), &config(merges)).unwrap();
        let tokenizer = Tokenizer::new(vocabulary.clone(), Whole).unwrap();
        let mut frequency = DocumentFrequency::new(&vocabulary);
        documents.iter().for_each(|document| frequency.add(&tokenizer, document));
        let found = frequency.documents();
        let mut stays: Vec<bool> = (0..vocabulary.len() as u32)
            .map(|id| {
                let other = vocabulary.complement_of(id).unwrap();
                id < 256 || found[id as usize].max(found[other as usize]) >= least
            })
            .collect();
        // As often as a chain of parts and complements may be long.
        for _ in 0..vocabulary.len() {
            for (&(left, right), id) in vocabulary.merges().iter().zip(256..) {
                let other = vocabulary.complement_of(id).unwrap();
                for part in [left, right, other] {
                    stays[part as usize] |= stays[id as usize];
                }
            }
        }
        let refused = vocabulary.refusing(&frequency, least).unwrap();
        let left: Vec<bool> = refused.ids.iter().map(Option::is_some).collect();
        prop_assert_eq!(left, stays);
        check_closed(&refused.vocabulary);
        for (id, new) in (0..).zip(&refused.ids) {
            if let Some(new) = *new {
                prop_assert_eq!(refused.vocabulary.token(new), vocabulary.token(id));
            }
        }
    }
}

/// Megabytes, where epochs, passes, batches and threads play a part: the result is one whatever they
/// do, and that of the plain way on a part of it.
#[test]
fn closed_training_is_one_for_all_threads() {
    let mut state = 1u64;
    let text: Vec<u8> = (0..600_000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            b"abcdaad"[(state >> 33) as usize % 7]
        })
        .collect();
    let mut counts = SegmentCounts::new("whole-1");
    for part in text.chunks(70_000) {
        counts.add_document(&Whole, part).unwrap();
    }
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| train(&counts, &config(3000)).unwrap())
    };
    let one = run(1);
    check_closed(&one);
    for threads in [2, 7] {
        assert_eq!(run(threads).to_bytes(), one.to_bytes());
    }
    let part = text[..20_000].to_vec();
    let mut counts = SegmentCounts::new("whole-1");
    counts.add_segment(&part, 1);
    let expected = closed(&[(part, 1)], 120, 1, usize::MAX, RunCounting::Adjacent);
    assert_eq!(learned(&train(&counts, &config(120)).unwrap()), expected);
}

#[test]
fn what_cannot_be_closed_is_refused() {
    let counts = counts(&[(b"abcd".to_vec(), 1)]);
    let bad = |config: TrainConfig| train(&counts, &config).unwrap_err();
    let twice = TrainConfig { complement: vec![(b'a', b'd'), (b'd', b'c')], ..config(4) };
    assert_eq!(bad(twice), TrainError::Vocabulary(VocabularyError::BadComplement));
    let descending = TrainConfig { complement: vec![(b'b', b'c'), (b'a', b'd')], ..config(4) };
    assert_eq!(bad(descending), TrainError::Vocabulary(VocabularyError::BadComplement));
    let same = TrainConfig { complement: vec![(b'a', b'a')], ..config(4) };
    assert_eq!(bad(same), TrainError::Vocabulary(VocabularyError::BadComplement));
    // (d, b) would be its complement.
    let initial = TrainConfig { initial_merges: vec![(97, 99)], ..config(4) };
    assert_eq!(bad(initial), TrainError::Vocabulary(VocabularyError::BadComplement));
    let across = TrainConfig { second_stage: Some(SecondStage::default()), ..config(4) };
    assert_eq!(bad(across), TrainError::ComplementAcross);
    let open = Vocabulary::new(Provenance::handmade("whole-1", config(4)), vec![(97, 98)], vec![0]);
    assert_eq!(open.unwrap_err(), VocabularyError::BadComplement);
}
