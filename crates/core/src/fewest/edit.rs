//! What an edit does to the fewest tokens of a segment: only what is near it changes.
//!
//! In front of an edit a border stands if the places that tell it (`settled` in `last_tokens.rs`) are in front as well, and what
//! comes behind it is encoded as if the text began there. Behind the edit, walks through the text before and
//! after it meet ([the lemma](super::walk)), and from there on all last tokens are the same. So the first token
//! of the old encoding that ends behind the meeting ends there in the new one too, as all that follow do.

use std::ops::Range;

use super::{
    Fewest, Scratch,
    walk::{Row, Walk},
};
/// Bytes after which a border is looked for that stands.
const STRIDE: usize = 1 << 11;

/// Bytes that walks go on before it is looked whether they met.
const STEP: usize = 1 << 6;

/// A border of an encoding that stands whatever comes behind the bytes that tell it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Firm {
    pub(crate) at: usize,
    /// Where the bytes end that tell it.
    pub(crate) told: usize,
}

impl Firm {
    /// The same border where places have other numbers.
    pub(crate) fn moved(self, to: impl Fn(usize) -> usize) -> Firm {
        Firm { at: to(self.at), told: to(self.told) }
    }
}

/// A segment, or a part of it, with its encoding. All places are counted from its beginning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Encoded<'a> {
    pub(crate) text: &'a [u8],
    /// Where its tokens end, ascending.
    pub(crate) ends: &'a [usize],
    /// Borders behind its beginning that are known to stand, ascending.
    pub(crate) firm: &'a [Firm],
    /// Whether the segment begins and ends with it.
    pub(crate) whole: (bool, bool),
}

/// What an edit does to an encoding.
#[derive(Debug)]
pub(crate) struct Change {
    /// The bytes of the old text, from border to border, whose tokens go.
    pub(crate) gone: Range<usize>,
    /// The tokens that come.
    pub(crate) ids: Vec<u32>,
    /// Borders of the new encoding that stand, ascending.
    pub(crate) firm: Vec<Firm>,
}

impl Fewest {
    /// What becomes of an encoding if a range of its text is replaced. None if more of the segment must be
    /// known.
    ///
    /// Costs walks from the last border that is known to stand to where they meet, and 8 bytes of memory for
    /// each byte of them behind the last border that could be known.
    pub(crate) fn replace(
        &self,
        encoded: Encoded<'_>,
        range: &Range<usize>,
        bytes: &[u8],
        scratch: &mut Scratch,
    ) -> Option<Change> {
        self.replace_by(STRIDE, encoded, range, bytes, scratch)
    }

    /// As above, with another stride.
    pub(super) fn replace_by(
        &self,
        stride: usize,
        encoded: Encoded<'_>,
        range: &Range<usize>,
        bytes: &[u8],
        scratch: &mut Scratch,
    ) -> Option<Change> {
        let Encoded { text, ends, firm: stood, whole: (begins, stops) } = encoded;
        let stands = stood.iter().take_while(|firm| firm.told <= range.start);
        let mut firm: Vec<Firm> = stands.copied().collect();
        if firm.is_empty() && !begins {
            return None;
        }
        self.find_firm(stride, &text[..range.start], &mut firm, scratch);
        let from = firm.last().map_or(0, |firm| firm.at);

        let (mut old, mut new) = (Walk::from(from), Walk::from(from));
        old.go_on(self, &text[from..range.end]);
        new.go_on(self, &text[from..range.start]);
        new.go_on(self, bytes);
        let met = self.meet(&mut old, &mut new, &text[range.end..]);
        let behind = met.map_or(ends.len(), |met| ends.partition_point(|&end| end <= met));
        if behind == ends.len() && !stops {
            return None;
        }
        let end = match behind < ends.len() {
            true => behind.checked_sub(1).map_or(0, |last| ends[last]),
            false => text.len(),
        };
        let moved = |place: usize| place - range.len() + bytes.len();
        let mut ids = Vec::new();
        self.append(&new.scratch, moved(end) - from, &mut ids);
        for told in (from + stride..=new.end()).step_by(stride) {
            let at = new.stands(self, told, self.automaton.longest());
            if at > firm.last().map_or(0, |firm| firm.at) && at < moved(end) {
                firm.push(Firm { at, told });
            }
        }
        let behind = stood.iter().filter(|firm| firm.at > end);
        firm.extend(behind.map(|firm| firm.moved(moved)));
        Some(Change { gone: from..end, ids, firm })
    }

    /// Adds borders that stand whatever comes behind a text, behind the last that is known.
    fn find_firm(&self, stride: usize, text: &[u8], firm: &mut Vec<Firm>, scratch: &mut Scratch) {
        let mut at = firm.last().map_or(0, |firm| firm.at);
        self.walk(&text[at..], &[], stride, scratch, |scratch, end| {
            let told = at + scratch.len();
            at += end;
            firm.push(Firm { at, told });
        });
        // The end of the text stands only if nothing comes.
        firm.pop();
    }

    /// Lets two walks go on over a text until they meet, and gives the place of the first where that is.
    fn meet(&self, one: &mut Walk, other: &mut Walk, text: &[u8]) -> Option<usize> {
        let (mut row, mut places) = (Row::default(), (one.end(), other.end()));
        for step in text.chunks(STEP) {
            one.go_on(self, step);
            other.go_on(self, step);
            for _ in step {
                places = (places.0 + 1, places.1 + 1);
                let same = row.add(one.cost(places.0), other.cost(places.1));
                if same >= self.automaton.longest() {
                    return Some(places.0);
                }
            }
        }
        None
    }
}
