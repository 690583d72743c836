//! The report for a terminal.

use std::collections::BTreeSet;

use super::{
    figures::{Figures, Partial, Report, RoundTrips, SourceFigures},
    number::{decimal, grouped, percent},
};

/// No line of a table is longer, in characters, but for names that are.
const WIDTH: usize = 100;

/// Names of sources and figures are cut to this many characters.
const NAME: usize = 28;

/// Plain text, for each vocabulary what holds of it and blocks of columns with one row a source.
pub(super) fn render(report: &Report) -> String {
    let mut text = format!("{}  {}\n", report.date, report.command);
    for figures in &report.vocabularies {
        text.push('\n');
        text.push_str(&vocabulary(figures));
    }
    text
}

fn vocabulary(figures: &Figures) -> String {
    let mut text = heading(figures);
    let mut rows: Vec<&SourceFigures> = figures.sources.iter().collect();
    rows.push(&figures.pooled);
    let blocks =
        [sizes(), qualities(), references(&figures.pooled), extras(&rows), extra_counts(&rows)];
    for columns in blocks {
        text.push_str(&block(&rows, columns));
    }
    for (name, value) in &figures.extra {
        text.push_str(&format!("  {name}: {}\n", decimal(*value)));
    }
    for (name, &count) in &figures.extra_counts {
        text.push_str(&format!("  {name}: {}\n", grouped(count)));
    }
    text
}

fn heading(figures: &Figures) -> String {
    let Figures { name, entries, unreachable, partial, .. } = figures;
    let used = percent(figures.pooled.used_share);
    let mut text = format!(
        "{name}: {} entries, {used} used, {} unreachable, {}\n",
        grouped(*entries),
        grouped(*unreachable),
        partial_entries(*partial),
    );
    let (documents, random) = (&figures.pooled.round_trips, &figures.random_round_trips);
    text.push_str(&format!(
        "  {}; {}{}\n",
        round_trips("documents", documents),
        round_trips("random strings", random),
        if figures.lossless { "" } else { "; it does not claim to be lossless" },
    ));
    text
}

/// How many entries are not whole characters.
pub(super) fn partial_entries(partial: Partial) -> String {
    let Partial { single_bytes, longer } = partial;
    format!("{} + {} partial UTF-8 (single bytes + longer)", grouped(single_bytes), grouped(longer))
}

/// How many round trips were tried and failed.
pub(super) fn round_trips(of: &str, trips: &RoundTrips) -> String {
    let RoundTrips { tried, failed, first_failed } = trips;
    let mut text = format!("{} of {} {of} did not come back", grouped(*failed), grouped(*tried));
    if let Some(name) = first_failed {
        text.push_str(&format!(" (first: {name})"));
    }
    text
}

/// A column: its heading, and what stands in the row of a source.
struct Column {
    heading: String,
    cell: Box<dyn Fn(&SourceFigures) -> String>,
}

fn column(heading: &str, cell: impl Fn(&SourceFigures) -> String + 'static) -> Column {
    Column { heading: heading.to_owned(), cell: Box::new(cell) }
}

fn sizes() -> Vec<Column> {
    vec![
        column("documents", |s| grouped(s.documents)),
        column("bytes", |s| grouped(s.bytes)),
        column("tokens", |s| grouped(s.tokens)),
        column("bytes/token", |s| decimal(s.bytes_per_token.map(|i| i.estimate))),
        column("95 % interval", |s| {
            s.bytes_per_token
                .map_or_else(|| decimal(None), |i| format!("{:.3}–{:.3}", i.low, i.high))
        }),
        column("worst", |s| decimal(s.worst.as_ref().map(|worst| worst.bytes_per_token))),
    ]
}

fn qualities() -> Vec<Column> {
    vec![
        column("tok/word", |s| decimal(s.tokens_per_word)),
        column("used", |s| percent(s.used_share)),
        column("Rényi", |s| decimal(s.renyi_efficiency)),
        column("bits/B", |s| decimal(s.order_0_bits_per_byte)),
        column("zstd", |s| decimal(s.compressed.map(|sizes| sizes.zstd_bits_per_byte))),
        column("xz", |s| decimal(s.compressed.map(|sizes| sizes.xz_bits_per_byte))),
        column("partial", |s| grouped(s.partial.longer)),
        column("failed", |s| grouped(s.round_trips.failed)),
    ]
}

fn references(pooled: &SourceFigures) -> Vec<Column> {
    let names = pooled.references.iter().map(|reference| &reference.name).enumerate();
    names
        .map(|(i, name)| {
            column(&format!("tokens : {name}"), move |source| {
                let reference = source.references.get(i);
                decimal(reference.and_then(|reference| reference.ratio).map(|ratio| ratio.estimate))
            })
        })
        .collect()
}

fn extras(rows: &[&SourceFigures]) -> Vec<Column> {
    let names: BTreeSet<&String> = rows.iter().flat_map(|source| source.extra.keys()).collect();
    let cell = |name: String| move |s: &SourceFigures| decimal(s.extra.get(&name).copied());
    names.into_iter().map(|name| column(name, cell(name.clone()))).collect()
}

