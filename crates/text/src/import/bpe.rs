//! A vocabulary of spelled tokens with a list of merges, made ready to encode.

use std::{borrow::Cow, collections::BTreeMap};

use hashbrown::{HashMap, HashSet};
use polytok_core::{ListedMerge, Merge, MergeTable, Pair, PieceEncoder, PieceMemory};

use super::{
    ImportError,
    alphabet::{Alphabet, Symbols, Unknown, spell},
    model::{AnyMerges, Model, Rule, Whole},
    tokens::{Token, Tokens},
};

/// A BPE model as a file states it.
#[derive(Debug, Default)]
pub(super) struct Bpe {
    pub(super) vocabulary: Vec<(String, u32)>,
    pub(super) merges: Vec<(String, String)>,
    pub(super) unknown: Option<String>,
    pub(super) fuse_unknown: bool,
    pub(super) byte_fallback: bool,
    /// A piece that is a token is taken whole, whatever the merges give.
    pub(super) ignore_merges: bool,
}

/// Added tokens by id, with the text that each stands for.
pub(super) type Added<'a> = BTreeMap<u32, &'a [u8]>;

type Ids<'a> = HashMap<&'a str, u32>;

impl Bpe {
    /// Whether the vocabulary has each of the characters U+0000 to U+00FF by itself and no others.
    pub(super) fn is_latin1(&self) -> bool {
        let mut seen = [false; 256];
        for (token, _) in &self.vocabulary {
            for character in token.chars() {
                let Ok(byte) = u8::try_from(character) else { return false };
                seen[usize::from(byte)] |= token.len() == character.len_utf8();
            }
        }
        seen.iter().all(|&seen| seen)
    }

    /// Builds the tables.
    pub(super) fn build(
        &self,
        alphabet: Alphabet,
        added: &Added<'_>,
    ) -> Result<Model, ImportError> {
        let mut ids: Ids<'_> = HashMap::with_capacity(self.vocabulary.len());
        for (token, id) in &self.vocabulary {
            if token.is_empty() {
                return Err(ImportError::EmptyToken { id: *id });
            }
            if ids.insert(token, *id).is_some() {
                return Err(ImportError::DuplicateToken { id: *id });
            }
        }
        let (symbols, unknown) = self.symbols(alphabet, &ids)?;
        let merges = self.merge_table(&ids)?;
        self.check_placeholders(&unknown, &merges)?;
        let tokens = self.tokens(alphabet, &unknown, added)?;
        let rule = match self.by_bytes(alphabet, &symbols, &merges) {
            Some(rule) => rule,
            None => Rule::Any(self.any_merges(alphabet, symbols, unknown, merges)),
        };
        Ok(Model { tokens, rule })
    }

    /// The encoder of the core, if symbols are bytes and training could have made the merges.
    fn by_bytes(
        &self,
        alphabet: Alphabet,
        symbols: &Symbols,
        merges: &HashMap<Pair, Merge>,
    ) -> Option<Rule> {
        let Symbols::Bytes(symbols) = symbols else { return None };
        let mut bytes = [0; 256];
        for (byte, symbol) in bytes.iter_mut().zip(&**symbols) {
            *byte = (*symbol)?;
        }
        let mut ranked: Vec<(u32, ListedMerge)> = merges
            .iter()
            .map(|(&(left, right), merge)| {
                (merge.rank, ListedMerge { left, right, token: merge.token })
            })
            .collect();
        ranked.sort_unstable_by_key(|&(rank, _)| rank);
        let listed: Vec<ListedMerge> = ranked.into_iter().map(|(_, merge)| merge).collect();
        let spelled: Vec<(Vec<u8>, u32)> = self
            .vocabulary
            .iter()
            .filter(|_| self.ignore_merges)
            .filter_map(|(token, id)| Some((alphabet.bytes_of(token)?, *id)))
            .collect();
        let whole = spelled.iter().map(|(token, id)| (&token[..], *id));
        let encoder = PieceEncoder::new(&bytes, &listed, whole)?;
        Some(Rule::Bytes(encoder))
    }

    /// Merges as they are.
    fn any_merges(
        &self,
        alphabet: Alphabet,
        symbols: Symbols,
        unknown: Unknown,
        merges: HashMap<Pair, Merge>,
    ) -> AnyMerges {
        let (merges, memory) = (MergeTable::new(merges), PieceMemory::new());
        let mut rule = AnyMerges { merges, symbols, unknown, whole: Whole::default(), memory };
        let mut whole = Whole::default();
        let mut encoded = Vec::new();
        for (token, id) in &self.vocabulary {
            let Some(bytes) = alphabet.bytes_of(token) else { continue };
            // Without `ignore_merges`, a token may be taken whole only if merges give it anyway.
            let taken = self.ignore_merges || {
                encoded.clear();
                rule.encode_by_merges(&bytes, &mut encoded);
                encoded == [*id]
            };
            if taken {
                whole.insert(&bytes, *id);
            }
        }
        rule.whole = whole;
        rule
    }

