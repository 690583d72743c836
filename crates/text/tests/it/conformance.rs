//! Imported vocabularies beside the programs they come from.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use polytok_core::Span;
use polytok_text::import::{Alphabet, ImportError, Imported, Scheme, Special, specials};
use tokenizers::Tokenizer;

fn shared(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path)
}

/// A file of the shared corpora, unpacked if it is.
fn read(path: &str) -> Vec<u8> {
    let path = shared(path);
    let bytes = fs::read(&path).unwrap();
    if path.extension().is_some_and(|extension| extension == "zst") {
        let mut decoder = zstd::Decoder::new(&bytes[..]).unwrap();
        decoder.window_log_max(27).unwrap();
        let mut unpacked = Vec::new();
        decoder.read_to_end(&mut unpacked).unwrap();
        return unpacked;
    }
    bytes
}

/// The text files of the fixtures, of every modality that has some, up to `limit` bytes of each.
fn fixtures(limit: usize) -> Vec<String> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, files) } else { files.push(path) }
        }
    }
    let mut files = Vec::new();
    for modality in ["text", "legal", "financial", "numeric", "turkish", "code"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(modality);
        walk(&root, &mut files);
    }
    files.sort();
    files
        .iter()
        .filter_map(|file| String::from_utf8(fs::read(file).unwrap()).ok())
        .map(|mut text| {
            text.truncate(text.floor_char_boundary(limit));
            text
        })
        .collect()
}

/// A published file in both programs.
struct Both {
    ours: Imported,
    theirs: Tokenizer,
}

impl Both {
    fn load(path: &str) -> Both {
        let file = read(path);
        let mut theirs = Tokenizer::from_bytes(&file).unwrap();
        // Both stand in some files and are no part of what an id is.
        theirs.with_truncation(None).unwrap();
        theirs.with_padding(None);
        Both { ours: Imported::from_tokenizer_json(&file).unwrap(), theirs }
    }

    /// Compares the ids of `text`, with and without special tokens, and checks the spans.
    fn compare(&mut self, text: &str) {
        for (special, ours) in [(false, Special::All), (true, Special::None)] {
            self.theirs.set_encode_special_tokens(special);
            let expected = self.theirs.encode_fast(text, false).unwrap();
            let ids = self.ours.encode_with_special(text.as_bytes(), ours);
            assert_eq!(ids, expected.get_ids(), "{ours:?} of {text:?}");
            let (same, spans) = self.ours.encode_spans(text.as_bytes(), ours);
            assert_eq!(ids, same);
            check_spans(&self.ours, text.as_bytes(), &ids, &spans);
        }
    }
}

/// Spans lie in the input in order, and hold the bytes of their token where nothing is rewritten.
fn check_spans(imported: &Imported, input: &[u8], ids: &[u32], spans: &[Span]) {
    assert_eq!(ids.len(), spans.len());
    assert!(spans.iter().all(|span| span.start <= span.end && span.end <= input.len()));
    assert!(spans.windows(2).all(|pair| pair[0].start <= pair[1].start));
    if imported.is_lossless() {
        let bytes: Vec<u8> = spans.iter().flat_map(|span| span.of(input)).copied().collect();
        assert_eq!(bytes, input);
        for (&id, &span) in ids.iter().zip(spans) {
            assert_eq!(imported.token(id), Some(span.of(input)));
        }
        assert_eq!(imported.decode(ids).unwrap(), input);
    }
}

/// Files that both programs load, and what each is.
const LOADED: &[(&str, Alphabet, bool)] = &[
    ("kl3m/kl3m-001-32k__tokenizer.json.zst", Alphabet::Bytes, true),
    ("kl3m/kl3m-004-char-4k-cased__tokenizer.json.zst", Alphabet::Bytes, false),
    ("kl3m/kl3m-004-char-8k-cased__tokenizer.json.zst", Alphabet::Bytes, false),
    ("kl3m/kl3m-004-char-16k-cased__tokenizer.json.zst", Alphabet::Bytes, false),
    ("kl3m/kl3m-005-multi-word-example-32k__tokenizer.json.zst", Alphabet::Characters, false),
    ("dnabert2/tokenizer.json.zst", Alphabet::Characters, false),
    ("gena-lm/BPE_32k-tokenizer.json.zst", Alphabet::Characters, false),
    ("binary-bpe/glaurung-models__iteration-001__tokenizer.json.zst", Alphabet::Latin1, true),
    ("binary-bpe/glaurung-models__iteration-003__tokenizer.json.zst", Alphabet::Latin1, true),
    ("binary-bpe/glaurung-models__iteration-004__tokenizer.json.zst", Alphabet::Latin1, true),
    ("deepseek/tokenizer.json.zst", Alphabet::Bytes, true),
    ("olmo/allenai_dolma2.json.zst", Alphabet::Bytes, true),
    ("olmo/allenai_eleuther-ai-gpt-neox-20b-pii-special.json.zst", Alphabet::Bytes, false),
    ("olmo/allenai_gpt-neox-olmo-dolma-v1_5.json.zst", Alphabet::Bytes, false),
];

