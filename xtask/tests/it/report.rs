//! The page that `report` writes.

use std::fs;

use crate::run::{fails, succeeds};

/// All modalities, nothing from elsewhere, and the same page again.
#[test]
fn the_report_stands_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let page = || {
        let _ = fs::remove_file(folder.path().join("page.html"));
        succeeds(folder.path(), &["report", "--html", "page.html", "--out", "out"]);
        fs::read_to_string(folder.path().join("page.html")).unwrap()
    };
    let first = page();
    for name in ["text", "legal", "financial", "binary", "genome", "numeric"] {
        assert!(first.contains(&format!("<h2>{name}-")), "{name}");
    }
    for load in ["src=", "url(", "@import", "<script", "<link"] {
        assert!(!first.contains(load), "{load}");
    }
    assert!(!first.contains("href=\"http"));
    assert!(first.contains("Bytes per token over entries"));
    assert!(first.contains("share of G and C"));
    assert!(first.contains("sections"));
    assert!(first.contains("What the figures do not say"));
    // The second run finds the vocabularies there.
    assert_eq!(page(), first);
}

#[test]
fn a_reference_is_shown_beside() {
    let folder = tempfile::tempdir().unwrap();
    let run = ["report", "--recipes", "numeric", "--html", "page.html", "--out", "out"];
    succeeds(folder.path(), &run);
    let alone = fs::read_to_string(folder.path().join("page.html")).unwrap();
    assert!(!alone.contains("the same in"));
    let reference = ["--reference", "other=out/numeric-4096.ptk"];
    succeeds(folder.path(), &[&run[..], &reference].concat());
    let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
    assert!(page.contains("the same in other"));
    let wrong = ["--reference", "other=none.ptk"];
    assert_eq!(fails(folder.path(), &[&run[..], &wrong].concat()).0, 2);
}
