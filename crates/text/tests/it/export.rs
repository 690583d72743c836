//! Exported vocabularies, read by the programs that define the formats.

use std::{fs, path::Path};

use polytok_core::{
    Layout, Provenance, SegmentCounts, Segmenter, Tokenizer, TrainConfig, Vocabulary, Whole, train,
};
use polytok_text::{
    Cl100k, Gpt2, Llama3, O200k, Qwen2,
    export::{ExportError, Version, pattern, to_tiktoken, to_tokenizer_json},
    import::{Imported, Scheme, Special},
};
use proptest::prelude::*;

fn fixture(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    String::from_utf8_lossy(&fs::read(root.join(path)).unwrap()).into_owned()
}

fn documents() -> Vec<String> {
    let paths = [
        "text/multilingual/ru_libreoffice_01040400.txt",
        "text/multilingual/ja_libreoffice_01020000.txt",
        "text/multilingual/hi_libreoffice_pages2.txt",
        "text/multilingual/de_libreoffice_01060500.txt",
        "text/multilingual/vie_udhr.txt",
    ];
    paths.into_iter().map(fixture).collect()
}

fn learn(segmenter: &dyn Segmenter, documents: &[String], config: TrainConfig) -> Vocabulary {
    let mut counts = SegmentCounts::new(segmenter.id());
    for document in documents {
        counts.add_document(segmenter, document.as_bytes()).unwrap();
    }
    train(&counts, &config).unwrap()
}

/// The segmenters that a pattern can describe.
fn segmenters() -> [Box<dyn Segmenter>; 6] {
    [
        Box::new(Whole),
        Box::new(Gpt2),
        Box::new(Cl100k),
        Box::new(Llama3),
        Box::new(Qwen2),
        Box::new(O200k),
    ]
}

fn config(layout: Layout, added: &[&str]) -> TrainConfig {
    TrainConfig {
        vocabulary_size: 600,
        specials: vec!["<|start|>".to_owned(), "<|end|>".to_owned()],
        added: added.iter().map(|token| token.as_bytes().to_vec()).collect(),
        layout,
        ..TrainConfig::default()
    }
}

#[test]
fn an_exported_file_gives_equal_ids_in_the_library() {
    let documents = documents();
    for segmenter in segmenters() {
        for layout in [Layout::SpecialsFirst, Layout::SpecialsLast] {
            let vocabulary = learn(&segmenter, &documents, config(layout, &[]));
            let file = to_tokenizer_json(&vocabulary, Version::V1).unwrap();
            let library = tokenizers::Tokenizer::from_bytes(file.as_bytes()).unwrap();
            let imported = Imported::from_tokenizer_json(file.as_bytes()).unwrap();
            let second = match to_tokenizer_json(&vocabulary, Version::V2) {
                Ok(second) => Imported::from_tokenizer_json(second.as_bytes()).unwrap(),
                Err(error) => {
                    assert_eq!(segmenter.id(), "cl100k-1", "{error}");
                    imported.clone()
                }
            };
            assert!(imported.is_lossless() && second.is_lossless());
            assert_eq!(library.get_vocab_size(true), vocabulary.len());
            let end = vocabulary.special("<|end|>").unwrap();
            assert_eq!(library.token_to_id("<|end|>"), Some(end));
            for id in 0..vocabulary.len() as u32 {
                assert_eq!(imported.token(id), vocabulary.token(id));
            }
            let tokenizer = Tokenizer::new(vocabulary, by_id(segmenter.id())).unwrap();
            for document in &documents {
                let ids = tokenizer.encode(document.as_bytes());
                let theirs = library.encode_fast(document.as_str(), false).unwrap();
                assert_eq!(ids, theirs.get_ids(), "{}", segmenter.id());
                assert_eq!(ids, imported.encode(document.as_bytes()));
                assert_eq!(ids, second.encode(document.as_bytes()));
            }
            let text = "a<|end|>b";
            let theirs = library.encode_fast(text, false).unwrap();
            assert!(theirs.get_ids().contains(&end));
            let ours = imported.encode_with_special(text.as_bytes(), Special::All);
            assert_eq!(ours, theirs.get_ids());
            assert_eq!(imported.encode(text.as_bytes()), tokenizer.encode(text.as_bytes()));
        }
    }
}

fn by_id(id: &str) -> Box<dyn Segmenter> {
    segmenters().into_iter().find(|segmenter| segmenter.id() == id).unwrap()
}

