//! Bytes and tokens that stand for each other when a sequence is read backwards.

use crate::vocabulary_error::VocabularyError;

/// An involution of bytes.
#[derive(Clone, Debug)]
pub(crate) struct Complement([u8; 256]);

impl Complement {
    /// The bytes of these pairs stand for each other, every other byte for itself; none if there are
    /// no pairs. They ascend, the smaller byte first, so that equal settings look equal.
    pub(crate) fn new(pairs: &[(u8, u8)]) -> Result<Option<Complement>, VocabularyError> {
        if pairs.is_empty() {
            return Ok(None);
        }
        if !pairs.is_sorted() {
            return Err(VocabularyError::BadComplement);
        }
        let mut of: [u8; 256] = std::array::from_fn(|byte| byte as u8);
        for &(a, b) in pairs {
            if of[a as usize] != a || of[b as usize] != b || a >= b {
                return Err(VocabularyError::BadComplement);
            }
            (of[a as usize], of[b as usize]) = (b, a);
        }
        Ok(Some(Complement(of)))
    }

    /// The pairs of a table whose first 256 entries are bytes, smaller bytes first.
    pub(crate) fn pairs(table: &[u32]) -> Result<Vec<(u8, u8)>, VocabularyError> {
        let bytes = table.get(..256).ok_or(VocabularyError::BadComplement)?;
        let mut pairs = Vec::new();
        for (&b, a) in bytes.iter().zip(0u8..=255) {
            let b = u8::try_from(b).map_err(|_| VocabularyError::BadComplement)?;
            if a < b {
                pairs.push((a, b));
            }
        }
        Ok(pairs)
    }

    /// The reverse complement.
    pub(crate) fn reverse<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = u8> + 'a {
        bytes.iter().rev().map(|&byte| self.0[byte as usize])
    }
}
