//! Inputs of a measurement, in files that every program of it can read.

use std::path::Path;

use measure::{ModelFile, Text};
use polytok_core::{SegmentCounts, Segmenter, TrainConfig, Vocabulary, Whole, train_with};

use crate::{
    corpus::{self, Reader},
    failure::{Failure, Outcome},
    files, load,
    progress::Stage,
    source::Document,
};

/// Documents of one kind.
pub(super) struct Kind {
    name: &'static str,
    patterns: &'static [&'static str],
    exclude: &'static [&'static str],
    reader: Reader,
}

/// For public vocabularies. The names are those of the fixtures and of the larger corpora.
pub(super) const TEXTS: [Kind; 3] = [
    Kind { name: "English", patterns: &["text/en*"], exclude: &[], reader: Reader::Text },
    Kind { name: "code", patterns: &["code/*"], exclude: &[], reader: Reader::Text },
    Kind {
        name: "multilingual",
        patterns: &["text/m*"],
        exclude: &["*english*"],
        reader: Reader::Text,
    },
];

/// For own vocabularies.
pub(super) const RAWS: [Kind; 2] = [EXECUTABLES, GENOMES];

pub(super) const EXECUTABLES: Kind = Kind {
    name: "executables",
    patterns: &["binary/elf*", "binary/pe*", "binary/macho*"],
    exclude: &["binary/fixtures/*"],
    reader: Reader::Raw,
};

pub(super) const GENOMES: Kind = Kind {
    name: "genomes",
    patterns: &["genome/*.fa", "genome/*.fa.*", "genome/*.fasta", "genome/*.fna"],
    exclude: &[],
    reader: Reader::Sequences,
};

/// Text of all languages there are, for training.
pub(super) const ALL_TEXT: Kind =
    Kind { name: "text", patterns: &["text/*"], exclude: &[], reader: Reader::Text };

/// Entries of the own vocabularies.
const SIZES: [u32; 3] = [4096, 32_768, 65_536];

/// Entries of one that is for loading alone.
const LOADED: u32 = 131_072;

/// Pieces of longer documents take turns with those of other sources.
const PIECE: usize = 100_000;

/// Documents of one origin that take turns with others.
struct Origin {
    documents: std::vec::IntoIter<Vec<u8>>,
    taken: usize,
}

impl Kind {
    /// Documents of `bytes` in all, or what there is: of all origins alike, in turns.
    pub(super) fn text(&self, corpus: &Path, bytes: usize, folder: &Path) -> Outcome<Text> {
        let mut origins: Vec<Origin> = Vec::new();
        let mut last = None;
        for entry in self.entries(corpus)? {
            let mut pieces = Vec::new();
            for document in corpus::documents_until_error(&entry, &self.reader.into())? {
                // Those who take strings alone could not take part.
                if let Ok(text) = String::from_utf8(document.bytes) {
                    cut(&text, &mut pieces);
                }
            }
            // A folder of fixtures is one origin, as a bundle is.
            let source = entry.source().to_owned();
            match origins.last_mut().filter(|_| last.as_ref() == Some(&source)) {
                Some(origin) => {
                    let joined: Vec<_> = origin.documents.by_ref().chain(pieces).collect();
                    origin.documents = joined.into_iter();
                }
                None => origins.push(Origin { documents: pieces.into_iter(), taken: 0 }),
            }
            last = Some(source);
        }
        let (mut all, mut ends) = (Vec::new(), Vec::new());
        while all.len() < bytes {
            origins.retain(|origin| !origin.documents.as_slice().is_empty());
            let Some(origin) = origins.iter_mut().min_by_key(|origin| origin.taken) else { break };
            let Some(document) = origin.documents.next() else { break };
            origin.taken += document.len();
            all.extend(document);
            all.push(b'\n');
            ends.push(all.len());
        }
        // Programs do not agree on white space at the end of a text.
        all.truncate(all.trim_ascii_end().len());
        if let Some(end) = ends.last_mut() {
            *end = all.len();
        }
        self.told(&all, bytes)?;
        self.written(&all, ends, folder)
    }

    /// Own vocabularies of all sizes, and documents of up to `bytes` that their training has not
    /// seen.
    pub(super) fn raw(
        &self,
        corpus: &Path,
        bytes: usize,
        folder: &Path,
    ) -> Outcome<(Vec<ModelFile>, Text)> {
        let mut counts = SegmentCounts::new(Whole.id());
        let (mut all, mut ends) = (Vec::new(), Vec::new());
        self.each(corpus, &mut |document| {
            if !held_out(&document.bytes) {
                let counted = counts.add_document(&Whole, &document.bytes);
                counted.map_err(Failure::about(&document.name))?;
            } else if all.len() < bytes {
                all.extend(document.bytes);
                ends.push(all.len());
            }
            Ok(())
        })?;
        self.told(&all, bytes)?;
        let models = self.models(&counts, folder)?;
        let mut text = self.written(&all, ends, folder)?;
        let measured = models.iter().take(SIZES.len());
        text.vocabularies = measured.map(|model| model.name.clone()).collect();
        Ok((models, text))
    }

