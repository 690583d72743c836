//! Exact counts that a later evaluation is held to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Partial, SourceFigures};

/// The counts of several vocabularies, without floats and without sizes of general compressors: the
/// part of [`Figures`] that is the same on every machine.
///
/// Its JSON is canonical: pretty, keys in alphabetical order, a line feed at the end. For that, the
/// fields of all structures here are declared in alphabetical order.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Baseline {
    /// By name of the vocabulary.
    pub(super) vocabularies: BTreeMap<String, VocabularyCounts>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VocabularyCounts {
    /// Digest of the vocabulary file.
    pub(super) digest: String,
    pub(super) entries: u64,
    pub(super) extra: BTreeMap<String, u64>,
    pub(super) lossless: bool,
    pub(super) partial_entries: Partial,
    pub(super) random_round_trips_failed: u64,
    /// By name of the source.
    pub(super) sources: BTreeMap<String, SourceCounts>,
    pub(super) unreachable: u64,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceCounts {
    pub(super) bytes: u64,
    pub(super) documents: u64,
    pub(super) documents_digest: String,
    pub(super) extra: BTreeMap<String, u64>,
    pub(super) partial_tokens: Partial,
    pub(super) round_trips_failed: u64,
    pub(super) tokens: u64,
    pub(super) used: u64,
}

impl Baseline {
    /// The counts of an evaluation.
    ///
    /// Where names are repeated, the second gets ` (2)` behind it, and so on.
    pub(crate) fn new(figures: &[Figures]) -> Baseline {
        let vocabularies =
            by_name(figures.iter().map(|figures| (&*figures.name, VocabularyCounts::new(figures))));
        Baseline { vocabularies }
    }

    /// Forgets the vocabularies that `wanted` is false for.
    pub(crate) fn keep(&mut self, wanted: impl Fn(&str) -> bool) {
        self.vocabularies.retain(|name, _| wanted(name));
    }

    /// Reads what [`to_json`](Baseline::to_json) wrote.
    ///
    /// # Errors
    ///
    /// The error of the parser if the text is not JSON, lacks a field or has one too many.
    pub(crate) fn from_json(json: &str) -> Result<Baseline, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// The canonical JSON; equal baselines give equal bytes.
    pub(crate) fn to_json(&self) -> String {
        let mut json =
            serde_json::to_string_pretty(self).expect("only strings, integers and string keys");
        json.push('\n');
        json
    }
}

impl VocabularyCounts {
    fn new(figures: &Figures) -> VocabularyCounts {
        let sources = figures.sources.iter();
        VocabularyCounts {
            digest: figures.digest.clone(),
            entries: figures.entries,
            extra: figures.extra_counts.clone(),
            lossless: figures.lossless,
            partial_entries: figures.partial,
            random_round_trips_failed: figures.random_round_trips.failed,
            sources: by_name(sources.map(|source| (&*source.name, SourceCounts::new(source)))),
            unreachable: figures.unreachable,
        }
    }
}

impl SourceCounts {
    fn new(figures: &SourceFigures) -> SourceCounts {
        SourceCounts {
            bytes: figures.bytes,
            documents: figures.documents,
            documents_digest: figures.digest.clone(),
            extra: figures.extra_counts.clone(),
            partial_tokens: figures.partial,
            round_trips_failed: figures.round_trips.failed,
            tokens: figures.tokens,
            used: figures.used,
        }
    }
}

fn by_name<'a, T>(named: impl Iterator<Item = (&'a str, T)>) -> BTreeMap<String, T> {
    let mut map = BTreeMap::new();
    for (name, value) in named {
        let mut key = name.to_owned();
        for number in 2.. {
            if !map.contains_key(&key) {
                break;
            }
            key = format!("{name} ({number})");
        }
        map.insert(key, value);
    }
    map
}

#[cfg(test)]
mod tests {
    use super::{
        super::measure,
        super::testing::{options, source, tokenizer},
        *,
    };

    fn figures() -> Figures {
        let sources = [source("one", &[b"abab", b"ab"]), source("two", &["ä".as_bytes()])];
        measure(&tokenizer(&[(b'a', b'b')]), &sources, &[], &options())
    }

    #[test]
    fn the_json_is_canonical_and_comes_back() {
        let baseline = Baseline::new(&[figures()]);
        let json = baseline.to_json();
        assert_eq!(Baseline::from_json(&json).unwrap(), baseline);
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        // A map of serde_json may keep the order of insertion or sort; sorted keys survive both.
        let keys: Vec<&str> = json
            .lines()
            .filter_map(|line| line.strip_prefix("      \""))
            .map(|line| line.split('"').next().unwrap())
            .collect();
        assert!(keys.is_sorted(), "{keys:?}");
        assert_eq!(serde_json::to_string_pretty(&value).unwrap() + "\n", json);
        assert!(!json.contains('.'), "a float: {json}");
    }

    #[test]
    fn a_damaged_baseline_is_refused() {
        assert!(Baseline::from_json("{}").is_err());
        assert!(Baseline::from_json(r#"{"vocabularies": {}, "more": 1}"#).is_err());
        assert!(Baseline::from_json(r#"{"vocabularies": {}}"#).is_ok());
    }

    #[test]
    fn repeated_names_are_told_apart() {
        let mut figures = figures();
        figures.sources[1].name = "one".to_owned();
        let baseline = Baseline::new(&[figures.clone(), figures.clone()]);
        let names: Vec<&String> = baseline.vocabularies.keys().collect();
        assert_eq!(names, ["letters", "letters (2)"]);
        let names: Vec<&String> = baseline.vocabularies["letters"].sources.keys().collect();
        assert_eq!(names, ["one", "one (2)"]);
    }
}
