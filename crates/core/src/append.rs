//! Encoding a text that grows at its end.

use std::fmt;

use crate::{
    cuts::{CUT_CONTEXT, SPARE_WINDOW, firmness, last_cut},
    going::Going,
    segment::{Boundary, Span},
    stretch::Stretch,
    tokenizer::Tokenizer,
};

/// Segments of more bytes than this are not encoded anew when they grow.
const SHORT: usize = 256;

/// Bytes between the places that [`Appender::truncate`] goes back to.
const STRIDE: usize = 256;

/// The encoding of a text that grows at its end, at every moment that of all the text.
///
/// # Cost
///
/// Text in front of the last [cut](crate::Segmenter::cut) is encoded once and then settled. What lies
/// behind it is open: it is segmented anew at every question, as much of it as is not
/// [spare](crate::Segmenter::spare), and long segments are gone on with instead of being encoded
/// anew. So a byte costs, however many are given at a time,
///
/// - when it comes: a bounded number of looks by the segmenter, and once its share of encoding;
/// - in an open segment of over 256 bytes, once in all: as many binary searches as the last token at
///   this place is deep, at most the bytes of the longest token, on text three or four; by the [fewest
///   tokens](crate::Encoding::Fewest) a step, and a look for some of the tokens that end there;
///
/// and a question costs segmenting the open part without what is spare, and encoding its segments of
/// up to 256 bytes. With the segmenters of `polytok-text` prose is open for some ten bytes, and a
/// row of one letter, of letters, of spaces or of one sign, of any length, for some two hundred; a
/// row of digits that are grouped stays open, and so does everything with a segmenter that names no
/// cuts. With [`Whole`](crate::Whole) a question for the number costs a bounded time. Asking for open
/// ids costs their number. With a second stage the open part reaches back to the last cut at a hard
/// boundary, and its merges are applied anew at each question; by the [fewest
/// tokens](crate::Encoding::Fewest) all of it is encoded anew.
///
/// # Memory
///
/// A byte for each byte of text, the ids, and 8 bytes for each byte of an open segment of over 256
/// bytes.
#[derive(Clone)]
pub struct Appender {
    tokenizer: Tokenizer,
    text: Vec<u8>,
    /// The ids of what is settled.
    ids: Vec<u32>,
    /// Bytes that are settled.
    done: usize,
    /// Cuts in what is settled, in bytes and in ids.
    marks: Vec<(usize, usize)>,
    /// No cut lies before this place and behind what is settled.
    searched: usize,
    open: Open,
    /// Long open segments: where they begin and what is known of them.
    long: Vec<(usize, Going)>,
}

/// The open text without what makes no difference to its segments.
#[derive(Clone, Debug, Default)]
struct Open {
    bytes: Vec<u8>,
    /// Where how many bytes are left out.
    gaps: Vec<(usize, usize)>,
    /// Bytes that came since it was last asked what is spare.
    fresh: usize,
}

impl fmt::Debug for Appender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Appender { tokenizer, text, done, .. } = self;
        write!(f, "Appender({tokenizer:?}, {} bytes, {done} settled)", text.len())
    }
}

impl Appender {
    /// An encoder of an empty text.
    pub fn new(tokenizer: &Tokenizer) -> Appender {
        Appender {
            tokenizer: tokenizer.clone(),
            text: Vec::new(),
            ids: Vec::new(),
            done: 0,
            marks: Vec::new(),
            searched: 0,
            open: Open::default(),
            long: Vec::new(),
        }
    }

    /// The text so far.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Adds bytes at the end.
    pub fn push(&mut self, bytes: &[u8]) {
        let from = self.text.len();
        self.text.extend_from_slice(bytes);
        let segmenter = self.tokenizer.segmenter();
        // What was searched is known to hold no cut, but for places too near to its end to tell.
        let base = self.searched.saturating_sub(CUT_CONTEXT).max(self.done);
        let part = &self.text[base..];
        let cut = last_cut(segmenter, part, part.len(), firmness(self.tokenizer.vocabulary()));
        self.searched = self.text.len().saturating_sub(CUT_CONTEXT).max(self.done);
        match cut.map(|cut| base + cut).filter(|&cut| cut > self.done) {
            Some(cut) => self.settle(cut),
            None => self.open.push(&self.tokenizer, &self.text[from..]),
        }
    }

    /// Encodes what lies in front of a cut for good.
    fn settle(&mut self, end: usize) {
        while self.done < end {
            let part = &self.text[self.done..end];
            let cut = match part.len() {
                ..=STRIDE => None,
                _ => self.tokenizer.segmenter().cut(
                    part,
                    STRIDE,
                    firmness(self.tokenizer.vocabulary()),
                ),
            };
            let len = cut.unwrap_or(part.len());
            self.tokenizer.encode_into(&part[..len], &mut self.ids);
            self.done += len;
            if self.marks.last().is_none_or(|&(mark, _)| self.done - mark >= STRIDE) {
                self.marks.push((self.done, self.ids.len()));
            }
        }
        self.searched = self.searched.max(self.done);
        self.long.clear();
        self.open = Open::default();
        self.open.push(&self.tokenizer, &self.text[self.done..]);
    }

