//! What a thread keeps for encoders of other programs.

use crate::{kept, memory};

/// The encodings of short pieces that each thread keeps, for encoders that are not of this crate.
///
/// All encoders of a thread share 31 MiB at most; nothing is kept of pieces over 256 bytes. Clones share
/// what is kept, so they must encode alike.
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
        if piece.len() > kept::LONGEST {
            return encode(ids);
        }
        memory::with(self.owner, |memory| {
            let key = memory.marker.of(piece);
            let kept = |kept: &[u32]| ids.extend_from_slice(kept);
            if memory.kept.get(key, piece, kept).is_some() {
                return;
            }
            let from = ids.len();
            encode(ids);
            memory.kept.put(key, piece, &ids[from..], piece.len());
        });
    }
}
