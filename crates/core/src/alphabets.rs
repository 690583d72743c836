//! Which letters of a vocabulary have a table of last tokens.

use crate::{ends::LETTERS, letters::Letters, merge::Pair};

/// Fewer merges do without a table.
pub(crate) const FEWEST_MERGES: usize = 64;

/// Of no table.
pub(crate) const OTHER: u8 = u8::MAX;

/// The tables of a vocabulary, and which letter is of which.
#[derive(Clone, Debug)]
pub(crate) struct Alphabets {
    /// Index of the table of a letter, or `OTHER`.
    pub(crate) of: Box<[u8; 256]>,
    pub(crate) tables: Vec<Letters>,
}

impl Alphabets {
    /// The tables for letters that merges join with at most three others.
    pub(crate) fn new<'a>(
        merges: &[Pair],
        order: &[u32],
        fewest: usize,
        bytes: impl Fn(u32) -> &'a [u8],
    ) -> Alphabets {
        // Letters that merges join, as sets: the first letter of each.
        let mut first: Vec<u8> = (0..=255).collect();
        let mut letter: Vec<u8> = (0..=255).collect();
        for &(left, right) in merges {
            let (a, b) = (
                first[usize::from(letter[left as usize])],
                first[usize::from(letter[right as usize])],
            );
            letter.push(a);
            if a != b {
                first.iter_mut().filter(|set| **set == b).for_each(|set| *set = a);
            }
        }
        let mut alphabets = Alphabets { of: Box::new([OTHER; 256]), tables: Vec::new() };
        for set in 0..=255u8 {
            let members: Vec<u8> = (0..=255).filter(|&b| first[usize::from(b)] == set).collect();
            if members.len() < 2 || members.len() > LETTERS {
                continue;
            }
            let own: Vec<u32> = order
                .iter()
                .copied()
                .filter(|&token| first[usize::from(letter[token as usize])] == set)
                .collect();
            if own.len() < fewest {
                continue;
            }
            if let Some(table) = Letters::new(&members, merges, &own, &bytes) {
                members
                    .iter()
                    .for_each(|&b| alphabets.of[usize::from(b)] = alphabets.tables.len() as u8);
                alphabets.tables.push(table);
            }
        }
        alphabets
    }
}
