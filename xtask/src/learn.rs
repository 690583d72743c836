//! A training as the commands run it: watched, within its memory, and never lost.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use polytok_core::{Progress, TrainError, TrainOptions, Training, Vocabulary};
use serde::Serialize;

use crate::{
    failure::{Failure, Outcome},
    files, load,
    progress::Stage,
    recipe::Recipe,
    train::Origin,
};

/// What the process needs beside the tables of the training.
const BESIDE: u64 = 64 << 20;

/// Seconds between two checkpoints, if nothing is said.
const CHECKPOINT: f64 = 60.0;

/// How to run a training.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Running {
    /// Memory that the training keeps below, such as 4G or 800M [default: about five times the corpus].
    #[arg(long, value_name = "SIZE", value_parser = size)]
    memory: Option<u64>,
    /// Threads [default: one a core].
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Seconds between two checkpoints; a run that was killed goes on from the last.
    #[arg(long, value_name = "SECONDS", default_value_t = CHECKPOINT)]
    checkpoint_every: f64,
    /// File that gets a line of JSON every second about how far the training is; - for standard output.
    #[arg(long, value_name = "FILE")]
    progress: Option<PathBuf>,
}

impl Default for Running {
    fn default() -> Running {
        Running { memory: None, threads: None, checkpoint_every: CHECKPOINT, progress: None }
    }
}

/// Bytes, with a unit of 1024 or its powers.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" => 0,
        "K" | "KB" | "KIB" => 10,
        "M" | "MB" | "MIB" => 20,
        "G" | "GB" | "GIB" => 30,
        "T" | "TB" | "TIB" => 40,
        unit => return Err(format!("no unit {unit:?}: K, M, G or T")),
    };
    let number: f64 = digits.parse().map_err(|_| format!("no size {text:?}"))?;
    let bytes = number * 2f64.powi(unit);
    if bytes.is_finite() && bytes >= 1.0 {
        Ok(bytes as u64)
    } else {
        Err(format!("no size {text:?}"))
    }
}

impl Running {
    /// Runs on as many threads as asked for.
    pub(crate) fn in_pool<R: Send>(&self, run: impl FnOnce() -> Outcome<R> + Send) -> Outcome<R> {
        let Some(threads) = self.threads else { return run() };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.map_err(Failure::about("--threads"))?.install(run)
    }

    fn options(&self) -> Outcome<TrainOptions> {
        let Some(memory) = self.memory else { return Ok(TrainOptions::default()) };
        match memory.checked_sub(BESIDE) {
            Some(memory) if memory > 0 => Ok(TrainOptions { memory: Some(memory) }),
            _ => Err(Failure::Wrong(format!("--memory: less than {} bytes", BESIDE + 1))),
        }
    }
}

/// The vocabulary of a recipe so far, beside its results.
struct Checkpoint {
    path: PathBuf,
    every: Duration,
    written: Instant,
    /// Merges in the file, if there is one.
    merges: Option<usize>,
}

impl Checkpoint {
    fn new(recipe: &Recipe, out: &Path, every: f64) -> Outcome<Checkpoint> {
        let every =
            Duration::try_from_secs_f64(every).map_err(Failure::about("--checkpoint-every"))?;
        let path = checkpoint_path(recipe, out);
        Ok(Checkpoint { path, every, written: Instant::now(), merges: None })
    }

    /// The vocabulary in the file, if it is of these settings.
    fn load(&mut self, recipe: &Recipe) -> Option<Vocabulary> {
        if !self.path.exists() {
            return None;
        }
        let found = load::vocabulary(&self.path).map(|(vocabulary, _)| vocabulary);
        let usable = found.ok().filter(|vocabulary| {
            let provenance = vocabulary.provenance();
            provenance.config == recipe.training_config()
                && provenance.segmenter == recipe.segmenter
                && provenance.version == env!("CARGO_PKG_VERSION")
        });
        self.merges = usable.as_ref().map(|vocabulary| vocabulary.merges().len());
        if usable.is_none() {
            files::note(format!("  {} is of other settings and is not used", self.path.display()));
        }
        usable
    }

    fn write_if_due(&mut self, training: &Training) {
        if self.written.elapsed() >= self.every {
            self.write(training);
        }
    }

    /// Writes the file. A disk that is full loses no training: the file before stays.
    fn write(&mut self, training: &Training) {
        let written =
            training.vocabulary().map_err(Failure::about("checkpoint")).and_then(|so_far| {
                let bytes = so_far.to_bytes().map_err(Failure::about("checkpoint"))?;
                files::write(&self.path, &bytes)?;
                Ok(so_far.merges().len())
            });
        match written {
            Ok(merges) => self.merges = Some(merges),
            Err(failure) => {
                let kept = match self.merges {
                    Some(merges) => format!("that of {merges} merges is kept"),
                    None => "there is none yet".to_owned(),
                };
                files::note(format!("warning: no checkpoint, {kept}: {failure}"));
            }
        }
        self.written = Instant::now();
    }
}

