//! Plots as inline SVG, drawn on 400 units of width so that they stay legible on a telephone.
//!
//! Colors are classes of `page.css`, which has them for light and for dark screens.

use std::fmt::Write as _;

use super::{
    figures::{Figures, LengthCount, SourceFigures},
    number::{decimal, grouped, percent},
};

pub(super) const WIDTH: f64 = 400.0;

/// Shapes and colors of references repeat after so many.
const MARKS: usize = 4;

/// Bytes per token of each source with its interval, beside those of the references.
pub(super) fn bytes_per_token(figures: &Figures) -> String {
    const ROW: f64 = 42.0;
    let rows: Vec<&SourceFigures> = figures.sources.iter().chain([&figures.pooled]).collect();
    let values = rows.iter().flat_map(|source| {
        let own = source.bytes_per_token.map(|interval| interval.high);
        let others = source.references.iter().map(|reference| reference.bytes_per_token);
        others.chain([own]).flatten()
    });
    let (step, ticks) = ticks(values.fold(1.0, f64::max), 6);
    let x = |value: f64| 12.0 + value / (step * ticks as f64) * (WIDTH - 30.0);
    let bottom = ROW * rows.len() as f64;
    let mut svg = open(bottom + 34.0, "Bytes per token of each source with 95 % intervals");
    for tick in 0..=ticks {
        let value = step * tick as f64;
        line(&mut svg, "grid", (x(value), 0.0), (x(value), bottom));
        text(&mut svg, "middle", x(value), bottom + 14.0, &tick_label(value));
    }
    text(&mut svg, "middle", WIDTH / 2.0, bottom + 29.0, "bytes per token");
    for (row, source) in rows.iter().enumerate() {
        let y = ROW * row as f64;
        line(&mut svg, "grid", (x(0.0), y), (WIDTH - 18.0, y));
        text(&mut svg, "start label", x(0.0) + 4.0, y + 14.0, &shorten(&source.name));
        let estimate = source.bytes_per_token.map(|interval| interval.estimate);
        text(&mut svg, "end label", WIDTH - 22.0, y + 14.0, &decimal(estimate));
        for (number, reference) in source.references.iter().enumerate() {
            if let Some(value) = reference.bytes_per_token {
                let title = format!("{}: {value:.3}", reference.name);
                mark(&mut svg, number, x(value), y + 28.0, &title);
            }
        }
        if let Some(interval) = source.bytes_per_token {
            line(&mut svg, "own", (x(interval.low), y + 28.0), (x(interval.high), y + 28.0));
            let title = format!(
                "{:.3}, 95 % interval {:.3} to {:.3}",
                interval.estimate, interval.low, interval.high
            );
            let (x, y) = (x(interval.estimate), y + 28.0);
            let _ = write!(
                svg,
                r#"<circle class="own" cx="{x:.1}" cy="{y:.1}" r="4"><title>{}</title></circle>"#,
                escape(&title)
            );
        }
    }
    svg + "</svg>"
}

/// The mark of a reference on its own, for a legend.
pub(super) fn legend_mark(number: usize) -> String {
    let mut svg = String::from(r#"<svg class="mark" viewBox="0 0 14 14" aria-hidden="true">"#);
    mark(&mut svg, number, 7.0, 7.0, "");
    svg + "</svg>"
}

/// Entries and occurrences by length of token, as shares of all.
pub(super) fn lengths(figures: &Figures) -> String {
    let bins = bins(&figures.lengths);
    let highest = bins.iter().flat_map(|bin| [bin.entries, bin.occurrences]).fold(0.0, f64::max);
    // In per cent, so that the steps are round numbers of what the labels say.
    let (step, ticks) = ticks((100.0 * highest).max(1.0), 5);
    let (left, top, bottom) = (38.0, 8.0, 190.0);
    let y = |share: f64| bottom - 100.0 * share / (step * ticks as f64) * (bottom - top);
    let slot = (WIDTH - left - 4.0) / bins.len() as f64;
    let mut svg = open(bottom + 36.0, "Tokens by length: share of entries and of occurrences");
    for tick in 0..=ticks {
        let value = step * tick as f64;
        let y = y(value / 100.0);
        line(&mut svg, "grid", (left, y), (WIDTH - 4.0, y));
        text(&mut svg, "end", left - 4.0, y + 4.0, &format!("{}%", tick_label(value)));
    }
    for (number, bin) in bins.iter().enumerate() {
        let x = left + slot * number as f64;
        for (class, offset, share) in
            [("entries", 0.12, bin.entries), ("occurrences", 0.5, bin.occurrences)]
        {
            let (x, y, width) = (x + slot * offset, y(share), slot * 0.36);
            let (height, title) = (bottom - y, format!("{} bytes: {}", bin.name, percent(share)));
            let _ = write!(
                svg,
                r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}"><title>{title} of {class}</title></rect>"#
            );
        }
        text(&mut svg, "middle", x + slot / 2.0, bottom + 14.0, &bin.label);
    }
    text(&mut svg, "middle", (left + WIDTH) / 2.0, bottom + 30.0, "bytes of a token");
    svg + "</svg>"
}

