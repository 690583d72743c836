//! `train` and `train-all`: vocabularies from recipes.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use polytok_core::{RunCounts, SegmentCounts, Tokenizer, Vocabulary};

use crate::{
    corpus,
    counting::{self, Part},
    failure::{Failure, Outcome},
    files,
    learn::{self, Running},
    recipe::Recipe,
    shards,
};

/// Learn the vocabularies of one recipe.
#[derive(clap::Args, Debug)]
pub(crate) struct Train {
    /// Name of a recipe in xtask/recipes, or path of a TOML file.
    recipe: String,
    #[command(flatten)]
    places: Places,
    /// Shards that `count` wrote, instead of a corpus.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "corpus")]
    shards: Vec<PathBuf>,
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
        corpus::folder(self.corpus.as_deref())
    }
}

impl Train {
    pub(crate) fn run(self) -> Outcome {
        let (recipe, out) = (Recipe::load(&self.recipe)?, self.places.out());
        if self.shards.is_empty() {
            let corpus = self.places.corpus()?;
            return self.train(&recipe, Origin::Corpus(&corpus), &out);
        }
        self.train(&recipe, Origin::Shards(&self.shards), &out)
    }

    fn train(&self, recipe: &Recipe, origin: Origin<'_>, out: &Path) -> Outcome {
        self.running.in_pool(|| train(recipe, origin, out, &self.running).map(drop))
    }
}

impl TrainAll {
    pub(crate) fn run(self) -> Outcome {
        let (started, corpus) = (Instant::now(), self.places.corpus()?);
        let recipes = Recipe::named(&[])?;
        let out = self.places.out();
        self.running.in_pool(|| {
            recipes.iter().try_for_each(|recipe| {
                train(recipe, Origin::Corpus(&corpus), &out, &self.running).map(drop)
            })
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

/// What a vocabulary is trained on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin<'a> {
    /// The folder of a corpus.
    Corpus(&'a Path),
    /// Counts of segments in files.
    Shards(&'a [PathBuf]),
}

impl<'a> Origin<'a> {
    /// Counts the segments.
    pub(crate) fn counts(self, recipe: &Recipe) -> Outcome<SegmentCounts> {
        match self {
            Origin::Corpus(corpus) => counting::count(recipe, corpus, Part::ALL),
            Origin::Shards(shards) => {
                let counts = shards::load(shards)?;
                if counts.segmenter() == recipe.segmenter {
                    return Ok(counts);
                }
                let (found, name) = (counts.segmenter(), &recipe.name);
                Err(Failure::Wrong(format!("{name}: the shards are of segmenter {found:?}")))
            }
        }
    }

    /// The folder with the documents, which `what` needs.
    fn documents(self, recipe: &Recipe, what: &str) -> Outcome<&'a Path> {
        match self {
            Origin::Corpus(corpus) => Ok(corpus),
            Origin::Shards(_) => Err(Failure::Wrong(format!(
                "{}: shards hold segments, and {what} needs documents",
                recipe.name
            ))),
        }
    }

    /// Counts the runs of tokens for a second stage.
    pub(crate) fn runs(self, recipe: &Recipe, first: &Vocabulary) -> Outcome<RunCounts> {
        counting::count_runs(recipe, self.documents(recipe, "the second stage")?, first)
    }
}

/// Trains a recipe, writes a vocabulary of each of its sizes and returns the largest.
pub(crate) fn train(
    recipe: &Recipe,
    origin: Origin<'_>,
    out: &Path,
    running: &Running,
) -> Outcome<Vocabulary> {
    let started = Instant::now();
    files::note(format!("{}: {}", recipe.name, recipe.description));
    if recipe.min_documents().is_some() {
        origin.documents(recipe, "min-documents")?;
    }
    let learned = learn::learn(recipe, origin, out, running)?;
    let vocabulary = match recipe.min_documents() {
        Some(least) => refuse(recipe, origin, learned, least)?,
        None => learned,
    };
    for &size in &recipe.sizes {
        let nested =
            vocabulary.shortened(recipe.entries(size)).map_err(Failure::about(&recipe.name))?;
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

/// Refuses the tokens of few documents, and shortens what is left to the largest size.
fn refuse(
    recipe: &Recipe,
    origin: Origin<'_>,
    learned: Vocabulary,
    least: u32,
) -> Outcome<Vocabulary> {
    let corpus = origin.documents(recipe, "min-documents")?;
    let segmenter = recipe.segmenter()?;
    let tokenizer = Tokenizer::new(learned, segmenter).map_err(Failure::about(&recipe.name))?;
    let frequency = counting::document_frequency(recipe, corpus, &tokenizer)?;
    let refused = tokenizer.vocabulary().refusing(&frequency, least);
    let refused = refused.map_err(Failure::about(&recipe.name))?.vocabulary;
    let tokens = refused.provenance().refused.map_or(0, |refused| refused.tokens);
    files::note(format!(
        "  refused {tokens} of {} tokens, which fewer than {least} documents hold",
        tokenizer.vocabulary().len()
    ));
    refused.shortened(recipe.entries(recipe.largest())).map_err(Failure::about(&recipe.name))
}
