//! What was measured.

use serde::{Deserialize, Serialize};

use crate::{contestant::Document, job::Work};

/// What came of it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// Seconds; of processor time on one core, on the wall on several.
    Seconds(f64),
    /// Most memory that a process held, in kibibytes.
    Kibibytes(u64),
    /// Why there is no figure: ids that are not those of the oracle, an error, a crash.
    Refused(String),
}

/// One figure.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Figure {
    /// The work.
    pub work: Work,
    /// Which part of the work: `first` and `warm`, for example.
    pub part: String,
    /// Name of the vocabulary.
    pub vocabulary: String,
    /// Name of the input.
    pub input: String,
    /// Name of the contestant.
    pub contestant: String,
    /// Bytes that were encoded or decoded.
    pub bytes: u64,
    /// In how many strings or documents.
    pub items: u64,
    /// What came of it.
    pub finding: Finding,
}

impl Figure {
    /// Megabytes (10^6 bytes) a second, if anything was timed.
    pub fn megabytes_per_second(&self) -> Option<f64> {
        match self.finding {
            Finding::Seconds(seconds) => Some(self.bytes as f64 / 1e6 / seconds),
            _ => None,
        }
    }
}

/// Figures as they come.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Figures {
    rows: Vec<Figure>,
}

/// What the figures of one table row have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) work: Work,
    pub(crate) vocabulary: &'a str,
    pub(crate) input: &'a str,
    pub(crate) bytes: usize,
    pub(crate) items: usize,
}

impl<'a> Subject<'a> {
    pub(crate) fn new(work: Work, vocabulary: &'a str, input: &'a str, all: &[Document]) -> Self {
        let bytes = all.iter().map(|document| document.bytes.len()).sum();
        Subject { work, vocabulary, input, bytes, items: all.len() }
    }
}

impl Figures {
    pub(crate) fn add(&mut self, of: Subject<'_>, part: &str, contestant: &str, finding: Finding) {
        self.rows.push(Figure {
            work: of.work,
            part: part.to_owned(),
            vocabulary: of.vocabulary.to_owned(),
            input: of.input.to_owned(),
            contestant: contestant.to_owned(),
            bytes: of.bytes as u64,
            items: of.items as u64,
            finding,
        });
    }
}
