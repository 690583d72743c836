//! Corpora of other formats, and counting apart from training.

use std::{fs, io::Write, path::Path};

use crate::run::{fails, told};

fn recipe(reader: &str, more: &str) -> String {
    format!(
        "description = \"words of a test\"\nsegmenter = \"text-1\"\nreader = \"{reader}\"\n\
         documents = [\"**\"]\n\
         exclude = [\"HELDOUT.txt\"]\nsizes = [300, 500]\n{more}"
    )
}

/// The line of the error.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let (code, error) = fails(folder, arguments);
    assert_eq!(code, 2, "{arguments:?}: {error}");
    error
}

fn texts() -> Vec<String> {
    let words = ["the", "party", "of", "first", "part", "shall", "pay", "seven", "dollars"];
    let word = |i: usize| words[i * i % 11 % 9];
    (0..60)
        .map(|i| format!("{i} ") + &(i..i + 30).map(word).collect::<Vec<_>>().join(" "))
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// One document a file; the same in one file of JSON lines, compressed, and in one of plain lines:
/// documents are the same, so the vocabularies are.
#[test]
fn one_corpus_in_several_formats_gives_one_vocabulary() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["plain", "jsonl", "lines", "tar"] {
        fs::create_dir(path(name)).unwrap();
    }
    let texts = texts();
    let mut tar = tar::Builder::new(Vec::new());
    for (i, text) in texts.iter().enumerate() {
        fs::write(path(&format!("plain/{i}.txt")), text).unwrap();
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_cksum();
        tar.append_data(&mut header, format!("{i}.txt"), text.as_bytes()).unwrap();
    }
    fs::write(path("tar/all.tar.gz"), gzip(&tar.into_inner().unwrap())).unwrap();
    let json: String = texts
        .iter()
        .map(|text| serde_json::json!({"meta": {"body": text}}).to_string() + "\n")
        .collect();
    fs::write(path("jsonl/all.jsonl.gz"), gzip(json.as_bytes())).unwrap();
    fs::write(path("lines/all.txt.zst"), zstd::encode_all(texts.join("\n").as_bytes(), 3).unwrap())
        .unwrap();
    let mut files = Vec::new();
    for (corpus, reader, more) in [
        ("plain", "text", ""),
        ("tar", "text", ""),
        ("jsonl", "jsonl", "field = \"meta.body\"\n"),
        ("lines", "lines", ""),
    ] {
        fs::write(path("small.toml"), recipe(reader, more)).unwrap();
        told(folder.path(), &["train", "small.toml", "--corpus", corpus, "--out", "out"]);
        files.push(fs::read(path("out/small-500.ptk")).unwrap());
    }
    assert!(files.iter().all(|file| *file == files[0]));

    fs::write(path("small.toml"), recipe("jsonl", "field = \"body\"\n")).unwrap();
    let error = refused(folder.path(), &["train", "small.toml", "--corpus", "jsonl"]);
    assert!(error.contains("all.jsonl: line 1: no field \"body\""), "{error}");
    let whole = fs::read(path("jsonl/all.jsonl.gz")).unwrap();
    fs::write(path("jsonl/all.jsonl.gz"), &whole[..whole.len() / 2]).unwrap();
    fs::write(path("small.toml"), recipe("jsonl", "field = \"meta.body\"\n")).unwrap();
    let error = refused(folder.path(), &["train", "small.toml", "--corpus", "jsonl"]);
    assert!(error.contains("all.jsonl"), "{error}");
}

#[test]
fn repeated_documents_are_left_out_and_long_ones_cut() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["once", "twice"] {
        fs::create_dir(path(name)).unwrap();
        // Nothing is for evaluation.
        fs::write(path(name).join("HELDOUT.txt"), "").unwrap();
    }
    let texts = texts();
    let long = texts.join(" ");
    let cut = &long[..long[..1000].rfind(' ').unwrap()];
    fs::write(path("once/a.txt"), texts.join("\n") + "\n" + cut).unwrap();
    fs::write(path("twice/a.txt"), texts.join("\n") + "\n" + &texts.join("\n")).unwrap();
    fs::write(path("twice/b.txt"), texts[7].clone() + "\n" + &long).unwrap();
    fs::write(path("once.toml"), recipe("lines", "")).unwrap();
    let options = "deduplicate = true\nmax-document-bytes = 1000\n";
    fs::write(path("twice.toml"), recipe("lines", options)).unwrap();
    let train = |name: &str, threads: &str| {
        let recipe = format!("{name}.toml");
        let arguments = ["train", &recipe, "--corpus", name, "--out", "out", "--threads", threads];
        let error = told(folder.path(), &arguments).1;
        (error, fs::read(path(&format!("out/{name}-500.ptk"))).unwrap())
    };
    let (_, once) = train("once", "1");
    for threads in ["1", "2", "5"] {
        let (error, twice) = train("twice", threads);
        assert!(once == twice, "{error}");
        assert!(error.contains("repeated documents, and cut 1 long ones"), "{error}");
    }
}

#[test]
fn shards_of_parts_give_what_the_corpus_gives() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("corpus")).unwrap();
    for (i, text) in texts().iter().enumerate() {
        fs::write(path(&format!("corpus/{i}.txt")), text).unwrap();
    }
    fs::write(path("small.toml"), recipe("text", "")).unwrap();
    let run = |arguments: &[&str]| told(folder.path(), arguments).1;
    run(&["train", "small.toml", "--corpus", "corpus", "--out", "out"]);
    let count = |out: &str, part: &str| {
        run(&["count", "small.toml", "--corpus", "corpus", "--out", out, "--part", part]);
    };
    count("whole.shard", "1/1");
    let parts = ["1.shard", "2.shard.zst", "3.shard"];
    for (i, part) in parts.iter().enumerate() {
        count(part, &format!("{}/3", i + 1));
    }
    run(&["merge-shards", "3.shard", "2.shard.zst", "1.shard", "--out", "joint.shard"]);
    assert_eq!(fs::read(path("joint.shard")).unwrap(), fs::read(path("whole.shard")).unwrap());
    let expected = fs::read(path("out/small-500.ptk")).unwrap();
    for shards in [&["joint.shard"][..], &parts] {
        run(&[&["train", "small.toml", "--out", "again", "--shards"][..], shards].concat());
        assert_eq!(fs::read(path("again/small-500.ptk")).unwrap(), expected);
    }

    let mut damaged = fs::read(path("1.shard")).unwrap();
    let last = damaged.len() - 40;
    damaged[last] ^= 1;
    fs::write(path("damaged.shard"), damaged).unwrap();
    fs::write(path("other.toml"), recipe("text", "").replace("text-1", "words-1")).unwrap();
    for (arguments, reason) in [
        (&["train", "small.toml", "--shards", "damaged.shard"][..], "damaged.shard: the shard is"),
        (&["train", "small.toml", "--shards", "small.toml"], "not a shard"),
        (&["train", "small.toml", "--shards", "none.shard"], "none.shard"),
        (&["train", "other.toml", "--shards", "1.shard"], "segmenter \"text-1\""),
        (&["count", "small.toml", "--out", "x", "--part", "4/3"], "no part 4 of 3"),
        (&["merge-shards", "--out", "x"], "SHARD"),
    ] {
        let error = refused(folder.path(), arguments);
        assert!(error.contains(reason), "{arguments:?}: {error}");
        assert!(!path("x").exists());
    }
}
