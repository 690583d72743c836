//! One training in a process of its own, so that what the process uses is what the training takes.

use std::{
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::failure::{Failure, Outcome};

/// What the documents are cut into.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Pieces {
    /// The pieces of GPT-2.
    Gpt2,
    /// Nothing.
    Whole,
}

/// Documents, one behind the other in a file.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Input {
    /// The name in tables.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// Where documents end in the file.
    pub(crate) ends: Vec<usize>,
    pub(crate) pieces: Pieces,
    /// Number of different bytes in the file.
    pub(crate) alphabet: usize,
}

impl Input {
    pub(crate) fn bytes(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }
}

/// What is to be trained. Both this program and `xtask/peers/trainers.py` read it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Training {
    /// Name of the trainer.
    pub(crate) trainer: String,
    #[serde(flatten)]
    pub(crate) input: Input,
    /// Merges wanted.
    pub(crate) merges: usize,
    /// Pairs that occur less often are not merged, where a trainer can do that.
    pub(crate) min_count: u64,
    pub(crate) threads: usize,
    /// Whether to stay on one core.
    pub(crate) bound: bool,
    /// Bytes of memory that the process may hold.
    pub(crate) memory: Option<u64>,
    /// Where the merges go, a line each: both halves in hexadecimal.
    pub(crate) out: PathBuf,
}

/// What a training took, from the file of documents to the vocabulary.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Told {
    /// Seconds of processor time in the program, on all cores.
    pub(crate) user_seconds: f64,
    /// Seconds of processor time in the system on its behalf.
    pub(crate) system_seconds: f64,
    pub(crate) wall_seconds: f64,
    /// Most memory that the process held.
    pub(crate) kibibytes: Option<u64>,
    /// Merges learned.
    pub(crate) merges: usize,
}

/// What trains.
#[derive(Clone, Debug)]
pub(crate) enum Program {
    /// This program, again.
    This,
    /// An interpreter and a script.
    Wheel(PathBuf, PathBuf),
}

/// A training at work; it ends with this value at the latest.
pub(crate) struct Running {
    child: Child,
    started: Instant,
    /// Read by the process as long as it runs.
    _job: NamedTempFile,
    errors: NamedTempFile,
}

/// How often a process is asked whether it has ended.
const GLANCE: Duration = Duration::from_millis(5);

impl Program {
    /// Starts a training whose files are in `folder`.
    pub(crate) fn start(&self, training: &Training, folder: &Path) -> Outcome<Running> {
        let scratch = || NamedTempFile::new_in(folder).map_err(Failure::about(folder.display()));
        let (job, errors) = (scratch()?, scratch()?);
        let json = serde_json::to_vec(training).map_err(Failure::about("training"))?;
        std::fs::write(job.path(), json).map_err(Failure::about(job.path().display()))?;
        let mut command = match self {
            Program::This => {
                let this = std::env::current_exe().map_err(Failure::about("this program"))?;
                let mut command = Command::new(this);
                command.args(["bench", "training"]);
                command
            }
            Program::Wheel(python, script) => {
                let mut command = Command::new(python);
                command.arg(script);
                command
            }
        };
        let log = errors.reopen().map_err(Failure::about(errors.path().display()))?;
        let child = command
            .arg(job.path())
            .env("RAYON_NUM_THREADS", training.threads.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(Failure::about(&training.trainer))?;
        Ok(Running { child, started: Instant::now(), _job: job, errors })
    }
}

impl Running {
    /// What it took, once it has ended; an error if it fails, or takes longer than `patience`.
    pub(crate) fn told(mut self, patience: Duration) -> Outcome<Told> {
        let status = loop {
            match self.child.try_wait().map_err(Failure::about("training"))? {
                Some(status) => break status,
                None if self.started.elapsed() > patience => {
                    let seconds = patience.as_secs_f64();
                    return Err(Failure::Wrong(format!("does not end in {seconds:.0} s")));
                }
                None => std::thread::sleep(GLANCE),
            }
        };
        let mut answer = String::new();
        if let Some(output) = &mut self.child.stdout {
            output.read_to_string(&mut answer).map_err(Failure::about("training"))?;
        }
        if !status.success() {
            let errors = std::fs::read(self.errors.path()).unwrap_or_default();
            let errors = String::from_utf8_lossy(&errors);
            // Whoever runs out of memory says more behind it.
            let memory = errors.lines().find(|line| line.starts_with("memory allocation of"));
            let why = memory.or(errors.lines().last()).unwrap_or_default();
            return Err(Failure::Wrong(format!("{why} ({status})")));
        }
        serde_json::from_str(&answer).map_err(Failure::about("training"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nothing happens to one that has ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
