//! `verify encode`: ids of public vocabularies beside those of tiktoken.

use std::{
    fs,
    path::{Path, PathBuf},
};

use polytok_text::import::Imported;
use rayon::prelude::*;
use tiktoken_rs::CoreBPE;

use crate::{
    corpus::{self, Entry, Reader},
    failure::{Failure, Outcome},
    files,
    load::{self, Scheme},
    progress::Stage,
};

/// Compare the ids of r50k, cl100k and o200k with those of tiktoken-rs over a corpus, and decode
/// them back.
///
/// Bytes are taken of all files alike, and more of the large ones where small ones end early.
/// Documents that are not UTF-8 are left out, since tiktoken takes strings alone. Ends with exit
/// code 1 at the first difference.
#[derive(clap::Args, Debug)]
pub(crate) struct Encode {
    /// Folder of the corpus [default: the fixtures].
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Folder with `r50k_base.tiktoken`, `cl100k_base.tiktoken` and `o200k_base.tiktoken`, or
    /// `openai/` with them, perhaps compressed (`.zst`).
    #[arg(long, value_name = "DIR")]
    vocabularies: PathBuf,
    /// Bytes to compare with each vocabulary.
    #[arg(long, default_value_t = 120_000_000, value_name = "N")]
    bytes: usize,
}

/// Longer documents are cut: both sides get the same strings, and a difference is found sooner.
const LONGEST: usize = 1 << 20;

/// Bytes shown on either side of a difference.
const AROUND: usize = 60;

/// One vocabulary, read by both.
struct Pair {
    name: &'static str,
    ours: Imported,
    theirs: &'static CoreBPE,
}

impl Encode {
    pub(crate) fn run(self) -> Outcome {
        let corpus = self.corpus.unwrap_or_else(|| files::workspace().join("fixtures"));
        let pairs = pairs(&self.vocabularies)?;
        let entries = entries(&corpus)?;
        let stage = Stage::new("verify", "bytes");
        let (mut left, mut documents, mut tokens) = (self.bytes, 0, vec![0; pairs.len()]);
        let mut files_used = 0;
        for (done, entry) in entries.iter().enumerate() {
            let texts = texts(entry, left / (entries.len() - done))?;
            files_used += usize::from(!texts.is_empty());
            for (pair, tokens) in pairs.iter().zip(&mut tokens) {
                let found: Outcome<Vec<usize>> =
                    texts.par_iter().map(|text| pair.compare(&entry.name, text)).collect();
                *tokens += found?.iter().sum::<usize>();
            }
            documents += texts.len();
            left -= texts.iter().map(String::len).sum::<usize>();
            stage.set((self.bytes - left) as u64, self.bytes as u64);
        }
        stage.finish();
        let bytes = self.bytes - left;
        if bytes == 0 {
            return Err(Failure::Wrong(format!("{}: no text in it", corpus.display())));
        }
        for (pair, tokens) in pairs.iter().zip(tokens) {
            files::print(format!(
                "{}: {bytes} bytes of {documents} texts from {files_used} files: {tokens} equal ids\n",
                pair.name
            ))?;
        }
        Ok(())
    }
}

fn pairs(vocabularies: &Path) -> Outcome<Vec<Pair>> {
    let pair = |(name, scheme, theirs)| {
        Ok(Pair { name, ours: load::published(vocabularies, name, scheme)?, theirs })
    };
    [
        ("r50k", Scheme::Gpt2, tiktoken_rs::r50k_base_singleton()),
        ("cl100k", Scheme::Cl100k, tiktoken_rs::cl100k_base_singleton()),
        ("o200k", Scheme::O200k, tiktoken_rs::o200k_base_singleton()),
    ]
    .into_iter()
    .map(pair)
    .collect()
}

/// The files that may hold text, the smallest first: those behind make up for what they lack.
fn entries(corpus: &Path) -> Outcome<Vec<Entry>> {
    let excluded = ["binary/*", "reference/*", "vocabulary/*"].map(str::to_owned);
    let mut entries = corpus::entries(corpus, &["*/*".to_owned()], &excluded)?;
    entries.sort_by_cached_key(|entry| {
        (fs::metadata(&entry.path).map_or(0, |data| data.len()), entry.name.clone())
    });
    Ok(entries)
}

/// Texts of a file, of up to `bytes` together.
fn texts(entry: &Entry, mut bytes: usize) -> Outcome<Vec<String>> {
    let mut texts = Vec::new();
    for document in corpus::documents_until_error(entry, &Reader::Text.into())? {
        let Ok(document) = String::from_utf8(document.bytes) else { continue };
        let mut rest = &document[..];
        while !rest.is_empty() {
            let end = rest.floor_char_boundary(LONGEST.min(bytes));
            if end == 0 {
                return Ok(texts);
            }
            let (text, behind) = rest.split_at(end);
            texts.push(text.to_owned());
            bytes -= end;
            rest = behind;
        }
    }
    Ok(texts)
}

impl Pair {
    /// The number of ids of a text, if they are equal.
    fn compare(&self, file: &str, text: &str) -> Outcome<usize> {
        let (ours, theirs) = (self.ours.encode(text.as_bytes()), self.theirs.encode_ordinary(text));
        let wrong = |what: &str, at: usize| {
            let start = text.floor_char_boundary(at.saturating_sub(AROUND));
            let end = text.ceil_char_boundary((at + AROUND).min(text.len()));
            let around = &text[start..end];
            let message = format!("{}: {file}: {what}, byte {at} of {around:?}", self.name);
            Failure::Regression(message)
        };
        if ours != theirs {
            let equal = ours.iter().zip(&theirs).take_while(|(ours, theirs)| ours == theirs);
            let same = equal.count();
            let before = &ours[..same];
            let at = before.iter().filter_map(|&id| self.ours.token(id)).map(<[u8]>::len).sum();
            let shown = |ids: &[u32]| format!("{:?}", &ids[same..ids.len().min(same + 5)]);
            let what = format!("ids {}, tiktoken {}", shown(&ours), shown(&theirs));
            return Err(wrong(&what, at));
        }
        match self.ours.decode(&ours) {
            Ok(bytes) if bytes == text.as_bytes() => Ok(ours.len()),
            _ => Err(wrong("ids decode to something else", 0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vocabulary of bytes alone is no public one: the difference is shown, with its place.
    #[test]
    fn a_difference_is_a_failure_that_shows_where() {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let line = |byte: u8| format!("{} {byte}\n", STANDARD.encode([byte]));
        let file: String = (0..=255).map(line).collect();
        let scheme = polytok_text::import::Scheme::Gpt2;
        let ours = Imported::from_tiktoken(file.as_bytes(), scheme, &[]).unwrap();
        let pair = Pair { name: "bytes", ours, theirs: tiktoken_rs::r50k_base_singleton() };
        let failure = pair.compare("a file", "some text").unwrap_err();
        assert_eq!(failure.exit_code(), 1);
        assert!(failure.to_string().starts_with("bytes: a file: ids [115, 111,"), "{failure}");
    }

    #[test]
    fn texts_of_the_fixtures_are_found_within_the_bytes() {
        let entries = entries(&files::workspace().join("fixtures")).unwrap();
        let found: Vec<usize> = entries
            .iter()
            .map(|entry| texts(entry, 1000).unwrap().iter().map(String::len).sum())
            .collect();
        assert!(found.iter().all(|&bytes| bytes <= 1000));
        assert!(found.iter().sum::<usize>() > 10_000);
    }
}