    /// Takes bytes off the end, so that `len` are left; nothing if there are no more.
    ///
    /// Costs what adding the bytes behind the last place that is settled and at most 256 bytes and a
    /// segment back would cost; a long segment is not encoded anew.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.text.len() {
            return;
        }
        self.text.truncate(len);
        // A cut is told by bytes behind it too.
        let told = |cut: usize| cut + CUT_CONTEXT <= len;
        if !told(self.done) {
            self.marks.retain(|&(mark, _)| told(mark));
            let (done, ids) = self.marks.last().copied().unwrap_or_default();
            self.done = done;
            self.ids.truncate(ids);
            self.long.clear();
        }
        let pieces = &self.tokenizer.vocabulary().pieces;
        for (start, going) in &mut self.long {
            going.truncate(pieces, self.text.get(*start..).unwrap_or_default());
        }
        self.searched = self.done;
        self.open = Open::default();
        self.open.push(&self.tokenizer, &self.text[self.done..]);
        self.push(&[]);
    }

    /// The ids that stand whatever is added: those of the text in front of the last cut.
    pub fn settled(&self) -> &[u32] {
        &self.ids
    }

    /// The ids behind the settled ones, which may change when bytes are added.
    pub fn open(&mut self) -> Vec<u32> {
        let tokenizer = self.tokenizer.clone();
        let vocabulary = tokenizer.vocabulary();
        let (mut ids, mut stretch) = (Vec::new(), Stretch::new(vocabulary, self.done));
        self.each_open(|text, segment, boundary, going| match going {
            Some(going) => {
                going.ids(&vocabulary.pieces, segment.len(), &mut ids);
                stretch.ended(boundary, &mut ids);
            }
            None => vocabulary.with_memory(|memory| {
                stretch.push(text, segment, boundary, memory, &mut ids);
            }),
        });
        vocabulary.with_memory(|memory| stretch.close(&self.text, memory, &mut ids));
        ids
    }

    /// All ids: the settled ones and the open ones.
    pub fn ids(&mut self) -> Vec<u32> {
        let open = self.open();
        [&self.ids[..], &open].concat()
    }

    /// The number of all ids.
    pub fn count(&mut self) -> usize {
        let tokenizer = self.tokenizer.clone();
        let vocabulary = tokenizer.vocabulary();
        if vocabulary.in_stages() {
            return self.ids.len() + self.open().len();
        }
        let (mut count, mut ids) = (self.ids.len(), Vec::new());
        self.each_open(|text, segment, _, going| match going {
            Some(going) => count += going.count(segment.len()),
            None => {
                ids.clear();
                vocabulary.with_memory(|memory| {
                    vocabulary.encode_segment(text, segment, memory, &mut ids);
                });
                count += ids.len();
            }
        });
        count
    }

    /// Calls `run` with the text, each open segment of it, the boundary at its end, and what goes on of a
    /// long one.
    fn each_open(&mut self, mut run: impl FnMut(&[u8], Span, Boundary, Option<&Going>)) {
        let Appender { tokenizer, text, done, open, long, .. } = self;
        let vocabulary = tokenizer.vocabulary();
        let mut before = std::mem::take(long);
        let (mut gaps, mut start) = (open.gaps.iter().peekable(), *done);
        tokenizer.segmenter().segment(&open.bytes, &mut |span, boundary| {
            let mut segment = Span::new(start, start + span.len());
            while let Some((_, bytes)) = gaps.next_if(|(at, _)| *at < span.end) {
                segment.end += bytes;
            }
            start = segment.end;
            if segment.len() <= SHORT
                || vocabulary.by_fewest_across()
                || vocabulary.added_token(segment.of(text)).is_some()
            {
                return run(text, segment, boundary, None);
            }
            let known = before.iter().position(|(start, _)| *start == segment.start);
            let mut going = match known {
                Some(known) => before.swap_remove(known).1,
                None => Going::new(&vocabulary.pieces),
            };
            let new = segment.of(text).get(going.len()..).unwrap_or_default();
            going.push(&vocabulary.pieces, new);
            run(text, segment, boundary, Some(&going));
            long.push((segment.start, going));
        });
    }
}

impl Open {
    fn push(&mut self, tokenizer: &Tokenizer, bytes: &[u8]) {
        for part in bytes.chunks(SPARE_WINDOW / 2) {
            self.bytes.extend_from_slice(part);
            self.fresh += part.len();
            let Some(start) = self.bytes.len().checked_sub(SPARE_WINDOW) else { continue };
            if self.fresh < SPARE_WINDOW / 2 {
                continue;
            }
            self.fresh = 0;
            let spare = tokenizer.segmenter().spare(&self.bytes[start..]);
            if let Some(span) = spare.filter(|span| !span.is_empty()) {
                self.leave_out(start + span.start, start + span.end);
            }
        }
    }

    fn leave_out(&mut self, from: usize, to: usize) {
        self.bytes.drain(from..to);
        let mut bytes = to - from;
        while let Some((_, more)) = self.gaps.pop_if(|(at, _)| *at >= from) {
            bytes += more;
        }
        self.gaps.push((from, bytes));
    }
}
