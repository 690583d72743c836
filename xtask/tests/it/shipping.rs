//! What makes vocabularies fit to be shipped: near duplicates left out, tokens of few documents refused.

use std::fs;

use crate::run::{fails, succeeds, told, trained};

const RECIPE: &str = r#"
description = "words of a test"
segmenter = "text-1"
reader = "text"
documents = ["*.txt"]
exclude = ["*-left-out-*", "HELDOUT.txt"]
sizes = [300]
"#;

/// Lines that repeat nothing but the words.
fn text(from: u64, lines: u64) -> String {
    (from..from + lines).map(|line| format!("line {} of many\n", line * line * line)).collect()
}

#[test]
fn near_duplicates_and_names_of_one_document_do_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    fs::create_dir(&corpus).unwrap();
    fs::write(corpus.join("HELDOUT.txt"), "held.txt\nheld-near.txt\n").unwrap();
    let whole = text(1000, 400);
    for (name, contents) in [
        ("a.txt", whole.clone()),
        ("a-near.txt", format!("changed\n{}", &whole[..whole.len() * 3 / 4])),
        ("b.txt", text(5000, 300) + &"zanzibar ".repeat(500)),
        ("c.txt", text(9000, 300)),
        ("d.txt", text(20_000, 300)),
        ("e-left-out-.txt", text(30_000, 300)),
        ("held.txt", text(40_000, 200)),
        ("held-near.txt", whole[..whole.len() / 2].to_owned()),
    ] {
        fs::write(corpus.join(name), contents).unwrap();
    }
    let run = |more: &str| {
        let recipe = RECIPE.replace("sizes", &format!("{more}\nsizes"));
        fs::write(folder.path().join("small.toml"), recipe).unwrap();
        told(folder.path(), &["train", "small.toml", "--corpus", "corpus", "--out", "out"]).1
    };
    fs::write(folder.path().join("name"), " zanzibar").unwrap();
    let tokens = || {
        let encode = ["encode", "--vocab", "out/small-300.ptk", "name"];
        let json: serde_json::Value =
            serde_json::from_str(&succeeds(folder.path(), &encode)).unwrap();
        json["ids"].as_array().unwrap().len()
    };
    let plain = run("");
    assert!(plain.contains("from     5 documents"), "{plain}");
    assert_eq!(tokens(), 1);

    let careful = run("near-duplicates = 0.5\nmin-documents = 3\ndeduplicate = true");
    assert!(careful.contains("left out 2 documents that are mostly in longer ones"), "{careful}");
    assert!(careful.contains("from     4 documents"), "{careful}");
    assert!(careful.contains("which fewer than 3 documents hold"), "{careful}");
    assert!(tokens() > 5);

    // Evaluation leaves out the same.
    let eval = ["eval", "--recipes", "small.toml", "--corpus", "corpus", "--out", "out", "--quick"];
    let table = succeeds(folder.path(), &eval);
    assert!(table.contains("0 of 1 documents did not come back"), "{table}");

    let recipe = RECIPE.replace("sizes", "near-duplicates = 1.5\nsizes");
    fs::write(folder.path().join("small.toml"), recipe).unwrap();
    let (code, error) = fails(folder.path(), &["train", "small.toml", "--corpus", "corpus"]);
    assert!(code == 2 && error.contains("near-duplicates must be a share"), "{error}");
}

/// Which errors a document has follows from it alone, so trainings agree; bytes that are no text have none.
#[test]
fn documents_are_learned_from_with_errors() {
    let train = |rate: &str| {
        let recipe = RECIPE
            .replace("\"*.txt\"", "\"legal/**\"")
            .replace("sizes = [300]", &format!("noise = {rate}\nsizes = [600]"));
        let folder = trained(&recipe);
        fs::read(folder.path().join("out/small-600.ptk")).unwrap()
    };
    let (clean, noisy) = (train("0.0"), train("0.3"));
    assert_eq!(noisy, train("0.3"));
    assert_ne!(noisy, clean);

    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("corpus")).unwrap();
    fs::write(folder.path().join("corpus/HELDOUT.txt"), "").unwrap();
    fs::write(folder.path().join("corpus/a.txt"), b"\xff\xfe\xfd".repeat(100)).unwrap();
    let recipe = RECIPE.replace("sizes = [300]", "noise = 1.0\nsizes = [258]");
    fs::write(folder.path().join("small.toml"), recipe).unwrap();
    let arguments = ["train", "small.toml", "--corpus", "corpus", "--out", "out"];
    let (_, told) = told(folder.path(), &arguments);
    assert!(told.contains("from     1 documents,       300 bytes"), "{told}");
    let all = succeeds(folder.path(), &["inspect", "--all", "out/small-258.ptk"]);
    assert!(all.contains("merge of 100     \\xff\\xfe\\xfd"), "{all}");

    let recipe = RECIPE.replace("sizes", "noise = 1.5\nsizes");
    fs::write(folder.path().join("small.toml"), recipe).unwrap();
    let (code, error) = fails(folder.path(), &["train", "small.toml", "--corpus", "corpus"]);
    assert!(code == 2 && error.contains("1.5 is no rate of errors"), "{error}");
}

/// What refusing needs is not in shards, and what is left cannot be done over.
#[test]
fn refusing_needs_documents() {
    let recipe = RECIPE
        .replace("\"*.txt\"", "\"legal/**\"")
        .replace("sizes = [300]", "min-documents = 3\nsizes = [3000]");
    let folder = trained(&recipe);
    succeeds(folder.path(), &["count", "small.toml", "--out", "all.shard.zst"]);
    let (code, error) = fails(folder.path(), &["train", "small.toml", "--shards", "all.shard.zst"]);
    assert!(code == 2 && error.contains("min-documents needs documents"), "{code} {error}");
    let verify = ["verify", "merges", "out/small-3000.ptk", "--recipe", "small.toml"];
    let (code, error) = fails(folder.path(), &verify);
    assert!(code != 0 && error.contains("refused"), "{error}");
}

/// Only recipes that say where they ship are shipped.
#[test]
fn a_recipe_without_a_crate_is_not_shipped() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("corpus")).unwrap();
    let (code, error) = fails(folder.path(), &["ship", "numeric", "--corpus", "corpus"]);
    assert!(code == 2 && error.contains("ships-in"), "{error}");
}
