//! `train` and `train-all`: vocabularies from recipes.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use polytok_core::{Digest, RunCounts, SegmentCounts, Vocabulary, corpus_digest};
use rayon::prelude::*;

use crate::{
    corpus::{self, Split},
    failure::{Failure, Outcome},
    files,
    learn::{self, Running},
    modality,
    progress::Stage,
    recipe::Recipe,
};

/// Learn the vocabularies of one recipe.
#[derive(clap::Args, Debug)]
pub(crate) struct Train {
    /// Name of a recipe in xtask/recipes, or path of a TOML file.
    recipe: String,
    #[command(flatten)]
    places: Places,
    #[command(flatten)]
    running: Running,
}

/// Learn the vocabularies of all recipes.
#[derive(clap::Args, Debug)]
pub(crate) struct TrainAll {
    #[command(flatten)]
    places: Places,
    #[command(flatten)]
    running: Running,
}

/// Where documents come from and vocabularies go.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Places {
    /// Folder of the corpus [default: the fixtures of the repository].
    #[arg(long, value_name = "DIR")]
    pub(crate) corpus: Option<PathBuf>,
    /// Folder of the vocabularies [default: vocabularies, in the repository].
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

impl Places {
    pub(crate) fn out(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| files::workspace().join("vocabularies"))
    }

    pub(crate) fn corpus(&self) -> Outcome<PathBuf> {
        let folder = self.corpus.clone().unwrap_or_else(|| files::workspace().join("fixtures"));
        if !folder.is_dir() {
            return Err(Failure::Wrong(format!("{}: no such folder", folder.display())));
        }
        Ok(folder)
    }
}

impl Train {
    pub(crate) fn run(self) -> Outcome {
        let recipe = Recipe::load(&self.recipe)?;
        let (corpus, out) = (self.places.corpus()?, self.places.out());
        self.running.in_pool(|| train(&recipe, &corpus, &out, &self.running).map(drop))
    }
}

impl TrainAll {
    pub(crate) fn run(self) -> Outcome {
        let (started, corpus) = (Instant::now(), self.places.corpus()?);
        let recipes = Recipe::named(&[])?;
        let out = self.places.out();
        self.running.in_pool(|| {
            recipes
                .iter()
                .try_for_each(|recipe| train(recipe, &corpus, &out, &self.running).map(drop))
        })?;
        let seconds = started.elapsed().as_secs_f64();
        files::note(format!(
            "{} vocabularies in {} after {seconds:.1} s",
            recipes.iter().map(|recipe| recipe.sizes.len()).sum::<usize>(),
            self.places.out().display()
        ));
        Ok(())
    }
}

/// Trains a recipe, writes a vocabulary of each of its sizes and returns the largest.
pub(crate) fn train(
    recipe: &Recipe,
    corpus: &Path,
    out: &Path,
    running: &Running,
) -> Outcome<Vocabulary> {
    let started = Instant::now();
    files::note(format!("{}: {}", recipe.name, recipe.description));
    let vocabulary = learn::learn(
        recipe,
        out,
        running,
        || count(recipe, corpus),
        |first| count_runs(recipe, corpus, first),
    )?;
    for &size in &recipe.sizes {
        let nested = if size == recipe.largest() {
            vocabulary.clone()
        } else {
            vocabulary.shortened(recipe.entries(size)).map_err(Failure::about(&recipe.name))?
        };
        let short = nested.len() < recipe.entries(size) as usize;
        if short {
            files::note(format!(
                "  the corpus gives {} of {} entries",
                nested.len(),
                recipe.entries(size)
            ));
        }
        // Padding rounds a size up; it is not to stand in for what the corpus does not give.
        let nested = if recipe.pad && !short {
            polytok_domain::ocr::pad(&nested).map_err(Failure::about(&recipe.name))?
        } else {
            nested
        };
        let path = recipe.file(out, size);
        let bytes = nested.to_bytes().map_err(Failure::about(path.display()))?;
        files::write(&path, &bytes)?;
    }
    learn::forget_checkpoint(recipe, out);
    let rare = vocabulary.merge_counts().last().copied().unwrap_or_default();
    files::note(format!(
        "  {:>6} entries from {:>5} documents, {:>9} bytes; last merge {:>4} times; {:.1} s",
        vocabulary.len(),
        vocabulary.provenance().documents,
        vocabulary.provenance().bytes,
        rare,
        started.elapsed().as_secs_f64()
    ));
    Ok(vocabulary)
}