/// Trains the largest vocabulary of a recipe.
pub(crate) fn learn(
    recipe: &Recipe,
    origin: Origin<'_>,
    out: &Path,
    running: &Running,
) -> Outcome<Vocabulary> {
    let about = |error: TrainError| Failure::about(&recipe.name)(error);
    let options = running.options()?;
    let mut checkpoint = Checkpoint::new(recipe, out, running.checkpoint_every)?;
    let mut watch = Watch::new(recipe, running)?;
    let saved = checkpoint.load(recipe);
    let config = recipe.training_config();
    let counts = origin.counts(recipe)?;
    let saved = saved.filter(|saved| {
        let same = saved.provenance().corpus == counts.digest();
        if !same {
            files::note(format!(
                "  {} is of another corpus and is not used",
                checkpoint.path.display()
            ));
        }
        same
    });
    if let Some(saved) = &saved {
        files::note(format!("  goes on from {} merges", saved.merges().len()));
    }
    let first = match saved {
        // The second stage has begun.
        Some(saved) if saved.second_stage().is_some() => saved,
        saved => {
            let training = match &saved {
                Some(saved) => Training::resume(counts, saved, options),
                None => Training::new(counts, &config, options),
            };
            let goes_on = config.second_stage.is_some();
            run(training.map_err(about)?, goes_on, &mut checkpoint, &mut watch)?
        }
    };
    if config.second_stage.is_none() {
        return Ok(first);
    }
    let training =
        Training::second_stage(origin.runs(recipe, &first)?, &first, options).map_err(about)?;
    run(training, false, &mut checkpoint, &mut watch)
}

/// Removes the checkpoint, once the results are written.
pub(crate) fn forget_checkpoint(recipe: &Recipe, out: &Path) {
    // One that is left is found to be of these settings, and a training from it ends at once.
    let _ = std::fs::remove_file(checkpoint_path(recipe, out));
}

fn checkpoint_path(recipe: &Recipe, out: &Path) -> PathBuf {
    out.join(format!("{}.checkpoint.ptk", recipe.name))
}

/// Learns until the end of a stage, behind which another may come.
fn run(
    mut training: Training,
    goes_on: bool,
    checkpoint: &mut Checkpoint,
    watch: &mut Watch,
) -> Outcome<Vocabulary> {
    let stage = watch.begin();
    while let Some(progress) = training.step() {
        watch.tell(&stage, progress)?;
        checkpoint.write_if_due(&training);
    }
    if goes_on {
        // The documents are read once more, which may fail.
        checkpoint.write(&training);
    }
    stage.finish();
    training.vocabulary().map_err(Failure::about("training"))
}

/// Tells how far a training is.
struct Watch {
    recipe: String,
    lines: Option<Box<dyn Write>>,
    begun: Instant,
    told: Option<(Instant, usize)>,
}

/// A line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    recipe: &'a str,
    merges: usize,
    wanted: usize,
    /// Occurrences of the last pair merged.
    count: u64,
    merges_per_second: f64,
    memory_bytes: usize,
    seconds: f64,
    seconds_left: f64,
}

impl Watch {
    fn new(recipe: &Recipe, running: &Running) -> Outcome<Watch> {
        let lines: Option<Box<dyn Write>> = match &running.progress {
            None => None,
            Some(path) if path == Path::new("-") => Some(Box::new(io::stdout())),
            Some(path) => {
                Some(Box::new(File::create(path).map_err(Failure::about(path.display()))?))
            }
        };
        Ok(Watch { recipe: recipe.name.clone(), lines, begun: Instant::now(), told: None })
    }

    /// Begins a stage.
    fn begin(&mut self) -> Stage {
        self.told = None;
        Stage::new(&self.recipe, "merges")
    }

    fn tell(&mut self, stage: &Stage, progress: Progress) -> Outcome {
        let Progress { merges, wanted, count, memory } = progress;
        stage.set(merges as u64, wanted as u64);
        let now = Instant::now();
        let (then, before) = *self.told.get_or_insert((now, merges));
        let seconds = (now - then).as_secs_f64();
        if seconds < 1.0 && merges < wanted {
            return Ok(());
        }
        let rate = (merges - before) as f64 / seconds.max(1e-3);
        self.told = Some((now, merges));
        stage.say(format!("last {count} times, {rate:.0}/s, {} MB", memory >> 20));
        let Some(lines) = &mut self.lines else { return Ok(()) };
        let line = Line {
            recipe: &self.recipe,
            merges,
            wanted,
            count,
            merges_per_second: rate,
            memory_bytes: memory,
            seconds: (now - self.begun).as_secs_f64(),
            seconds_left: (wanted - merges) as f64 / rate.max(1e-3),
        };
        let line = serde_json::to_string(&line).map_err(Failure::about("--progress"))?;
        writeln!(lines, "{line}").and_then(|()| lines.flush()).map_err(Failure::about("--progress"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("4G"), Ok(4 << 30));
        assert_eq!(size("1.5kb"), Ok(1536));
        assert_eq!(size("800M"), Ok(800 << 20));
        assert_eq!(size("17"), Ok(17));
        for wrong in ["", "G", "4X", "-1G", "0", "nanG"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
