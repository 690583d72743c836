//! `verify`: that fast ways give what slow ones do, on more than a test has time for.

mod encode;
mod merges;
mod replay;
mod rule;
mod trainers;

use clap::Subcommand;

use crate::failure::Outcome;

/// Compare with other programs, or with a slow way of the same, over whole corpora.
#[derive(clap::Args, Debug)]
pub(crate) struct Verify {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Encode(encode::Encode),
    Merges(merges::Merges),
    Trainers(trainers::Trainers),
}

impl Verify {
    pub(crate) fn run(self) -> Outcome {
        match self.what {
            What::Encode(command) => command.run(),
            What::Merges(command) => command.run(),
            What::Trainers(command) => command.run(),
        }
    }
}
