//! Borders that every encoding of a text has, from the three bytes on either side.
//!
//! A merge of `l` and `r` has its *joint* at a place of a text if what stands in front of the place ends
//! with `l` and what stands behind it begins with `r`.
//!
//! > *Lemma.* If no merge has its joint at a place, no token of an encoding lies across it, and what
//! > stands in front of it and behind is encoded as if it stood alone.
//!
//! For the first merge that crosses the place joins a token that ends there and one that begins there. Until
//! it happens each side evolves by itself, and it never does.
//!
//! Of the scripts of China, Japan and Korea, with three bytes a character, vocabularies have few tokens of
//! several characters. So their words fall into parts that were seen before though the words were not.

use std::ops::Range;

use crate::{hashed_bits::HashedBits, merge::Pair, token_bytes::TokenBytes};

/// Bytes that are looked at on either side.
const REACH: usize = 3;

/// How much of the bytes on either side a merge has in its parts: up to [`REACH`] each.
const KINDS: usize = REACH * REACH;

/// The first byte of characters from U+3000 on, where the scripts of East Asia begin, in UTF-8. No other
/// character has such a byte.
const FIRST: u8 = 0xe3;

/// The joints of merges in front of characters from U+3000 on, behind other bytes than ASCII.
///
/// Elsewhere parts cost more than they give (measured in `docs/results/encode.md`).
#[derive(Clone, Debug)]
pub(crate) struct Joints {
    /// By the two bytes at a place, the kinds of joints between them, a bit each.
    kinds: Box<[u16; 1 << 12]>,
    /// The bytes around joints that their merges have, with the kind.
    joints: HashedBits,
}

/// Bytes around a place: three in front, the first of them lowest, three behind, and two that are not
/// looked at.
type Window = u64;

/// The bytes of a window that a merge has in its parts, by kind.
const MASKS: [Window; KINDS] = {
    let mut masks = [0; KINDS];
    let mut kind = 0;
    while kind < KINDS {
        let (left, right) = (kind / REACH + 1, kind % REACH + 1);
        masks[kind] = ((1 << (8 * (left + right))) - 1) << (8 * (REACH - left));
        kind += 1;
    }
    masks
};

/// The window around a place that has something in front of it.
#[inline(always)]
fn window(text: &[u8], at: usize) -> Window {
    if let Some(bytes) = text.get(at.wrapping_sub(REACH)..).and_then(|rest| rest.first_chunk()) {
        return u64::from_le_bytes(*bytes);
    }
    // What is not there is 0. If that is taken for a byte of a joint, a border is lost and no more.
    u64::from_le_bytes(std::array::from_fn(|i| {
        (at + i).checked_sub(REACH).and_then(|at| text.get(at)).copied().unwrap_or(0)
    }))
}

/// Whether a place between two bytes is one where joints are known.
#[inline(always)]
pub(crate) fn are_known(left: u8, right: u8) -> bool {
    !left.is_ascii() && right >= FIRST
}

/// Whether joints are known anywhere in a text.
pub(crate) fn may_be_known(text: &[u8]) -> bool {
    text.iter().any(|&byte| byte >= FIRST)
}

/// The number of two bytes between which joints are known.
#[inline(always)]
fn pair(left: u8, right: u8) -> usize {
    usize::from(left & 0x7f) << 5 | usize::from(right & 0x1f)
}

/// The bytes of a window that a kind of joint knows, and the kind.
#[inline(always)]
fn key(window: Window, kind: usize) -> u64 {
    window & MASKS[kind] ^ (kind as u64) << 56
}

impl Joints {
    /// The joints of merges between bytes where they are to be known; others may be among them.
    pub(crate) fn new(merges: impl Iterator<Item = Pair>, tokens: &TokenBytes) -> Joints {
        let mut kinds = Box::new([0; 1 << 12]);
        let mut joints = Vec::new();
        for (left, right) in merges {
            let (left, right) = (tokens.get(left), tokens.get(right));
            let (n, m) = (left.len().min(REACH), right.len().min(REACH));
            let mut bytes = [0; 8];
            bytes[REACH - n..REACH].copy_from_slice(&left[left.len() - n..]);
            bytes[REACH..REACH + m].copy_from_slice(&right[..m]);
            let [.., left, right, _, _, _, _] = bytes;
            if are_known(left, right) {
                let kind = (n - 1) * REACH + m - 1;
                kinds[pair(left, right)] |= 1 << kind;
                joints.push(key(u64::from_le_bytes(bytes), kind));
            }
        }
        let mut table = Joints { kinds, joints: HashedBits::with_room(joints.len()) };
        joints.into_iter().for_each(|key| table.joints.insert(key));
        table
    }

