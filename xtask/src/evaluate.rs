//! `eval`: how good vocabularies are on documents that training has not seen.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    corpus::{self, Reader},
    counting,
    encoder::{Encoder, Folded},
    eval::{self, Baseline, Figures, Options, Report},
    extra,
    failure::{Failure, Outcome},
    files,
    learn::Running,
    load::{Loaded, Scheme},
    modality,
    recipe::Recipe,
    source::Source,
    train::{self, Origin, Places},
};

/// Figures have tables by id.
const MOST_IDS: usize = 1 << 24;

/// Measure vocabularies on held-out documents, or one on any documents.
#[derive(clap::Args, Debug)]
pub(crate) struct Eval {
    /// A vocabulary to measure instead of those of the recipes; goes with --documents.
    #[arg(long, value_name = "FILE", requires = "documents")]
    vocab: Option<PathBuf>,
    /// How a .tiktoken file splits text.
    #[arg(long)]
    scheme: Option<Scheme>,
    /// Documents to measure --vocab on: files, or folders of files.
    #[arg(long, value_name = "PATH", num_args = 1.., requires = "vocab")]
    documents: Vec<PathBuf>,
    /// Names of recipes to measure [default: all that train-all trains].
    #[arg(long, value_name = "RECIPE", num_args = 1.., conflicts_with = "vocab")]
    recipes: Vec<String>,
    /// Vocabularies to compare with, of any format: NAME=FILE, or NAME=FILE:SCHEME for .tiktoken.
    #[arg(long, value_name = "NAME=FILE")]
    reference: Vec<String>,
    /// Leave out zstd and xz, which take longer than all the rest.
    #[arg(long)]
    quick: bool,
    /// Compare the exact counts with a baseline and fail where they differ
    /// [default file: docs/results/baseline.json].
    #[arg(long, value_name = "FILE")]
    check: Option<Option<PathBuf>>,
    /// Let --check pass token counts that grow by at most so many per cent.
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0, requires = "check")]
    tolerance: f64,
    /// Write the exact counts as a baseline.
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// Write all figures as JSON; `-` for standard output, which then holds nothing else.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a page with tables and plots.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    #[command(flatten)]
    places: Places,
}

impl Eval {
    pub(crate) fn run(self) -> Outcome {
        if self.to_standard_output() > 1 {
            return Err(Failure::Wrong("standard output can take one of the files only".into()));
        }
        // Read first: a wrong one is said before anything is measured, and it may be the file that the
        // new counts go to.
        let expected =
            self.check.as_ref().map(|path| self.expected(path.as_deref())).transpose()?;
        let references = open_references(&self.reference, self.scheme)?;
        let all = match &self.vocab {
            Some(vocab) => vec![self.measure_file(vocab, &references)?],
            None => self.measure_recipes(&references)?,
        };
        let report = Report { date: today(), command: command_line(), vocabularies: all };
        if self.to_standard_output() == 0 {
            files::print(report.to_table() + "\n")?;
        }
        if let Some(path) = &self.json {
            files::write(path, report.to_json().as_bytes())?;
        }
        if let Some(path) = &self.html {
            files::write(path, report.to_html().as_bytes())?;
        }
        if let Some(path) = &self.write_baseline {
            files::write(path, Baseline::new(&report.vocabularies).to_json().as_bytes())?;
        }
        match expected {
            Some(expected) => self.compare(expected, &report.vocabularies),
            None => Ok(()),
        }
    }

    /// How many of the files to write are standard output.
    fn to_standard_output(&self) -> usize {
        [&self.json, &self.html, &self.write_baseline]
            .into_iter()
            .filter(|path| path.as_deref() == Some(Path::new("-")))
            .count()
    }

    fn expected(&self, path: Option<&Path>) -> Outcome<Baseline> {
        let committed = files::workspace().join("docs/results/baseline.json");
        let path = path.unwrap_or(&committed);
        let text = String::from_utf8(files::read(path)?).map_err(Failure::about(path.display()))?;
        let mut baseline = Baseline::from_json(&text).map_err(Failure::about(path.display()))?;
        if !self.recipes.is_empty() {
            baseline.keep(|vocabulary| {
                let recipe = vocabulary.rsplit_once('-').map_or(vocabulary, |(name, _)| name);
                self.recipes.iter().any(|wanted| wanted == recipe)
            });
        }
        Ok(baseline)
    }

    fn compare(&self, expected: Baseline, all: &[Figures]) -> Outcome {
        let differences = eval::compare(&expected, all, self.tolerance);
        if differences.is_empty() {
            files::note("all counts are those of the baseline");
            return Ok(());
        }
        let rows: Vec<String> = differences.iter().map(ToString::to_string).collect();
        let message =
            format!("{} counts differ from the baseline\n{}", rows.len(), rows.join("\n"));
        Err(Failure::Regression(message))
    }

    fn extent(&self) -> Extent {
        Extent { compressors: !self.quick, passages: self.html.is_some() }
    }

    fn measure_file(&self, vocab: &Path, references: &[(String, Loaded)]) -> Outcome<Figures> {
        let tokenizer = Loaded::open(vocab, self.scheme)?;
        let sources =
            corpus::named(&self.documents, &modality::reader(tokenizer.segmenter()).into())?;
        let name = vocab.file_stem().unwrap_or_default().to_string_lossy();
        measure(&name, &tokenizer, &sources, references, self.extent())
    }

