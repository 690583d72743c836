//! How much of an input a number of tokens holds.

use std::vec::Drain;

use crate::{
    cuts::firmness, last_tokens::Prefixes, segment::Span, stretch::Stretch, tokenizer::Tokenizer,
};

/// The beginning of an input.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Prefix {
    /// Its bytes.
    pub bytes: usize,
    /// Its tokens.
    pub tokens: usize,
}

/// Bytes that are segmented at a time, where there are cuts.
const PART: usize = 1 << 14;

/// Bytes a token from which on a segment is long beside the budget.
const LONG: usize = 16;

impl Tokenizer {
    /// How long the beginning of an input is that its first `most` tokens stand for; with
    /// `whole_characters`, as many of these as do not end within a character.
    ///
    /// The tokens are those at the beginning of the encoding of the whole input, as in
    /// [`truncate`](Tokenizer::truncate), which keeps them. A character is a Unicode scalar value in
    /// well-formed UTF-8, so tokens may end anywhere in bytes that are none.
    ///
    /// Costs what encoding the beginning costs; what lies behind is not even segmented, if the
    /// segmenter names [cuts](crate::Segmenter::cut). Keeps the ids of one segment, or with a second
    /// stage of what lies between hard boundaries. Of a segment that is long beside the budget it
    /// encodes up to twice what it takes, at 8 bytes of memory a byte, unless the end decides the rest.
    pub fn truncate_len(&self, input: &[u8], most: usize, whole_characters: bool) -> Prefix {
        let mut budget =
            Budget { most, whole_characters, all: Prefix::default(), good: Prefix::default() };
        let mut start = 0;
        while start < input.len() && budget.all.tokens < most {
            let cut = match input.len() - start {
                ..=PART => None,
                _ => self.segmenter().cut(&input[start..], PART, firmness(self.vocabulary())),
            };
            let part = Span::new(start, cut.map_or(input.len(), |cut| start + cut));
            self.spend(input, part, &mut budget);
            start = part.end;
        }
        budget.good
    }

    /// Spends the budget on a part of the input that is segmented apart.
    fn spend(&self, input: &[u8], part: Span, budget: &mut Budget) {
        let vocabulary = self.vocabulary();
        let (mut ids, mut stretch) = (Vec::new(), Stretch::new(vocabulary, 0));
        let text = part.of(input);
        let mut left = budget.most - budget.all.tokens;
        let mut take = |ids: Drain<'_, u32>| {
            ids.for_each(|id| budget.take(input, vocabulary.token_len(id)));
            budget.most - budget.all.tokens
        };
        vocabulary.with_memory(|memory| {
            self.segmenter().segment(text, &mut |span, boundary| {
                if left == 0 {
                    return;
                }
                let segment = span.of(text);
                if segment.len() / LONG > left
                    && segment.len() > PART
                    && vocabulary.by_one_stage()
                    && vocabulary.added_token(segment).is_none()
                {
                    self.first_ids(segment, left, &mut ids);
                    stretch.ended(boundary, &mut ids);
                } else {
                    stretch.push(text, span, boundary, memory, &mut ids);
                }
                left = take(stretch.take(&mut ids));
            });
            stretch.close(text, memory, &mut ids);
            take(stretch.take(&mut ids));
        });
    }

    /// Appends the first ids of a segment, `most` or more of them or all.
    fn first_ids(&self, segment: &[u8], most: usize, ids: &mut Vec<u32>) {
        let vocabulary = self.vocabulary();
        let chains = vocabulary.chains();
        let (mut prefixes, longest) = (Prefixes::new(), chains.longest());
        let mut end = PART;
        while end < segment.len() {
            for &byte in &segment[prefixes.len()..end] {
                prefixes.push(chains, byte);
            }
            let settled = prefixes.settled(chains, longest);
            if prefixes.count(settled) >= most {
                return prefixes.ids(chains, settled, vocabulary.shift(), ids);
            }
            end *= 2;
        }
        for &byte in &segment[prefixes.len()..] {
            prefixes.push(chains, byte);
        }
        prefixes.ids(chains, segment.len(), vocabulary.shift(), ids);
    }
}

struct Budget {
    most: usize,
    whole_characters: bool,
    all: Prefix,
    /// The longest so far that ends as it should.
    good: Prefix,
}

impl Budget {
    fn take(&mut self, input: &[u8], len: usize) {
        if self.all.tokens < self.most {
            self.all = Prefix { bytes: self.all.bytes + len, tokens: self.all.tokens + 1 };
            if !self.whole_characters || !within_character(input, self.all.bytes) {
                self.good = self.all;
            }
        }
    }
}

/// Whether a place lies within a character.
fn within_character(input: &[u8], at: usize) -> bool {
    (1..=3.min(at)).any(|back| {
        let start = at - back;
        let len = match input[start] {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return false,
        };
        let character = input.get(start..start + len);
        len > back && character.is_some_and(|bytes| std::str::from_utf8(bytes).is_ok())
    })
}
