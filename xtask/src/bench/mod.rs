//! `bench`: how fast it is, by itself and beside others.

mod encode;
mod machine;
mod prepare;
mod recipes;
mod table;
pub(crate) mod train;
pub(crate) mod wheels;

use std::path::PathBuf;

use clap::Subcommand;
use measure::{Field, Job};

use crate::failure::{Failure, Outcome};

/// Time training, loading, encoding and decoding; ids are checked before anything is timed.
#[derive(clap::Args, Debug)]
pub(crate) struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Encode(encode::Encode),
    Recipes(recipes::Recipes),
    Train(train::Train),
    /// Do the works of a job file; `encode` starts this.
    #[command(hide = true)]
    Job {
        job: PathBuf,
    },
    /// Measure one tokenizer alone; `encode` starts this.
    #[command(hide = true)]
    Solo {
        job: PathBuf,
    },
    /// Do one training; `train` starts this.
    #[command(hide = true)]
    Training {
        job: PathBuf,
    },
}

impl Bench {
    pub(crate) fn run(self) -> Outcome {
        match self.what {
            What::Encode(command) => command.run(),
            What::Recipes(command) => command.run(),
            What::Train(command) => command.run(),
            What::Training { job } => train::solo(&job),
            What::Job { job } => {
                let job = Job::read(&job).map_err(failed)?;
                let field = Field {
                    contestants: vec![Box::new(measure::polytok())],
                    oracles: Vec::new(),
                    again: ["bench", "solo"].map(Into::into).to_vec(),
                };
                measure::run(&job, &field).map_err(failed)
            }
            What::Solo { job } => measure::solo(&job, &[measure::polytok()]).map_err(failed),
        }
    }
}

fn failed(failure: measure::Failure) -> Failure {
    Failure::Wrong(failure.to_string())
}