/// The digest of the documents that training may see, as they are counted.
pub(crate) fn digest(recipe: &Recipe, corpus: &Path) -> Outcome<Digest> {
    let split = Split::of(corpus)?;
    let mut digests = Vec::new();
    for entry in corpus::entries(corpus, &recipe.documents, &recipe.exclude)? {
        let documents = corpus::documents_until_error(&entry, recipe.reader)?;
        digests.par_extend(
            documents
                .into_par_iter()
                .filter(|document| !split.holds_out(&entry.name, &document.bytes))
                .map(|document| modality::prepare(&recipe.segmenter, document.bytes))
                .map(|bytes| *blake3::hash(&bytes).as_bytes()),
        );
    }
    Ok(corpus_digest(digests))
}

/// Counts the runs of tokens of the documents that training may see.
fn count_runs(recipe: &Recipe, corpus: &Path, first: &Vocabulary) -> Outcome<RunCounts> {
    let segmenter = recipe.segmenter()?;
    let split = Split::of(corpus)?;
    let empty = RunCounts::new(first).map_err(Failure::about(&recipe.name))?;
    let mut runs = empty.empty_like();
    for entry in corpus::entries(corpus, &recipe.documents, &recipe.exclude)? {
        let part = corpus::documents_until_error(&entry, recipe.reader)?
            .into_par_iter()
            .filter(|document| !split.holds_out(&entry.name, &document.bytes))
            .try_fold(
                || empty.empty_like(),
                |mut runs, document| {
                    let bytes = modality::prepare(&recipe.segmenter, document.bytes);
                    runs.add_document(&*segmenter, &bytes)?;
                    Ok(runs)
                },
            )
            .try_reduce(
                || empty.empty_like(),
                |mut a, b| {
                    a.merge(b)?;
                    Ok(a)
                },
            );
        part.and_then(|part| runs.merge(part)).map_err(Failure::about(&recipe.name))?;
    }
    Ok(runs)
}

/// Counts the segments of the documents that training may see.
fn count(recipe: &Recipe, corpus: &Path) -> Outcome<SegmentCounts> {
    let segmenter = recipe.segmenter()?;
    let split = Split::of(corpus)?;
    let entries = corpus::entries(corpus, &recipe.documents, &recipe.exclude)?;
    let stage = Stage::new(&recipe.name, "files");
    let mut counts = SegmentCounts::new(segmenter.id());
    for (entry, done) in entries.iter().zip(1..) {
        let documents = corpus::documents_until_error(entry, recipe.reader)?;
        let part = documents
            .into_par_iter()
            .filter(|document| !split.holds_out(&entry.name, &document.bytes))
            .try_fold(
                || SegmentCounts::new(segmenter.id()),
                |mut counts, document| {
                    let bytes = modality::prepare(&recipe.segmenter, document.bytes);
                    counts.add_document(&*segmenter, &bytes)?;
                    Ok(counts)
                },
            )
            .try_reduce(
                || SegmentCounts::new(segmenter.id()),
                |mut a, b| {
                    a.merge(b)?;
                    Ok(a)
                },
            );
        part.and_then(|part| counts.merge(part)).map_err(Failure::about(&recipe.name))?;
        stage.set(done, entries.len() as u64);
    }
    stage.finish();
    if counts.documents() == 0 {
        return Err(Failure::Wrong(format!(
            "{}: no documents in {} match {}",
            recipe.name,
            corpus.display(),
            recipe.documents.join(", ")
        )));
    }
    Ok(counts)
}
