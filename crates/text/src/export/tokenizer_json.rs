//! `tokenizer.json`, in both of its versions.

use std::borrow::Cow;

use hashbrown::HashSet;
use polytok_core::{Encoding, Layout, TokenKind, Vocabulary, segments};
use serde::{Serialize, Serializer};

use super::{
    ExportError,
    rules::{Rule, rule},
};
use crate::import::spell;

/// The version of a `tokenizer.json`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Version {
    /// 1.0, for the library up to 0.23.
    #[default]
    V1,
    /// 2.0, for the library from 1.0 on: the form that its converter `tk-convert` (0.1.0-rc.3)
    /// makes of a file of version 1.0. The byte-level alphabet is a property of the model there,
    /// and cutting one of the pre-tokenizer. The reader (1.0.0-rc.3) runs only the patterns that it
    /// has built in, so `cl100k-1` cannot be written; `llama3-1` can.
    V2,
}

/// Writes a `tokenizer.json` with which the library gives the ids of the vocabulary.
///
/// Bytes are spelled with the byte-level alphabet, so that a vocabulary of any data can be written.
/// Special tokens are added tokens of the file: the library finds them in a text, as
/// `encode_with_special` does, unless told not to. The file ends with a line break, and is the same
/// for the same vocabulary.
///
/// # Errors
///
/// [`ExportError`] if no pattern cuts as the segmenter does, if there is a second stage or
/// encodings have the fewest tokens, if there
/// are added tokens and a token does not encode to itself, or if a special token is written like
/// another token or could be made from a text.
pub fn to_tokenizer_json(vocabulary: &Vocabulary, version: Version) -> Result<String, ExportError> {
    let id = &vocabulary.provenance().segmenter;
    let rule = rule(id)?;
    if version == Version::V2 && !rule.built_in {
        return Err(ExportError::Segmenter { id: id.clone() });
    }
    if vocabulary.second_stage().is_some() {
        return Err(ExportError::TwoStages);
    }
    if vocabulary.provenance().config.encoding == Encoding::Fewest {
        return Err(ExportError::FewestTokens);
    }
    let whole = !vocabulary.provenance().config.added.is_empty();
    if whole && let Some(&token) = vocabulary.unreachable().first() {
        return Err(ExportError::Unreachable { token });
    }
    let regex = rule.pattern.map(Split::new);
    let pre_tokenizer = match version {
        // The pre-tokenizer has the pattern of GPT-2 built in.
        Version::V1 if rule.segmenter.id() == "gpt2-1" => {
            Some(Cut::ByteLevel(ByteLevel::new(true)))
        }
        Version::V1 => Some(match regex {
            None => Cut::ByteLevel(ByteLevel::new(false)),
            Some(split) => {
                Cut::Sequence { kind: "Sequence", pretokenizers: (split, ByteLevel::new(false)) }
            }
        }),
        Version::V2 => regex.map(Cut::Split),
    };
    let file = File {
        version: if version == Version::V1 { "1.0" } else { "2.0" },
        truncation: (),
        padding: (),
        added_tokens: vocabulary
            .specials()
            .iter()
            .map(|name| Added::new(vocabulary, name))
            .collect(),
        normalizer: (),
        pre_tokenizer,
        post_processor: (),
        decoder: ByteLevel::new(true),
        model: model(vocabulary, rule, whole, version)?,
    };
    let mut text = serde_json::to_string(&file).expect("the parts are strings and numbers");
    text.push('\n');
    Ok(text)
}

/// The file, in the order in which the library writes it.
#[derive(Serialize)]
struct File<'a> {
    version: &'static str,
    truncation: (),
    padding: (),
    added_tokens: Vec<Added<'a>>,
    normalizer: (),
    pre_tokenizer: Option<Cut>,
    post_processor: (),
    decoder: ByteLevel,
    model: Model<'a>,
}

