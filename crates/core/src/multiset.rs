//! A multiset of short byte strings.

use hashbrown::{HashMap, hash_map::Entry};

use crate::{
    counts::Count,
    key::{self, Key},
};

/// Segments up to 256 bytes with their counts.
///
/// Those of up to 15 bytes, which most are in texts, are their own keys: they are compared as one
/// number and need no memory but their slot. The hash is seeded, since a corpus may choose them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Multiset {
    short: HashMap<Key, Count>,
    long: HashMap<Box<[u8]>, Count>,
}

/// A member of a [`Multiset`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'a> {
    /// The bytes of a short one.
    short: [u8; 16],
    len: u8,
    /// All of a long one; empty if it is short.
    long: &'a [u8],
    pub(crate) count: Count,
}

impl<'a> Member<'a> {
    fn short(key: Key, count: Count) -> Member<'a> {
        Member { short: key.to_le_bytes(), len: key::short_len(key), long: &[], count }
    }

    fn long(bytes: &'a [u8], count: Count) -> Member<'a> {
        Member { short: [0; 16], len: 0, long: bytes, count }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        if self.long.is_empty() { &self.short[..self.len as usize] } else { self.long }
    }
}

impl Multiset {
    /// Counts `input[start..end]` as `weight` more in document number `document`.
    #[inline]
    pub(crate) fn add(
        &mut self,
        input: &[u8],
        start: usize,
        end: usize,
        weight: u64,
        document: u32,
    ) {
        let len = end - start;
        let first = Count { count: weight, documents: 1, last: document };
        if len <= key::LONGEST {
            match self.short.entry(key::key(input, start, len)) {
                Entry::Occupied(entry) => entry.into_mut().add(weight, document),
                Entry::Vacant(entry) => {
                    entry.insert(first);
                }
            }
            return;
        }
        match self.long.get_mut(&input[start..end]) {
            Some(count) => count.add(weight, document),
            None => {
                self.long.insert(input[start..end].into(), first);
            }
        }
    }

    /// Sets the count of a segment that is not there.
    pub(crate) fn set(&mut self, segment: &[u8], count: Count) {
        if segment.len() <= key::LONGEST {
            self.short.insert(key::any(segment), count);
        } else {
            self.long.insert(segment.into(), count);
        }
    }

    pub(crate) fn get(&self, segment: &[u8]) -> Option<Count> {
        if segment.len() <= key::LONGEST {
            self.short.get(&key::any(segment)).copied()
        } else {
            self.long.get(segment).copied()
        }
    }

    /// Adds the counts of other documents.
    pub(crate) fn merge(&mut self, mut other: Multiset) {
        if self.len() < other.len() {
            std::mem::swap(self, &mut other);
        }
        for (key, theirs) in other.short {
            self.short.entry(key).or_default().join(theirs);
        }
        for (segment, theirs) in other.long {
            self.long.entry(segment).or_default().join(theirs);
        }
    }

    fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }

    /// All members, in no order.
    pub(crate) fn members(&self) -> impl Iterator<Item = Member<'_>> {
        let short = self.short.iter().map(|(&key, &count)| Member::short(key, count));
        let long = self.long.iter().map(|(segment, &count)| Member::long(segment, count));
        short.chain(long)
    }
}
