//! Vocabularies that others published, applied as the programs they come from apply them.
//!
//! | file | read by | rule for merging |
//! |---|---|---|
//! | `.tiktoken` rank file | [`Imported::from_tiktoken`] | ranks: neighbors whose bytes are a token |
//! | `tokenizer.json` with a BPE model | [`Imported::from_tokenizer_json`] | list: neighbors that are a listed pair |
//! | GPT-2 `encoder.json` and `vocab.bpe` | [`Imported::from_gpt2`] | list |
//!
//! The two rules give the same ids for most published vocabularies and not for all, so each file
//! keeps its own.
//!
//! # What an import does not promise
//!
//! A vocabulary trained here is lossless and total; an imported one may normalize its input, know
//! no symbol for some of it, or drop white space. [`Imported::is_lossless`] says so. The spans of
//! [`Imported::encode_spans`] refer to the bytes of the input all the same.
//!
//! # Added and special tokens
//!
//! Added tokens are found in the text before anything else, by the flags that the file gives them.
//! Special ones are found only where the caller allows them:
//!
//! - [`Imported::encode`] never gives a special token, so that a text cannot forge one. `tokenizers`
//!   does the same after `set_encode_special_tokens(true)`, tiktoken in `encode_ordinary`.
//! - [`Imported::encode_with_special`] with [`Special::All`] gives what `tokenizers` gives by
//!   `encode(text, false)`, and tiktoken with all special tokens allowed.
//!
//! Templates, truncation and padding of a file are not applied.
//!
//! # Normal forms
//!
//! They are those of the Unicode version of the crate `unicode-normalization` (18.0 in 0.1.26). The
//! `tokenizers` library 0.23 has those of 9.0, so that ids differ on text with characters that have
//! a decomposition or a combining class since. By themselves, 260 scalar values differ: U+0558,
//! U+058B, U+058C, U+209D to U+209F, U+32FF, U+A7F1 to U+A7F4, U+AB69, U+105C9, U+105E4, U+10781 to
//! U+10785, U+10787 to U+107B0, U+107B2 to U+107BF, U+11383, U+11385, U+1138E, U+11391, U+113C5,
//! U+113C7, U+113C8, U+11938, U+16121 to U+16128, U+16D68 to U+16D6A, U+1B123 to U+1B126, U+1CCD6
//! to U+1CCF9, U+1D6A6, U+1DF95, U+1DFCD to U+1DFFF, U+1E030 to U+1E06D, U+1F16C and U+1FBF0 to
//! U+1FBF9.
//!
//! # Bytes that are not UTF-8
//!
//! Programs that take strings say nothing about them. Here a byte that is no part of valid UTF-8 is
//! a symbol by itself: it is punctuation to the rules that cut, no normalizer touches it, a
//! byte-level vocabulary encodes it as the byte it is, and to a vocabulary of characters it is an
//! unknown character.

mod added;
mod alphabet;
mod bpe;
mod error;
mod gpt2;
mod model;
mod normalize;
mod parallel;
pub(crate) mod patterns;
mod pre_tokenizer;
mod split;
mod tiktoken;
mod tokenizer_json;
mod tokens;

pub use added::Special;
pub use alphabet::Alphabet;
pub(crate) use alphabet::spell;
pub use error::{ImportError, UnknownId};
use polytok_core::{Segmenter, Span, Whole};
pub use tiktoken::{Scheme, specials};

use self::{
    added::Matcher,
    model::Model,
    normalize::{Form, normalize},
    split::{Step, split},
};

/// A published vocabulary with all that its file says about encoding.
#[derive(Clone, Debug)]
pub struct Imported {
    alphabet: Alphabet,
    model: Model,
    forms: Vec<Form>,
    steps: Vec<Step>,
    prefix_space: bool,
    /// Added tokens that are found in the text as given, and those found in its normal form.
    raw: Matcher,
    normalized: Matcher,
    lossless: bool,
    ranks: bool,
}

/// A part of the input on its way to ids.
enum Part<'a> {
    /// An added token.
    Added(u32, Span),
    /// A piece to merge, and the way from a span of it to one of the input.
    Piece(&'a [u8], &'a dyn Fn(Span) -> Span),
}

impl Imported {
    /// Reads a rank file of tiktoken.
    ///
    /// The cutting rule and the special tokens stand outside of the file; those of the published
    /// files are in [`specials`].
    ///
    /// # Errors
    ///
    /// [`ImportError`] if a line is not base64, a space and a rank; if a token is empty or longer
    /// than 1024 bytes; if tokens, ranks or special tokens clash; if a byte has no token; or if the
    /// ranks leave a gap that no special token fills.
    pub fn from_tiktoken(
        file: &[u8],
        scheme: Scheme,
        specials: &[(&str, u32)],
    ) -> Result<Imported, ImportError> {
        tiktoken::load(file, scheme, specials)
    }

