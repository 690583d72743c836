//! The way back along last tokens.
//!
//! Each step waits for the token that it reads, so a long way is gone from several places at the same time. From
//! most places it soon meets the one from the end, on which the encoding lies; from there on both are one.

use std::ops::Range;

/// Ways that take turns: what is to be known of two fits in registers. Four are no faster.
const WAYS: usize = 2;

/// Bytes below which one of them is not worth its beginning.
const LEAST: usize = 256;

/// Appends the tokens between two places that the way back from the latter comes by; `last` is the token that ends
/// at a place, and its bytes. `room` is memory, of which as much is used as there are bytes.
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
    if range.len() >= WAYS * least {
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

/// The way back from one of several places.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// Where it begins, and where the way before it does.
    end: usize,
    start: usize,
    place: usize,
    /// Where the token last put stands, the first of them in the text.
    at: usize,
}

fn in_turns(
    range: Range<usize>,
    last: impl Fn(usize) -> (u32, usize),
    room: &mut Vec<u32>,
    ids: &mut Vec<u32>,
) {
    let len = range.len();
    if room.len() < len {
        room.resize(len, 0);
    }
    let room = &mut room[..len];
    let border = |way: usize| range.start + len * way / WAYS;
    // Each puts its tokens at the end of as much room as it has bytes.
    let mut ways: [Way; WAYS] = std::array::from_fn(|way| {
        let (start, end) = (border(way), border(way + 1));
        Way { end, start, place: end, at: end - range.start }
    });
    let mut step = |way: &mut Way| {
        let (token, len) = last(way.place);
        way.place -= len;
        way.at -= 1;
        room[way.at] = token;
    };
    while ways.iter().all(|way| way.place > way.start) {
        ways.iter_mut().for_each(&mut step);
    }
    for way in &mut ways {
        while way.place > way.start {
            step(way);
        }
    }
    // From the end on: tokens of each way that are not on the one from the end, and those to put there instead.
    let mut place = range.end;
    let (mut wrong, mut between) = ([0; WAYS], [const { Vec::new() }; WAYS]);
    for ((way, wrong), between) in ways.iter().zip(&mut wrong).zip(&mut between).rev() {
        let mut other = way.end;
        while place > way.start && other != place {
            if other > place {
                other -= last(other).1;
                *wrong += 1;
            } else {
                let (token, len) = last(place);
                between.push(token);
                place -= len;
            }
        }
        if place > way.start {
            place = way.place;
        } else {
            *wrong = way.end - range.start - way.at;
        }
    }
    for ((way, wrong), between) in ways.iter().zip(wrong).zip(between) {
        ids.extend_from_slice(&room[way.at..way.end - range.start - wrong]);
        ids.extend(between.into_iter().rev());
    }
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
