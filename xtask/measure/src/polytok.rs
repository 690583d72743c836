//! polytok itself.

use polytok_core::{Batch, Tokenizer, Vocabulary, Whole};
use polytok_text::import::{Imported, Scheme, specials};

use crate::{
    contestant::{Encoder, InProcess},
    failure::{Failure, Outcome},
    job::Model,
};

/// The contestant that all others are held against.
pub fn polytok() -> InProcess {
    InProcess { name: "polytok", load }
}

fn load(model: &Model) -> Outcome<Option<Box<dyn Encoder>>> {
    Ok(Some(match Loaded::load(model)? {
        Loaded::Imported(imported) => Box::new(*imported),
        Loaded::Own(tokenizer) => Box::new(tokenizer),
    }))
}

/// A tokenizer, for what needs more than an [`Encoder`].
pub(crate) enum Loaded {
    Imported(Box<Imported>),
    Own(Tokenizer),
}

impl Loaded {
    pub(crate) fn load(model: &Model) -> Outcome<Loaded> {
        if !model.ranks {
            let vocabulary = Vocabulary::from_bytes(&model.file).map_err(Failure::refused)?;
            let own = Tokenizer::new(vocabulary, Whole).map_err(Failure::refused)?;
            return Ok(Loaded::Own(own));
        }
        let (scheme, specials) = match model.name.as_str() {
            "cl100k" => (Scheme::Cl100k, specials::CL100K),
            "o200k" => (Scheme::O200k, specials::O200K),
            name => return Err(Failure::Refused(format!("no scheme is known for {name}"))),
        };
        let imported =
            Imported::from_tiktoken(&model.file, scheme, specials).map_err(Failure::refused)?;
        Ok(Loaded::Imported(Box::new(imported)))
    }

    /// Encodes documents on all threads of the current pool, in place of what a batch holds.
    pub(crate) fn encode_batch(&self, documents: &[&[u8]], batch: &mut Batch) {
        match self {
            Loaded::Own(tokenizer) => tokenizer.encode_batch_reusing(documents, batch),
            Loaded::Imported(imported) => imported.encode_batch_reusing(documents, batch),
        }
    }

    /// Encodes one document on all threads of the current pool, in place of what a vector holds.
    pub(crate) fn encode_parallel(&self, document: &[u8], ids: &mut Vec<u32>) {
        match self {
            Loaded::Own(tokenizer) => tokenizer.encode_parallel_reusing(document, ids),
            Loaded::Imported(imported) => imported.encode_parallel_reusing(document, ids),
        }
    }
}

impl Encoder for Imported {
    fn encode_into(&self, input: &[u8], ids: &mut Vec<u32>) -> Outcome {
        Imported::encode_into(self, input, ids);
        Ok(())
    }

    fn decode(&self, ids: &[u32]) -> Outcome<Option<Vec<u8>>> {
        Imported::decode(self, ids).map(Some).map_err(Failure::refused)
    }
}

impl Encoder for Tokenizer {
    fn encode_into(&self, input: &[u8], ids: &mut Vec<u32>) -> Outcome {
        Tokenizer::encode_into(self, input, ids);
        Ok(())
    }

    fn decode(&self, ids: &[u32]) -> Outcome<Option<Vec<u8>>> {
        Tokenizer::decode(self, ids).map(Some).map_err(Failure::refused)
    }
}
