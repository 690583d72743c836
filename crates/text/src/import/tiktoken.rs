//! Rank files: one line a token, its bytes in base64 and its rank.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bstr::ByteSlice as _;
use hashbrown::HashMap;
use polytok_core::{Merge, MergeTable, PieceEncoder, PieceMemory};

use super::{
    ImportError, Imported,
    added::{AddedToken, Matcher},
    alphabet::{Alphabet, Symbols, Unknown},
    model::{AnyMerges, Model, Rule, Whole},
    split::{Published, Step},
    tokens::{Token, Tokens},
};

/// Longest token of a rank file, in bytes.
///
/// The longest of the published files has 128. Every split of every token is looked up, so the work
/// of loading grows with the file times this limit.
pub(super) const MAX_TOKEN_LEN: usize = 1024;

/// Special tokens of the published rank files, which stand outside of them (`openai_public.py` of
/// tiktoken 0.12).
pub mod specials {
    /// `r50k_base` and `p50k_base`.
    pub const R50K: &[(&str, u32)] = &[("<|endoftext|>", 50256)];

    /// `p50k_edit`.
    pub const P50K_EDIT: &[(&str, u32)] = &[
        ("<|endoftext|>", 50256),
        ("<|fim_prefix|>", 50281),
        ("<|fim_middle|>", 50282),
        ("<|fim_suffix|>", 50283),
    ];

    /// `cl100k_base`.
    pub const CL100K: &[(&str, u32)] = &[
        ("<|endoftext|>", 100_257),
        ("<|fim_prefix|>", 100_258),
        ("<|fim_middle|>", 100_259),
        ("<|fim_suffix|>", 100_260),
        ("<|endofprompt|>", 100_276),
    ];

    /// `o200k_base`.
    pub const O200K: &[(&str, u32)] = &[("<|endoftext|>", 199_999), ("<|endofprompt|>", 200_018)];
}

/// The rule that cuts the text before ranks apply; a rank file does not say.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Scheme {
    /// GPT-2: `r50k_base`, `p50k_base` and `p50k_edit`.
    Gpt2,
    /// `cl100k_base`.
    Cl100k,
    /// `o200k_base`.
    O200k,
    /// Llama 3: as cl100k, but for white space at the end of the text.
    Llama3,
    /// Qwen: as Llama 3, with every digit by itself.
    Qwen2,
}

/// Tokens of a rank file in the order of ranks.
struct Ranked {
    /// Bytes of all tokens.
    arena: Vec<u8>,
    tokens: Vec<Place>,
}

/// A rank, and where its token is.
struct Place {
    rank: u32,
    start: u32,
    len: u32,
}

impl Ranked {
    fn iter(&self) -> impl ExactSizeIterator<Item = (u32, &[u8])> + Clone {
        self.tokens.iter().map(|&Place { rank, start, len }| {
            let start = start as usize;
            (rank, &self.arena[start..start + len as usize])
        })
    }

    /// Adds tokens, whose ranks are not taken.
    fn add(&mut self, tokens: &[(&str, u32)]) -> Result<(), ImportError> {
        for &(token, rank) in tokens {
            self.tokens.push(Place::new(rank, self.arena.len(), token.len())?);
            self.arena.extend_from_slice(token.as_bytes());
        }
        self.tokens.sort_unstable_by_key(|place| place.rank);
        Ok(())
    }
}

impl Place {
    fn new(rank: u32, start: usize, len: usize) -> Result<Place, ImportError> {
        let [start, len] = [start, len].map(u32::try_from);
        let too_large = |_| ImportError::TooLarge;
        Ok(Place { rank, start: start.map_err(too_large)?, len: len.map_err(too_large)? })
    }
}

/// A rank, in digits alone.
fn rank(digits: &[u8]) -> Option<u32> {
    let (&first, rest) = digits.split_first()?;
    let digit = |digit: u8| digit.is_ascii_digit().then(|| u32::from(digit - b'0'));
    rest.iter()
        .try_fold(digit(first)?, |rank, &next| rank.checked_mul(10)?.checked_add(digit(next)?))
}

fn parse(file: &[u8]) -> Result<Ranked, ImportError> {
    // Four letters of base64 are three bytes; a line of the published files has 17 bytes and more.
    let mut ranked = Ranked {
        arena: vec![0; file.len().div_ceil(4) * 3],
        tokens: Vec::with_capacity(file.len() / 16),
    };
    let (mut rest, mut start) = (file, 0);
    for line in 1.. {
        if rest.is_empty() {
            break;
        }
        let end = rest.find_byte(b'\n').unwrap_or(rest.len());
        let text = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
        if text.is_empty() {
            continue;
        }
        let malformed = || ImportError::Line { line };
        let space = text.find_byte(b' ').ok_or_else(malformed)?;
        let id = rank(&text[space + 1..]).ok_or_else(malformed)?;
        let len = STANDARD
            .decode_slice(&text[..space], &mut ranked.arena[start..])
            .map_err(|_| ImportError::Base64 { line })?;
        match len {
            0 => return Err(ImportError::EmptyToken { id }),
            1..=MAX_TOKEN_LEN => ranked.tokens.push(Place::new(id, start, len)?),
            len => return Err(ImportError::TokenTooLong { id, len }),
        };
        start += len;
    }
    ranked.arena.truncate(start);
    ranked.tokens.sort_unstable_by_key(|place| place.rank);
    match ranked.tokens.windows(2).find(|pair| pair[0].rank == pair[1].rank) {
        Some(pair) => Err(ImportError::DuplicateId { id: pair[0].rank }),
        None => Ok(ranked),
    }
}

