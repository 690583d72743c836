//! Whom to believe where claims overlap.

use std::{cmp::Reverse, collections::BinaryHeap};

use polytok_core::Span;

use super::claim::{Claim, Level, Memory};

/// A range and the claims that hold for all of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) span: Span,
    /// The section that names the bytes.
    pub(crate) section: Option<&'a Claim>,
    /// The segment below, where no section is or the section takes its place in memory from it.
    pub(crate) segment: Option<&'a Claim>,
}

/// Claims that hold at some byte, best on top: the shortest, then the earliest.
type Active = BinaryHeap<Reverse<(usize, usize)>>;

/// Divides `0..len` by claims and hands the pieces to `emit`, from left to right.
///
/// At every byte the shortest section that claims it holds, the earlier in the list among sections
/// of one length; likewise among segments. So a section that claims the whole file loses against
/// all others, and a nested one interrupts the one around it, which goes on after it.
///
/// Costs O(n log n) in the number of claims and gives at most 2n + 1 pieces.
pub(crate) fn resolve<'a>(len: usize, claims: &'a [Claim], mut emit: impl FnMut(Piece<'a>)) {
    let mut bounds: Vec<usize> = claims.iter().flat_map(|c| [c.span.start, c.span.end]).collect();
    bounds.extend([0, len]);
    bounds.sort_unstable();
    bounds.dedup();
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by_key(|&i| claims[i].span.start);
    let mut order = order.into_iter().peekable();
    let (mut sections, mut segments) = (Active::new(), Active::new());
    let mut last: Option<(Span, Option<usize>, Option<usize>)> = None;
    let piece = |(span, section, segment): (Span, Option<usize>, Option<usize>)| Piece {
        span,
        section: section.map(|i| &claims[i]),
        segment: segment.map(|i| &claims[i]),
    };
    for bound in bounds.windows(2) {
        let (start, end) = (bound[0], bound[1]);
        while let Some(i) = order.next_if(|&i| claims[i].span.start == start) {
            let active = match claims[i].level {
                Level::Section => &mut sections,
                Level::Segment => &mut segments,
            };
            active.push(Reverse((claims[i].span.len(), i)));
        }
        let section = best(&mut sections, claims, start);
        let segment = match section {
            Some(i) if claims[i].memory != Memory::Inherited => None,
            _ => best(&mut segments, claims, start),
        };
        match &mut last {
            Some((span, s, t)) if (*s, *t) == (section, segment) => span.end = end,
            _ => {
                if let Some(last) = last.replace((Span::new(start, end), section, segment)) {
                    emit(piece(last));
                }
            }
        }
    }
    if let Some(last) = last {
        emit(piece(last));
    }
}

/// The best claim that holds at `at`. Claims that ended are dropped when they come up.
fn best(active: &mut Active, claims: &[Claim], at: usize) -> Option<usize> {
    while let Some(&Reverse((_, i))) = active.peek() {
        if claims[i].span.end > at {
            return Some(i);
        }
        active.pop();
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Kind, Permissions};

    /// The rule, byte by byte.
    fn oracle(claims: &[Claim], at: usize) -> (Option<usize>, Option<usize>) {
        let best = |level| {
            (0..claims.len())
                .filter(|&i| claims[i].level == level)
                .filter(|&i| claims[i].span.start <= at && at < claims[i].span.end)
                .min_by_key(|&i| (claims[i].span.len(), i))
        };
        let section = best(Level::Section);
        let inherits = section.is_none_or(|i| claims[i].memory == Memory::Inherited);
        (section, best(Level::Segment).filter(|_| inherits))
    }

    fn claim() -> impl Strategy<Value = Claim> {
        (0usize..30, 1usize..12, any::<bool>(), 0u8..3).prop_map(|(start, len, section, memory)| {
            Claim {
                span: Span::new(start, start + len),
                level: if section { Level::Section } else { Level::Segment },
                name: "".into(),
                kind: Kind::Raw,
                memory: match memory {
                    0 => Memory::Unmapped,
                    1 => Memory::Inherited,
                    _ => Memory::Mapped(Permissions::READ, Some(0)),
                },
                open: false,
            }
        })
    }

    proptest! {
        #[test]
        fn every_byte_goes_to_the_claim_of_the_rule(
            claims in prop::collection::vec(claim(), 0..12),
            longer in 0usize..5,
        ) {
            let len = claims.iter().map(|c| c.span.end).max().unwrap_or(0) + longer;
            let index = |claim: Option<&Claim>| {
                claim.map(|c| claims.iter().position(|d| std::ptr::eq(c, d)).expect("from the list"))
            };
            let (mut at, mut pieces) = (0, 0);
            resolve(len, &claims, |piece| {
                assert_eq!(piece.span.start, at, "pieces follow one another");
                assert!(!piece.span.is_empty());
                for byte in piece.span.start..piece.span.end {
                    assert_eq!(
                        (index(piece.section), index(piece.segment)),
                        oracle(&claims, byte),
                        "byte {byte} of {claims:?}"
                    );
                }
                at = piece.span.end;
                pieces += 1;
            });
            prop_assert_eq!(at, len);
            prop_assert!(pieces <= 2 * claims.len() + 1);
        }
    }
}
