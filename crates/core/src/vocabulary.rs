//! A vocabulary: tokens, the merges that make them, and where they come from.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::{
    across::Across,
    complement::Complement,
    config::{Encoding, Layout, TrainConfig},
    merge::Pair,
    pieces::{Ids, Pieces},
    provenance::Provenance,
    spelling::Spelling,
    token_bytes::{TokenBytes, TooLong},
    token_row::TokenRow,
    vocabulary_error::VocabularyError,
};

/// No token has more bytes than this.
///
/// Doubling merges would otherwise turn a file of some hundred bytes into gigabytes of tokens.
pub const MAX_TOKEN_LEN: u32 = 65_535;

/// All tokens of a vocabulary together have no more bytes than this.
pub const MAX_TOTAL_LEN: usize = 1 << 28;

/// There are no more merges than this, so that what is written can be read within the limits of the
/// file.
pub const MAX_MERGES: usize = 1 << 23;

/// There are no more special tokens than this.
pub const MAX_SPECIALS: usize = 1 << 16;

/// No name of a special token has more bytes than this: names are looked for in texts, and one that
/// nearly matches costs its length at every place.
pub const MAX_SPECIAL_LEN: usize = 1024;

/// What kind of entry an id names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenKind {
    /// One of the 256 bytes.
    Byte,
    /// The product of the merge with this index.
    Merge(u32),
    /// A token that stands for a whole segment.
    Added,
    /// A special token.
    Special,
}

/// Ids and what they stand for.
///
/// Training ids are fixed: a byte has its value, merge `i` has `256 + i`, then come the added tokens
/// in their order. Ids are training ids, moved up by the number of special tokens where those come
/// first; see [`Layout`].
///
/// Every byte string can be encoded, since all 256 bytes are entries.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    pub(crate) provenance: Provenance,
    pub(crate) merges: Vec<Pair>,
    pub(crate) counts: Vec<u64>,
    /// Merges from this index on may cross soft boundaries.
    pub(crate) second_stage: Option<u32>,
    /// Training id of each token's reverse complement, for all bytes and merges.
    pub(crate) complement: Option<Vec<u32>>,
    /// The bytes of all tokens but the special ones, and the merges of the first stage with added
    /// tokens as pieces taken whole; all merges, if encodings have the fewest tokens.
    pub(crate) pieces: Arc<Pieces>,
    /// The merges of the second stage, if encodings are what merges give.
    pub(crate) across: Option<Across>,
}

impl Vocabulary {
    /// Builds a vocabulary from merges in training ids and how often each was counted.
    ///
    /// Added and special tokens and the layout are those of the provenance's configuration.
    ///
    /// # Errors
    ///
    /// [`VocabularyError`] if a merge names a token that comes later, repeats a pair, or makes a
    /// token that is too long or exists already, if an added token is empty, too long or repeated,
    /// if a special token is empty or repeated, or if complements are asked for and a byte or merge
    /// has not one.
    pub fn new(
        provenance: Provenance,
        merges: Vec<Pair>,
        counts: Vec<u64>,
    ) -> Result<Vocabulary, VocabularyError> {
        Vocabulary::with_stages(provenance, merges, counts, None)
    }

