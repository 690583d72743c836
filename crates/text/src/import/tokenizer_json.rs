//! The parts of a `tokenizer.json`.

use std::{collections::BTreeMap, fmt};

use hashbrown::HashMap;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

use super::{
    ImportError, Imported,
    added::{AddedToken, Matcher},
    alphabet::Alphabet,
    bpe::{Added, Bpe},
    normalize::{Form, normalize},
    pre_tokenizer::{normalizer, pre_tokenizer},
};

/// What is needed to tell whether the rest can be read.
#[derive(Deserialize)]
struct Head {
    version: Option<Value>,
    model: ModelHead,
}

#[derive(Deserialize)]
struct ModelHead {
    #[serde(rename = "type")]
    kind: Option<String>,
    merges: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    added_tokens: Vec<FileToken>,
    #[serde(default)]
    normalizer: Value,
    #[serde(default)]
    pre_tokenizer: Value,
    model: FileModel,
}

#[derive(Deserialize)]
struct FileToken {
    id: u32,
    content: String,
    single_word: bool,
    lstrip: bool,
    rstrip: bool,
    normalized: bool,
    special: bool,
}

#[derive(Deserialize)]
struct FileModel {
    dropout: Option<f64>,
    unk_token: Option<String>,
    continuing_subword_prefix: Option<String>,
    end_of_word_suffix: Option<String>,
    fuse_unk: Option<bool>,
    byte_fallback: Option<bool>,
    ignore_merges: Option<bool>,
    /// In files of version 2.0, in place of the pre-tokenizer `ByteLevel`.
    byte_level: Option<bool>,
    vocab: Vocabulary,
    merges: Vec<FileMerge>,
}

/// Entries as they come, so that a token that stands twice is seen.
pub(super) struct Vocabulary(pub(super) Vec<(String, u32)>);

impl<'de> Deserialize<'de> for Vocabulary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Vocabulary, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Vocabulary;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of tokens and ids")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vocabulary, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Vocabulary(entries))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

/// Two tokens, as an array or, in older files, as one string with a space between them.
struct FileMerge(Option<(String, String)>);

impl<'de> Deserialize<'de> for FileMerge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<FileMerge, D::Error> {
        struct Parts;

        impl<'de> Visitor<'de> for Parts {
            type Value = FileMerge;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("two tokens")
            }

            fn visit_str<E: serde::de::Error>(self, line: &str) -> Result<FileMerge, E> {
                // The first line of a file of merges, which some put into the list.
                if line.starts_with("#version") {
                    return Ok(FileMerge(None));
                }
                match merge_of(line) {
                    Some(pair) => Ok(FileMerge(Some(pair))),
                    None => Err(E::custom(format_args!("{line:?} is not two tokens and a space"))),
                }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<FileMerge, A::Error> {
                match (parts.next_element()?, parts.next_element()?, parts.next_element()?) {
                    (Some(left), Some(right), None::<IgnoredAny>) => {
                        Ok(FileMerge(Some((left, right))))
                    }
                    _ => Err(A::Error::custom("a merge is not two tokens")),
                }
            }
        }

        deserializer.deserialize_any(Parts)
    }
}

/// The two tokens of a line; none if there is not exactly one space.
pub(super) fn merge_of(line: &str) -> Option<(String, String)> {
    let (left, right) = line.split_once(' ')?;
    (!right.contains(' ')).then(|| (left.to_owned(), right.to_owned()))
}

pub(super) fn json_error(error: serde_json::Error) -> ImportError {
    ImportError::Json { message: error.to_string() }
}

fn check_head(file: &[u8]) -> Result<(), ImportError> {
    let head: Head = serde_json::from_slice(file).map_err(json_error)?;
    match head.version.as_ref().map(|version| version.as_str().unwrap_or_default()) {
        None | Some("1.0" | "2.0") => {}
        Some(other) => {
            let found = other.to_owned();
            return Err(ImportError::Unsupported { part: "version", found });
        }
    }
    match head.model.kind.as_deref() {
        Some("BPE") => Ok(()),
        // Files from before models had a type.
        None if head.model.merges.is_some() => Ok(()),
        kind => {
            let found = kind.unwrap_or("no type").to_owned();
            Err(ImportError::Unsupported { part: "model", found })
        }
    }
}

impl FileModel {
    fn check(&self) -> Result<(), ImportError> {
        let affix = |part, affix: &Option<String>| match affix {
            Some(affix) if !affix.is_empty() => {
                Err(ImportError::Unsupported { part, found: format!("{affix:?}") })
            }
            _ => Ok(()),
        };
        affix("continuing_subword_prefix", &self.continuing_subword_prefix)?;
        affix("end_of_word_suffix", &self.end_of_word_suffix)?;
        match self.dropout {
            Some(rate) if rate != 0.0 => {
                Err(ImportError::Unsupported { part: "dropout", found: rate.to_string() })
            }
            _ => Ok(()),
        }
    }
}

