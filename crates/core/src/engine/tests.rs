use std::cmp::Reverse;

use proptest::prelude::*;

use super::*;
use crate::complement::Complement;

fn limits(tuning: Tuning) -> Limits {
    Limits {
        complement: None,
        min_count: 1,
        max_token_len: usize::MAX,
        runs: RunCounting::Adjacent,
        whole_characters: false,
        across: None,
        order: None,
        tuning,
    }
}

/// Lists of all pairs, one merge after the other.
const PLAIN: Tuning =
    Tuning { epoch: 8, small: usize::MAX, pass: 0, room: usize::MAX, batch: 1, dense: 0 };

/// Sixty merges of pieces that are dealt out over this many shards.
fn run<C: Cell>(pieces: &[(Vec<u8>, u64)], shards: usize, limits: Limits) -> Vec<Learned> {
    let mut arrays: Vec<Array<C>> = (0..shards).map(|_| Array::with_capacity(0)).collect();
    for (i, (piece, weight)) in pieces.iter().enumerate() {
        arrays[i % shards].push(piece.iter().map(|&byte| byte.into()), *weight);
    }
    let mut engine = Engine::new(arrays, &[], limits);
    let mut learned = Vec::new();
    while learned.len() < 60 {
        let more = engine.step(60 - learned.len());
        if more.is_empty() {
            break;
        }
        learned.extend(more);
    }
    learned
}

fn pieces() -> impl Strategy<Value = Vec<(Vec<u8>, u64)>> {
    let piece = (prop::collection::vec(0u8..4, 2..60), 1usize..12, 1u64..5);
    prop::collection::vec(piece, 1..8).prop_map(|mut pieces| {
        pieces.sort_by_key(|piece| Reverse(piece.2));
        pieces.into_iter().map(|(block, n, weight)| (block.repeat(n), weight)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Epochs, passes, little room, shards and wider cells change nothing.
    #[test]
    fn tuning_changes_nothing(
        pieces in pieces(),
        epoch in 1u64..9,
        pass in prop_oneof![Just(0u64), Just(u64::MAX), 1u64..40],
        room in prop_oneof![Just(usize::MAX), 0usize..20_000],
        batch in 1usize..9,
        dense in prop_oneof![9 => Just(0usize), 1 => 256usize..300],
        shards in 1usize..5,
        min_count in 1u64..4,
        max_token_len in prop_oneof![Just(usize::MAX), 2usize..12],
        disjoint: bool,
        closed: bool,
        wide: bool,
    ) {
        let runs = if disjoint { RunCounting::Disjoint } else { RunCounting::Adjacent };
        let complement = Complement::new(if closed { &[(0, 3), (1, 2)] } else { &[] }).unwrap();
        let limits = Limits { min_count, max_token_len, runs, complement, ..limits(PLAIN) };
        let expected = run::<u32>(&pieces, 1, limits.clone());
        let tuned = Limits { tuning: Tuning { epoch, small: 0, pass, room, batch, dense }, ..limits };
        let found = if wide {
            run::<u32>(&pieces, shards, tuned)
        } else {
            run::<u16>(&pieces, shards, tuned)
        };
        prop_assert_eq!(found, expected);
    }

    /// A pair that is passed over while what it grows into is not ends a batch.
    #[test]
    fn characters_stay_whole_in_batches(
        text in prop::collection::vec(prop_oneof![Just("é"), Just("è"), Just("a"), Just("漢"), Just("字")], 2..80),
        junk in prop::collection::vec(0xa8u8..0xaa, 0..20),
        shards in 1usize..4,
        pass in prop_oneof![Just(0u64), Just(u64::MAX)],
    ) {
        let pieces = vec![(text.concat().into_bytes(), 2), ([text[0].as_bytes(), &junk].concat(), 1)];
        let limits = Limits { whole_characters: true, ..limits(PLAIN) };
        let expected = run::<u32>(&pieces, 1, limits.clone());
        let tuned = Limits { tuning: Tuning { small: 0, pass, batch: 64, ..PLAIN }, ..limits };
        prop_assert_eq!(run::<u16>(&pieces, shards, tuned), expected);
    }
}
