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

/// Where the tokens of a text end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenEnds<'a> {
    /// Ascending, as places of a text that it is a part of.
    ends: &'a [usize],
    /// Where the text begins in that one.
    start: usize,
}

impl<'a> TokenEnds<'a> {
    pub(crate) fn new(ends: &'a [usize]) -> TokenEnds<'a> {
        TokenEnds { ends, start: 0 }
    }

    /// Those of the text between two borders.
    pub(crate) fn between(self, span: &Range<usize>) -> TokenEnds<'a> {
        let ends = &self.ends[self.up_to(span.start)..self.up_to(span.end)];
        TokenEnds { ends, start: self.start + span.start }
    }

    /// The number of tokens.
    pub(crate) fn len(self) -> usize {
        self.ends.len()
    }

    /// How many tokens end at a place or in front of it.
    pub(crate) fn up_to(self, place: usize) -> usize {
        self.ends.partition_point(|&end| end <= self.start + place)
    }

    /// How many tokens end in front of a place.
    pub(crate) fn before(self, place: usize) -> usize {
        self.ends.partition_point(|&end| end < self.start + place)
    }

    /// Where so many tokens end.
    pub(crate) fn end_of(self, tokens: usize) -> usize {
        tokens.checked_sub(1).map_or(0, |last| self.ends[last] - self.start)
    }
}

/// A segment, or a part of it, with its encoding. All places are counted from its beginning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Encoded<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) ends: TokenEnds<'a>,
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

        let mut old = Walk::from(from);
        old.go_on(self, &text[from..range.start]);
        let mut new = old.clone();
        old.go_on(self, &text[range.clone()]);
        new.go_on(self, bytes);
        let met = self.meet(&mut old, &mut new, &text[range.end..]);
        let behind = met.map_or(ends.len(), |met| ends.up_to(met));
        if behind == ends.len() && !stops {
            return None;
        }
        let end = if behind < ends.len() { ends.end_of(behind) } else { text.len() };
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
