//! `report`: a page about vocabularies, to be read.

mod contig;
mod program;
mod sizes;

use std::path::PathBuf;

use crate::{
    eval::{self, Drawing},
    evaluate::{self, Extent},
    failure::Outcome,
    files,
    load::Loaded,
    recipe::Recipe,
    source::Source,
    train::Places,
};

/// Write a page about the vocabularies of recipes: figures on held-out documents, what size buys, the
/// same passages in several vocabularies, an executable and a contig as their tokens lie in them.
#[derive(clap::Args, Debug)]
pub(crate) struct Report {
    /// Names of recipes [default: all that train-all trains].
    #[arg(long, value_name = "RECIPE", num_args = 1..)]
    recipes: Vec<String>,
    /// Vocabularies to compare with, of any format: NAME=FILE, or NAME=FILE:SCHEME for .tiktoken.
    #[arg(long, value_name = "NAME=FILE")]
    reference: Vec<String>,
    /// The page.
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    html: PathBuf,
    #[command(flatten)]
    places: Places,
}

impl Report {
    pub(crate) fn run(self) -> Outcome {
        let references = evaluate::open_references(&self.reference, None)?;
        let (corpus, out) = (self.places.corpus()?, self.places.out());
        let extent = Extent { compressors: false, passages: true };
        let mut vocabularies = Vec::new();
        for recipe in Recipe::named(&self.recipes)? {
            let made = evaluate::vocabularies(&recipe, &corpus, &out)?;
            let sources = evaluate::sources(&recipe, &corpus)?;
            for (name, tokenizer) in &made {
                let mut figures =
                    evaluate::measure(name, tokenizer, &sources, &references, extent)?;
                // Of sizes that nest the largest shows them all.
                if made.last().is_some_and(|(last, _)| last == name) {
                    figures.drawings = drawings(tokenizer, &sources, &references);
                } else {
                    figures.passages.clear();
                }
                vocabularies.push(figures);
            }
        }
        let (date, command) = (evaluate::today(), evaluate::command_line());
        let report = eval::Report { date, command, vocabularies };
        files::write(&self.html, report.to_html().as_bytes())
    }
}

fn drawings(
    tokenizer: &Loaded,
    sources: &[Source],
    references: &[(String, Loaded)],
) -> Vec<Drawing> {
    let mut drawings = Vec::new();
    drawings.extend(sizes::curve(tokenizer, sources, references).map(Drawing::Curve));
    drawings.extend(program::strip(tokenizer, sources).map(Drawing::Strip));
    drawings.extend(contig::strip(tokenizer, sources).map(Drawing::Strip));
    drawings
}

/// The mean length of the tokens in each of `bins` equal parts of a document.
fn token_lengths(tokenizer: &Loaded, document: &[u8], bins: usize) -> Vec<f64> {
    let mut sums = vec![(0usize, 0usize); bins];
    for span in tokenizer.encoder().encode_spans(document).1 {
        let bin = &mut sums[span.start * bins / document.len()];
        *bin = (bin.0 + span.len(), bin.1 + 1);
    }
    sums.into_iter().map(|(bytes, tokens)| bytes as f64 / tokens.max(1) as f64).collect()
}
