//! Smaller vocabularies from larger ones.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::{
    config::TrainConfig,
    segment::{Boundary, Span},
    stretch::Stretch,
    tokenizer::Tokenizer,
    vocabulary::{TokenKind, Vocabulary},
    vocabulary_error::VocabularyError,
};

/// A vocabulary made from another, and what became of the ids.
#[derive(Clone, Debug)]
pub struct Pruned {
    /// The vocabulary.
    pub vocabulary: Vocabulary,
    /// By old id: the new id, if the token was kept.
    pub ids: Vec<Option<u32>>,
}

impl Pruned {
    /// The new ids that stand for a token that is no more: the encoding of its bytes as a segment,
    /// such that an embedding can begin as the mean of those.
    ///
    /// Empty for an id that there was not.
    pub fn parts(&self, old: &Vocabulary, id: u32) -> Vec<u32> {
        let Some(bytes) = old.token(id) else { return Vec::new() };
        let mut ids = Vec::new();
        self.vocabulary.with_memory(|memory| {
            let (mut stretch, span) =
                (Stretch::new(&self.vocabulary, 0), Span::new(0, bytes.len()));
            stretch.push(bytes, span, Boundary::Hard, memory, &mut ids);
        });
        ids
    }
}

impl Vocabulary {
    /// Drops the merges that are used least, until there are `size` entries.
    ///
    /// `uses` tells by id how often a token is used, as by [`Tokenizer::uses`]. Again and again the
    /// least used of the tokens that are part of no merge goes, of equally used ones that with the
    /// highest id; uses are not counted anew in between. Merges that are used `enough` times are kept
    /// even if there are more than `size` then; others are dropped only as far as `size` asks. Bytes,
    /// initial merges, added and special tokens are kept, and a token with a reverse complement goes
    /// with that.
    ///
    /// The merges that are left keep their order, so what is encoded is the textbook's on a shorter
    /// list. Every byte string still has an encoding. Costs O(n log n) in the entries.
    ///
    /// # Errors
    ///
    /// [`VocabularyError::TooSmall`] if not even what is always kept has room.
    pub fn pruned(&self, size: u32, uses: &[u64], enough: u64) -> Result<Pruned, VocabularyError> {
        let merges = self.merges();
        let initial = self.provenance().config.initial_merges.len();
        let needed = self.len() - merges.len() + initial;
        if (size as usize) < needed {
            return Err(VocabularyError::TooSmall { needed });
        }
        let complement = |merge: usize| {
            let other = self.complement.as_ref().map(|table| table[256 + merge]);
            other.and_then(|id| id.checked_sub(256)).map_or(merge, |other| other as usize)
        };
        let used = |merge: usize| {
            let of = |merge: usize| {
                let id = self.id_of(256 + merge as u32).unwrap_or_default();
                uses.get(id as usize).copied().unwrap_or_default()
            };
            let other = complement(merge);
            if other == merge { of(merge) } else { of(merge).saturating_add(of(other)) }
        };
        // In how many kept merges a token is.
        let mut parts = vec![0u32; 256 + merges.len()];
        for &(left, right) in merges {
            parts[left as usize] += 1;
            parts[right as usize] += 1;
        }
        let mut kept = vec![true; merges.len()];
        let mut entries = self.len();
        let is_leaf = |parts: &[u32], merge: usize| {
            let other = complement(merge);
            merge.min(other) >= initial && parts[256 + merge] == 0 && parts[256 + other] == 0
        };
        let mut leaves: BinaryHeap<Reverse<(u64, Reverse<usize>)>> = (0..merges.len())
            .filter(|&merge| is_leaf(&parts, merge))
            .map(|merge| Reverse((used(merge), Reverse(merge))))
            .collect();
        while entries > size as usize {
            let Some(Reverse((uses, Reverse(merge)))) = leaves.pop() else { break };
            if uses >= enough {
                break;
            }
            // Of a pair of complements the second has gone with the first.
            for merge in [merge, complement(merge)] {
                if !std::mem::replace(&mut kept[merge], false) {
                    continue;
                }
                entries -= 1;
                let (left, right) = merges[merge];
                for part in [left, right] {
                    parts[part as usize] -= 1;
                    if part >= 256 && is_leaf(&parts, part as usize - 256) {
                        let part = part as usize - 256;
                        leaves.push(Reverse((used(part), Reverse(part))));
                    }
                }
            }
        }
        self.keeping(&kept)
    }