#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn published_files_of_shared_give_the_ids_of_the_library() {
    let texts = fixtures(500);
    for &(path, alphabet, lossless) in LOADED {
        let mut both = Both::load(&format!("corpora/reference/{path}"));
        assert_eq!(both.ours.alphabet(), alphabet, "{path}");
        assert_eq!(both.ours.is_lossless(), lossless, "{path}");
        assert_eq!(both.ours.len(), both.theirs.get_vocab_size(true), "{path}");
        if alphabet == Alphabet::Latin1 {
            continue;
        }
        for text in &texts {
            both.compare(text);
        }
    }
}

/// Every added token of a file occurs in a text: alone, in words, beside spaces, twice in a row.
#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn added_tokens_of_shared_files_are_found_as_the_library_finds_them() {
    for &(path, alphabet, _) in LOADED {
        if alphabet == Alphabet::Latin1 {
            continue;
        }
        let mut both = Both::load(&format!("corpora/reference/{path}"));
        let added: Vec<String> = both
            .theirs
            .get_added_tokens_decoder()
            .into_iter()
            .collect::<std::collections::BTreeMap<_, _>>()
            .into_values()
            .map(|token| token.content)
            .collect();
        for some in added.chunks(40) {
            let text: String =
                some.iter().map(|name| format!("a{name}b {name} {name}{name}\n")).collect();
            both.compare(&text);
        }
    }
}

/// Members of a bundle of the shared corpora.
fn members(path: &str) -> Vec<Vec<u8>> {
    let bundle = read(path);
    let mut archive = tar::Archive::new(&bundle[..]);
    let mut members = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.header().entry_type().is_file() {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            members.push(bytes);
        }
    }
    members
}

/// Executables, decoded as Latin-1 for the library and as they are for us.
#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn executables_of_shared_bundles_give_the_ids_of_the_library_on_latin1() {
    let mut compared = 0;
    for iteration in ["001", "003", "004"] {
        let path = format!(
            "corpora/reference/binary-bpe/glaurung-models__iteration-{iteration}__tokenizer.json.zst"
        );
        let both = Both::load(&path);
        for bundle in ["elf-aarch64", "elf-i386", "macho-x86_64", "pe-x86_64"] {
            let members = members(&format!("corpora/binary/{bundle}.tar.zst"));
            for bytes in members.iter().step_by(12) {
                let bytes = &bytes[..bytes.len().min(48 << 10)];
                let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
                let expected = both.theirs.encode_fast(text.as_str(), false).unwrap();
                let (ids, spans) = both.ours.encode_spans(bytes, Special::All);
                assert_eq!(ids, expected.get_ids(), "{bundle}");
                check_spans(&both.ours, bytes, &ids, &spans);
                compared += bytes.len();
            }
        }
    }
    assert!(compared > 1 << 19, "{compared}");
}

#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn dnabert2_of_shared_gives_the_ids_of_the_library_on_gue() {
    let mut both = Both::load("corpora/reference/dnabert2/tokenizer.json.zst");
    let mut sequences = 0;
    for bundle in ["EMP", "mouse", "prom", "splice", "tf"] {
        for table in members(&format!("corpora/genome/gue-{bundle}.tar.zst")) {
            let table = String::from_utf8(table).unwrap();
            for row in table.lines().skip(1).step_by(43) {
                both.compare(row.split(',').next().unwrap());
                sequences += 1;
            }
        }
    }
    assert!(sequences > 2000, "{sequences}");
}

/// The letters of IUPAC in both cases, blanks, punctuation and letters from elsewhere, by a fixed
/// generator.
#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn dnabert2_of_shared_gives_the_ids_of_the_library_on_random_iupac() {
    let mut both = Both::load("corpora/reference/dnabert2/tokenizer.json.zst");
    let letters: Vec<char> =
        "ACGTACGTACGTACGTACGTACGTNRYSWKMBDHVUacgtn -.*\n\u{e9}\u{4e00}_9".chars().collect();
    let mut state = 1u64;
    for _ in 0..1000 {
        let text: String = (0..200)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                letters[(state >> 33) as usize % letters.len()]
            })
            .collect();
        both.compare(&text);
    }
    assert_eq!(both.ours.encode(b"ACGTNNNNACGT"), {
        let ids = |text: &str| both.theirs.encode_fast(text, false).unwrap().get_ids().to_vec();
        [ids("ACGT"), vec![0; 4], ids("ACGT")].concat()
    });
}

/// The table of term counts that was published with the vocabularies.
#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn published_term_counts_of_shared_are_reproduced() {
    let table = read("corpora/reference/kl3m/paper/figures__domain_term_counts.csv");
    let table = String::from_utf8(table).unwrap();
    let header: Vec<&str> = table.lines().next().unwrap().split(',').collect();
    let mut compared = 0;
    for size in ["4k", "8k", "16k"] {
        let name = format!("kl3m-004-char-{size}-cased");
        let column = header.iter().position(|&column| column == name).unwrap();
        let file = read(&format!("corpora/reference/kl3m/{name}__tokenizer.json.zst"));
        let imported = Imported::from_tokenizer_json(&file).unwrap();
        for row in table.lines().skip(1) {
            let fields: Vec<&str> = row.split(',').collect();
            let count = imported.encode(fields[1].as_bytes()).len();
            assert_eq!(count.to_string(), fields[column], "{name}: {}", fields[1]);
            compared += 1;
        }
    }
    assert_eq!(compared, 60);
}

