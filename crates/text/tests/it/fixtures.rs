//! The real files of the repository.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The files under `folder` of the fixtures, sorted by path.
pub(crate) fn fixtures(folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let mut paths = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(folder)];
    let mut files = Vec::new();
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            paths.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let file = fs::read(&path).unwrap();
            files.push((path, file));
        }
    }
    files.sort();
    assert!(!files.is_empty(), "there are fixtures in {folder:?}");
    files
}
