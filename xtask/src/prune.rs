//! `prune`: a smaller vocabulary from a larger one.

use std::path::PathBuf;

use crate::{
    corpus, counting,
    failure::{Failure, Outcome},
    files, id_map, load, modality,
    recipe::Recipe,
};
use polytok_core::Tokenizer;

/// Make a vocabulary smaller: to a size, or to what a corpus uses.
///
/// Every byte string still encodes. With --uses the tokens go that the documents of a recipe use
/// least, otherwise those that were learned last.
#[derive(clap::Args, Debug)]
pub(crate) struct Prune {
    /// A `.ptk` file.
    vocab: PathBuf,
    /// Entries in all, special tokens included [default: as few as --min-uses leaves].
    #[arg(long, value_name = "N")]
    size: Option<u32>,
    /// Recipe whose documents say what is used.
    #[arg(long, value_name = "RECIPE")]
    uses: Option<String>,
    /// Folder of the corpus [default: the fixtures of the repository].
    #[arg(long, value_name = "DIR", requires = "uses")]
    corpus: Option<PathBuf>,
    /// Tokens that are used as often stay, even if there are more than --size then.
    #[arg(long, value_name = "K", requires = "uses")]
    min_uses: Option<u64>,
    /// The smaller vocabulary.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Table of old and new ids, as .json or .csv.
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
}

impl Prune {
    pub(crate) fn run(self) -> Outcome {
        let about = self.vocab.display().to_string();
        self.map.as_deref().map_or(Ok(()), id_map::check)?;
        let (vocabulary, _) = load::vocabulary(&self.vocab)?;
        let fixed = vocabulary.len() - vocabulary.merges().len()
            + vocabulary.provenance().config.initial_merges.len();
        let size = match (self.size, self.min_uses) {
            (Some(size), _) => size,
            (None, Some(_)) => fixed as u32,
            (None, None) => {
                return Err(Failure::Wrong("prune: neither --size nor --min-uses".to_owned()));
            }
        };
        if size as usize > vocabulary.len() {
            let has = vocabulary.len();
            return Err(Failure::Wrong(format!("{about}: has {has} entries, not {size}")));
        }
        let uses = match &self.uses {
            Some(recipe) => {
                let recipe = Recipe::load(recipe)?;
                let corpus = corpus::folder(self.corpus.as_deref())?;
                let segmenter = modality::segmenter(&vocabulary.provenance().segmenter)?;
                let tokenizer = Tokenizer::new(vocabulary.clone(), segmenter);
                counting::uses(&recipe, &corpus, &tokenizer.map_err(Failure::about(&about))?)?
            }
            // As if each token were used less than all before it: the first merges stay.
            None => (0..vocabulary.len() as u64).rev().collect(),
        };
        let enough = self.min_uses.unwrap_or(u64::MAX);
        let pruned = vocabulary.pruned(size, &uses, enough).map_err(Failure::about(&about))?;
        let bytes = pruned.vocabulary.to_bytes().map_err(Failure::about(self.out.display()))?;
        files::write(&self.out, &bytes)?;
        if let Some(map) = &self.map {
            id_map::write(map, &vocabulary, &pruned)?;
        }
        let (before, after) = (vocabulary.len(), pruned.vocabulary.len());
        files::note(format!("{after} of {before} entries in {}", self.out.display()));
        Ok(())
    }
}
