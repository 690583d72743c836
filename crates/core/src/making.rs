//! The encoding of a piece that is not kept: a token that is known, what is kept of parts, or merges.

use std::sync::OnceLock;

use crate::{
    backtrack::{Backtracker, Scratch},
    joints::{self, Joints},
    kept::Kept,
    known::Known,
    marked::{Marked, Marker},
    pieces::Pieces,
    segment::Span,
    together::Waiting,
};

/// Pieces that are made without the table of known ones, at first: it costs as much to build as some ten
/// thousand pieces to make, and short inputs must not wait for it.
const UNKNOWN: usize = 1 << 13;

/// Pieces that might have parts and are made as one, at first: the table of joints costs as much as they.
const WHOLE: usize = 1 << 11;

/// Parts of up to this many bytes, three characters of three, are kept; longer ones seldom come again.
const LONGEST_PART: usize = 9;

/// Room for making the encodings of pieces of one vocabulary.
#[derive(Debug, Default)]
pub(crate) struct Making {
    pub(crate) scratch: Scratch,
    /// Room for the stretches of a text.
    pub(crate) waiting: Waiting,
    /// The encoding of a piece.
    ids: Vec<u32>,
    /// The keys and ends of the parts of a piece.
    parts: Vec<(Marked, usize)>,
    /// Pieces made.
    made: usize,
    /// Those of them that might have parts.
    parted: usize,
}

impl Making {
    /// Forgets the vocabulary.
    pub(crate) fn forget(&mut self) {
        self.scratch.forget();
        (self.made, self.parted) = (0, 0);
    }
}

/// A table that is there, or is due and made.
fn if_due<T>(table: &OnceLock<T>, due: bool, make: impl FnOnce() -> T) -> Option<&T> {
    if due { Some(table.get_or_init(make)) } else { table.get() }
}

impl Pieces {
    /// The table of known pieces, if it is there or pays off.
    pub(crate) fn known(&self, making: &Making) -> Option<&Known> {
        if_due(&self.known, making.made >= UNKNOWN, || self.make_known())
    }

    #[cold]
    fn make_known(&self) -> Known {
        let n_merged = self.merged();
        let whole = self.whole.iter().map(|(piece, &id)| (&**piece, id));
        // Not left to the order of pieces: the table may leave out one that is whole.
        let merged = (0..n_merged)
            .filter(|&token| self.is_reachable(token))
            .filter(|&token| self.whole(self.tokens.get(token)).is_none())
            .map(|token| (self.tokens.get(token), self.ids().of(token)));
        Known::new(whole.chain(merged), self.whole.len() + n_merged as usize)
    }

    /// The table of joints, if it is there or pays off.
    fn joints(&self, search: &Backtracker, making: &Making) -> Option<&Joints> {
        if_due(&self.joints, making.parted >= WHOLE, || search.joints(&self.tokens))
    }

    /// Encodes a piece of an input that is not kept.
    #[inline(never)]
    pub(crate) fn make<'a>(
        &self,
        input: &[u8],
        span: Span,
        key: Marked,
        kept: &mut Kept,
        marker: &Marker,
        making: &'a mut Making,
    ) -> &'a [u32] {
        making.ids.clear();
        making.made += 1;
        let piece = span.of(input);
        if let Some(id) = self.known(making).and_then(|known| known.get(key.key())) {
            making.ids.push(id);
        } else if let Some(search) = self.search()
            && joints::may_be_known(piece)
            && self.whole(piece).is_none()
        {
            making.parted += 1;
            match self.joints(search, making) {
                Some(joints) => self.append_parts(joints, input, span, kept, marker, making),
                None => self.append_merged(piece, &mut making.scratch, &mut making.ids),
            }
        } else {
            self.append(piece, &mut making.scratch, &mut making.ids);
        }
        &making.ids
    }

    /// Appends the encodings of the parts of a piece that is not taken whole.
    fn append_parts(
        &self,
        joints: &Joints,
        input: &[u8],
        span: Span,
        kept: &mut Kept,
        marker: &Marker,
        making: &mut Making,
    ) {
        let Making { scratch, ids, parts, .. } = making;
        parts.clear();
        let mut start = span.start;
        joints.parts(input, span.start..span.end, |end| {
            let key = marker.at(input, start, end);
            // What is kept of all of them comes from memory at the same time.
            kept.prefetch(kept.home(key));
            parts.push((key, end));
            start = end;
        });
        let mut start = span.start;
        for &(key, end) in &*parts {
            let part = &input[start..end];
            // A part that would be taken whole if it were a piece is kept as that piece.
            if part.len() > LONGEST_PART || self.whole(part).is_some() {
                self.append_merged(part, scratch, ids);
            } else if kept.get(key, part, |kept| ids.extend_from_slice(kept)).is_none() {
                let from = ids.len();
                self.append_merged(part, scratch, ids);
                kept.put(key, part, &ids[from..], input.len() - start);
            }
            start = end;
        }
    }
}
