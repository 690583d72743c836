//! An environment of Python with the wheels of others.

use std::{path::PathBuf, process::Command};

use crate::{
    failure::{Failure, Outcome},
    files,
};

/// What is installed.
const WHEELS: [&str; 2] = ["gigatoken==0.10.*", "numpy"];

/// The interpreter, with all wheels, and the script that measures them.
pub(super) fn ready() -> Outcome<(PathBuf, PathBuf)> {
    let peers = files::workspace().join("xtask/peers");
    let folder = peers.join("target/wheels");
    let python = folder.join("bin/python");
    let tried = Command::new(&python).args(["-c", "import gigatoken, numpy"]).output();
    if !tried.is_ok_and(|output| output.status.success()) {
        quietly(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        quietly(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(WHEELS))?;
    }
    Ok((python, peers.join("wheels.py")))
}

fn quietly(command: &mut Command) -> Outcome {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(Failure::about(&name))?;
    if output.status.success() {
        return Ok(());
    }
    let error = String::from_utf8_lossy(&output.stderr);
    let last = error.lines().last().unwrap_or("failed");
    Err(Failure::Wrong(format!("{name}: {last}")))
}
