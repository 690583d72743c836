//! `inspect`: a vocabulary as text.

use std::path::PathBuf;

use polytok_core::{TokenKind, Vocabulary};

use crate::{failure::Outcome, files, load};

/// Show where a vocabulary comes from, its longest tokens, and with --all every entry.
#[derive(clap::Args, Debug)]
pub(crate) struct Inspect {
    /// A .ptk file.
    file: PathBuf,
    /// How many of the longest tokens are shown.
    #[arg(long, default_value_t = 20, value_name = "N")]
    longest: usize,
    /// Show every entry: id, kind, count of its merge, bytes.
    #[arg(long)]
    all: bool,
}

impl Inspect {
    pub(crate) fn run(self) -> Outcome {
        let (vocabulary, file_bytes) = load::vocabulary(&self.file)?;
        let mut text = describe(&vocabulary, file_bytes);
        let mut tokens: Vec<(u32, &[u8])> =
            ids(&vocabulary).filter_map(|id| Some((id, vocabulary.token(id)?))).collect();
        if self.all {
            text.push('\n');
            for &(id, token) in &tokens {
                let kind = kind(&vocabulary, id);
                text += &format!("{id:>7} {kind:<16} {}\n", token.escape_ascii());
            }
            return files::print(text);
        }
        text += "\nlongest tokens\n";
        tokens.sort_by_key(|&(id, token)| (std::cmp::Reverse(token.len()), id));
        for &(id, token) in tokens.iter().take(self.longest) {
            text += &format!("{id:>7} {:>5} bytes  {}\n", token.len(), shown(token));
        }
        files::print(text)
    }
}

fn ids(vocabulary: &Vocabulary) -> impl Iterator<Item = u32> {
    (0..vocabulary.len()).filter_map(|id| u32::try_from(id).ok())
}

fn kind(vocabulary: &Vocabulary, id: u32) -> String {
    match vocabulary.kind(id) {
        Some(TokenKind::Byte) => "byte".into(),
        Some(TokenKind::Merge(merge)) => {
            format!("merge of {}", vocabulary.merge_counts()[merge as usize])
        }
        Some(TokenKind::Added) => "added".into(),
        Some(TokenKind::Special) => "special".into(),
        None => String::new(),
    }
}

/// A token as text if it is text, in hexadecimal otherwise, cut at 72 characters.
fn shown(token: &[u8]) -> String {
    let full = match std::str::from_utf8(token) {
        Ok(text) => format!("{text:?}"),
        Err(_) => token.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    let cut: String = full.chars().take(72).collect();
    if cut == full { cut } else { cut + "…" }
}

fn describe(vocabulary: &Vocabulary, file_bytes: usize) -> String {
    let provenance = vocabulary.provenance();
    let config = &provenance.config;
    let digest: String = provenance.corpus.iter().map(|byte| format!("{byte:02x}")).collect();
    let unreachable = vocabulary.unreachable();
    let mut rows = vec![
        ("entries", vocabulary.len().to_string()),
        ("merges", vocabulary.merges().len().to_string()),
        ("added", config.added.len().to_string()),
        ("specials", config.specials.join(" ")),
        ("layout", format!("{:?}", config.layout)),
        ("segmenter", provenance.segmenter.clone()),
        ("documents", provenance.documents.to_string()),
        ("corpus bytes", provenance.bytes.to_string()),
        ("corpus", digest),
        ("version", provenance.version.clone()),
        ("asked for", config.vocabulary_size.to_string()),
        ("minimal count", config.min_count.to_string()),
        ("longest token", config.max_token_len.to_string()),
        ("runs", format!("{:?}", config.runs)),
        ("characters", if config.whole_characters { "whole" } else { "may be cut" }.to_owned()),
        ("encoding", format!("{:?}", config.encoding)),
        ("fixed merges", config.initial_merges.len().to_string()),
        ("unreachable", unreachable.len().to_string()),
        ("file bytes", file_bytes.to_string()),
    ];
    if let Some(stage) = vocabulary.second_stage() {
        rows.push(("second stage", format!("from merge {stage}")));
    }
    rows.iter().map(|(name, value)| format!("{name:<14} {value}\n")).collect()
}
