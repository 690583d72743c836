//! The report as one page that loads nothing from elsewhere.

use std::fmt::Write as _;

use super::{
    draw,
    figures::{Drawing, Figures, Passage, PassageToken, Report, SourceFigures},
    html_table,
    number::{decimal, grouped, percent},
    plot::{self, escape},
    table::{partial_entries, round_trips},
    terms::{LIMITS, TERMS},
};

const STYLE: &str = include_str!("page.css");

/// A complete HTML document.
pub(super) fn render(report: &Report) -> String {
    let mut html = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    let _ = write!(html, "<title>Evaluation, {}</title>\n<style>\n{STYLE}", escape(&report.date));
    html.push_str("</style>\n</head>\n<body>\n<header>\n<h1>Evaluation of vocabularies</h1>\n");
    let _ = writeln!(html, "<p>{}</p>", origin(report));
    if report.vocabularies.len() > 1 {
        html.push_str("<nav aria-label=\"Vocabularies\"><ul>\n");
        for (number, figures) in report.vocabularies.iter().enumerate() {
            let _ = writeln!(html, "<li><a href=\"#v{number}\">{}</a></li>", escape(&figures.name));
        }
        html.push_str("</ul></nav>\n");
    }
    html.push_str("</header>\n<main>\n");
    for (number, figures) in report.vocabularies.iter().enumerate() {
        section(&mut html, number, figures, report);
    }
    html.push_str("</main>\n<footer>\n<section>\n<h2>What the figures mean</h2>\n<dl>\n");
    for (term, meaning) in TERMS {
        let _ = writeln!(html, "<dt>{}</dt><dd>{}</dd>", escape(term), escape(meaning));
    }
    html.push_str("</dl>\n</section>\n<section>\n<h2>What the figures do not say</h2>\n<ul>\n");
    for limit in LIMITS {
        let _ = writeln!(html, "<li>{}</li>", escape(limit));
    }
    html.push_str("</ul>\n</section>\n</footer>\n</body>\n</html>\n");
    html
}

/// When and how the figures were made.
fn origin(report: &Report) -> String {
    format!("{}, <code>{}</code>", escape(&report.date), escape(&report.command))
}

fn section(html: &mut String, number: usize, figures: &Figures, report: &Report) {
    let name = escape(&figures.name);
    let _ = writeln!(html, "<section id=\"v{number}\">\n<h2>{name}</h2>");
    facts(html, figures);
    let rows: Vec<&SourceFigures> = figures.sources.iter().chain([&figures.pooled]).collect();
    let label = |what: &str| format!("{what} of {}", figures.name);
    html_table::table(html, &label("Sizes"), &rows, &html_table::sizes(&figures.pooled));
    html_table::table(html, &label("Qualities"), &rows, &html_table::qualities(&rows));
    html.push_str("<div class=\"plots\">\n");
    let mut legend = vec![(
        "<svg class=\"mark\" viewBox=\"0 0 14 14\" aria-hidden=\"true\">\
         <circle class=\"own\" cx=\"7\" cy=\"7\" r=\"4\"/></svg>"
            .to_owned(),
        figures.name.as_str(),
    )];
    for (number, reference) in figures.pooled.references.iter().enumerate() {
        legend.push((plot::legend_mark(number), &reference.name));
    }
    let origin = origin(report);
    let svg = plot::bytes_per_token(figures);
    figure(html, "Bytes per token", &legend, &svg, &origin);
    let bar = |class: &str| {
        format!(
            "<svg class=\"mark\" viewBox=\"0 0 14 14\" aria-hidden=\"true\">\
             <rect class=\"{class}\" x=\"2\" y=\"2\" width=\"10\" height=\"10\"/></svg>"
        )
    };
    let legend =
        [(bar("entries"), "share of entries"), (bar("occurrences"), "share of occurrences")];
    figure(html, "Length of tokens", &legend, &plot::lengths(figures), &origin);
    figure(html, "Occurrences by rank", &[], &plot::ranks(figures), &origin);
    for drawing in figures.drawings.iter().filter(|drawing| matches!(drawing, Drawing::Curve(_))) {
        let legend: Vec<(String, &str)> = legend_of(drawing);
        figure(html, &draw::title(drawing), &legend, &draw::svg(drawing), &origin);
    }
    html.push_str("</div>\n");
    for drawing in figures.drawings.iter().filter(|drawing| matches!(drawing, Drawing::Strip(_))) {
        html.push_str("<div class=\"wide\">\n");
        figure(html, &draw::title(drawing), &[], &draw::svg(drawing), &origin);
        html.push_str("</div>\n");
    }
    passages(html, &figures.passages);
    html.push_str("</section>\n");
}

