//! Training equals the textbook, for any number of threads and any order of documents.

use polytok_core::{
    Boundary, Layout, RunCounting, SegmentCounts, Segmenter, Span, TokenKind, TrainConfig,
    TrainError, Vocabulary, VocabularyError, Whole, train,
};
use proptest::prelude::*;

use crate::oracle;

/// Blocks of a fixed length.
struct Blocks(usize);

impl Segmenter for Blocks {
    fn id(&self) -> &str {
        "test-blocks-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        for start in (0..input.len()).step_by(self.0) {
            emit(Span::new(start, (start + self.0).min(input.len())), Boundary::Hard);
        }
    }
}

fn count(documents: &[Vec<u8>], block: usize) -> SegmentCounts {
    let mut counts = SegmentCounts::new("test-blocks-1");
    for document in documents {
        counts.add_document(&Blocks(block), document).unwrap();
    }
    counts
}

/// Few letters, runs and copied blocks, where overlapping and outdated pairs abound.
pub(crate) fn document() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        prop::collection::vec(b'a'..=b'b', 0..20),
        prop::collection::vec(b'a'..=b'd', 0..20),
        (b'a'..=b'c', 1usize..40).prop_map(|(letter, n)| vec![letter; n]),
        (prop::collection::vec(b'a'..=b'c', 1..5), 1usize..12)
            .prop_map(|(block, n)| block.repeat(n)),
    ];
    prop::collection::vec(part, 0..5).prop_map(|parts| parts.concat())
}

pub(crate) fn learned(vocabulary: &Vocabulary) -> Vec<((u32, u32), u64)> {
    vocabulary.merges().iter().copied().zip(vocabulary.merge_counts().iter().copied()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn training_equals_the_oracle(
        documents in prop::collection::vec((document(), 1u64..4), 0..6),
        merges in 0u32..30,
        min_count in 0u64..4,
        max_token_len in prop_oneof![Just(65_535u32), 2u32..9],
        disjoint: bool,
    ) {
        let runs = if disjoint { RunCounting::Disjoint } else { RunCounting::Adjacent };
        let mut counts = SegmentCounts::new("test");
        for (document, weight) in &documents {
            counts.add_segment(document, *weight);
        }
        let config = TrainConfig {
            vocabulary_size: 256 + merges, min_count, max_token_len, runs, ..TrainConfig::default()
        };
        let vocabulary = train(&counts, &config).unwrap();
        let expected = oracle::train(
            &documents, merges as usize, min_count, max_token_len as usize, runs, &|_| true);
        prop_assert_eq!(learned(&vocabulary), expected);
    }

    /// Fixing what would be learned first changes nothing behind it.
    #[test]
    fn learning_goes_on_from_initial_merges(
        documents in prop::collection::vec((document(), 1u64..4), 0..6),
        merges in 0u32..30,
        fixed in any::<prop::sample::Index>(),
        disjoint: bool,
    ) {
        let runs = if disjoint { RunCounting::Disjoint } else { RunCounting::Adjacent };
        let mut counts = SegmentCounts::new("test");
        for (document, weight) in &documents {
            counts.add_segment(document, *weight);
        }
        let config =
            TrainConfig { vocabulary_size: 256 + merges, runs, ..TrainConfig::default() };
        let whole = train(&counts, &config).unwrap();
        let fixed = fixed.index(whole.merges().len() + 1);
        let initial_merges = whole.merges()[..fixed].to_vec();
        let again = train(&counts, &TrainConfig { initial_merges, ..config }).unwrap();
        prop_assert_eq!(again.merges(), whole.merges());
        prop_assert_eq!(&again.merge_counts()[fixed..], &whole.merge_counts()[fixed..]);
    }

    #[test]
    fn whole_characters_are_kept(
        letters in prop::collection::vec("[aé漢😀]|[ab]", 1..60), junk in any::<[u8; 3]>(),
        merges in 0u32..40,
    ) {
        let mut document = letters.concat().into_bytes();
        document.extend(junk);
        let mut counts = SegmentCounts::new("test");
        counts.add_segment(&document, 1);
        let config = TrainConfig {
            vocabulary_size: 256 + merges, whole_characters: true, ..TrainConfig::default()
        };
        let vocabulary = train(&counts, &config).unwrap();
        let allowed = |bytes: &[u8]| match std::str::from_utf8(bytes) {
            Ok(_) => true,
            Err(error) => error.valid_up_to() == 0 && error.error_len().is_none(),
        };
        let expected = oracle::train(
            &[(document, 1)], merges as usize, 2, usize::MAX, RunCounting::Adjacent, &allowed);
        prop_assert_eq!(learned(&vocabulary), expected);
    }

    /// A vocabulary is a function of the corpus: not of threads, of the order of documents, or of
    /// how they were spread over collections.
    #[test]
    fn the_file_depends_on_the_corpus_alone(
        documents in prop::collection::vec(document(), 1..8),
        order in any::<prop::sample::Index>(),
        split in any::<prop::sample::Index>(),
        block in 1usize..40,
    ) {
        let config = TrainConfig { vocabulary_size: 300, ..TrainConfig::default() };
        let file = |counts: &SegmentCounts| train(counts, &config).unwrap().to_bytes().unwrap();
        let expected = file(&count(&documents, block));
        for threads in [1, 2, 7] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            prop_assert_eq!(&pool.install(|| file(&count(&documents, block))), &expected);
        }
        let mut shuffled = documents.clone();
        shuffled.rotate_left(order.index(documents.len()));
        shuffled.reverse();
        prop_assert_eq!(&file(&count(&shuffled, block)), &expected);
        let (a, b) = shuffled.split_at(split.index(documents.len()));
        let mut joined = count(a, block);
        joined.merge(count(b, block)).unwrap();
        prop_assert_eq!(&file(&joined), &expected);
    }
}

