//! A text that is edited, with its encoding.

mod change;

use std::{error::Error, fmt, ops::Range};

use crate::{
    document::change::{Change, Part, Splice},
    fewest::edit::{Firm, TokenEnds},
    tokenizer::Tokenizer,
};

/// Bytes of a chunk when it is made, or more by a token.
const CHUNK: usize = 2048;

/// A text and its encoding, which is at every moment that of all the text.
///
/// # Cost
///
/// With a segmenter that makes one segment of all ([`Whole`](crate::Whole)) an edit encodes the tokens that it
/// touches, and twice as many again and again until what is new fits what is old: on text a handful, in a
/// row of one letter perhaps all that follow. Where encodings have the [fewest
/// tokens](crate::Encoding::Fewest), it walks from a border in front that is known to stand to where the new
/// encoding meets the old one, some thousand bytes. Such borders become known by walks: the first one begins
/// with the segment.
///
/// With any other, an edit segments anew what lies between the last [cut](crate::Segmenter::cut) in front of it
/// and the first behind it, at least 16 bytes away each; all of the text, if the segmenter names no cuts.
/// Segments that are the same as before keep their ids, and one that is edited itself costs what is said
/// above. With a second stage only cuts and boundaries that are hard count, and what lies between them is
/// encoded anew.
///
/// The text is kept in chunks of some two thousand bytes with their ids: an edit copies those that it looks
/// at, and takes a step for each chunk to find its place.
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
    /// Borders that stand, by their places in the chunk.
    firm: Vec<Firm>,
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
        document.chunks = document.chunked(text, &tokenizer.encode(text), &[]);
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
        if change::is_one_segment(&self.tokenizer)
            && len.min(len - range.len() + bytes.len()) <= longest
        {
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
            more *= 4;
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
        let count: usize = before.iter().map(|chunk| chunk.ids.len()).sum();
        let ids = here.iter().map(|chunk| &chunk.ids[..]).collect::<Vec<_>>().concat();
        let text = here.iter().map(|chunk| &chunk.bytes[..]).collect::<Vec<_>>().concat();
        let mut ends = Vec::with_capacity(ids.len());
        ends.extend(running(ids.iter().map(|&id| self.token_len(id))));
        let ends = TokenEnds::new(&ends);
        let chunk_ends: Vec<usize> = running(here.iter().map(|chunk| chunk.bytes.len())).collect();
        let firm = here.iter().zip(&chunk_ends).flat_map(|(chunk, end)| {
            let start = end - chunk.bytes.len();
            chunk.firm.iter().map(move |firm| firm.moved(|place| place + start))
        });
        let firm: Vec<Firm> = firm.collect();
        let whole = (within.start == 0, within.end == self.chunks.len());
        let part = Part { text: &text, ids: &ids, ends, firm: &firm, whole };
        let splice = Splice { range: range.start - start..range.end - start, bytes };
        let Change { replaced, ids: came, firm } = change::find(&self.tokenizer, part, &splice)?;

        // The chunks whose tokens go or whose bytes do, and one on either side lest they become small.
        let chunk = |place: usize| chunk_ends.partition_point(|&end| end < place);
        let first = chunk(ends.end_of(replaced.start)).saturating_sub(1);
        let last = (chunk(ends.end_of(replaced.end)) + 2).min(here.len());
        let from = first.checked_sub(1).map_or(0, |last| chunk_ends[last]);
        let to = last.checked_sub(1).map_or(0, |last| chunk_ends[last]);
        let new_ids =
            [&ids[ends.up_to(from)..replaced.start], &came, &ids[replaced.end..ends.up_to(to)]];
        let new_text =
            [&text[from..splice.range.start], bytes, &text[splice.range.end..to]].concat();
        let in_front = firm.partition_point(|firm| firm.at <= from);
        let within_new = firm[in_front..].partition_point(|firm| firm.at <= from + new_text.len());
        let new_firm = firm[in_front..][..within_new].iter();
        let new_firm: Vec<Firm> = new_firm.map(|firm| firm.moved(|place| place - from)).collect();
        let chunks = self.chunked(&new_text, &new_ids.concat(), &new_firm);

        // In front, more borders may be known to stand, or what tells them may have been replaced.
        let (before, here) = self.chunks.split_at_mut(within.start);
        let mut end = 0;
        for chunk in before {
            chunk.firm.retain(|firm| end + firm.told <= range.start);
            end += chunk.bytes.len();
        }
        let (mut firm, mut start) = (&firm[..in_front], 0);
        for (chunk, &end) in here[..first].iter_mut().zip(&chunk_ends) {
            let (own, later) = firm.split_at(firm.partition_point(|firm| firm.at <= end));
            chunk.firm = own.iter().map(|firm| firm.moved(|place| place - start)).collect();
            (firm, start) = (later, end);
        }
        self.chunks.splice(within.start + first..within.start + last, chunks);

        let gone = &ids[replaced.clone()];
        let same = gone.iter().zip(&came).take_while(|(a, b)| a == b).count();
        let (gone, came) = (&gone[same..], &came[same..]);
        let alike = gone.iter().rev().zip(came.iter().rev()).take_while(|(a, b)| a == b).count();
        let replaced = count + replaced.start + same..count + replaced.end - alike;
        Some(Edit { replaced, ids: came[..came.len() - alike].to_vec() })
    }

    fn token_len(&self, id: u32) -> usize {
        self.tokenizer.vocabulary().token_len(id)
    }

    /// Chunks of a text, its ids and the borders that stand.
    fn chunked(&self, mut text: &[u8], ids: &[u32], mut firm: &[Firm]) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        let (mut start, mut len, mut from) = (0, 0, 0);
        for (place, &id) in ids.iter().enumerate() {
            len += self.token_len(id);
            if len >= CHUNK || place + 1 == ids.len() {
                let (bytes, rest) = text.split_at(len);
                let (here, later) =
                    firm.split_at(firm.partition_point(|firm| firm.at <= start + len));
                chunks.push(Chunk {
                    bytes: bytes.to_vec(),
                    ids: ids[from..=place].to_vec(),
                    firm: here.iter().map(|firm| firm.moved(|place| place - start)).collect(),
                });
                (text, firm, start, len, from) = (rest, later, start + len, 0, place + 1);
            }
        }
        chunks
    }
}

