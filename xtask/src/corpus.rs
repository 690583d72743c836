//! From folders and bundles to documents.
//!
//! A corpus is a folder. Its files are documents as they are, or bundles: `.txt.zst` holds
//! documents between lines of one form feed, `.tar` and `.tar.zst` hold files, `.zst` and, for text
//! and sequences, `.gz` a compressed file.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use crate::{
    failure::{Failure, Outcome},
    files,
    source::{Document, Source},
};

/// What the bytes of a file are before they are tokenized.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Reader {
    /// Text as it is.
    Text,
    /// Files as they are; bundles of text are not taken apart.
    Raw,
    /// FASTA and FASTQ: every record's sequence is a document.
    Sequences,
}

/// Which documents evaluation keeps from training.
#[derive(Clone, Debug)]
pub(crate) enum Split {
    /// Those named in `HELDOUT.txt` of the corpus.
    Listed(BTreeSet<String>),
    /// Those whose digest (blake3, read as a big-endian number) is 0 modulo 10.
    Digest,
}

impl Split {
    /// The split of a corpus: the list if it has one, digests otherwise.
    pub(crate) fn of(corpus: &Path) -> Outcome<Split> {
        let list = corpus.join("HELDOUT.txt");
        if !list.exists() {
            return Ok(Split::Digest);
        }
        let text = std::fs::read_to_string(&list).map_err(Failure::about(list.display()))?;
        Ok(Split::Listed(text.lines().map(|line| line.trim().to_owned()).collect()))
    }

    /// Whether a document of a file is kept from training.
    pub(crate) fn holds_out(&self, file: &str, document: &[u8]) -> bool {
        match self {
            Split::Listed(files) => files.contains(file),
            Split::Digest => {
                let digest = blake3::hash(document);
                digest.as_bytes().iter().fold(0, |rest, &b| (rest * 256 + u32::from(b)) % 10) == 0
            }
        }
    }
}

/// A file of a corpus.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its path within the corpus, with slashes.
    pub(crate) name: String,
}

impl Entry {
    /// What its documents are counted under: the bundle, or the folder of a plain file.
    pub(crate) fn source(&self) -> &str {
        let bundle = [".txt.zst", ".tar.zst", ".fa.zst", ".fq.zst", ".jsonl.zst", ".csv.zst"];
        if let Some(name) = bundle.iter().find_map(|suffix| self.name.strip_suffix(suffix)) {
            return name;
        }
        self.name.rsplit_once('/').map_or("documents", |(folder, _)| folder)
    }
}

