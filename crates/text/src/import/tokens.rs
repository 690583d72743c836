//! The bytes of every token, by id.

use polytok_core::{DecodeError, TokenRow};

use super::{ImportError, UnknownId};

/// Tokens by id; ids may have gaps.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens {
    /// In the order of ids.
    entries: Vec<Entry>,
    /// In the order of ids too.
    bytes: Vec<u8>,
    /// Where the tokens of the ids from 0 to the first gap begin, and the end of the last.
    starts: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    id: u32,
    start: usize,
    end: usize,
    /// How many symbols of the input make the token.
    width: u32,
}

/// One token to put into the table.
pub(super) struct Token<'a> {
    pub(super) id: u32,
    pub(super) bytes: &'a [u8],
    pub(super) width: u32,
}

impl Tokens {
    /// Collects tokens in any order.
    ///
    /// # Errors
    ///
    /// [`ImportError::DuplicateId`] if an id comes twice.
    pub(super) fn new<'a>(
        tokens: impl IntoIterator<Item = Token<'a>>,
    ) -> Result<Tokens, ImportError> {
        let mut tokens: Vec<Token<'a>> = tokens.into_iter().collect();
        tokens.sort_unstable_by_key(|token| token.id);
        if let Some(pair) = tokens.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(ImportError::DuplicateId { id: pair[0].id });
        }
        let mut table = Tokens { starts: vec![0], ..Tokens::default() };
        for (token, at) in tokens.into_iter().zip(1..) {
            let start = table.bytes.len();
            table.bytes.extend_from_slice(token.bytes);
            let (id, end, width) = (token.id, table.bytes.len(), token.width);
            table.entries.push(Entry { id, start, end, width });
            if let Ok(end) = u32::try_from(end)
                && id as usize + 1 == at
                && table.starts.len() == at
            {
                table.starts.push(end);
            }
        }
        Ok(table)
    }

    /// The bytes that ids stand for, one token behind the other.
    pub(super) fn join(&self, ids: &[u32]) -> Result<Vec<u8>, UnknownId> {
        let row = TokenRow::new(&self.bytes, &self.starts, 0);
        let joined = row.join(ids, |id| self.get(id));
        joined.map_err(|DecodeError { id, at }| UnknownId { id, at })
    }

    fn entry(&self, id: u32) -> Option<Entry> {
        // Nearly every vocabulary has no gap, so that an id is its own place.
        match self.entries.get(id as usize) {
            Some(entry) if entry.id == id => Some(*entry),
            _ => {
                let at = self.entries.binary_search_by_key(&id, |entry| entry.id).ok()?;
                Some(self.entries[at])
            }
        }
    }

    pub(super) fn get(&self, id: u32) -> Option<&[u8]> {
        self.entry(id).map(|entry| &self.bytes[entry.start..entry.end])
    }

    /// How many symbols make the token; one for an id that no merge makes.
    pub(super) fn width(&self, id: u32) -> usize {
        self.entry(id).map_or(1, |entry| entry.width as usize)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &[u8])> {
        self.entries.iter().map(|entry| (entry.id, &self.bytes[entry.start..entry.end]))
    }

    /// One more than the greatest id.
    pub(super) fn id_bound(&self) -> u64 {
        self.entries.last().map_or(0, |entry| u64::from(entry.id) + 1)
    }
}