/// The sums of the first numbers, of the first two, and so on.
fn running(numbers: impl Iterator<Item = usize>) -> impl Iterator<Item = usize> {
    numbers.scan(0, |sum, number| {
        *sum += number;
        Some(*sum)
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{Encoding, TrainConfig},
        provenance::Provenance,
        segment::Whole,
        vocabulary::Vocabulary,
    };

    /// Also where it is in a chunk that the edit does not look at.
    #[test]
    fn a_border_stands_no_longer_if_what_tells_it_is_replaced() {
        let config = TrainConfig { encoding: Encoding::Fewest, ..TrainConfig::default() };
        let pairs = vec![(97, 98), (256, 256)];
        let vocabulary =
            Vocabulary::new(Provenance::handmade("whole-1", config), pairs, vec![0; 2]);
        let tokenizer = Tokenizer::new(vocabulary.unwrap(), Whole).unwrap();
        let mut document = Document::new(&tokenizer, &b"abababc ".repeat(4 * CHUNK));
        let places = |document: &Document| {
            let ends = running(document.chunks.iter().map(|chunk| chunk.bytes.len()));
            let places = document.chunks.iter().zip(ends).flat_map(|(chunk, end)| {
                let start = end - chunk.bytes.len();
                chunk.firm.iter().map(move |firm| firm.moved(|place| place + start))
            });
            places.collect::<Vec<Firm>>()
        };
        let far = Firm { at: 8, told: 9 * CHUNK };
        document.chunks[0].firm.push(far);
        document.replace(9 * CHUNK..9 * CHUNK + 2, b"ba").unwrap();
        assert!(places(&document).contains(&far), "all that tells it is in front");
        assert!(places(&document).iter().any(|firm| firm.at > 8 * CHUNK), "more was found out");
        document.replace(9 * CHUNK - 1..9 * CHUNK, b"a").unwrap();
        assert!(!places(&document).contains(&far));
        assert!(places(&document).iter().all(|firm| firm.told < 9 * CHUNK));
    }
}
