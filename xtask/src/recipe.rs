//! Recipes: what to train a vocabulary on, and how.

use std::path::{Path, PathBuf};

use polytok_core::{
    Digest, Encoding, Layout, Pair, RunCounting, SecondStage, Segmenter, Ties, Tokenizer,
    TrainConfig, seed_merges,
};
use polytok_domain::Noise;
use serde::Deserialize;

use crate::{
    corpus::{Format, Reader, Selection, Wanted},
    failure::{Failure, Outcome},
    files, modality,
};

/// A recipe as it is written in its TOML file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Recipe {
    /// The name of its file.
    #[serde(skip)]
    pub(crate) name: String,
    /// One line about it, shown while it is trained.
    pub(crate) description: String,
    /// Whether `train-all` trains it.
    #[serde(default = "yes")]
    pub(crate) in_train_all: bool,
    /// The crate that its vocabularies are shipped with.
    #[serde(default)]
    pub(crate) ships_in: Option<String>,
    /// Id of the segmenter.
    pub(crate) segmenter: String,
    /// What the bytes of a file are.
    pub(crate) reader: Reader,
    /// Field of JSON lines, or column of a Parquet table, that holds the document.
    #[serde(default = "text")]
    field: String,
    /// Whether JSON lines that are no object with the field are passed over.
    #[serde(default)]
    skip_bad_lines: bool,
    /// Whether a document that is there already is left out.
    #[serde(default)]
    pub(crate) deduplicate: bool,
    /// A document is left out, of training and of evaluation, if this share of it is in a longer one.
    #[serde(default)]
    near_duplicates: Option<f64>,
    /// Tokens that fewer documents hold are refused.
    #[serde(default)]
    min_documents: u32,
    /// Bytes of a document that are counted, at most: it is cut at the last end of a segment.
    #[serde(default)]
    pub(crate) max_document_bytes: Option<usize>,
    /// The share of characters at which a document that is learned from has an error of a scan.
    #[serde(default)]
    noise: Option<f64>,
    /// Globs of files within the corpus.
    pub(crate) documents: Vec<String>,
    /// Globs of files, and of members of archives, that are left out.
    #[serde(default)]
    exclude: Vec<String>,
    /// Sizes wanted, ascending; the smaller ones are prefixes of the largest.
    pub(crate) sizes: Vec<u32>,
    /// Whether white space runs fill a vocabulary up to the next power of two.
    #[serde(default)]
    pub(crate) pad: bool,
    /// Settings of the training.
    #[serde(default)]
    pub(crate) train: Settings,
}

fn yes() -> bool {
    true
}

fn text() -> String {
    "text".to_owned()
}

/// The part of [`TrainConfig`] that a recipe sets.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Settings {
    min_count: u64,
    max_token_len: u32,
    runs: RunCounting,
    ties: Ties,
    whole_characters: bool,
    encoding: Encoding,
    /// Whether and how merges go on across segments.
    second_stage: Option<SecondStage>,
    /// Whether every token of a genome has its reverse complement.
    closed: bool,
    /// Fixes a token for every group of up to three digits.
    digit_groups: bool,
    /// Byte strings that are tokens from the start.
    seeds: Vec<String>,
    specials: Vec<String>,
    layout: Layout,
}

impl Default for Settings {
    fn default() -> Settings {
        let config = TrainConfig::default();
        Settings {
            min_count: config.min_count,
            max_token_len: config.max_token_len,
            runs: config.runs,
            ties: config.ties,
            whole_characters: config.whole_characters,
            encoding: config.encoding,
            second_stage: config.second_stage,
            closed: false,
            digit_groups: false,
            seeds: Vec::new(),
            specials: config.specials,
            layout: config.layout,
        }
    }
}

