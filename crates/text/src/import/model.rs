//! An imported vocabulary applied to one piece of text.

use hashbrown::HashMap;
use polytok_core::{MergeTable, PieceEncoder, PieceMemory, Span};

use super::{
    alphabet::{Symbols, Unknown},
    tokens::Tokens,
};

/// Tokens, and what makes them of pieces.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) tokens: Tokens,
    pub(super) rule: Rule,
}

/// How pieces become tokens.
#[derive(Clone, Debug)]
pub(super) enum Rule {
    /// Merges over all bytes that training could have made: the encoder of the core.
    Bytes(PieceEncoder),
    /// Any merges over any symbols.
    Any(AnyMerges),
}

/// Merges over symbols that need not be bytes, in any order.
#[derive(Clone, Debug)]
pub(super) struct AnyMerges {
    pub(super) merges: MergeTable,
    pub(super) symbols: Symbols,
    pub(super) unknown: Unknown,
    pub(super) whole: Whole,
    pub(super) memory: PieceMemory,
}

/// Pieces that are one token as they stand, found without a merge.
#[derive(Clone, Debug, Default)]
pub(super) struct Whole {
    ids: HashMap<Box<[u8]>, u32>,
    longest: usize,
}

impl Whole {
    pub(super) fn insert(&mut self, piece: &[u8], id: u32) {
        self.longest = self.longest.max(piece.len());
        self.ids.insert(piece.into(), id);
    }

    pub(super) fn get(&self, piece: &[u8]) -> Option<u32> {
        if piece.len() > self.longest { None } else { self.ids.get(piece).copied() }
    }
}

impl Model {
    /// Appends the ids of `piece`.
    pub(super) fn encode(&self, piece: &[u8], ids: &mut Vec<u32>) {
        match &self.rule {
            Rule::Bytes(encoder) => encoder.encode_piece(piece, ids),
            Rule::Any(merges) => merges.encode(piece, ids),
        }
    }

    /// The encoder of the core, if it can do what the vocabulary says.
    pub(super) fn encoder(&self) -> Option<&PieceEncoder> {
        match &self.rule {
            Rule::Bytes(encoder) => Some(encoder),
            Rule::Any(_) => None,
        }
    }

    /// Appends the ids of `piece` and, for each, the bytes of `piece` that it stands for.
    pub(super) fn encode_spans(&self, piece: &[u8], ids: &mut Vec<u32>, spans: &mut Vec<Span>) {
        match &self.rule {
            Rule::Bytes(encoder) => {
                let from = ids.len();
                encoder.encode_piece(piece, ids);
                let mut start = 0;
                for &id in &ids[from..] {
                    // A byte is a symbol.
                    let end = start + self.tokens.width(id);
                    spans.push(Span::new(start, end));
                    start = end;
                }
            }
            Rule::Any(merges) => merges.encode_spans(&self.tokens, piece, ids, spans),
        }
    }

    /// Number of pairs that merge.
    pub(super) fn pairs(&self) -> usize {
        match &self.rule {
            Rule::Bytes(encoder) => encoder.merges(),
            Rule::Any(rule) => rule.merges.len(),
        }
    }

    /// Whether every byte string has symbols for all of its bytes.
    pub(super) fn is_total(&self) -> bool {
        match &self.rule {
            Rule::Bytes(_) => true,
            Rule::Any(merges) => merges.symbols.is_total(),
        }
    }
}

impl AnyMerges {
    fn encode(&self, piece: &[u8], ids: &mut Vec<u32>) {
        self.memory.encode(piece, ids, |ids| match self.whole.get(piece) {
            Some(id) => ids.push(id),
            None => self.encode_by_merges(piece, ids),
        });
    }

    pub(super) fn encode_by_merges(&self, piece: &[u8], ids: &mut Vec<u32>) {
        let from = ids.len();
        self.symbols.of(piece, &self.unknown, |id, _| ids.push(id));
        self.merges.apply(ids, from);
    }

    fn encode_spans(
        &self,
        tokens: &Tokens,
        piece: &[u8],
        ids: &mut Vec<u32>,
        spans: &mut Vec<Span>,
    ) {
        if let Some(id) = self.whole.get(piece) {
            ids.push(id);
            spans.push(Span::new(0, piece.len()));
            return;
        }
        let from = ids.len();
        let mut symbols = Vec::new();
        self.symbols.of(piece, &self.unknown, |id, span| {
            ids.push(id);
            symbols.push(span);
        });
        self.merges.apply(ids, from);
        let mut first = 0;
        for &id in &ids[from..] {
            let last = first + tokens.width(id) - 1;
            spans.push(Span::new(symbols[first].start, symbols[last].end));
            first = last + 1;
        }
    }
}
