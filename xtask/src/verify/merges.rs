//! `verify merges`: the merges of a vocabulary, done over again.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use polytok_core::{
    Digest, MAX_TOTAL_LEN, SegmentCounts, Ties, TokenKind, TrainConfig, Vocabulary, corpus_digest,
    train,
};

use super::{
    replay::{self, Replay},
    rule::{Claim, Rule},
};
use crate::{
    corpus, counting,
    failure::{Failure, Outcome},
    files, load,
    progress::Stage,
    recipe::Recipe,
};

/// Do the merges of a vocabulary over again on the corpus that it was trained on, and check every
/// one of them: that its pair occurs as often as the vocabulary says, and that no other that may be
/// learned comes before it.
///
/// The index shares no code with the trainer. It takes about 30 bytes of memory a byte of the
/// distinct segments. Ends with exit code 1 at the first merge that is wrong.
#[derive(clap::Args, Debug)]
pub(crate) struct Merges {
    /// A `.ptk` file, perhaps compressed (`.zst`).
    vocab: PathBuf,
    /// Folder of the corpus [default: the fixtures].
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// The recipe that names the documents [default: that of the name of the file].
    #[arg(long, value_name = "NAME")]
    recipe: Option<String>,
    /// Check what training with the settings of the vocabulary gives on the first documents of this
    /// many bytes together, not the vocabulary itself: for corpora that are too large.
    #[arg(long, value_name = "N")]
    bytes: Option<usize>,
}

/// What is counted of a corpus.
struct Counted {
    segments: HashMap<Vec<u8>, u64>,
    digest: Digest,
    documents: usize,
    bytes: usize,
    /// The same for the trainer, where a vocabulary is to be trained.
    counts: SegmentCounts,
}

impl Merges {
    pub(crate) fn run(self) -> Outcome {
        let about = self.vocab.display().to_string();
        let (vocabulary, _) = load::vocabulary(&self.vocab)?;
        let corpus = corpus::folder(self.corpus.as_deref())?;
        let recipe = Recipe::load(&match &self.recipe {
            Some(name) => name.clone(),
            None => recipe_name(&self.vocab)?,
        })?;
        let provenance = vocabulary.provenance();
        if provenance.segmenter != recipe.segmenter {
            let (theirs, ours) = (&provenance.segmenter, &recipe.segmenter);
            let message =
                format!("made with segmenter {theirs}; recipe {} has {ours}", recipe.name);
            return Err(Failure::Wrong(format!("{about}: {message}")));
        }
        let counted = count(&recipe, &corpus, self.bytes)?;
        let Counted { digest, documents, bytes, .. } = counted;
        let (vocabulary, name) = match self.bytes {
            None if digest != provenance.corpus => {
                let message = format!(
                    "trained on {} documents of {} bytes that are not the {documents} of {bytes} \
                     bytes that recipe {} finds in {}: the digest of the corpus differs",
                    provenance.documents,
                    provenance.bytes,
                    recipe.name,
                    corpus.display()
                );
                return Err(Failure::Wrong(format!("{about}: {message}")));
            }
            None => (vocabulary, about),
            Some(_) => {
                let config = TrainConfig { added: Vec::new(), ..provenance.config.clone() };
                let trained = train(&counted.counts, &config).map_err(Failure::about(&about))?;
                (trained, format!("trained with the settings of {about}"))
            }
        };
        drop(counted.counts);
        check(&vocabulary, counted.segments).map_err(|message| match message {
            Failure::Regression(message) => Failure::Regression(format!("{name}: {message}")),
            Failure::Wrong(message) => Failure::Wrong(format!("{name}: {message}")),
        })?;
        let merges = vocabulary.merges().len();
        files::print(format!(
            "{name}: {merges} merges are right on {documents} documents of {bytes} bytes\n"
        ))
    }
}

/// `text` for `text-32768.ptk`.
fn recipe_name(path: &Path) -> Outcome<String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.trim_end_matches(".zst").trim_end_matches(".ptk");
    match stem.rsplit_once('-') {
        Some((recipe, size)) if size.parse::<u32>().is_ok() => Ok(recipe.to_owned()),
        _ => Err(Failure::Wrong(format!("{name}: its name tells no recipe; give one by --recipe"))),
    }
}

/// The segments of the documents that training sees, up to so many bytes.
fn count(recipe: &Recipe, corpus: &Path, limit: Option<usize>) -> Outcome<Counted> {
    let segmenter = recipe.segmenter()?;
    let mut counted = Counted {
        segments: HashMap::new(),
        digest: Digest::default(),
        documents: 0,
        bytes: 0,
        counts: SegmentCounts::new(segmenter.id()),
    };
    let (mut digests, mut full) = (Vec::new(), false);
    counting::each_document(recipe, corpus, &mut |document| {
        full |= limit.is_some_and(|limit| counted.bytes + document.len() > limit);
        if full {
            return Ok(());
        }
        counted.bytes += document.len();
        digests.push(*blake3::hash(document).as_bytes());
        segmenter.segment(document, &mut |span, _| {
            *counted.segments.entry(span.of(document).to_vec()).or_default() += 1;
        });
        if limit.is_some() {
            let added = counted.counts.add_document(&*segmenter, document);
            added.map_err(Failure::about(&recipe.name))?;
        }
        Ok(())
    })?;
    counted.documents = digests.len();
    counted.digest = corpus_digest(digests);
    if counted.documents == 0 {
        let message = format!("no documents of recipe {} to train on", recipe.name);
        return Err(Failure::Wrong(format!("{}: {message}", corpus.display())));
    }
    Ok(counted)
}

