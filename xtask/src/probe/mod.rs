//! `probe`: what a linear classifier makes of the tokens of sequences.

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
    logistic::Logistic,
    sets::Set,
};

/// Compare ways to cut sequences by a linear classifier over bags of their tokens.
///
/// For each set of the benchmark GUE (Zhou et al. 2024, DNABERT-2) with documents for training and
/// others, `genome/gue-*.tar.zst` of the corpus: counts of tokens, scaled to the largest in training,
/// logistic regression with an L2 penalty (C = 1), Matthews correlation on the others times 100. It says
/// what the pieces alone tell, not what a network makes of them.
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
            let message = "no genome/gue-*.tar.zst with train.csv and dev.csv";
            return Err(Failure::Wrong(format!("{}: {message}", self.corpus.display())));
        }
        let mut rows: Vec<(String, usize, Vec<f64>)> = Vec::new();
        for mut set in sets {
            set.train.truncate(self.most);
            let values = schemes.iter().map(|scheme| 100.0 * correlation(&set, scheme)).collect();
            rows.push((set.name, set.train.len(), values));
        }
        let count = rows.len() as f64;
        let mean = |column: usize| rows.iter().map(|(_, _, row)| row[column]).sum::<f64>() / count;
        let means = (0..schemes.len()).map(mean).collect();
        rows.push((format!("mean of {}", rows.len()), 0, means));
        let names: Vec<&str> = schemes.iter().map(Scheme::name).collect();
        let mut table = format!("| set | train | {} |\n|---|---|", names.join(" | "));
        table += &"---|".repeat(names.len());
        for (name, train, values) in &rows {
            let values: Vec<String> = values.iter().map(|value| format!("{value:.1}")).collect();
            table += &format!("\n| {name} | {train} | {} |", values.join(" | "));
        }
        files::print(table + "\n")?;
        let Some(path) = &self.json else { return Ok(()) };
        let json: Vec<serde_json::Value> = rows
            .iter()
            .map(|(name, train, values)| {
                serde_json::json!({ "set": name, "train": train, "schemes": names, "mcc": values })
            })
            .collect();
        let json = serde_json::to_string_pretty(&json).map_err(Failure::about("--json"))?;
        files::write(path, json.as_bytes())
    }
}

/// Matthews correlation of what is predicted with what is, on the documents that are not for training.
fn correlation(set: &Set, scheme: &Scheme<'_>) -> f64 {
    let known = Known::new(scheme, &set.train);
    let (train, test) = (known.bags(&set.train), known.bags(&set.test));
    let labels: Vec<bool> = set.train.iter().map(|example| example.positive).collect();
    let model = Logistic::fit(&train, &labels, known.len());
    // Right and wrong positives, right and wrong negatives.
    let mut counts = [[0f64; 2]; 2];
    for (bag, example) in test.iter().zip(&set.test) {
        counts[usize::from(model.is_positive(bag))][usize::from(example.positive)] += 1.0;
    }
    let [[tn, fnn], [fp, tp]] = counts;
    let product = (tp + fp) * (tp + fnn) * (tn + fp) * (tn + fnn);
    if product == 0.0 { 0.0 } else { (tp * tn - fp * fnn) / product.sqrt() }
}
