//! `bench train`: training, beside others if wanted.

mod contestants;
mod inputs;
mod merges;
mod report;
mod training;
mod work;

use std::{path::PathBuf, time::Duration};

use clap::ValueEnum;
use serde::Serialize;

use super::machine::Machine;
use crate::{
    corpus,
    failure::{Failure, Outcome},
    files,
};
use contestants::Contestants;
use inputs::Inputs;
use report::{Report, Row, Side};
use training::Input;

pub(crate) use inputs::Inputs as TrainInputs;
pub(crate) use merges::{Learned, equal, pairs, read as read_merges};
pub(crate) use training::{Program, Training};
pub(crate) use work::{config, count, solo};

/// Measure training: text, sequences, executables, growth, threads and inputs of a gigabyte.
///
/// Every training is a process of its own, so that processor time and memory are its own: first on
/// one core, then with two threads. Merges are compared before times are told, and those of polytok
/// must be the same in every run. docs/results/train.md says what each table shows.
#[derive(clap::Args, Debug)]
pub(crate) struct Train {
    /// Measure trainers of others, too: wheels, each in an environment below xtask/peers/target.
    #[arg(long)]
    peers: bool,
    /// Folder of the corpus [default: the fixtures of the repository].
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Measure these alone.
    #[arg(long, value_name = "WORK", num_args = 1..)]
    only: Vec<Work>,
    /// Measure these alone, by the names in the tables.
    #[arg(long, value_name = "NAME", num_args = 1..)]
    contestants: Vec<String>,
    /// Folders in which the gigabyte of machine code is looked for.
    #[arg(long, value_name = "DIR", num_args = 1..)]
    raw_folders: Vec<PathBuf>,
    /// Times each thing is done; the median counts. What takes a gigabyte is done once.
    #[arg(long, default_value_t = 3, value_name = "N")]
    rounds: usize,
    /// This share of all sizes of inputs, for a quick try.
    #[arg(long, default_value_t = 1.0, value_name = "SHARE", value_parser = share)]
    scale: f64,
    /// Seconds after which a training is not waited for.
    #[arg(long, default_value_t = 3600, value_name = "SECONDS")]
    patience: u64,
    /// Folder for inputs, which stay there [default: a temporary one].
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
    /// Write the figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// A kind of measurement.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(super) enum Work {
    /// Pieces of GPT-2.
    Text,
    /// One sequence, and all of them.
    Dna,
    /// Whole executables.
    Exe,
    /// Twice as much input, and sixteen times as many entries.
    Growth,
    /// Two threads against two processes.
    Threads,
    /// A gigabyte without a place to split.
    Gigabyte,
}

/// Bytes of memory for the limited training of a gigabyte.
const LIMIT: u64 = 3 << 30;

/// No process starts with much less.
const LEAST: u64 = 64 << 20;

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| "no number".to_owned())?;
    if share > 0.0 && share <= 1.0 { Ok(share) } else { Err("not above 0 and up to 1".to_owned()) }
}

impl Train {
    pub(super) fn run(self) -> Outcome {
        let machine = Machine::here();
        let scratch = tempfile::tempdir().map_err(Failure::about("temporary folder"))?;
        let folder = match &self.work {
            // Other processes read it by name, wherever they are started.
            Some(folder) => {
                std::fs::create_dir_all(folder).map_err(Failure::about(folder.display()))?;
                std::path::absolute(folder).map_err(Failure::about(folder.display()))?
            }
            None => scratch.path().to_owned(),
        };
        let corpus = corpus::folder(self.corpus.as_deref())?;
        let inputs = Inputs { corpus: &corpus, folder: &folder };
        let patience = Duration::from_secs(self.patience);
        let memory = ((LIMIT as f64 * self.scale) as u64).max(LEAST);
        let mut contestants =
            Contestants::new(self.peers, &self.contestants, &folder, patience, memory)?;
        let mut works = match self.only.is_empty() {
            true => Work::value_variants().to_vec(),
            false => self.only.clone(),
        };
        works.sort_unstable();
        works.dedup();
        let (mut rows, mut failed) = (Vec::new(), None);
        for work in works {
            // What was measured is told, and the other works are done all the same.
            if let Err(failure) = self.measure(work, &inputs, &mut contestants, &mut rows) {
                failed.get_or_insert(failure);
            }
        }
        let report = Report { machine: &machine, rows: &rows };
        files::print(report.tables())?;
        if let Some(path) = &self.json {
            let json = serde_json::to_vec_pretty(&report).map_err(Failure::about("figures"))?;
            files::write(path, &json)?;
        }
        failed.map_or(Ok(()), Err)
    }

    /// Megabytes, as far as they are wanted.
    fn megabytes(&self, megabytes: f64) -> usize {
        (megabytes * 1e6 * self.scale) as usize
    }

    fn measure(
        &self,
        work: Work,
        inputs: &Inputs<'_>,
        contestants: &mut Contestants,
        rows: &mut Vec<Row>,
    ) -> Outcome {
        let executables = || inputs.executables("executables", self.megabytes(60.0));
        let sequences = || inputs.sequences("sequences", self.megabytes(48.0));
        let mut both = |input: &Input, entries, rounds| {
            for side in [Side::OneCore, Side::Threads] {
                contestants.measure(work, input, entries, side, rounds, rows)?;
            }
            Ok(())
        };
        let rounds = self.rounds.max(1);
        match work {
            Work::Text => {
                let text = inputs.text(self.megabytes(100.0))?;
                told(&text, self.megabytes(100.0));
                both(&text, 32_768, rounds)
            }
            Work::Dna => {
                let one = inputs.sequence("one sequence", self.megabytes(10.0))?;
                told(&one, self.megabytes(10.0));
                both(&one, 4096, rounds)?;
                let all = sequences()?;
                told(&all, self.megabytes(48.0));
                both(&all, 65_536, rounds)
            }
            Work::Exe => {
                let executables = executables()?;
                told(&executables, self.megabytes(60.0));
                both(&executables, 65_536, rounds)
            }
            Work::Growth => {
                let whole = executables()?;
                let half = inputs.executables("half of them", self.megabytes(30.0))?;
                for (input, entries) in [(&whole, 65_536), (&half, 65_536), (&whole, 4096)] {
                    contestants.measure(work, input, entries, Side::OneCore, rounds, rows)?;
                }
                Ok(())
            }
            Work::Threads => {
                contestants.against_processes(&executables()?, 65_536, rounds, rows)?;
                contestants.against_processes(&sequences()?, 65_536, rounds, rows)
            }
            Work::Gigabyte => {
                let bytes = self.megabytes(1000.0);
                let mut all = Vec::new();
                if self.raw_folders.is_empty() {
                    files::note("without --raw-folders there is no gigabyte of machine code");
                } else {
                    all.push(inputs.machine_code("machine code", &self.raw_folders, bytes)?);
                    all.iter().for_each(|code| told(code, bytes));
                }
                all.push(inputs.changed_sequences("changed sequences", bytes)?);
                for input in &all {
                    for side in [Side::OneCore, Side::Threads, Side::Limited] {
                        contestants.measure(work, input, 32_768, side, 1, rows)?;
                    }
                }
                Ok(())
            }
        }
    }
}

/// Says where there is less than wanted.
fn told(input: &Input, wanted: usize) {
    // Whole files hardly ever end where they are wanted to.
    if input.bytes() < wanted / 20 * 19 {
        files::note(format!("{}: {} bytes are all there is", input.name, input.bytes()));
    }
}
