//! `check`: all that CI runs, in its order.

use std::process::Command;

use crate::{
    failure::{Failure, Outcome},
    files,
};

/// Run tests, formatting, lints, documents, licences and the evaluation against its baseline.
#[derive(clap::Args, Debug)]
pub(crate) struct Check {}

/// What is run: arguments of cargo, and flags of the compilers of code and documents.
const STEPS: &[(&str, &[&str])] = &[
    ("test", &["test", "--workspace", "--locked"]),
    ("format", &["fmt", "--all", "--check"]),
    ("clippy", &["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"]),
    ("doc", &["doc", "--workspace", "--no-deps", "--locked"]),
    ("deny", &["deny", "--offline", "check", "bans", "licenses", "sources"]),
    ("eval", &["xtask", "eval", "--check"]),
];

impl Check {
    pub(crate) fn run(self) -> Outcome {
        for (name, arguments) in STEPS {
            files::note(format!("cargo {}", arguments.join(" ")));
            let status = Command::new("cargo")
                .args(*arguments)
                .current_dir(files::workspace())
                .env("RUSTDOCFLAGS", "--deny warnings")
                .status()
                .map_err(Failure::about("cargo"))?;
            if !status.success() {
                return Err(Failure::Regression(format!("{name} failed")));
            }
        }
        Ok(())
    }
}
