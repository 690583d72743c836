//! The crate `bpe`, on vocabularies of ours: the nearest relative on raw sequences, and their
//! oracle, since it merges by the rank of bytes where polytok goes by pairs.

use bpe::byte_pair_encoding::{BytePairEncoding, find_hash_factor_for_dictionary};
use measure::{Encoder, Failure, Model, Outcome};
use polytok_core::{Encoding, Vocabulary};

struct Bpe(BytePairEncoding);

pub(crate) fn bpe(model: &Model) -> Outcome<Option<Box<dyn Encoder>>> {
    if model.ranks {
        return Ok(None);
    }
    let vocabulary = Vocabulary::from_bytes(&model.file).map_err(Failure::refused)?;
    if vocabulary.provenance().config.encoding == Encoding::Fewest {
        return Ok(None);
    }
    let ids = 0..vocabulary.len() as u32;
    let tokens: Vec<Vec<u8>> =
        ids.filter_map(|id| vocabulary.token(id)).map(<[u8]>::to_vec).collect();
    let factor = find_hash_factor_for_dictionary(tokens.clone());
    Ok(Some(Box::new(Bpe(BytePairEncoding::from_dictionary(tokens, Some(factor))))))
}

impl Encoder for Bpe {
    fn encode_into(&self, input: &[u8], ids: &mut Vec<u32>) -> Outcome {
        crate::crates::put(self.0.encode_via_backtracking(input), ids);
        Ok(())
    }

    fn decode(&self, ids: &[u32]) -> Outcome<Option<Vec<u8>>> {
        Ok(Some(self.0.decode_tokens(ids)))
    }
}
