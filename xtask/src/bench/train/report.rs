//! Figures as tables that a page can hold, and as JSON.

use std::fmt::Write;

use serde::Serialize;

use super::{
    Work,
    training::{Input, Told},
};
use crate::bench::machine::Machine;

/// How many cores a training has, and whether it is alone.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Side {
    /// One thread, bound to one core.
    OneCore,
    /// The same, and no more memory than a little.
    Limited,
    /// Two threads.
    Threads,
    /// Two processes of one thread each at the same time; the slower one counts.
    Processes,
}

impl Side {
    pub(super) fn threads(self) -> usize {
        if self == Side::Threads { 2 } else { 1 }
    }

    fn name(self) -> &'static str {
        match self {
            Side::OneCore => "one core",
            Side::Limited => "one core, limited memory",
            Side::Threads => "two threads",
            Side::Processes => "two processes",
        }
    }
}

/// A trainer on an input.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    work: Work,
    input: String,
    bytes: usize,
    documents: usize,
    entries: u32,
    side: Side,
    trainer: String,
    runs: Vec<Told>,
    /// Merges that are those of polytok, from the first on.
    equal_merges: Option<usize>,
    /// Why there is no figure.
    refused: Option<String>,
}

impl Row {
    pub(super) fn new(work: Work, input: &Input, entries: u32, side: Side, trainer: &str) -> Row {
        Row {
            work,
            input: input.name.clone(),
            bytes: input.bytes(),
            documents: input.ends.len(),
            entries,
            side,
            trainer: trainer.to_owned(),
            runs: Vec::new(),
            equal_merges: None,
            refused: None,
        }
    }

    pub(super) fn told(self, runs: Vec<Told>, equal_merges: Option<usize>) -> Row {
        Row { runs, equal_merges, ..self }
    }

    pub(super) fn refused(self, why: &str) -> Row {
        Row { refused: Some(why.to_owned()), ..self }
    }

    /// The median of what the runs tell.
    fn median(&self, of: impl Fn(&Told) -> f64) -> Option<f64> {
        let mut all: Vec<f64> = self.runs.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    }

    fn user(&self) -> Option<f64> {
        self.median(|told| told.user_seconds)
    }

    fn wall(&self) -> Option<f64> {
        self.median(|told| told.wall_seconds)
    }

    fn mebibytes(&self) -> Option<f64> {
        let kibibytes = self.runs.iter().filter_map(|told| told.kibibytes).max()?;
        Some(kibibytes as f64 / 1024.0)
    }
}

/// All that was measured.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    pub(super) machine: &'a Machine,
    pub(super) rows: &'a [Row],
}

impl Report<'_> {
    pub(super) fn tables(&self) -> String {
        let mut text = format!("{}\n", self.machine);
        for rows in self.rows.chunk_by(|a, b| a.work == b.work) {
            let _ = write!(text, "\n## {}\n\n{}", title(rows[0].work), table(rows));
            for row in rows {
                if let Some(why) = &row.refused {
                    let Row { trainer, input, side, .. } = row;
                    let _ = writeln!(text, "\n{trainer}, {input}, {}: {why}.", side.name());
                }
            }
        }
        text
    }
}

fn title(work: Work) -> &'static str {
    match work {
        Work::Text => "Text, pieces of GPT-2",
        Work::Dna => "Sequences",
        Work::Exe => "Executables",
        Work::Growth => "Growth",
        Work::Threads => "Two threads against two processes",
        Work::Gigabyte => "A gigabyte",
    }
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| input | MB | documents | entries | | trainer | user CPU s | wall s | MiB | merges | equal \
         | times polytok |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let Row { input, documents, entries, side, trainer, .. } = row;
        let number = |value: Option<f64>, digits| {
            value.map_or_else(|| "none".to_owned(), |value| format!("{value:.digits$}"))
        };
        let count =
            |value: Option<usize>| value.map_or_else(String::new, |value| value.to_string());
        let _ = writeln!(
            text,
            "| {input} | {:.1} | {documents} | {entries} | {} | {trainer} | {} | {} | {} | {} | {} | \
             {} |",
            row.bytes as f64 / 1e6,
            side.name(),
            number(row.user(), 2),
            number(row.wall(), 2),
            number(row.mebibytes(), 0),
            count(row.runs.last().map(|told| told.merges)),
            count(row.equal_merges),
            times(row, rows).map_or_else(String::new, |times| format!("{times:.2}")),
        );
    }
    for (name, ratio) in ratios(rows) {
        let _ = write!(text, "\n{name}: {ratio:.2}\n");
    }
    text
}

