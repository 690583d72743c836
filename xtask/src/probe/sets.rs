//! The sets of GUE: sequences with a label of two.

use std::{collections::BTreeMap, path::Path};

use crate::{
    corpus::{self, Reader},
    failure::{Failure, Outcome},
};

/// A sequence and which of two classes it is of.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) sequence: Vec<u8>,
    pub(super) positive: bool,
}

/// A set of the benchmark.
#[derive(Debug)]
pub(super) struct Set {
    pub(super) name: String,
    pub(super) train: Vec<Example>,
    pub(super) test: Vec<Example>,
}

/// The sets with both parts, by name; those of more than two classes are left out.
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
            if let Some(examples) = examples(&document.name, &document.bytes)? {
                let part = if part == "dev.csv" { "dev" } else { "train" };
                parts.insert((name, part), examples);
            }
        }
    }
    let names: Vec<String> =
        parts.keys().filter(|(_, part)| *part == "dev").map(|(name, _)| name.clone()).collect();
    let set = |name: String| {
        let train = parts.remove(&(name.clone(), "train"))?;
        let test = parts.remove(&(name.clone(), "dev"))?;
        Some(Set { name, train, test })
    };
    Ok(names.into_iter().filter_map(set).collect())
}

/// The rows of a table `sequence,label`; none if there are labels other than 0 and 1.
fn examples(name: &str, table: &[u8]) -> Outcome<Option<Vec<Example>>> {
    let text = std::str::from_utf8(table).map_err(Failure::about(name))?;
    let mut examples = Vec::new();
    for (number, line) in text.lines().enumerate().skip(1) {
        let wrong = || Failure::Wrong(format!("{name}: line {}: no sequence,label", number + 1));
        let (sequence, label) = line.split_once(',').ok_or_else(wrong)?;
        let positive = match label.trim() {
            "0" => false,
            "1" => true,
            _ => return Ok(None),
        };
        let sequence = sequence.to_ascii_uppercase().into_bytes();
        examples.push(Example { sequence, positive });
    }
    Ok(Some(examples))
}