    fn measure_recipes(&self, references: &[(String, Loaded)]) -> Outcome<Vec<Figures>> {
        let recipes = Recipe::named(&self.recipes)?;
        let folder = self.places.corpus()?;
        // What is held against the committed baseline is what this code trains, not what lies about.
        let fresh = (self.check == Some(None) && self.places.out.is_none())
            .then(tempfile::tempdir)
            .transpose()
            .map_err(Failure::about("temporary folder"))?;
        let out = fresh.as_ref().map_or(self.places.out(), |folder| folder.path().to_owned());
        let mut all = Vec::new();
        for recipe in &recipes {
            let made = vocabularies(recipe, &folder, &out)?;
            let sources = sources(recipe, &folder)?;
            for (name, tokenizer) in &made {
                all.push(measure(name, tokenizer, &sources, references, self.extent())?);
            }
        }
        Ok(all)
    }
}

/// The vocabularies of a recipe by name, trained if they are not there.
pub(crate) fn vocabularies(
    recipe: &Recipe,
    corpus: &Path,
    out: &Path,
) -> Outcome<Vec<(String, Loaded)>> {
    let missing = recipe.sizes.iter().any(|&size| !recipe.file(out, size).exists());
    let digest = if missing {
        train::train(recipe, Origin::Corpus(corpus), out, &Running::default())?;
        None
    } else {
        Some(counting::digest(recipe, corpus)?)
    };
    let open = |&size: &u32| {
        let path = recipe.file(out, size);
        let tokenizer = Loaded::open(&path, None)?;
        if digest.is_some_and(|digest| !recipe.made(tokenizer.own(), size, &digest)) {
            return Err(Failure::Wrong(format!(
                "{}: trained on other documents or with other settings; train {} again or give \
                 another --out",
                path.display(),
                recipe.name
            )));
        }
        Ok((format!("{}-{size}", recipe.name), tokenizer))
    };
    recipe.sizes.iter().map(open).collect()
}

/// The documents of a recipe that training has not seen, of which there must be some.
pub(crate) fn sources(recipe: &Recipe, corpus: &Path) -> Outcome<Vec<Source>> {
    let sources = held_out(recipe, corpus)?;
    if sources.is_empty() {
        return Err(Failure::Wrong(format!("{}: no documents are held out", recipe.name)));
    }
    Ok(sources)
}

/// What is measured besides tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// What zstd and xz make of the documents, which takes longer than all the rest.
    pub(crate) compressors: bool,
    /// Pieces of text for a page.
    pub(crate) passages: bool,
}

/// Opens references that are given as NAME=FILE, or NAME=FILE:SCHEME.
pub(crate) fn open_references(
    references: &[String],
    scheme: Option<Scheme>,
) -> Outcome<Vec<(String, Loaded)>> {
    let open = |reference: &String| {
        let (name, file) = reference.split_once('=').ok_or_else(|| {
            Failure::Wrong(format!("--reference {reference}: give it as NAME=FILE"))
        })?;
        let (file, scheme) = match file.rsplit_once(':') {
            Some((file, named)) if file.contains(".tiktoken") => {
                (file, Some(Scheme::named(named)?))
            }
            _ => (file, scheme),
        };
        Ok((name.to_owned(), Loaded::open(Path::new(file), scheme)?))
    };
    references.iter().map(open).collect()
}

/// Measures a tokenizer and references on documents, with the figures of its modality.
pub(crate) fn measure(
    name: &str,
    tokenizer: &Loaded,
    sources: &[Source],
    references: &[(String, Loaded)],
    extent: Extent,
) -> Outcome<Figures> {
    for (name, encoder) in
        references.iter().map(|(name, loaded)| (&**name, loaded)).chain([(name, tokenizer)])
    {
        if encoder.encoder().id_bound() > MOST_IDS {
            let message = "ids go beyond 2^24, too far to be counted one by one";
            return Err(Failure::Wrong(format!("{name}: {message}")));
        }
    }
    let folded: Vec<Folded<'_>> =
        references.iter().map(|(_, reference)| Folded(reference.encoder())).collect();
    let folds = modality::folds_case(tokenizer.segmenter());
    let references: Vec<(String, &dyn Encoder)> = references
        .iter()
        .zip(&folded)
        .map(|((name, reference), folded)| {
            (name.clone(), if folds { folded as &dyn Encoder } else { reference.encoder() })
        })
        .collect();
    let options = Options {
        name: name.to_owned(),
        digest: tokenizer.digest().to_owned(),
        words: modality::reader(tokenizer.segmenter()) == Reader::Text,
        compressors: extent.compressors,
        passage_bytes: if extent.passages { 600 } else { 0 },
    };
    let mut figures = eval::measure(tokenizer.encoder(), sources, &references, &options);
    extra::add(tokenizer, &references, sources, &mut figures)?;
    Ok(figures)
}

/// The documents of a recipe that training has not seen, by source.
pub(crate) fn held_out(recipe: &Recipe, folder: &Path) -> Outcome<Vec<Source>> {
    let selection = recipe.selection(folder)?;
    let (mut sources, mut seen): (Vec<Source>, HashSet<blake3::Hash>) = Default::default();
    for entry in selection.entries().iter().filter(|entry| selection.may_hold_out(entry)) {
        let mut documents = corpus::documents_until_error(entry, &recipe.format())?;
        documents.retain(|document| {
            selection.holds_out(entry, document)
                && (!recipe.deduplicate || seen.insert(blake3::hash(&document.bytes)))
        });
        if documents.is_empty() {
            continue;
        }
        match sources.iter_mut().find(|source| source.name == entry.source()) {
            Some(source) => source.documents.extend(documents),
            None => sources.push(Source { name: entry.source().to_owned(), documents }),
        }
    }
    Ok(sources)
}

/// The day, for the page; no figure depends on it.
pub(crate) fn today() -> String {
    let output = Command::new("date").arg("+%Y-%m-%d").output();
    output.map_or("undated".into(), |date| String::from_utf8_lossy(&date.stdout).trim().into())
}

pub(crate) fn command_line() -> String {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    format!("cargo xtask {}", arguments.join(" "))
}
