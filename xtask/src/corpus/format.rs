//! How the files of a corpus are read.

use serde::Deserialize;

/// What the bytes of a file are before they are tokenized.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Reader {
    /// Text as it is.
    Text,
    /// Files as they are; bundles of text are not taken apart.
    Raw,
    /// FASTA and FASTQ: every record's sequence is a document.
    Sequences,
    /// Every line is a document.
    Lines,
    /// Every line is a JSON object with a field that is a document.
    Jsonl,
    /// Tables with a column of documents.
    Parquet,
}

/// A reader and what it has to be told.
#[derive(Clone, Debug)]
pub(crate) struct Format {
    pub(crate) reader: Reader,
    /// Field of an object, with dots between the names of nested ones, or column of a table.
    pub(crate) field: String,
    /// Whether lines that are no object with the field are passed over.
    pub(crate) skip_bad_lines: bool,
}

impl Format {
    /// Whether what a file says wrong is an error even behind good documents: where users name what
    /// they expect, a record that differs is no damage.
    pub(super) fn is_strict(&self) -> bool {
        matches!(self.reader, Reader::Jsonl | Reader::Parquet)
    }
}

impl From<Reader> for Format {
    fn from(reader: Reader) -> Format {
        Format { reader, field: "text".to_owned(), skip_bad_lines: false }
    }
}
