//! `decode`: ids back to bytes.

use std::path::PathBuf;

use crate::{
    encode::Line,
    failure::{Failure, Outcome},
    files,
    load::{Loaded, Scheme},
};

/// Turn the lines of `encode` back into bytes.
#[derive(clap::Args, Debug)]
pub(crate) struct Decode {
    /// The vocabulary that the ids are of.
    #[arg(long, value_name = "FILE")]
    vocab: PathBuf,
    /// How a .tiktoken file splits text.
    #[arg(long)]
    scheme: Option<Scheme>,
    /// JSON lines: objects with `ids`, or plain arrays of ids [default: standard input].
    path: Option<PathBuf>,
    /// Where the bytes go [default: standard output].
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
}

impl Decode {
    pub(crate) fn run(self) -> Outcome {
        let tokenizer = Loaded::open(&self.vocab, self.scheme)?;
        let path = self.path.unwrap_or_else(|| "-".into());
        let input = files::read(&path)?;
        let mut bytes = Vec::new();
        for (line, number) in input.split(|&byte| byte == b'\n').zip(1..) {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let subject = format!("{} line {number}", path.display());
            let line: Line = if line.trim_ascii_start().starts_with(b"[") {
                let ids = serde_json::from_slice(line).map_err(Failure::about(&subject))?;
                Line { ids, ..Line::default() }
            } else {
                serde_json::from_slice(line).map_err(Failure::about(&subject))?
            };
            let lower = line.lower.unwrap_or_default();
            bytes.extend(tokenizer.decode(&line.ids, &lower).map_err(Failure::about(&subject))?);
        }
        files::write(&self.out, &bytes)
    }
}
