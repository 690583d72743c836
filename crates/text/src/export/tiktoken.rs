//! Rank files.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hashbrown::HashSet;
use polytok_core::{Encoding, TokenKind, Vocabulary};

use super::{ExportError, rules::rule};

/// Writes a rank file: for each token but the special ones, its bytes in base64 and its id.
///
/// With the pattern of [`pattern`](super::pattern) and the special tokens of the vocabulary at
/// their ids, tiktoken gives the ids of the vocabulary. It merges by rank: any two neighbors whose
/// bytes together are a token. For merges in the order of ids, each making a token of its own, this
/// is the same as merging by list if every token encodes to itself: as long as both have done the
/// same, what lies between two boundaries is what would be there if it stood alone, so that two
/// neighbors whose bytes are a token are the two that its merge joins. That every token does is
/// checked.
///
/// # Errors
///
/// [`ExportError`] if no pattern cuts as the segmenter does, if there is a second stage or encodings
/// have the fewest tokens, if a token
/// does not encode to itself, or if an added token is the join of two others.
pub fn to_tiktoken(vocabulary: &Vocabulary) -> Result<Vec<u8>, ExportError> {
    rule(&vocabulary.provenance().segmenter)?;
    if vocabulary.second_stage().is_some() {
        return Err(ExportError::TwoStages);
    }
    if vocabulary.provenance().config.encoding == Encoding::Fewest {
        return Err(ExportError::FewestTokens);
    }
    if let Some(&token) = vocabulary.unreachable().first() {
        return Err(ExportError::Unreachable { token });
    }
    let ids = || (0..=u32::MAX).map_while(|id| Some((id, vocabulary.kind(id)?)));
    let ordinary = || ids().filter(|&(_, kind)| kind != TokenKind::Special);
    let bytes = |id| vocabulary.token(id).unwrap_or_default();
    let known: HashSet<&[u8]> = ordinary().map(|(id, _)| bytes(id)).collect();
    let mut file = Vec::new();
    for (id, kind) in ordinary() {
        let token = bytes(id);
        let cut = |at: usize| known.contains(&token[..at]) && known.contains(&token[at..]);
        if kind == TokenKind::Added && (1..token.len()).any(cut) {
            return Err(ExportError::AddedCouldMerge { token: id });
        }
        file.extend_from_slice(STANDARD.encode(token).as_bytes());
        file.extend_from_slice(format!(" {id}\n").as_bytes());
    }
    Ok(file)
}
