//! The longest token over few letters that ends at each place of a text.
//!
//! A table by the last letters says which that is, without a state that depends on what came before: so the
//! table is asked for many places at the same time, and what is to be known of the tokens is asked for while
//! others are found. Genomes with 65,536 entries are encoded 1.6 times as fast so
//! (`docs/results/encode-engine.md`).

use std::ops::Range;

use hashbrown::HashMap;

use crate::{alphabets::OTHER, hints::prefetch};

/// Letters of a table; a letter has two bits.
pub(crate) const LETTERS: usize = 4;

/// Letters by which a table is indexed, at most: 4^9 entries are 1 MiB, half of a second-level cache.
const MOST: u32 = 9;

/// Tokens that are longer than the index and end alike, at most, and letters of the longest token: what a
/// look at a place costs at most. Genomes have no such tokens unless by runs of one letter.
const ALIKE: usize = 256;
pub(crate) const LONGEST: usize = 512;

/// Places that are looked at together. Of 16, 32, 64 and 128 this was the fastest.
pub(crate) const TOGETHER: usize = 64;

/// The last letters at the beginning of a text.
pub(crate) const NO_LETTERS: usize = 1;

/// A token that is longer than the index.
#[derive(Clone, Copy, Debug)]
struct Long {
    number: u32,
    /// The bytes in front of the index.
    start: u32,
    len: u32,
}

/// The longest tokens, in any numbers below 2^31.
#[derive(Clone, Debug)]
pub(crate) struct Ends {
    codes: Box<[u8; 256]>,
    /// By the last letters, behind a 1 that tells how many they are: the longest token that they end with,
    /// in the higher bits, and whether there are longer ones that end with them.
    longest: Box<[u32]>,
    /// 4 to the number of letters of the index.
    top: usize,
    letters: usize,
    /// Tokens longer than the index, in groups that end alike, the shortest first; and the groups by index.
    longer: Vec<Long>,
    groups: HashMap<u32, Range<u32>>,
    front: Vec<u8>,
}

impl Ends {
    /// Builds the table of some letters and of tokens over them, given by length, the longest of at most
    /// [`LONGEST`] letters; `number` is what a letter or a token is told by. Tells `shorter` for each token,
    /// by numbers, the longest other one that it ends with.
    ///
    /// `None` if too many long ones end alike.
    pub(crate) fn new<'a>(
        members: &[u8],
        order: &[u32],
        bytes: impl Fn(u32) -> &'a [u8],
        number: impl Fn(u32) -> u32,
        mut shorter: impl FnMut(u32, u32),
    ) -> Option<Ends> {
        let mut codes = Box::new([OTHER; 256]);
        members.iter().zip(0..).for_each(|(&letter, code)| codes[usize::from(letter)] = code);
        let len = |token: u32| bytes(token).len();
        // The fewest letters that leave few long tokens.
        let letters = (1..MOST).find(|&letters| {
            let long = order.len() - order.partition_point(|&token| len(token) <= letters as usize);
            long <= 1 << (2 * letters) >> 4
        });
        let letters = letters.unwrap_or(MOST) as usize;
        let top = 1usize << (2 * letters);
        let mut ends = Ends {
            codes,
            longest: vec![0; 2 * top].into_boxed_slice(),
            top,
            letters,
            longer: Vec::new(),
            groups: HashMap::new(),
            front: Vec::new(),
        };
        // Shorter indices first, so that one without a token of its own finds that of its end.
        let short = order.partition_point(|&token| len(token) <= letters);
        let mut next = order[..short].iter().copied().peekable();
        for &letter in members {
            let at = ends.index(&[letter]);
            ends.longest[at] = number(u32::from(letter)) << 1;
        }
        for count in 2..=letters {
            let (top, below) = (1usize << (2 * count), 1usize << (2 * count - 2));
            for code in 0..top {
                ends.longest[top | code] = ends.longest[below | code & (below - 1)];
            }
            while let Some(token) = next.next_if(|&token| len(token) == count) {
                let at = ends.index(bytes(token));
                shorter(number(token), ends.longest[at] >> 1);
                ends.longest[at] = number(token) << 1;
            }
        }
        let mut groups: Vec<(usize, u32)> = order[short..]
            .iter()
            .map(|&token| (ends.index(&bytes(token)[len(token) - letters..]), token))
            .collect();
        groups.sort_by_key(|&(index, _)| index);
        for group in groups.chunk_by(|a, b| a.0 == b.0) {
            if group.len() > ALIKE {
                return None;
            }
            let from = ends.longer.len();
            for &(index, token) in group {
                let (text, number) = (bytes(token), number(token));
                let long = ends.longer_at(from..ends.longer.len(), text);
                shorter(number, long.map_or(ends.longest[index] >> 1, |long| long.number));
                let (start, len) = (ends.front.len() as u32, (text.len() - letters) as u32);
                ends.front.extend_from_slice(&text[..len as usize]);
                ends.longer.push(Long { number, start, len });
            }
            ends.groups.insert(group[0].0 as u32, from as u32..ends.longer.len() as u32);
            ends.longest[group[0].0] |= 1;
        }
        Some(ends)
    }

    /// The index of up to as many letters as it has.
    fn index(&self, letters: &[u8]) -> usize {
        letters
            .iter()
            .fold(NO_LETTERS, |index, &b| index << 2 | usize::from(self.codes[usize::from(b)]))
    }

    /// The longest token of a group that a text ends with, the letters of the index known to be alike.
    #[inline]
    fn longer_at(&self, group: Range<usize>, text: &[u8]) -> Option<&Long> {
        let front = &text[..text.len() - self.letters];
        self.longer[group].iter().rev().find(|long| {
            front.ends_with(&self.front[long.start as usize..(long.start + long.len) as usize])
        })
    }

    /// Puts the longest tokens that end behind the letters of a text from `at` on into `found`, until that is
    /// full or something else than a letter comes, and gives their number and the steps they took.
    ///
    /// `last` are the last letters in front of `at`, and then those in front of where this ends; `look` is
    /// called with each token, to ask ahead for what is to be known of it.
    #[inline(always)]
    pub(crate) fn find(
        &self,
        text: &[u8],
        at: usize,
        last: &mut usize,
        found: &mut [u32],
        look: impl Fn(u32),
    ) -> (usize, usize) {
        let (mut n, mut work) = (0, 0);
        for (&letter, index) in text[at..].iter().zip(&mut *found) {
            let code = self.codes[usize::from(letter)];
            if code == OTHER {
                break;
            }
            *last = *last << 2 | usize::from(code);
            if *last >= 2 * self.top {
                *last = *last & (self.top - 1) | self.top;
            }
            *index = *last as u32;
            prefetch(&self.longest[*last]);
            n += 1;
        }
        for (found, end) in found[..n].iter_mut().zip(at + 1..) {
            let entry = self.longest[*found as usize];
            let mut number = entry >> 1;
            if entry & 1 == 1
                && let Some(group) = self.groups.get(found)
            {
                let group = group.start as usize..group.end as usize;
                work += group.len();
                if let Some(long) = self.longer_at(group, &text[..end]) {
                    number = long.number;
                }
            }
            *found = number;
            look(number);
        }
        (n, work)
    }
}
