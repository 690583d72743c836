//! `export`: a vocabulary for other libraries.

use std::path::PathBuf;

use clap::ValueEnum;
use polytok_core::Encoding;
use polytok_text::export::{ExportError, Version, to_tiktoken, to_tokenizer_json};

use crate::{
    failure::{Failure, Outcome},
    files, load,
};

/// Write a vocabulary in the format of another library, or say why that cannot be.
#[derive(clap::Args, Debug)]
pub(crate) struct Export {
    /// A .ptk file.
    file: PathBuf,
    /// The format.
    #[arg(long)]
    to: Format,
    /// Write a vocabulary of the fewest tokens as one that merges, which gives more tokens.
    #[arg(long)]
    by_merges: bool,
    /// Where it goes [default: standard output].
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// tokenizer.json for tokenizers up to 0.23.
    Hf,
    /// tokenizer.json for tokenizers from 1.0 on.
    Hf1,
    /// A rank file; the rule that cuts text and the special tokens stand outside of it.
    Tiktoken,
}

impl Export {
    pub(crate) fn run(self) -> Outcome {
        let (mut vocabulary, _) = load::vocabulary(&self.file)?;
        if self.by_merges {
            let by_merges = vocabulary.encoded_by(Encoding::Merges);
            vocabulary = by_merges.map_err(Failure::about(self.file.display()))?;
        }
        let exported = match self.to {
            Format::Hf => to_tokenizer_json(&vocabulary, Version::V1).map(String::into_bytes),
            Format::Hf1 => to_tokenizer_json(&vocabulary, Version::V2).map(String::into_bytes),
            Format::Tiktoken => to_tiktoken(&vocabulary),
        };
        let exported = exported.map_err(|error| {
            let option = match error {
                ExportError::FewestTokens => "; --by-merges does so",
                _ => "",
            };
            Failure::Wrong(format!("{}: {error}{option}", self.file.display()))
        });
        files::write(&self.out, &exported?)
    }
}
