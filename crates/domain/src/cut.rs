//! How a unit is cut into segments: where a token may reach across spaces, signs and digits.
//!
//! The rules and the figures they rest on are in the crate's documentation.

use polytok_core::Span;

use crate::unit::Kind;

/// A part of a unit that becomes one segment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Piece {
    /// Where it stands in the input.
    pub(crate) span: Span,
    /// Whether a merge of the second stage may join it to its neighbors. The parts of a number that
    /// has several are closed: no token of several words begins or ends inside a number.
    pub(crate) open: bool,
}

/// Calls `emit` with the pieces of the unit at `span`, with the space before it, if that is a part
/// of `span`.
pub(crate) fn pieces(input: &[u8], kind: Kind, span: Span, emit: &mut dyn FnMut(Piece)) {
    let mut emit = |start: usize, end: usize, open| {
        if start < end {
            emit(Piece { span: Span::new(span.start + start, span.start + end), open });
        }
    };
    let bytes = span.of(input);
    match kind {
        Kind::Enumerator | Kind::Initials | Kind::Form | Kind::Ticker | Kind::Identifier => {
            emit(0, bytes.len(), true);
        }
        Kind::Money | Kind::Percent | Kind::Number => quantity(bytes, &mut emit),
        Kind::Date | Kind::Period => apart(bytes, |run| run.len() == 4, &mut emit),
        Kind::Citation | Kind::Reference | Kind::Docket => {
            apart(bytes, |run| names_a_place(bytes, run), &mut emit);
        }
    }
}

/// Whether a run of digits is cut out of a citation: not inside brackets, not at a letter, as in
/// `10b` and `F.3d`, and of three digits at least, since numbers of one or two are so few that
/// names such as ` title 18` are worth a token.
fn names_a_place(bytes: &[u8], run: Span) -> bool {
    let letter = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphabetic);
    let before = bytes[..run.start].iter().rev().find(|byte| matches!(byte, b'(' | b')'));
    run.len() > 2
        && before != Some(&b'(')
        && !letter(bytes[..run.start].last())
        && !letter(bytes.get(run.end))
}

/// Gives the runs of digits that `is_apart` picks as pieces of their own, with a space at the
/// start of the unit; a run of more than four digits in groups of three from the right.
fn apart(bytes: &[u8], is_apart: impl Fn(Span) -> bool, emit: &mut dyn FnMut(usize, usize, bool)) {
    let mut done = 0;
    for run in runs(bytes).filter(|&run| is_apart(run)) {
        let first = if run.start == 1 && bytes[0] == b' ' { 0 } else { run.start };
        emit(done, first, true);
        if run.len() <= 4 {
            emit(first, run.end, true);
        } else {
            let mut start = first;
            for end in (run.start + 1..=run.end).filter(|end| (run.end - end).is_multiple_of(3)) {
                emit(start, end, false);
                start = end;
            }
        }
        done = run.end;
    }
    emit(done, bytes.len(), true);
}

/// Gives a number in groups of three digits, from the right before the decimal point and from the
/// left behind it. A separator belongs to the group behind it, what stands before the number to
/// its first group, what stands behind the number to its last.
fn quantity(bytes: &[u8], emit: &mut dyn FnMut(usize, usize, bool)) {
    let mut start = 0;
    for run in runs(bytes) {
        let separator = run.start.checked_sub(1).map(|at| bytes[at]);
        let fraction = separator == Some(b'.');
        // Behind other digits stands a separator, since a number has nothing else inside.
        if run.start > 1 && bytes[run.start - 2].is_ascii_digit() {
            emit(start, run.start - 1, false);
            start = run.start - 1;
        }
        for at in run.start + 1..run.end {
            let groups = if fraction { at - run.start } else { run.end - at };
            if groups.is_multiple_of(3) {
                emit(start, at, false);
                start = at;
            }
        }
    }
    emit(start, bytes.len(), start == 0);
}

/// The maximal runs of digits, from left to right.
fn runs(bytes: &[u8]) -> impl Iterator<Item = Span> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(u8::is_ascii_digit)?;
        let len = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        at = start + len;
        Some(Span::new(start, at))
    })
}
