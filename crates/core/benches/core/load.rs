//! Loading a vocabulary of 131,072 entries, derived tables included.

use criterion::{Criterion, Throughput};
use polytok_core::{TrainConfig, Vocabulary, Whole};

use crate::inputs::{fixtures, learn};

pub(crate) fn loading(c: &mut Criterion) {
    // Pairs that occur once fill what the fixtures leave open.
    let folders = ["text/en", "text/multilingual", "turkish"];
    let config = TrainConfig {
        vocabulary_size: 131_072,
        min_count: 1,
        max_token_len: 16,
        ..TrainConfig::default()
    };
    let file = learn(&Whole, &fixtures(&folders), &config).to_bytes().unwrap();
    assert_eq!(Vocabulary::from_bytes(&file).unwrap().len(), 131_072);
    let mut group = c.benchmark_group("load");
    group.throughput(Throughput::Bytes(file.len() as u64));
    group.bench_function("131,072 entries", |b| b.iter(|| Vocabulary::from_bytes(&file)));
    group.finish();
}