    /// Builds a vocabulary whose merges from `second_stage` on may cross soft boundaries.
    ///
    /// # Errors
    ///
    /// As [`new`](Vocabulary::new); also if the stage begins behind the last merge.
    pub fn with_stages(
        provenance: Provenance,
        merges: Vec<Pair>,
        counts: Vec<u64>,
        second_stage: Option<u32>,
    ) -> Result<Vocabulary, VocabularyError> {
        let n_learned = 256 + merges.len();
        if merges.len() > MAX_MERGES
            || n_learned + provenance.config.added.len() + provenance.config.specials.len()
                >= 1 << 31
        {
            return Err(VocabularyError::TooLarge);
        }
        if counts.len() != merges.len() {
            return Err(VocabularyError::CountsMissing);
        }
        if second_stage.is_some_and(|stage| stage as usize > merges.len()) {
            return Err(VocabularyError::StageOutOfRange);
        }
        let encoding = provenance.config.encoding;
        let too_long = |token: u32| {
            move |too_long| match too_long {
                TooLong::Token => VocabularyError::TokenTooLong { token },
                TooLong::All => VocabularyError::TooLarge,
            }
        };
        let mut tokens = TokenBytes::with_room(merges.len());
        for (&(left, right), index) in merges.iter().zip(0u32..) {
            let id = 256 + index;
            if left >= id || right >= id {
                return Err(VocabularyError::MergeOfLaterToken { merge: index });
            }
            tokens.join(left, right).map_err(too_long(id))?;
        }
        let shift = shift(&provenance.config);
        let mut added = HashMap::new();
        for (bytes, id) in provenance.config.added.iter().zip(offset(n_learned)..) {
            if bytes.is_empty() {
                return Err(VocabularyError::TokenTooLong { token: id });
            }
            tokens.push(bytes).map_err(too_long(id))?;
            added.insert(bytes.as_slice().into(), id + shift);
        }
        let mut names: Vec<&str> = provenance.config.specials.iter().map(String::as_str).collect();
        names.sort_unstable();
        if names.len() > MAX_SPECIALS
            || names.iter().any(|name| name.is_empty() || name.len() > MAX_SPECIAL_LEN)
            || names.windows(2).any(|pair| pair[0] == pair[1])
        {
            return Err(VocabularyError::BadSpecial);
        }
        let applied = second_stage.filter(|_| encoding == Encoding::Merges);
        let stage = applied.map_or(merges.len(), |stage| stage as usize);
        let across = applied.map(|_| {
            let second = merges[stage..].iter().map(|&(left, right)| (left + shift, right + shift));
            Across::new(&second.collect::<Vec<Pair>>(), offset(256 + stage) + shift)
        });
        let ids = Ids::Shift(shift);
        let mut pieces = match encoding {
            Encoding::Merges => Pieces::new(&merges[..stage], tokens, ids),
            Encoding::Fewest => Pieces::by_fewest(offset(n_learned), tokens, ids),
        };
        let spelling = Spelling::new(pieces.search(), &pieces.tokens)
            .map_err(|(first, second)| VocabularyError::DuplicateToken { first, second })?;
        let complement = Complement::new(&provenance.config.complement)?
            .map(|complement| complements(&complement, &merges, &pieces, &spelling))
            .transpose()?;
        pieces.set_whole(added);
        Ok(Vocabulary {
            merges,
            counts,
            second_stage,
            complement,
            pieces: Arc::new(pieces),
            across,
            provenance,
        })
    }

    /// The same vocabulary with further added tokens behind those there are.
    ///
    /// # Errors
    ///
    /// As [`new`](Vocabulary::new), if one of them is empty, too long or there already.
    pub fn with_added(&self, tokens: Vec<Vec<u8>>) -> Result<Vocabulary, VocabularyError> {
        self.with_config(|config| config.added.extend(tokens))
    }

    /// The same vocabulary with another rule for what an encoding is.
    ///
    /// Tokens and ids stay; what was counted of encodings, such as
    /// [refused](Provenance::refused) tokens, is that of the rule it was trained with.
    ///
    /// # Errors
    ///
    /// None that a vocabulary which is there already can cause.
    pub fn encoded_by(&self, encoding: Encoding) -> Result<Vocabulary, VocabularyError> {
        self.with_config(|config| config.encoding = encoding)
    }

    /// The same merges with other settings.
    fn with_config(
        &self,
        change: impl FnOnce(&mut TrainConfig),
    ) -> Result<Vocabulary, VocabularyError> {
        let mut provenance = self.provenance.clone();
        change(&mut provenance.config);
        let (merges, counts) = (self.merges.clone(), self.counts.clone());
        Vocabulary::with_stages(provenance, merges, counts, self.second_stage)
    }

    /// The same vocabulary with its first merges only, so that `size` entries are left.
    ///
    /// Tokens keep their training ids: vocabularies of several sizes nest.
    ///
    /// # Errors
    ///
    /// [`VocabularyError::TooSmall`] if `size` leaves no room for the entries that are not merges and
    /// for the merges fixed before learning.
    pub fn shortened(&self, size: u32) -> Result<Vocabulary, VocabularyError> {
        let fixed = self.len() - self.merges.len();
        let needed = fixed + self.provenance.config.initial_merges.len();
        if (size as usize) < needed {
            return Err(VocabularyError::TooSmall { needed });
        }
        let room = size as usize - fixed;
        let mut keep = room.min(self.merges.len());
        if let Some(table) = &self.complement {
            // As in training: as long as there is room for a token and its complement.
            keep = self.provenance.config.initial_merges.len();
            while keep < self.merges.len() && keep + 2 <= room {
                keep += if table[256 + keep] as usize == 256 + keep { 1 } else { 2 };
            }
        }
        let mut provenance = self.provenance.clone();
        provenance.config.vocabulary_size = size;
        Vocabulary::with_stages(
            provenance,
            self.merges[..keep].to_vec(),
            self.counts[..keep].to_vec(),
            self.second_stage.filter(|&stage| (stage as usize) < keep),
        )
    }

