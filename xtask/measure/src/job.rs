//! What is to be measured: vocabularies and inputs by path, so that several programs can do it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use polytok_core::{Encoding, Vocabulary};
use serde::{Deserialize, Serialize};

use crate::{
    contestant::Document,
    failure::{Failure, Outcome},
};

/// A kind of measurement.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Public vocabularies on texts: the first pass and further passes.
    Text,
    /// A megabyte, and two, without a place to split.
    Runs,
    /// Strings of about 100 bytes, warm and in states that are new.
    Short,
    /// Own vocabularies on whole files.
    Raw,
    /// Two threads against two processes.
    Cores,
    /// From ids to bytes.
    Decode,
    /// From the bytes of a file to the first ids.
    Load,
    /// Most memory of a process that encodes.
    Memory,
}

/// Where a vocabulary is and what kind of file it is.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ModelFile {
    /// Its name: `cl100k` and `o200k` are known to all.
    pub name: String,
    /// A rank file without compression, or a `.ptk` file that is trained on whole files.
    pub path: PathBuf,
    /// Whether it is a rank file.
    pub ranks: bool,
}

/// A vocabulary and the bytes of its file.
#[derive(Clone, Debug)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// Where the file is.
    pub path: PathBuf,
    /// The file.
    pub file: Arc<[u8]>,
    /// Whether it is a rank file.
    pub ranks: bool,
}

impl ModelFile {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(&self) -> Outcome<Model> {
        let ModelFile { name, path, ranks } = self.clone();
        let file = std::fs::read(&path).map_err(Failure::about(path.display()))?.into();
        Ok(Model { name, path, file, ranks })
    }

    /// The same vocabulary with the encoding of the fewest tokens, which nobody else has, in a file beside
    /// its own.
    pub(crate) fn by_fewest(&self) -> Outcome<ModelFile> {
        let vocabulary = Vocabulary::from_bytes(&self.read()?.file).map_err(Failure::refused)?;
        let vocabulary = vocabulary.encoded_by(Encoding::Fewest).map_err(Failure::refused)?;
        let file = vocabulary.to_bytes().map_err(Failure::refused)?;
        let path = self.path.with_extension("fewest.ptk");
        std::fs::write(&path, file).map_err(Failure::about(path.display()))?;
        let name = format!("{}, fewest tokens", self.name);
        Ok(ModelFile { name, path, ranks: false })
    }
}

/// Documents of one kind, one behind the other in one file.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Text {
    /// Its name.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// Where documents end in it.
    pub ends: Vec<usize>,
    /// Names of the own vocabularies that it is for.
    pub vocabularies: Vec<String>,
}

impl Text {
    /// The whole file as one document.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn whole(&self) -> Outcome<Document> {
        let bytes = std::fs::read(&self.path).map_err(Failure::about(self.path.display()))?;
        Ok(Document { bytes: bytes.into(), path: Some(Arc::from(Path::new(&self.path))) })
    }

    /// The documents.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or is shorter than the job says.
    pub fn documents(&self) -> Outcome<Vec<Document>> {
        let whole = self.whole()?;
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let document = |(start, &end): (usize, &usize)| {
            let bytes = whole.bytes.get(start..end).ok_or("it is shorter than the job says");
            let bytes = bytes.map_err(Failure::about(self.path.display()))?;
            Ok(Document { bytes: bytes.into(), path: None })
        };
        starts.zip(&self.ends).map(document).collect()
    }
}

/// What is to be measured.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Job {
    /// In this order.
    pub works: Vec<Work>,
    /// Names of the contestants; all if there are none.
    pub contestants: Vec<String>,
    /// Public vocabularies.
    pub ranks: Vec<ModelFile>,
    /// Own vocabularies.
    pub own: Vec<ModelFile>,
    /// Texts for the public vocabularies.
    pub texts: Vec<Text>,
    /// Files for the own vocabularies.
    pub raws: Vec<Text>,
    /// Further passes; the median counts.
    pub rounds: usize,
    /// New states for first passes; the median counts.
    pub states: usize,
    /// Bytes of the runs, which are also done at twice the length.
    pub run_bytes: usize,
    /// A folder for files that other processes read.
    pub folder: PathBuf,
    /// The interpreter and the script that measures wheels.
    pub wheels: Option<(PathBuf, PathBuf)>,
    /// Where the figures go, as JSON.
    pub figures: PathBuf,
}

impl Job {
    /// Reads a job.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or is no job.
    pub fn read(path: &Path) -> Outcome<Job> {
        let file = std::fs::read(path).map_err(Failure::about(path.display()))?;
        serde_json::from_slice(&file).map_err(Failure::about(path.display()))
    }

    /// Own vocabularies, each with the files that it is for.
    pub(crate) fn pairs_of_own(&self) -> impl Iterator<Item = (&ModelFile, &Text)> {
        self.own.iter().flat_map(|model| {
            let meant = |text: &&Text| text.vocabularies.contains(&model.name);
            self.raws.iter().filter(meant).map(move |text| (model, text))
        })
    }

    /// Every vocabulary, with one text or the files that it is for.
    pub(crate) fn examples(&self) -> impl Iterator<Item = (&ModelFile, &Text)> {
        let public = self.ranks.iter().filter_map(|model| Some((model, self.texts.first()?)));
        public.chain(self.pairs_of_own())
    }

    /// Whether a contestant is to be measured.
    pub fn wants(&self, contestant: &str) -> bool {
        self.contestants.is_empty() || self.contestants.iter().any(|name| name == contestant)
    }
}

/// One contestant alone in a process.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Solo {
    /// Its name.
    pub contestant: String,
    /// The vocabulary.
    pub model: ModelFile,
    /// What it encodes, document by document.
    pub text: Text,
}
