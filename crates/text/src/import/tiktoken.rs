//! Rank files: one line a token, its bytes in base64 and its rank.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bstr::ByteSlice as _;
use hashbrown::HashMap;
use polytok_core::{Merge, MergeTable, PieceEncoder, PieceMemory, Span};

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
#[derive(Default)]
struct Ranked {
    /// Bytes of all tokens.
    arena: Vec<u8>,
    /// Ranks, and where their bytes are.
    tokens: Vec<(u32, Span)>,
}

impl Ranked {
    fn iter(&self) -> impl Iterator<Item = (u32, &[u8])> + Clone {
        self.tokens.iter().map(|&(rank, span)| (rank, span.of(&self.arena)))
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
    // Four letters of base64 are three bytes.
    let mut ranked = Ranked { arena: vec![0; file.len().div_ceil(4) * 3], tokens: Vec::new() };
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
            1..=MAX_TOKEN_LEN => ranked.tokens.push((id, Span::new(start, start + len))),
            len => return Err(ImportError::TokenTooLong { id, len }),
        };
        start += len;
    }
    ranked.tokens.sort_unstable_by_key(|&(rank, _)| rank);
    match ranked.tokens.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(ImportError::DuplicateId { id: pair[0].0 }),
        None => Ok(ranked),
    }
}

/// The ranks from 0 on without a gap, but for the ids of special tokens.
fn check_ids(ranked: &Ranked, specials: &[(&str, u32)]) -> Result<(), ImportError> {
    let mut reserved: Vec<u32> = specials.iter().map(|&(_, id)| id).collect();
    reserved.sort_unstable();
    let mut expected = 0;
    for &(rank, _) in &ranked.tokens {
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
            || ranked.tokens.binary_search_by_key(&id, |token| token.0).is_ok();
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
    let ranked = parse(file)?;
    check_ids(&ranked, specials)?;
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
    let longer: Vec<(u32, &[u8])> = ranked.iter().filter(|(_, token)| token.len() > 1).collect();
    let rule = match PieceEncoder::by_ranks(&bytes, &longer) {
        Some(encoder) => Rule::Bytes(encoder),
        None => Rule::Any(any_pairs(&ranked, &bytes)?),
    };
    let specials = specials.iter().map(|&(name, id)| (id, name.as_bytes(), 1));
    // No token is longer than `MAX_TOKEN_LEN`.
    let all = ranked.iter().map(|(id, token)| (id, token, token.len() as u32)).chain(specials);
    let all = all.map(|(id, bytes, width)| Token { id, bytes, width });
    Ok(Model { tokens: Tokens::new(all)?, rule })
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
