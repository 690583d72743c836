//! Encodings of several inputs.

use std::ops::Range;

use crate::ordered::{LEAST, encode_in_order};

/// Encodings of several inputs, one behind the other.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Batch {
    /// The ids of all inputs.
    pub ids: Vec<u32>,
    /// Where each input begins in `ids`, and the end of the last: one more than there are inputs.
    pub offsets: Vec<usize>,
}

impl Batch {
    /// The ids of one input.
    pub fn get(&self, input: usize) -> Option<&[u32]> {
        self.ids.get(*self.offsets.get(input)?..*self.offsets.get(input + 1)?)
    }

    /// Encodes inputs on all threads of the current rayon pool, in place of what the batch holds, whose
    /// memory is used again. `encode` appends the ids of an input.
    pub fn fill<I: AsRef<[u8]> + Sync>(
        &mut self,
        inputs: &[I],
        encode: impl Fn(&[u8], &mut Vec<u32>) + Sync,
    ) {
        let (groups, bytes) = groups(inputs);
        let ends = encode_in_order(groups.len(), bytes / 3, &mut self.ids, |group, ids| {
            let group = &inputs[groups[group].clone()];
            let ends = group.iter().map(|input| {
                encode(input.as_ref(), ids);
                ids.len()
            });
            ends.collect::<Vec<_>>()
        });
        self.offsets.clear();
        self.offsets.push(0);
        let mut at = 0;
        for ends in ends {
            self.offsets.extend(ends.iter().map(|end| at + end));
            at += ends.last().unwrap_or(&0);
        }
    }
}

/// Inputs in groups of [`LEAST`] bytes or more but for the last, and the bytes of all.
fn groups<I: AsRef<[u8]>>(inputs: &[I]) -> (Vec<Range<usize>>, usize) {
    let (mut groups, mut first, mut group, mut bytes) = (Vec::new(), 0, 0, 0);
    for (input, at) in inputs.iter().zip(1..) {
        group += input.as_ref().len();
        if group >= LEAST || at == inputs.len() {
            groups.push(first..at);
            bytes += group;
            (first, group) = (at, 0);
        }
    }
    (groups, bytes)
}