    /// Where the vocabulary comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Bytes of all tokens but the special ones together.
    pub(crate) fn token_bytes(&self) -> usize {
        self.pieces.tokens.row().0.len()
    }

    /// All tokens but the special ones.
    pub(crate) fn token_row(&self) -> TokenRow<'_> {
        TokenRow::new(self.pieces.tokens.row().0, self.starts(), self.shift())
    }

    fn starts(&self) -> &[u32] {
        self.pieces.tokens.row().1
    }

    /// Number of entries; ids are below it.
    pub fn len(&self) -> usize {
        self.starts().len() - 1 + self.provenance.config.specials.len()
    }

    /// Never: all bytes are entries.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Merges in order of priority, in training ids.
    pub fn merges(&self) -> &[Pair] {
        &self.merges
    }

    /// How often the pair of each merge was counted when it was merged; 0 for merges fixed before.
    pub fn merge_counts(&self) -> &[u64] {
        &self.counts
    }

    /// Index of the first merge that may cross soft boundaries, if there is a second stage.
    pub fn second_stage(&self) -> Option<u32> {
        self.second_stage
    }

    /// Names of the special tokens, in the order of their ids.
    pub fn specials(&self) -> &[String] {
        &self.provenance.config.specials
    }

    /// The id of a special token.
    pub fn special(&self, name: &str) -> Option<u32> {
        let index = self.specials().iter().position(|special| special == name)?;
        Some(offset(index) + self.first_special())
    }

    pub(crate) fn first_special(&self) -> u32 {
        match self.provenance.config.layout {
            Layout::SpecialsFirst => 0,
            Layout::SpecialsLast => offset(self.starts().len() - 1),
        }
    }

    /// What distance ids have from training ids.
    pub(crate) fn shift(&self) -> u32 {
        shift(&self.provenance.config)
    }

    /// The id of the token whose bytes are the reverse complement of those of a byte or merge token;
    /// none for other tokens, and in vocabularies that are not closed.
    pub fn complement_of(&self, id: u32) -> Option<u32> {
        let training_id = id.checked_sub(self.shift())?;
        Some(self.complement.as_ref()?.get(training_id as usize)? + self.shift())
    }

    /// The id of a training id (a byte, a merge or an added token).
    pub fn id_of(&self, training_id: u32) -> Option<u32> {
        ((training_id as usize) < self.starts().len() - 1).then(|| training_id + self.shift())
    }

    /// What kind of entry an id names.
    pub fn kind(&self, id: u32) -> Option<TokenKind> {
        let (learned, ordinary) = (256 + self.merges.len(), self.starts().len() - 1);
        match id.checked_sub(self.shift()) {
            Some(index) if index < 256 => Some(TokenKind::Byte),
            Some(index) if (index as usize) < learned => Some(TokenKind::Merge(index - 256)),
            Some(index) if (index as usize) < ordinary => Some(TokenKind::Added),
            _ => self.token(id).map(|_| TokenKind::Special),
        }
    }

    /// The bytes of a token; of a special token, its name.
    pub fn token(&self, id: u32) -> Option<&[u8]> {
        match id.checked_sub(self.shift()) {
            Some(index) if (index as usize) < self.starts().len() - 1 => {
                Some(self.pieces.tokens.get(index))
            }
            _ => {
                let index = id.checked_sub(self.first_special())?;
                self.specials().get(index as usize).map(String::as_bytes)
            }
        }
    }
}

fn shift(config: &TrainConfig) -> u32 {
    match config.layout {
        Layout::SpecialsFirst => offset(config.specials.len()),
        Layout::SpecialsLast => 0,
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("sizes are checked against limits below 2^32")
}

/// By training id: the token whose bytes are the reverse complement, for all bytes and merges.
fn complements(
    complement: &Complement,
    merges: &[Pair],
    pieces: &Pieces,
    spelling: &Spelling<'_>,
) -> Result<Vec<u32>, VocabularyError> {
    let mut table: Vec<u32> = Vec::with_capacity(256 + merges.len());
    let mut reversed = Vec::new();
    for token in 0..256 + merges.len() {
        // Nearly always the merge of the complements of both parts, where there is a table of merges.
        let merged = token.checked_sub(256).and_then(|merge| {
            let (left, right) = merges[merge];
            pieces.search()?.pairs().get(table[right as usize], table[left as usize])
        });
        let found = merged.or_else(|| {
            reversed.clear();
            reversed.extend(complement.reverse(pieces.tokens.get(token as u32)));
            spelling.get(&reversed)
        });
        table.push(found.ok_or(VocabularyError::BadComplement)?);
    }
    Ok(table)
}
