//! What an edit changes of an encoding.

use std::ops::Range;

use crate::{
    cuts::{CUT_CONTEXT, firmness, last_cut},
    fewest::edit::{Encoded, Firm, TokenEnds},
    seam::join,
    segment::{Boundary, Span, segments},
    stretch::Stretch,
    tokenizer::Tokenizer,
    vocabulary::Vocabulary,
};

/// Segments of no more bytes are encoded anew.
const SHORT: usize = 1 << 9;

/// A part of a text, from border to border of its encoding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    pub(super) text: &'a [u8],
    pub(super) ids: &'a [u32],
    pub(super) ends: TokenEnds<'a>,
    /// Borders that stand, ascending.
    pub(super) firm: &'a [Firm],
    /// Whether the text begins and ends with it.
    pub(super) whole: (bool, bool),
}

/// Bytes that come in the place of a range.
#[derive(Clone, Debug)]
pub(super) struct Splice<'a> {
    pub(super) range: Range<usize>,
    pub(super) bytes: &'a [u8],
}

/// What a splice changes of a part.
#[derive(Debug)]
pub(super) struct Change {
    /// The ids that go, by their places.
    pub(super) replaced: Range<usize>,
    /// The ids that come.
    pub(super) ids: Vec<u32>,
    /// Borders of the new part that stand, ascending.
    pub(super) firm: Vec<Firm>,
}

impl Splice<'_> {
    /// What becomes of a text.
    pub(super) fn of(&self, text: &[u8]) -> Vec<u8> {
        [&text[..self.range.start], self.bytes, &text[self.range.end..]].concat()
    }

    /// Where a place goes that is not in front of the end of the range.
    fn moved(&self, place: usize) -> usize {
        place - self.range.len() + self.bytes.len()
    }
}

impl Part<'_> {
    /// The change that is one of a part between two borders, around the splice, which begins and ends there
    /// as if it were all.
    fn within(
        &self,
        span: Range<usize>,
        splice: &Splice<'_>,
        change: impl FnOnce(Part<'_>, &Splice<'_>) -> Change,
    ) -> Change {
        let ids = self.ends.up_to(span.start)..self.ends.up_to(span.end);
        let first = ids.start;
        let inner = self.firm.iter().filter(|firm| firm.at > span.start && firm.at < span.end);
        let inner: Vec<Firm> = inner.map(|firm| firm.moved(|place| place - span.start)).collect();
        let part = Part {
            text: &self.text[span.clone()],
            ids: &self.ids[ids],
            ends: self.ends.between(&span),
            firm: &inner,
            whole: (true, true),
        };
        let range = splice.range.start - span.start..splice.range.end - span.start;
        let Change { replaced, ids, firm } = change(part, &Splice { range, bytes: splice.bytes });
        let before = self.firm.iter().filter(|firm| firm.at <= span.start).copied();
        let here = firm.iter().map(|firm| firm.moved(|place| place + span.start));
        let behind = self.firm.iter().filter(|firm| firm.at >= span.end);
        let behind = behind.map(|firm| firm.moved(|place| splice.moved(place)));
        Change {
            replaced: first + replaced.start..first + replaced.end,
            ids,
            firm: before.chain(here).chain(behind).collect(),
        }
    }
}

/// Whether a text is one segment, which is encoded by one stage.
pub(super) fn is_one_segment(tokenizer: &Tokenizer) -> bool {
    tokenizer.segmenter().is_whole() && !tokenizer.vocabulary().in_stages()
}

/// What a splice changes of a part of a text; none if more of the text must be known.
pub(super) fn find(tokenizer: &Tokenizer, part: Part<'_>, splice: &Splice<'_>) -> Option<Change> {
    if is_one_segment(tokenizer) {
        return in_segment(tokenizer.vocabulary(), part, splice);
    }
    let (segmenter, range) = (tokenizer.segmenter(), &splice.range);
    let firmness = firmness(tokenizer.vocabulary());
    // What tells these cuts is not touched by the edit, so they are cuts before and after.
    let before = range.start.checked_sub(CUT_CONTEXT);
    let start = before.and_then(|to| last_cut(segmenter, &part.text[..range.start], to, firmness));
    let start = start.or(part.whole.0.then_some(0))?;
    let behind = segmenter.cut(&part.text[range.end..], CUT_CONTEXT, firmness);
    let end = behind.map(|cut| range.end + cut).or(part.whole.1.then_some(part.text.len()))?;
    Some(part.within(start..end, splice, |part, splice| by_segments(tokenizer, part, splice)))
}

