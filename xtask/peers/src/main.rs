//! Measures polytok beside other tokenizers, in one process.
//!
//! `peers JOB` does the works of a job file, as `cargo xtask bench encode --peers` writes it, and
//! writes the figures where the job says. `peers --solo FILE` is one contestant alone.

mod crates;
mod json;
mod raw;

use std::{ffi::OsString, path::Path, process::ExitCode};

use measure::{Field, InProcess, Job, Outcome, Wheel};

fn main() -> ExitCode {
    // A peer that panics is reported with the figures; where in its code is not asked here.
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let done = match &arguments[..] {
        [job] => run(Path::new(job)),
        [solo, file] if solo == "--solo" => measure::solo(Path::new(file), &linked()),
        _ => {
            eprintln!("error: usage: peers JOB");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Those in this program, polytok first.
fn linked() -> Vec<InProcess> {
    let mut all = vec![measure::polytok()];
    all.extend(crates::all());
    all
}

fn run(path: &Path) -> Outcome {
    let job = Job::read(path)?;
    let mut field =
        Field { contestants: Vec::new(), oracles: crates::oracles(), again: vec!["--solo".into()] };
    for one in linked() {
        field.contestants.push(Box::new(one));
    }
    if let Some((python, script)) = job.wheels.clone() {
        let (name, folder) = ("gigatoken".to_owned(), job.folder.clone());
        field.contestants.push(Box::new(Wheel { name, python, script, folder }));
    }
    measure::run(&job, &field)
}
