//! A pass over the documents that training may see: one thread decodes, all others work.

use std::{
    collections::HashSet,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
};

use polytok_core::{
    Digest, DocumentFrequency, RunCounts, SegmentCounts, Segmenter, SegmenterMismatch, Tokenizer,
    Vocabulary, corpus_digest,
};
use polytok_domain::Noise;
use rayon::prelude::*;

use crate::{
    corpus::{self, Entry, Selection},
    failure::{Failure, Outcome},
    files, modality,
    progress::Stage,
    recipe::Recipe,
    source::Document,
};

/// Bytes of documents that are decoded together; three times as many are in memory.
const BATCH: usize = 8 << 20;

/// A share of the files of a corpus: the `part`-th of `of`, from 1 on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Part {
    pub(crate) part: u64,
    pub(crate) of: u64,
}

impl Part {
    pub(crate) const ALL: Part = Part { part: 1, of: 1 };

    /// Every file is in one part, whatever others there are.
    fn holds(self, entry: &Entry) -> bool {
        let digest = *blake3::hash(entry.name.as_bytes()).as_bytes();
        let number = digest.iter().take(8).fold(0u64, |number, &b| number << 8 | u64::from(b));
        number % self.of == self.part - 1
    }
}

/// Counts the segments of the documents that training may see.
pub(crate) fn count(recipe: &Recipe, corpus: &Path, part: Part) -> Outcome<SegmentCounts> {
    let segmenter = recipe.segmenter()?;
    let pass = Pass::new(recipe, corpus, &*segmenter)?;
    let counts = pass.fold(
        part,
        || SegmentCounts::new(segmenter.id()),
        |counts, document| counts.add_document(&*segmenter, document),
        SegmentCounts::merge,
    )?;
    pass.tell();
    if counts.documents() == 0 && part == Part::ALL {
        return Err(Failure::Wrong(format!(
            "{}: no documents in {} match {}",
            recipe.name,
            corpus.display(),
            recipe.documents.join(", ")
        )));
    }
    Ok(counts)
}

/// Counts the runs of tokens of the documents that training may see.
pub(crate) fn count_runs(recipe: &Recipe, corpus: &Path, first: &Vocabulary) -> Outcome<RunCounts> {
    let segmenter = recipe.segmenter()?;
    let empty = RunCounts::new(first).map_err(Failure::about(&recipe.name))?;
    Pass::new(recipe, corpus, &*segmenter)?.fold(
        Part::ALL,
        || empty.empty_like(),
        |runs, document| runs.add_document(&*segmenter, document),
        RunCounts::merge,
    )
}

/// How often the documents that training may see use each token, by id.
pub(crate) fn uses(recipe: &Recipe, corpus: &Path, tokenizer: &Tokenizer) -> Outcome<Vec<u64>> {
    let segmenter = recipe.segmenter()?;
    Pass::new(recipe, corpus, &*segmenter)?.fold(
        Part::ALL,
        || vec![0; tokenizer.vocabulary().len()],
        |uses, document| {
            tokenizer.uses(document, uses);
            Ok(())
        },
        |all, uses| {
            all.iter_mut().zip(uses).for_each(|(all, uses)| *all += uses);
            Ok(())
        },
    )
}

/// In how many of the documents that training may see each token is.
pub(crate) fn document_frequency(
    recipe: &Recipe,
    corpus: &Path,
    tokenizer: &Tokenizer,
) -> Outcome<DocumentFrequency> {
    let segmenter = recipe.segmenter()?;
    Pass::new(recipe, corpus, &*segmenter)?.fold(
        Part::ALL,
        || DocumentFrequency::new(tokenizer.vocabulary()),
        |frequency, document| {
            frequency.add(tokenizer, document);
            Ok(())
        },
        |all, frequency| {
            all.merge(&frequency);
            Ok(())
        },
    )
}

/// Calls for each document that training may see, as it is counted, one after the other.
pub(crate) fn each_document(
    recipe: &Recipe,
    corpus: &Path,
    each: &mut dyn FnMut(&[u8]) -> Outcome,
) -> Outcome {
    let segmenter = recipe.segmenter()?;
    let pass = Pass::new(recipe, corpus, &*segmenter)?;
    for entry in pass.selection.entries() {
        corpus::each_document_until_error(entry, &recipe.format(), &mut |document| {
            pass.prepare(entry, document).map_or(Ok(()), |document| each(&document))
        })?;
    }
    Ok(())
}

/// The digest of the documents that training may see, as they are counted.
pub(crate) fn digest(recipe: &Recipe, corpus: &Path) -> Outcome<Digest> {
    let segmenter = recipe.segmenter()?;
    let digests = Pass::new(recipe, corpus, &*segmenter)?.fold(
        Part::ALL,
        Vec::new,
        |digests, document| {
            digests.push(*blake3::hash(document).as_bytes());
            Ok(())
        },
        |digests, mut more| {
            digests.append(&mut more);
            Ok(())
        },
    )?;
    Ok(corpus_digest(digests))
}

/// A pass over a corpus as a recipe says.
struct Pass<'a> {
    recipe: &'a Recipe,
    segmenter: &'a dyn Segmenter,
    selection: Selection,
    /// Digests of the documents there were, if equal ones are left out.
    seen: Mutex<HashSet<Digest>>,
    repeated: AtomicU64,
    cut: AtomicU64,
}