/// The ranks from 0 on without a gap, but for the ids of special tokens, which are also `reserved`,
/// ascending.
fn check_ids(
    ranked: &Ranked,
    specials: &[(&str, u32)],
    reserved: &[u32],
) -> Result<(), ImportError> {
    let mut expected = 0;
    for &Place { rank, .. } in &ranked.tokens {
        while expected < rank {
            if reserved.binary_search(&expected).is_err() {
                return Err(ImportError::MissingRank { rank: expected });
            }
            expected += 1;
        }
        // The greatest rank of all is not a rank: the engine needs one to mean "no merge".
        expected = rank.checked_add(1).ok_or(ImportError::TooLarge)?;
    }
    for (at, &(name, id)) in specials.iter().enumerate() {
        let clash = specials[..at].iter().any(|&(other, taken)| other == name || taken == id)
            || ranked.tokens.binary_search_by_key(&id, |place| place.rank).is_ok();
        if name.is_empty() || clash {
            return Err(ImportError::Special { name: name.to_owned() });
        }
    }
    Ok(())
}

/// Reads a rank file.
pub(super) fn load(
    file: &[u8],
    scheme: Scheme,
    specials: &[(&str, u32)],
) -> Result<Imported, ImportError> {
    let model = model(file, specials)?;
    let step = match scheme {
        Scheme::Gpt2 => Step::Published(Published::Gpt2),
        Scheme::Cl100k => Step::Published(Published::Cl100k),
        Scheme::O200k => Step::Published(Published::O200k),
        Scheme::Llama3 => Step::Published(Published::Llama3),
        Scheme::Qwen2 => Step::Published(Published::Qwen2),
    };
    let specials = specials
        .iter()
        .map(|&(name, id)| (AddedToken::special(name, id), name.as_bytes().to_vec()));
    Ok(Imported {
        alphabet: Alphabet::Bytes,
        model,
        forms: Vec::new(),
        steps: vec![step],
        prefix_space: false,
        raw: Matcher::new(specials.collect())?,
        normalized: Matcher::default(),
        lossless: true,
        ranks: true,
    })
}

/// Two neighbors may merge when their bytes together are a token, and the token of smallest rank
/// goes first. A piece that is a token as it stands is taken whole, whatever merges would give.
fn model(file: &[u8], specials: &[(&str, u32)]) -> Result<Model, ImportError> {
    let mut ranked = parse(file)?;
    let mut reserved: Vec<u32> = specials.iter().map(|&(_, id)| id).collect();
    reserved.sort_unstable();
    check_ids(&ranked, specials, &reserved)?;
    let mut bytes = [None; 256];
    for (id, token) in ranked.iter() {
        if let [byte] = token[..]
            && bytes[usize::from(byte)].replace(id).is_some()
        {
            return Err(ImportError::DuplicateToken { id });
        }
    }
    if let Some(byte) = (0..=255).find(|&byte| bytes[usize::from(byte)].is_none()) {
        return Err(ImportError::MissingByte { byte });
    }
    let bytes = bytes.map(Option::unwrap_or_default);
    let rule = match PieceEncoder::by_ranks(&bytes, ranked.iter()) {
        Some(encoder) => Rule::Bytes(encoder),
        None => Rule::Any(any_pairs(&ranked, &bytes)?),
    };
    ranked.add(specials)?;
    let tokens = ranked.iter().map(|(id, bytes)| {
        // No token is longer than `MAX_TOKEN_LEN`.
        let width = if reserved.binary_search(&id).is_ok() { 1 } else { bytes.len() as u32 };
        Token { id, bytes, width }
    });
    Ok(Model { tokens: Tokens::in_order(tokens)?, rule })
}

/// Every way to cut a token in two tokens as a pair that makes it, at its rank.
fn any_pairs(ranked: &Ranked, bytes: &[u32; 256]) -> Result<AnyMerges, ImportError> {
    let mut ids: HashMap<&[u8], u32> = HashMap::with_capacity(ranked.tokens.len());
    let mut whole = Whole::default();
    for (id, token) in ranked.iter() {
        if ids.insert(token, id).is_some() {
            return Err(ImportError::DuplicateToken { id });
        }
        whole.insert(token, id);
    }
    let splits = ranked.iter().flat_map(|(id, token)| {
        let ids = &ids;
        (1..token.len()).filter_map(move |cut| {
            let pair = (*ids.get(&token[..cut])?, *ids.get(&token[cut..])?);
            Some((pair, Merge { rank: id, token: id }))
        })
    });
    Ok(AnyMerges {
        merges: MergeTable::new(splits),
        symbols: Symbols::Bytes(Box::new(bytes.map(Some))),
        unknown: Unknown::Dropped,
        whole,
        memory: PieceMemory::new(),
    })
}
