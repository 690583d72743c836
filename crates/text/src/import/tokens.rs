//! The bytes of every token, by id.

use polytok_core::{DecodeError, TokenRow};

use super::{ImportError, UnknownId};

/// Tokens by id; ids may have gaps.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens {
    /// Ascending.
    ids: Vec<u32>,
    /// How many symbols of the input make each token.
    widths: Vec<u32>,
    /// One token behind the other.
    bytes: Vec<u8>,
    /// Where each token begins, and the end of the last.
    starts: Vec<u32>,
    /// So many of the first tokens have the ids from 0 on.
    without_gap: usize,
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
    /// As [`in_order`](Tokens::in_order).
    pub(super) fn new(mut tokens: Vec<Token<'_>>) -> Result<Tokens, ImportError> {
        tokens.sort_unstable_by_key(|token| token.id);
        Tokens::in_order(tokens.into_iter())
    }

    /// Collects tokens in the order of their ids.
    ///
    /// # Errors
    ///
    /// [`ImportError::DuplicateId`] if an id comes twice, [`ImportError::TooLarge`] if all together have
    /// 4 GiB and more.
    pub(super) fn in_order<'a>(
        tokens: impl Iterator<Item = Token<'a>>,
    ) -> Result<Tokens, ImportError> {
        let room = tokens.size_hint().0;
        let mut table = Tokens {
            ids: Vec::with_capacity(room),
            widths: Vec::with_capacity(room),
            bytes: Vec::new(),
            starts: Vec::with_capacity(room + 1),
            without_gap: 0,
        };
        table.starts.push(0);
        for Token { id, bytes, width } in tokens {
            if table.ids.last().is_some_and(|&last| last >= id) {
                return Err(ImportError::DuplicateId { id });
            }
            if table.without_gap == id as usize {
                table.without_gap += 1;
            }
            table.ids.push(id);
            table.widths.push(width);
            table.bytes.extend_from_slice(bytes);
            let end = u32::try_from(table.bytes.len()).map_err(|_| ImportError::TooLarge)?;
            table.starts.push(end);
        }
        Ok(table)
    }

    /// The bytes that ids stand for, one token behind the other.
    pub(super) fn join(&self, ids: &[u32]) -> Result<Vec<u8>, UnknownId> {
        let starts = self.starts.get(..=self.without_gap).unwrap_or_default();
        let row = TokenRow::new(&self.bytes, starts, 0);
        let joined = row.join(ids, |id| self.get(id));
        joined.map_err(|DecodeError { id, at }| UnknownId { id, at })
    }

    /// The place of an id.
    fn place(&self, id: u32) -> Option<usize> {
        // Nearly every vocabulary has no gap, so that an id is its own place.
        match (id as usize) < self.without_gap {
            true => Some(id as usize),
            false => self.ids.binary_search(&id).ok(),
        }
    }

    fn at(&self, place: usize) -> &[u8] {
        &self.bytes[self.starts[place] as usize..self.starts[place + 1] as usize]
    }

    pub(super) fn get(&self, id: u32) -> Option<&[u8]> {
        self.place(id).map(|place| self.at(place))
    }

    /// How many symbols make the token; one for an id that no merge makes.
    pub(super) fn width(&self, id: u32) -> usize {
        self.place(id).map_or(1, |place| self.widths[place] as usize)
    }

    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &[u8])> {
        self.ids.iter().enumerate().map(|(place, &id)| (id, self.at(place)))
    }

    /// One more than the greatest id.
    pub(super) fn id_bound(&self) -> u64 {
        self.ids.last().map_or(0, |&id| u64::from(id) + 1)
    }
}
