//! Vocabularies of any format, from files.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use polytok_core::{Span, Tokenizer, Vocabulary};
use polytok_genome::{CaseMask, Genome, GenomeEncoding, GenomeTokenizer, Strand};
use polytok_text::import::{self, Imported, Special};

use crate::{
    encoder::Encoder,
    failure::{Failure, Outcome},
    files, modality,
};

/// How a rank file splits text.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Scheme {
    Gpt2,
    Cl100k,
    O200k,
}

impl Scheme {
    pub(crate) fn named(name: &str) -> Outcome<Scheme> {
        Scheme::from_str(name, true)
            .map_err(|_| Failure::Wrong(format!("no scheme {name:?}: gpt2, cl100k or o200k")))
    }

    fn read(self, path: &Path, file: &[u8]) -> Outcome<Imported> {
        let (scheme, specials) = self.import();
        Imported::from_tiktoken(file, scheme, specials).map_err(Failure::about(path.display()))
    }

    /// The rule, and the special tokens of the published file.
    fn import(self) -> (import::Scheme, &'static [(&'static str, u32)]) {
        match self {
            Scheme::Gpt2 => (import::Scheme::Gpt2, import::specials::R50K),
            Scheme::Cl100k => (import::Scheme::Cl100k, import::specials::CL100K),
            Scheme::O200k => (import::Scheme::O200k, import::specials::O200K),
        }
    }
}

/// A published rank file of a folder, or of `openai/` in it, perhaps compressed (`.zst`): where it is,
/// and its bytes without compression.
pub(crate) fn rank_file(folder: &Path, name: &str) -> Outcome<(PathBuf, Vec<u8>)> {
    let file = format!("{name}_base.tiktoken");
    let plain = [folder.join("openai").join(&file), folder.join(&file)];
    let mut all = plain.into_iter().flat_map(|path| [path.with_added_extension("zst"), path]);
    let Some(path) = all.find(|path| path.exists()) else {
        return Err(Failure::Wrong(format!("{}: no {file} in it", folder.display())));
    };
    let bytes = read(&path)?.1;
    Ok((path, bytes))
}

/// The vocabulary of a published rank file.
pub(crate) fn published(folder: &Path, name: &str, scheme: Scheme) -> Outcome<Imported> {
    let (path, bytes) = rank_file(folder, name)?;
    scheme.read(&path, &bytes)
}

/// A tokenizer and what its file says about it.
pub(crate) struct Loaded {
    tokenizer: Kind,
    digest: String,
}

enum Kind {
    Own(Box<Tokenizer>),
    Genome(Box<GenomeTokenizer>),
    Imported(Box<Imported>),
}

/// A document as ids, with what they leave out.
#[derive(Debug)]
pub(crate) struct Encoding {
    pub(crate) ids: Vec<u32>,
    /// Bytes of the document that each token covers.
    pub(crate) spans: Vec<Span>,
    /// Stretches of lower case, where the vocabulary folds case.
    pub(crate) lower: Option<Vec<(usize, usize)>>,
}

/// The name of a file and its bytes, both without compression.
fn read(path: &Path) -> Outcome<(String, Vec<u8>)> {
    let (name, bytes) = (path.to_string_lossy().into_owned(), files::read(path)?);
    match name.strip_suffix(".zst") {
        Some(inner) => {
            let bytes = zstd::decode_all(&bytes[..]).map_err(Failure::about(path.display()))?;
            Ok((inner.to_owned(), bytes))
        }
        None => Ok((name, bytes)),
    }
}

/// The vocabulary in a `.ptk` file, and the size of the file without compression.
pub(crate) fn vocabulary(path: &Path) -> Outcome<(Vocabulary, usize)> {
    let (_, bytes) = read(path)?;
    let vocabulary = Vocabulary::from_bytes(&bytes).map_err(Failure::about(path.display()))?;
    Ok((vocabulary, bytes.len()))
}

