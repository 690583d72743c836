//! The segmenters: units as segments of their own, text between them.

use polytok_core::{Boundary, Segmenter, Span};

use crate::{
    cursor::{ends_with_word, starts_with_word},
    cut,
    unit::{Family, scan},
};

/// Cuts `input` at the units of `family` and gives what lies between them to `gaps`.
///
/// A boundary at the edge of a unit is soft where words meet: a space stands there, and on either
/// side a word, an enumerator or an open piece of a unit. All others are hard.
pub(crate) fn segment(
    family: Family,
    gaps: &dyn Segmenter,
    input: &[u8],
    emit: &mut dyn FnMut(Span, Boundary),
) {
    let mut out = Output { input, gaps, done: 0, held: None, emit };
    let mut pieces = Vec::new();
    scan(family, input, &mut |unit| {
        let mut span = unit.span;
        if span.start > out.done && input[span.start - 1] == b' ' {
            span.start -= 1;
        }
        pieces.clear();
        cut::pieces(input, unit.kind, span, &mut |piece| pieces.push(piece));
        out.gap(span.start, input[span.start] == b' ' && pieces.iter().take(1).all(|first| first.open));
        for &piece in &pieces {
            out.piece(piece, span.start);
        }
    });
    out.gap(input.len(), false);
    out.flush(Boundary::Hard);
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
        let word_follows = text[0] == b' ' && starts_with_word(&text[1..]);
        self.flush(soft_if(word_follows));
        let joined = open && ends_with_word(text);
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

fn soft_if(soft: bool) -> Boundary {
    if soft { Boundary::Soft } else { Boundary::Hard }
}
