//! Vocabularies made smaller and larger, and seeded, from the command line.

use std::fs;

use crate::run::{succeeds, trained, xtask};

const RECIPE: &str = r#"
description = "words of a test"
segmenter = "text-1"
reader = "text"
documents = ["text/**"]
sizes = [1000]
[train]
specials = ["<|end|>"]
"#;

const VOCAB: &str = "out/small-1000.ptk";

#[test]
fn a_vocabulary_is_pruned_and_its_ids_are_told() {
    let folder = trained(RECIPE);
    let run = |arguments: &[&str]| succeeds(folder.path(), arguments);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    run(&["prune", VOCAB, "--size", "600", "--out", "prefix.ptk", "--map", "prefix.csv"]);
    let csv = read("prefix.csv");
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!((rows[0].join(","), rows.len()), ("old,new,parts".to_owned(), 1001));
    // The first merges stay, and the special token behind them moves.
    assert!(rows[1..600].iter().all(|row| row[0] == row[1] && row[2].is_empty()));
    assert!(rows[600..1000].iter().all(|row| row[1].is_empty() && row[2].contains(' ')));
    assert_eq!(rows[1000], ["999", "599", ""]);

    let uses = ["prune", VOCAB, "--uses", "small.toml"];
    run(&[&uses[..], &["--size", "600", "--out", "used.ptk", "--map", "used.json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&read("used.json")).unwrap();
    let kept = json.as_array().unwrap().iter().filter(|row| row["new"].is_number()).count();
    assert_eq!((kept, json.as_array().unwrap().len()), (600, 1000));
    fs::write(folder.path().join("text.txt"), "The quick brown fox, naïve.\n").unwrap();
    for vocab in ["prefix.ptk", "used.ptk"] {
        let ids = run(&["encode", "--vocab", vocab, "text.txt"]);
        fs::write(folder.path().join("ids.jsonl"), ids).unwrap();
        assert_eq!(
            run(&["decode", "--vocab", vocab, "ids.jsonl"]),
            "The quick brown fox, naïve.\n"
        );
    }
    run(&[&uses[..], &["--min-uses", "1", "--out", "all.ptk"]].concat());
}

#[test]
fn a_vocabulary_is_extended() {
    let folder = trained(RECIPE);
    let larger = RECIPE.replace("[1000]", "[1200]");
    fs::write(folder.path().join("large.toml"), larger).unwrap();
    succeeds(folder.path(), &["train", "large.toml", "--out", "out"]);
    let arguments =
        ["extend", VOCAB, "--recipe", "small.toml", "--size", "1200", "--out", "more.ptk"];
    succeeds(folder.path(), &[&arguments[..], &["--map", "more.csv"]].concat());
    let csv = fs::read_to_string(folder.path().join("more.csv")).unwrap();
    assert_eq!(csv.lines().last(), Some("999,1199,"));
    fs::write(folder.path().join("text.txt"), "the party of the first part").unwrap();
    let encoded = |vocab: &str| {
        let line = succeeds(folder.path(), &["encode", "--vocab", vocab, "text.txt"]);
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        line["ids"].clone()
    };
    assert_eq!(encoded("more.ptk"), encoded("out/large-1200.ptk"));
}

#[test]
fn seeds_are_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let seeded = format!("{RECIPE}seeds = [\" zyzzyva\", \" qqq\"]\n");
    fs::write(folder.path().join("small.toml"), &seeded).unwrap();
    succeeds(folder.path(), &["train", "small.toml", "--out", "out"]);
    fs::write(folder.path().join("text.txt"), " zyzzyva qqq").unwrap();
    let line = succeeds(folder.path(), &["encode", "--vocab", VOCAB, "text.txt"]);
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["ids"].as_array().unwrap().len(), 2);
    fs::write(folder.path().join("small.toml"), format!("{seeded}digit-groups = true\n")).unwrap();
    let output = xtask(folder.path(), &["train", "small.toml", "--out", "out"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn wrong_usage_is_told() {
    let folder = trained(RECIPE);
    let extend = ["extend", VOCAB, "--out", "x", "--recipe"];
    let cases: [(&[&str], &str); 9] = [
        (&["prune", VOCAB, "--size", "1001", "--out", "x"], "has 1000 entries, not 1001"),
        (&["prune", VOCAB, "--size", "100", "--out", "x"], "no room for the 257 entries"),
        (&["prune", VOCAB, "--out", "x"], "neither --size nor --min-uses"),
        (&["prune", VOCAB, "--size", "500", "--out", "x", "--map", "m.txt"], "neither .json nor"),
        (&["prune", "small.toml", "--size", "500", "--out", "x"], "not a polytok vocabulary"),
        (&[&extend[..], &["small.toml", "--size", "1000"]].concat(), "1000 are no more"),
        (&[&extend[..], &["binary", "--size", "1100"]].concat(), "not that of recipe binary"),
        (&[&extend[..], &["small.toml", "--size", "1100", "--corpus", "none"]].concat(), "none"),
        (&[&extend[..], &["nothing", "--size", "1100"]].concat(), "no recipe \"nothing\""),
    ];
    for (arguments, reason) in cases {
        let output = xtask(folder.path(), arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(reason), "{arguments:?}: {error}");
        assert!(!folder.path().join("x").exists());
    }
}
