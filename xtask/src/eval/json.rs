//! The report for programs.

use super::figures::Report;

/// Pretty JSON with a line feed at the end.
///
/// Fields stand in the order of their declaration and names of a modality's own figures in
/// alphabetical order, so equal reports give equal bytes.
pub(super) fn render(report: &Report) -> String {
    let mut json = serde_json::to_string_pretty(report)
        .expect("the report holds strings, numbers and string keys only");
    json.push('\n');
    json
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Baseline, measure,
            testing::{options, source, tokenizer},
        },
        *,
    };

    #[test]
    fn a_report_comes_back_from_its_json() {
        let sources = [source("one", &[b"abc abc", b"\xff\0"]), source("none", &[])];
        let mut figures = measure(&tokenizer(&[(b'a', b'b')]), &sources, &[], &options());
        figures.pooled.extra.insert("bases per token".to_owned(), 4.25);
        figures.extra_counts.insert("aligned".to_owned(), 7);
        let report = Report {
            date: "2026-11-23".to_owned(),
            command: "cargo xtask eval".to_owned(),
            vocabularies: vec![figures],
        };
        let json = render(&report);
        let back: Report = serde_json::from_str(&json).unwrap();
        // The parser of serde_json may miss the last bit of a fraction; counts are exact.
        let figures = &back.vocabularies[0];
        assert_eq!(Baseline::new(&back.vocabularies), Baseline::new(&report.vocabularies));
        assert_eq!(figures.pooled.extra, report.vocabularies[0].pooled.extra);
        assert_eq!(figures.extra_counts, report.vocabularies[0].extra_counts);
        assert_eq!(figures.passages, []);
        let interval = figures.sources[0].bytes_per_token.unwrap();
        assert!((interval.estimate - 9.0 / 7.0).abs() < 1e-12);
        assert_eq!(figures.sources[1].bytes_per_token, None);
    }
}
