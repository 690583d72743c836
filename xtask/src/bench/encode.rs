//! `bench encode`: encoding, beside others if wanted.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use measure::{Figure, Job, Work};
use serde::Serialize;

use super::{
    machine::Machine,
    prepare::{self, RAWS, TEXTS},
    table::tables,
    wheels,
};
use crate::{
    corpus,
    failure::{Failure, Outcome},
    files,
};

/// Measure encoding: texts, runs, short strings, whole files, cores, decoding, loading and memory.
///
/// Ids are compared before anything is timed: with those of the oracles beside others, with the
/// bytes that they decode to otherwise. Public vocabularies take part if `--vocabularies` has their
/// rank files. docs/results/encode.md says what each table shows.
#[derive(clap::Args, Debug)]
pub(crate) struct Encode {
    /// Build xtask/peers, with crates and wheels of others, and measure them in the same run.
    #[arg(long)]
    peers: bool,
    /// Folder of the corpus [default: the fixtures of the repository].
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Folder with `cl100k_base.tiktoken` and `o200k_base.tiktoken`, or `openai/` with them,
    /// perhaps compressed (`.zst`).
    #[arg(long, value_name = "DIR")]
    vocabularies: Option<PathBuf>,
    /// Measure these alone: text, runs, short, raw, cores, decode, load, memory.
    #[arg(long, value_name = "WORK", num_args = 1.., value_parser = work)]
    only: Vec<Work>,
    /// Measure these alone, by the names in the tables; tiktoken-rs takes part only if named.
    #[arg(long, value_name = "NAME", num_args = 1..)]
    contestants: Vec<String>,
    /// Bytes of a corpus, in millions.
    #[arg(long, default_value_t = 8.4, value_name = "N")]
    megabytes: f64,
    /// Further passes; the median counts.
    #[arg(long, default_value_t = 5, value_name = "N")]
    rounds: usize,
    /// New states for first passes; the median counts.
    #[arg(long, default_value_t = 3, value_name = "N")]
    states: usize,
    /// Folder for inputs and trained vocabularies, which are kept [default: target/bench-encode].
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
    /// Write the figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

const ALL: [Work; 8] = [
    Work::Text,
    Work::Runs,
    Work::Short,
    Work::Raw,
    Work::Cores,
    Work::Decode,
    Work::Load,
    Work::Memory,
];

/// Without `tiktoken-rs`: as the oracle it has no speed to show, and takes most of the time.
const CONTESTANTS: [&str; 7] =
    ["polytok", "fastokens", "toktok", "tokenizers", "gigatoken", "bpe-openai", "bpe"];

fn work(name: &str) -> Result<Work, String> {
    serde_json::from_value(name.into()).map_err(|_| "no such work".to_owned())
}

#[derive(Serialize)]
struct Report<'a> {
    machine: &'a Machine,
    figures: &'a [Figure],
}

impl Encode {
    pub(super) fn run(self) -> Outcome {
        let machine = Machine::here();
        let folder = match &self.work {
            // Other processes read it by name, wherever they are started.
            Some(folder) => {
                std::path::absolute(folder).map_err(Failure::about(folder.display()))?
            }
            None => files::workspace().join("target/bench-encode"),
        };
        let job = self.job(&folder)?;
        let path = folder.join("job.json");
        let json = serde_json::to_vec_pretty(&job).map_err(Failure::about("job"))?;
        files::write(&path, &json)?;
        let mut command = self.program(&path)?;
        // Those of an earlier run are not to be taken for those of this one.
        files::write(&job.figures, b"[]")?;
        let status = command.status().map_err(Failure::about("measuring"))?;
        let figures = files::read(&job.figures)?;
        let figures: Vec<Figure> =
            serde_json::from_slice(&figures).map_err(Failure::about("figures"))?;
        files::print(format!("{machine}\n{}", tables(&figures)))?;
        if let Some(path) = &self.json {
            let report = Report { machine: &machine, figures: &figures };
            let json = serde_json::to_vec_pretty(&report).map_err(Failure::about("figures"))?;
            files::write(path, &json)?;
        }
        if status.success() {
            return Ok(());
        }
        Err(Failure::Wrong("not all works were done, as said above".to_owned()))
    }

    /// Inputs in files, and what is to be done with them.
    fn job(&self, folder: &Path) -> Outcome<Job> {
        let corpus = corpus::folder(self.corpus.as_deref())?;
        let bytes = (self.megabytes * 1e6) as usize;
        let mut works = if self.only.is_empty() { ALL.to_vec() } else { self.only.clone() };
        works.sort_unstable();
        let any = |of: &[Work]| works.iter().any(|work| of.contains(work));
        let both = [Work::Cores, Work::Decode, Work::Load, Work::Memory];
        let (mut ranks, mut texts) = (Vec::new(), Vec::new());
        match &self.vocabularies {
            Some(vocabularies) => {
                ranks = prepare::ranks(vocabularies, folder)?;
                if any(&[Work::Text, Work::Short]) || any(&both) {
                    for kind in &TEXTS {
                        texts.push(kind.text(&corpus, bytes, folder)?);
                    }
                }
            }
            None => files::note("without --vocabularies there are no public vocabularies"),
        }
        let (mut own, mut raws) = (Vec::new(), Vec::new());
        if any(&[Work::Raw]) || any(&both) {
            for kind in &RAWS {
                let (models, files) = kind.raw(&corpus, bytes, folder)?;
                own.extend(models);
                raws.push(files);
            }
        }
        let named = self.contestants.clone();
        let all = CONTESTANTS.map(str::to_owned).to_vec();
        Ok(Job {
            works,
            contestants: if named.is_empty() { all } else { named },
            ranks,
            own,
            texts,
            raws,
            rounds: self.rounds,
            states: self.states,
            run_bytes: 1_000_000.min(bytes),
            folder: folder.to_owned(),
            wheels: self.wheels(),
            figures: folder.join("figures.json"),
        })
    }

    /// Wheels are not worth a failure: the others are measured without them.
    fn wheels(&self) -> Option<(PathBuf, PathBuf)> {
        let wanted =
            self.contestants.is_empty() || self.contestants.iter().any(|n| n == "gigatoken");
        if !self.peers || !wanted {
            return None;
        }
        match wheels::encoders() {
            Ok(wheels) => Some(wheels),
            Err(failure) => {
                files::note(format!("warning: no wheels: {failure}"));
                None
            }
        }
    }

    /// What does the job: the program with the others, or this one.
    fn program(&self, job: &Path) -> Outcome<Command> {
        if !self.peers {
            let this = std::env::current_exe().map_err(Failure::about("this program"))?;
            let mut command = Command::new(this);
            command.args(["bench", "job"]).arg(job);
            return Ok(command);
        }
        let manifest = files::workspace().join("xtask/peers/Cargo.toml");
        let mut command = Command::new("cargo");
        command
            .args(["run", "--quiet", "--release", "--locked", "--manifest-path"])
            .arg(manifest)
            .arg("--")
            .arg(job)
            // One folder of the main workspace for both would have them wait for each other.
            .env_remove("CARGO_TARGET_DIR");
        Ok(command)
    }
}