    fn symbols(
        &self,
        alphabet: Alphabet,
        ids: &Ids<'_>,
    ) -> Result<(Symbols, Unknown), ImportError> {
        let symbols = match alphabet {
            Alphabet::Bytes | Alphabet::Latin1 => {
                let mut bytes = Box::new([None; 256]);
                for byte in 0..=255 {
                    let spelled = match alphabet {
                        Alphabet::Latin1 => char::from(byte),
                        _ => spell(byte),
                    };
                    bytes[usize::from(byte)] = ids.get(&*spelled.encode_utf8(&mut [0; 4])).copied();
                }
                Symbols::Bytes(bytes)
            }
            Alphabet::Characters => {
                let single = ids.iter().filter_map(|(token, id)| {
                    let mut characters = token.chars();
                    Some((characters.next()?, *id)).filter(|_| characters.next().is_none())
                });
                Symbols::Characters(single.collect())
            }
        };
        if symbols.is_total() {
            return Ok((symbols, Unknown::Dropped));
        }
        if self.byte_fallback {
            let mut bytes = Box::new([0; 256]);
            let mut found = 0;
            for byte in 0..=255u8 {
                if let Some(&id) = ids.get(&*fallback(byte)) {
                    bytes[usize::from(byte)] = id;
                    found += 1;
                }
            }
            // With some bytes only, the library puts a waiting unknown token behind them; and the
            // bytes of a spelled byte are not those of the text.
            match (found, alphabet) {
                (256, Alphabet::Characters) => return Ok((symbols, Unknown::ByBytes(bytes))),
                (0, _) => {}
                _ => {
                    return Err(ImportError::Unsupported {
                        part: "byte_fallback",
                        found: format!("{found} of 256 bytes"),
                    });
                }
            }
        }
        let unknown = match &self.unknown {
            None => Unknown::Dropped,
            Some(token) => match ids.get(&**token) {
                Some(&id) => Unknown::Token { id, fused: self.fuse_unknown },
                None => {
                    let token = token.clone();
                    return Err(ImportError::UnknownToken { part: "unk_token", token });
                }
            },
        };
        Ok((symbols, unknown))
    }

    /// Merges by pair; the last of several merges of one pair holds, as in the library.
    fn merge_table(&self, ids: &Ids<'_>) -> Result<HashMap<Pair, Merge>, ImportError> {
        let mut table = HashMap::with_capacity(self.merges.len());
        let mut joined = String::new();
        for (index, (left, right)) in self.merges.iter().enumerate() {
            let rank = u32::try_from(index).ok().filter(|&rank| rank < u32::MAX);
            let rank = rank.ok_or(ImportError::TooLarge)?;
            joined.clear();
            joined.push_str(left);
            joined.push_str(right);
            let id = |token: &str| {
                let missing = || ImportError::Merge { index, token: token.to_owned() };
                ids.get(token).copied().ok_or_else(missing)
            };
            table.insert((id(left)?, id(right)?), Merge { rank, token: id(&joined)? });
        }
        Ok(table)
    }

    /// A token that stands for unknown input has one symbol whatever its length, so its length in
    /// symbols must not be needed as part of another token.
    fn check_placeholders(
        &self,
        unknown: &Unknown,
        merges: &HashMap<Pair, Merge>,
    ) -> Result<(), ImportError> {
        let placeholder = |id: u32| match unknown {
            Unknown::Dropped => false,
            Unknown::Token { id: unknown, .. } => *unknown == id,
            Unknown::ByBytes(ids) => ids.contains(&id),
        };
        let used: HashSet<u32> =
            merges.iter().flat_map(|(&(left, right), merge)| [left, right, merge.token]).collect();
        let broken = self.vocabulary.iter().find(|(token, id)| {
            token.chars().nth(1).is_some() && placeholder(*id) && used.contains(id)
        });
        match broken {
            Some((token, _)) => Err(ImportError::MergeOfPlaceholder { token: token.clone() }),
            None => Ok(()),
        }
    }

    fn tokens(
        &self,
        alphabet: Alphabet,
        unknown: &Unknown,
        added: &Added<'_>,
    ) -> Result<Tokens, ImportError> {
        let mut bytes = Vec::with_capacity(self.vocabulary.len() + added.len());
        let mut rest = added.clone();
        for (token, id) in &self.vocabulary {
            let mut width = token.chars().count();
            let mut text = match alphabet.bytes_of(token) {
                Some(bytes) => Cow::Owned(bytes),
                None => Cow::Borrowed(token.as_bytes()),
            };
            match unknown {
                Unknown::Token { id: unknown, .. } if unknown == id => width = 1,
                Unknown::ByBytes(ids) => {
                    if let Some(byte) = ids.iter().position(|byte| byte == id) {
                        (text, width) = (Cow::Owned(vec![byte as u8]), 1);
                    }
                }
                _ => {}
            }
            // An added token is its own text, also where the vocabulary would spell bytes with it.
            if let Some(added) = rest.remove(id) {
                text = Cow::Borrowed(added);
            }
            bytes.push((*id, text, width));
        }
        bytes.extend(rest.into_iter().map(|(id, text)| (id, Cow::Borrowed(text), 1)));
        let tokens: Result<Vec<Token<'_>>, ImportError> = bytes
            .iter()
            .map(|(id, bytes, width)| {
                let width = u32::try_from(*width).map_err(|_| ImportError::TooLarge)?;
                Ok(Token { id: *id, bytes, width })
            })
            .collect();
        Tokens::new(tokens?)
    }
}

/// How a file spells the token of one byte of an unknown character.
fn fallback(byte: u8) -> String {
    format!("<0x{byte:02X}>")
}
