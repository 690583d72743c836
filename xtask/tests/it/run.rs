//! The program as its users call it.

use std::{
    path::Path,
    process::{Command, Output},
};

pub(crate) fn xtask(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).current_dir(folder).output().unwrap()
}

/// What it prints and what it tells.
pub(crate) fn told(folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = xtask(folder, arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {error}");
    (String::from_utf8(output.stdout).unwrap(), error)
}

/// What it prints.
pub(crate) fn succeeds(folder: &Path, arguments: &[&str]) -> String {
    told(folder, arguments).0
}

/// The exit code and the one line of the error.
pub(crate) fn fails(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = xtask(folder, arguments);
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// A folder with a recipe and its vocabularies in `out`.
pub(crate) fn trained(recipe: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("small.toml"), recipe).unwrap();
    succeeds(folder.path(), &["train", "small.toml", "--out", "out"]);
    folder
}
