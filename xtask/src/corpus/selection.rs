//! Which documents of a corpus are trained on, and which evaluation keeps.

use std::{collections::HashSet, path::Path};

use polytok_core::Digest;

use super::{Entry, Format, Patterns, Split, each_document_until_error, entries, near::Near};
use crate::{failure::Outcome, source::Document};

/// What a recipe says of its documents.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// Globs of files.
    pub(crate) documents: &'a [String],
    /// Globs of files and of members of archives that are left out.
    pub(crate) exclude: &'a [String],
    /// A document goes if this share of it is in a longer one.
    pub(crate) near_duplicates: Option<f64>,
}

/// The documents that a recipe is about, and their two sides.
#[derive(Debug)]
pub(crate) struct Selection {
    entries: Vec<Entry>,
    exclude: Patterns,
    split: Split,
    /// Documents that are for the most part in others.
    near: HashSet<Digest>,
}

impl Selection {
    /// Looks through the folder; and, if near duplicates are to go, through all documents.
    pub(crate) fn new(corpus: &Path, wanted: Wanted<'_>, format: &Format) -> Outcome<Selection> {
        let mut selection = Selection {
            entries: entries(corpus, wanted.documents, wanted.exclude)?,
            exclude: Patterns::new(wanted.exclude)?,
            split: Split::of(corpus)?,
            near: HashSet::new(),
        };
        if let Some(share) = wanted.near_duplicates {
            let mut near = Near::default();
            for entry in &selection.entries {
                each_document_until_error(entry, format, &mut |document| {
                    if !selection.exclude.match_any(&document.name) {
                        near.add(&document.bytes);
                    }
                    Ok(())
                })?;
            }
            selection.near = near.repeated(share);
        }
        Ok(selection)
    }

    /// The files, by name.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether documents of a file may be kept from training.
    pub(crate) fn may_hold_out(&self, entry: &Entry) -> bool {
        match &self.split {
            Split::Listed(files) => files.contains(&entry.name),
            Split::Digest => true,
        }
    }

    /// Whether a document is trained on.
    pub(crate) fn trains(&self, entry: &Entry, document: &Document) -> bool {
        self.has(document) && !self.split.holds_out(&entry.name, &document.bytes)
    }

    /// Whether evaluation keeps a document.
    pub(crate) fn holds_out(&self, entry: &Entry, document: &Document) -> bool {
        self.has(document) && self.split.holds_out(&entry.name, &document.bytes)
    }

    fn has(&self, document: &Document) -> bool {
        // Most corpora have no near duplicates to look for, and a digest costs a pass.
        let repeated =
            !self.near.is_empty() && self.near.contains(blake3::hash(&document.bytes).as_bytes());
        !repeated && !self.exclude.match_any(&document.name)
    }

    /// How many documents are for the most part in others.
    pub(crate) fn near_duplicates(&self) -> usize {
        self.near.len()
    }
}