    /// Reads a `tokenizer.json` of version 1.0 or 2.0.
    ///
    /// Supported are BPE models without dropout and affixes; the normalizers NFC, NFD, NFKC, NFKD,
    /// Lowercase and sequences of them; the pre-tokenizers `ByteLevel`, Whitespace,
    /// `WhitespaceSplit`, Digits, Split by a text or by one of the patterns of GPT-2, cl100k,
    /// o200k, Llama 3, Qwen 2 and DeepSeek V3, and sequences of them.
    ///
    /// A file whose vocabulary has the characters U+0000 to U+00FF and no others, and that neither
    /// normalizes nor cuts, is taken to be of bytes decoded as Latin-1
    /// ([`Alphabet::Latin1`]).
    ///
    /// # Errors
    ///
    /// [`ImportError`] if the file is not JSON of this shape, names tokens that it does not have,
    /// or asks for something else than the above.
    pub fn from_tokenizer_json(file: &[u8]) -> Result<Imported, ImportError> {
        tokenizer_json::load(file)
    }

    /// Reads the vocabulary (`encoder.json`, `vocab.json`) and the merges (`vocab.bpe`,
    /// `merges.txt`) of GPT-2.
    ///
    /// The names in `specials` must be in the vocabulary.
    ///
    /// # Errors
    ///
    /// [`ImportError`] if the vocabulary is not an object of tokens and ids, a line of the merges is
    /// not two tokens, or a token is named that is not there.
    pub fn from_gpt2(
        vocabulary: &[u8],
        merges: &[u8],
        specials: &[&str],
    ) -> Result<Imported, ImportError> {
        gpt2::load(vocabulary, merges, specials)
    }

    /// The ids of `input`, none of them of a special token.
    ///
    /// Costs O(n log n) in the length of the longest piece between two cuts, and is linear in the
    /// number of pieces.
    ///
    /// # Panics
    ///
    /// If a piece between two cuts has 2^32 bytes or more.
    pub fn encode(&self, input: &[u8]) -> Vec<u32> {
        self.encode_with_special(input, Special::None)
    }

    /// As [`encode`](Imported::encode), appending to `ids`.
    ///
    /// # Panics
    ///
    /// As [`encode`](Imported::encode).
    pub fn encode_into(&self, input: &[u8], ids: &mut Vec<u32>) {
        self.encode_with_special_into(input, Special::None, ids);
    }

    /// The ids of `input`, with the special tokens of `special` where their names stand.
    ///
    /// # Panics
    ///
    /// As [`encode`](Imported::encode).
    pub fn encode_with_special(&self, input: &[u8], special: Special<'_>) -> Vec<u32> {
        let mut ids = Vec::with_capacity(input.len() / 3);
        self.encode_with_special_into(input, special, &mut ids);
        ids
    }

    /// As [`encode_with_special`](Imported::encode_with_special), appending to `ids`.
    ///
    /// # Panics
    ///
    /// As [`encode`](Imported::encode).
    pub fn encode_with_special_into(&self, input: &[u8], special: Special<'_>, ids: &mut Vec<u32>) {
        if let (Some(segmenter), Some(encoder)) = (self.plain(special), self.model.encoder()) {
            let text = |span: Span, ids: &mut Vec<u32>| {
                encoder.encode_into(segmenter, span.of(input), ids);
            };
            if self.raw.finds_none(special) {
                return text(Span::new(0, input.len()), ids);
            }
            return self.raw.split(input, self.alphabet, special, |(id, span)| match id {
                Some(id) => ids.push(id),
                None => text(span, ids),
            });
        }
        self.parts(input, special, &mut |part| match part {
            Part::Added(id, _) => ids.push(id),
            Part::Piece(piece, _) => self.model.encode(piece, ids),
        });
    }