    /// The vocabulary with these of its merges, of which no part is missing.
    pub(crate) fn keeping(&self, kept: &[bool]) -> Result<Pruned, VocabularyError> {
        // Training ids of what is kept.
        let mut training: Vec<Option<u32>> = (0..256).map(Some).collect();
        let mut next = 256;
        for &kept in kept {
            training.push(kept.then_some(next));
            next += u32::from(kept);
        }
        let new = |id: u32| training[id as usize];
        let all = || self.merges().iter().zip(kept).filter(|&(_, &kept)| kept);
        let merges = all().filter_map(|(&(l, r), _)| Some((new(l)?, new(r)?))).collect();
        let counts = self.merge_counts().iter().zip(kept).filter(|&(_, &kept)| kept);
        let counts = counts.map(|(&count, _)| count).collect();
        let stage = self
            .second_stage()
            .map(|stage| kept[..stage as usize].iter().filter(|&&kept| kept).count() as u32);
        let mut provenance = self.provenance().clone();
        let dropped = kept.iter().filter(|&&kept| !kept).count();
        provenance.config.vocabulary_size = (self.len() - dropped) as u32;
        let vocabulary = Vocabulary::with_stages(provenance, merges, counts, stage)?;
        let ids = self.ids_in(&vocabulary, |merge| training[256 + merge as usize]);
        Ok(Pruned { vocabulary, ids })
    }

    /// By id: the id of the same token in a vocabulary with the same bytes, added and special tokens,
    /// if it has it; `merge` gives the training id there of a merge.
    pub(crate) fn ids_in(
        &self,
        other: &Vocabulary,
        merge: impl Fn(u32) -> Option<u32>,
    ) -> Vec<Option<u32>> {
        let learned = |vocabulary: &Vocabulary| 256 + vocabulary.merges().len() as u32;
        (0..self.len() as u32)
            .map(|id| match self.kind(id)? {
                TokenKind::Special => {
                    let index = (id - self.first_special()) as usize;
                    other.special(self.specials().get(index)?)
                }
                TokenKind::Byte => other.id_of(id - self.shift()),
                TokenKind::Merge(index) => other.id_of(merge(index)?),
                TokenKind::Added => other.id_of(learned(other) + id - self.shift() - learned(self)),
            })
            .collect()
    }

    /// Settings that train a vocabulary of `size` entries with the same merges in front: to be used
    /// with counts of the same segmenter, of the same or another corpus.
    ///
    /// None for a vocabulary with a second stage, behind which no merge can be learned as if it had
    /// been there.
    pub fn extension(&self, size: u32) -> Option<TrainConfig> {
        if self.second_stage.is_some() {
            return None;
        }
        Some(TrainConfig {
            vocabulary_size: size,
            initial_merges: self.merges().to_vec(),
            ..self.provenance().config.clone()
        })
    }

    /// By id: the id of the same token in a vocabulary whose first merges are those of this.
    ///
    /// Special tokens move if they stand last, and added ones always.
    pub fn ids_in_extension(&self, extended: &Vocabulary) -> Vec<Option<u32>> {
        self.ids_in(extended, |merge| Some(256 + merge))
    }
}

impl Tokenizer {
    /// Adds how often each token is used in a document, by id.
    ///
    /// # Panics
    ///
    /// If `uses` is shorter than the vocabulary.
    pub fn uses(&self, document: &[u8], uses: &mut [u64]) {
        for id in self.encode(document) {
            uses[id as usize] += 1;
        }
    }
}