fn facts(html: &mut String, figures: &Figures) {
    let Figures { entries, unreachable, partial, pooled, random_round_trips, .. } = figures;
    let _ = writeln!(
        html,
        "<p class=\"quiet\">{} entries, {} used, {} unreachable, {}. File <code>{}</code>.</p>",
        grouped(*entries),
        percent(pooled.used_share),
        grouped(*unreachable),
        partial_entries(*partial),
        escape(figures.digest.get(..16).unwrap_or(&figures.digest)),
    );
    let failed = pooled.round_trips.failed + random_round_trips.failed > 0;
    let _ = writeln!(
        html,
        "<p class=\"{}\">{}; {}.{}</p>",
        if failed { "bad" } else { "quiet" },
        escape(&round_trips("documents", &pooled.round_trips)),
        escape(&round_trips("random strings", random_round_trips)),
        if figures.lossless { "" } else { " It does not claim to be lossless." },
    );
    let extras = figures.extra.iter().map(|(name, value)| (name, decimal(*value)));
    let counts = figures.extra_counts.iter().map(|(name, &count)| (name, grouped(count)));
    for (name, value) in extras.chain(counts) {
        let _ = writeln!(html, "<p class=\"quiet\">{}: {value}</p>", escape(name));
    }
}

/// The marks of the references of a drawing.
fn legend_of(drawing: &Drawing) -> Vec<(String, &str)> {
    let Drawing::Curve(curve) = drawing else { return Vec::new() };
    let names = curve.references.iter().map(|(name, ..)| name.as_str());
    names.enumerate().map(|(number, name)| (plot::legend_mark(number), name)).collect()
}

/// A plot under its title, its legend and its origin; marks of the legend and the origin are HTML.
fn figure(html: &mut String, title: &str, legend: &[(String, &str)], svg: &str, origin: &str) {
    let _ = writeln!(html, "<figure>\n<figcaption><strong>{}</strong>{origin}", escape(title));
    if !legend.is_empty() {
        html.push_str("<ul class=\"legend\">");
        for (mark, name) in legend {
            let _ = write!(html, "<li>{mark}{}</li>", escape(name));
        }
        html.push_str("</ul>");
    }
    let _ = writeln!(html, "</figcaption>\n{svg}\n</figure>");
}

fn passages(html: &mut String, passages: &[Passage]) {
    if passages.is_empty() {
        return;
    }
    html.push_str(
        "<details>\n<summary>A passage of each source, token by token</summary>\n\
         <p class=\"quiet\">Tokens that are not printable UTF-8 stand in italics, in hexadecimal.\
         </p>\n",
    );
    for passage in passages {
        let Passage { source, document, offset, tokens, others } = passage;
        let _ = write!(
            html,
            "<h3>{}</h3>\n<p class=\"quiet\">{}, from byte {}: {} tokens</p>\n<pre>",
            escape(source),
            escape(document),
            grouped(*offset),
            grouped(tokens.len() as u64)
        );
        tokens_of(html, tokens);
        for (name, tokens) in others {
            let _ = write!(
                html,
                "</pre>\n<p class=\"quiet\">the same in {}: {} tokens</p>\n<pre>",
                escape(name),
                grouped(tokens.len() as u64)
            );
            tokens_of(html, tokens);
        }
        html.push_str("</pre>\n");
    }
    html.push_str("</details>\n");
}