    /// What cuts the text between added tokens, if nothing is done to it before merging but one
    /// cutting.
    fn plain(&self, special: Special<'_>) -> Option<&'static dyn Segmenter> {
        let untouched =
            self.forms.is_empty() && !self.prefix_space && self.normalized.finds_none(special);
        match &self.steps[..] {
            [] if untouched => Some(&Whole),
            [Step::Published(split)] if untouched => Some(split.segmenter()),
            _ => None,
        }
    }

    /// The ids of `input` and, for each, the bytes of `input` that it stands for.
    ///
    /// Spans come from left to right. Where nothing is normalized or dropped they partition the
    /// input. Where a normalizer changed several characters together, each token that came of them
    /// has the span of all; dropped bytes are in no span, unless their neighbors merged over them; a
    /// space that the file puts before the text has an empty span.
    ///
    /// # Panics
    ///
    /// As [`encode`](Imported::encode).
    pub fn encode_spans(&self, input: &[u8], special: Special<'_>) -> (Vec<u32>, Vec<Span>) {
        let (mut ids, mut spans) = (Vec::new(), Vec::new());
        self.parts(input, special, &mut |part| match part {
            Part::Added(id, span) => {
                ids.push(id);
                spans.push(span);
            }
            Part::Piece(piece, origin) => {
                let from = spans.len();
                self.model.encode_spans(piece, &mut ids, &mut spans);
                for span in &mut spans[from..] {
                    *span = origin(*span);
                }
            }
        });
        (ids, spans)
    }

    /// Cuts `input` into added tokens and pieces.
    fn parts(&self, input: &[u8], special: Special<'_>, emit: &mut dyn FnMut(Part<'_>)) {
        self.raw.split(input, self.alphabet, special, |(id, outer)| {
            if let Some(id) = id {
                return emit(Part::Added(id, outer));
            }
            let normalized = normalize(&self.forms, outer.of(input));
            let origin = |span: Span| {
                let span = normalized.origin(span);
                Span::new(outer.start + span.start, outer.start + span.end)
            };
            self.normalized.split(&normalized.text, self.alphabet, special, |(id, inner)| {
                if let Some(id) = id {
                    return emit(Part::Added(id, origin(inner)));
                }
                let text = inner.of(&normalized.text);
                if self.prefix_space && text[0] != b' ' {
                    let spaced = [b" ", text].concat();
                    split(&self.steps, &spaced, &mut |piece| {
                        let origin = |span: Span| {
                            let place =
                                |at: usize| inner.start + (piece.start + at).saturating_sub(1);
                            origin(Span::new(place(span.start), place(span.end)))
                        };
                        emit(Part::Piece(piece.of(&spaced), &origin));
                    });
                } else {
                    split(&self.steps, text, &mut |piece| {
                        let from = inner.start + piece.start;
                        let origin =
                            |span: Span| origin(Span::new(from + span.start, from + span.end));
                        emit(Part::Piece(piece.of(text), &origin));
                    });
                }
            });
        });
    }

    /// The bytes that `ids` stand for, one after the other.
    ///
    /// Special tokens give their names. Nothing is put between tokens and nothing cleaned up.
    ///
    /// # Errors
    ///
    /// [`UnknownId`] names the first id that is not of the vocabulary.
    pub fn decode(&self, ids: &[u32]) -> Result<Vec<u8>, UnknownId> {
        self.model.tokens.join(ids)
    }

    /// The bytes of a token; the name of a special one.
    pub fn token(&self, id: u32) -> Option<&[u8]> {
        self.model.tokens.get(id)
    }

    /// All tokens and their bytes, in the order of ids.
    pub fn tokens(&self) -> impl Iterator<Item = (u32, &[u8])> {
        self.model.tokens.iter()
    }

    /// Names and ids of the special tokens, in the order of ids.
    pub fn special_tokens(&self) -> Vec<(&str, u32)> {
        let all = self.raw.tokens().iter().chain(self.normalized.tokens());
        let mut specials: Vec<(&str, u32)> = all
            .filter(|token| token.special)
            .map(|token| (token.content.as_str(), token.id))
            .collect();
        specials.sort_unstable_by_key(|&(_, id)| id);
        specials
    }

    /// Number of tokens, special and added ones included.
    pub fn len(&self) -> usize {
        self.model.tokens.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One more than the greatest id: how many rows a table by id needs.
    pub fn id_bound(&self) -> u64 {
        self.model.tokens.id_bound()
    }

    /// Number of pairs that merge.
    ///
    /// Of a rank file, these are the pairs that make tokens of their bytes; or, if that cannot be
    /// said, all pairs of tokens that make a token together, far more than there are tokens.
    pub fn pairs(&self) -> usize {
        self.model.pairs()
    }

    /// Whether neighbors merge by ranks, as in tiktoken, and not by a list of pairs.
    pub fn merges_by_rank(&self) -> bool {
        self.ranks
    }

    /// What a symbol stands for before any merge.
    pub fn alphabet(&self) -> Alphabet {
        self.alphabet
    }

    /// Whether `decode(encode(x)) == x` for every byte string `x`.
    ///
    /// False of a file that normalizes, drops white space, adds a space, strips white space around
    /// an added token, works on characters, has no token for some byte, or spells an added token so
    /// that it has two readings.
    pub fn is_lossless(&self) -> bool {
        self.lossless
    }
}
