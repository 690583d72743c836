//! Those who train, one after the other, in turns.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    Work, merges,
    merges::Learned,
    report::{Row, Side},
    training::{Input, Pieces, Program, Told, Training},
};
use crate::{
    bench::wheels,
    failure::{Failure, Outcome},
    progress::Stage,
};

/// Whom it is about.
const OWN: &str = "polytok";

/// Processes.
const TWO: usize = 2;

pub(super) struct Contestants {
    /// In the order of their turns, each with its program or with why there is none.
    all: Vec<(String, Result<Program, String>)>,
    folder: PathBuf,
    patience: Duration,
    /// Bytes of memory that a limited training may hold.
    memory: u64,
    /// The merges of polytok, by input and entries.
    own: BTreeMap<(String, u32), Vec<Learned>>,
}

/// A contestant in a row of the table.
struct Turn<'a> {
    name: &'a str,
    program: Option<&'a Program>,
    told: Vec<Told>,
    /// Merges equal to those of polytok.
    equal: Option<usize>,
    refused: Option<String>,
}

impl Contestants {
    pub(super) fn new(
        peers: bool,
        named: &[String],
        folder: &Path,
        patience: Duration,
        memory: u64,
    ) -> Outcome<Contestants> {
        let mut all = vec![(OWN.to_owned(), Ok(Program::This))];
        if let Some(unknown) = named
            .iter()
            .find(|name| *name != OWN && wheels::TRAINERS.iter().all(|trainer| trainer.0 != **name))
        {
            return Err(Failure::Wrong(format!("--contestants: nobody is called {unknown:?}")));
        }
        let wanted = |name: &str| named.is_empty() || named.iter().any(|wanted| wanted == name);
        // polytok always takes part: the others are compared with it.
        for (name, _, _) in wheels::TRAINERS.iter().filter(|trainer| peers && wanted(trainer.0)) {
            let program =
                wheels::trainer(name).map(|(python, script)| Program::Wheel(python, script));
            all.push(((*name).to_owned(), program.map_err(|failure| failure.to_string())));
        }
        let folder = folder.to_owned();
        Ok(Contestants { all, folder, patience, memory, own: BTreeMap::new() })
    }

    /// One table row for each contestant.
    pub(super) fn measure(
        &mut self,
        work: Work,
        input: &Input,
        entries: u32,
        side: Side,
        rounds: usize,
        rows: &mut Vec<Row>,
    ) -> Outcome {
        let row = |name: &str| Row::new(work, input, entries, side, name);
        let all = self.all.clone();
        let taking = all.iter().filter(|(name, _)| takes_part(name, work, input));
        let mut turns: Vec<Turn<'_>> = taking
            .map(|(name, program)| {
                let unfit = unfit(name, input).map(str::to_owned);
                let refused = unfit.or_else(|| program.as_ref().err().cloned());
                Turn { name, program: program.as_ref().ok(), told: vec![], equal: None, refused }
            })
            .collect();
        let stage = Stage::new(&input.name, "trainings");
        let total = (rounds * turns.len()) as u64;
        for round in 0..rounds {
            for number in 0..turns.len() {
                let turn = &mut turns[number];
                if let (Some(program), None) = (turn.program, &turn.refused) {
                    let training = self.training(turn.name, input, entries, side);
                    let running = program.start(&training, &self.folder);
                    match running.and_then(|running| running.told(self.patience)) {
                        Ok(told) => {
                            turn.told.push(told);
                            turn.equal = Some(self.compare(&training, entries)?);
                        }
                        // What does not fit into a limit is a finding.
                        Err(failure) if turn.name == OWN && side != Side::Limited => {
                            return Err(failure);
                        }
                        Err(failure) => turn.refused = Some(failure.to_string()),
                    }
                }
                stage.set((round * turns.len() + number + 1) as u64, total);
            }
        }
        stage.finish();
        for turn in turns {
            let row = row(turn.name);
            rows.push(match turn.refused {
                Some(why) => row.refused(&why),
                None => row.told(turn.told, turn.equal),
            });
        }
        Ok(())
    }

    /// Two threads of one process against two processes of one thread each that do the same at the
    /// same time.
    pub(super) fn against_processes(
        &mut self,
        input: &Input,
        entries: u32,
        rounds: usize,
        rows: &mut Vec<Row>,
    ) -> Outcome {
        let (mut together, mut apart) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            let training = self.training(OWN, input, entries, Side::Threads);
            let running = Program::This.start(&training, &self.folder)?;
            together.push(running.told(self.patience)?);
            self.compare(&training, entries)?;

            let mut pair = Vec::new();
            for number in 0..TWO {
                let mut training = self.training(OWN, input, entries, Side::Processes);
                training.out = self.folder.join(format!("merges-{number}"));
                pair.push((Program::This.start(&training, &self.folder)?, training));
            }
            let mut slower: Option<Told> = None;
            for (running, training) in pair {
                let told = running.told(self.patience)?;
                self.compare(&training, entries)?;
                let before = slower.filter(|slower| slower.wall_seconds > told.wall_seconds);
                slower = Some(before.unwrap_or(told));
            }
            apart.extend(slower);
        }
        let row = |side| Row::new(Work::Threads, input, entries, side, OWN);
        rows.push(row(Side::Threads).told(together, None));
        rows.push(row(Side::Processes).told(apart, None));
        Ok(())
    }

    fn training(&self, name: &str, input: &Input, entries: u32, side: Side) -> Training {
        Training {
            trainer: name.to_owned(),
            input: input.clone(),
            merges: entries.saturating_sub(256) as usize,
            min_count: 1,
            threads: side.threads(),
            // Two processes go where there is room.
            bound: matches!(side, Side::OneCore | Side::Limited),
            memory: (side == Side::Limited).then_some(self.memory),
            out: self.folder.join("merges"),
        }
    }

    /// How many merges are those of polytok. Those of polytok itself must all be what they were.
    fn compare(&mut self, training: &Training, entries: u32) -> Outcome<usize> {
        let merges = merges::read(&training.out)?;
        let key = (training.input.name.clone(), entries);
        if training.trainer != OWN {
            return Ok(self.own.get(&key).map_or(0, |own| merges::equal(own, &merges)));
        }
        let number = merges.len();
        if *self.own.entry(key).or_insert_with(|| merges.clone()) != merges {
            let message = "merges differ from those of the run before";
            return Err(Failure::Regression(format!("{}: {message}", training.input.name)));
        }
        Ok(number)
    }
}

/// Others take text: a sequence that is one piece for all is as good as text.
fn takes_part(name: &str, work: Work, input: &Input) -> bool {
    let text = input.pieces == Pieces::Gpt2 || work == Work::Dna && input.ends.len() == 1;
    name == OWN || text
}

/// Why somebody does not take part who is expected to.
fn unfit(name: &str, input: &Input) -> Option<&'static str> {
    let quadratic = ["tokenizers", "bpeasy"].contains(&name);
    (quadratic && input.pieces == Pieces::Whole)
        .then_some("its time grows with the square of the length of a piece")
}
