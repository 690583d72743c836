//! Small files of every shape, made up at random, beside the programs that define them.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use polytok_core::Span;
use polytok_text::import::{ImportError, Imported, Scheme, Special};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokenizers::Tokenizer;

/// What the file is made from.
#[derive(Clone, Debug)]
struct Recipe {
    /// Pairs of tokens by index, modulo their number, each of which is joined.
    joins: Vec<(usize, usize)>,
    /// Turns the order of merges.
    rotate: usize,
    repeat_first_merge: bool,
    as_lines: bool,
    unknown: Option<bool>,
    fallback: bool,
    ignore_merges: bool,
    normalizer: usize,
    pre_tokenizer: usize,
    added: Vec<(usize, [bool; 5])>,
}

/// Contents of added tokens, some of which overlap or are known to the vocabulary.
const ADDED: [&str; 9] = ["ab", "abc", "b", "<s>", "\u{fb01}", " b", "A", "c\u{301}", " "];

fn normalizers() -> Vec<Value> {
    vec![
        Value::Null,
        json!({"type": "NFC"}),
        json!({"type": "NFD"}),
        json!({"type": "NFKC"}),
        json!({"type": "NFKD"}),
        json!({"type": "Lowercase"}),
        json!({"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]}),
    ]
}

fn byte_level(add_prefix_space: bool, use_regex: bool) -> Value {
    json!({
        "type": "ByteLevel", "add_prefix_space": add_prefix_space, "trim_offsets": true,
        "use_regex": use_regex,
    })
}

fn sequence(first: Value, second: Value) -> Value {
    json!({"type": "Sequence", "pretokenizers": [first, second]})
}

fn regex(pattern: &str, behavior: &str, invert: bool) -> Value {
    json!({
        "type": "Split", "pattern": {"Regex": pattern}, "behavior": behavior, "invert": invert,
    })
}

const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const CL100K: &str = r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s";
const CL100K_2023: &str = r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+";
const QWEN2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const O200K: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const DEEPSEEK: &str = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+";

fn pre_tokenizers() -> Vec<Value> {
    let digits = |individual: bool| json!({"type": "Digits", "individual_digits": individual});
    let literal = |behavior: &str| {
        json!({
            "type": "Split", "pattern": {"String": "b"}, "behavior": behavior, "invert": false,
        })
    };
    let bytes = || byte_level(false, false);
    vec![
        Value::Null,
        byte_level(false, true),
        byte_level(true, true),
        byte_level(true, false),
        bytes(),
        json!({"type": "Whitespace"}),
        json!({"type": "WhitespaceSplit"}),
        digits(true),
        sequence(digits(false), byte_level(false, true)),
        literal("Isolated"),
        literal("Removed"),
        sequence(regex(LLAMA3, "Isolated", false), bytes()),
        sequence(regex(LLAMA3, "Removed", true), bytes()),
        sequence(regex(CL100K, "Isolated", false), bytes()),
        sequence(regex(CL100K_2023, "Isolated", false), bytes()),
        sequence(regex(QWEN2, "Isolated", false), bytes()),
        sequence(regex(O200K, "Isolated", true), bytes()),
        json!({"type": "Sequence", "pretokenizers": [
            regex(r"\p{N}{1,3}", "Isolated", false),
            regex("[\u{4e00}-\u{9fa5}\u{3040}-\u{309f}\u{30a0}-\u{30ff}]+", "Isolated", false),
            regex(DEEPSEEK, "Isolated", false),
            byte_level(false, false),
        ]}),
    ]
}

/// Characters of a vocabulary: those of the byte-level alphabet for bytes, and some by themselves.
const LETTERS: [&str; 12] =
    ["a", "b", "c", "\u{120}", "A", "\u{c3}", "\u{cc}", "\u{81}", " ", "1", "\u{e9}", "\u{ff}"];

impl Recipe {
    fn file(&self) -> Value {
        let mut tokens: Vec<String> = LETTERS.iter().map(|&letter| letter.to_owned()).collect();
        let mut merges: Vec<(String, String)> = Vec::new();
        for &(left, right) in &self.joins {
            let pair = (tokens[left % tokens.len()].clone(), tokens[right % tokens.len()].clone());
            let joined = format!("{}{}", pair.0, pair.1);
            if !tokens.contains(&joined) {
                tokens.push(joined);
            }
            merges.push(pair);
        }
        if !merges.is_empty() {
            let by = self.rotate % merges.len();
            merges.rotate_left(by);
            if self.repeat_first_merge {
                merges.push(merges[0].clone());
            }
        }
        tokens.push("<unk>".to_owned());
        if self.fallback {
            tokens.extend((0..=255).map(|byte| format!("<0x{byte:02X}>")));
        }
        let mut next = tokens.len();
        let mut added = Vec::new();
        let mut seen = BTreeSet::new();
        for &(content, [single_word, lstrip, rstrip, normalized, special]) in &self.added {
            let content = ADDED[content % ADDED.len()];
            if !seen.insert(content) {
                continue;
            }
            let id = tokens.iter().position(|token| token == content).unwrap_or_else(|| {
                next += 1;
                next - 1
            });
            added.push(json!({
                "id": id, "content": content, "single_word": single_word, "lstrip": lstrip,
                "rstrip": rstrip, "normalized": normalized, "special": special,
            }));
        }
        let spaces = merges.iter().any(|(left, right)| left.contains(' ') || right.contains(' '));
        let merges: Vec<Value> = merges
            .into_iter()
            .map(|(left, right)| match self.as_lines && !spaces {
                true => json!(format!("{left} {right}")),
                false => json!([left, right]),
            })
            .collect();
        let vocab: serde_json::Map<String, Value> =
            tokens.into_iter().enumerate().map(|(id, token)| (token, json!(id))).collect();
        json!({
            "version": "1.0",
            "truncation": null,
            "padding": null,
            "added_tokens": added,
            "normalizer": normalizers()[self.normalizer % normalizers().len()],
            "pre_tokenizer": pre_tokenizers()[self.pre_tokenizer % pre_tokenizers().len()],
            "post_processor": null,
            "decoder": null,
            "model": {
                "type": "BPE", "dropout": null, "unk_token": self.unknown.map(|_| "<unk>"),
                "continuing_subword_prefix": null, "end_of_word_suffix": null,
                "fuse_unk": self.unknown == Some(true), "byte_fallback": self.fallback,
                "ignore_merges": self.ignore_merges, "vocab": vocab, "merges": merges,
            },
        })
    }
}

prop_compose! {
    fn recipes()(
        joins in prop::collection::vec((0usize..24, 0usize..24), 0..16),
        (rotate, repeat_first_merge, as_lines) in (0usize..4, any::<bool>(), any::<bool>()),
        unknown in any::<Option<bool>>(),
        (fallback, ignore_merges) in (prop::bool::weighted(0.2), any::<bool>()),
        (normalizer, pre_tokenizer) in (0usize..7, 0usize..18),
        added in prop::collection::vec((0usize..9, any::<[bool; 5]>()), 0..5),
    ) -> Recipe {
        Recipe {
            joins, rotate, repeat_first_merge, as_lines, unknown, fallback, ignore_merges,
            normalizer, pre_tokenizer, added,
        }
    }
}

/// Letters of the vocabularies, names of added tokens, and what the cutting rules tell apart.
fn texts() -> impl Strategy<Value = String> {
    let words: Vec<&str> = ADDED
        .into_iter()
        .chain([
            "a",
            "b",
            "c",
            " ",
            "  ",
            "\n",
            "\r\n",
            "\t",
            "1",
            "23",
            "456789",
            "\u{663}",
            "'s",
            "'RE",
            "'\u{17f}",
            ".",
            "//",
            "_",
            "\u{e9}",
            "e\u{301}",
            "\u{301}",
            "\u{4e00}",
            "\u{30ab}",
            "\u{3000}",
            "\u{200d}",
            "\u{2168}",
            "\u{b2}",
            "\u{1d15e}",
            "A",
            "B\u{130}",
            "\u{0}",
            "\u{1f600}",
            "\u{24b6}",
            "$",
            "-",
        ])
        .collect();
    prop::collection::vec(prop::sample::select(words), 0..24).prop_map(|words| words.concat())
}

/// What the recipes may make that is refused: two added tokens with one normal form, and bytes to
/// fall back on where the alphabet is bytes.
fn refused_rightly(error: &ImportError) -> Result<(), TestCaseError> {
    let rightly = matches!(
        error,
        ImportError::AddedTwice { .. } | ImportError::Unsupported { part: "byte_fallback", .. }
    );
    if rightly { Ok(()) } else { Err(TestCaseError::fail(error.to_string())) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Ids with and without special tokens, for one text after another.
    #[test]
    fn files_of_every_shape_give_the_ids_of_the_library(
        recipe in recipes(),
        texts in prop::collection::vec(texts(), 4),
    ) {
        let file = recipe.file().to_string();
        let ours = match Imported::from_tokenizer_json(file.as_bytes()) {
            Ok(ours) => ours,
            Err(error) => return refused_rightly(&error),
        };
        let mut theirs = Tokenizer::from_bytes(file.as_bytes()).unwrap();
        for text in &texts {
            for (encode_special, special) in [(false, Special::All), (true, Special::None)] {
                theirs.set_encode_special_tokens(encode_special);
                let ids = ours.encode_with_special(text.as_bytes(), special);
                // The library panics where a token took the white space that the next one is.
                let encode = || theirs.encode_fast(text.as_str(), false).unwrap();
                let Ok(expected) = catch_unwind(AssertUnwindSafe(encode)) else { continue };
                prop_assert_eq!(&ids[..], expected.get_ids(), "{:?} {}", text, &file);
                let (same, spans) = ours.encode_spans(text.as_bytes(), special);
                prop_assert_eq!(&ids, &same);
                prop_assert_eq!(ids.len(), spans.len());
                prop_assert!(spans.iter().all(|s| s.start <= s.end && s.end <= text.len()));
                prop_assert!(ours.decode(&ids).is_ok());
            }
        }
    }

    /// Any bytes at all: nothing panics, spans are in order, and a lossless file loses nothing.
    #[test]
    fn bytes_that_are_not_utf8_are_encoded_too(
        recipe in recipes(),
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'a'), Just(0xcc)], 0..40),
    ) {
        let recipe = Recipe { added: Vec::new(), ..recipe };
        let ours = match Imported::from_tokenizer_json(recipe.file().to_string().as_bytes()) {
            Ok(ours) => ours,
            Err(error) => return refused_rightly(&error),
        };
        let (ids, spans) = ours.encode_spans(&bytes, Special::All);
        prop_assert_eq!(&ids, &ours.encode(&bytes));
        prop_assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].end));
        prop_assert!(spans.iter().all(|span| span.end <= bytes.len()));
        if ours.is_lossless() {
            prop_assert_eq!(ours.decode(&ids).unwrap(), bytes);
        }
    }

    /// Rank files with tokens that no merge reaches and ranks in any order.
    #[test]
    fn rank_files_give_the_ids_of_tiktoken(
        tokens in prop::collection::btree_set(prop::collection::vec(b'a'..=b'c', 2..7), 0..40),
        turn in 0usize..296,
        texts in prop::collection::vec("[abc]{0,130}|[abc ]{0,20}", 4),
    ) {
        let mut ranked: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).chain(tokens).collect();
        let by = turn % ranked.len();
        ranked.rotate_left(by);
        let file: String = ranked
            .iter()
            .enumerate()
            .map(|(rank, token)| format!("{} {rank}\n", STANDARD.encode(token)))
            .collect();
        let specials = [("<s>", ranked.len() as u32)];
        let ours = Imported::from_tiktoken(file.as_bytes(), Scheme::Gpt2, &specials).unwrap();
        let theirs = tiktoken_rs::CoreBPE::new(
            ranked.iter().cloned().zip(0..).collect(),
            specials.iter().map(|&(name, id)| (name.to_owned(), id)).collect(),
            r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s",
        )
        .unwrap();
        for text in &texts {
            let ids = ours.encode(text.as_bytes());
            prop_assert_eq!(&ids, &theirs.encode_ordinary(text));
            prop_assert_eq!(ours.decode(&ids).unwrap(), text.as_bytes());
        }
    }
}

#[test]
fn a_prefix_space_has_an_empty_span() {
    let recipe = Recipe {
        joins: Vec::new(),
        rotate: 0,
        repeat_first_merge: false,
        as_lines: false,
        unknown: None,
        fallback: false,
        ignore_merges: false,
        normalizer: 0,
        pre_tokenizer: 2,
        added: Vec::new(),
    };
    let file = recipe.file().to_string();
    let imported = Imported::from_tokenizer_json(file.as_bytes()).unwrap();
    let (ids, spans) = imported.encode_spans(b"ab", Special::None);
    assert_eq!(ids, [3, 0, 1]);
    assert_eq!(spans, [Span::new(0, 0), Span::new(0, 1), Span::new(1, 2)]);
    assert!(!imported.is_lossless());
}
