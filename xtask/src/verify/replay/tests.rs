use polytok_core::{SegmentCounts, TrainConfig, Vocabulary, train};
use proptest::prelude::*;

use super::*;

type Segments = Vec<(Vec<u8>, u64)>;

fn trained(segments: &Segments, config: &TrainConfig) -> Vocabulary {
    let mut counts = SegmentCounts::new("test");
    segments.iter().for_each(|(segment, weight)| counts.add_segment(segment, *weight));
    train(&counts, config).unwrap()
}

fn rule(config: &TrainConfig) -> Rule {
    Rule {
        runs: config.runs,
        min_count: config.min_count,
        max_token_len: config.max_token_len as usize,
        whole_characters: config.whole_characters,
        bytes: Rule::by_value(),
        complement: Rule::complement(&config.complement),
    }
}

fn claims(vocabulary: &Vocabulary) -> Vec<Claim> {
    let counts = vocabulary.merge_counts().iter();
    let all = vocabulary.merges().iter().zip(counts);
    all.map(|(&pair, &count)| Claim { pair, count: Some(count) }).collect()
}

fn checked(segments: &Segments, config: &TrainConfig, all: &[Claim]) -> Result<(), Difference> {
    let initial = &config.initial_merges;
    let rule = rule(config);
    let replay = Replay::new(segments.iter().cloned(), initial, &rule);
    let entries = 256 + all.len() + rule.merges_at_once();
    let room = |_| entries <= config.vocabulary_size as usize;
    check(replay, &all[initial.len()..], room, |_| ())
}

fn letters() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(b'a'..=b'c', 1..60),
        (b'a'..=b'b', 1..40usize).prop_map(|(letter, n)| vec![letter; n]),
        proptest::collection::vec(proptest::sample::select(b"\xc3\xa9a\xe2\x82".to_vec()), 1..30),
    ]
}

fn settings() -> impl Strategy<Value = TrainConfig> {
    let runs = prop_oneof![Just(RunCounting::Adjacent), Just(RunCounting::Disjoint)];
    // Further merges; or the two letters stand for each other, and the third for itself.
    let more = prop_oneof![
        Just((vec![], vec![])),
        Just((vec![(97, 97), (256, 97), (98, 256)], vec![])),
        Just((vec![], vec![(b'a', b'b')])),
    ];
    (runs, 1..4u64, 2..12u32, any::<bool>(), more).prop_map(
        |(runs, min_count, max_token_len, characters, (initial_merges, complement))| TrainConfig {
            vocabulary_size: 286,
            runs,
            min_count,
            max_token_len,
            whole_characters: characters && complement.is_empty(),
            initial_merges,
            complement,
            ..TrainConfig::default()
        },
    )
}

proptest! {
    /// What training gives is accepted; a count, an order or an end that is wrong is told, with
    /// the first merge that is.
    #[test]
    fn right_merges_are_accepted_and_wrong_ones_told(
        segments in proptest::collection::vec((letters(), 1..4u64), 1..8),
        config in settings(),
        at in any::<proptest::sample::Index>(),
    ) {
        let vocabulary = trained(&segments, &config);
        let all = claims(&vocabulary);
        prop_assert_eq!(checked(&segments, &config, &all), Ok(()));
        let first = config.initial_merges.len();
        prop_assume!(all.len() > first);
        let at = first + at.index(all.len() - first);

        let mut wrong = all.clone();
        wrong[at].count = wrong[at].count.map(|count| count + 1);
        let (pair, count) = (all[at].pair, all[at].count.unwrap());
        let difference = Difference::Count { merge: at, pair, claimed: count + 1, count };
        prop_assert_eq!(checked(&segments, &config, &wrong), Err(difference));

        let mut wrong = all.clone();
        wrong[at].pair = (pair.1, pair.0 + 1);
        match checked(&segments, &config, &wrong) {
            Err(Difference::Pair { merge, best, .. }) => prop_assert_eq!((merge, best), (at, pair)),
            other => prop_assert!(wrong[at].pair == pair, "{:?}", other),
        }

        // Fewer than are wanted, and than there could be.
        let ended = Difference::Ended { merges: at, best: pair, count };
        prop_assert_eq!(checked(&segments, &config, &all[..at]), Err(ended));
    }
}

/// Equally frequent pairs that stand in the wrong order are told, and so is a pair that is not
/// the most frequent.
#[test]
fn order_is_checked() {
    let segments = vec![(b"ab".to_vec(), 5), (b"cd".to_vec(), 5), (b"ef".to_vec(), 4)];
    let config = TrainConfig { vocabulary_size: 259, ..TrainConfig::default() };
    let claim = |left: u8, right: u8, count| Claim {
        pair: (left.into(), right.into()),
        count: Some(count),
    };
    let right = [claim(b'a', b'b', 5), claim(b'c', b'd', 5), claim(b'e', b'f', 4)];
    assert_eq!(checked(&segments, &config, &right), Ok(()));
    let tied = [right[1], right[0], right[2]];
    let Err(difference) = checked(&segments, &config, &tied) else { panic!("accepted") };
    let told = "merge 0 is (99, 100), which occurs 5 times; (97, 98) comes first, with 5 \
                occurrences";
    assert_eq!(difference.to_string(), told);
    let rare = [right[0], right[2], right[1]];
    let Err(Difference::Pair { merge: 1, best: (99, 100), count: 5, .. }) =
        checked(&segments, &config, &rare)
    else {
        panic!("accepted")
    };
    let none = [right[0], right[1], right[2], claim(b'x', b'y', 1)];
    let Err(Difference::NoPair { merge: 3, occurs: 0, .. }) = checked(&segments, &config, &none)
    else {
        panic!("accepted")
    };
}
