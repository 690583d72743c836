//! Model cards: what a shipped vocabulary was made of, how, and what it reaches.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use polytok_core::Provenance;

use crate::{
    eval::{Figures, SourceFigures},
    evaluate,
    failure::Outcome,
    files,
    load::Loaded,
    recipe::Recipe,
};

/// A card that is being filled.
pub(crate) struct Card {
    name: String,
    description: String,
    home: String,
    recipe: String,
    /// What gives the figures.
    command: String,
    bundles: Vec<Bundle>,
    provenance: Option<Provenance>,
    sizes: Vec<Size>,
}

/// A file of the corpus, as its manifest describes it.
struct Bundle {
    path: String,
    source: String,
    licence: String,
    sha256: String,
}

struct Size {
    bytes: usize,
    figures: Figures,
}

impl Card {
    /// A card without figures. What the manifest of the corpus, `MANIFEST.tsv`, says of the files is
    /// taken over.
    pub(crate) fn new(
        recipe: &Recipe,
        command: String,
        corpus: &Path,
        files: BTreeSet<String>,
    ) -> Outcome<Card> {
        Ok(Card {
            name: recipe.name.clone(),
            description: recipe.description.clone(),
            home: recipe.ships_in.clone().unwrap_or_default(),
            recipe: recipe.text()?,
            command,
            bundles: bundles(corpus, files)?,
            provenance: None,
            sizes: Vec::new(),
        })
    }

    /// Adds a vocabulary and its figures.
    pub(crate) fn add(&mut self, tokenizer: &Loaded, bytes: usize, figures: Figures) {
        self.provenance = tokenizer.own().map(|own| own.vocabulary().provenance().clone());
        self.sizes.push(Size { bytes, figures });
    }

    pub(crate) fn to_markdown(&self) -> String {
        let mut card = format!("# {}\n\n{}.\n\n", self.name, capitalized(&self.description));
        let _ = writeln!(
            card,
            "Ships with `polytok-{}` behind the feature `vocab`. The vocabularies are under the \
             licence of the crate; what they were counted on is named below, with its licence.\n",
            self.home
        );
        self.files(&mut card);
        self.training(&mut card);
        self.reached(&mut card);
        self.limits(&mut card);
        self.data(&mut card);
        card
    }

    fn files(&self, card: &mut String) {
        card.push_str("| vocabulary | entries | bytes | blake3 |\n|---|---|---|---|\n");
        for Size { bytes, figures } in &self.sizes {
            let Figures { name, entries, digest, .. } = figures;
            let _ = writeln!(card, "| `{name}.ptk` | {entries} | {bytes} | `{digest}` |");
        }
        card.push('\n');
    }

    fn training(&self, card: &mut String) {
        let _ = write!(
            card,
            "## Training\n\n`cargo xtask ship {} --corpus DIR` makes the same files, bit for bit, \
             from the data below.\n\n",
            self.name
        );
        if let Some(Provenance { corpus, documents, bytes, version, refused, .. }) =
            &self.provenance
        {
            let corpus: String = corpus.iter().map(|byte| format!("{byte:02x}")).collect();
            let _ = write!(
                card,
                "- {documents} documents of {bytes} bytes after near duplicates and the tenth for \
                 evaluation were left out; digest of the corpus `{corpus}`\n- polytok {version}\n"
            );
            if let Some(refused) = refused {
                let _ = writeln!(
                    card,
                    "- every token learned is in at least {} documents; {} tokens in fewer were \
                     refused",
                    refused.min_documents, refused.tokens
                );
            }
        }
        let _ = writeln!(card, "\n```toml\n{}```\n", self.recipe);
    }

