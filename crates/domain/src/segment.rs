//! The segmenters: units as segments of their own, text between them.

use polytok_core::{Boundary, CUT_CONTEXT, Segmenter, Span};

use bstr::{decode_last_utf8, decode_utf8};
use polytok_text::Text;

use crate::{
    cut,
    unit::{Family, Kind, Unit, scan},
};

/// Legal text: citations, references, enumerators, docket numbers, dates and amounts, and
/// [`Text`] between them.
///
/// Which units there are, how they are cut and what was measured is in the documentation of the
/// crate. Any bytes are accepted; the time is linear in their number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Legal;

impl Legal {
    /// Calls `emit` with each unit of `input`, from left to right; units do not overlap.
    pub fn units(self, input: &[u8], emit: &mut dyn FnMut(Unit)) {
        scan(Family::Legal, input, emit);
    }
}

impl Segmenter for Legal {
    fn id(&self) -> &str {
        "legal-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        segment(Family::Legal, &Text, input, emit);
    }

    fn cut(&self, input: &[u8], from: usize, _: Boundary) -> Option<usize> {
        line_start(input, from)
    }
}

/// Financial text: amounts, rates, dates, fiscal periods, forms, tickers and identifiers, what
/// filings cite, and [`Text`] between them.
///
/// Which units there are, how they are cut and what was measured is in the documentation of the
/// crate. Any bytes are accepted; the time is linear in their number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Financial;

impl Financial {
    /// Calls `emit` with each unit of `input`, from left to right; units do not overlap.
    pub fn units(self, input: &[u8], emit: &mut dyn FnMut(Unit)) {
        scan(Family::Financial, input, emit);
    }
}

impl Segmenter for Financial {
    fn id(&self) -> &str {
        "financial-1"
    }

    fn segment(&self, input: &[u8], emit: &mut dyn FnMut(Span, Boundary)) {
        segment(Family::Financial, &Text, input, emit);
    }

    fn cut(&self, input: &[u8], from: usize, _: Boundary) -> Option<usize> {
        line_start(input, from)
    }
}

/// Cuts `input` at the units of `family` and gives what lies between them to `gaps`.
///
/// A unit takes the space before it, unless that space indents a line, and an enumerator at the end
/// of a line takes the line break, as punctuation does in [`Text`]: statutes set enumerators on
/// lines of their own.
///
/// A boundary at the edge of a unit is soft where a space stands between an open piece and a word
/// or another open piece; all others are hard, as those at numbers and at line breaks are in text.
fn segment(
    family: Family,
    gaps: &dyn Segmenter,
    input: &[u8],
    emit: &mut dyn FnMut(Span, Boundary),
) {
    let mut out = Output { input, gaps, done: 0, held: None, emit };
    let mut pieces = Vec::new();
    scan(family, input, &mut |unit| {
        let mut span = unit.span;
        span.start -= usize::from(takes_space(&input[out.done..span.start]));
        if unit.kind == Kind::Enumerator {
            span.end += line_break(&input[span.end..]);
        }
        pieces.clear();
        cut::pieces(input, unit.kind, span, &mut |piece| pieces.push(piece));
        out.gap(
            span.start,
            input[span.start] == b' ' && pieces.iter().take(1).all(|first| first.open),
        );
        for &piece in &pieces {
            out.piece(piece, span.start);
        }
    });
    out.gap(input.len(), false);
    out.flush(Boundary::Hard);
}

/// The first place at or after `from` at which the text of a line begins, with a sign, a letter or a digit of
/// ASCII, a section sign or a letter of Latin scripts.
///
/// No unit holds a line break, but for those that an enumerator takes with all blanks behind them, and to all
/// that look at what stands beside them a break is as good as the end. [`Text`] ends a segment behind a line
/// break and the blanks that follow, hard.
fn line_start(input: &[u8], from: usize) -> Option<usize> {
    let begins = |at: usize| match input[at..] {
        [first, ..] if first.is_ascii() => first.is_ascii_graphic(),
        [0xc2, 0xa7, ..] => true,
        // From U+00C0 to U+024F all are letters but two.
        [first @ 0xc3..=0xc9, second, ..] => {
            matches!(second, 0x80..=0xbf) && !matches!((first, second), (0xc3, 0x97 | 0xb7))
        }
        _ => false,
    };
    let behind_break = |at: usize| {
        let near = &input[at.saturating_sub(CUT_CONTEXT)..at];
        near.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t')) == Some(&b'\n')
    };
    (from.max(1)..input.len()).find(|&at| begins(at) && behind_break(at))
}

/// Hands on segments, the last of them only when what follows it is known.
struct Output<'a> {
    input: &'a [u8],
    gaps: &'a dyn Segmenter,
    /// Where the segments so far end.
    done: usize,
    /// The last piece of a unit, if nothing followed it yet.
    held: Option<cut::Piece>,
    emit: &'a mut dyn FnMut(Span, Boundary),
}

impl Output<'_> {
    /// Hands on the text up to `end`, where a unit starts or the input ends; `open` says whether
    /// that unit may be joined to a word before it.
    fn gap(&mut self, end: usize, open: bool) {
        let start = self.done;
        if start == end {
            return;
        }
        let text = &self.input[start..end];
        let word_follows = text[0] == b' ' && starts_with_letter(&text[1..]);
        self.flush(soft_if(word_follows));
        let joined = open && ends_with_letter(text);
        let emit = &mut *self.emit;
        self.gaps.segment(text, &mut |span, boundary| {
            let boundary = if span.end == text.len() { soft_if(joined) } else { boundary };
            emit(Span::new(start + span.start, start + span.end), boundary);
        });
        self.done = end;
    }

    /// Hands on a piece of the unit that starts at `unit`.
    fn piece(&mut self, piece: cut::Piece, unit: usize) {
        let inside = piece.span.start > unit;
        self.flush(soft_if(piece.open && (inside || self.input[unit] == b' ')));
        self.held = Some(piece);
        self.done = piece.span.end;
    }

    /// Hands on the piece that waits, `boundary` being what its right side allows.
    fn flush(&mut self, boundary: Boundary) {
        if let Some(piece) = self.held.take() {
            (self.emit)(piece.span, if piece.open { boundary } else { Boundary::Hard });
        }
    }
}

/// Whether the unit behind `text` takes the space at its end. It looks back over blanks that no
/// other unit looks at, so all units together do so once at each byte.
fn takes_space(text: &[u8]) -> bool {
    let mut blanks = text.iter().rev().take_while(|byte| byte.is_ascii_whitespace());
    text.last() == Some(&b' ') && !blanks.any(|byte| matches!(byte, b'\n' | b'\r'))
}

/// The length of the line break at the start of `text`, with the blank lines and the indentation
/// behind it, as [`Text`] reads it.
fn line_break(text: &[u8]) -> usize {
    match text {
        [b'\n' | b'\r', ..] => {
            text.iter().take_while(|byte| matches!(byte, b'\n' | b'\r' | b'\t' | b' ')).count()
        }
        _ => 0,
    }
}

fn ends_with_letter(text: &[u8]) -> bool {
    decode_last_utf8(text).0.is_some_and(char::is_alphabetic)
}

fn starts_with_letter(text: &[u8]) -> bool {
    decode_utf8(text).0.is_some_and(char::is_alphabetic)
}

fn soft_if(soft: bool) -> Boundary {
    if soft { Boundary::Soft } else { Boundary::Hard }
}
