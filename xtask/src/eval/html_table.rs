//! Tables of the page.

use std::{collections::BTreeSet, fmt::Write as _};

use super::{
    figures::{Interval, Partial, SourceFigures},
    number::{decimal, grouped, percent},
    plot::escape,
};

/// A column: its heading, and the HTML in the row of a source.
pub(super) type Column<'a> = (String, Box<dyn Fn(&SourceFigures) -> String + 'a>);

fn column<'a>(heading: &str, cell: impl Fn(&SourceFigures) -> String + 'a) -> Column<'a> {
    (heading.to_owned(), Box::new(cell))
}

/// How much there is, and how few tokens it takes, also against the references.
pub(super) fn sizes(pooled: &SourceFigures) -> Vec<Column<'_>> {
    let mut columns = vec![
        // First, since a telephone shows no more than two.
        column("Bytes per token", |s| interval(s.bytes_per_token)),
        column("Documents", |s| grouped(s.documents)),
        column("Bytes", |s| grouped(s.bytes)),
        column("Tokens", |s| grouped(s.tokens)),
        column("Worst document", |s| {
            s.worst.as_ref().map_or(decimal(None), |worst| {
                let name = escape(&worst.name);
                format!("<span title=\"{name}\">{}</span>", decimal(worst.bytes_per_token))
            })
        }),
    ];
    columns.extend(pooled.references.iter().enumerate().map(|(i, reference)| {
        column(&format!("Tokens against {}", reference.name), move |s| {
            interval(s.references.get(i).and_then(|reference| reference.ratio))
        })
    }));
    columns
}

/// What else is known of the tokens; then a modality's own figures.
pub(super) fn qualities<'a>(rows: &[&'a SourceFigures]) -> Vec<Column<'a>> {
    let mut columns = vec![
        column("Tokens per word", |s| decimal(s.tokens_per_word)),
        column("Used", |s| percent(s.used_share)),
        column("Rényi efficiency", |s| decimal(s.renyi_efficiency)),
        column("Bits per byte", |s| decimal(s.order_0_bits_per_byte)),
        column("zstd", |s| decimal(s.compressed.map(|sizes| sizes.zstd_bits_per_byte))),
        column("xz", |s| decimal(s.compressed.map(|sizes| sizes.xz_bits_per_byte))),
        column("Partial", |s| {
            let Partial { longer, single_bytes } = s.partial;
            format!("{}<small>{}</small>", grouped(longer), grouped(single_bytes))
        }),
        column("Failed", |s| match s.round_trips.failed {
            0 => "0".to_owned(),
            failed => format!("<span class=\"bad\">{}</span>", grouped(failed)),
        }),
    ];
    let extras: BTreeSet<&String> = rows.iter().flat_map(|source| source.extra.keys()).collect();
    columns.extend(
        extras.into_iter().map(|key| column(key, move |s| decimal(s.extra.get(key).copied()))),
    );
    let counts: BTreeSet<&String> =
        rows.iter().flat_map(|source| source.extra_counts.keys()).collect();
    columns.extend(counts.into_iter().map(|key| {
        column(key, move |s| s.extra_counts.get(key).map_or(decimal(None), |&n| grouped(n)))
    }));
    columns
}

/// A table with one row a source, the last of which is all of them.
pub(super) fn table(
    html: &mut String,
    label: &str,
    rows: &[&SourceFigures],
    columns: &[Column<'_>],
) {
    let _ = write!(
        html,
        "<div class=\"scroll\" role=\"region\" aria-label=\"{}\" tabindex=\"0\">\n\
         <table>\n<thead>\n<tr><th scope=\"col\">Source</th>",
        escape(label)
    );
    let cells = columns.iter().map(|(heading, cell)| {
        let cells: Vec<String> = rows.iter().map(|source| cell(source)).collect();
        (heading, cells)
    });
    // What was not measured of any source needs no column.
    let columns: Vec<(&String, Vec<String>)> =
        cells.filter(|(_, cells)| cells.iter().any(|cell| *cell != decimal(None))).collect();
    for (heading, _) in &columns {
        let _ = write!(html, "<th scope=\"col\">{}</th>", escape(heading));
    }
    html.push_str("</tr>\n</thead>\n<tbody>\n");
    for (row, source) in rows.iter().enumerate() {
        let class = if row + 1 == rows.len() { " class=\"all\"" } else { "" };
        let _ = write!(html, "<tr{class}><th scope=\"row\">{}</th>", escape(&source.name));
        for (_, cells) in &columns {
            let _ = write!(html, "<td>{}</td>", cells[row]);
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
}

fn interval(interval: Option<Interval>) -> String {
    interval.map_or(decimal(None), |Interval { estimate, low, high }| {
        format!("{estimate:.3}<small>{low:.3}–{high:.3}</small>")
    })
}