#[derive(Serialize)]
struct Added<'a> {
    id: Option<u32>,
    content: &'a str,
    single_word: bool,
    lstrip: bool,
    rstrip: bool,
    normalized: bool,
    special: bool,
}

impl<'a> Added<'a> {
    fn new(vocabulary: &Vocabulary, name: &'a str) -> Added<'a> {
        Added {
            id: vocabulary.special(name),
            content: name,
            single_word: false,
            lstrip: false,
            rstrip: false,
            normalized: false,
            special: true,
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Cut {
    ByteLevel(ByteLevel),
    Split(Split),
    Sequence {
        #[serde(rename = "type")]
        kind: &'static str,
        pretokenizers: (Split, ByteLevel),
    },
}

#[derive(Serialize)]
struct ByteLevel {
    #[serde(rename = "type")]
    kind: &'static str,
    add_prefix_space: bool,
    trim_offsets: bool,
    use_regex: bool,
}

impl ByteLevel {
    fn new(use_regex: bool) -> ByteLevel {
        ByteLevel { kind: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex }
    }
}

#[derive(Serialize)]
struct Split {
    #[serde(rename = "type")]
    kind: &'static str,
    pattern: Pattern,
    behavior: &'static str,
    invert: bool,
}

#[derive(Serialize)]
struct Pattern {
    #[serde(rename = "Regex")]
    regex: &'static str,
}

impl Split {
    fn new(regex: &'static str) -> Split {
        Split { kind: "Split", pattern: Pattern { regex }, behavior: "Isolated", invert: false }
    }
}

#[derive(Serialize)]
struct Model<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    dropout: (),
    unk_token: (),
    continuing_subword_prefix: (),
    end_of_word_suffix: (),
    fuse_unk: bool,
    byte_fallback: bool,
    ignore_merges: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_level: Option<bool>,
    vocab: Entries<'a>,
    merges: Vec<(String, String)>,
}

/// Tokens and ids in the order of ids, whatever order maps have.
struct Entries<'a>(Vec<(Cow<'a, str>, u32)>);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(token, id)| (token, id)))
    }
}

fn model<'a>(
    vocabulary: &'a Vocabulary,
    rule: &Rule,
    whole: bool,
    version: Version,
) -> Result<Model<'a>, ExportError> {
    let spelled = |id: u32| -> String {
        vocabulary.token(id).unwrap_or_default().iter().map(|&byte| spell(byte)).collect()
    };
    let specials_first = vocabulary.provenance().config.layout == Layout::SpecialsFirst;
    let mut entries: Vec<(Cow<'a, str>, u32)> = Vec::with_capacity(vocabulary.len());
    let mut names = HashSet::new();
    for (id, kind) in (0..=u32::MAX).map_while(|id| Some((id, vocabulary.kind(id)?))) {
        if kind != TokenKind::Special {
            let token = spelled(id);
            names.insert(token.clone());
            entries.push((Cow::Owned(token), id));
        }
    }
    for name in vocabulary.specials() {
        // The library numbers added tokens from the size of the model on; those that come first
        // have their id only as entries of the model, where a piece that is the name would find it.
        let forged =
            whole && specials_first && segments(rule.segmenter, name.as_bytes()).len() == 1;
        if names.contains(name) || forged {
            return Err(ExportError::Special { name: name.clone() });
        }
        if let Some(id) = vocabulary.special(name).filter(|_| specials_first) {
            entries.push((Cow::Borrowed(name), id));
        }
    }
    entries.sort_unstable_by_key(|&(_, id)| id);
    let training_id = |id: u32| vocabulary.id_of(id).map_or_else(String::new, spelled);
    let merges = vocabulary.merges().iter();
    Ok(Model {
        kind: "BPE",
        dropout: (),
        unk_token: (),
        continuing_subword_prefix: (),
        end_of_word_suffix: (),
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: whole,
        byte_level: (version == Version::V2).then_some(true),
        vocab: Entries(entries),
        merges: merges.map(|&(left, right)| (training_id(left), training_id(right))).collect(),
    })
}
