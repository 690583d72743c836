//! `verify trainers`: merges of other trainers, held against ours and against their own rule.

use std::{collections::HashMap, path::PathBuf, time::Duration};

use polytok_core::{MAX_TOKEN_LEN, RunCounting, Segmenter, Ties, TrainConfig, train};
use polytok_text::Gpt2;

use super::{
    replay::{self, Replay},
    rule::{Claim, Rule},
};
use crate::{
    bench::{
        train::{
            Learned, Program, TrainInputs, Training, config, count, equal, pairs, read_merges,
        },
        wheels,
    },
    corpus,
    failure::{Failure, Outcome},
    files,
};

/// Train with others on the pieces of GPT-2, and check their merges: that they are ours with the
/// same order of equally frequent pairs, and that each is the one that this order puts first.
///
/// The second check does the merges over again by an index that shares no code with any trainer. Ends
/// with exit code 1 at the first difference.
#[derive(clap::Args, Debug)]
pub(crate) struct Trainers {
    /// Trainers that are published as Python wheels.
    #[arg(default_values = ["rustbpe", "tokenizers"])]
    trainers: Vec<String>,
    /// Folder of the corpus [default: the fixtures].
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Bytes of text.
    #[arg(long, default_value_t = 10_000_000, value_name = "N")]
    bytes: usize,
    /// Entries of the vocabularies.
    #[arg(long, default_value_t = 32_768, value_name = "N")]
    entries: u32,
    /// Pairs that occur less often are not merged; for trainers that can do that.
    #[arg(long, default_value_t = 1, value_name = "N")]
    min_count: u64,
    /// Folder for the merges of each trainer, `NAME.merges`: a line each, both halves in
    /// hexadecimal, or the whole token where the trainer does not tell them apart.
    #[arg(long, value_name = "DIR")]
    dump: Option<PathBuf>,
}

/// Nobody is waited for longer.
const PATIENCE: Duration = Duration::from_secs(3600);

fn order(trainer: &str) -> Outcome<Ties> {
    match trainer {
        "rustbpe" | "ffbpe" | "bpeasy" => Ok(Ties::Value),
        "tokenizers" | "gigabpe" => Ok(Ties::ByteLevel),
        _ => Err(Failure::Wrong(format!("{trainer}: its order of equal pairs is not known"))),
    }
}

impl Trainers {
    pub(crate) fn run(self) -> Outcome {
        let corpus = corpus::folder(self.corpus.as_deref())?;
        let scratch = tempfile::tempdir().map_err(Failure::about("temporary folder"))?;
        if let Some(name) = self
            .trainers
            .iter()
            .find(|name| self.min_count > 1 && !["tokenizers", "gigabpe"].contains(&name.as_str()))
        {
            return Err(Failure::Wrong(format!("{name}: merges whatever occurs, see --min-count")));
        }
        let orders: Vec<Ties> =
            self.trainers.iter().map(|name| order(name)).collect::<Outcome<_>>()?;
        let input = TrainInputs { corpus: &corpus, folder: scratch.path() }.text(self.bytes)?;
        let merges = self.entries.saturating_sub(256) as usize;
        let counts = count(&input)?;
        let ours = |ties| {
            let settings = TrainConfig { ties, ..config(merges, self.min_count)? };
            train(&counts, &settings).map_err(Failure::about("training"))
        };
        let text = files::read(&input.path)?;
        let mut segments: HashMap<&[u8], u64> = HashMap::new();
        let mut start = 0;
        for &end in &input.ends {
            let document = &text[start..end];
            Gpt2.segment(document, &mut |span, _| {
                *segments.entry(&document[span.start..span.end]).or_default() += 1;
            });
            start = end;
        }
        let mut segments: Vec<(Vec<u8>, u64)> =
            segments.into_iter().map(|(segment, count)| (segment.to_vec(), count)).collect();
        segments.sort_unstable();
        let bytes = input.bytes();
        for (name, order) in self.trainers.iter().zip(orders) {
            let (python, script) = wheels::trainer(name)?;
            let training = Training {
                trainer: name.clone(),
                input: input.clone(),
                merges,
                min_count: self.min_count,
                threads: 1,
                bound: false,
                memory: None,
                out: scratch.path().join("merges"),
            };
            let running = Program::Wheel(python, script).start(&training, scratch.path())?;
            running.told(PATIENCE).map_err(Failure::about(name))?;
            let theirs = read_merges(&training.out)?;
            if let Some(folder) = &self.dump {
                let path = folder.join(format!("{name}.merges"));
                files::write(&path, &files::read(&training.out)?)?;
            }
            let about = |difference: String| {
                Failure::Regression(format!("{name}, {bytes} bytes of text: {difference}"))
            };
            let rule = rule(order, self.min_count);
            replayed(&segments, &theirs, &rule, merges).map_err(about)?;
            let ours = ours(order)?;
            let same = equal(&learned(&ours), &theirs);
            if same < theirs.len().max(ours.merges().len()) {
                return Err(about(format!("merge {same} is not ours")));
            }
            files::print(format!(
                "{name}: {} merges on {bytes} bytes of text follow the rule; the first {same} are \
                 ours\n",
                theirs.len()
            ))?;
        }
        Ok(())
    }
}

fn rule(order: Ties, min_count: u64) -> Rule {
    Rule {
        runs: RunCounting::Adjacent,
        min_count,
        max_token_len: MAX_TOKEN_LEN as usize,
        whole_characters: false,
        bytes: match order {
            Ties::Value => Rule::by_value(),
            Ties::ByteLevel => Rule::by_character(),
        },
        complement: None,
    }
}

/// An error that says where merges are not those of the rule, or end too early.
fn replayed(
    segments: &[(Vec<u8>, u64)],
    learned: &[Learned],
    rule: &Rule,
    wanted: usize,
) -> Result<(), String> {
    let pairs = pairs(learned).map_err(|failure| failure.to_string())?;
    let claims: Vec<Claim> = pairs.into_iter().map(|pair| Claim { pair, count: None }).collect();
    let replay = Replay::new(segments.iter().cloned(), &[], rule);
    let room = |_| claims.len() < wanted;
    replay::check(replay, &claims, room, |_| ()).map_err(|difference| difference.to_string())
}

/// Our merges as those of others are read.
fn learned(vocabulary: &polytok_core::Vocabulary) -> Vec<Learned> {
    let token = |id: u32| {
        let id = vocabulary.id_of(id);
        id.and_then(|id| vocabulary.token(id)).unwrap_or_default()
    };
    let merge = |&(left, right): &(u32, u32)| Learned {
        token: [token(left), token(right)].concat(),
        cut: Some(token(left).len()),
    };
    vocabulary.merges().iter().map(merge).collect()
}
