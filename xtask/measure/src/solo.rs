//! One contestant alone in a process: what a process costs, and what two of them reach together.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde::{Deserialize, Serialize};

use crate::{
    clock,
    contestant::{Field, InProcess},
    failure::{Failure, Outcome},
    job::Solo,
    usage::peak,
};

/// What a process tells, a line of JSON each time.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Told {
    /// Of processor time to load and to encode the first bytes; later on the wall for one pass.
    pub(crate) seconds: f64,
    /// Most memory held so far, in kibibytes, where the system tells.
    pub(crate) kibibytes: Option<u64>,
}

/// Bytes of the first encoding.
const FIRST: usize = 100;

/// Does what a [`Solo`] file says: loads, tells, and then encodes all documents for every line that
/// it reads, and tells.
///
/// # Errors
///
/// [`Failure`] if the file or one that it names cannot be read, or the contestant fails.
pub fn solo(path: &Path, contestants: &[InProcess]) -> Outcome {
    let file = std::fs::read(path).map_err(Failure::about(path.display()))?;
    let job: Solo = serde_json::from_slice(&file).map_err(Failure::about(path.display()))?;
    let model = job.model.read()?;
    let documents = job.text.documents()?;
    let contestant = contestants.iter().find(|one| one.name == job.contestant);
    let contestant =
        contestant.ok_or("no such contestant").map_err(Failure::about(&job.contestant))?;
    let start = documents.first().map_or(&[][..], |first| &first.bytes);
    let start = crate::inputs::strings(start, FIRST, 1);
    let mut ids = Vec::new();
    let (seconds, encoder) = clock::processor(|| {
        let encoder = (contestant.load)(&model)?;
        if let (Some(encoder), Some(start)) = (&encoder, start.first()) {
            encoder.encode_into(&start.bytes, &mut ids)?;
        }
        Ok(encoder)
    });
    let Some(encoder) = encoder? else { return Err(Failure::GaveUp) };
    tell(seconds)?;
    for line in std::io::stdin().lines() {
        line.map_err(Failure::about("standard input"))?;
        let (seconds, done) = clock::wall(|| {
            documents.iter().try_for_each(|document| {
                ids.clear();
                encoder.encode_into(&document.bytes, &mut ids)
            })
        });
        done?;
        tell(seconds)?;
    }
    Ok(())
}

fn tell(seconds: f64) -> Outcome {
    let told = Told { seconds, kibibytes: peak() };
    let line = serde_json::to_string(&told).map_err(Failure::refused)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(Failure::about("standard output"))
}

/// Such a process.
pub(crate) struct Process {
    child: Child,
    /// Closed to end it.
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Process {
    /// Starts it; the first thing that it tells is how long it took to load.
    pub(crate) fn start(field: &Field, solo: &Solo, folder: &Path) -> Outcome<(Process, Told)> {
        let path = folder.join("solo.json");
        let json = serde_json::to_vec(solo).map_err(Failure::about("solo"))?;
        std::fs::write(&path, json).map_err(Failure::about(path.display()))?;
        let program = std::env::current_exe().map_err(Failure::about("this program"))?;
        let mut child = Command::new(program)
            .args(&field.again)
            .arg(&path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(Failure::about("this program, again"))?;
        let (Some(commands), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::GaveUp);
        };
        let answers = BufReader::new(answers);
        let mut process = Process { child, commands: Some(commands), answers };
        let told = process.told()?;
        Ok((process, told))
    }

    /// Has it encode all documents.
    pub(crate) fn go(&mut self) -> Outcome {
        let commands = self.commands.as_mut().ok_or(Failure::GaveUp)?;
        writeln!(commands).and_then(|()| commands.flush()).map_err(Failure::refused)
    }

    /// What it tells next.
    pub(crate) fn told(&mut self) -> Outcome<Told> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(Failure::refused)?;
        serde_json::from_str(&line).map_err(|_| Failure::GaveUp)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.commands = None;
        drop(self.child.wait());
    }
}