#[test]
fn an_exported_rank_file_gives_equal_ids_in_tiktoken() {
    let documents = documents();
    for segmenter in segmenters() {
        for layout in [Layout::SpecialsFirst, Layout::SpecialsLast] {
            let vocabulary = learn(&segmenter, &documents, config(layout, &[]));
            let file = to_tiktoken(&vocabulary).unwrap();
            let pattern = pattern(segmenter.id()).unwrap();
            let specials: Vec<(&str, u32)> = ["<|start|>", "<|end|>"]
                .into_iter()
                .map(|name| (name, vocabulary.special(name).unwrap()))
                .collect();
            let ranks = (0..vocabulary.len() as u32)
                .filter(|id| specials.iter().all(|(_, special)| special != id))
                .map(|id| (vocabulary.token(id).unwrap().to_vec(), id))
                .collect();
            let names = specials.iter().map(|&(name, id)| (name.to_owned(), id)).collect();
            let tiktoken = tiktoken_rs::CoreBPE::new(ranks, names, pattern).unwrap();
            let imported = Imported::from_tiktoken(&file, Scheme::Gpt2, &specials).unwrap();
            let gpt2 = segmenter.id() == "gpt2-1";
            let tokenizer = Tokenizer::new(vocabulary, by_id(segmenter.id())).unwrap();
            for document in &documents {
                let ids = tokenizer.encode(document.as_bytes());
                assert_eq!(ids, tiktoken.encode_ordinary(document), "{}", segmenter.id());
                if gpt2 {
                    assert_eq!(ids, imported.encode(document.as_bytes()));
                }
            }
        }
    }
}

/// Added tokens stand for whole segments, in the library as here.
#[test]
fn added_tokens_are_exported_as_whole_pieces() {
    let documents = documents();
    let added = [" Zylinderkopfdichtung", "Zylinderkopfdichtung", "!?!", "\u{301}\u{301}"];
    for layout in [Layout::SpecialsFirst, Layout::SpecialsLast] {
        let vocabulary = learn(&Gpt2, &documents, config(layout, &added));
        let file = to_tokenizer_json(&vocabulary, Version::V1).unwrap();
        let library = tokenizers::Tokenizer::from_bytes(file.as_bytes()).unwrap();
        let imported = Imported::from_tokenizer_json(file.as_bytes()).unwrap();
        let tokenizer = Tokenizer::new(vocabulary, Gpt2).unwrap();
        let text = "Zylinderkopfdichtung Zylinderkopfdichtung Zylinderkopfdichtungen !?! ?!?!!";
        let ids = tokenizer.encode(text.as_bytes());
        assert_eq!(ids, library.encode_fast(text, false).unwrap().get_ids());
        assert_eq!(ids, imported.encode(text.as_bytes()));
        let added = tokenizer.encode(b"Zylinderkopfdichtung");
        assert_eq!(added.len(), 1);
        assert_eq!(ids[0], added[0]);
    }
}

fn handmade(segmenter: &str, config: TrainConfig, merges: &[(u32, u32)]) -> Vocabulary {
    let provenance = Provenance::handmade(segmenter, config);
    Vocabulary::new(provenance, merges.to_vec(), vec![1; merges.len()]).unwrap()
}

#[test]
fn what_a_format_cannot_say_is_refused_with_the_reason() {
    let (a, b, c) = (u32::from(b'a'), u32::from(b'b'), u32::from(b'c'));
    let plain = TrainConfig::default;
    let both = |vocabulary: &Vocabulary| {
        (to_tokenizer_json(vocabulary, Version::V1).err(), to_tiktoken(vocabulary).err())
    };

    let genome = ExportError::Segmenter { id: "genome-1".to_owned() };
    let vocabulary = handmade("genome-1", plain(), &[(a, b)]);
    assert_eq!(both(&vocabulary), (Some(genome.clone()), Some(genome.clone())));
    assert_eq!(pattern("genome-1"), Err(genome));
    assert!(pattern("text-1").is_err() && pattern("words-1").is_err());

    let provenance = Provenance::handmade("gpt2-1", plain());
    let vocabulary = Vocabulary::with_stages(provenance, vec![(a, b)], vec![1], Some(0)).unwrap();
    assert_eq!(both(&vocabulary), (Some(ExportError::TwoStages), Some(ExportError::TwoStages)));

    // ab, bc, abc of a and bc: the bytes abc merge to ab and c.
    let vocabulary = handmade("gpt2-1", plain(), &[(a, b), (b, c), (a, 257)]);
    assert_eq!(both(&vocabulary), (None, Some(ExportError::Unreachable { token: 258 })));

    let added = |token: &str| TrainConfig { added: vec![token.into()], ..plain() };
    let vocabulary = handmade("gpt2-1", added("abab"), &[(a, b)]);
    assert_eq!(both(&vocabulary), (None, Some(ExportError::AddedCouldMerge { token: 257 })));
    let vocabulary = handmade("gpt2-1", added("xyz"), &[(a, b), (b, c), (a, 257)]);
    let unreachable = ExportError::Unreachable { token: 258 };
    assert_eq!(both(&vocabulary), (Some(unreachable.clone()), Some(unreachable)));

    let special = |name: &str| ExportError::Special { name: name.to_owned() };
    let config = |name: &str, added: &[&str]| TrainConfig {
        specials: vec![name.to_owned()],
        added: added.iter().map(|token| token.as_bytes().to_vec()).collect(),
        layout: Layout::SpecialsFirst,
        ..plain()
    };
    for name in ["ab", "\u{e9}", "\u{120}"] {
        let vocabulary = handmade("gpt2-1", config(name, &[]), &[(a, b)]);
        assert_eq!(both(&vocabulary).0, Some(special(name)));
    }
    let vocabulary = handmade("gpt2-1", config("end", &["xyz"]), &[(a, b)]);
    assert_eq!(both(&vocabulary), (Some(special("end")), None));
    let vocabulary = handmade("gpt2-1", config("<end>", &["xyz"]), &[(a, b)]);
    assert_eq!(both(&vocabulary), (None, None));
}

