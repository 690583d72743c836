//! The tasks of the polytok workspace: `cargo xtask` lists them.
#![allow(clippy::print_stderr, reason = "a command line tells how it goes")]

mod bench;
mod card;
mod check;
mod corpus;
mod counting;
mod decode;
mod encode;
mod encoder;
mod eval;
mod evaluate;
mod export;
mod extend;
mod extra;
mod failure;
mod files;
mod generate;
mod id_map;
mod inspect;
mod instructions;
mod learn;
mod load;
mod modality;
mod probe;
mod progress;
mod prune;
mod recipe;
mod report;
mod shards;
mod ship;
mod source;
mod train;
mod verify;

#[cfg(test)]
mod tidy;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::failure::Outcome;

/// Train, evaluate and use polytok vocabularies.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    TrainAll(train::TrainAll),
    Train(train::Train),
    Count(shards::Count),
    MergeShards(shards::MergeShards),
    Eval(evaluate::Eval),
    Encode(encode::Encode),
    Decode(decode::Decode),
    Inspect(inspect::Inspect),
    Export(export::Export),
    Extend(extend::Extend),
    Prune(prune::Prune),
    Report(report::Report),
    Probe(probe::Probe),
    Ship(ship::Ship),
    Bench(bench::Bench),
    Verify(verify::Verify),
    Generate(generate::Generate),
    Check(check::Check),
}

impl Command {
    fn run(self) -> Outcome {
        match self {
            Command::TrainAll(command) => command.run(),
            Command::Train(command) => command.run(),
            Command::Count(command) => command.run(),
            Command::MergeShards(command) => command.run(),
            Command::Eval(command) => command.run(),
            Command::Encode(command) => command.run(),
            Command::Decode(command) => command.run(),
            Command::Inspect(command) => command.run(),
            Command::Export(command) => command.run(),
            Command::Report(command) => command.run(),
            Command::Probe(command) => command.run(),
            Command::Ship(command) => command.run(),
            Command::Extend(command) => command.run(),
            Command::Prune(command) => command.run(),
            Command::Bench(command) => command.run(),
            Command::Verify(command) => command.run(),
            Command::Generate(command) => command.run(),
            Command::Check(command) => command.run(),
        }
    }
}

fn main() -> ExitCode {
    let Some(command) = Arguments::parse().command else {
        let help = Arguments::command().render_help().to_string();
        return match files::print(help) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => ExitCode::from(failure.exit_code()),
        };
    };
    match command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            files::note(format!("error: {failure}"));
            ExitCode::from(failure.exit_code())
        }
    }
}