    fn reached(&self, card: &mut String) {
        let _ = write!(
            card,
            "## Figures\n\nOn documents that training has not seen: those whose digest is 0 modulo 10, \
             near duplicates left out. {}, `{}`. \"Pooled\" is total bytes over total tokens; the \
             interval resamples documents. Ratios are tokens over tokens of the reference, below 1 \
             where these vocabularies need fewer.\n",
            evaluate::today(),
            self.command
        );
        for Size { figures, .. } in &self.sizes {
            let _ = write!(card, "\n### {}\n\n", figures.name);
            let mut head = "| source | documents | bytes | bytes per token | 95 % |".to_owned();
            let mut rule = "|---|---|---|---|---|".to_owned();
            for reference in &figures.pooled.references {
                let _ = write!(head, " : {} |", reference.name);
                rule.push_str("---|");
            }
            let _ = write!(card, "{head}\n{rule}\n");
            for source in &figures.sources {
                row(card, &source.name, source);
            }
            row(card, "**pooled**", &figures.pooled);
            let _ = write!(
                card,
                "\n{:.1} % of the entries are used here; {} cannot be reached; {} of {} documents and \
                 {} of {} random strings did not come back.\n",
                100.0 * figures.pooled.used_share,
                figures.unreachable,
                figures.pooled.round_trips.failed,
                figures.pooled.round_trips.tried,
                figures.random_round_trips.failed,
                figures.random_round_trips.tried,
            );
            let ratios = figures.extra.iter().map(|(name, value)| (name, format!("{value:.3}")));
            let counts = figures.extra_counts.iter().map(|(name, n)| (name, n.to_string()));
            let extra: Vec<String> =
                ratios.chain(counts).map(|(name, value)| format!("- {name}: {value}")).collect();
            if !extra.is_empty() {
                let _ = write!(card, "\n{}\n", extra.join("\n"));
            }
        }
        card.push('\n');
    }

    fn limits(&self, card: &mut String) {
        let few = self.sizes.last().map_or(0, |size| {
            size.figures.sources.iter().filter(|source| source.documents < 5).count()
        });
        let _ = writeln!(
            card,
            "## Limits\n\nThe documents for evaluation are of the same sources as those of training; \
             other data gives other figures. Of {few} sources there are fewer than five such documents, \
             so their figures say little. Tokens are frequent byte strings: a vocabulary says what is \
             common in its corpus, not what is right, and names that many documents hold are among them.\n"
        );
    }

    fn data(&self, card: &mut String) {
        card.push_str("## Data\n\n| file | source | licence | sha256 of the contents |\n");
        card.push_str("|---|---|---|---|\n");
        for Bundle { path, source, licence, sha256 } in &self.bundles {
            let _ = writeln!(card, "| {path} | {source} | {licence} | `{sha256}` |");
        }
    }
}

fn row(card: &mut String, name: &str, source: &SourceFigures) {
    let interval = source.bytes_per_token;
    let (estimate, range) = interval.map_or(Default::default(), |interval| {
        let range = format!("{:.2}–{:.2}", interval.low, interval.high);
        (format!("{:.3}", interval.estimate), range)
    });
    let _ =
        write!(card, "| {name} | {} | {} | {estimate} | {range} |", source.documents, source.bytes);
    for reference in &source.references {
        let ratio = reference.ratio.map_or(String::new(), |ratio| format!("{:.3}", ratio.estimate));
        let _ = write!(card, " {ratio} |");
    }
    card.push('\n');
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The rows of the manifest about these files; a file without a row is named alone.
fn bundles(corpus: &Path, names: BTreeSet<String>) -> Outcome<Vec<Bundle>> {
    let manifest = corpus.join("MANIFEST.tsv");
    let text = if manifest.exists() { files::read(&manifest)? } else { Vec::new() };
    let text = String::from_utf8_lossy(&text);
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let column = |name: &str| head.iter().position(|head| head.starts_with(name));
    let columns = ["path", "source", "licence", "sha256"].map(column);
    let rows: Vec<[String; 4]> = lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            columns.map(|column| {
                let cell = column.and_then(|column| cells.get(column)).copied().unwrap_or_default();
                cell.replace('|', "\\|")
            })
        })
        .collect();
    let bundle = |path: String| {
        let row = rows.iter().find(|row| row[0] == path).cloned().unwrap_or_default();
        let [_, source, licence, sha256] = row;
        Bundle { path, source, licence, sha256 }
    };
    Ok(names.into_iter().map(bundle).collect())
}