impl Recipe {
    /// The recipe of this name, or in the file at this path.
    pub(crate) fn load(name: &str) -> Outcome<Recipe> {
        let path = if name.ends_with(".toml") {
            PathBuf::from(name)
        } else {
            folder().join(format!("{name}.toml"))
        };
        if !path.exists() {
            let known: Vec<String> = Recipe::all()?.into_iter().map(|recipe| recipe.name).collect();
            return Err(Failure::Wrong(format!(
                "no recipe {name:?}; there are {}, or give the path of a .toml file",
                known.join(", ")
            )));
        }
        Recipe::read(&path)
    }

    /// All recipes of the workspace, by name.
    pub(crate) fn all() -> Outcome<Vec<Recipe>> {
        let listing = std::fs::read_dir(folder()).map_err(Failure::about("recipes"))?;
        let mut paths: Vec<PathBuf> = listing
            .map(|item| item.map(|item| item.path()).map_err(Failure::about("recipes")))
            .collect::<Outcome<_>>()?;
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        paths.sort();
        paths.iter().map(|path| Recipe::read(path)).collect()
    }

    /// The recipes of these names; without names, those that `train-all` trains.
    pub(crate) fn named(names: &[String]) -> Outcome<Vec<Recipe>> {
        if names.is_empty() {
            return Ok(Recipe::all()?.into_iter().filter(|recipe| recipe.in_train_all).collect());
        }
        names.iter().map(|name| Recipe::load(name)).collect()
    }

    fn read(path: &Path) -> Outcome<Recipe> {
        let text = String::from_utf8(files::read(path)?).map_err(Failure::about(path.display()))?;
        let mut recipe: Recipe = toml::from_str(&text)
            .map_err(|error| Failure::Wrong(format!("{}: {}", path.display(), error.message())))?;
        recipe.name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if recipe.sizes.is_empty() || !recipe.sizes.is_sorted_by(|a, b| a < b) {
            return Err(Failure::Wrong(format!("{}: sizes must ascend", path.display())));
        }
        if !recipe.near_duplicates.is_none_or(|share| 0.0 < share && share <= 1.0) {
            let message = "near-duplicates must be a share above 0, at most 1";
            return Err(Failure::Wrong(format!("{}: {message}", path.display())));
        }
        let rate = recipe.noise.map(|rate| Noise::new(rate, 0)).transpose();
        rate.map_err(Failure::about(path.display()))?;
        recipe.segmenter()?;
        let Settings { seeds, digit_groups, .. } = &recipe.train;
        let fixed = *digit_groups || !modality::initial_merges(&recipe.segmenter).is_empty();
        if !seeds.is_empty() && fixed {
            let message = "seeds do not go together with merges that are fixed otherwise";
            return Err(Failure::Wrong(format!("{}: {message}", path.display())));
        }
        if recipe.train.closed && modality::complement(&recipe.segmenter).is_empty() {
            let message = format!("segmenter {} knows no strands", recipe.segmenter);
            return Err(Failure::Wrong(format!("{}: {message}", path.display())));
        }
        let config = recipe.config(recipe.sizes[0]);
        let needed = 256 + config.specials.len() + config.initial_merges.len();
        if (config.vocabulary_size as usize) < needed {
            return Err(Failure::Wrong(format!(
                "{}: a vocabulary of {} entries has no room for the {needed} that are fixed",
                path.display(),
                config.vocabulary_size
            )));
        }
        Ok(recipe)
    }

    /// How files are read.
    pub(crate) fn format(&self) -> Format {
        Format {
            reader: self.reader,
            field: self.field.clone(),
            skip_bad_lines: self.skip_bad_lines,
        }
    }

    /// The documents of a corpus that the recipe is about.
    pub(crate) fn selection(&self, corpus: &Path) -> Outcome<Selection> {
        let Recipe { documents, exclude, near_duplicates, .. } = self;
        let wanted = Wanted { documents, exclude, near_duplicates: *near_duplicates };
        Selection::new(corpus, wanted, &self.format())
    }