/// By weights, not by volume.
#[test]
fn counts_go_beyond_32_bits() {
    let mut counts = SegmentCounts::new("test");
    counts.add_segment(b"aaab", 3 << 40);
    counts.add_segment(b"cd", (9 << 40) - 1);
    counts.add_segment(b"ab", u64::from(u32::MAX));
    let config = TrainConfig { vocabulary_size: 259, ..TrainConfig::default() };
    let vocabulary = train(&counts, &config).unwrap();
    let (a, b) = (u32::from(b'a'), u32::from(b'b'));
    assert_eq!(
        learned(&vocabulary),
        [
            ((u32::from(b'c'), u32::from(b'd')), (9 << 40) - 1),
            ((a, a), 6 << 40),
            ((a, b), (3 << 40) + u64::from(u32::MAX)),
        ]
    );
}

#[test]
fn document_frequency_counts_documents() {
    let mut counts = SegmentCounts::new("test-blocks-1");
    counts.add_document(&Blocks(2), b"ababcd").unwrap();
    counts.add_document(&Blocks(2), b"ab").unwrap();
    let mut other = SegmentCounts::new("test-blocks-1");
    other.add_document(&Blocks(2), b"abxx").unwrap();
    counts.merge(other).unwrap();
    counts.add_document(&Blocks(2), b"ab").unwrap();
    let of = |segment: &[u8]| counts.get(segment).map(|c| (c.count, c.documents));
    assert_eq!(of(b"ab"), Some((5, 4)));
    assert_eq!(of(b"cd"), Some((1, 1)));
    assert_eq!(of(b"zz"), None);
    assert_eq!(counts.documents(), 4);
    assert_eq!(counts.bytes(), 14);
    assert!(counts.merge(SegmentCounts::new("other-1")).is_err());
}

#[test]
fn initial_merges_come_first_and_are_not_counted() {
    let mut counts = SegmentCounts::new("test");
    counts.add_segment(b"abcabcabxx", 1);
    let (a, b, c) = (u32::from(b'a'), u32::from(b'b'), u32::from(b'c'));
    let config = TrainConfig {
        vocabulary_size: 259,
        initial_merges: vec![(b, c)],
        ..TrainConfig::default()
    };
    let vocabulary = train(&counts, &config).unwrap();
    assert_eq!(learned(&vocabulary), [((b, c), 0), ((a, 256), 2)]);
}

#[test]
fn ids_are_laid_out_as_asked() {
    let mut counts = SegmentCounts::new("test");
    counts.add_segment(b"abab", 1);
    let config = |layout| TrainConfig {
        vocabulary_size: 260,
        specials: vec!["<s>".into(), "</s>".into()],
        added: vec![b"term".to_vec()],
        layout,
        ..TrainConfig::default()
    };
    let last = train(&counts, &config(Layout::SpecialsLast)).unwrap();
    assert_eq!(last.len(), 260);
    assert_eq!(last.token(0), Some(&[0][..]));
    assert_eq!(last.token(256), Some(&b"ab"[..]));
    assert_eq!(last.token(257), Some(&b"term"[..]));
    assert_eq!(last.token(258), Some(&b"<s>"[..]));
    assert_eq!((last.special("</s>"), last.special("x"), last.token(260)), (Some(259), None, None));
    let first = train(&counts, &config(Layout::SpecialsFirst)).unwrap();
    assert_eq!(first.token(0), Some(&b"<s>"[..]));
    assert_eq!(first.token(2), Some(&[0][..]));
    assert_eq!(first.token(258), Some(&b"ab"[..]));
    assert_eq!(first.token(259), Some(&b"term"[..]));
    assert_eq!((first.special("</s>"), first.token(260)), (Some(1), None));
    let kinds: Vec<_> = [1, 2, 257, 258, 259, 260].map(|id| first.kind(id)).into();
    use TokenKind::{Added, Byte, Merge, Special};
    assert_eq!(kinds, [Some(Special), Some(Byte), Some(Byte), Some(Merge(0)), Some(Added), None]);
}

