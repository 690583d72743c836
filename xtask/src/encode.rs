//! `encode`: documents to ids, as JSON lines.

use std::path::PathBuf;

use serde::Serialize;

use crate::{
    corpus::{self, Reader},
    failure::{Failure, Outcome},
    files,
    load::{Encoding, Loaded, Scheme},
    modality::{self, Place},
    source::Document,
};

/// Turn documents into ids, one JSON line each.
#[derive(clap::Args, Debug)]
pub(crate) struct Encode {
    /// A vocabulary: .ptk, .tiktoken (with --scheme) or tokenizer.json.
    #[arg(long, value_name = "FILE")]
    vocab: PathBuf,
    /// How a .tiktoken file splits text.
    #[arg(long)]
    scheme: Option<Scheme>,
    /// Add the byte offsets of every token, and for executables where it lies.
    #[arg(long)]
    spans: bool,
    /// Special tokens to look for in the text; may be given several times.
    #[arg(long, value_name = "NAME")]
    special: Vec<String>,
    /// A file, or a folder of files [default: standard input].
    path: Option<PathBuf>,
}

/// What a line holds. `decode` reads it back.
#[derive(Debug, Default, Serialize, serde::Deserialize)]
pub(crate) struct Line {
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) ids: Vec<u32>,
    /// Byte offsets in the document, half open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) spans: Option<Vec<(usize, usize)>>,
    /// Where each token of an executable lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) places: Option<Vec<Place>>,
    /// Stretches of lower case in bases, half open, where the vocabulary folds case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) lower: Option<Vec<(usize, usize)>>,
}

impl Encode {
    pub(crate) fn run(self) -> Outcome {
        let tokenizer = Loaded::open(&self.vocab, self.scheme)?;
        let reader = modality::reader(tokenizer.segmenter());
        let write = |document: &Document| -> Outcome {
            let line = self.line(&tokenizer, document)?;
            let json = serde_json::to_string(&line).map_err(Failure::about(&document.name))?;
            files::print(json + "\n")
        };
        match &self.path {
            Some(path) if path.as_os_str() != "-" => {
                for entry in corpus::files_of(path)? {
                    corpus::documents(&entry, &reader.into())?.iter().try_for_each(write)?;
                }
            }
            _ => {
                let bytes = files::read("-".as_ref())?;
                let name = "-".to_owned();
                if reader == Reader::Sequences {
                    for record in corpus::records(&name, &bytes[..])? {
                        write(&record?)?;
                    }
                } else {
                    write(&Document { name, bytes })?;
                }
            }
        }
        Ok(())
    }

    fn line(&self, tokenizer: &Loaded, document: &Document) -> Outcome<Line> {
        let map = modality::map(tokenizer.segmenter(), &document.bytes);
        if let Some(warning) = map.as_ref().and_then(modality::degraded) {
            files::note(format!("warning: {}: {warning}", document.name));
        }
        let Encoding { ids, spans, lower } = tokenizer.encode(&document.bytes, &self.special)?;
        let mut line = Line { name: document.name.clone(), ids, lower, ..Line::default() };
        if self.spans {
            line.places = map.and_then(|map| modality::places(&map, &spans));
            line.spans = Some(spans.into_iter().map(|span| (span.start, span.end)).collect());
        }
        Ok(line)
    }
}