/// How many times the time of polytok a row takes: of processor time on one core, on the wall
/// otherwise.
fn times(row: &Row, rows: &[Row]) -> Option<f64> {
    let own = rows.iter().find(|own| {
        let same = |row: &Row| (row.input.clone(), row.entries, row.side);
        own.trainer == "polytok" && same(own) == same(row)
    })?;
    if row.trainer == own.trainer {
        return None;
    }
    match row.side {
        Side::OneCore | Side::Limited => Some(row.user()? / own.user()?),
        _ => Some(row.wall()? / own.wall()?),
    }
}

/// What rows are to each other.
fn ratios(rows: &[Row]) -> Vec<(String, f64)> {
    let mut ratios = Vec::new();
    for (row, other) in rows.iter().flat_map(|row| rows.iter().map(move |other| (row, other))) {
        let work = row.work;
        let ratio = if work == Work::Growth
            && row.entries == other.entries
            && row.bytes > other.bytes
        {
            let name = format!("CPU of {} / {}, {} entries", row.input, other.input, row.entries);
            let times = row.user().zip(other.user());
            times.map(|(a, b)| (name, a / b))
        } else if work == Work::Growth && row.input == other.input && row.entries > other.entries {
            let name = format!("CPU of {} / {} entries, {}", row.entries, other.entries, row.input);
            let times = row.user().zip(other.user());
            times.map(|(a, b)| (name, a / b))
        } else if (row.side, other.side) == (Side::Processes, Side::Threads)
            && row.input == other.input
        {
            let name = format!("half of two processes / two threads, {}", row.input);
            let times = row.wall().zip(other.wall());
            times.map(|(pair, threads)| (name, pair / 2.0 / threads))
        } else {
            None
        };
        ratios.extend(ratio);
    }
    ratios
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(work: Work, input: (&str, usize), entries: u32, side: Side, seconds: f64) -> Row {
        let input = Input {
            name: input.0.to_owned(),
            path: "file".into(),
            ends: vec![input.1],
            pieces: super::super::training::Pieces::Whole,
            alphabet: 4,
        };
        let told = Told {
            user_seconds: seconds,
            system_seconds: 0.0,
            wall_seconds: seconds,
            kibibytes: Some(2048),
            merges: 7,
        };
        Row::new(work, &input, entries, side, "polytok").told(vec![told], Some(7))
    }

    #[test]
    fn ratios_are_of_rows_that_belong_together() {
        let grown = [
            row(Work::Growth, ("all", 60), 65_536, Side::OneCore, 8.0),
            row(Work::Growth, ("half", 30), 65_536, Side::OneCore, 4.0),
            row(Work::Growth, ("all", 60), 4096, Side::OneCore, 5.0),
        ];
        let expected = [
            ("CPU of all / half, 65536 entries".to_owned(), 2.0),
            ("CPU of 65536 / 4096 entries, all".to_owned(), 1.6),
        ];
        assert_eq!(ratios(&grown), expected);
        let threads = [
            row(Work::Threads, ("all", 60), 65_536, Side::Threads, 4.0),
            row(Work::Threads, ("all", 60), 65_536, Side::Processes, 10.0),
        ];
        let expected = [("half of two processes / two threads, all".to_owned(), 1.25)];
        assert_eq!(ratios(&threads), expected);
        assert!(
            table(&threads).contains("| two processes | polytok | 10.00 | 10.00 | 2 | 7 | 7 |")
        );
    }

    #[test]
    fn others_are_held_against_polytok() {
        let own = row(Work::Text, ("all", 60), 300, Side::OneCore, 2.0);
        let mut other = row(Work::Text, ("all", 60), 300, Side::OneCore, 5.0);
        other.trainer = "other".to_owned();
        let rows = [own, other];
        assert_eq!(rows.each_ref().map(|row| times(row, &rows)), [None, Some(2.5)]);
        let refused = [rows[1].clone().told(vec![], None).refused("why")];
        assert!(table(&refused).contains("| none | none | none |  |  |  |"));
    }
}
