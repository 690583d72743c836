//! Damaged and forged files are refused with the reason, and nothing panics.

use polytok_text::import::{ImportError, Imported, Scheme, Special};
use proptest::prelude::*;
use serde_json::{Value, json};

fn json_file() -> Value {
    json!({
        "version": "1.0",
        "added_tokens": [{
            "id": 5, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": true,
            "normalized": false, "special": true,
        }],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Digits", "individual_digits": true},
            {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
        ]},
        "model": {
            "type": "BPE", "dropout": null, "unk_token": "?", "continuing_subword_prefix": "",
            "end_of_word_suffix": null, "fuse_unk": true, "byte_fallback": true,
            "ignore_merges": false, "vocab": {"?": 0, "a": 1, "b": 2, "ab": 3, "aba": 4},
            "merges": ["a b", ["ab", "a"]],
        },
    })
}

fn load(file: &Value) -> Result<Imported, ImportError> {
    Imported::from_tokenizer_json(file.to_string().as_bytes())
}

/// The file with the value at `path` replaced.
fn with(path: &str, value: Value) -> Value {
    let mut file = json_file();
    *file.pointer_mut(path).unwrap() = value;
    file
}

fn ranks() -> Vec<String> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let tokens = (0..=255u8).map(|byte| vec![byte]).chain([b"ab".to_vec(), b"abc".to_vec()]);
    tokens.zip(0..).map(|(token, rank)| format!("{} {rank}", STANDARD.encode(token))).collect()
}

fn load_ranks(lines: &[String], specials: &[(&str, u32)]) -> Result<Imported, ImportError> {
    Imported::from_tiktoken(lines.join("\n").as_bytes(), Scheme::Cl100k, specials)
}

#[test]
fn the_files_that_are_damaged_below_are_sound() {
    let imported = load(&json_file()).unwrap();
    assert_eq!(imported.encode_with_special(b"aba<s> xb", Special::All), [4, 5, 0, 2]);
    assert_eq!(load_ranks(&ranks(), &[("<s>", 258)]).unwrap().encode(b"abcab"), [257, 256]);
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    let cases = [
        ("/version", json!("3.0"), "version", "3.0"),
        ("/version", json!(1), "version", ""),
        ("/model/type", json!("Unigram"), "model", "Unigram"),
        ("/model/dropout", json!(0.1), "dropout", "0.1"),
        ("/model/continuing_subword_prefix", json!("##"), "continuing_subword_prefix", "\"##\""),
        ("/model/end_of_word_suffix", json!("</w>"), "end_of_word_suffix", "\"</w>\""),
        ("/normalizer", json!({"type": "BertNormalizer"}), "normalizer", "BertNormalizer"),
        ("/normalizer", json!("NFC"), "normalizer", "no type"),
        ("/normalizer", json!({"type": "Sequence"}), "normalizer", "a sequence without members"),
        ("/pre_tokenizer", json!({"type": "Metaspace"}), "pre_tokenizer", "Metaspace"),
        ("/pre_tokenizer", json!([]), "pre_tokenizer", "no type"),
        (
            "/pre_tokenizer/pretokenizers/0",
            json!({"type": "Split", "pattern": {"Regex": "x+"}, "behavior": "Isolated"}),
            "pre_tokenizer",
            "x+",
        ),
        (
            "/pre_tokenizer/pretokenizers/0",
            json!({"type": "Split", "pattern": {"String": ""}, "behavior": "Isolated"}),
            "pre_tokenizer",
            "Split without a pattern",
        ),
        (
            "/pre_tokenizer/pretokenizers/0",
            json!({"type": "ByteLevel"}),
            "pre_tokenizer",
            "ByteLevel behind ByteLevel",
        ),
        (
            "/pre_tokenizer/pretokenizers/1",
            json!({"type": "ByteLevel"}),
            "pre_tokenizer",
            "add_prefix_space behind another rule",
        ),
    ];
    for (path, value, part, found) in cases {
        let expected = ImportError::Unsupported { part, found: found.to_owned() };
        assert_eq!(load(&with(path, value)).unwrap_err(), expected, "{path}");
    }
}