#[test]
fn the_file_is_written_in_the_order_of_ids() {
    let (a, b) = (u32::from(b'a'), u32::from(b'b'));
    let config = TrainConfig { specials: vec!["<s>".to_owned()], ..TrainConfig::default() };
    let vocabulary = handmade("gpt2-1", config, &[(a, b)]);
    let file = to_tokenizer_json(&vocabulary, Version::V1).unwrap();
    let start = r#"{"version":"1.0","truncation":null,"padding":null,"added_tokens":[{"id":"#;
    assert!(file.starts_with(start), "{file}");
    assert!(file.contains("\"vocab\":{\"\u{100}\":0,\"\u{101}\":1,"), "{file}");
    assert!(file.contains(",\"\u{ff}\":255,\"ab\":256},"), "{file}");
    assert!(file.ends_with("\"merges\":[[\"a\",\"b\"]]}}\n"), "{file}");
}

proptest! {
    /// Merges of any kind, proper or not, over the segments of every rule.
    #[test]
    fn exports_of_any_merges_give_equal_ids(
        joins in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..30),
        segmenter in 0usize..6,
        texts in prop::collection::vec("[ab1 \n\t'.\u{e9}\u{4e00}sS]{0,40}", 6),
    ) {
        let segmenter = &segmenters()[segmenter];
        let letters: Vec<u32> = b"ab1 \n.\xc3\xa9s'".iter().map(|&byte| byte.into()).collect();
        let mut known: Vec<(u32, Vec<u8>)> =
            letters.iter().map(|&letter| (letter, vec![letter as u8])).collect();
        let mut merges = Vec::new();
        for (left, right) in joins {
            let (left, right) = (&known[left.index(known.len())], &known[right.index(known.len())]);
            let joined = [&left.1[..], &right.1].concat();
            if known.iter().all(|(_, bytes)| *bytes != joined) {
                merges.push((left.0, right.0));
                known.push((255 + merges.len() as u32, joined));
            }
        }
        let vocabulary = handmade(segmenter.id(), TrainConfig::default(), &merges);
        let file = to_tokenizer_json(&vocabulary, Version::V1).unwrap();
        let library = tokenizers::Tokenizer::from_bytes(file.as_bytes()).unwrap();
        let imported = Imported::from_tokenizer_json(file.as_bytes()).unwrap();
        let ranks = to_tiktoken(&vocabulary);
        prop_assert_eq!(ranks.is_ok(), vocabulary.unreachable().is_empty());
        let tiktoken = ranks.is_ok().then(|| {
            let ranks = (0..vocabulary.len() as u32)
                .map(|id| (vocabulary.token(id).unwrap().to_vec(), id))
                .collect();
            let pattern = pattern(segmenter.id()).unwrap();
            tiktoken_rs::CoreBPE::new(ranks, Default::default(), pattern).unwrap()
        });
        let tokenizer = Tokenizer::new(vocabulary, by_id(segmenter.id())).unwrap();
        for text in &texts {
            let ids = tokenizer.encode(text.as_bytes());
            let theirs = library.encode_fast(text.as_str(), false).unwrap();
            prop_assert_eq!(&ids[..], theirs.get_ids());
            prop_assert_eq!(&ids, &imported.encode(text.as_bytes()));
            if let Some(tiktoken) = &tiktoken {
                prop_assert_eq!(&ids, &tiktoken.encode_ordinary(text));
            }
        }
    }
}
