//! Environments of Python with the wheels of others.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Outcome},
    files,
};

/// Encoders, and what they need.
const ENCODERS: [(&str, &str); 2] = [("gigatoken==0.10.*", "gigatoken"), ("numpy", "numpy")];

/// Trainers: the name in tables, what is installed and what is imported.
pub(crate) const TRAINERS: [(&str, &str, &str); 6] = [
    ("gigabpe", "gigabpe==0.1.0", "gigabpe"),
    ("rustbpe", "rustbpe==0.1.0", "rustbpe"),
    ("ffbpe", "ffbpe==0.1.10", "ffbpe"),
    ("fast-bpe-rs", "fast-bpe-rs==0.6.1", "fast_bpe_rs"),
    ("bpeasy", "bpeasy==0.1.6", "bpeasy"),
    ("tokenizers", "tokenizers==0.23.*", "tokenizers"),
];

/// The interpreter, with all encoders, and the script that measures them.
pub(super) fn encoders() -> Outcome<(PathBuf, PathBuf)> {
    let python = environment("wheels", &ENCODERS)?;
    Ok((python, peers().join("wheels.py")))
}

/// An interpreter with one trainer, and the script that runs it.
pub(crate) fn trainer(name: &str) -> Outcome<(PathBuf, PathBuf)> {
    let known = TRAINERS.iter().find(|trainer| trainer.0 == name);
    let Some(&(_, wheel, module)) = known else {
        let names = TRAINERS.map(|trainer| trainer.0).join(", ");
        return Err(Failure::Wrong(format!("no trainer {name:?}; there are {names}")));
    };
    // One cannot keep another from being installed in an environment of its own.
    let python = environment(&format!("trainers/{name}"), &[(wheel, module)])?;
    Ok((python, peers().join("trainers.py")))
}

fn peers() -> PathBuf {
    files::workspace().join("xtask/peers")
}

/// The interpreter of an environment with wheels, each with the module that it has.
fn environment(name: &str, wheels: &[(&str, &str)]) -> Outcome<PathBuf> {
    let folder = peers().join("target").join(name);
    let python = folder.join("bin/python");
    let modules: Vec<&str> = wheels.iter().map(|wheel| wheel.1).collect();
    let mut tried = Command::new(&python);
    tried.args(["-c", &format!("import {}", modules.join(", "))]);
    if !tried.output().is_ok_and(|output| output.status.success()) {
        quietly(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let wheels = wheels.iter().map(|wheel| wheel.0);
        quietly(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(wheels))?;
    }
    Ok(python)
}

fn quietly(command: &mut Command) -> Outcome {
    let name = command.get_program().to_string_lossy().into_owned();
    let name =
        Path::new(&name).file_name().map_or(name.clone(), |last| last.to_string_lossy().into());
    let output = command.output().map_err(Failure::about(&name))?;
    if output.status.success() {
        return Ok(());
    }
    let error = String::from_utf8_lossy(&output.stderr);
    let last = error.lines().last().unwrap_or("failed");
    Err(Failure::Wrong(format!("{name}: {last}")))
}