/// Occurrences of the entries by rank, both on logarithmic axes.
pub(super) fn ranks(figures: &Figures) -> String {
    let decades = |number: u64| (number.max(10) as f64).log10();
    let most = figures.ranks.first().map_or(1, |first| first.occurrences);
    let (left, right, top, bottom) = (44.0, WIDTH - 10.0, 18.0, 190.0);
    let x_of = |rank: f64| left + rank.log10() / decades(figures.entries) * (right - left);
    let y_of = |times: f64| bottom - times.log10() / decades(most) * (bottom - top);
    let mut svg = open(bottom + 36.0, "Occurrences of the entries by rank");
    for decade in 0..=decades(figures.entries) as u32 {
        let x = x_of(10f64.powi(decade as i32));
        line(&mut svg, "grid", (x, top), (x, bottom));
        text(&mut svg, "middle", x, bottom + 14.0, &power(decade));
    }
    for decade in 0..=decades(most) as u32 {
        let y = y_of(10f64.powi(decade as i32));
        line(&mut svg, "grid", (left, y), (right, y));
        text(&mut svg, "end", left - 4.0, y + 4.0, &power(decade));
    }
    let used = figures.pooled.used;
    if used > 0 {
        let x = x_of(used as f64);
        line(&mut svg, "limit", (x, top), (x, bottom));
        let label = format!("{} used of {}", grouped(used), grouped(figures.entries));
        let (anchor, x) = if x > WIDTH / 2.0 { ("end label", right) } else { ("start label", x) };
        text(&mut svg, anchor, x, top - 6.0, &label);
    }
    let points: Vec<String> = figures
        .ranks
        .iter()
        .map(|r| format!("{:.1},{:.1}", x_of(r.rank as f64), y_of(r.occurrences as f64)))
        .collect();
    let _ = write!(svg, r#"<polyline class="own" points="{}"/>"#, points.join(" "));
    text(&mut svg, "middle", (left + right) / 2.0, bottom + 30.0, "rank of the entry");
    svg + "</svg>"
}

/// Lengths that share a pair of bars.
struct Bin {
    /// Such as `11–16`.
    name: String,
    /// What fits below the bars: the least length, and a sign that longer ones follow.
    label: String,
    entries: f64,
    occurrences: f64,
}

/// Lengths 1 to 10 alone, longer ones together.
fn bins(lengths: &[LengthCount]) -> Vec<Bin> {
    const LAST: u64 = 65;
    let firsts = (1..=10).chain([11, 17, 33, LAST]);
    let lasts = (1..=10).chain([16, 32, 64, u64::MAX]);
    let sum = |count: fn(&LengthCount) -> u64, first, last| {
        lengths.iter().filter(|l| (first..=last).contains(&l.bytes)).map(count).sum::<u64>() as f64
    };
    let entries: fn(&LengthCount) -> u64 = |length| length.entries;
    let occurrences: fn(&LengthCount) -> u64 = |length| length.occurrences;
    let share = |count, first, last| sum(count, first, last) / sum(count, 0, u64::MAX).max(1.0);
    firsts
        .zip(lasts)
        .map(|(first, last)| Bin {
            name: match first {
                _ if first == last => first.to_string(),
                LAST => format!("{first} and more"),
                _ => format!("{first}–{last}"),
            },
            label: if first == last { first.to_string() } else { format!("{first}+") },
            entries: share(entries, first, last),
            occurrences: share(occurrences, first, last),
        })
        .collect()
}

/// A step of 1, 2 or 5 times a power of ten, and how many reach `highest`; at most `most`.
///
/// `highest` is above 0.
pub(super) fn ticks(highest: f64, most: u32) -> (f64, u32) {
    let mut power = 10f64.powf((highest / f64::from(most)).log10().floor());
    loop {
        for factor in [1.0, 2.0, 5.0] {
            let step = factor * power;
            let needed = (highest / step).ceil();
            if needed <= f64::from(most) {
                return (step, needed as u32);
            }
        }
        power *= 10.0;
    }
}

/// Without digits behind the point that say nothing.
pub(super) fn tick_label(value: f64) -> String {
    let label = format!("{value:.2}");
    label.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub(super) fn power(decade: u32) -> String {
    match decade {
        0..3 => 10u64.pow(decade).to_string(),
        3..6 => format!("{}k", 10u64.pow(decade - 3)),
        6..9 => format!("{}M", 10u64.pow(decade - 6)),
        _ => format!("1e{decade}"),
    }
}

pub(super) fn open(height: f64, label: &str) -> String {
    open_wide(WIDTH, height, label)
}

pub(super) fn open_wide(width: f64, height: f64, label: &str) -> String {
    format!(
        r#"<svg class="plot" viewBox="0 0 {width} {height:.0}" role="img" aria-label="{}">"#,
        escape(label)
    )
}

pub(super) fn line(svg: &mut String, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
    let _ = write!(
        svg,
        r#"<line class="{class}" x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}"/>"#
    );
}

pub(super) fn text(svg: &mut String, class: &str, x: f64, y: f64, text: &str) {
    let text = escape(text);
    let _ = write!(svg, r#"<text class="{class}" x="{x:.1}" y="{y:.1}">{text}</text>"#);
}

/// The mark of a reference: told apart by shape as well as by color.
pub(super) fn mark(svg: &mut String, number: usize, x: f64, y: f64, title: &str) {
    let points: &[(f64, f64)] = match number % MARKS {
        0 => &[(-4.0, -4.0), (4.0, -4.0), (4.0, 4.0), (-4.0, 4.0)],
        1 => &[(0.0, -5.0), (5.0, 4.0), (-5.0, 4.0)],
        2 => &[(0.0, -5.5), (5.5, 0.0), (0.0, 5.5), (-5.5, 0.0)],
        _ => &[(0.0, 5.0), (5.0, -4.0), (-5.0, -4.0)],
    };
    let points: Vec<String> =
        points.iter().map(|(dx, dy)| format!("{:.1},{:.1}", x + dx, y + dy)).collect();
    let _ = write!(
        svg,
        r#"<polygon class="reference r{}" points="{}"><title>{}</title></polygon>"#,
        number % MARKS,
        points.join(" "),
        escape(title)
    );
}

fn shorten(name: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String = name.chars().take(LONGEST).collect();
    if name.chars().nth(LONGEST).is_some() {
        short.pop();
        short.push('…');
    }
    short
}

/// Text for an element or a quoted attribute of HTML or SVG; characters that neither may hold become
/// U+FFFD.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_reach_the_highest_value() {
        assert_eq!(ticks(4.9, 6), (1.0, 5));
        assert_eq!(ticks(1.0, 6), (0.2, 5));
        assert_eq!(ticks(61.0, 5), (20.0, 4));
        for n in 1..2000 {
            let highest = f64::from(n) * 0.037;
            let (step, count) = ticks(highest, 6);
            assert!(step * f64::from(count) >= highest * (1.0 - 1e-12) && (1..=6).contains(&count));
            assert!(step * f64::from(count - 1) < highest, "{highest}");
        }
    }

    #[test]
    fn tick_labels_are_short() {
        assert_eq!([0.0, 0.2, 2.5, 10.0].map(tick_label), ["0", "0.2", "2.5", "10"]);
        assert_eq!([0, 2, 4, 8, 9].map(power), ["1", "100", "10k", "100M", "1e9"]);
    }

    #[test]
    fn bins_hold_every_length_once() {
        let length = |bytes| LengthCount { bytes, entries: 1, occurrences: bytes };
        let lengths: Vec<LengthCount> = (0..300).map(|n| length(n + 1)).collect();
        let bins = bins(&lengths);
        let shares: f64 = bins.iter().map(|bin| bin.entries).sum();
        assert!((shares - 1.0).abs() < 1e-9);
        let names: Vec<&str> = bins[9..].iter().map(|bin| bin.name.as_str()).collect();
        assert_eq!(names, ["10", "11–16", "17–32", "33–64", "65 and more"]);
        assert!((bins[10].entries - 6.0 / 300.0).abs() < 1e-9);
        assert!((bins[13].entries - 236.0 / 300.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_that_html_reads_is_left() {
        assert_eq!(
            escape("<a b='\"'>&\0\u{1b}\n"),
            "&lt;a b=&#39;&quot;&#39;&gt;&amp;\u{fffd}\u{fffd}\n"
        );
    }
}