#[test]
fn broken_vocabularies_are_refused_with_the_reason() {
    let vocabulary = |value| load(&with("/model/vocab", value)).unwrap_err();
    let four = |token: &str, id: u32| json!({"?": 0, "a": 1, "b": 2, "ab": 3, token: id});
    assert_eq!(vocabulary(four("aba", 2)), ImportError::DuplicateId { id: 2 });
    assert_eq!(vocabulary(four("", 4)), ImportError::EmptyToken { id: 4 });
    let merge = |value| load(&with("/model/merges/1", value)).unwrap_err();
    let missing = |token: &str| ImportError::Merge { index: 1, token: token.to_owned() };
    assert_eq!(merge(json!(["z", "a"])), missing("z"));
    assert_eq!(merge(json!(["ab", "b"])), missing("abb"));
    for shape in [json!("a"), json!("a b c"), json!(["a"]), json!(["a", "b", "c"]), json!(7)] {
        assert!(matches!(merge(shape), ImportError::Json { .. }));
    }
    for id in [json!(-1), json!(1.5), json!(1u64 << 32), json!("1"), json!(null)] {
        let error = load(&with("/model/vocab/a", id)).unwrap_err();
        assert!(matches!(error, ImportError::Json { .. }));
    }
    let twice = json_file().to_string().replace("\"b\":2", "\"a\":2");
    let error = Imported::from_tokenizer_json(twice.as_bytes()).unwrap_err();
    assert_eq!(error, ImportError::DuplicateToken { id: 2 });
    assert_eq!(
        load(&with("/model/unk_token", json!("none"))).unwrap_err(),
        ImportError::UnknownToken { part: "unk_token", token: "none".to_owned() },
    );
    assert_eq!(
        load(&with("/added_tokens/0/id", json!(9))).unwrap_err(),
        ImportError::AddedId { content: "<s>".to_owned(), id: 9, expected: 5 },
    );
    let mut placeholder = json_file();
    placeholder["model"]["unk_token"] = json!("ab");
    assert_eq!(
        load(&placeholder).unwrap_err(),
        ImportError::MergeOfPlaceholder { token: "ab".to_owned() },
    );
}

#[test]
fn ids_may_be_far_apart() {
    let mut file = with("/model/vocab/aba", json!(u32::MAX));
    file["model"]["vocab"]["ab"] = json!(4_000_000_000u32);
    let imported = load(&file).unwrap();
    assert_eq!(imported.encode(b"abaab"), [u32::MAX, 4_000_000_000]);
    assert_eq!(imported.id_bound(), 1 << 32);
    assert_eq!(imported.decode(&[u32::MAX, 1]).unwrap(), b"abaa");
    assert_eq!(
        imported.decode(&[1, 6]).unwrap_err().to_string(),
        "id 6 at position 1 is not of the vocabulary"
    );
}

#[test]
fn deep_nesting_is_an_error() {
    let deep = format!("{}{}", "[".repeat(1 << 20), "]".repeat(1 << 20));
    let load_with = |part: &str| {
        let file = json_file().to_string();
        let file = format!("{{\"{part}\": {deep}, {}", &file[1..]);
        Imported::from_tokenizer_json(file.as_bytes())
    };
    for part in ["normalizer", "pre_tokenizer", "added_tokens"] {
        assert!(matches!(load_with(part), Err(ImportError::Json { .. })));
    }
    // What is not read is not nested for us.
    assert!(load_with("post_processor").is_ok());
    let mut nested = json!({"type": "NFC"});
    for _ in 0..40 {
        nested = json!({"type": "Sequence", "normalizers": [nested]});
    }
    assert!(load(&with("/normalizer", nested)).is_ok());
}

/// Inputs on which a careless step would be quadratic; the test is that it ends.
#[test]
fn long_runs_are_encoded() {
    let mut file = json_file();
    file["added_tokens"][0]["content"] = json!(" ");
    let imported = load(&file).unwrap();
    let cases: [(&str, usize); 5] = [
        (" ", 200_000),
        ("\u{301}", 200_000),
        ("ab", 200_000),
        ("a\u{323}", 100_000),
        ("7", 100_000),
    ];
    for (unit, times) in cases {
        let text = unit.repeat(times);
        let ids = imported.encode_with_special(text.as_bytes(), Special::All);
        assert!(ids.len() <= text.len() && !ids.is_empty());
        let (same, _) = imported.encode_spans(text.as_bytes(), Special::All);
        assert_eq!(ids, same);
    }
}

