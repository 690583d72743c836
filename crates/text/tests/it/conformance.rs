//! Imported vocabularies beside the programs they come from.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use polytok_core::Span;
use polytok_text::import::{Alphabet, Imported, ImportError, Scheme, Special, specials};
use proptest::prelude::*;
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
    let texts = fixtures(1500);
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