    /// Whether no merge has its joint at a place. "No" proves nothing.
    #[inline(always)]
    fn part(&self, text: &[u8], at: usize) -> bool {
        let (left, right) = (text[at - 1], text[at]);
        if !are_known(left, right) {
            return false;
        }
        let mut kinds = self.kinds[pair(left, right)];
        // A merge of these two bytes has its joint here, whatever is around them.
        if kinds & 1 != 0 {
            return false;
        }
        let window = window(text, at);
        while kinds != 0 {
            if self.joints.may_have(key(window, kinds.trailing_zeros() as usize)) {
                return false;
            }
            kinds &= kinds - 1;
        }
        true
    }

    /// Calls `end` with the ends of parts of a piece of a text, which is not empty: parts that are encoded as
    /// if they stood alone. What is around the piece is looked at too, and takes borders away at most.
    #[inline(always)]
    pub(crate) fn parts(&self, text: &[u8], piece: Range<usize>, mut end: impl FnMut(usize)) {
        for at in piece.start + 1..piece.end {
            if self.part(text, at) {
                end(at);
            }
        }
        end(piece.end);
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;
    use crate::{Merge, MergeTable, samples};

    fn parts(joints: &Joints, text: &[u8], piece: Range<usize>) -> Vec<Range<usize>> {
        let (mut parts, mut start) = (Vec::new(), piece.start);
        joints.parts(text, piece, |end| {
            parts.push(start..end);
            start = end;
        });
        parts
    }

    fn joints(merges: &[Pair]) -> (Joints, TokenBytes) {
        let mut tokens = TokenBytes::with_room(0);
        merges.iter().for_each(|&(left, right)| tokens.join(left, right).unwrap());
        (Joints::new(merges.iter().copied(), &tokens), tokens)
    }

    proptest! {
        /// Merges in any order that names tokens made before.
        #[test]
        fn parts_are_encoded_as_if_they_stood_alone(
            choices in prop::collection::vec(any::<(Index, Index)>(), 0..25),
            text in prop::collection::vec(prop::sample::select(vec![b'a', 0x81, 0xe1]), 1..40),
            cut in any::<Index>(),
        ) {
            let (merges, _) = samples::vocabulary(&choices);
            let other = |id: u32| match id { 98 => 0x81, 99 => 0xe1, id => id };
            let merges: Vec<Pair> = merges.iter().map(|&(l, r)| (other(l), other(r))).collect();
            let (joints, tokens) = joints(&merges);
            let listed = merges.iter().zip(256..);
            let table = MergeTable::new(listed.map(|(&pair, token)| (pair, Merge { rank: token, token })));
            let encode = |part: &[u8]| {
                let mut ids: Vec<u32> = part.iter().map(|&byte| byte.into()).collect();
                table.apply(&mut ids, 0);
                ids
            };
            let piece = cut.index(text.len())..text.len();
            let parts = parts(&joints, &text, piece.clone());
            let joined: Vec<u32> = parts.iter().flat_map(|part| encode(&text[part.clone()])).collect();
            prop_assert_eq!(joined, encode(&text[piece.clone()]));
            let bytes = |id: u32| tokens.get(id);
            for at in piece.start + 1..piece.end {
                let (left, right) = (text[at - 1], text[at]);
                let meet = merges.iter().any(|&(l, r)| bytes(l).ends_with(&[left]) && bytes(r)[0] == right);
                let border = parts.iter().any(|part| part.start == at);
                prop_assert!(border || meet || !are_known(left, right));
            }
        }
    }

    #[test]
    fn characters_part_where_no_token_has_both() {
        let mut merges = Vec::new();
        let mut characters = Vec::new();
        for character in ["日", "本", "語"] {
            let [a, b, c] = *character.as_bytes() else { unreachable!("three bytes") };
            merges.push((a.into(), b.into()));
            merges.push((255 + merges.len() as u32, c.into()));
            characters.push(255 + merges.len() as u32);
        }
        merges.push((characters[0], characters[1]));
        let (joints, _) = joints(&merges);
        let text = "(日本語日日本本語語)".as_bytes();
        let parts = parts(&joints, text, 0..text.len());
        let parts: Vec<_> =
            parts.iter().map(|part| std::str::from_utf8(&text[part.clone()])).collect();
        let expected = ["(日本", "語", "日", "日本", "本", "語", "語)"];
        assert_eq!(parts, expected.map(Ok));
        assert!(may_be_known(text) && !may_be_known("Straße, да".as_bytes()));
    }
}
