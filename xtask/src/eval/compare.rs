//! What an evaluation has otherwise than a baseline.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{
    baseline::{Baseline, SourceCounts, VocabularyCounts},
    figures::{Figures, Partial},
    number::grouped,
};

/// A figure that is not as the baseline has it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Difference {
    /// Name of the vocabulary.
    pub(crate) vocabulary: String,
    /// Name of the source, for a figure of one source.
    pub(crate) source: Option<String>,
    /// What the figure is called.
    pub(crate) figure: String,
    /// What the baseline has.
    pub(crate) expected: String,
    /// What was measured.
    pub(crate) found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { vocabulary, source, figure, expected, found } = self;
        write!(f, "{vocabulary}")?;
        if let Some(source) = source {
            write!(f, ", {source}")?;
        }
        write!(f, ", {figure}: expected {expected}, found {found}")
    }
}

/// What differs between a baseline and an evaluation, in alphabetical order of vocabularies and
/// sources.
///
/// With a tolerance of 0, every count that differs is a finding, and so is a vocabulary or a source
/// that is new or gone. With a tolerance above 0, only these are: a vocabulary or a source that is
/// gone, documents that changed, round trips that fail more often than before, and tokens of a source
/// that grew by more than that many per cent. Of a vocabulary that promises to be lossless, a failed
/// round trip is a finding even if the baseline has it. A tolerance below 0 or NaN counts as 0.
pub(crate) fn compare(
    baseline: &Baseline,
    figures: &[Figures],
    tolerance_percent: f64,
) -> Vec<Difference> {
    let tolerance = Some(tolerance_percent).filter(|&percent| percent > 0.0);
    let found = Baseline::new(figures);
    let mut rows = Rows { tolerance, vocabulary: String::new(), source: None, rows: Vec::new() };
    for (name, expected, found) in outer_join(&baseline.vocabularies, &found.vocabularies) {
        (rows.vocabulary, rows.source) = (name.to_owned(), None);
        rows.presence("vocabulary", expected.is_some(), found.is_some());
        if let Some((expected, found)) = expected.zip(found) {
            rows.vocabulary(expected, found);
        }
    }
    rows.rows
}

/// Keys of both maps in order, with their values in each.
fn outer_join<'a, T>(
    left: &'a BTreeMap<String, T>,
    right: &'a BTreeMap<String, T>,
) -> impl Iterator<Item = (&'a str, Option<&'a T>, Option<&'a T>)> {
    let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    keys.into_iter().map(|key| (key.as_str(), left.get(key), right.get(key)))
}

/// Differences found so far, and where the next ones are.
struct Rows {
    /// In per cent, if there is one.
    tolerance: Option<f64>,
    vocabulary: String,
    source: Option<String>,
    rows: Vec<Difference>,
}

impl Rows {
    fn vocabulary(&mut self, expected: &VocabularyCounts, found: &VocabularyCounts) {
        self.digest("vocabulary file", &expected.digest, &found.digest, self.tolerance.is_none());
        let strict = [
            ("lossless", u64::from(expected.lossless), u64::from(found.lossless)),
            ("entries", expected.entries, found.entries),
            ("unreachable entries", expected.unreachable, found.unreachable),
        ];
        self.counts(&strict);
        self.partial("entries", expected.partial_entries, found.partial_entries);
        self.round_trips(
            "random round trips failed",
            expected.random_round_trips_failed,
            found.random_round_trips_failed,
            found.lossless,
        );
        self.extra(&expected.extra, &found.extra);
        for (name, before, now) in outer_join(&expected.sources, &found.sources) {
            self.source = Some(name.to_owned());
            self.presence("source", before.is_some(), now.is_some());
            if let Some((before, now)) = before.zip(now) {
                self.source(before, now, found.lossless);
            }
        }
    }

    fn source(&mut self, expected: &SourceCounts, found: &SourceCounts, lossless: bool) {
        self.digest("documents", &expected.documents_digest, &found.documents_digest, true);
        let strict = [
            ("documents", expected.documents, found.documents),
            ("bytes", expected.bytes, found.bytes),
            ("entries used", expected.used, found.used),
        ];
        self.counts(&strict);
        self.tokens(expected.tokens, found.tokens);
        self.partial("tokens", expected.partial_tokens, found.partial_tokens);
        let (before, now) = (expected.round_trips_failed, found.round_trips_failed);
        self.round_trips("round trips failed", before, now, lossless);
        self.extra(&expected.extra, &found.extra);
    }

    fn push(&mut self, figure: &str, expected: String, found: String) {
        let (vocabulary, source) = (self.vocabulary.clone(), self.source.clone());
        self.rows.push(Difference {
            vocabulary,
            source,
            figure: figure.to_owned(),
            expected,
            found,
        });
    }