/// The added tokens with the ids that the library would give them.
fn added_tokens(
    tokens: Vec<FileToken>,
    vocabulary: &[(String, u32)],
) -> Result<Vec<AddedToken>, ImportError> {
    let ids: HashMap<&str, u32> = vocabulary.iter().map(|(token, id)| (&**token, *id)).collect();
    let mut next = u32::try_from(vocabulary.len()).map_err(|_| ImportError::TooLarge)?;
    let mut added: Vec<AddedToken> = Vec::with_capacity(tokens.len());
    let mut seen: HashMap<String, usize> = HashMap::default();
    for token in tokens {
        let FileToken { id, content, single_word, lstrip, rstrip, normalized, special } = token;
        if content.len() > super::tiktoken::MAX_TOKEN_LEN {
            return Err(ImportError::TokenTooLong { id, len: content.len() });
        }
        let token = AddedToken { id, content, single_word, lstrip, rstrip, normalized, special };
        if token.content.is_empty() {
            continue;
        }
        if let Some(&at) = seen.get(&token.content) {
            if added[at] == token {
                continue;
            }
            return Err(ImportError::AddedTwice { text: token.content });
        }
        let expected = match ids.get(&*token.content) {
            Some(&id) => id,
            None => {
                next = next.checked_add(1).ok_or(ImportError::TooLarge)?;
                next - 1
            }
        };
        if token.id != expected {
            let (content, id) = (token.content, token.id);
            return Err(ImportError::AddedId { content, id, expected });
        }
        seen.insert(token.content.clone(), added.len());
        added.push(token);
    }
    Ok(added)
}

/// The tokens to look for before and after normalization.
fn matchers(
    added: Vec<AddedToken>,
    alphabet: Alphabet,
    forms: &[Form],
) -> Result<(Matcher, Matcher), ImportError> {
    let (mut raw, mut normalized) = (Vec::new(), Vec::new());
    for token in added {
        let text = match alphabet {
            Alphabet::Latin1 => match alphabet.bytes_of(&token.content) {
                Some(text) => text,
                // No input has such a character.
                None => continue,
            },
            _ => token.content.clone().into_bytes(),
        };
        if token.normalized {
            let text = normalize(forms, &text).text.into_owned();
            normalized.push((token, text));
        } else {
            raw.push((token, text));
        }
    }
    Ok((Matcher::new(raw)?, Matcher::new(normalized)?))
}

/// Reads a `tokenizer.json`.
pub(super) fn load(file: &[u8]) -> Result<Imported, ImportError> {
    check_head(file)?;
    let file: File = serde_json::from_slice(file).map_err(json_error)?;
    file.model.check()?;
    let forms = normalizer(&file.normalizer)?;
    let mut splitter = pre_tokenizer(&file.pre_tokenizer)?;
    splitter.byte_level |= file.model.byte_level.unwrap_or(false);

    let model = file.model;
    let added = added_tokens(file.added_tokens, &model.vocab.0)?;
    let bpe = Bpe {
        vocabulary: model.vocab.0,
        merges: model.merges.into_iter().filter_map(|merge| merge.0).collect(),
        unknown: model.unk_token,
        fuse_unknown: model.fuse_unk.unwrap_or(false),
        byte_fallback: model.byte_fallback.unwrap_or(false),
        ignore_merges: model.ignore_merges.unwrap_or(false),
    };
    // Binary data decoded as Latin-1 meets no rule about text.
    let plain = forms.is_empty() && splitter.steps.is_empty() && !splitter.prefix_space;
    let alphabet = if splitter.byte_level {
        Alphabet::Bytes
    } else if plain && bpe.is_latin1() {
        Alphabet::Latin1
    } else {
        Alphabet::Characters
    };

    let latin1: BTreeMap<u32, Vec<u8>> = added
        .iter()
        .filter(|_| alphabet == Alphabet::Latin1)
        .filter_map(|token| Some((token.id, alphabet.bytes_of(&token.content)?)))
        .collect();
    let texts: Added<'_> = added
        .iter()
        .map(|token| {
            let text = latin1.get(&token.id).map_or(token.content.as_bytes(), Vec::as_slice);
            (token.id, text)
        })
        .collect();
    let model = bpe.build(alphabet, &texts)?;
    // An added token that the model can make from other bytes has two readings.
    let ambiguous = alphabet == Alphabet::Bytes
        && bpe.vocabulary.iter().any(|(token, id)| {
            texts.contains_key(id)
                && alphabet.bytes_of(token).is_some_and(|bytes| bytes != token.as_bytes())
        });
    let strips = added.iter().any(|token| token.lstrip || token.rstrip);
    let lossless = forms.is_empty()
        && !splitter.prefix_space
        && !splitter.steps.iter().any(|step| step.drops())
        && model.is_total()
        && !strips
        && !ambiguous;
    let (raw, normalized) = matchers(added, alphabet, &forms)?;
    Ok(Imported {
        alphabet,
        model,
        forms,
        steps: splitter.steps,
        prefix_space: splitter.prefix_space,
        raw,
        normalized,
        lossless,
        ranks: false,
    })
}
