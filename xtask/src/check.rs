//! `check`: all that CI runs.

use std::process::Command;

use crate::{
    failure::{Failure, Outcome},
    files,
};

/// Run what CI runs: tests, formatting, lints, documents, licences, evaluation against its baseline.
#[derive(clap::Args, Debug)]
pub(crate) struct Check {}

impl Check {
    /// The steps stand in one place, the script of CI.
    pub(crate) fn run(self) -> Outcome {
        let status = Command::new("bash")
            .arg(".ci/run")
            .current_dir(files::workspace())
            .status()
            .map_err(Failure::about("bash"))?;
        if status.success() { Ok(()) } else { Err(Failure::Regression("the check failed".into())) }
    }
}
