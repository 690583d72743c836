//! `probe`: what a linear classifier makes of the tokens of sequences.

mod correlation;
mod features;
mod logistic;
mod sets;

use std::path::PathBuf;

use crate::{
    failure::{Failure, Outcome},
    files,
    load::Loaded,
};

use self::{
    features::{Known, Scheme},
    logistic::Classifier,
    sets::Set,
};

/// Compare ways to cut sequences by a linear classifier over bags of their tokens.
///
/// For each set of the benchmark GUE (Zhou et al. 2024, DNABERT-2), `genome/gue-*.tar.zst` of the corpus:
/// counts of tokens, scaled to the largest in training, logistic regression with an L2 penalty (C = 1),
/// one class against all others where there are more than two, Matthews correlation on `dev.csv` times
/// 100. Sets without `train.csv` train on four fifths of `dev.csv`, by the digests of sequences; they
/// are marked, and no part of the first mean. It says what the pieces alone tell, not what a network
/// makes of them.
#[derive(clap::Args, Debug)]
pub(crate) struct Probe {
    /// Folder of the corpus.
    #[arg(long, value_name = "DIR")]
    corpus: PathBuf,
    /// Vocabularies of genomes: NAME=FILE.
    #[arg(long, value_name = "NAME=FILE", required = true, num_args = 1..)]
    vocab: Vec<String>,
    /// Sequences of each set that are trained on, at most.
    #[arg(long, value_name = "N", default_value_t = usize::MAX, hide_default_value = true)]
    most: usize,
    /// Write the table as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Probe {
    pub(crate) fn run(self) -> Outcome {
        let vocabularies = self
            .vocab
            .iter()
            .map(|vocab| {
                let (name, file) = vocab.split_once('=').ok_or_else(|| {
                    Failure::Wrong(format!("--vocab {vocab}: give it as NAME=FILE"))
                })?;
                Ok((name.to_owned(), Loaded::open(file.as_ref(), None)?))
            })
            .collect::<Outcome<Vec<(String, Loaded)>>>()?;
        let schemes = features::schemes(&vocabularies)?;
        let sets = sets::read(&self.corpus)?;
        if sets.is_empty() {
            let message = "no genome/gue-*.tar.zst with dev.csv";
            return Err(Failure::Wrong(format!("{}: {message}", self.corpus.display())));
        }
        let mut rows: Vec<Row> = Vec::new();
        for mut set in sets {
            set.train.truncate(self.most);
            let values = schemes.iter().map(|scheme| 100.0 * correlation(&set, scheme)).collect();
            let name = if set.split { format!("{} (dev alone)", set.name) } else { set.name };
            rows.push(Row { name, train: set.train.len(), values, split: set.split });
        }
        let means: Vec<Row> =
            [false, true].into_iter().filter_map(|split| mean(&rows, split)).collect();
        rows.extend(means);
        let names: Vec<&str> = schemes.iter().map(Scheme::name).collect();
        let mut table = format!("| set | train | {} |\n|---|---|", names.join(" | "));
        table += &"---|".repeat(names.len());
        for Row { name, train, values, .. } in &rows {
            let values: Vec<String> = values.iter().map(|value| format!("{value:.1}")).collect();
            table += &format!("\n| {name} | {train} | {} |", values.join(" | "));
        }
        files::print(table + "\n")?;
        let Some(path) = &self.json else { return Ok(()) };
        let json: Vec<serde_json::Value> = rows
            .iter()
            .map(|Row { name, train, values, .. }| {
                serde_json::json!({ "set": name, "train": train, "schemes": names, "mcc": values })
            })
            .collect();
        let json = serde_json::to_string_pretty(&json).map_err(Failure::about("--json"))?;
        files::write(path, json.as_bytes())
    }
}

/// A row of the table.
struct Row {
    name: String,
    /// Sequences trained on; 0 of a mean.
    train: usize,
    values: Vec<f64>,
    split: bool,
}

/// The mean of the sets that have, or have not, a part for training of their own.
fn mean(rows: &[Row], split: bool) -> Option<Row> {
    let rows: Vec<&Row> = rows.iter().filter(|row| row.split == split).collect();
    let columns = 0..rows.first()?.values.len();
    let mean = |at: usize| rows.iter().map(|row| row.values[at]).sum::<f64>() / rows.len() as f64;
    let name = format!("mean of {}{}", rows.len(), if split { " (dev alone)" } else { "" });
    Some(Row { name, train: 0, values: columns.map(mean).collect(), split })
}

/// The correlation of what is predicted with what is, on the sequences that are not for training.
fn correlation(set: &Set, scheme: &Scheme<'_>) -> f64 {
    let known = Known::new(scheme, &set.train);
    let (train, test) = (known.bags(&set.train), known.bags(&set.test));
    let classes: Vec<usize> = set.train.iter().map(|example| example.class).collect();
    let model = Classifier::fit(&train, &classes, known.len());
    let pairs = test.iter().zip(&set.test).map(|(bag, example)| (model.class(bag), example.class));
    correlation::matthews(pairs)
}
