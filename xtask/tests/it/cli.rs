//! The command line as its users meet it: what it prints, what it leaves, how it exits.

use std::{fs, process::Command};

use crate::run::{fails, succeeds, trained, xtask};

const RECIPE: &str = r#"
description = "numbers of a test"
segmenter = "numeric-1"
reader = "text"
documents = ["numeric/*.csv"]
sizes = [300, 400]
[train]
specials = ["<|end|>"]
"#;

#[test]
fn without_a_command_all_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let help = succeeds(folder.path(), &[]);
    for command in [
        "train-all",
        "train",
        "eval",
        "encode",
        "decode",
        "inspect",
        "export",
        "report",
        "ship",
        "bench",
        "check",
    ] {
        let line = help.lines().find(|line| line.trim_start().starts_with(command)).unwrap();
        assert!(line.split_whitespace().count() > 3, "{line}");
        assert!(succeeds(folder.path(), &[command, "--help"]).contains("Usage"));
    }
}

#[test]
fn wrong_usage_is_one_line_and_exit_code_2() {
    let folder = trained(RECIPE);
    let wrong: [&[&str]; 9] = [
        &["train", "no-such-recipe"],
        &["train-all", "--corpus", "no-such-folder"],
        &["encode", "--vocab", "no-such.ptk", "small.toml"],
        &["encode", "--vocab", "small.toml", "small.toml"],
        &["encode", "--vocab", "out/small-400.ptk", "no-such-file"],
        &["inspect", "small.toml"],
        &["export", "out/small-400.ptk", "--to", "hf"],
        &["eval", "--vocab", "out/small-400.ptk", "--documents", "no-such-file"],
        &["decode", "--vocab", "out/small-400.ptk", "small.toml"],
    ];
    for arguments in wrong {
        let (code, error) = fails(folder.path(), arguments);
        assert_eq!(code, 2, "{arguments:?}: {error}");
        assert!(error.starts_with("error: ") && error.lines().count() == 1, "{error}");
    }
    assert_eq!(fails(folder.path(), &["no-such-command"]).0, 2);
}

#[test]
fn what_is_encoded_decodes() {
    let folder = trained(RECIPE);
    let input = b"1234567,0.5\n\xff\xfe not text <|end|>\n";
    fs::write(folder.path().join("input"), input).unwrap();
    let vocab = ["--vocab", "out/small-400.ptk"];
    let lines = succeeds(folder.path(), &["encode", vocab[0], vocab[1], "--spans", "input"]);
    let line: serde_json::Value = serde_json::from_str(&lines).unwrap();
    let spans = line["spans"].as_array().unwrap();
    assert_eq!(spans.len(), line["ids"].as_array().unwrap().len());
    assert_eq!(spans.last().unwrap()[1], input.len());
    fs::write(folder.path().join("plain"), "[1,2]\n{\"ids\":[3]}\n").unwrap();
    assert_eq!(succeeds(folder.path(), &["decode", vocab[0], vocab[1], "plain"]), "\x01\x02\x03");
    fs::write(folder.path().join("ids"), &lines).unwrap();
    succeeds(folder.path(), &["decode", vocab[0], vocab[1], "ids", "--out", "output"]);
    assert_eq!(fs::read(folder.path().join("output")).unwrap(), input);

    let special =
        succeeds(folder.path(), &["encode", vocab[0], vocab[1], "--special", "<|end|>", "input"]);
    assert_ne!(special, lines);
    let inspected = succeeds(folder.path(), &["inspect", vocab[1]]);
    assert!(inspected.contains("numeric-1") && inspected.contains("longest tokens"));
}

