//! The way back along last tokens.
//!
//! Each step waits for the token that it reads, so a long way is gone from the end and from the middle at the same
//! time. From most places a way soon meets the one from the end, on which the encoding lies; from there on both are
//! one.

use std::ops::Range;

use crate::ordered::make_room;

/// Bytes from which on two ways are worth the joint. (Four ways are no faster.)
const LEAST: usize = 512;

/// Bytes up to which there is room for both: 1 MiB. More are open only where little stands for long.
const MOST: usize = 1 << 18;

/// Appends the tokens between two places that the way back from the latter comes by; `last` is the token that ends
/// at a place, and its bytes. `room` is memory, of which as much is used as there are bytes, up to [`MOST`].
///
/// Takes two steps a token at most.
#[inline]
pub(crate) fn append(
    range: Range<usize>,
    last: impl Fn(usize) -> (u32, usize),
    room: &mut Vec<u32>,
    ids: &mut Vec<u32>,
) {
    append_by(LEAST, range, last, room, ids);
}

#[inline(always)]
fn append_by(
    least: usize,
    range: Range<usize>,
    last: impl Fn(usize) -> (u32, usize),
    room: &mut Vec<u32>,
    ids: &mut Vec<u32>,
) {
    if (least..=MOST).contains(&range.len()) {
        return in_turns(range, last, room, ids);
    }
    let (from, mut place) = (ids.len(), range.end);
    while place > range.start {
        let (token, len) = last(place);
        ids.push(token);
        place -= len;
    }
    ids[from..].reverse();
}

fn in_turns(
    range: Range<usize>,
    last: impl Fn(usize) -> (u32, usize),
    room: &mut Vec<u32>,
    ids: &mut Vec<u32>,
) {
    let Range { start, end } = range;
    let middle = start + (end - start) / 2;
    make_room(room, end - start);
    // Both put their tokens, from the last to the first, at the end of as much room as they have bytes.
    let (lower, upper) = room[..end - start].split_at_mut(middle - start);
    let (mut low, mut high) = (middle, end);
    let (mut low_at, mut high_at) = (lower.len(), upper.len());
    // Spelled out, as of two in an array neither stays in registers.
    macro_rules! step {
        ($place:ident, $room:ident, $at:ident) => {
            let (token, len) = last($place);
            $place -= len;
            $at -= 1;
            $room[$at] = token;
        };
    }
    while low > start && high > middle {
        step!(low, lower, low_at);
        step!(high, upper, high_at);
    }
    while low > start {
        step!(low, lower, low_at);
    }
    while high > middle {
        step!(high, upper, high_at);
    }
    // On to where both ways meet, if they do: the tokens there, and those behind it that are wrong.
    let (mut place, mut between, mut other, mut right) = (high, Vec::new(), middle, lower.len());
    while place > start && other != place {
        if other > place {
            other -= last(other).1;
            right -= 1;
        } else {
            let (token, len) = last(place);
            between.push(token);
            place -= len;
        }
    }
    if place > start {
        ids.extend_from_slice(&lower[low_at..right]);
    }
    ids.extend(between.into_iter().rev());
    ids.extend_from_slice(&upper[high_at..]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Last tokens of any lengths: ways that meet at once, late, or never.
        #[test]
        fn ways_in_turns_give_what_the_one_from_the_end_does(
            lens in prop::collection::vec(prop_oneof![1usize..4, 1usize..30, 1usize..200], 0..300),
            from in 0usize..20,
        ) {
            let last = |place: usize| (place as u32, lens[place - 1].min(place));
            let mut place = lens.len();
            let mut expected = vec![];
            while place > from {
                expected.push(last(place).0);
                place -= last(place).1;
            }
            expected.push(7);
            expected.reverse();
            for least in [1, 5, LEAST] {
                let mut ids = vec![7];
                append_by(least, from.min(lens.len())..lens.len(), last, &mut vec![3], &mut ids);
                prop_assert_eq!(&ids, &expected);
            }
        }
    }
}
