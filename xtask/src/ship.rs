//! `ship`: the vocabularies that come with the crates.

use std::{collections::BTreeSet, path::PathBuf};

use polytok_text::export::{Version, to_tokenizer_json};

use crate::{
    card::Card,
    evaluate::{self, Extent},
    failure::{Failure, Outcome},
    files,
    learn::Running,
    load::Loaded,
    recipe::Recipe,
    train::{self, Origin},
};

/// Train the vocabularies that come with the crates, and write their model cards.
///
/// Vocabularies go into `crates/*/vocab`, cards into `docs/vocabularies`. On the same corpus the files
/// are the same, bit for bit.
#[derive(clap::Args, Debug)]
pub(crate) struct Ship {
    /// Recipes [default: all with `ships-in`].
    recipes: Vec<String>,
    /// Folder of the corpus.
    #[arg(long, value_name = "DIR")]
    corpus: PathBuf,
    /// Vocabularies to compare with in the cards: NAME=FILE, or NAME=FILE:SCHEME for .tiktoken.
    #[arg(long, value_name = "NAME=FILE")]
    reference: Vec<String>,
    /// Folder for the vocabularies as `tokenizer.json`, of those that the format can express.
    #[arg(long, value_name = "DIR")]
    release: Option<PathBuf>,
}

impl Ship {
    pub(crate) fn run(self) -> Outcome {
        let references = evaluate::open_references(&self.reference, None)?;
        let recipes = if self.recipes.is_empty() {
            Recipe::all()?
        } else {
            self.recipes.iter().map(|name| Recipe::load(name)).collect::<Outcome<_>>()?
        };
        for recipe in recipes {
            match &recipe.ships_in {
                Some(home) => self.ship(&recipe, home, &references)?,
                None if self.recipes.is_empty() => {}
                None => {
                    let message = "does not say with which crate it ships (ships-in)";
                    return Err(Failure::Wrong(format!("{}: {message}", recipe.name)));
                }
            }
        }
        Ok(())
    }

    fn ship(&self, recipe: &Recipe, home: &str, references: &[(String, Loaded)]) -> Outcome {
        let folder = files::workspace().join("crates").join(home).join("vocab");
        train::train(recipe, Origin::Corpus(&self.corpus), &folder, &Running::default())?;
        let sources = evaluate::held_out(recipe, &self.corpus)?;
        let extent = Extent { compressors: false, passages: false };
        let mut card =
            Card::new(recipe, self.command(recipe), &self.corpus, self.bundles(recipe)?)?;
        for &size in &recipe.sizes {
            let path = recipe.file(&folder, size);
            let tokenizer = Loaded::open(&path, None)?;
            let name = format!("{}-{size}", recipe.name);
            card.add(
                &tokenizer,
                files::read(&path)?.len(),
                evaluate::measure(&name, &tokenizer, &sources, references, extent)?,
            );
            if let (Some(release), Some(own)) = (&self.release, tokenizer.own()) {
                let out = release.join(format!("{name}.tokenizer.json"));
                match to_tokenizer_json(own.vocabulary(), Version::V1) {
                    Ok(json) => files::write(&out, json.as_bytes())?,
                    Err(reason) => files::note(format!("  no {}: {reason}", out.display())),
                }
            }
        }
        let path = files::workspace().join(format!("docs/vocabularies/{}.md", recipe.name));
        files::write(&path, card.to_markdown().as_bytes())
    }

    /// What makes the files and figures of a recipe; where else they are written to does not matter.
    fn command(&self, recipe: &Recipe) -> String {
        let mut command =
            format!("cargo xtask ship {} --corpus {}", recipe.name, self.corpus.display());
        for reference in &self.reference {
            command += &format!(" --reference {reference}");
        }
        command
    }

    /// The files of the corpus that the recipe reads.
    fn bundles(&self, recipe: &Recipe) -> Outcome<BTreeSet<String>> {
        let selection = recipe.selection(&self.corpus)?;
        Ok(selection.entries().iter().map(|entry| entry.name.clone()).collect())
    }
}