/// A genome keeps its soft mask beside the ids, and an executable its addresses.
#[test]
fn modalities_keep_what_is_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures");
    succeeds(folder.path(), &["train", "genome", "--out", "out"]);
    succeeds(folder.path(), &["train", "binary", "--out", "out"]);
    fs::write(folder.path().join("g.fa"), b">a\nACGTacgtNNNN\nRYacgt\n>b\n\n").unwrap();
    let lines =
        succeeds(folder.path(), &["encode", "--vocab", "out/genome-4096.ptk", "--spans", "g.fa"]);
    assert_eq!(lines.lines().count(), 2);
    assert!(lines.contains(r#""lower":[[4,8],[14,18]]"#), "{lines}");
    fs::write(folder.path().join("ids"), &lines).unwrap();
    let decoded = succeeds(folder.path(), &["decode", "--vocab", "out/genome-4096.ptk", "ids"]);
    assert_eq!(decoded, "ACGTacgtNNNNRYacgt");
    let program = format!("{fixtures}/binary/elf-x86_64/file__file");
    let lines =
        succeeds(folder.path(), &["encode", "--vocab", "out/binary-4096.ptk", "--spans", &program]);
    assert!(lines.contains(r#""section":".text","permissions":"r-x","address":"#));

    // A program cut in the middle is encoded, and its headers are said to lie.
    let bytes = fs::read(&program).unwrap();
    fs::write(folder.path().join("cut"), &bytes[..bytes.len() / 2]).unwrap();
    let output = xtask(folder.path(), &["encode", "--vocab", "out/binary-4096.ptk", "cut"]);
    assert!(output.status.success() && !output.stdout.is_empty());
    let warning = String::from_utf8(output.stderr).unwrap();
    assert!(warning.starts_with("warning: cut: at offset") && warning.lines().count() == 1);
}

#[test]
fn a_baseline_holds_or_names_the_row() {
    let folder = trained(RECIPE);
    fs::create_dir(folder.path().join("documents")).unwrap();
    let document = folder.path().join("documents/a.csv");
    fs::write(&document, "1,22,333\n4444,55555,666666\n".repeat(20)).unwrap();
    let measure = ["eval", "--vocab", "out/small-400.ptk", "--documents", "documents"];
    let run = |more: &[&str]| xtask(folder.path(), &[&measure[..], more].concat());
    let json = run(&["--json", "-", "--write-baseline", "b.json", "--html", "page.html"]);
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(report["vocabularies"][0]["pooled"]["round_trips"]["failed"], 0);
    assert!(fs::read_to_string(folder.path().join("page.html")).unwrap().contains("</html>"));
    assert_eq!(run(&["--check", "b.json"]).status.code(), Some(0));

    // A smaller vocabulary under the same name needs more tokens.
    fs::copy(folder.path().join("out/small-300.ptk"), folder.path().join("out/small-400.ptk"))
        .unwrap();
    let worse = run(&["--check", "b.json", "--tolerance", "0.1"]);
    let error = String::from_utf8(worse.stderr).unwrap();
    assert_eq!(worse.status.code(), Some(1), "{error}");
    assert!(error.contains("tokens: expected"), "{error}");
    assert_eq!(run(&["--check", "b.json", "--tolerance", "100000"]).status.code(), Some(0));
    assert_eq!(run(&["--check", "no-such.json"]).status.code(), Some(2));
    assert_eq!(run(&["--check", "small.toml"]).status.code(), Some(2));
}

/// What the README's first command and CI do, without the general compressors.
#[test]
fn the_committed_baseline_holds() {
    let folder = tempfile::tempdir().unwrap();
    succeeds(folder.path(), &["eval", "--check", "--quick", "--out", "out"]);
    let recipe = ["eval", "--quick", "--recipes", "numeric", "--out", "out"];
    succeeds(folder.path(), &[&recipe[..], &["--check"]].concat());
    // A vocabulary that the recipe does not make is not measured as if it did.
    fs::copy(folder.path().join("out/text-16384.ptk"), folder.path().join("out/numeric-4096.ptk"))
        .unwrap();
    let (code, error) = fails(folder.path(), &recipe);
    assert_eq!(code, 2);
    assert!(error.contains("trained on other documents or with other settings"), "{error}");
}

/// The same recipe gives the same bytes, whatever the number of threads.
#[test]
fn training_is_reproducible() {
    let folder = trained(RECIPE);
    let bytes = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let first = bytes("out/small-400.ptk");
    // Many documents a file, so that the counts of threads are joined.
    succeeds(folder.path(), &["train", "genome", "--out", "out"]);
    let genome = bytes("out/genome-4096.ptk");
    for threads in ["1", "7"] {
        let status = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["train", "genome", "--out", "again"])
            .env("RAYON_NUM_THREADS", threads)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(status.status.success());
        assert_eq!(bytes("again/genome-4096.ptk"), genome);

        let status = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["train", "small.toml", "--out", "again"])
            .env("RAYON_NUM_THREADS", threads)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(status.status.success());
        assert_eq!(bytes("again/small-400.ptk"), first);
    }
}

/// Every work is measured, here with rank files that know bytes alone.
#[test]
fn encoding_is_measured() {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let folder = tempfile::tempdir().unwrap();
    let line = |byte: usize| {
        let digits = [DIGITS[byte >> 2], DIGITS[(byte & 3) << 4]].map(char::from);
        format!("{}{}== {byte}\n", digits[0], digits[1])
    };
    let ranks: String = (0..256).map(line).collect();
    fs::write(folder.path().join("cl100k_base.tiktoken"), &ranks).unwrap();
    fs::write(folder.path().join("o200k_base.tiktoken"), &ranks).unwrap();
    let arguments =
        ["bench", "encode", "--vocabularies", ".", "--work", "work", "--json", "figures"];
    let small = ["--megabytes", "0.02", "--rounds", "1", "--states", "1"];
    let table = succeeds(folder.path(), &[&arguments[..], &small].concat());
    assert!(table.contains("| cl100k | English | first |"), "{table}");
    let json = fs::read(folder.path().join("figures")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let figures = report["figures"].as_array().unwrap();
    for work in ["text", "runs", "short", "raw", "cores", "decode", "load"] {
        let of: Vec<_> = figures.iter().filter(|figure| figure["work"] == work).collect();
        let timed = |figure: &&&serde_json::Value| figure["finding"]["seconds"].is_number();
        assert!(of.iter().filter(timed).count() > 1, "{work}");
    }
    assert_eq!(fails(folder.path(), &["bench", "encode", "--only", "nothing"]).0, 2);
}

/// Every training is a process of its own, and gives the same merges on one core and on two.
#[test]
fn training_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("code")).unwrap();
    fs::write(folder.path().join("code/a.so"), b"\x7fELF and so on, and so on").unwrap();
    let arguments =
        ["bench", "train", "--scale", "0.002", "--rounds", "1", "--raw-folders", "code"];
    let more = ["--work", "work", "--json", "figures"];
    let table = succeeds(folder.path(), &[&arguments[..], &more].concat());
    assert!(table.contains("| text | 0.2 |"), "{table}");
    assert!(table.contains("half of two processes / two threads, executables: "), "{table}");
    let json = fs::read(folder.path().join("figures")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let rows = report["rows"].as_array().unwrap();
    for (work, number) in
        [("text", 2), ("dna", 4), ("exe", 2), ("growth", 3), ("threads", 4), ("gigabyte", 6)]
    {
        let of: Vec<_> = rows.iter().filter(|row| row["work"] == work).collect();
        assert_eq!(of.len(), number, "{work}");
        for row in of {
            if let Some(why) = row["refused"].as_str() {
                // A training may not fit into so little, and nothing else may fail.
                assert!(row["side"] == "limited" && why.starts_with("memory allocation"), "{why}");
                continue;
            }
            assert!(row["runs"][0]["wall_seconds"].is_number());
            assert!(row["runs"][0]["merges"].as_u64().unwrap() > 0);
        }
    }
    assert_eq!(fails(folder.path(), &["bench", "train", "--only", "nothing"]).0, 2);
    assert_eq!(fails(folder.path(), &["bench", "train", "--scale", "0"]).0, 2);
    let (code, error) = fails(folder.path(), &["bench", "train", "--contestants", "nobody"]);
    assert_eq!((code, error.lines().count()), (2, 1), "{error}");
}

/// The merges of a vocabulary are done over again, on the documents that it was trained on alone.
#[test]
fn merges_are_verified() {
    let folder = trained(RECIPE);
    let verify = ["verify", "merges", "out/small-400.ptk", "--recipe", "small.toml"];
    let told = succeeds(folder.path(), &verify);
    assert!(told.starts_with("out/small-400.ptk: 143 merges are right on "), "{told}");
    let told = succeeds(folder.path(), &[&verify[..], &["--bytes", "200000"]].concat());
    assert!(told.contains("143 merges are right on "), "{told}");

    fs::create_dir_all(folder.path().join("other/numeric")).unwrap();
    fs::write(folder.path().join("other/numeric/a.csv"), "1,2,3\n").unwrap();
    fs::write(folder.path().join("other/HELDOUT.txt"), "").unwrap();
    for (wrong, why) in [
        (&[&verify[..], &["--corpus", "other"]].concat()[..], "the digest of the corpus differs"),
        (&["verify", "merges", "out/small-400.ptk"], "no recipe \"small\""),
        (&["verify", "merges", "out/small-400.ptk", "--recipe", "text"], "made with segmenter"),
        (&["verify", "trainers", "nobody"], "nobody: "),
        (&["verify", "trainers", "rustbpe", "--min-count", "2"], "--min-count"),
    ] {
        let (code, error) = fails(folder.path(), wrong);
        assert_eq!((code, error.lines().count()), (2, 1), "{error}");
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn the_fewest_tokens_are_exported_as_merges_on_demand() {
    let recipe = RECIPE
        .replace("numeric-1", "gpt2-1")
        .replace("[train]\n", "[train]\nencoding = \"fewest\"\n")
        .replace("specials = [\"<|end|>\"]\n", "");
    let folder = trained(&recipe);
    let export = ["export", "out/small-400.ptk", "--to", "tiktoken"];
    let (code, error) = fails(folder.path(), &export);
    assert!(code == 2 && error.contains("fewest tokens"), "{error}");
    assert!(error.contains("--by-merges"), "{error}");
    let ranks = succeeds(folder.path(), &[&export[..], &["--by-merges"]].concat());
    assert_eq!(ranks.lines().count(), 400);
}
