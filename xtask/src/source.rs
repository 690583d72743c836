//! Documents of one origin.

/// Documents that are measured and reported together: a folder of fixtures, a bundle of a corpus.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// What the source is called in tables.
    pub(crate) name: String,
    /// Its documents.
    pub(crate) documents: Vec<Document>,
}

/// One document after its reader: the bytes that are tokenized.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Path, member or record name.
    pub(crate) name: String,
    /// What a segmenter sees.
    pub(crate) bytes: Vec<u8>,
}
