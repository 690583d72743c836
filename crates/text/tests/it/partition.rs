//! The contract of segmenters, for all of them.

use polytok_core::{Segmenter, check_partition};
use polytok_text::{Cl100k, DeepSeek3, Gpt2, Llama3, O200k, Qwen2, Text, Words};
use proptest::prelude::*;

use crate::{
    fixtures::fixtures,
    symbols::{BAD_BYTES, REPRESENTATIVES},
};

const ALL: [&dyn Segmenter; 8] =
    [&Cl100k, &DeepSeek3, &Gpt2, &Llama3, &O200k, &Qwen2, &Text, &Words];

#[test]
fn names_are_distinct_and_stay() {
    let names = ALL.map(|segmenter| segmenter.id().to_owned());
    assert_eq!(
        names,
        [
            "cl100k-1",
            "deepseek3-1",
            "gpt2-1",
            "llama3-1",
            "o200k-1",
            "qwen2-1",
            "text-1",
            "words-1"
        ]
    );
}

#[test]
fn fixtures_of_every_kind_are_partitioned() {
    for (path, file) in fixtures("") {
        for segmenter in ALL {
            let found = check_partition(segmenter, &file);
            assert_eq!(found, Ok(()), "{} on {}", segmenter.id(), path.display());
        }
    }
}

#[test]
fn every_truncation_is_partitioned() {
    let text = "Don't “stop” at 12,345.67€\n\t– «да», 中文。\u{301} \u{a0} x\u{200d}👩\u{200d}💻";
    for end in 0..=text.len() {
        for start in 0..end {
            for segmenter in ALL {
                assert_eq!(check_partition(segmenter, &text.as_bytes()[start..end]), Ok(()));
            }
        }
    }
}

/// A quadratic step would take many minutes on each of these.
#[test]
fn a_megabyte_of_anything_is_partitioned() {
    let pairs = [
        "中A",
        "\u{301}A",
        "A\u{301}",
        " \n",
        "!\n",
        "'S",
        "s'",
        " \u{a0}",
        "aA",
        " '",
        ".\" ",
        "!)",
        "a:\u{301}",
        "_a",
        "1.",
        "1,\u{301}",
        "🇦",
        "👩\u{200d}",
    ];
    let units = REPRESENTATIVES.iter().chain(&pairs).map(|r| r.as_bytes()).chain(BAD_BYTES);
    for unit in units {
        let run = unit.repeat((1 << 20) / unit.len());
        // What comes before or after a run decides how often it is looked at.
        let between = [b"a ", &run[..], b"x"].concat();
        for segmenter in ALL {
            assert_eq!(check_partition(segmenter, &run), Ok(()));
            assert_eq!(check_partition(segmenter, &between), Ok(()));
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_partitioned(input: Vec<u8>) {
        for segmenter in ALL {
            prop_assert_eq!(check_partition(segmenter, &input), Ok(()));
        }
    }
}
