//! `bench recipes`: how fast vocabularies are trained, loaded, applied and undone.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use clap::ValueEnum;
use serde::Serialize;

use crate::{
    evaluate,
    failure::{Failure, Outcome},
    files,
    learn::Running,
    load::Loaded,
    recipe::Recipe,
    train::{self, Origin, Places},
};

/// Time the recipes: training, loading, encoding and decoding.
#[derive(clap::Args, Debug)]
pub(super) struct Recipes {
    /// What to time [default: both].
    work: Option<Work>,
    /// Names of recipes [default: all that train-all trains].
    #[arg(long, value_name = "RECIPE", num_args = 1..)]
    recipes: Vec<String>,
    /// Times each thing is done; the median counts.
    #[arg(long, default_value_t = 5, value_name = "N")]
    rounds: usize,
    /// Write the figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    #[command(flatten)]
    places: Places,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Work {
    Encode,
    Train,
}

#[derive(Debug, Serialize)]
struct Row {
    vocabulary: String,
    work: &'static str,
    bytes: u64,
    median_seconds: f64,
    megabytes_per_second: f64,
}

impl Recipes {
    pub(super) fn run(self) -> Outcome {
        let recipes = Recipe::named(&self.recipes)?;
        let corpus = self.places.corpus()?;
        let mut rows = Vec::new();
        for recipe in &recipes {
            if self.work != Some(Work::Encode) {
                rows.push(self.train(recipe, &corpus)?);
            }
            if self.work != Some(Work::Train) {
                rows.extend(self.encode(recipe, &corpus)?);
            }
        }
        for row in &rows {
            files::print(format!(
                "{:<16} {:<8} {:>10} bytes {:>9.4} s {:>9.1} MB/s\n",
                row.vocabulary, row.work, row.bytes, row.median_seconds, row.megabytes_per_second
            ))?;
        }
        match &self.json {
            Some(path) => {
                let json = serde_json::to_vec_pretty(&rows).map_err(Failure::about("figures"))?;
                files::write(path, &json)
            }
            None => Ok(()),
        }
    }

    fn train(&self, recipe: &Recipe, corpus: &Path) -> Outcome<Row> {
        let folder = tempfile::tempdir().map_err(Failure::about("temporary folder"))?;
        let bytes =
            train::train(recipe, Origin::Corpus(corpus), folder.path(), &Running::default())?
                .provenance()
                .bytes;
        self.time(&recipe.name, "train", bytes, || {
            train::train(recipe, Origin::Corpus(corpus), folder.path(), &Running::default())
                .map(drop)
        })
    }

    fn encode(&self, recipe: &Recipe, corpus: &Path) -> Outcome<Vec<Row>> {
        let path = recipe.file(&self.places.out(), recipe.largest());
        if !path.exists() {
            train::train(recipe, Origin::Corpus(corpus), &self.places.out(), &Running::default())?;
        }
        let name = format!("{}-{}", recipe.name, recipe.largest());
        let file = files::read(&path)?;
        let loaded = Loaded::open(&path, None)?;
        let encoder = loaded.encoder();
        let documents: Vec<Vec<u8>> = evaluate::held_out(recipe, corpus)?
            .into_iter()
            .flat_map(|source| source.documents)
            .map(|document| document.bytes)
            .collect();
        let ids: Vec<Vec<u32>> =
            documents.iter().map(|document| encoder.encode(document)).collect();
        if let Some(broken) = documents
            .iter()
            .zip(&ids)
            .position(|(document, ids)| !encoder.comes_back(document, ids))
        {
            return Err(Failure::Regression(format!("{name}: document {broken} does not decode")));
        }
        let bytes = documents.iter().map(|document| document.len() as u64).sum();
        Ok(vec![
            self.time(&name, "load", file.len() as u64, || Loaded::open(&path, None).map(drop))?,
            self.time(&name, "encode", bytes, || {
                documents.iter().for_each(|document| {
                    std::hint::black_box(encoder.encode(document));
                });
                Ok(())
            })?,
            self.time(&name, "decode", bytes, || {
                ids.iter().for_each(|ids| {
                    std::hint::black_box(encoder.decode(ids));
                });
                Ok(())
            })?,
        ])
    }

    /// Times `work` after one round that does not count.
    fn time(
        &self,
        vocabulary: &str,
        work: &'static str,
        bytes: u64,
        run: impl Fn() -> Outcome,
    ) -> Outcome<Row> {
        run()?;
        let mut times = Vec::new();
        for _ in 0..self.rounds.max(1) {
            let started = Instant::now();
            run()?;
            times.push(started.elapsed());
        }
        times.sort();
        let median: Duration = times[times.len() / 2];
        let seconds = median.as_secs_f64();
        Ok(Row {
            vocabulary: vocabulary.to_owned(),
            work,
            bytes,
            median_seconds: seconds,
            megabytes_per_second: bytes as f64 / 1e6 / seconds,
        })
    }
}
