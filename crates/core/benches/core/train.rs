//! Training, counting excluded: words, sequences without a cut, and inputs made to hurt.

use criterion::{Criterion, Throughput};
use polytok_core::{RunCounting, Segmenter, TrainConfig, Whole, train};

use crate::inputs::{MEGABYTE, Words, count, fixtures, genome, random_letters};

/// Name, segmenter, document, entries asked for, how rows count, entries there are.
type Case<'a> = (&'static str, &'a dyn Segmenter, &'a [u8], u32, RunCounting, usize);

pub(crate) fn training(c: &mut Criterion) {
    let prose = fixtures(&["text/en"]);
    let executables = fixtures(&["binary/elf-x86_64"]);
    let (bases, letters) = (genome(), random_letters());
    let one_letter = vec![b'a'; MEGABYTE];
    let period = b"abc".repeat(MEGABYTE / 3);
    // The same letters twice: every pair, and in the end half the input, occurs twice.
    let twice = letters[..MEGABYTE / 2].repeat(2);
    use RunCounting::{Adjacent, Disjoint};
    let cases: [Case<'_>; 9] = [
        ("prose, words", &Words, &prose, 8_192, Adjacent, 8_192),
        ("prose, no cut", &Whole, &prose, 8_192, Adjacent, 8_192),
        ("executables, no cut", &Whole, &executables, 8_192, Disjoint, 8_192),
        ("genome, no cut", &Whole, &bases, 8_192, Disjoint, 5_873),
        ("random letters", &Whole, &letters, 8_192, Adjacent, 8_192),
        ("random letters twice", &Whole, &twice, 8_192, Adjacent, 8_192),
        ("one letter", &Whole, &one_letter, 8_192, Adjacent, 271),
        ("one letter, disjoint", &Whole, &one_letter, 8_192, Disjoint, 271),
        ("three letters, disjoint", &Whole, &period, 8_192, Disjoint, 272),
    ];
    let mut group = c.benchmark_group("train");
    group.sample_size(10);
    for (name, segmenter, document, vocabulary_size, runs, expected) in cases {
        let counts = count(segmenter, document);
        let config = TrainConfig { vocabulary_size, runs, ..TrainConfig::default() };
        assert_eq!(train(&counts, &config).unwrap().len(), expected, "{name}");
        group.throughput(Throughput::Bytes(document.len() as u64));
        group.bench_function(name, |b| b.iter(|| train(&counts, &config)));
    }
    group.finish();
}
