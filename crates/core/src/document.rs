//! A text that is edited, with its encoding.

use std::{error::Error, fmt, ops::Range};

use crate::{
    cuts::{CUT_CONTEXT, firmness, last_cut},
    seam::join,
    segment::Span,
    tokenizer::Tokenizer,
    vocabulary::TokenKind,
};

/// Bytes of a chunk when it is made, or more by a token.
const CHUNK: usize = 2048;

/// A text and its encoding, which is at every moment that of all the text.
///
/// # Cost
///
/// An edit encodes anew what lies between the last [cut](crate::Segmenter::cut) in front of it and the
/// first behind it, at least 16 bytes away each; all of the text, if the segmenter names no cuts.
/// With a segmenter that makes one segment of all ([`Whole`](crate::Whole)) it encodes the tokens that
/// the edit touches, and twice as many again and again until what is new fits what is old: on text a
/// handful, in a row of one letter perhaps all that follow. With a second stage only cuts at hard
/// boundaries count, and one segment of all is encoded anew as a whole, as it is where encodings have the
/// [fewest tokens](crate::Encoding::Fewest).
///
/// The text is kept in chunks of some two thousand bytes with their ids: an edit copies a few of them,
/// and takes a step for each chunk to find its place.
#[derive(Clone)]
pub struct Document {
    tokenizer: Tokenizer,
    chunks: Vec<Chunk>,
}

/// Bytes from border to border of the encoding, and their ids.
#[derive(Clone, Debug, Default)]
struct Chunk {
    bytes: Vec<u8>,
    ids: Vec<u32>,
}

/// What an edit did to the ids.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Edit {
    /// The ids that went, by their places before the edit.
    pub replaced: Range<usize>,
    /// The ids that came in their place. Neither the first nor the last of them is one that went from
    /// the same end.
    pub ids: Vec<u32>,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({:?}, {} bytes)", self.tokenizer, self.len())
    }
}

impl Document {
    /// Encodes a text.
    pub fn new(tokenizer: &Tokenizer, text: &[u8]) -> Document {
        let mut document = Document { tokenizer: tokenizer.clone(), chunks: Vec::new() };
        document.chunks = document.chunked(text, &tokenizer.encode(text));
        document
    }

    /// Bytes of the text; takes a step for each chunk.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.bytes.len()).sum()
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// A copy of the text.
    pub fn text(&self) -> Vec<u8> {
        self.chunks.iter().flat_map(|chunk| &chunk.bytes).copied().collect()
    }

    /// The ids of the text.
    pub fn ids(&self) -> impl Iterator<Item = u32> {
        self.chunks.iter().flat_map(|chunk| &chunk.ids).copied()
    }

