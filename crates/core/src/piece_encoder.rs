//! Merges over bytes with ids of one's own.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::{
    merge::Pair,
    pieces::{Ids, Pieces},
    ranked,
    segment::Segmenter,
    spelling::Spelling,
    token_bytes::TokenBytes,
    vocabulary::MAX_MERGES,
};

/// Encodes pieces by a list of merges, with any ids: what vocabularies of other programs need to be
/// applied as fast as those trained here.
///
/// The encoding of a piece is that of the textbook: while two neighbors are a pair of the list,
/// those that come first in it are merged, the leftmost of them first. Clones share all tables.
#[derive(Clone, Debug)]
pub struct PieceEncoder {
    pub(crate) pieces: Arc<Pieces>,
}

/// One merge of a list, in any ids.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ListedMerge {
    /// The left token.
    pub left: u32,
    /// The right token.
    pub right: u32,
    /// What they become.
    pub token: u32,
}

impl PieceEncoder {
    /// Builds the tables from the id of every byte and the merges in their order.
    ///
    /// `whole` names pieces that are taken whole, with their ids; those that merges give anyway may
    /// be among them and cost nothing.
    ///
    /// None if the list is not one that training could have made: a merge names a token that only
    /// comes later, two merges make the same token or the same bytes, two bytes have one id, or
    /// tokens are more or longer than a [`Vocabulary`](crate::Vocabulary) may have. Such lists are for
    /// [`MergeTable`](crate::MergeTable).
    ///
    /// Costs time linear in the bytes of all tokens.
    pub fn new<'a>(
        bytes: &[u32; 256],
        merges: &[ListedMerge],
        whole: impl Iterator<Item = (&'a [u8], u32)>,
    ) -> Option<PieceEncoder> {
        if merges.len() > MAX_MERGES {
            return None;
        }
        let mut outer = Vec::with_capacity(256 + merges.len());
        let greatest = merges.iter().map(|merge| merge.token).chain(*bytes).max();
        let mut training_ids = TrainingIds::new(256 + merges.len(), greatest.unwrap_or(0));
        let mut tokens = TokenBytes::with_room(merges.len());
        for (&id, byte) in bytes.iter().zip(0..) {
            outer.push(id);
            training_ids.insert(id, byte)?;
        }
        let mut pairs: Vec<Pair> = Vec::with_capacity(merges.len());
        for (merge, token) in merges.iter().zip(256..) {
            let left = training_ids.get(merge.left)?;
            let right = training_ids.get(merge.right)?;
            tokens.join(left, right).ok()?;
            pairs.push((left, right));
            outer.push(merge.token);
            training_ids.insert(merge.token, token)?;
        }
        let mut pieces = Pieces::new(&pairs, tokens, Ids::new(outer));
        Spelling::new(pieces.search(), &pieces.tokens).ok()?;
        let irregular = whole.filter(|(piece, id)| {
            !training_ids.get(*id).is_some_and(|token| {
                pieces.is_reachable(token) && pieces.tokens.get(token) == *piece
            })
        });
        let irregular = irregular.map(|(piece, id)| (piece.into(), id)).collect();
        pieces.set_whole(irregular);
        Some(PieceEncoder { pieces: Arc::new(pieces) })
    }

    /// Builds the tables from the id of every byte and tokens with their ids in the order of their ranks;
    /// tokens of one byte among them are passed over.
    ///
    /// The encoding of a piece is its id if it is a token. Otherwise, while two neighbors together are a
    /// token, those of which the token has the smallest rank are merged, the leftmost of them first.
    ///
    /// None if no list of merges does that, which those of learned tokens do; if a token is empty or comes
    /// twice; or if tokens are more or longer than a [`Vocabulary`](crate::Vocabulary) may have.
    ///
    /// Costs a scan of each token for each of its bytes.
    pub fn by_ranks<'a>(
        bytes: &[u32; 256],
        tokens: impl ExactSizeIterator<Item = (u32, &'a [u8])>,
    ) -> Option<PieceEncoder> {
        let pieces = ranked::pieces(bytes, tokens)?;
        Some(PieceEncoder { pieces: Arc::new(pieces) })
    }

    /// The number of merges.
    pub fn merges(&self) -> usize {
        self.pieces.merged() as usize - 256
    }

    /// Appends the ids of the segments of an input, whatever their boundaries.
    pub fn encode_into(&self, segmenter: &dyn Segmenter, input: &[u8], ids: &mut Vec<u32>) {
        self.pieces.encode(segmenter, input, ids);
    }

    /// Appends the ids of one piece.
    pub fn encode_piece(&self, piece: &[u8], ids: &mut Vec<u32>) {
        if !piece.is_empty() {
            self.pieces.with_memory(|memory| self.pieces.encode_one(piece, memory, ids));
        }
    }

    /// The number of ids of the segments of an input.
    pub fn count(&self, segmenter: &dyn Segmenter, input: &[u8]) -> usize {
        let mut count = 0;
        self.pieces.encode(segmenter, input, &mut count);
        count
    }
}

/// Training ids by the ids given out.
enum TrainingIds {
    /// By place; [`u32::MAX`] if there is none.
    Dense(Vec<u32>),
    Sparse(HashMap<u32, u32>),
}

impl TrainingIds {
    /// Room for so many ids up to the greatest.
    fn new(len: usize, greatest: u32) -> TrainingIds {
        if greatest as usize <= 4 * len {
            TrainingIds::Dense(vec![u32::MAX; greatest as usize + 1])
        } else {
            TrainingIds::Sparse(HashMap::with_capacity(len))
        }
    }

    fn get(&self, id: u32) -> Option<u32> {
        match self {
            TrainingIds::Dense(ids) => ids.get(id as usize).copied().filter(|&id| id != u32::MAX),
            TrainingIds::Sparse(ids) => ids.get(&id).copied(),
        }
    }

    /// Adds an id; none if it is there already.
    fn insert(&mut self, id: u32, training_id: u32) -> Option<()> {
        if self.get(id).is_some() {
            return None;
        }
        match self {
            TrainingIds::Dense(ids) => *ids.get_mut(id as usize)? = training_id,
            TrainingIds::Sparse(ids) => {
                ids.insert(id, training_id);
            }
        }
        Some(())
    }
}
