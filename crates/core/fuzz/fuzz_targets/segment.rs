//! The segments of every segmenter partition every input, and depend on nothing but the input.
#![no_main]

use std::{num::NonZeroUsize, sync::LazyLock};

use libfuzzer_sys::fuzz_target;
use polytok_binary::{Binary, BinaryConfig, Blocks};
use polytok_core::{Segmenter, Whole, check_partition, segments};
use polytok_domain::{Financial, Legal};
use polytok_genome::Genome;
use polytok_numeric::{Dialect, Grouping, Numeric};
use polytok_text::{Cl100k, Gpt2, Llama3, O200k, Qwen2, Text, Words};

static ALL: LazyLock<Vec<Box<dyn Segmenter>>> = LazyLock::new(|| {
    let small = NonZeroUsize::new(7);
    let mut all: Vec<Box<dyn Segmenter>> = vec![
        Box::new(Whole),
        Box::new(Text),
        Box::new(Words),
        Box::new(Gpt2),
        Box::new(Cl100k),
        Box::new(Llama3),
        Box::new(Qwen2),
        Box::new(O200k),
        Box::new(Legal),
        Box::new(Financial),
        Box::new(Binary::default()),
        Box::new(Binary::new(BinaryConfig { fill: small, limit: small })),
        Box::new(Binary::new(BinaryConfig { fill: None, limit: None })),
        Box::new(Blocks::default()),
        Box::new(Genome::masked()),
        Box::new(Genome::plain()),
        Box::new(Genome::plain().with_limit(5)),
    ];
    for grouping in [Grouping::Right, Grouping::Left, Grouping::Single] {
        for dialect in [Dialect::Table, Dialect::English, Dialect::European] {
            let numeric = Numeric::new(grouping).with_dialect(dialect);
            all.push(Box::new(numeric.clone().with_whole_years(true)));
            all.push(Box::new(numeric));
        }
    }
    all
});

fuzz_target!(|data: &[u8]| {
    // The first byte chooses, which is thirty times as many inputs as trying all on each.
    let Some((&choice, input)) = data.split_first() else { return };
    let segmenter = &ALL[usize::from(choice) % ALL.len()];
    let id = segmenter.id();
    assert_eq!(check_partition(segmenter, input), Ok(()), "{id}");
    assert_eq!(segments(segmenter, input), segments(segmenter, input), "{id}");
});