#[test]
fn contradictions_are_refused() {
    let counts = SegmentCounts::new("test");
    let fails = |config: TrainConfig| train(&counts, &config).unwrap_err();
    assert_eq!(
        fails(TrainConfig { vocabulary_size: 255, ..TrainConfig::default() }),
        TrainError::VocabularyTooSmall { size: 255, needed: 256 }
    );
    assert_eq!(
        fails(TrainConfig { initial_merges: vec![(0, 257)], ..TrainConfig::default() }),
        TrainError::Vocabulary(VocabularyError::MergeOfLaterToken { merge: 0 })
    );
    assert_eq!(
        fails(TrainConfig { specials: vec!["x".into(), "x".into()], ..TrainConfig::default() }),
        TrainError::Vocabulary(VocabularyError::BadSpecial)
    );
    assert_eq!(
        fails(TrainConfig { added: vec![b"x".to_vec()], ..TrainConfig::default() }),
        TrainError::Vocabulary(VocabularyError::DuplicateToken { first: 120, second: 256 })
    );
    let mut counts = SegmentCounts::new("test");
    assert!(counts.add_document(&Whole, b"x").is_err());
}

/// A megabyte of one letter, of zeros, of a short period: the doubling pairs leave nothing to walk.
#[test]
fn long_runs_are_trained() {
    for (unit, runs) in [
        (&b"a"[..], RunCounting::Adjacent),
        (&b"\0"[..], RunCounting::Disjoint),
        (&b"abc"[..], RunCounting::Disjoint),
    ] {
        let mut counts = SegmentCounts::new("whole-1");
        counts.add_document(&Whole, &unit.repeat((1 << 20) / unit.len())).unwrap();
        let config =
            TrainConfig { vocabulary_size: 300, runs, max_token_len: 64, ..TrainConfig::default() };
        let vocabulary = train(&counts, &config).unwrap();
        assert!(vocabulary.merges().len() >= 6);
        assert_eq!(vocabulary.unreachable(), []);
    }
}

/// The example of `docs/algorithms.md`.
#[test]
fn the_worked_example() {
    let mut counts = SegmentCounts::new("test");
    counts.add_segment(b"aaaa", 1);
    counts.add_segment(b"ab", 3);
    let merges = |runs| {
        let config =
            TrainConfig { vocabulary_size: 259, min_count: 1, runs, ..TrainConfig::default() };
        learned(&train(&counts, &config).unwrap())
    };
    let (a, b) = (u32::from(b'a'), u32::from(b'b'));
    assert_eq!(merges(RunCounting::Adjacent), [((a, a), 3), ((a, b), 3), ((256, 256), 1)]);
    assert_eq!(merges(RunCounting::Disjoint), [((a, b), 3), ((a, a), 2), ((257, 257), 1)]);
}

/// The second example of `docs/algorithms.md`: "abc" stands as "ab", "c", and is a token already.
#[test]
fn a_token_whose_bytes_exist_is_not_added_twice() {
    let mut counts = SegmentCounts::new("test");
    counts.add_segment(b"abc", 5);
    counts.add_segment(b"xy", 2);
    let [a, b, c, x, y] = b"abcxy".map(u32::from);
    let config = TrainConfig {
        vocabulary_size: 300,
        initial_merges: vec![(a, b), (b, c), (a, 257)],
        ..TrainConfig::default()
    };
    let vocabulary = train(&counts, &config).unwrap();
    assert_eq!(learned(&vocabulary)[3..], [((x, y), 2)]);
    assert_eq!(vocabulary.token(258), Some(&b"abc"[..]));
    assert_eq!(vocabulary.unreachable(), [258]);
}

#[test]
fn weights_beyond_64_bits_are_refused() {
    let mut counts = SegmentCounts::new("test");
    counts.add_segment(b"ab", u64::MAX / 4);
    assert_eq!(train(&counts, &TrainConfig::default()).unwrap().merge_counts(), [u64::MAX / 4]);
    counts.add_segment(b"abc", u64::MAX / 4);
    assert_eq!(train(&counts, &TrainConfig::default()).unwrap_err(), TrainError::CountsTooLarge);
}
