//! Which documents are for evaluation.

use std::{collections::BTreeSet, path::Path};

use crate::failure::{Failure, Outcome};

/// Which documents evaluation keeps from training.
#[derive(Clone, Debug)]
pub(crate) enum Split {
    /// Those named in `HELDOUT.txt` of the corpus.
    Listed(BTreeSet<String>),
    /// Those whose digest (blake3, read as a big-endian number) is 0 modulo 10.
    Digest,
}

impl Split {
    /// The split of a corpus: the list if it has one, digests otherwise.
    pub(crate) fn of(corpus: &Path) -> Outcome<Split> {
        let list = corpus.join("HELDOUT.txt");
        if !list.exists() {
            return Ok(Split::Digest);
        }
        let text = std::fs::read_to_string(&list).map_err(Failure::about(list.display()))?;
        Ok(Split::Listed(text.lines().map(|line| line.trim().to_owned()).collect()))
    }

    /// Whether a document of a file is kept from training.
    pub(crate) fn holds_out(&self, file: &str, document: &[u8]) -> bool {
        match self {
            Split::Listed(files) => files.contains(file),
            Split::Digest => {
                let digest = blake3::hash(document);
                digest.as_bytes().iter().fold(0, |rest, &b| (rest * 256 + u32::from(b)) % 10) == 0
            }
        }
    }
}
