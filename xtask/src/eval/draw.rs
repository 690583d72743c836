//! Drawings of a report: bytes per token over size, and what lies where in a document.

use std::fmt::Write as _;

use super::{
    figures::{Curve, Drawing, Lane, Strip},
    number::grouped,
    plot::{WIDTH, escape, line, mark, open, open_wide, power, text, tick_label, ticks},
};

/// Units of width of a strip, which is as wide as the page and scrolls on a telephone.
const WIDE: f64 = 900.0;

/// Colors of bands; further ones look like the last.
const COLORS: usize = 6;

pub(super) fn title(drawing: &Drawing) -> String {
    match drawing {
        Drawing::Curve(_) => "Bytes per token over entries".to_owned(),
        Drawing::Strip(strip) => strip.title.clone(),
    }
}

pub(super) fn svg(drawing: &Drawing) -> String {
    match drawing {
        Drawing::Curve(curve) => curve_svg(curve),
        Drawing::Strip(strip) => strip_svg(strip),
    }
}

/// Entries on a logarithmic axis.
fn curve_svg(curve: &Curve) -> String {
    let points = || {
        let others = curve.references.iter().map(|&(_, entries, value)| (entries, value));
        curve.sizes.iter().copied().chain(others)
    };
    let decades = |entries: u64| (entries.max(1) as f64).log10();
    let least = points().map(|(entries, _)| decades(entries)).fold(f64::MAX, f64::min).floor();
    let most = points().map(|(entries, _)| decades(entries)).fold(0.0, f64::max).ceil();
    let (left, right, top, bottom) = (38.0, WIDTH - 12.0, 8.0, 190.0);
    let (step, count) = ticks(points().map(|(_, value)| value).fold(1.0, f64::max), 6);
    let x =
        |entries: u64| left + (decades(entries) - least) / (most - least).max(1.0) * (right - left);
    let y = |value: f64| bottom - value / (step * f64::from(count)) * (bottom - top);
    let mut svg = open(bottom + 36.0, "Bytes per token over the number of entries");
    for tick in 0..=count {
        let value = step * f64::from(tick);
        line(&mut svg, "grid", (left, y(value)), (right, y(value)));
        text(&mut svg, "end", left - 4.0, y(value) + 4.0, &tick_label(value));
    }
    for decade in least as u32..=most as u32 {
        let x = x(10u64.pow(decade));
        line(&mut svg, "grid", (x, top), (x, bottom));
        text(&mut svg, "middle", x, bottom + 14.0, &power(decade));
    }
    let drawn: Vec<String> = curve
        .sizes
        .iter()
        .map(|&(entries, value)| format!("{:.1},{:.1}", x(entries), y(value)))
        .collect();
    let _ = write!(svg, r#"<polyline class="own" points="{}"/>"#, drawn.join(" "));
    for &(entries, value) in &curve.sizes {
        let _ = write!(
            svg,
            r#"<circle class="own" cx="{:.1}" cy="{:.1}" r="4"><title>{}: {value:.3}</title></circle>"#,
            x(entries),
            y(value),
            grouped(entries)
        );
    }
    for (number, (name, entries, value)) in curve.references.iter().enumerate() {
        let title = format!("{name}, {} entries: {value:.3}", grouped(*entries));
        mark(&mut svg, number, x(*entries), y(*value), &title);
    }
    text(&mut svg, "middle", (left + right) / 2.0, bottom + 30.0, "entries");
    svg + "</svg>"
}

fn strip_svg(strip: &Strip) -> String {
    const LABEL: f64 = 16.0;
    let height = |lane: &Lane| match lane {
        Lane::Bands(..) => 16.0,
        Lane::Values(..) => 44.0,
    };
    let total: f64 = strip.lanes.iter().map(|lane| height(lane) + LABEL + 8.0).sum();
    let (left, right) = (4.0, WIDE - 4.0);
    let x = |at: u64| left + at as f64 / strip.length.max(1) as f64 * (right - left);
    let mut svg = open_wide(WIDE, total + 34.0, &strip.title);
    let mut top = 0.0;
    for lane in &strip.lanes {
        let below = top + LABEL + height(lane);
        match lane {
            Lane::Bands(name, bands) => {
                text(&mut svg, "start label", left, top + 11.0, name);
                for (start, end, color, name) in bands {
                    let _ = write!(
                        svg,
                        r#"<rect class="b{}" x="{:.2}" y="{:.1}" width="{:.2}" height="16"><title>{}: {} to {}</title></rect>"#,
                        color.min(&(COLORS - 1)),
                        x(*start),
                        top + LABEL,
                        (x(*end) - x(*start)).max(0.2),
                        escape(name),
                        grouped(*start),
                        grouped(*end)
                    );
                }
            }
            Lane::Values(name, values) => {
                let highest = values.iter().copied().fold(0.0, f64::max);
                let label = format!("{name}, up to {highest:.2}");
                // A few high values do not press down the others.
                let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
                let scale = highest.min(3.0 * mean);
                text(&mut svg, "start label", left, top + 11.0, &label);
                let width = (right - left) / values.len().max(1) as f64;
                for (number, value) in values.iter().enumerate() {
                    let tall =
                        if scale > 0.0 { value.min(scale) / scale * height(lane) } else { 0.0 };
                    let _ = write!(
                        svg,
                        r#"<rect class="value" x="{:.2}" y="{:.1}" width="{:.2}" height="{tall:.1}"><title>{value:.2}</title></rect>"#,
                        left + width * number as f64,
                        below - tall,
                        width * 0.9
                    );
                }
                line(&mut svg, "grid", (left, below), (right, below));
            }
        }
        top = below + 8.0;
    }
    for (anchor, at) in [("start", 0), ("middle", strip.length / 2), ("end", strip.length)] {
        text(&mut svg, anchor, x(at), top + 10.0, &grouped(at));
    }
    text(&mut svg, "middle", WIDE / 2.0, top + 26.0, strip.unit);
    svg + "</svg>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_show_every_size_and_reference() {
        let sizes = vec![(512, 1.5), (4096, 2.25), (65_536, 3.0)];
        let references = vec![("a <b>".to_owned(), 200_000, 2.5)];
        let svg = svg(&Drawing::Curve(Curve { sizes, references }));
        assert_eq!(svg.matches("<circle").count(), 3);
        assert!(svg.contains("a &lt;b&gt;, 200,000 entries: 2.500"));
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }

    #[test]
    fn a_strip_of_nothing_is_drawn() {
        let lanes = vec![
            Lane::Bands("none".into(), Vec::new()),
            Lane::Values("zero".into(), vec![0.0, 0.0]),
            Lane::Values("no".into(), Vec::new()),
        ];
        let strip = Strip { title: "t".into(), length: 0, unit: "bytes", lanes };
        let svg = svg(&Drawing::Strip(strip));
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }

    #[test]
    fn bands_lie_where_they_are() {
        let bands = vec![(0, 50, 0, ".text".to_owned()), (50, 100, 9, ".data".to_owned())];
        let lanes = vec![Lane::Bands("sections".into(), bands)];
        let strip = Strip { title: "t".into(), length: 100, unit: "bytes", lanes };
        let svg = svg(&Drawing::Strip(strip));
        assert!(svg.contains(r#"<rect class="b0" x="4.00" y="16.0" width="446.00""#), "{svg}");
        assert!(svg.contains(r#"<rect class="b5" x="450.00""#));
    }
}
