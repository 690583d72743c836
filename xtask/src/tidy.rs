//! What holds of the workspace as a whole.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{corpus, files, recipe::Recipe};

/// Dependencies among the crates point one way.
#[test]
fn crates_depend_only_on_what_lies_below() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("core", &[][..]),
        ("numeric", &["core"]),
        ("text", &["core", "numeric"]),
        ("domain", &["core", "text"]),
        ("binary", &["core"]),
        ("genome", &["core"]),
    ]);
    let crates = files::workspace().join("crates");
    let mut found = 0;
    for (name, below) in &allowed {
        let manifest = fs::read_to_string(crates.join(name).join("Cargo.toml")).unwrap();
        let manifest: toml::Table = toml::from_str(&manifest).unwrap();
        for section in ["dependencies", "build-dependencies"] {
            let Some(dependencies) = manifest.get(section).and_then(|table| table.as_table())
            else {
                continue;
            };
            for dependency in dependencies.keys() {
                if let Some(other) = dependency.strip_prefix("polytok-") {
                    assert!(below.contains(&other), "{name} must not depend on {other}");
                    found += 1;
                }
            }
        }
    }
    assert_eq!(fs::read_dir(&crates).unwrap().count(), allowed.len(), "a crate is not listed");
    assert!(found >= 6);
}

/// Every fixture has its source, licence and digest in the manifest, and every digest is right in
/// length and every size true.
#[test]
fn fixtures_have_provenance() {
    let root = files::workspace().join("fixtures");
    let manifest = fs::read_to_string(root.join("MANIFEST.tsv")).unwrap();
    let rows: BTreeMap<&str, Vec<&str>> = manifest
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .map(|row| (row[0], row))
        .collect();
    let all = corpus::entries(&root, &["*".into()], &["LICENSES/*".into(), "vocabulary/*".into()]);
    for entry in all.unwrap().iter().filter(|entry| entry.name.contains('/')) {
        let row = rows.get(entry.name.as_str()).unwrap_or_else(|| panic!("{}", entry.name));
        assert_eq!(fs::metadata(&entry.path).unwrap().len().to_string(), row[4], "{}", entry.name);
        assert_eq!(row[5].len(), 64);
        assert!(!row[2].is_empty() && !row[3].is_empty());
    }
    let held_out = fs::read_to_string(root.join("HELDOUT.txt")).unwrap();
    for name in held_out.lines().filter(|name| !name.is_empty()) {
        assert!(rows.contains_key(name), "HELDOUT.txt names {name}");
    }
}

/// Every recipe is well formed, trains on something and keeps something for evaluation.
#[test]
fn recipes_find_documents() {
    let root = files::workspace().join("fixtures");
    for recipe in Recipe::all().unwrap() {
        let selection = recipe.selection(&root).unwrap();
        let entries = selection.entries();
        let held_out = entries.iter().filter(|entry| selection.may_hold_out(entry)).count();
        assert!(held_out > 0 && held_out < entries.len(), "{}", recipe.name);
    }
}

/// Vocabularies that come with crates, their cards and their recipes belong together.
#[test]
fn cards_are_of_the_files_that_are_shipped() {
    let root = files::workspace();
    let (mut shipped, mut told) = (Vec::new(), Vec::new());
    for recipe in Recipe::all().unwrap() {
        let Some(home) = &recipe.ships_in else { continue };
        let card = root.join(format!("docs/vocabularies/{}.md", recipe.name));
        let card = fs::read_to_string(card).unwrap();
        assert!(card.contains(&recipe.text().unwrap()), "{}: another recipe", recipe.name);
        for &size in &recipe.sizes {
            let path = recipe.file(&root.join("crates").join(home).join("vocab"), size);
            let digest = blake3::hash(&fs::read(&path).unwrap()).to_hex();
            assert!(card.contains(digest.as_str()), "{}: another file", path.display());
            told.push(path);
        }
    }
    for home in fs::read_dir(root.join("crates")).unwrap() {
        let Ok(folder) = fs::read_dir(home.unwrap().path().join("vocab")) else { continue };
        shipped.extend(folder.map(|file| file.unwrap().path()));
    }
    told.sort();
    shipped.sort();
    assert_eq!(told, shipped);
}

/// Nothing is ignored but tests that need a folder beside the repository, and nothing is left
/// unfinished.
#[test]
fn sources_are_tidy() {
    let mut folders = ["crates", "xtask/src", "xtask/measure/src", "xtask/peers/src"]
        .map(|name| files::workspace().join(name))
        .to_vec();
    let this = Path::new(file!()).file_name().unwrap().to_owned();
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                if path.file_name().is_none_or(|name| name != "target") {
                    folders.push(path);
                }
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "rs")
                || path.file_name() == Some(&this)
            {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let may = ["core/src/hints.rs", "text/src/vector/avx2.rs", "text/src/vector/avx512.rs"];
            if !may.iter().any(|name| path.ends_with(name)) {
                assert!(
                    !text.contains("allow(unsafe_code")
                        && !text.contains("allow(\n    unsafe_code")
                );
            }
            for word in ["#[ignore", "todo!(", "unimplemented!(", "TODO", "FIXME"] {
                assert!(!text.contains(word), "{}: {word}", path.display());
            }
            for line in text.lines().filter(|line| line.contains("ignore = ")) {
                assert!(line.contains("not(shared)"), "{}: {line}", path.display());
            }
        }
    }
}
