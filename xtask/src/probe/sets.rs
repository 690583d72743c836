//! The sets of GUE: sequences with the number of a class.

use std::{collections::BTreeMap, path::Path};

use crate::{
    corpus::{self, Reader},
    failure::{Failure, Outcome},
};

/// A sequence and the class it is of.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) sequence: Vec<u8>,
    pub(super) class: usize,
}

/// A set of the benchmark.
#[derive(Debug)]
pub(super) struct Set {
    pub(super) name: String,
    pub(super) train: Vec<Example>,
    pub(super) test: Vec<Example>,
    /// Whether both come from one part, as the other is not there.
    pub(super) split: bool,
}

/// One sequence of so many is held out where a set has one part alone.
const HELD_OUT: u8 = 5;

/// Classes are below this.
const CLASSES: usize = 64;

/// The sets that have `dev.csv`, by name.
pub(super) fn read(corpus: &Path) -> Outcome<Vec<Set>> {
    let mut parts: BTreeMap<(String, &str), Vec<Example>> = BTreeMap::new();
    for entry in corpus::entries(corpus, &["genome/gue-*.tar.zst".to_owned()], &[])? {
        for document in corpus::documents(&entry, &Reader::Text.into())? {
            let folders: Vec<&str> = document.name.rsplit('/').collect();
            let (part, name) = match folders[..] {
                [part @ ("train.csv" | "dev.csv"), set, group, ..] => {
                    (part, format!("{group}_{set}"))
                }
                _ => continue,
            };
            let part = if part == "dev.csv" { "dev" } else { "train" };
            parts.insert((name, part), examples(&document.name, &document.bytes)?);
        }
    }
    let names: Vec<String> =
        parts.keys().filter(|(_, part)| *part == "dev").map(|(name, _)| name.clone()).collect();
    let set = |name: String| {
        let dev = parts.remove(&(name.clone(), "dev"))?;
        Some(match parts.remove(&(name.clone(), "train")) {
            Some(train) => Set { name, train, test: dev, split: false },
            None => {
                // Equal sequences stay on one side.
                let (test, train) = dev.into_iter().partition(|example| {
                    blake3::hash(&example.sequence).as_bytes()[0].is_multiple_of(HELD_OUT)
                });
                Set { name, train, test, split: true }
            }
        })
    };
    Ok(names.into_iter().filter_map(set).collect())
}

/// The rows of a table `sequence,label`.
fn examples(name: &str, table: &[u8]) -> Outcome<Vec<Example>> {
    let text = std::str::from_utf8(table).map_err(Failure::about(name))?;
    let mut examples = Vec::new();
    for (number, line) in text.lines().enumerate().skip(1) {
        let wrong = || Failure::Wrong(format!("{name}: line {}: no sequence,label", number + 1));
        let (sequence, label) = line.split_once(',').ok_or_else(wrong)?;
        let class = label.trim().parse().ok().filter(|&class| class < CLASSES);
        let sequence = sequence.to_ascii_uppercase().into_bytes();
        examples.push(Example { sequence, class: class.ok_or_else(wrong)? });
    }
    Ok(examples)
}
