//! From folders and bundles to documents.
//!
//! A corpus is a folder. Its files are documents as they are, or hold several; `docs/corpora.md` says
//! which. All are read as streams.

mod bundle;
mod format;
mod lines;
mod near;
mod parquet;
mod patterns;
mod selection;
mod split;
mod stream;

use std::path::{Path, PathBuf};

use self::patterns::Patterns;
pub(crate) use self::{
    format::{Format, Reader},
    selection::{Selection, Wanted},
    split::Split,
    stream::records,
};
use crate::{
    failure::{Failure, Outcome},
    files,
    source::{Document, Source},
};

/// What is done with a document.
pub(crate) type Each<'a> = dyn FnMut(Document) -> Outcome + 'a;

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
    let (patterns, exclude) = (Patterns::new(patterns)?, Patterns::new(exclude)?);
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
            if patterns.match_any(&name) && !exclude.match_any(&name) {
                found.push(Entry { path, name });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// The folder of a corpus, that of the fixtures if none is named.
pub(crate) fn folder(named: Option<&Path>) -> Outcome<PathBuf> {
    let folder = named.map_or_else(|| files::workspace().join("fixtures"), Path::to_path_buf);
    if !folder.is_dir() {
        return Err(Failure::Wrong(format!("{}: no such folder", folder.display())));
    }
    Ok(folder)
}

/// Calls for each document of a file, of which no more than one is in memory at a time, up to where the
/// file is damaged: a corpus does not fail over a file that is cut short. A file that gives nothing at
/// all is an error, and so is what `each` says.
pub(crate) fn each_document_until_error(
    entry: &Entry,
    format: &Format,
    each: &mut Each<'_>,
) -> Outcome {
    let (mut given, mut refused) = (false, false);
    let read = stream::read(entry, format, &mut |document| {
        given = true;
        each(document).inspect_err(|_| refused = true)
    });
    match read {
        Err(failure) if given && !refused && !format.is_strict() => {
            files::note(format!("warning: {failure}; what stands before it is kept"));
            Ok(())
        }
        read => read,
    }
}

/// The documents of a file.
pub(crate) fn documents(entry: &Entry, format: &Format) -> Outcome<Vec<Document>> {
    let mut documents = Vec::new();
    stream::read(entry, format, &mut |document| {
        documents.push(document);
        Ok(())
    })?;
    Ok(documents)
}

/// The documents of a file, up to where it is damaged.
pub(crate) fn documents_until_error(entry: &Entry, format: &Format) -> Outcome<Vec<Document>> {
    let mut documents = Vec::new();
    each_document_until_error(entry, format, &mut |document| {
        documents.push(document);
        Ok(())
    })?;
    Ok(documents)
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
pub(crate) fn named(paths: &[PathBuf], format: &Format) -> Outcome<Vec<Source>> {
    let source = |path: &PathBuf| {
        let mut all = Vec::new();
        for entry in files_of(path)? {
            all.extend(documents(&entry, format)?);
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
