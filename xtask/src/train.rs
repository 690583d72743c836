//! `train` and `train-all`: vocabularies from recipes.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use polytok_core::{SegmentCounts, train_with};
use rayon::prelude::*;

use crate::{
    corpus::{self, Split},
    failure::{Failure, Outcome},
    files, modality,
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
}

/// Learn the vocabularies of all recipes.
#[derive(clap::Args, Debug)]
pub(crate) struct TrainAll {
    #[command(flatten)]
    places: Places,
}

/// Where documents come from and vocabularies go.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Places {
    /// Folder of the corpus [default: the fixtures of the repository].
    #[arg(long, value_name = "DIR")]
    pub(crate) corpus: Option<PathBuf>,
    /// Folder of the vocabularies.
    #[arg(long, value_name = "DIR", default_value = "vocabularies")]
    pub(crate) out: PathBuf,
}

impl Places {
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
        train(&Recipe::load(&self.recipe)?, &self.places.corpus()?, &self.places.out).map(drop)
    }
}

impl TrainAll {
    pub(crate) fn run(self) -> Outcome {
        let (started, corpus) = (Instant::now(), self.places.corpus()?);
        let recipes: Vec<Recipe> =
            Recipe::all()?.into_iter().filter(|recipe| recipe.in_train_all).collect();
        for recipe in &recipes {
            train(recipe, &corpus, &self.places.out)?;
        }
        let seconds = started.elapsed().as_secs_f64();
        eprintln!(
            "{} vocabularies in {} after {seconds:.1} s",
            recipes.iter().map(|recipe| recipe.sizes.len()).sum::<usize>(),
            self.places.out.display()
        );
        Ok(())
    }
}

/// Trains a recipe and writes a vocabulary of each of its sizes.
pub(crate) fn train(recipe: &Recipe, corpus: &Path, out: &Path) -> Outcome<Vec<PathBuf>> {
    let started = Instant::now();
    eprintln!("{}: {}", recipe.name, recipe.description);
    let counts = count(recipe, corpus)?;
    let config = recipe.config(recipe.largest());
    let wanted = u64::from(recipe.largest());
    let stage = Stage::new(&recipe.name, "merges", wanted);
    let vocabulary = train_with(&counts, &config, &mut |progress| {
        stage.set(progress.merges as u64);
    })
    .map_err(Failure::about(&recipe.name))?;
    stage.finish();
    let mut written = Vec::new();
    for &size in &recipe.sizes {
        let nested = if size == recipe.largest() {
            vocabulary.clone()
        } else {
            vocabulary
                .shortened(recipe.entries(size) as usize)
                .map_err(Failure::about(&recipe.name))?
        };
        let nested = if recipe.pad {
            polytok_domain::ocr::pad(&nested).map_err(Failure::about(&recipe.name))?
        } else {
            nested
        };
        let path = recipe.file(out, size);
        let bytes = nested.to_bytes().map_err(Failure::about(path.display()))?;
        files::write(&path, &bytes)?;
        written.push(path);
    }
    let rare = vocabulary.merge_counts().last().copied().unwrap_or_default();
    eprintln!(
        "  {:>6} entries from {:>5} documents, {:>9} bytes; last merge {:>4} times; {:.1} s",
        vocabulary.len(),
        counts.documents(),
        counts.bytes(),
        rare,
        started.elapsed().as_secs_f64()
    );
    Ok(written)
}

/// Counts the segments of the documents that training may see.
pub(crate) fn count(recipe: &Recipe, corpus: &Path) -> Outcome<SegmentCounts> {
    let segmenter = recipe.segmenter()?;
    let split = Split::of(corpus)?;
    let entries = corpus::entries(corpus, &recipe.documents, &recipe.exclude)?;
    let stage = Stage::new(&recipe.name, "files", entries.len() as u64);
    let mut counts = SegmentCounts::new(segmenter.id());
    for (entry, done) in entries.iter().zip(1..) {
        let documents = corpus::documents(entry, recipe.reader)?;
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
        stage.set(done);
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