/// What a splice changes of a part that is segmented as if it were all.
fn by_segments(tokenizer: &Tokenizer, part: Part<'_>, splice: &Splice<'_>) -> Change {
    let (segmenter, vocabulary) = (tokenizer.segmenter(), tokenizer.vocabulary());
    let (range, text) = (&splice.range, splice.of(part.text));
    let (old, new) = (segments(segmenter, part.text), segments(segmenter, &text));
    let stops = |&(_, boundary): &(Span, Boundary)| vocabulary.stops_at(boundary);

    // Segments that are the same in front of the range, up to where both sides are encoded apart.
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new && old.0.end <= range.start);
    let front = old[..same.count()].iter().rposition(stops).map_or(0, |last| last + 1);
    // And behind it. The first of them begins where the one in front of it ends, which may have changed.
    let same = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| {
        old.1 == new.1 && old.0.end >= range.end && splice.moved(old.0.end) == new.0.end
    });
    let same = same.count();
    let back = old[old.len() - same..].iter().position(stops);
    let back = back.map_or(0, |first| same - 1 - first);
    let start = front.checked_sub(1).map_or(0, |last| old[last].0.end);
    let (old, new) = (&old[front..old.len() - back], &new[front..new.len() - back]);
    let end = old.last().map_or(start, |&(span, _)| span.end);
    part.within(start..end, splice, |part, splice| {
        if let (&[_], &[_]) = (old, new)
            && !vocabulary.in_stages()
        {
            return in_segment(vocabulary, part, splice).expect("the segment is known");
        }
        let (mut ids, mut stretch) = (Vec::new(), Stretch::new(vocabulary, start));
        vocabulary.with_memory(|memory| {
            for &(span, boundary) in new {
                stretch.push(&text, span, boundary, memory, &mut ids);
            }
            stretch.close(&text, memory, &mut ids);
        });
        Change { replaced: 0..part.ids.len(), ids, firm: Vec::new() }
    })
}

/// What a splice changes of a segment, or a part of one, which is encoded by one stage.
fn in_segment(vocabulary: &Vocabulary, part: Part<'_>, splice: &Splice<'_>) -> Option<Change> {
    let len = part.text.len().min(splice.moved(part.text.len()));
    // Either of them may be an added token.
    if part.whole == (true, true) && len <= vocabulary.pieces.longest_whole().max(SHORT) {
        let (text, mut ids) = (splice.of(part.text), Vec::new());
        if !text.is_empty() {
            let span = Span::new(0, text.len());
            vocabulary
                .with_memory(|memory| vocabulary.encode_segment(&text, span, memory, &mut ids));
        }
        return Some(Change { replaced: 0..part.ids.len(), ids, firm: Vec::new() });
    }
    if vocabulary.by_merges() {
        return by_tokens(vocabulary, part, splice);
    }
    let encoded = Encoded { text: part.text, ends: part.ends, firm: part.firm, whole: part.whole };
    let change = vocabulary.with_memory(|memory| {
        let scratch = &mut memory.making.scratch;
        vocabulary.pieces.replace_fewest(encoded, &splice.range, splice.bytes, scratch)
    })?;
    let replaced = part.ends.up_to(change.gone.start)..part.ends.up_to(change.gone.end);
    Some(Change { replaced, ids: change.ids, firm: change.firm })
}

/// What a splice changes of the merges of a segment.
fn by_tokens(vocabulary: &Vocabulary, part: Part<'_>, splice: &Splice<'_>) -> Option<Change> {
    let Part { ids, ends, whole: (begins, stops), .. } = part;
    // Tokens that end in front of the edit, and that begin behind it.
    let before = ends.up_to(splice.range.start);
    let start = ends.end_of(before);
    let behind = if start < splice.range.end { ends.before(splice.range.end) + 1 } else { before };
    let end = ends.end_of(behind);
    let left = |back: usize| ids[..before].iter().rev().nth(back).copied();
    let right = |place: usize| ids.get(behind + place).copied();
    let seam = vocabulary.with_memory(|memory| {
        let between = Span::new(start, splice.moved(end));
        let scratch = &mut memory.making.scratch;
        join(vocabulary, scratch, &splice.of(part.text), between, &left, &right)
    });
    let (first, last) = (before - seam.left, behind + seam.right);
    let known = (first > 0 || begins) && (last < ids.len() || stops);
    known.then_some(Change { replaced: first..last, ids: seam.between, firm: Vec::new() })
}