    /// The errors of a document that is learned from, if it has some: they follow from its contents alone.
    pub(crate) fn noise(&self, document: &[u8]) -> Option<Noise> {
        let rate = self.noise?;
        let digest = blake3::hash(document);
        let seed = digest.as_bytes().first_chunk().map_or(0, |&seed| u64::from_le_bytes(seed));
        // The rate was looked at when the recipe was read.
        Noise::new(rate, seed).ok()
    }

    /// The segmenter.
    pub(crate) fn segmenter(&self) -> Outcome<Box<dyn Segmenter>> {
        modality::segmenter(&self.segmenter)
    }

    /// The largest size.
    pub(crate) fn largest(&self) -> u32 {
        self.sizes.last().copied().unwrap_or_default()
    }

    /// Documents that every token learned has to be in, if that is asked for.
    pub(crate) fn min_documents(&self) -> Option<u32> {
        (self.min_documents > 1).then_some(self.min_documents)
    }

    /// The settings of the training: of the largest size, and a third more where some will be refused.
    pub(crate) fn training_config(&self) -> TrainConfig {
        let largest = self.largest();
        self.config(if self.min_documents().is_some() { largest + largest / 3 } else { largest })
    }

    /// The settings for a vocabulary of this size.
    ///
    /// Entries that the modality fixes and does not count, such as the escapes of a genome, come on
    /// top.
    pub(crate) fn config(&self, size: u32) -> TrainConfig {
        let Settings {
            min_count,
            max_token_len,
            runs,
            ties,
            whole_characters,
            encoding,
            second_stage,
            closed,
            digit_groups,
            seeds,
            specials,
            layout,
        } = self.train.clone();
        let initial_merges: Vec<Pair> = match digit_groups {
            true => polytok_numeric::digit_group_merges(),
            // Reading the recipe has found that one of the two is empty.
            false if seeds.is_empty() => modality::initial_merges(&self.segmenter),
            false => seed_merges(&seed_bytes(&seeds)),
        };
        TrainConfig {
            vocabulary_size: self.entries(size),
            min_count,
            max_token_len,
            runs,
            ties,
            whole_characters,
            encoding,
            second_stage: second_stage
                .map(|stage| SecondStage { after: self.entries(stage.after), ..stage }),
            complement: if closed { modality::complement(&self.segmenter) } else { Vec::new() },
            initial_merges,
            added: Vec::new(),
            specials,
            layout,
        }
    }

    /// All entries of a vocabulary of this size.
    pub(crate) fn entries(&self, size: u32) -> u32 {
        modality::entries(&self.segmenter, size)
    }

    /// Whether a vocabulary is what this recipe, this program and the documents with this digest
    /// give.
    pub(crate) fn made(&self, own: Option<&Tokenizer>, size: u32, corpus: &Digest) -> bool {
        own.is_some_and(|tokenizer| {
            let provenance = tokenizer.vocabulary().provenance();
            // Padding adds tokens after training.
            let config = TrainConfig { added: Vec::new(), ..provenance.config.clone() };
            provenance.segmenter == self.segmenter
                && config == self.config(size)
                && provenance.corpus == *corpus
                && provenance.refused.map(|refused| refused.min_documents) == self.min_documents()
                && provenance.version == env!("CARGO_PKG_VERSION")
        })
    }

    /// The text of the recipe of this name among those of the workspace.
    pub(crate) fn text(&self) -> Outcome<String> {
        let path = folder().join(format!("{}.toml", self.name));
        String::from_utf8(files::read(&path)?).map_err(Failure::about(path.display()))
    }

    /// The file of a vocabulary of this recipe.
    pub(crate) fn file(&self, folder: &Path, size: u32) -> PathBuf {
        folder.join(format!("{}-{size}.ptk", self.name))
    }
}

fn seed_bytes(seeds: &[String]) -> Vec<Vec<u8>> {
    seeds.iter().map(|seed| seed.clone().into_bytes()).collect()
}

fn folder() -> PathBuf {
    files::workspace().join("xtask/recipes")
}