    /// All documents, by the names of their files.
    pub(super) fn each(&self, corpus: &Path, work: &mut dyn FnMut(Document) -> Outcome) -> Outcome {
        for entry in self.entries(corpus)? {
            for mut document in corpus::documents_until_error(&entry, &self.reader.into())? {
                if self.reader == Reader::Sequences {
                    // As the genome crate has it, merges join bases alone.
                    document.bytes.make_ascii_uppercase();
                    document.bytes.retain(|base| b"ACGT".contains(base));
                }
                work(document)?;
            }
        }
        Ok(())
    }

    fn entries(&self, corpus: &Path) -> Outcome<Vec<corpus::Entry>> {
        let owned = |patterns: &[&str]| patterns.iter().map(|&one| one.to_owned()).collect();
        let (patterns, exclude): (Vec<String>, Vec<String>) =
            (owned(self.patterns), owned(self.exclude));
        let entries = corpus::entries(corpus, &patterns, &exclude)?;
        if entries.is_empty() {
            let message = format!("{}: no {} in it", corpus.display(), self.name);
            return Err(Failure::Wrong(message));
        }
        Ok(entries)
    }

    fn told(&self, all: &[u8], wanted: usize) -> Outcome {
        if all.is_empty() {
            return Err(Failure::Wrong(format!("no {} can be read", self.name)));
        }
        if all.len() < wanted {
            let bytes = all.len();
            files::note(format!("{}: {bytes} bytes are all there is", self.name));
        }
        Ok(())
    }

    fn written(&self, all: &[u8], ends: Vec<usize>, folder: &Path) -> Outcome<Text> {
        let path = folder.join(self.name);
        files::write(&path, all)?;
        Ok(Text { name: self.name.to_owned(), path, ends, vocabularies: Vec::new() })
    }

    /// Vocabularies nest, so that one training gives all sizes. They are kept for the next run.
    fn models(&self, counts: &SegmentCounts, folder: &Path) -> Outcome<Vec<ModelFile>> {
        let digest = counts.digest();
        let digest: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let path = |size: u32| folder.join(format!("{}-{digest}-{size}.ptk", self.name));
        let sizes = || SIZES.into_iter().chain([LOADED]);
        if !sizes().all(|size| path(size).exists()) {
            let largest = self.trained(counts)?;
            for size in sizes() {
                let vocabulary = largest.shortened(size).map_err(Failure::about(self.name))?;
                let bytes = vocabulary.to_bytes().map_err(Failure::about(self.name))?;
                files::write(&path(size), &bytes)?;
            }
        }
        let model = |size: u32| {
            let name = format!("{}-{size}", self.name);
            ModelFile { name, path: path(size), ranks: false }
        };
        Ok(sizes().map(model).collect())
    }

    fn trained(&self, counts: &SegmentCounts) -> Outcome<Vocabulary> {
        let config = TrainConfig { vocabulary_size: LOADED, ..TrainConfig::default() };
        let stage = Stage::new(self.name, "merges");
        let vocabulary = train_with(counts, &config, &mut |progress| {
            if progress.merges % 1024 == 0 {
                stage.set(progress.merges as u64, progress.wanted as u64);
            }
        });
        stage.finish();
        vocabulary.map_err(Failure::about(self.name))
    }
}

/// Whether a document is measured, and not trained on: a quarter of all.
fn held_out(document: &[u8]) -> bool {
    blake3::hash(document).as_bytes()[0].is_multiple_of(4)
}

/// Cuts a text between characters.
fn cut(text: &str, pieces: &mut Vec<Vec<u8>>) {
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.floor_char_boundary(PIECE.min(rest.len()));
        let (piece, behind) = rest.split_at(end);
        pieces.push(piece.as_bytes().to_vec());
        rest = behind;
    }
}

/// The rank files of a folder, without compression.
pub(super) fn ranks(vocabularies: &Path, folder: &Path) -> Outcome<Vec<ModelFile>> {
    ["cl100k", "o200k"].map(|name| rank_file(name, vocabularies, folder)).into_iter().collect()
}

fn rank_file(name: &str, vocabularies: &Path, folder: &Path) -> Outcome<ModelFile> {
    let (_, bytes) = load::rank_file(vocabularies, name)?;
    let path = folder.join(format!("{name}_base.tiktoken"));
    files::write(&path, &bytes)?;
    Ok(ModelFile { name: name.to_owned(), path, ranks: true })
}