fn extra_counts(rows: &[&SourceFigures]) -> Vec<Column> {
    let names: BTreeSet<&String> =
        rows.iter().flat_map(|source| source.extra_counts.keys()).collect();
    let cell = |name: String| {
        move |s: &SourceFigures| {
            s.extra_counts.get(&name).map_or_else(|| decimal(None), |&count| grouped(count))
        }
    };
    names.into_iter().map(|name| column(name, cell(name.clone()))).collect()
}

/// Aligned columns, the first with the names of the sources; columns that do not fit go into a
/// further block.
fn block(rows: &[&SourceFigures], columns: Vec<Column>) -> String {
    let len = |text: &str| text.chars().count();
    let names: Vec<String> = rows.iter().map(|source| shorten(&source.name)).collect();
    let name_width = names.iter().map(|name| len(name)).max().unwrap_or(0).max(len("source"));
    let mut columns: Vec<Vec<String>> = columns
        .into_iter()
        .map(|column| {
            let cells = rows.iter().map(|source| (column.cell)(source));
            std::iter::once(shorten(&column.heading)).chain(cells).collect()
        })
        // What was not measured of any source needs no column.
        .filter(|cells: &Vec<String>| cells[1..].iter().any(|cell| *cell != decimal(None)))
        .collect();
    let mut text = String::new();
    while !columns.is_empty() {
        let (mut width, mut fitting) = (2 + name_width, 0);
        let widths: Vec<usize> = columns
            .iter()
            .map(|cells| 2 + cells.iter().map(|cell| len(cell)).max().unwrap_or(0))
            .collect();
        while fitting < columns.len() && (fitting == 0 || width + widths[fitting] <= WIDTH) {
            width += widths[fitting];
            fitting += 1;
        }
        text.push('\n');
        for row in 0..=rows.len() {
            let name = if row == 0 { "source" } else { &names[row - 1] };
            text.push_str(&format!("  {name:name_width$}"));
            for (cells, width) in columns[..fitting].iter().zip(&widths) {
                text.push_str(&format!("{:>width$}", cells[row]));
            }
            text.push('\n');
        }
        columns.drain(..fitting);
    }
    text
}

fn shorten(name: &str) -> String {
    // A line feed or an escape sequence in a name of a file must not reach the terminal.
    let mut chars = name.chars().map(|c| if c.is_control() { '?' } else { c });
    let mut short: String = chars.by_ref().take(NAME).collect();
    if chars.next().is_some() {
        short.pop();
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            measure,
            testing::{options, source, tokenizer},
        },
        *,
    };
    use crate::encoder::Encoder;

    fn report() -> Report {
        let sources = [
            source("one", &[b"abab", b"ab  cd"]),
            source("a source with a name that is far too long\n", &[&b"ab".repeat(5000)]),
            source("empty", &[]),
        ];
        let bytes = tokenizer(&[]);
        let names = ["gpt2", "cl100k", "o200k", "a reference with a longer name", "llama"];
        let references: Vec<(String, &dyn Encoder)> =
            names.iter().map(|name| ((*name).to_owned(), &bytes as &dyn Encoder)).collect();
        let encoder = tokenizer(&[(b'a', b'b')]);
        let mut figures = measure(&encoder, &sources, &references, &options());
        figures.sources[0].extra.insert("bases per token".to_owned(), 4.25);
        figures.pooled.extra_counts.insert("aligned".to_owned(), 12345);
        let (date, command) = ("2026-11-23".to_owned(), "cargo xtask eval".to_owned());
        Report { date, command, vocabularies: vec![figures] }
    }

    #[test]
    fn rows_and_columns_are_aligned() {
        let text = render(&report());
        let sizes: Vec<&str> =
            text.lines().skip_while(|l| !l.contains("bytes/token")).take(5).collect();
        assert_eq!(
            sizes,
            [
                "  source                        documents   bytes  tokens  bytes/token  95 % interval  worst",
                "  one                                   2      10       7        1.429    1.200–2.000  1.200",
                "  a source with a name that i…          1  10,000   5,000        2.000    2.000–2.000  2.000",
                "  empty                                 0       0       0            –              –      –",
                "  all                                   3  10,010   5,007        1.999    1.200–2.000  1.200",
            ]
        );
    }

    #[test]
    fn no_line_is_too_long_and_nothing_is_lost() {
        let text = render(&report());
        let longest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= WIDTH, "{longest}:\n{text}");
        for part in [
            "2026-11-23  cargo xtask eval",
            "letters: 257 entries, 1.6 % used, 0 unreachable, 128 + 0 partial UTF-8",
            "0 of 3 documents did not come back; 0 of 200 random strings did not come back",
            "tokens : gpt2",
            "tokens : llama",
            "bases per token",
            "4.250",
            "12,345",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
}