/// Checks all merges of a vocabulary.
fn check(vocabulary: &Vocabulary, segments: HashMap<Vec<u8>, u64>) -> Outcome {
    if vocabulary.provenance().refused.is_some_and(|refused| refused.tokens > 0) {
        let message =
            "tokens of few documents were refused; what is left is not what training gave";
        return Err(Failure::Wrong(message.to_owned()));
    }
    if vocabulary.second_stage().is_some() {
        let message = "it has a second stage, which is not done over";
        return Err(Failure::Wrong(message.to_owned()));
    }
    let strands = if vocabulary.provenance().config.complement.is_empty() { 1 } else { 2 };
    let length = strands * segments.keys().map(Vec::len).sum::<usize>();
    if length >= u32::MAX as usize {
        let message = format!("its segments have {length} bytes, the limit is 2^32 - 2");
        return Err(Failure::Wrong(message));
    }
    let config = &vocabulary.provenance().config;
    let counts = vocabulary.merge_counts().iter().map(|&count| Some(count));
    let all = vocabulary.merges().iter().zip(counts);
    let claims: Vec<Claim> = all.map(|(&pair, count)| Claim { pair, count }).collect();
    let (initial, learned) = claims.split_at(config.initial_merges.len().min(claims.len()));
    let fixed = |claim: &Claim| (claim.pair, claim.count);
    if !initial.iter().map(fixed).eq(config.initial_merges.iter().map(|&pair| (pair, Some(0)))) {
        let message = "its first merges are not those that its settings fix, with count 0";
        return Err(Failure::Regression(message.to_owned()));
    }
    let rule = Rule {
        runs: config.runs,
        min_count: config.min_count,
        max_token_len: config.max_token_len as usize,
        whole_characters: config.whole_characters,
        bytes: match config.ties {
            Ties::Value => Rule::by_value(),
            Ties::ByteLevel => Rule::by_character(),
        },
        complement: Rule::complement(&config.complement),
    };
    // Nothing depends on their order; but what is told of a failure is to be the same each time.
    let mut segments: Vec<(Vec<u8>, u64)> = segments.into_iter().collect();
    segments.sort_unstable();
    let replay = Replay::new(segments, &config.initial_merges, &rule);
    let fixed = 256 + config.added.len() + config.specials.len();
    let ids = (0..vocabulary.len()).filter_map(|id| u32::try_from(id).ok());
    let ordinary = ids.filter(|&id| vocabulary.kind(id) != Some(TokenKind::Special));
    let total: usize = ordinary.filter_map(|id| Some(vocabulary.token(id)?.len())).sum();
    let room = |next: usize| {
        let entries = fixed + claims.len() + rule.merges_at_once();
        entries <= config.vocabulary_size as usize && total + next <= MAX_TOTAL_LEN
    };
    let stage = Stage::new("verify", "merges");
    let checked = replay::check(replay, learned, room, |done| {
        if done % 256 == 0 {
            stage.set(done as u64, learned.len() as u64);
        }
    });
    stage.finish();
    checked.map_err(|difference| Failure::Regression(difference.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{Origin, train};

    /// What is counted here is what training counts, for text in pieces and for records.
    #[test]
    fn what_recipes_give_is_right_and_what_is_doctored_is_not() {
        let corpus = files::workspace().join("fixtures");
        for name in ["numeric", "genome"] {
            let recipe = Recipe::load(name).unwrap();
            let counted = count(&recipe, &corpus, None).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let vocabulary =
                train(&recipe, Origin::Corpus(&corpus), folder.path(), &Default::default())
                    .unwrap();
            assert_eq!(vocabulary.provenance().corpus, counted.digest);
            check(&vocabulary, counted.segments.clone()).unwrap();

            let mut counts = vocabulary.merge_counts().to_vec();
            let last = counts.len() - 1;
            counts[last] += 1;
            let (provenance, merges) = (vocabulary.provenance(), vocabulary.merges());
            let doctored = Vocabulary::new(provenance.clone(), merges.to_vec(), counts).unwrap();
            let failure = check(&doctored, counted.segments).unwrap_err();
            assert_eq!(failure.exit_code(), 1);
            assert!(failure.to_string().starts_with(&format!("merge {last}, ")), "{failure}");
        }
    }

    #[test]
    fn recipes_are_told_by_names_of_files() {
        assert_eq!(recipe_name(Path::new("a/ocr-4k-4096.ptk")).unwrap(), "ocr-4k");
        assert_eq!(recipe_name(Path::new("text-32768.ptk.zst")).unwrap(), "text");
        assert!(recipe_name(Path::new("mine.ptk")).is_err());
    }
}
