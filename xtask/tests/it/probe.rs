//! `probe` as its users run it.

use std::{fs, path::Path};

use crate::run::{fails, succeeds};

const VOCABULARY: &str =
    concat!("bpe=", env!("CARGO_MANIFEST_DIR"), "/../crates/genome/vocab/genomes-4096.ptk");

/// Sequences of two kinds, as the sets of GUE are written: a motif is in one of them alone.
fn table(rows: u32, first: u32) -> String {
    let mut state = first;
    let mut table = String::from("sequence,label\n");
    for row in 0..rows {
        let mut base = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            "ACGT".as_bytes()[(state >> 30) as usize] as char
        };
        let mut sequence: String = (0..60).map(|_| base()).collect();
        if row % 2 == 1 {
            sequence.replace_range(20..32, "GATTACAGATTA");
        }
        table += &format!("{sequence},{}\n", row % 2);
    }
    table
}

/// A corpus with one set.
fn corpus(folder: &Path, train: &str) {
    fs::create_dir(folder.join("genome")).unwrap();
    let file = fs::File::create(folder.join("genome/gue-test.tar.zst")).unwrap();
    let mut archive = tar::Builder::new(zstd::Encoder::new(file, 3).unwrap());
    for (name, table) in [("train.csv", train.to_owned()), ("dev.csv", table(100, 7))] {
        let mut header = tar::Header::new_gnu();
        header.set_size(table.len() as u64);
        header.set_mode(0o644);
        let path = format!("GUE/group/0/{name}");
        archive.append_data(&mut header, path, table.as_bytes()).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap();
}

const COMMAND: [&str; 5] = ["probe", "--vocab", VOCABULARY, "--corpus", "."];

#[test]
fn words_that_hold_a_motif_are_found() {
    let folder = tempfile::tempdir().unwrap();
    corpus(folder.path(), &table(400, 1));
    let json = [&COMMAND[..], &["--json", "probe.json"]].concat();
    let output = succeeds(folder.path(), &json);
    assert!(output.contains("| group_0 | 400 |"), "{output}");
    let json = fs::read(folder.path().join("probe.json")).unwrap();
    let rows: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let schemes = rows[0]["schemes"].as_array().unwrap();
    let of = |name: &str| {
        let at = schemes.iter().position(|scheme| scheme == name).unwrap();
        rows[0]["mcc"][at].as_f64().unwrap()
    };
    assert_eq!(schemes.len(), 10);
    assert!(of("6 every") > 95.0 && of("bpe") > 50.0, "{output}");
}

#[test]
fn what_is_no_table_of_sequences_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (code, error) = fails(folder.path(), &COMMAND);
    assert!(code == 2 && error.contains("no genome/gue-"), "{error}");
    corpus(folder.path(), "sequence,label\nACGT\n");
    let (code, error) = fails(folder.path(), &COMMAND);
    assert!(code == 2 && error.contains("train.csv: line 2: no sequence,label"), "{error}");
}
