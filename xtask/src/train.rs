//! `train` and `train-all`: vocabularies from recipes.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use polytok_core::Vocabulary;

use crate::{
    counting::{self, Part},
    failure::{Failure, Outcome},
    files,
    learn::{self, Running},
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
        || counting::count(recipe, corpus, Part::ALL),
        |first| counting::count_runs(recipe, corpus, first),
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
