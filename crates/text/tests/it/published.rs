//! The splits of published vocabularies against their patterns.

use std::{sync::LazyLock, thread};

use fancy_regex::Regex;
use polytok_core::{Segmenter, Span, check_partition, segments};
use polytok_text::{Cl100k, Gpt2, Llama3, O200k, Qwen2, visible_runs, word_and_symbol_runs};
use proptest::prelude::*;

use crate::symbols::{
    REPRESENTATIVES, assert_same_ends, in_context, mixed, symbols, text, text_with_runs,
};

/// As in tiktoken-rs 0.12.1, which keeps them to itself.
const GPT2: &str =
    r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s";
const CL100K: &str = r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s";
const O200K: &str = tiktoken_rs::O200K_BASE_PAT_STR;
/// As in the `tokenizer.json` of the models.
const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// As `OpenAI` published it with GPT-2, and as the `ByteLevel` of Hugging Face has it.
const GPT2_OF_2019: &str =
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

const SPLITS: [(&dyn Segmenter, &str); 6] = [
    (&Gpt2, GPT2),
    (&Cl100k, CL100K),
    (&O200k, O200K),
    // These differ from the others in logic, not in classes.
    (&Gpt2, GPT2_OF_2019),
    (&Llama3, LLAMA3),
    (&Qwen2, QWEN2),
];

/// Stands for a bad byte where a pattern needs a scalar: private use, so neither letter, mark,
/// number nor white space.
const BAD: char = '\u{E000}';

/// A split and the engine of its pattern.
struct Case {
    split: &'static dyn Segmenter,
    pattern: Regex,
}

impl Case {
    /// All of them; a pattern takes milliseconds to compile.
    fn all() -> &'static [Case] {
        static ALL: LazyLock<Vec<Case>> = LazyLock::new(|| {
            SPLITS
                .iter()
                .map(|&(split, pattern)| Case { split, pattern: Regex::new(pattern).unwrap() })
                .collect()
        });
        &ALL
    }

    /// The matches of the pattern over the symbols of `input`, as ends in bytes.
    fn expected(&self, input: &[u8]) -> Vec<usize> {
        if let Ok(text) = str::from_utf8(input) {
            return self.pattern.find_iter(text).map(|piece| piece.unwrap().end()).collect();
        }
        let symbols = symbols(input, BAD);
        let text: String = symbols.iter().map(|&(c, _)| c).collect();
        let mut ends = Vec::new();
        let mut left = symbols.iter();
        let mut end = 0;
        for piece in self.pattern.find_iter(&text) {
            let piece = piece.unwrap().as_str();
            end += left.by_ref().take(piece.chars().count()).map(|&(_, len)| len).sum::<usize>();
            ends.push(end);
        }
        assert_eq!(end, input.len(), "the pattern matches everything");
        ends
    }

    fn check(&self, input: &[u8]) {
        let found: Vec<usize> = segments(self.split, input).iter().map(|(s, _)| s.end).collect();
        let expected = self.expected(input);
        assert_same_ends(input, &found, &expected);
    }
}

/// Runs `check` for each of `cases`, on as many threads.
fn on_threads(cases: &[Case], check: impl Fn(&Case) + Sync) {
    thread::scope(|scope| {
        for case in cases {
            scope.spawn(|| check(case));
        }
    });
}

#[test]
fn every_scalar_alone_and_in_context() {
    on_threads(&Case::all()[..3], |case| {
        let mut buffer = [0; 4];
        for c in '\0'..=char::MAX {
            case.check(c.encode_utf8(&mut buffer).as_bytes());
        }
        for text in in_context(|c| {
            format!("{c}a{c}A{c} {c}1{c}1'{c}'s{c}!{c}/{c}\n{c} \n  {c}\u{301}{c}中;")
        }) {
            case.check(text.as_bytes());
        }
    });
}

#[test]
fn every_pair_and_triple_of_classes() {
    on_threads(Case::all(), |case| {
        let mut text = String::new();
        for a in REPRESENTATIVES {
            for b in REPRESENTATIVES {
                case.check([a, b].concat().as_bytes());
                for c in REPRESENTATIVES {
                    text.clear();
                    text.extend([a, b, c]);
                    case.check(text.as_bytes());
                }
            }
        }
    });
}

#[test]
fn contractions_in_every_case_and_place() {
    let apostrophes = ["'", "''", "’", " '", "a'", "A'", "中'", "1'", "\u{301}'", "!'", "\n'"];
    let letters = ["s", "S", "ſ", "t", "T", "d", "m", "M", "l", "L", "ll", "LL", "lL", "ſſ"];
    let more = ["v", "ve", "VE", "vE", "r", "re", "RE", "e", "k", "K", "\u{212a}", "", "1", "x"];
    let tails = ["", "a", "A", "中", "'", " ", "1", "\u{301}", "'s"];
    on_threads(Case::all(), |case| {
        for apostrophe in apostrophes {
            for letter in letters.iter().chain(&more) {
                for tail in tails {
                    case.check(format!("{apostrophe}{letter}{tail}").as_bytes());
                }
            }
        }
    });
}

/// The spans of `expected`, a pattern of which `find` gives all matches, over the symbols of `input`.
fn check_runs(input: &[u8], pattern: &Regex, find: fn(&[u8], &mut dyn FnMut(Span))) {
    let symbols = symbols(input, BAD);
    let text: String = symbols.iter().map(|&(c, _)| c).collect();
    let offset = |at: usize| -> usize {
        symbols[..text[..at].chars().count()].iter().map(|&(_, len)| len).sum()
    };
    let expected: Vec<Span> = pattern
        .find_iter(&text)
        .map(|m| m.unwrap())
        .map(|m| Span::new(offset(m.start()), offset(m.end())))
        .collect();
    let mut found = Vec::new();
    find(input, &mut |span| found.push(span));
    assert_eq!(found, expected, "{:?}", bstr::BStr::new(input));
}

#[test]
fn runs_of_every_scalar() {
    let words = Regex::new(r"\w+|[^\w\s]+").unwrap();
    let visible = Regex::new(r"\S+").unwrap();
    for text in in_context(|c| format!("{c}a{c}!{c} ")) {
        check_runs(text.as_bytes(), &words, word_and_symbol_runs);
        check_runs(text.as_bytes(), &visible, visible_runs);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn text_of_all_classes(text in text()) {
        Case::all().iter().for_each(|case| case.check(text.as_bytes()));
    }

    #[test]
    fn runs_of_all_classes(text in text_with_runs()) {
        Case::all().iter().for_each(|case| case.check(text.as_bytes()));
    }

    #[test]
    fn bad_bytes_are_symbols(input in mixed()) {
        for case in Case::all() {
            check_partition(case.split, &input).unwrap();
            case.check(&input);
        }
    }

    #[test]
    fn runs_of_mixed_bytes(input in mixed()) {
        check_runs(&input, &Regex::new(r"\w+|[^\w\s]+").unwrap(), word_and_symbol_runs);
        check_runs(&input, &Regex::new(r"\S+").unwrap(), visible_runs);
    }

    #[test]
    fn any_string(text in any::<String>()) {
        Case::all().iter().for_each(|case| case.check(text.as_bytes()));
    }
}
