//! A reader of vocabulary files written from `docs/vocabulary-format.md` alone: it shares nothing
//! with the library but blake3.

use polytok_core::{
    DocumentFrequency, Encoding, Layout, LoadError, RunCounting, SecondStage, SegmentCounts, Ties,
    TrainConfig, Vocabulary, Whole, train,
};
use proptest::prelude::*;

use crate::{
    format::{BODY, GOLDEN, forge},
    training::document,
};

/// What the document says is in a body, in its order.
#[derive(Debug, Default, PartialEq)]
struct Contents {
    segmenter: String,
    vocabulary_size: u64,
    min_count: u64,
    max_token_len: u64,
    runs: u64,
    whole_characters: bool,
    initial_merges: Vec<(u64, u64)>,
    added: Vec<Vec<u8>>,
    specials: Vec<String>,
    layout: u64,
    corpus: Vec<u8>,
    documents: u64,
    bytes: u64,
    version: String,
    merges: Vec<(u64, u64)>,
    counts: Vec<u64>,
    second_stage: Option<u64>,
    complement: Option<Vec<u64>>,
    later: Option<Later>,
    encoding: Option<u64>,
}

/// What files of version 2 go on with.
#[derive(Debug, Default, PartialEq)]
struct Later {
    ties: u64,
    stage: Option<(u64, u64, Vec<String>, Vec<String>)>,
    refused: Option<(u64, u64)>,
}

/// Reads from the front; `None` is a file to refuse.
struct Reader<'a> {
    file: &'a [u8],
    at: usize,
    /// Where each named field began.
    offsets: Vec<(usize, &'static str)>,
}

impl<'a> Reader<'a> {
    fn field(&mut self, name: &'static str) -> &mut Self {
        self.offsets.push((self.at, name));
        self
    }

    fn take(&mut self, n: u64) -> Option<&'a [u8]> {
        let bytes = self.file.get(self.at..self.at.checked_add(usize::try_from(n).ok()?)?)?;
        self.at += bytes.len();
        Some(bytes)
    }

    fn byte(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    fn integer(&mut self, width: u64) -> Option<u64> {
        let follow = match self.byte()? {
            small @ 0..=250 => return Some(small.into()),
            251 => 2,
            252 => 4,
            253 if width == 8 => 8,
            _ => return None,
        };
        Some(self.take(follow)?.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte)))
    }

    fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn variant(&mut self) -> Option<u64> {
        self.integer(4).filter(|&variant| variant < 2)
    }

    fn octets(&mut self) -> Option<Vec<u8>> {
        let n = self.integer(8)?;
        Some(self.take(n)?.to_vec())
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.octets()?).ok()
    }

    fn list<T>(&mut self, mut element: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let n = self.integer(8)?;
        (0..n).map(|_| element(self)).collect()
    }

    fn pair(&mut self) -> Option<(u64, u64)> {
        Some((self.integer(4)?, self.integer(4)?))
    }

    fn option<T>(&mut self, value: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.flag()? { value(self).map(Some) } else { Some(None) }
    }

    fn later(&mut self) -> Option<Later> {
        let ties = self.field("ties").variant()?;
        let stage = self.field("stage").option(|reader| {
            let (after, max_words) = (reader.integer(4)?, reader.integer(4)?);
            Some((after, max_words, reader.list(Self::text)?, reader.list(Self::text)?))
        })?;
        let refused = self.field("refused").option(Self::pair)?;
        Some(Later { ties, stage, refused })
    }

    fn contents(&mut self, version: u8) -> Option<Contents> {
        Some(Contents {
            segmenter: self.field("segmenter").text()?,
            vocabulary_size: self.field("vocabulary_size").integer(4)?,
            min_count: self.field("min_count").integer(8)?,
            max_token_len: self.field("max_token_len").integer(4)?,
            runs: self.field("runs").variant()?,
            whole_characters: self.field("whole_characters").flag()?,
            initial_merges: self.field("initial_merges").list(Self::pair)?,
            added: self.field("added").list(Self::octets)?,
            specials: self.field("specials").list(Self::text)?,
            layout: self.field("layout").variant()?,
            corpus: self.field("corpus").take(32)?.to_vec(),
            documents: self.field("documents").integer(8)?,
            bytes: self.field("bytes").integer(8)?,
            version: self.field("version").text()?,
            merges: self.field("merges").list(Self::pair)?,
            counts: self.field("counts").list(|reader| reader.integer(8))?,
            second_stage: self.field("second_stage").option(|reader| reader.integer(4))?,
            complement: self
                .field("complement")
                .option(|reader| reader.list(|reader| reader.integer(4)))?,
            later: if version == 1 { None } else { Some(self.later()?) },
            encoding: if version < 3 { None } else { Some(self.field("encoding").variant()?) },
        })
    }
}

