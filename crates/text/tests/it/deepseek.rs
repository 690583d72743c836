//! The split of DeepSeek V3 against the pre-tokenizers of `tokenizers`.

use std::sync::LazyLock;

use polytok_core::segments;
use polytok_text::DeepSeek3;
use proptest::prelude::*;
use tokenizers::{
    OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer, SplitDelimiterBehavior,
    pre_tokenizers::{
        sequence::Sequence,
        split::{Split, SplitPattern},
    },
};

use crate::{
    fixtures::fixtures,
    symbols::{
        REPRESENTATIVES, assert_same_ends, in_context, mixed, symbols, text, text_with_runs,
    },
};

/// As in the `tokenizer.json` of the model.
const PATTERNS: [&str; 3] = [
    r"\p{N}{1,3}",
    "[一-龥\u{3040}-ゟ゠-ヿ]+",
    r##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"##,
];

static SEQUENCE: LazyLock<Sequence> = LazyLock::new(|| {
    let split = |pattern: &str| {
        let pattern = SplitPattern::Regex(pattern.to_owned());
        Split::new(pattern, SplitDelimiterBehavior::Isolated, false).unwrap().into()
    };
    Sequence::new(PATTERNS.map(split).to_vec())
});

/// Stands for a bad byte: private use.
const BAD: char = '\u{E000}';

fn check(input: &[u8]) {
    let symbols = symbols(input, BAD);
    let mut text = PreTokenizedString::from(symbols.iter().map(|&(c, _)| c).collect::<String>());
    SEQUENCE.pre_tokenize(&mut text).unwrap();
    let mut lengths = symbols.iter().map(|&(_, len)| len);
    let mut end = 0;
    let expected: Vec<usize> = text
        .get_splits(OffsetReferential::Original, OffsetType::Char)
        .iter()
        .map(|(_, (from, to), _)| {
            end += lengths.by_ref().take(to - from).sum::<usize>();
            end
        })
        .collect();
    let found: Vec<usize> = segments(&DeepSeek3, input).iter().map(|(s, _)| s.end).collect();
    assert_same_ends(input, &found, &expected);
}

#[test]
fn every_scalar_in_context() {
    for text in in_context(|c| format!("{c}a{c} {c}1{c}中{c}!{c}\n{c} 1  {c}\u{301}{c}{c};")) {
        check(text.as_bytes());
    }
}

#[test]
fn every_pair_and_triple_of_classes() {
    for a in REPRESENTATIVES {
        for b in REPRESENTATIVES {
            check([a, b].concat().as_bytes());
            for c in REPRESENTATIVES {
                check([a, b, c].concat().as_bytes());
            }
        }
    }
}

#[test]
fn fixtures_are_cut_as_by_tokenizers() {
    for (_, file) in fixtures("text/multilingual") {
        check(&file);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn text_of_all_classes(text in text()) {
        check(text.as_bytes());
    }

    #[test]
    fn runs_of_all_classes(text in text_with_runs()) {
        check(text.as_bytes());
    }

    #[test]
    fn bad_bytes_are_symbols(input in mixed()) {
        check(&input);
    }
}