    /// Something gone is a finding always, something new without a tolerance.
    fn presence(&mut self, what: &str, expected: bool, found: bool) {
        let word = |there: bool| if there { "present" } else { "none" }.to_owned();
        if (expected && !found) || (!expected && found && self.tolerance.is_none()) {
            self.push(what, word(expected), word(found));
        }
    }

    fn digest(&mut self, figure: &str, expected: &str, found: &str, matters: bool) {
        if matters && expected != found {
            // Twelve digits tell two files apart and leave the row readable.
            let short = |digest: &str| digest.chars().take(12).chain(['…']).collect();
            self.push(&format!("digest of {figure}"), short(expected), short(found));
        }
    }

    fn counts(&mut self, counts: &[(&str, u64, u64)]) {
        for &(figure, expected, found) in counts {
            if self.tolerance.is_none() && expected != found {
                self.push(figure, grouped(expected), grouped(found));
            }
        }
    }

    fn partial(&mut self, of: &str, expected: Partial, found: Partial) {
        self.counts(&[
            (&format!("single-byte partial {of}"), expected.single_bytes, found.single_bytes),
            (&format!("longer partial {of}"), expected.longer, found.longer),
        ]);
    }

    fn extra(&mut self, expected: &BTreeMap<String, u64>, found: &BTreeMap<String, u64>) {
        if self.tolerance.is_some() {
            return;
        }
        let show = |count: Option<&u64>| count.map_or("none".to_owned(), |&count| grouped(count));
        for (figure, expected, found) in outer_join(expected, found) {
            if expected != found {
                self.push(figure, show(expected), show(found));
            }
        }
    }

    fn tokens(&mut self, expected: u64, found: u64) {
        let change = 100.0 * (found as f64 - expected as f64) / expected as f64;
        let finding = match self.tolerance {
            None => expected != found,
            // From nothing to something is growth without bound, and `change` then is infinite.
            Some(percent) => found > expected && change > percent,
        };
        if finding {
            let found = format!("{} ({change:+.3} %)", grouped(found));
            self.push("tokens", grouped(expected), found);
        }
    }

    fn round_trips(&mut self, figure: &str, expected: u64, found: u64, lossless: bool) {
        let differs = self.tolerance.is_none() && expected != found;
        if differs || found > expected || (lossless && found > 0) {
            let expected = if lossless { 0 } else { expected };
            self.push(figure, grouped(expected), grouped(found));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            measure,
            testing::{Forgetful, options, source, tokenizer},
        },
        *,
    };

    fn figures() -> Figures {
        let sources = [source("one", &[b"abab", b"ab"]), source("two", &["ä".as_bytes()])];
        measure(&tokenizer(&[(b'a', b'b')]), &sources, &[], &options())
    }

    /// The rows after a change, without and with a tolerance of 10 per cent.
    fn rows(change: impl Fn(&mut Figures)) -> (Vec<String>, Vec<String>) {
        let baseline = Baseline::new(&[figures()]);
        let mut figures = figures();
        change(&mut figures);
        let rows = |tolerance| {
            let differences = compare(&baseline, &[figures.clone()], tolerance);
            differences.iter().map(Difference::to_string).collect()
        };
        (rows(0.0), rows(10.0))
    }

    /// Asserts the rows without a tolerance, and whether there are any with one.
    fn check(change: impl Fn(&mut Figures), expected: &[&str], also_with_tolerance: bool) {
        let (strict, tolerant) = rows(change);
        assert_eq!(strict, expected);
        assert_eq!(tolerant, if also_with_tolerance { strict } else { Vec::new() });
    }

    #[test]
    fn nothing_changed_is_no_difference() {
        check(|_| {}, &[], false);
    }

    #[test]
    fn one_token_more_is_a_finding() {
        check(
            |figures| figures.sources[0].tokens += 1,
            &["letters, one, tokens: expected 3, found 4 (+33.333 %)"],
            true,
        );
    }

    #[test]
    fn fewer_tokens_are_a_finding_only_without_tolerance() {
        check(
            |figures| figures.sources[0].tokens -= 1,
            &["letters, one, tokens: expected 3, found 2 (-33.333 %)"],
            false,
        );
    }

    #[test]
    fn tokens_may_grow_up_to_the_tolerance() {
        let mut figures = figures();
        figures.sources[0].tokens = 1000;
        let baseline = Baseline::new(&[figures.clone()]);
        figures.sources[0].tokens = 1010;
        assert_eq!(compare(&baseline, &[figures.clone()], 1.0), []);
        assert_eq!(compare(&baseline, &[figures.clone()], 0.9).len(), 1);
        assert_eq!(compare(&baseline, &[figures.clone()], f64::NAN).len(), 1);
        assert_eq!(compare(&baseline, &[figures], -5.0).len(), 1);
    }

