//! Joining the bytes of tokens.

use crate::tokenizer::DecodeError;

/// Tokens of up to this many bytes are copied without looking at how many they have.
const SHORT: usize = 16;

/// Bytes of tokens that have consecutive ids, one token behind the other.
#[derive(Clone, Copy, Debug)]
pub struct TokenRow<'a> {
    bytes: &'a [u8],
    starts: &'a [u32],
    first: u32,
}

impl<'a> TokenRow<'a> {
    /// Tokens with the ids from `first` on: where each begins in `bytes`, and the end of the last.
    ///
    /// Offsets that do not ascend within `bytes` name no token.
    pub fn new(bytes: &'a [u8], starts: &'a [u32], first: u32) -> TokenRow<'a> {
        TokenRow { bytes, starts, first }
    }

    #[inline(always)]
    fn place(self, id: u32) -> Option<(usize, usize)> {
        let at = id.wrapping_sub(self.first) as usize;
        let [start, end] = *self.starts.get(at..)?.first_chunk()?;
        Some((start as usize, end as usize))
    }

    /// The bytes of a token.
    #[inline]
    pub fn get(self, id: u32) -> Option<&'a [u8]> {
        let (start, end) = self.place(id)?;
        self.bytes.get(start..end)
    }

    /// The bytes that ids stand for; those of ids that are not in the row are `other`.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] for the first id that is in neither.
    pub fn join(
        self,
        ids: &[u32],
        other: impl Fn(u32) -> Option<&'a [u8]>,
    ) -> Result<Vec<u8>, DecodeError> {
        // Room for what is usual, and for a copy that goes beyond the last token.
        let mut joined = vec![0; 4 * ids.len() + SHORT];
        let mut end = 0;
        for (&id, at) in ids.iter().zip(0..) {
            if let Some((start, stop)) = self.place(id)
                && stop.wrapping_sub(start) <= SHORT
                && let Some(token) = self.bytes.get(start..).and_then(<[u8]>::first_chunk::<SHORT>)
                && let Some(room) = joined.get_mut(end..).and_then(<[u8]>::first_chunk_mut)
            {
                // What goes beyond the token is written over by the next one, or cut off.
                *room = *token;
                end += stop - start;
                continue;
            }
            let token = self.get(id).or_else(|| other(id)).ok_or(DecodeError { id, at })?;
            end = append(&mut joined, end, token);
        }
        joined.truncate(end);
        Ok(joined)
    }
}

/// Writes a token at a place and gives its end; the room grows where it must.
#[inline(never)]
fn append(joined: &mut Vec<u8>, at: usize, token: &[u8]) -> usize {
    let end = at + token.len();
    if joined.len() < end + SHORT {
        joined.resize(2 * joined.len() + token.len() + SHORT, 0);
    }
    joined[at..end].copy_from_slice(token);
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn tokens_are_joined(
            tokens in prop::collection::vec(
                prop_oneof![
                    prop::collection::vec(any::<u8>(), 0..20),
                    prop::collection::vec(any::<u8>(), 15..70),
                ],
                1..12,
            ),
            choices in prop::collection::vec(any::<prop::sample::Index>(), 0..300),
            first in prop_oneof![0u32..5, Just(u32::MAX - 12)],
        ) {
            let (mut bytes, mut starts) = (Vec::new(), vec![0]);
            for token in &tokens {
                bytes.extend_from_slice(token);
                starts.push(bytes.len() as u32);
            }
            let row = TokenRow::new(&bytes, &starts, first);
            let other = first.wrapping_sub(1);
            let (mut ids, mut expected) = (Vec::new(), Vec::new());
            for choice in choices {
                let choice = choice.index(tokens.len() + 1);
                ids.push(first.wrapping_add(choice as u32).wrapping_sub(1));
                match choice.checked_sub(1) {
                    Some(token) => expected.extend_from_slice(&tokens[token]),
                    None => expected.extend_from_slice(b"<a special token>"),
                }
            }
            let special = |id| (id == other).then_some(&b"<a special token>"[..]);
            prop_assert_eq!(row.join(&ids, special).unwrap(), expected);
            let id = first.wrapping_add(tokens.len() as u32);
            let at = ids.len();
            ids.push(id);
            prop_assert_eq!(row.get(id), None);
            prop_assert_eq!(row.join(&ids, special).unwrap_err(), DecodeError { id, at });
        }
    }

    #[test]
    fn offsets_that_do_not_ascend_name_no_token() {
        let row = TokenRow::new(b"sixteen bytes and more", &[3, 1, 40], 0);
        assert_eq!((row.get(0), row.get(1), row.get(2)), (None, None, None));
        assert!(row.join(&[0], |_| None).is_err());
        assert!(row.join(&[1], |_| None).is_err());
    }
}