impl Loaded {
    /// Reads a `.ptk` file, a rank file (`.tiktoken`, with a scheme) or a `tokenizer.json`, each
    /// perhaps compressed (`.zst`).
    pub(crate) fn open(path: &Path, scheme: Option<Scheme>) -> Outcome<Loaded> {
        let about = path.display();
        let (name, bytes) = read(path)?;
        let digest = blake3::hash(&bytes).to_hex().to_string();
        let tokenizer = if name.ends_with(".tiktoken") {
            let Some(scheme) = scheme else {
                let message = "a rank file needs --scheme gpt2, cl100k or o200k";
                return Err(Failure::Wrong(format!("{}: {message}", path.display())));
            };
            Kind::Imported(Box::new(scheme.read(path, &bytes)?))
        } else if name.ends_with(".json") {
            let imported = Imported::from_tokenizer_json(&bytes).map_err(Failure::about(&about))?;
            Kind::Imported(Box::new(imported))
        } else {
            let vocabulary = Vocabulary::from_bytes(&bytes).map_err(Failure::about(&about))?;
            let id = vocabulary.provenance().segmenter.clone();
            if Genome::from_id(&id).is_some() {
                let genome = GenomeTokenizer::bpe(vocabulary).map_err(Failure::about(&about))?;
                Kind::Genome(Box::new(genome))
            } else {
                let segmenter = modality::segmenter(&id)?;
                let own = Tokenizer::new(vocabulary, segmenter).map_err(Failure::about(&about))?;
                Kind::Own(Box::new(own))
            }
        };
        Ok(Loaded { tokenizer, digest })
    }

    /// Digest of the file.
    pub(crate) fn digest(&self) -> &str {
        &self.digest
    }

    /// Id of the segmenter; `imported` for foreign files.
    pub(crate) fn segmenter(&self) -> &str {
        match self.own() {
            Some(tokenizer) => tokenizer.segmenter().id(),
            None => "imported",
        }
    }

    /// The tokenizer of a `.ptk` file.
    pub(crate) fn own(&self) -> Option<&Tokenizer> {
        match &self.tokenizer {
            Kind::Own(tokenizer) => Some(tokenizer),
            Kind::Genome(genome) => genome.tokenizer(),
            Kind::Imported(_) => None,
        }
    }

    pub(crate) fn encoder(&self) -> &dyn Encoder {
        match &self.tokenizer {
            Kind::Own(tokenizer) => &**tokenizer,
            Kind::Genome(genome) => &**genome,
            Kind::Imported(imported) => &**imported,
        }
    }

    /// Encodes a document in which the named special tokens are looked for.
    pub(crate) fn encode(&self, document: &[u8], specials: &[String]) -> Outcome<Encoding> {
        let names: Vec<&str> = specials.iter().map(String::as_str).collect();
        let (ids, spans, lower) = match &self.tokenizer {
            Kind::Own(tokenizer) => {
                let allowed = tokenizer.specials(&names).map_err(Failure::about("--special"))?;
                let ids = tokenizer.encode_with_special(document, &allowed);
                let spans = tokenizer.spans(&ids).map_err(Failure::about("own ids"))?;
                (ids, spans, None)
            }
            Kind::Genome(_) if !names.is_empty() => {
                let message = "sequences have no special tokens in them";
                return Err(Failure::Wrong(format!("--special: {message}")));
            }
            Kind::Genome(genome) => {
                let encoding = genome.encode(document);
                let spans = genome.spans(&encoding).map_err(Failure::about("own ids"))?;
                let ranges = encoding.mask.ranges().iter().map(|span| (span.start, span.end));
                (encoding.ids, spans, Some(ranges.collect()))
            }
            Kind::Imported(imported) => {
                for name in &names {
                    if !imported.special_tokens().iter().any(|(special, _)| special == name) {
                        let message = format!("--special: no special token {name:?}");
                        return Err(Failure::Wrong(message));
                    }
                }
                let (ids, spans) = imported.encode_spans(document, Special::Only(&names));
                (ids, spans, None)
            }
        };
        Ok(Encoding { ids, spans, lower })
    }

    /// Decodes ids and what they left out.
    pub(crate) fn decode(&self, ids: &[u32], lower: &[(usize, usize)]) -> Outcome<Vec<u8>> {
        match &self.tokenizer {
            Kind::Own(tokenizer) => tokenizer.decode(ids).map_err(Failure::about("decode")),
            Kind::Imported(imported) => imported.decode(ids).map_err(Failure::about("decode")),
            Kind::Genome(genome) => {
                let ranges = lower.iter().map(|&(start, end)| Span::new(start, end));
                let mask = CaseMask::from_ranges(ranges).map_err(Failure::about("lower"))?;
                let encoding = GenomeEncoding { ids: ids.to_vec(), mask, strand: Strand::Forward };
                genome.decode(&encoding).map_err(Failure::about("decode"))
            }
        }
    }
}