/// The files below `root` that one of the patterns matches and no excluded one does, by name.
pub(crate) fn entries(root: &Path, patterns: &[String], exclude: &[String]) -> Outcome<Vec<Entry>> {
    let compile = |patterns: &[String]| {
        patterns
            .iter()
            .map(|pattern| glob::Pattern::new(pattern).map_err(Failure::about(pattern)))
            .collect::<Outcome<Vec<_>>>()
    };
    let (patterns, exclude) = (compile(patterns)?, compile(exclude)?);
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let listing = std::fs::read_dir(&folder).map_err(Failure::about(folder.display()))?;
        for item in listing {
            let path = item.map_err(Failure::about(folder.display()))?.path();
            // Links to folders are not followed: they may lead round in circles.
            if path.is_dir() {
                if !path.is_symlink() {
                    folders.push(path);
                }
                continue;
            }
            let below = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            let name = parts.join("/");
            let matches = |patterns: &[glob::Pattern]| patterns.iter().any(|p| p.matches(&name));
            if matches(&patterns) && !matches(&exclude) {
                found.push(Entry { path, name });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// The documents of a file.
pub(crate) fn documents(entry: &Entry, reader: Reader) -> Outcome<Vec<Document>> {
    let mut documents = Vec::new();
    read(entry, reader, &mut documents)?;
    Ok(documents)
}

/// The documents of a file, up to where it is damaged: a corpus does not fail over a file that is
/// cut short. A file that gives nothing at all is an error.
pub(crate) fn documents_until_error(entry: &Entry, reader: Reader) -> Outcome<Vec<Document>> {
    let mut documents = Vec::new();
    match read(entry, reader, &mut documents) {
        Err(failure) if !documents.is_empty() => {
            files::note(format!("warning: {failure}; what stands before it is kept"));
        }
        read => read?,
    }
    Ok(documents)
}

fn read(entry: &Entry, reader: Reader, documents: &mut Vec<Document>) -> Outcome {
    let open = || File::open(&entry.path).map_err(Failure::about(entry.path.display()));
    let decode = |decoder: &mut dyn Read| {
        let mut bytes = Vec::new();
        decoder.read_to_end(&mut bytes).map_err(Failure::about(&entry.name))?;
        Ok(bytes)
    };
    let name = entry.name.as_str();
    if let Some(inner) = name.strip_suffix(".zst") {
        let mut decoder = zstd::Decoder::new(open()?).map_err(Failure::about(name))?;
        if inner.ends_with(".tar") {
            return read_tar(inner, decoder, reader, documents);
        }
        let bytes = decode(&mut decoder)?;
        if reader == Reader::Text && inner.ends_with(".txt") {
            split_bundle(inner, &bytes, documents);
            return Ok(());
        }
        return read_one(inner, bytes, reader, documents);
    }
    if name.ends_with(".tar") {
        return read_tar(name, BufReader::new(open()?), reader, documents);
    }
    match name.strip_suffix(".gz") {
        // Sequences find out for themselves, and files as they are stay as they are.
        Some(inner) if reader == Reader::Text => {
            let bytes = decode(&mut MultiGzDecoder::new(open()?))?;
            read_one(inner, bytes, reader, documents)
        }
        _ => read_one(name, decode(&mut open()?)?, reader, documents),
    }
}

/// Documents stand between lines that hold one form feed.
fn split_bundle(name: &str, bundle: &[u8], documents: &mut Vec<Document>) {
    const MARK: &[u8] = b"\n\x0c\n";
    let mut rest = bundle;
    let mut push = |mut bytes: &[u8]| {
        // A mark at the start, or right behind another, has no line before it.
        while let Some(rest) = bytes.strip_prefix(&MARK[1..]) {
            bytes = rest;
        }
        if !bytes.is_empty() {
            let name = format!("{name}#{}", documents.len());
            documents.push(Document { name, bytes: bytes.to_vec() });
        }
    };
    while let Some(at) = rest.windows(MARK.len()).position(|window| window == MARK) {
        push(&rest[..at]);
        rest = &rest[at + MARK.len()..];
    }
    push(rest);
}

fn read_tar(name: &str, tar: impl Read, reader: Reader, documents: &mut Vec<Document>) -> Outcome {
    let mut archive = tar::Archive::new(tar);
    for member in archive.entries().map_err(Failure::about(name))? {
        let mut member = member.map_err(Failure::about(name))?;
        if !member.header().entry_type().is_file() {
            continue;
        }
        let path = member.path().map_err(Failure::about(name))?.to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).map_err(Failure::about(name))?;
        read_one(&format!("{name}/{path}"), bytes, reader, documents)?;
    }
    Ok(())
}

/// A file that is not taken apart any further, but for the records of sequences.
fn read_one(name: &str, bytes: Vec<u8>, reader: Reader, documents: &mut Vec<Document>) -> Outcome {
    match reader {
        Reader::Text | Reader::Raw => documents.push(Document { name: name.to_owned(), bytes }),
        Reader::Sequences => {
            for record in records(name, &bytes)? {
                documents.push(record?);
            }
        }
    }
    Ok(())
}

/// The sequences of a FASTA or FASTQ file, gzip or not.
pub(crate) fn records<'a>(
    name: &'a str,
    file: &'a [u8],
) -> Outcome<impl Iterator<Item = Outcome<Document>> + 'a> {
    let reader = polytok_genome::Reader::new(file).map_err(Failure::about(name))?;
    Ok(reader.map(move |record| {
        let record = record.map_err(Failure::about(name))?;
        let name = format!("{name}:{}", record.name_lossy());
        Ok(Document { name, bytes: record.sequence })
    }))
}

/// The files that a path names: itself, or all below it.
pub(crate) fn files_of(path: &Path) -> Outcome<Vec<Entry>> {
    let found = if path.is_dir() {
        entries(path, &["*".to_owned()], &[])?
    } else {
        vec![Entry { path: path.to_owned(), name: last_part(path) }]
    };
    if found.is_empty() {
        return Err(Failure::Wrong(format!("{}: no files", path.display())));
    }
    Ok(found)
}

/// Documents of paths that a user names, each a source that is called by the last part of its path:
/// however a path is spelled, its figures have one name.
pub(crate) fn named(paths: &[PathBuf], reader: Reader) -> Outcome<Vec<Source>> {
    let source = |path: &PathBuf| {
        let mut all = Vec::new();
        for entry in files_of(path)? {
            all.extend(documents(&entry, reader)?);
        }
        Ok(Source { name: last_part(path), documents: all })
    };
    paths.iter().map(source).collect()
}

fn last_part(path: &Path) -> String {
    let full = path.canonicalize();
    let full = full.as_deref().unwrap_or(path);
    full.file_name().unwrap_or(full.as_os_str()).to_string_lossy().into_owned()
}
