//! Figures as tables that a page can hold.

use std::fmt::Write;

use measure::{Figure, Finding, Work};

/// All figures, one table a work.
pub(super) fn tables(figures: &[Figure]) -> String {
    let mut text = String::new();
    let mut works: Vec<Work> = figures.iter().map(|figure| figure.work).collect();
    works.dedup();
    for work in works {
        let of: Vec<&Figure> = figures.iter().filter(|figure| figure.work == work).collect();
        let table = Table::new(work, &of);
        let _ = write!(text, "\n## {}\n\n{}", title(work), table.markdown());
        for figure in of {
            if let Finding::Refused(why) = &figure.finding {
                let Figure { contestant, vocabulary, input, part, .. } = figure;
                let _ = writeln!(text, "\n{contestant}, {vocabulary}, {input}, {part}: {why}.");
            }
        }
    }
    text
}

fn title(work: Work) -> &'static str {
    match work {
        Work::Text => "Text, MB/s",
        Work::Runs => "One piece without a place to split, ms",
        Work::Short => "Strings of 100 bytes, µs a string",
        Work::Raw => "Whole files, own vocabularies, MB/s",
        Work::Cores => "Two threads against two processes, MB/s",
        Work::Decode => "Decoding, MB/s",
        Work::Load => "Loading and the first ids, ms",
        Work::Memory => "Most memory of a process, MiB",
    }
}

/// What the figure is in the unit of the table, and whether more is better.
fn value(figure: &Figure) -> Option<f64> {
    match (figure.work, &figure.finding) {
        (_, Finding::Refused(_)) => None,
        (_, Finding::Kibibytes(kibibytes)) => Some(*kibibytes as f64 / 1024.0),
        (Work::Runs | Work::Load, Finding::Seconds(seconds)) => Some(seconds * 1e3),
        (Work::Short, Finding::Seconds(seconds)) => Some(seconds * 1e6 / figure.items as f64),
        (_, Finding::Seconds(_)) => figure.megabytes_per_second(),
    }
}

fn more_is_better(work: Work) -> bool {
    matches!(work, Work::Text | Work::Raw | Work::Cores | Work::Decode)
}

/// By how much polytok is to be ahead of the best of the others, or on two threads of two
/// processes.
fn bar(work: Work, part: &str) -> Option<f64> {
    match (work, part) {
        (Work::Text, "first" | "unseen") => Some(1.5),
        (Work::Text, _) => Some(1.3),
        (Work::Runs, _) => Some(1.0 / 1.5),
        (Work::Short, _) => Some(1.0),
        (Work::Raw, _) => Some(5.0),
        (Work::Cores, "processes") => None,
        (Work::Cores, _) => Some(0.9),
        (Work::Decode | Work::Load | Work::Memory, _) => None,
    }
}

struct Table<'a> {
    work: Work,
    contestants: Vec<&'a str>,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    name: [&'a str; 3],
    figures: Vec<&'a Figure>,
}

impl<'a> Table<'a> {
    fn new(work: Work, figures: &[&'a Figure]) -> Table<'a> {
        let mut table = Table { work, contestants: Vec::new(), rows: Vec::new() };
        for &figure in figures {
            if !table.contestants.contains(&&*figure.contestant) {
                table.contestants.push(&figure.contestant);
            }
            let name = [&*figure.vocabulary, &*figure.input, &*figure.part];
            match table.rows.iter_mut().find(|row| row.name == name) {
                Some(row) => row.figures.push(figure),
                None => table.rows.push(Row { name, figures: vec![figure] }),
            }
        }
        // Whom it is about comes first, whoever was reported first.
        table.contestants.sort_by_key(|&name| name != "polytok");
        table
    }

    fn markdown(&self) -> String {
        let mut text = String::from("| vocabulary | input | |");
        for contestant in &self.contestants {
            let _ = write!(text, " {contestant} |");
        }
        text.push_str(" ahead by | bar |\n|---|---|---|");
        text.push_str(&"---|".repeat(self.contestants.len() + 2));
        text.push('\n');
        for row in &self.rows {
            let cells = self.contestants.iter().map(|name| row.cell(name));
            let ahead = self.ahead(row).map_or(String::new(), |ahead| format!("{ahead:.2}"));
            let bar = bar(self.work, row.name[2]).map_or(String::new(), |bar| format!("{bar:.2}"));
            text.push_str(&line(row.name, cells, &ahead, &bar));
            if let Some(once) = self.once(row) {
                let [vocabulary, input, _] = row.name;
                let growth = self.contestants.iter().map(|name| {
                    let growth = row.value(name).zip(once.value(name)).map(|(a, b)| a / b);
                    growth.map_or(String::new(), |growth| format!("{growth:.2}"))
                });
                let name = [vocabulary, input, "twice / once"];
                text.push_str(&line(name, growth, "", "below 2.30"));
            }
        }
        text
    }

    /// The row of half the length, for one of the whole.
    fn once(&self, row: &Row<'_>) -> Option<&Row<'a>> {
        let [vocabulary, input, part] = row.name;
        let wanted = (part == "twice").then_some([vocabulary, input, "once"])?;
        self.rows.iter().find(|row| row.name == wanted)
    }

    /// How many times better polytok is than the best of the others; on two threads, than two
    /// processes.
    fn ahead(&self, row: &Row<'_>) -> Option<f64> {
        let own = row.value("polytok")?;
        if self.work == Work::Cores {
            let [vocabulary, input, part] = row.name;
            let apart = self.rows.iter().find(|row| row.name == [vocabulary, input, "processes"]);
            return (part != "processes").then_some(own / apart?.value("polytok")?);
        }
        let others = self.contestants.iter().filter(|&&name| name != "polytok");
        let others = others.filter_map(|name| row.value(name));
        match more_is_better(self.work) {
            true => others.max_by(f64::total_cmp).map(|best| own / best),
            false => others.min_by(f64::total_cmp).map(|best| best / own),
        }
    }
}

impl Row<'_> {
    fn of(&self, contestant: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.contestant == contestant).copied()
    }

    fn value(&self, contestant: &str) -> Option<f64> {
        value(self.of(contestant)?)
    }

    fn cell(&self, contestant: &str) -> String {
        match (self.value(contestant), self.of(contestant)) {
            (Some(value), _) if value < 9.995 => format!("{value:.2}"),
            (Some(value), _) if value < 99.95 => format!("{value:.1}"),
            (Some(value), _) => format!("{value:.0}"),
            (None, Some(_)) => "none".to_owned(),
            (None, None) => String::new(),
        }
    }
}

fn line(name: [&str; 3], cells: impl Iterator<Item = String>, ahead: &str, bar: &str) -> String {
    let mut line = format!("| {} |", name.join(" | "));
    for cell in cells.chain([ahead.to_owned(), bar.to_owned()]) {
        let _ = write!(line, " {cell} |");
    }
    line.push('\n');
    line
}