impl<'a> Pass<'a> {
    fn new(recipe: &'a Recipe, corpus: &Path, segmenter: &'a dyn Segmenter) -> Outcome<Pass<'a>> {
        Ok(Pass {
            recipe,
            segmenter,
            selection: recipe.selection(corpus)?,
            seen: Mutex::default(),
            repeated: AtomicU64::new(0),
            cut: AtomicU64::new(0),
        })
    }

    /// Adds every document to one of several states, and joins these.
    fn fold<S: Send>(
        &self,
        part: Part,
        new: impl Fn() -> S + Sync,
        add: impl Fn(&mut S, &[u8]) -> Result<(), SegmenterMismatch> + Sync,
        merge: impl Fn(&mut S, S) -> Result<(), SegmenterMismatch>,
    ) -> Outcome<S> {
        let entries = self.selection.entries().iter().filter(|entry| part.holds(entry));
        let entries: Vec<&Entry> = entries.collect();
        // One for each thread, so that none ever waits for another.
        let states: Vec<Mutex<S>> =
            (0..rayon::current_num_threads()).map(|_| Mutex::new(new())).collect();
        let work = |(entry, document): (&Entry, Document)| {
            let Some(document) = self.prepare(entry, document) else { return Ok(()) };
            let state = &states[rayon::current_thread_index().unwrap_or(0)];
            add(&mut state.lock().unwrap_or_else(PoisonError::into_inner), &document)
                .map_err(Failure::about(&self.recipe.name))
        };
        std::thread::scope(|scope| {
            let (send, receive) = mpsc::sync_channel(1);
            let entries = &entries;
            let decoding = scope.spawn(move || self.decode(entries, &send));
            for batch in receive {
                // Behind an error the thread that decodes finds nobody who listens, and ends.
                let batch: Vec<(&Entry, Document)> = batch;
                batch.into_par_iter().try_for_each(work)?;
            }
            decoding.join().map_err(|_| Failure::Wrong("decoding failed".to_owned()))?
        })?;
        let mut states = states
            .into_iter()
            .map(|state| state.into_inner().unwrap_or_else(PoisonError::into_inner));
        let mut all = states.next().unwrap_or_else(new);
        for state in states {
            merge(&mut all, state).map_err(Failure::about(&self.recipe.name))?;
        }
        Ok(all)
    }

    /// Sends documents with their files, in batches.
    fn decode<'e>(
        &self,
        entries: &[&'e Entry],
        send: &mpsc::SyncSender<Vec<(&'e Entry, Document)>>,
    ) -> Outcome {
        let stage = Stage::new(&self.recipe.name, "files");
        let (mut batch, mut bytes) = (Vec::new(), 0);
        let gone = || Failure::Wrong("counting has stopped".to_owned());
        for (number, &entry) in entries.iter().enumerate() {
            corpus::each_document_until_error(entry, &self.recipe.format(), &mut |document| {
                bytes += document.bytes.len();
                batch.push((entry, document));
                if bytes >= BATCH {
                    bytes = 0;
                    send.send(std::mem::take(&mut batch)).map_err(|_| gone())?;
                }
                Ok(())
            })?;
            stage.set(number as u64 + 1, entries.len() as u64);
        }
        stage.finish();
        send.send(batch).map_err(|_| gone())
    }

    /// A document as it is counted; none if it is for evaluation, or was there already.
    fn prepare(&self, entry: &Entry, document: Document) -> Option<Vec<u8>> {
        if !self.selection.trains(entry, &document) {
            return None;
        }
        let mut document = modality::prepare(&self.recipe.segmenter, document.bytes);
        if let Some(most) = self.recipe.max_document_bytes
            && document.len() > most
        {
            let (mut end, mut over) = (0, false);
            self.segmenter.segment(&document, &mut |span, _| {
                over |= span.end > most;
                if !over {
                    end = span.end;
                }
            });
            // A first segment that is too long is cut itself.
            document.truncate(if end == 0 { most } else { end });
            self.cut.fetch_add(1, Ordering::Relaxed);
        }
        if self.recipe.deduplicate {
            let digest = *blake3::hash(&document).as_bytes();
            if !self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(digest) {
                self.repeated.fetch_add(1, Ordering::Relaxed);
                return None;
            }
        }
        Some(match self.recipe.noise(&document) {
            Some(noise) => with_errors(&document, &noise),
            None => document,
        })
    }

    /// Says what was left out.
    fn tell(&self) {
        let repeated = self.repeated.load(Ordering::Relaxed);
        let cut = self.cut.load(Ordering::Relaxed);
        let near = self.selection.near_duplicates();
        if near > 0 {
            files::note(format!("  left out {near} documents that are mostly in longer ones"));
        }
        if repeated + cut > 0 {
            files::note(format!(
                "  left out {repeated} repeated documents, and cut {cut} long ones"
            ));
        }
    }
}

/// A document with errors in all of it that is text.
fn with_errors(document: &[u8], noise: &Noise) -> Vec<u8> {
    let mut noisy = Vec::with_capacity(document.len());
    for chunk in document.utf8_chunks() {
        noisy.extend_from_slice(noise.apply(chunk.valid()).text.as_bytes());
        noisy.extend_from_slice(chunk.invalid());
    }
    noisy
}