    #[test]
    fn tokens_from_nothing_exceed_every_tolerance() {
        let mut figures = figures();
        let tokens = std::mem::take(&mut figures.sources[0].tokens);
        let baseline = Baseline::new(&[figures.clone()]);
        figures.sources[0].tokens = tokens;
        assert_eq!(compare(&baseline, &[figures], 1000.0).len(), 1);
    }

    #[test]
    fn other_counts_are_exact_without_tolerance() {
        check(
            |figures| {
                figures.digest = "11".to_owned();
                figures.entries = 1257;
                figures.unreachable = 2;
                figures.partial.longer = 1;
                figures.sources[1].used = 1;
                figures.sources[1].partial.single_bytes = 0;
                figures.sources[1].extra_counts.insert("aligned".to_owned(), 9);
            },
            &[
                "letters, digest of vocabulary file: expected 00ff…, found 11…",
                "letters, entries: expected 257, found 1,257",
                "letters, unreachable entries: expected 0, found 2",
                "letters, longer partial entries: expected 0, found 1",
                "letters, two, entries used: expected 2, found 1",
                "letters, two, single-byte partial tokens: expected 2, found 0",
                "letters, two, aligned: expected none, found 9",
            ],
            false,
        );
    }

    #[test]
    fn floats_and_compressors_are_not_compared() {
        check(
            |figures| {
                figures.sources[0].compressed = None;
                figures.sources[0].renyi_efficiency = None;
                figures.sources[0].bytes_per_token = None;
                figures.pooled.order_0_bits_per_byte = Some(1.0);
            },
            &[],
            false,
        );
    }

    #[test]
    fn changed_documents_are_a_finding_always() {
        let row = "letters, two, digest of documents: expected";
        let (strict, tolerant) = rows(|figures| figures.sources[1].digest = "0".repeat(64));
        assert_eq!(strict.len(), 1);
        assert!(strict[0].starts_with(row) && strict[0].ends_with("found 000000000000…"));
        assert_eq!(strict, tolerant);
    }

    #[test]
    fn a_source_that_vanished_is_a_finding_always() {
        check(
            |figures| drop(figures.sources.remove(0)),
            &["letters, one, source: expected present, found none"],
            true,
        );
    }

    #[test]
    fn a_new_source_is_a_finding_only_without_tolerance() {
        check(
            |figures| {
                let mut source = figures.sources[0].clone();
                source.name = "three".to_owned();
                figures.sources.push(source);
            },
            &["letters, three, source: expected none, found present"],
            false,
        );
    }

    #[test]
    fn vocabularies_may_be_gone_or_new_too() {
        let (one, mut other) = (figures(), figures());
        other.name = "other".to_owned();
        let baseline = Baseline::new(std::slice::from_ref(&one));
        let rows = |figures: &[Figures], tolerance| -> Vec<String> {
            compare(&baseline, figures, tolerance).iter().map(Difference::to_string).collect()
        };
        let gone = "letters, vocabulary: expected present, found none";
        let new = "other, vocabulary: expected none, found present";
        assert_eq!(rows(&[other.clone()], 0.0), [gone, new]);
        assert_eq!(rows(&[other.clone()], 5.0), [gone]);
        assert_eq!(rows(&[one, other], 5.0), [""; 0]);
    }

    #[test]
    fn a_failed_round_trip_is_a_finding_even_if_it_failed_before() {
        let sources = [source("one", &[b"a\0"])];
        let forgetful = Forgetful(tokenizer(&[]));
        let mut figures = measure(&forgetful, &sources, &[], &options());
        let failed = grouped(figures.random_round_trips.failed);
        let baseline = Baseline::new(&[figures.clone()]);
        for tolerance in [0.0, 10.0] {
            let differences = compare(&baseline, &[figures.clone()], tolerance);
            let rows: Vec<String> = differences.iter().map(Difference::to_string).collect();
            assert_eq!(
                rows,
                [
                    format!("letters, random round trips failed: expected 0, found {failed}"),
                    "letters, one, round trips failed: expected 0, found 1".to_owned(),
                ]
            );
        }
        // A tokenizer that promises nothing may fail as often as before.
        figures.lossless = false;
        let baseline = Baseline::new(&[figures.clone()]);
        assert_eq!(compare(&baseline, &[figures.clone()], 0.0), []);
        figures.sources[0].round_trips.failed += 1;
        assert_eq!(compare(&baseline, &[figures], 50.0).len(), 1);
    }
}