/// Tokens one behind the other, told apart by their colors.
fn tokens_of(html: &mut String, tokens: &[PassageToken]) {
    for (number, token) in tokens.iter().enumerate() {
        let hexadecimal = if token.hexadecimal { " x" } else { "" };
        // A line feed would end the line without a trace of the token that it is in.
        let shown = escape(&token.shown.replace('\r', "␍").replace('\n', "⏎\n"));
        let _ = write!(
            html,
            "<span class=\"t{}{hexadecimal}\" title=\"id {}\">{shown}</span>",
            number % 4,
            token.id
        );
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
    use crate::encoder::Encoder;

    /// Everything that a page can hold, with names and documents that try to break out of it.
    fn page() -> String {
        let evil = "</pre><script>alert(1)</script>\" onload='x' &amp;\u{1b}";
        let mut sources = vec![
            source("prose", &[b"ab <script>alert(2)</script> ab\r\n", b"\0\xff\n"]),
            source(evil, &[evil.as_bytes()]),
            source("empty", &[]),
        ];
        sources[1].documents[0].name = evil.to_owned();
        let (bytes, lossy) = (tokenizer(&[]), Forgetful(tokenizer(&[(b'a', b'b'), (b'<', b's')])));
        let references: Vec<(String, &dyn Encoder)> = [evil, "b", "c", "d", "e"]
            .iter()
            .map(|n| ((*n).to_owned(), &bytes as &dyn Encoder))
            .collect();
        let mut figures = measure(&lossy, &sources, &references, &options());
        figures.name = evil.to_owned();
        figures.digest = evil.to_owned();
        figures.extra.insert(evil.to_owned(), 1.0);
        figures.sources[0].extra.insert(evil.to_owned(), 1.0);
        figures.sources[0].extra_counts.insert(evil.to_owned(), 1);
        let none = measure(&lossy, &[], &[], &options());
        let (date, command) = (evil.to_owned(), evil.to_owned());
        render(&Report { date, command, vocabularies: vec![figures, none] })
    }

    /// Names of the tags in order, `/name` where one closes; checks quotes on the way.
    fn tags(html: &str) -> Vec<String> {
        let mut tags = Vec::new();
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            rest = &rest[at + 1..];
            let mut quoted = false;
            let end = rest
                .find(|c| {
                    quoted ^= c == '"';
                    assert!(c != '<', "a tag in a tag: {rest:.60}");
                    c == '>' && !quoted
                })
                .unwrap();
            let tag = &rest[..end];
            let name = tag.split([' ', '\n']).next().unwrap().trim_end_matches('/');
            let void = tag.ends_with('/') || ["!DOCTYPE", "meta"].contains(&name);
            tags.extend((!void).then(|| name.to_owned()));
            rest = &rest[end + 1..];
            if name == "style" {
                rest = &rest[rest.find("</style>").unwrap()..];
            }
        }
        tags
    }

    #[test]
    fn tags_are_balanced() {
        let mut open: Vec<String> = Vec::new();
        for tag in tags(&page()) {
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop().as_deref(), Some(name)),
                None => open.push(tag),
            }
        }
        assert_eq!(open, [""; 0]);
    }

    #[test]
    fn nothing_of_the_input_becomes_markup() {
        let page = page();
        let known = [
            "html",
            "head",
            "title",
            "style",
            "body",
            "header",
            "h1",
            "p",
            "code",
            "nav",
            "ul",
            "li",
            "a",
            "main",
            "section",
            "h2",
            "div",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "span",
            "small",
            "figure",
            "figcaption",
            "strong",
            "svg",
            "line",
            "text",
            "circle",
            "rect",
            "polygon",
            "polyline",
            "details",
            "summary",
            "h3",
            "pre",
            "footer",
            "dl",
            "dt",
            "dd",
        ];
        for tag in tags(&page) {
            assert!(known.contains(&tag.trim_start_matches('/')), "{tag}");
        }
        assert!(!page.contains("<script") && !page.contains('\u{1b}') && !page.contains('\0'));
        assert!(page.contains("&lt;s</span>"), "the token <s is shown");
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        let page = page();
        for part in ["http:", "https:", "src=", "url(", "@import", "<link", "//"] {
            assert!(!page.contains(part), "{part}");
        }
        for (at, _) in page.match_indices("href=\"") {
            assert!(page[at..].starts_with("href=\"#v"));
        }
    }

    #[test]
    fn every_plot_says_when_and_how_it_was_made() {
        let sources = [source("prose", &[b"ab ab"])];
        let figures = measure(&tokenizer(&[]), &sources, &[], &options());
        let (date, command) = ("2026-11-23".to_owned(), "cargo xtask eval".to_owned());
        let page = render(&Report { date, command, vocabularies: vec![figures] });
        let captions: Vec<&str> = page.split("<figcaption>").skip(1).collect();
        assert_eq!(captions.len(), 3);
        for caption in captions {
            let caption = &caption[..caption.find("</figcaption>").unwrap()];
            assert!(caption.contains("2026-11-23, <code>cargo xtask eval</code>"), "{caption}");
        }
        assert!(
            page.contains("0 of 1 documents did not come back") && !page.contains("class=\"bad\"")
        );
    }

    #[test]
    fn failures_stand_out() {
        assert!(page().contains("<p class=\"bad\">"));
    }
}
