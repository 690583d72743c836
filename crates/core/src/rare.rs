//! Tokens of few documents.

use crate::{
    prune::Pruned,
    tokenizer::Tokenizer,
    vocabulary::{TokenKind, Vocabulary},
    vocabulary_error::VocabularyError,
};

/// In how many documents tokens occur.
///
/// A document holds a token if its encoding does, or holds one that was merged from it, over any
/// number of steps: so the parts of a token are in at least as many documents as the token.
#[derive(Clone, Debug)]
pub struct DocumentFrequency {
    /// By id; stays at the maximum once there.
    documents: Vec<u32>,
    /// By id: number of the last document that held it, here.
    last: Vec<u64>,
    added: u64,
}

impl DocumentFrequency {
    /// No documents yet.
    pub fn new(vocabulary: &Vocabulary) -> DocumentFrequency {
        let entries = vocabulary.len();
        DocumentFrequency { documents: vec![0; entries], last: vec![0; entries], added: 0 }
    }

    /// Adds a document; costs what encoding it costs, and as much as there are different tokens.
    ///
    /// # Panics
    ///
    /// If the tokenizer has more entries than the vocabulary that this is of.
    pub fn add(&mut self, tokenizer: &Tokenizer, document: &[u8]) {
        let vocabulary = tokenizer.vocabulary();
        self.added += 1;
        let mut held = tokenizer.encode(document);
        while let Some(id) = held.pop() {
            let last = &mut self.last[id as usize];
            if std::mem::replace(last, self.added) == self.added {
                continue;
            }
            let documents = &mut self.documents[id as usize];
            *documents = documents.saturating_add(1);
            if let Some(TokenKind::Merge(merge)) = vocabulary.kind(id) {
                let (left, right) = vocabulary.merges()[merge as usize];
                held.extend([left, right].map(|part| part + vocabulary.shift()));
            }
        }
    }

    /// Adds what was found in other documents with the same vocabulary.
    pub fn merge(&mut self, other: &DocumentFrequency) {
        for (ours, theirs) in self.documents.iter_mut().zip(&other.documents) {
            *ours = ours.saturating_add(*theirs);
        }
    }

    /// By id.
    pub fn documents(&self) -> &[u32] {
        &self.documents
    }
}

/// What was refused of a vocabulary because few documents held it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Refused {
    /// Documents that every token learned is in, at least.
    pub min_documents: u32,
    /// Tokens that were in fewer.
    pub tokens: u32,
}

impl Vocabulary {
    /// Drops the tokens that fewer than `min_documents` documents hold, so that none is left that
    /// only names what stands in one or two of them. Bytes, initial merges, added and special tokens
    /// stay, and a token with a reverse complement stays if that does, with its parts.
    ///
    /// The merges that are left keep their order: what is encoded is the textbook's on a shorter list.
    /// How many were dropped is told by the [provenance](Vocabulary::provenance).
    ///
    /// # Errors
    ///
    /// None that a vocabulary which is there already can cause; frequencies of another one are taken as they
    /// are, by id.
    pub fn refusing(
        &self,
        frequency: &DocumentFrequency,
        min_documents: u32,
    ) -> Result<Pruned, VocabularyError> {
        let initial = self.provenance.config.initial_merges.len();
        let documents = |id: u32| {
            let id = id + self.shift();
            frequency.documents.get(id as usize).copied().unwrap_or_default()
        };
        let mut kept: Vec<bool> = (256..256 + self.merges.len() as u32)
            .map(|id| (id as usize) < 256 + initial || documents(id) >= min_documents)
            .collect();
        // Parts are in at least as many documents. But a complement, which may be in fewer, need not be made
        // of the complements of the parts.
        let mut open: Vec<usize> = (0..kept.len()).filter(|&merge| kept[merge]).collect();
        while let Some(merge) = open.pop() {
            let (left, right) = self.merges[merge];
            let other = self.complement.as_ref().map_or(left, |table| table[256 + merge]);
            for token in [left, right, other] {
                if let Some(merge) = token.checked_sub(256)
                    && !std::mem::replace(&mut kept[merge as usize], true)
                {
                    open.push(merge as usize);
                }
            }
        }
        let mut refused = self.keeping(&kept)?;
        let tokens = kept.iter().filter(|&&kept| !kept).count() as u32;
        refused.vocabulary.provenance.refused = Some(Refused { min_documents, tokens });
        Ok(refused)
    }
}
