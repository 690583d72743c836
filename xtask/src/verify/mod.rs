//! `verify`: that fast ways give what slow ones do, on more than a test has time for.

mod encode;

use clap::Subcommand;

use crate::failure::Outcome;

/// Compare with the programs that vocabularies come from, over whole corpora.
#[derive(clap::Args, Debug)]
pub(crate) struct Verify {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Encode(encode::Encode),
}

impl Verify {
    pub(crate) fn run(self) -> Outcome {
        match self.what {
            What::Encode(command) => command.run(),
        }
    }
}
