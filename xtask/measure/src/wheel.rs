//! A contestant in a Python process: it reads commands and writes seconds, one line of JSON each.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    contestant::{Contestant, Document},
    failure::{Failure, Outcome},
    job::Model,
    seat::Seat,
};

/// A contestant that is published as a Python wheel.
#[derive(Clone, Debug)]
pub struct Wheel {
    /// The name in tables, and of the wheel.
    pub name: String,
    /// The interpreter of an environment that has the wheel.
    pub python: PathBuf,
    /// The script that measures.
    pub script: PathBuf,
    /// For ids on their way here.
    pub folder: PathBuf,
}

impl Contestant for Wheel {
    fn name(&self) -> &str {
        &self.name
    }

    fn seat(&self, model: &Model) -> Outcome<Option<Box<dyn Seat>>> {
        if !model.ranks {
            return Ok(None);
        }
        let mut child = Command::new(&self.python)
            .arg(&self.script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(Failure::about(self.python.display()))?;
        let (Some(commands), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::GaveUp);
        };
        let ids = self.folder.join("wheel.ids");
        let answers = BufReader::new(answers);
        let mut seat = WheelSeat { child, commands: Some(commands), answers, ids };
        seat.ask(&json!({ "load": &self.name, "ranks": &model.path, "scheme": &model.name }))?;
        Ok(Some(Box::new(seat)))
    }
}

struct WheelSeat {
    child: Child,
    /// Closed to end the process.
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    ids: PathBuf,
}

impl WheelSeat {
    fn ask(&mut self, command: &Value) -> Outcome<Value> {
        let commands = self.commands.as_mut().ok_or(Failure::GaveUp)?;
        writeln!(commands, "{command}")
            .and_then(|()| commands.flush())
            .map_err(Failure::refused)?;
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(Failure::refused)?;
        let answer: Value = serde_json::from_str(&line).map_err(|_| Failure::GaveUp)?;
        match answer["error"].as_str() {
            Some(error) => Err(Failure::Refused(error.to_owned())),
            None => Ok(answer),
        }
    }

    fn path(document: &Document) -> Outcome<&Path> {
        let path = document.path.as_deref();
        path.ok_or_else(|| Failure::Refused("the document is in no file".into()))
    }
}

impl Seat for WheelSeat {
    fn ids(&mut self, document: &Document) -> Outcome<Vec<u32>> {
        let out = self.ids.clone();
        self.ask(&json!({ "ids": Self::path(document)?, "out": &out }))?;
        let bytes = std::fs::read(&out).map_err(Failure::about(out.display()))?;
        Ok(bytes.as_chunks().0.iter().map(|&id| u32::from_le_bytes(id)).collect())
    }

    fn encode(&mut self, document: &Document) -> Outcome<f64> {
        let answer = self.ask(&json!({ "encode": Self::path(document)? }))?;
        answer["seconds"].as_f64().ok_or(Failure::GaveUp)
    }
}

impl Drop for WheelSeat {
    fn drop(&mut self) {
        self.commands = None;
        // Its input has ended, and so does it.
        drop(self.child.wait());
    }
}