/// The example of the publication: a line with errors of optical recognition, and the line meant.
#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn published_example_of_shared_character_vocabularies_is_reproduced() {
    let wrong = "Thc Vnited S tates 5enate is nesp0nslbe for the";
    let right = "The United States Senate is responsible for the";
    for (size, counts) in [("4k", (24, 20)), ("8k", (23, 20)), ("16k", (20, 14))] {
        let both = Both::load(&format!(
            "corpora/reference/kl3m/kl3m-004-char-{size}-cased__tokenizer.json.zst"
        ));
        let tokens = |text: &str| -> Vec<String> {
            let ids = both.ours.encode(text.as_bytes());
            let tokens: Vec<String> = ids
                .iter()
                .map(|&id| String::from_utf8(both.ours.token(id).unwrap().to_vec()).unwrap())
                .collect();
            let theirs = both.theirs.encode(text, false).unwrap();
            let theirs: Vec<String> =
                theirs.get_tokens().iter().map(|token| token.replace('\u{120}', " ")).collect();
            assert_eq!(tokens, theirs);
            tokens
        };
        assert_eq!((tokens(wrong).len(), tokens(right).len()), counts, "{size}");
    }
}

/// A rank file, its rule, its special tokens, and the same in tiktoken.
type RankFile =
    (&'static str, Scheme, &'static [(&'static str, u32)], &'static tiktoken_rs::CoreBPE);

fn rank_files() -> [RankFile; 3] {
    [
        ("r50k_base", Scheme::Gpt2, specials::R50K, tiktoken_rs::r50k_base_singleton()),
        ("cl100k_base", Scheme::Cl100k, specials::CL100K, tiktoken_rs::cl100k_base_singleton()),
        ("o200k_base", Scheme::O200k, specials::O200K, tiktoken_rs::o200k_base_singleton()),
    ]
}

#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn rank_files_of_shared_give_the_ids_of_tiktoken() {
    let texts = fixtures(2500);
    for (name, scheme, specials, theirs) in rank_files() {
        let file = read(&format!("corpora/reference/openai/{name}.tiktoken.zst"));
        let ours = Imported::from_tiktoken(&file, scheme, specials).unwrap();
        assert!(ours.is_lossless() && ours.merges_by_rank());
        for text in &texts {
            let (ids, spans) = ours.encode_spans(text.as_bytes(), Special::None);
            assert_eq!(ids, theirs.encode_ordinary(text), "{name}");
            assert_eq!(ids, ours.encode(text.as_bytes()));
            check_spans(&ours, text.as_bytes(), &ids, &spans);
        }
        for (special, id) in specials {
            let text = format!("a{special}{special} b<|end");
            let ids = ours.encode_with_special(text.as_bytes(), Special::All);
            assert_eq!(ids, theirs.encode_with_special_tokens(&text), "{name}");
            assert_eq!(ids.iter().filter(|&found| found == id).count(), 2);
            assert_eq!(ours.encode(text.as_bytes()), theirs.encode_ordinary(&text));
            assert_eq!(ours.decode(&ids).unwrap(), text.as_bytes());
        }
    }
}

/// Both readings of GPT-2, by ranks and by merges, and the two programs.
#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn gpt2_files_of_shared_give_the_ids_of_tiktoken() {
    let vocabulary = read("corpora/reference/gpt2/encoder.json.zst");
    let merges = read("corpora/reference/gpt2/vocab.bpe.zst");
    let ours = Imported::from_gpt2(&vocabulary, &merges, &["<|endoftext|>"]).unwrap();
    assert!(ours.is_lossless() && !ours.merges_by_rank());
    assert_eq!((ours.len(), ours.id_bound(), ours.pairs()), (50257, 50257, 50000));
    for text in fixtures(2500) {
        let expected = tiktoken_rs::r50k_base_singleton().encode_ordinary(&text);
        assert_eq!(ours.encode(text.as_bytes()), expected);
    }
}

/// What else is in the folder, and the reason for which each is refused.
#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn other_files_of_shared_are_refused_with_the_reason() {
    let refused = |path: &str, part: &str, found: &str| {
        let file = read(&format!("corpora/reference/{path}"));
        match Imported::from_tokenizer_json(&file).unwrap_err() {
            ImportError::Unsupported { part: p, found: f } => assert_eq!((p, &*f), (part, found)),
            other => panic!("{path}: {other}"),
        }
    };
    refused("gena-lm/t2t_1000h_multi_32k-tokenizer.json.zst", "normalizer", "Strip");
    let file = read("corpora/reference/claude-legacy/claude.json.zst");
    assert!(matches!(Imported::from_tokenizer_json(&file), Err(ImportError::Json { .. })));
}