    /// The number of ids; takes a step for each chunk.
    pub fn count(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.ids.len()).sum()
    }

    /// Puts bytes in the place of others, given by their range in the text.
    ///
    /// # Errors
    ///
    /// [`OutOfText`] if the range is not one of the text, which then stays as it is.
    pub fn replace(&mut self, range: Range<usize>, bytes: &[u8]) -> Result<Edit, OutOfText> {
        let len = self.len();
        if range.start > range.end || range.end > len {
            return Err(OutOfText { range, len });
        }
        // The chunks that the range touches, and one on either side.
        let (mut first, mut last, mut at) = (0, 0, 0);
        for chunk in &self.chunks {
            first += usize::from(at + chunk.bytes.len() < range.start);
            last += usize::from(at <= range.end);
            at += chunk.bytes.len();
        }
        let longest = self.tokenizer.vocabulary().pieces.longest_whole();
        if self.is_whole() && len.min(len - range.len() + bytes.len()) <= longest {
            // The text is an added token, or may become one.
            (first, last) = (0, self.chunks.len());
        }
        let mut more = 1;
        loop {
            first = first.saturating_sub(more);
            last = (last + more).min(self.chunks.len());
            if let Some(edit) = self.replace_within(first..last, &range, bytes) {
                return Ok(edit);
            }
            more *= 2;
        }
    }

    /// Makes the edit in some of the chunks; none if it takes more of them.
    fn replace_within(
        &mut self,
        within: Range<usize>,
        range: &Range<usize>,
        bytes: &[u8],
    ) -> Option<Edit> {
        let (before, here) = (&self.chunks[..within.start], &self.chunks[within.clone()]);
        let start: usize = before.iter().map(|chunk| chunk.bytes.len()).sum();
        let ids: Vec<u32> = here.iter().flat_map(|chunk| &chunk.ids).copied().collect();
        let old: Vec<u8> = here.iter().flat_map(|chunk| &chunk.bytes).copied().collect();
        let range = range.start - start..range.end - start;
        let new = [&old[..range.start], bytes, &old[range.end..]].concat();
        let ends = (within.start == 0, within.end == self.chunks.len());
        let (mut replaced, between) = if self.is_whole() {
            self.by_tokens(&new, &ids, &range, bytes.len(), ends)
        } else {
            self.by_cuts(&old, &new, &ids, &range, ends)
        }?;
        let gone = &ids[replaced.clone()];
        let same = gone.iter().zip(&between).take_while(|(a, b)| a == b).count();
        let (gone, came) = (&gone[same..], &between[same..]);
        let alike = gone.iter().rev().zip(came.iter().rev()).take_while(|(a, b)| a == b).count();
        let came = came[..came.len() - alike].to_vec();
        replaced = replaced.start + same..replaced.end - alike;
        let ids = [&ids[..replaced.start], &came, &ids[replaced.end..]].concat();
        let count: usize = before.iter().map(|chunk| chunk.ids.len()).sum();
        let chunks = self.chunked(&new, &ids);
        self.chunks.splice(within, chunks);
        Some(Edit { replaced: count + replaced.start..count + replaced.end, ids: came })
    }

    /// Which ids go and which come, if all is one segment.
    fn by_tokens(
        &self,
        new: &[u8],
        ids: &[u32],
        range: &Range<usize>,
        bytes: usize,
        (starts, ends): (bool, bool),
    ) -> Option<(Range<usize>, Vec<u32>)> {
        let vocabulary = self.tokenizer.vocabulary();
        if starts && ends {
            let was = ids.iter().any(|&id| vocabulary.kind(id) == Some(TokenKind::Added));
            if was || vocabulary.added_token(new).is_some() {
                return Some((0..ids.len(), self.tokenizer.encode(new)));
            }
        }
        // Tokens that end in front of the edit, and that begin behind it.
        let (mut before, mut start) = (0, 0);
        while let Some(&id) = ids.get(before)
            && start + vocabulary.token_len(id) <= range.start
        {
            start += vocabulary.token_len(id);
            before += 1;
        }
        let (mut behind, mut end) = (before, start);
        while let Some(&id) = ids.get(behind)
            && end < range.end
        {
            end += vocabulary.token_len(id);
            behind += 1;
        }
        let end = end.max(range.end) + bytes - range.len();
        let left = |back: usize| ids[..before].iter().rev().nth(back).copied();
        let right = |place: usize| ids.get(behind + place).copied();
        let seam = vocabulary.with_memory(|memory| {
            join(vocabulary, &mut memory.making.scratch, new, Span::new(start, end), &left, &right)
        });
        let (first, last) = (before - seam.left, behind + seam.right);
        let known = (first > 0 || starts) && (last < ids.len() || ends);
        known.then_some((first..last, seam.between))
    }

    /// Which ids go and which come, between two cuts.
    fn by_cuts(
        &self,
        old: &[u8],
        new: &[u8],
        ids: &[u32],
        range: &Range<usize>,
        (starts, ends): (bool, bool),
    ) -> Option<(Range<usize>, Vec<u32>)> {
        let (segmenter, vocabulary) = (self.tokenizer.segmenter(), self.tokenizer.vocabulary());
        let firmness = firmness(vocabulary);
        // What tells these cuts is not touched by the edit, so they are cuts before and after.
        let before = range.start.checked_sub(CUT_CONTEXT);
        let start = before.and_then(|to| last_cut(segmenter, &old[..range.start], to, firmness));
        let start = start.or(starts.then_some(0))?;
        let behind = segmenter.cut(&old[range.end..], CUT_CONTEXT, firmness);
        let end = behind.map(|cut| range.end + cut).or(ends.then_some(old.len()))?;
        let (mut at, mut first, mut last) = (0, None, None);
        for (place, &id) in ids.iter().chain([&0]).enumerate() {
            if at == start {
                first = first.or(Some(place));
            }
            if at == end {
                last = last.or(Some(place));
            }
            at += vocabulary.token_len(id);
        }
        let replaced = first?..last?;
        let end = end + new.len() - old.len();
        Some((replaced, self.tokenizer.encode(&new[start..end])))
    }

    /// Whether borders of tokens may be anywhere.
    fn is_whole(&self) -> bool {
        self.tokenizer.segmenter().is_whole() && self.tokenizer.vocabulary().by_one_stage()
    }

    /// Chunks of a text and its ids.
    fn chunked(&self, mut text: &[u8], ids: &[u32]) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        let (mut len, mut from) = (0, 0);
        for (place, &id) in ids.iter().enumerate() {
            len += self.tokenizer.vocabulary().token_len(id);
            if len >= CHUNK || place + 1 == ids.len() {
                let (bytes, rest) = text.split_at(len);
                chunks.push(Chunk { bytes: bytes.to_vec(), ids: ids[from..=place].to_vec() });
                (text, len, from) = (rest, 0, place + 1);
            }
        }
        chunks
    }
}

/// A range is not one of a text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OutOfText {
    /// The range, in bytes.
    pub range: Range<usize>,
    /// The bytes of the text.
    pub len: usize,
}

impl fmt::Display for OutOfText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let OutOfText { range, len } = self;
        write!(f, "{}..{} is no range of a text of {len} bytes", range.start, range.end)
    }
}

impl Error for OutOfText {}
