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
    /// memory is used again.
    ///
    /// `encode` appends the ids of an input; `share` puts them in place of what a vector holds, and lets
    /// threads without work help. It is asked for long inputs that leave the others too little to do.
    pub fn fill<I: AsRef<[u8]> + Sync>(
        &mut self,
        inputs: &[I],
        encode: impl Fn(&[u8], &mut Vec<u32>) + Sync,
        share: impl Fn(&[u8], &mut Vec<u32>) + Sync,
    ) {
        let groups = groups(inputs);
        let bytes = groups.last().map_or(0, |group| group.end);
        let others = rayon::current_num_threads() - 1;
        let ends = encode_in_order(groups.len(), bytes / 3, &mut self.ids, |group, ids| {
            let Group { inputs: range, bytes: len, end } = &groups[group];
            if let [input] = &inputs[range.clone()]
                && bytes - end < others * len
            {
                share(input.as_ref(), ids);
                return vec![ids.len()];
            }
            let ends = inputs[range.clone()].iter().map(|input| {
                encode(input.as_ref(), ids);
                ids.len()
            });
            ends.collect()
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

/// Inputs that are encoded by one thread.
struct Group {
    inputs: Range<usize>,
    bytes: usize,
    /// Bytes of this group and of all before it.
    end: usize,
}

/// Inputs in groups of about [`LEAST`] bytes; longer ones by themselves.
fn groups<I: AsRef<[u8]>>(inputs: &[I]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut end = 0;
    for (at, input) in inputs.iter().enumerate() {
        let len = input.as_ref().len();
        end += len;
        match groups.last_mut() {
            Some(group) if group.bytes.max(len) < LEAST => {
                group.inputs.end = at + 1;
                group.bytes += len;
                group.end = end;
            }
            _ => groups.push(Group { inputs: at..at + 1, bytes: len, end }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn inputs_are_shared_that_leave_others_idle(
            lens in prop::collection::vec(prop_oneof![0usize..9, 0usize..6 * LEAST], 0..12),
            threads in 1usize..5,
        ) {
            let inputs: Vec<Vec<u8>> = lens.iter().map(|&len| vec![7; len]).collect();
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut batch = Batch { ids: vec![1, 2, 3], offsets: vec![4] };
            pool.install(|| {
                batch.fill(
                    &inputs,
                    |input, ids| ids.extend([1, input.len() as u32]),
                    |input, ids| *ids = vec![2, input.len() as u32, 0],
                );
            });
            prop_assert_eq!(batch.offsets.len(), inputs.len() + 1);
            let mut behind: usize = lens.iter().sum();
            for (at, &len) in lens.iter().enumerate() {
                behind -= len;
                let ids = batch.get(at).unwrap();
                prop_assert_eq!(ids[1] as usize, len);
                match ids.len() {
                    3 => prop_assert!(behind < (threads - 1) * len),
                    _ => prop_assert!(len < LEAST || behind >= (threads - 1) * len),
                }
            }
        }
    }
}
