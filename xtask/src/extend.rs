//! `extend`: more merges on top of those of a vocabulary.

use std::path::PathBuf;

use polytok_core::{Pruned, TrainOptions, Training};

use crate::{
    corpus,
    counting::{self, Part},
    failure::{Failure, Outcome},
    files, id_map, load,
    recipe::Recipe,
};

/// Learn more merges behind those of a vocabulary, which stay as they are, on the same or another
/// corpus.
#[derive(clap::Args, Debug)]
pub(crate) struct Extend {
    /// A `.ptk` file.
    vocab: PathBuf,
    /// Recipe whose documents are learned from; its segmenter is that of the vocabulary.
    #[arg(long, value_name = "RECIPE")]
    recipe: String,
    /// Entries in all, special tokens included.
    #[arg(long, value_name = "N")]
    size: u32,
    /// Folder of the corpus [default: the fixtures of the repository].
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// The larger vocabulary.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Table of old and new ids, as .json or .csv: special tokens that stand last have moved.
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
}

impl Extend {
    pub(crate) fn run(self) -> Outcome {
        let about = self.vocab.display().to_string();
        self.map.as_deref().map_or(Ok(()), id_map::check)?;
        let (vocabulary, _) = load::vocabulary(&self.vocab)?;
        let (recipe, found) = (Recipe::load(&self.recipe)?, &vocabulary.provenance().segmenter);
        if recipe.segmenter != *found {
            let message = format!("has segmenter {found:?}, not that of recipe {}", recipe.name);
            return Err(Failure::Wrong(format!("{about}: {message}")));
        }
        let Some(config) = vocabulary.extension(self.size) else {
            let message = "no merge can follow a second stage";
            return Err(Failure::Wrong(format!("{about}: {message}")));
        };
        if self.size as usize <= vocabulary.len() {
            let (has, size) = (vocabulary.len(), self.size);
            return Err(Failure::Wrong(format!("{about}: has {has} entries, {size} are no more")));
        }
        let corpus = corpus::folder(self.corpus.as_deref())?;
        let counts = counting::count(&recipe, &corpus, Part::ALL)?;
        let training = Training::new(counts, &config, TrainOptions::default());
        let mut training = training.map_err(Failure::about(&about))?;
        while training.step().is_some() {}
        let extended = training.vocabulary().map_err(Failure::about(&about))?;
        let bytes = extended.to_bytes().map_err(Failure::about(self.out.display()))?;
        files::write(&self.out, &bytes)?;
        let (before, after) = (vocabulary.len(), extended.len());
        if let Some(map) = &self.map {
            let ids = vocabulary.ids_in_extension(&extended);
            id_map::write(map, &vocabulary, &Pruned { vocabulary: extended, ids })?;
        }
        files::note(format!("{after} entries after {before} in {}", self.out.display()));
        Ok(())
    }
}
