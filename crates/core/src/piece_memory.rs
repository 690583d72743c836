//! What a thread keeps for encoders of other programs.

use crate::{key, memory};

/// The encodings of short pieces that each thread keeps, for encoders that are not of this crate.
///
/// All encoders of a thread share what is bounded by 30 MiB together; nothing is kept of pieces over 15
/// bytes or 3 ids. Clones share what is kept, so they must encode alike.
#[derive(Clone, Debug)]
pub struct PieceMemory {
    owner: u32,
}

impl PieceMemory {
    /// The memory of an encoder.
    #[expect(clippy::new_without_default, reason = "no two are alike")]
    pub fn new() -> PieceMemory {
        PieceMemory { owner: memory::new_owner() }
    }

    /// Appends the encoding of a piece: the one kept, or what `encode` appends, which depends on the
    /// piece alone.
    pub fn encode(&self, piece: &[u8], ids: &mut Vec<u32>, encode: impl FnOnce(&mut Vec<u32>)) {
        if piece.len() > key::LONGEST {
            return encode(ids);
        }
        memory::with(self.owner, |memory| {
            let key = key::key(piece, 0, piece.len());
            let hash = key::hash(key);
            if let Some(kept) = memory.get(key, hash) {
                return ids.extend_from_slice(kept);
            }
            let from = ids.len();
            encode(ids);
            memory.room().1.extend_from_slice(&ids[from..]);
            memory.put(key, hash);
        });
    }
}