#[test]
fn broken_rank_files_are_refused_with_the_reason() {
    let changed = |line: usize, text: &str| {
        let mut lines = ranks();
        lines[line] = text.to_owned();
        load_ranks(&lines, &[]).unwrap_err()
    };
    assert_eq!(changed(3, "AAAA"), ImportError::Line { line: 4 });
    assert_eq!(changed(3, "AAAA -3"), ImportError::Line { line: 4 });
    assert_eq!(changed(3, "AAAA +3"), ImportError::Line { line: 4 });
    assert_eq!(changed(3, "AAAA 4294967296"), ImportError::Line { line: 4 });
    assert_eq!(changed(3, "AAAA 3 3"), ImportError::Line { line: 4 });
    assert_eq!(changed(3, "AAA! 3"), ImportError::Base64 { line: 4 });
    assert_eq!(changed(3, "AA 3"), ImportError::Base64 { line: 4 });
    assert_eq!(changed(3, " 3"), ImportError::EmptyToken { id: 3 });
    assert_eq!(changed(3, "AA== 3"), ImportError::DuplicateToken { id: 3 });
    assert_eq!(changed(3, "Aw== 4"), ImportError::DuplicateId { id: 4 });
    assert_eq!(changed(3, "enp6 3"), ImportError::MissingByte { byte: 3 });
    assert_eq!(changed(3, "Aw== 4294967295"), ImportError::MissingRank { rank: 3 });
    assert_eq!(
        changed(256, &format!("{} 256", "YWFh".repeat(400))),
        ImportError::TokenTooLong { id: 256, len: 1200 },
    );
    let special = |specials: &[(&str, u32)]| load_ranks(&ranks(), specials).unwrap_err();
    let named = |name: &str| ImportError::Special { name: name.to_owned() };
    assert_eq!(special(&[("<s>", 7)]), named("<s>"));
    assert_eq!(special(&[("<s>", 300), ("<t>", 300)]), named("<t>"));
    assert_eq!(special(&[("<s>", 300), ("<s>", 301)]), named("<s>"));
    assert_eq!(special(&[("", 300)]), named(""));
    // A special token fills the gap that its id leaves, and no other.
    let mut lines = ranks();
    lines[257] = lines[257].replace("257", "258");
    assert_eq!(load_ranks(&lines, &[]).unwrap_err(), ImportError::MissingRank { rank: 257 });
    assert_eq!(load_ranks(&lines, &[("<s>", 257)]).unwrap().encode(b"abc"), [258]);
}

#[test]
fn broken_files_of_gpt2_are_refused_with_the_reason() {
    let vocabulary = br#"{"a": 0, "b": 1, "ab": 2}"#;
    let load = |merges: &[u8], specials: &[&str]| Imported::from_gpt2(vocabulary, merges, specials);
    let imported = load(b"#version: 0.2\r\na b\r\n", &["ab"]).unwrap();
    assert_eq!((imported.encode(b"ab?"), imported.is_lossless()), (vec![2], false));
    assert_eq!(load(b"a b c", &[]).unwrap_err(), ImportError::Line { line: 1 });
    assert_eq!(load(b"a b\n\xff b", &[]).unwrap_err(), ImportError::Line { line: 2 });
    assert_eq!(
        load(b"b b", &[]).unwrap_err(),
        ImportError::Merge { index: 0, token: "bb".to_owned() },
    );
    assert_eq!(
        load(b"a b", &["c"]).unwrap_err(),
        ImportError::UnknownToken { part: "specials", token: "c".to_owned() },
    );
}

/// Loads what is left of a file; if it loads, it encodes and decodes.
fn try_all(imported: Result<Imported, ImportError>) {
    match imported {
        Ok(imported) => {
            let input = b"aba <s>\xff ab1 \xcc\x81e\xcc\x81 ";
            let (ids, spans) = imported.encode_spans(input, Special::All);
            assert_eq!(ids.len(), spans.len());
            assert!(imported.decode(&ids).is_ok());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

proptest! {
    #[test]
    fn changed_bytes_of_a_json_file_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut file = json_file().to_string().into_bytes();
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        try_all(Imported::from_tokenizer_json(&file));
        try_all(Imported::from_tokenizer_json(&file[..cut.index(file.len())]));
    }

    /// Every value of the file in turn becomes one of another type.
    #[test]
    fn values_of_other_types_never_panic(
        at in any::<prop::sample::Index>(),
        value in prop::sample::select(vec![
            json!(null), json!(true), json!(-1), json!(1e300), json!(u64::MAX), json!(""),
            json!("\u{0}"), json!("a"), json!([]), json!([[]]), json!({}), json!({"type": "BPE"}),
            json!({"a": 1}), json!(["a", "b"]), json!([["a", "b"], "a b"]), json!("NFC"),
        ]),
    ) {
        let mut places = Vec::new();
        collect(&json_file(), String::new(), &mut places);
        try_all(load(&with(&places[at.index(places.len())], value)));
    }

    #[test]
    fn changed_bytes_of_a_rank_file_never_panic(
        changes in prop::collection::vec(
            (any::<prop::sample::Index>(), prop::sample::select(b"A= 0129\n\xff".to_vec())), 1..4),
    ) {
        let mut file = ranks().join("\n").into_bytes();
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        try_all(Imported::from_tiktoken(&file, Scheme::Gpt2, &[("<s>", 300)]));
    }

    #[test]
    fn arbitrary_bytes_never_panic(file in prop::collection::vec(any::<u8>(), 0..200)) {
        try_all(Imported::from_tokenizer_json(&file));
        try_all(Imported::from_tiktoken(&file, Scheme::O200k, &[]));
        try_all(Imported::from_gpt2(&file, &file, &[]));
    }
}

/// The paths of all values below `value`.
fn collect(value: &Value, path: String, places: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, child)| (key.clone(), child)).collect(),
        Value::Array(list) => {
            list.iter().enumerate().map(|(at, child)| (at.to_string(), child)).collect()
        }
        _ => Vec::new(),
    };
    for (key, child) in children {
        collect(child, format!("{path}/{key}"), places);
    }
    places.push(path);
}