/// Header and body; with the offsets of the fields of the body.
fn read(file: &[u8]) -> Option<(Contents, Vec<(usize, &'static str)>)> {
    let (header, body) = file.split_at_checked(50)?;
    let (before, digest) = header.split_at(18);
    let length = u64::from_le_bytes(before[10..].try_into().ok()?);
    if before[..8] != *b"polytk\r\n"
        || !matches!(before[8..10], [1..=3, 0])
        || length != body.len() as u64
        || *blake3::hash(&[before, body].concat()).as_bytes() != digest
    {
        return None;
    }
    let mut reader = Reader { file, at: 50, offsets: Vec::new() };
    let contents = reader.contents(before[8])?;
    (reader.at == file.len()).then_some((contents, reader.offsets))
}

/// The dump of the document.
#[test]
fn the_golden_file_holds_what_the_specification_says() {
    let (contents, offsets) = read(GOLDEN).unwrap();
    let expected = Contents {
        segmenter: "whole-1".into(),
        vocabulary_size: 264,
        min_count: 2,
        max_token_len: 16,
        runs: 1,
        whole_characters: true,
        initial_merges: vec![(97, 98)],
        added: vec![b"term".to_vec()],
        specials: vec!["<s>".into(), "</s>".into()],
        layout: 0,
        corpus: b"0123456789abcdef0123456789abcdef".to_vec(),
        documents: 7,
        bytes: 1 << 40,
        version: "0.1.0".into(),
        merges: vec![(97, 98), (256, 99), (98, 97), (99, 258)],
        counts: vec![0, 1 << 33, 5, 4],
        second_stage: Some(3),
        complement: None,
        later: None,
        encoding: None,
    };
    assert_eq!(contents, expected);
    let expected = [
        (0x32, "segmenter"),
        (0x3a, "vocabulary_size"),
        (0x3d, "min_count"),
        (0x3e, "max_token_len"),
        (0x3f, "runs"),
        (0x40, "whole_characters"),
        (0x41, "initial_merges"),
        (0x44, "added"),
        (0x4a, "specials"),
        (0x54, "layout"),
        (0x55, "corpus"),
        (0x75, "documents"),
        (0x76, "bytes"),
        (0x7f, "version"),
        (0x85, "merges"),
        (0x92, "counts"),
        (0x9f, "second_stage"),
        (0xa1, "complement"),
    ];
    assert_eq!(offsets, expected);
    assert_eq!(GOLDEN.len(), 0xa2);
}

proptest! {
    /// What the library writes, the reader of the document reads.
    #[test]
    fn written_files_hold_what_the_specification_says(
        corpus in document(),
        merges in 0u32..200,
        min_count in prop_oneof![0u64..4, any::<u64>()],
        max_token_len: u32,
        (disjoint, whole_characters, first, by_level) in any::<(bool, bool, bool, bool)>(),
        stage in prop::option::of((400u32..600, any::<u32>(), "[ \n]{0,3}", "[.,é]{0,3}")),
        specials in prop::collection::btree_set("[a-zé<>]{1,300}", 0..3),
        added in prop::collection::btree_set(prop::collection::vec(128u8.., 2..300), 0..3),
        segmenter in ".{0,9}",
        weight: u64,
        refused in prop::option::of(0u32..3),
        fewest: bool,
    ) {
        let mut counts = SegmentCounts::new(&segmenter);
        counts.add_segment(&corpus, 1);
        counts.add_segment(b"ab", weight >> 8);
        let config = TrainConfig {
            vocabulary_size: 300 + merges,
            min_count,
            max_token_len,
            runs: if disjoint { RunCounting::Disjoint } else { RunCounting::Adjacent },
            ties: if by_level { Ties::ByteLevel } else { Ties::Value },
            whole_characters,
            encoding: if fewest { Encoding::Fewest } else { Encoding::Merges },
            second_stage: stage.clone().map(|(after, max_words, separators, forbidden)| SecondStage {
                after,
                max_words,
                separators: vec![separators],
                forbidden: vec![forbidden],
            }),
            complement: Vec::new(),
            initial_merges: vec![(u32::from(b'a'), u32::from(b'b'))],
            added: added.into_iter().collect(),
            specials: specials.into_iter().collect(),
            layout: if first { Layout::SpecialsFirst } else { Layout::SpecialsLast },
        };
        let mut vocabulary = train(&counts, &config).unwrap();
        let learned = vocabulary.merges().len();
        if let Some(least) = refused {
            // No document was added, so all goes that may go.
            let frequency = DocumentFrequency::new(&vocabulary);
            vocabulary = vocabulary.refusing(&frequency, least).unwrap().vocabulary;
        }
        let dropped = learned - vocabulary.merges().len();
        prop_assert_eq!(dropped, if refused.unwrap_or(0) > 0 { learned - 1 } else { 0 });
        let pairs = |pairs: &[(u32, u32)]| -> Vec<(u64, u64)> {
            pairs.iter().map(|&(left, right)| (left.into(), right.into())).collect()
        };
        let expected = Contents {
            segmenter,
            vocabulary_size: vocabulary.provenance().config.vocabulary_size.into(),
            min_count,
            max_token_len: max_token_len.into(),
            runs: disjoint.into(),
            whole_characters,
            initial_merges: pairs(&config.initial_merges),
            added: config.added,
            specials: config.specials,
            layout: (!first).into(),
            corpus: counts.digest().to_vec(),
            documents: 2,
            bytes: counts.bytes(),
            version: env!("CARGO_PKG_VERSION").into(),
            merges: pairs(vocabulary.merges()),
            counts: vocabulary.merge_counts().to_vec(),
            second_stage: None,
            complement: None,
            encoding: fewest.then_some(1),
            later: (fewest || by_level || stage.is_some() || refused.is_some()).then(|| Later {
                refused: refused.map(|least| (least.into(), dropped as u64)),
                ties: by_level.into(),
                stage: stage.map(|(after, max_words, separators, forbidden)| {
                    (after.into(), max_words.into(), vec![separators], vec![forbidden])
                }),
            }),
        };
        let (contents, _) = read(&vocabulary.to_bytes().unwrap()).unwrap();
        prop_assert_eq!(contents, expected);
    }

    /// Both readers refuse the same bodies, but for those that decode and are no vocabulary.
    #[test]
    fn both_readers_refuse_the_same_bodies(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut body = GOLDEN[BODY..].to_vec();
        for (at, value) in changes {
            let at = at.index(body.len());
            body[at] = value;
        }
        let file = forge(&body);
        match Vocabulary::from_bytes(&file) {
            Ok(_) | Err(LoadError::Vocabulary(_)) => prop_assert!(read(&file).is_some()),
            Err(_) => prop_assert!(read(&file).is_none()),
        }
    }
}

/// An integer may be longer than it need be; it may not be wider than its field.
#[test]
fn integers_have_several_forms_and_one_width() {
    let with = |at: usize, old: usize, new: &[u8]| {
        forge(&[&GOLDEN[BODY..at], new, &GOLDEN[at + old..]].concat())
    };
    let (min_count, max_token_len) = (0x3d, 0x3e);
    for form in [&[2][..], &[251, 2, 0], &[252, 2, 0, 0, 0], &[253, 2, 0, 0, 0, 0, 0, 0, 0]] {
        let file = with(min_count, 1, form);
        assert_eq!(Vocabulary::from_bytes(&file).unwrap().to_bytes().unwrap(), GOLDEN);
        assert_eq!(read(&file).unwrap().0, read(GOLDEN).unwrap().0);
    }
    for form in [&[253, 16, 0, 0, 0, 0, 0, 0, 0][..], &[254], &[255]] {
        let file = with(max_token_len, 1, form);
        assert!(matches!(Vocabulary::from_bytes(&file), Err(LoadError::Malformed { .. })));
        assert!(read(&file).is_none());
    }
}

/// Lists of another length than their elements, and the whole of a file trained here.
#[test]
fn a_list_that_claims_more_than_there_is_is_refused() {
    let claim = [253, 255, 255, 255, 255, 255, 255, 255, 255];
    for at in [0x41, 0x44, 0x4a, 0x85, 0x92] {
        let file = forge(&[&GOLDEN[BODY..at], &claim, &GOLDEN[at + 1..]].concat());
        assert!(matches!(Vocabulary::from_bytes(&file), Err(LoadError::Malformed { .. })));
        assert!(read(&file).is_none());
    }
    let mut counts = SegmentCounts::new("whole-1");
    counts.add_document(&Whole, b"abcabc").unwrap();
    let file = train(&counts, &TrainConfig::default()).unwrap().to_bytes().unwrap();
    assert_eq!(read(&file).unwrap().0.merges, [(97, 98), (256, 99)]);
}
