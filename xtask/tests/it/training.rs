//! Trainings as their users run them: killed, limited, watched, on any number of threads.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

const BINARY: &str = r#"
description = "executables of a test"
segmenter = "binary-1"
reader = "raw"
documents = ["binary/**"]
sizes = [4096, 16384]
[train]
runs = "disjoint"
"#;

const WORDS: &str = r#"
description = "words of a test"
segmenter = "text-1"
reader = "text"
documents = ["text/**"]
sizes = [2048, 4096]
[train.second-stage]
after = 3000
max-words = 3
separators = [" "]
forbidden = ["\n", ".", ",", "0", "1"]
"#;

fn train(folder: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["train", "test.toml", "--out", "out"]).args(more).current_dir(folder);
    command
}

fn succeeds(mut command: Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// A folder with a recipe, and what it gives.
fn trained(recipe: &str) -> (tempfile::TempDir, Vec<(String, String)>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("test.toml"), recipe).unwrap();
    succeeds(train(folder.path(), &[]));
    let files = results(folder.path());
    assert_eq!(files.len(), 2);
    fs::remove_dir_all(folder.path().join("out")).unwrap();
    (folder, files)
}

/// Names and digests of the vocabularies; a killed run may leave the beginning of another file.
fn results(folder: &Path) -> Vec<(String, String)> {
    let listing = fs::read_dir(folder.join("out")).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> = listing
        .filter(|path| path.extension().is_some_and(|extension| extension == "ptk"))
        .map(|path| {
            let digest = blake3::hash(&fs::read(&path).unwrap()).to_hex().to_string();
            (path.file_name().unwrap().to_string_lossy().into_owned(), digest)
        })
        .collect();
    files.sort();
    files
}

/// Kills a training each time it has written some more checkpoints, a dozen times if it does not get
/// through before.
fn killed_again_and_again(recipe: &str) -> usize {
    let (folder, expected) = trained(recipe);
    let checkpoint = folder.path().join("out/test.checkpoint.ptk");
    let mut kills = 0;
    loop {
        let mut command = train(folder.path(), &["--checkpoint-every", "0.002"]);
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let before = fs::read(&checkpoint).ok();
        let mut seen = 0;
        let mut last = before;
        let started = Instant::now();
        let ended = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            let now = fs::read(&checkpoint).ok();
            if now.is_some() && now != last {
                (seen, last) = (seen + 1, now);
            }
            // A little later each time, so that the kills fall on different points.
            if kills < 12
                && seen > kills % 5
                && started.elapsed() > Duration::from_millis(37 * kills as u64 % 90)
            {
                break None;
            }
            assert!(started.elapsed() < Duration::from_secs(300));
        };
        let Some(status) = ended else {
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
            continue;
        };
        assert!(status.success());
        break;
    }
    assert_eq!(results(folder.path()), expected);
    kills
}

#[test]
fn a_killed_training_goes_on_and_gives_the_same_files() {
    let kills = killed_again_and_again(BINARY);
    assert!(kills >= 3, "only {kills} kills");
    println!("{kills} kills");
}

#[test]
fn a_killed_second_stage_goes_on_and_gives_the_same_files() {
    let kills = killed_again_and_again(WORDS);
    println!("{kills} kills");
}

#[test]
fn threads_and_memory_change_nothing() {
    let (folder, expected) = trained(BINARY);
    for more in
        [&["--threads", "1"][..], &["--threads", "2"], &["--threads", "7", "--memory", "120M"]]
    {
        succeeds(train(folder.path(), more));
        assert_eq!(results(folder.path()), expected, "{more:?}");
    }
    for (more, word) in [
        (&["--memory", "65M"][..], "bytes of memory at least"),
        (&["--memory", "1M"], "--memory"),
        (&["--memory", "many"], "no unit"),
        (&["--checkpoint-every", "inf"], "--checkpoint-every"),
    ] {
        let output = train(folder.path(), more).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(word), "{error}");
        assert_eq!(results(folder.path()), expected);
    }
}

#[test]
fn progress_is_lines_of_json() {
    let (folder, _) = trained(BINARY);
    let output = succeeds(train(folder.path(), &["--progress", "-"]));
    let lines = String::from_utf8(output.stdout).unwrap();
    let last: serde_json::Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!(last["recipe"], "test");
    assert_eq!(last["merges"], 16_384 - 256);
    assert_eq!(last["wanted"], 16_384 - 256);
    for field in ["count", "merges_per_second", "memory_bytes", "seconds", "seconds_left"] {
        assert!(last[field].is_number(), "{field}");
    }
}

/// A checkpoint that cannot be written is told of; the training goes on, and what was there stays.
#[test]
fn a_checkpoint_that_cannot_be_written_loses_nothing() {
    let (folder, expected) = trained(BINARY);
    let checkpoint = folder.path().join("out/test.checkpoint.ptk");
    fs::create_dir_all(checkpoint.join("in the way")).unwrap();
    let output = succeeds(train(folder.path(), &["--checkpoint-every", "0"]));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("no checkpoint"), "{error}");
    fs::remove_dir_all(checkpoint).unwrap();
    assert_eq!(results(folder.path()), expected);
}

/// What stands in the way of a checkpoint and is none is told of and not used.
#[test]
fn a_checkpoint_of_something_else_is_not_used() {
    let (folder, expected) = trained(BINARY);
    let out = folder.path().join("out");
    fs::create_dir_all(&out).unwrap();
    fs::write(out.join("test.checkpoint.ptk"), "no vocabulary").unwrap();
    let output = succeeds(train(folder.path(), &[]));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("is not used"), "{error}");
    assert_eq!(results(folder.path()), expected);
}
