//! Added and special tokens, which are found in the text before anything else.

use aho_corasick::{AhoCorasick, MatchKind};
use polytok_core::Span;

use super::{ImportError, alphabet::Alphabet};
use crate::word_and_symbol_runs;

/// Which special tokens may come out of a text.
///
/// Text from users must not be able to forge them, so the default is none.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Special<'a> {
    /// None: the name of a special token in the text is text.
    #[default]
    None,
    /// All.
    All,
    /// Those of these names.
    Only(&'a [&'a str]),
}

/// One added token, as `tokenizer.json` describes it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct AddedToken {
    pub(super) id: u32,
    pub(super) content: String,
    /// Only between characters that are not of a word.
    pub(super) single_word: bool,
    /// With all white space before it.
    pub(super) lstrip: bool,
    /// With all white space behind it.
    pub(super) rstrip: bool,
    /// Looked for in the text after the normalizer, as the normalizer writes it.
    pub(super) normalized: bool,
    pub(super) special: bool,
}

impl AddedToken {
    /// A special token without options.
    pub(super) fn special(name: &str, id: u32) -> AddedToken {
        AddedToken {
            id,
            content: name.to_owned(),
            single_word: false,
            lstrip: false,
            rstrip: false,
            normalized: false,
            special: true,
        }
    }
}

/// The added tokens that are looked for in one pass.
#[derive(Clone, Debug, Default)]
pub(super) struct Matcher {
    tokens: Vec<AddedToken>,
    automaton: Option<AhoCorasick>,
}

/// A part of a text: an added token, or what lies between two.
pub(super) type Part = (Option<u32>, Span);

impl Matcher {
    /// A matcher of tokens, each with the bytes to look for.
    ///
    /// # Errors
    ///
    /// [`ImportError::AddedTwice`] if two look for the same bytes or one for none, and
    /// [`ImportError::TooLarge`] if they exceed what the automaton can number.
    pub(super) fn new(tokens: Vec<(AddedToken, Vec<u8>)>) -> Result<Matcher, ImportError> {
        let mut texts: Vec<&[u8]> = tokens.iter().map(|(_, text)| &text[..]).collect();
        texts.sort_unstable();
        let twice = texts.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
        if let Some(text) = twice.or(texts.first().copied().filter(|text| text.is_empty())) {
            let text = String::from_utf8_lossy(text).into_owned();
            return Err(ImportError::AddedTwice { text });
        }
        if tokens.is_empty() {
            return Ok(Matcher::default());
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(tokens.iter().map(|(_, text)| text))
            .map_err(|_| ImportError::TooLarge)?;
        let tokens = tokens.into_iter().map(|(token, _)| token).collect();
        Ok(Matcher { tokens, automaton: Some(automaton) })
    }

    pub(super) fn tokens(&self) -> &[AddedToken] {
        &self.tokens
    }

    /// Whether no token can come out of any text.
    pub(super) fn finds_none(&self, special: Special<'_>) -> bool {
        special == Special::None && self.tokens.iter().all(|token| token.special)
            || self.tokens.is_empty()
    }

    /// Calls `emit` with the parts of `text` from left to right.
    ///
    /// A match that may not stand is text, also where a shorter token would have stood in it; the
    /// `tokenizers` library does the same.
    pub(super) fn split(
        &self,
        text: &[u8],
        alphabet: Alphabet,
        special: Special<'_>,
        mut emit: impl FnMut(Part),
    ) {
        let mut done = 0;
        // The end of the white space that a token took last.
        let mut run_end = 0;
        if let Some(automaton) = &self.automaton {
            for found in automaton.find_iter(text) {
                let token = &self.tokens[found.pattern().as_usize()];
                let allowed = match special {
                    _ if !token.special => true,
                    Special::None => false,
                    Special::All => true,
                    Special::Only(names) => names.contains(&token.content.as_str()),
                };
                let (before, behind) = (&text[..found.start()], &text[found.end()..]);
                let in_word = token.single_word
                    && (last_char(before, alphabet).is_some_and(in_word)
                        || first_char(behind, alphabet).is_some_and(in_word));
                if !allowed || in_word {
                    continue;
                }
                let mut span = Span::new(found.start(), found.end());
                if token.lstrip {
                    span.start -= trailing_space(&before[done.min(span.start)..], alphabet);
                    span.start = span.start.max(done);
                }
                if token.rstrip {
                    // Tokens of white space within one run must not each walk to its end.
                    if run_end < span.end {
                        run_end = span.end + leading_space(behind, alphabet);
                    }
                    span.end = run_end;
                }
                // The token before took all of this one along.
                if span.is_empty() {
                    continue;
                }
                if done < span.start {
                    emit((None, Span::new(done, span.start)));
                }
                emit((Some(token.id), span));
                done = span.end;
            }
        }
        if done < text.len() {
            emit((None, Span::new(done, text.len())));
        }
    }
}

fn first_char(text: &[u8], alphabet: Alphabet) -> Option<char> {
    match alphabet {
        Alphabet::Latin1 => text.first().map(|&byte| char::from(byte)),
        Alphabet::Bytes | Alphabet::Characters => bstr::decode_utf8(text).0,
    }
}

fn last_char(text: &[u8], alphabet: Alphabet) -> Option<char> {
    match alphabet {
        Alphabet::Latin1 => text.last().map(|&byte| char::from(byte)),
        Alphabet::Bytes | Alphabet::Characters => bstr::decode_last_utf8(text).0,
    }
}

fn leading_space(text: &[u8], alphabet: Alphabet) -> usize {
    let mut rest = text;
    while let Some(space) = first_char(rest, alphabet).filter(|c| c.is_whitespace()) {
        rest = &rest[width(space, alphabet)..];
    }
    text.len() - rest.len()
}

fn trailing_space(text: &[u8], alphabet: Alphabet) -> usize {
    let mut rest = text;
    while let Some(space) = last_char(rest, alphabet).filter(|c| c.is_whitespace()) {
        rest = &rest[..rest.len() - width(space, alphabet)];
    }
    text.len() - rest.len()
}

fn width(character: char, alphabet: Alphabet) -> usize {
    if alphabet == Alphabet::Latin1 { 1 } else { character.len_utf8() }
}

/// Whether `\w` matches: the pre-tokenizer of words and symbols joins it with a letter.
fn in_word(character: char) -> bool {
    let mut text = [0; 5];
    text[0] = b'a';
    let len = character.encode_utf8(&mut text[1..]).len();
    let mut words = 0;
    word_and_symbol_runs(&text[..1 + len], &mut |_| words += 1);
    words == 1 && !character.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(token: AddedToken, text: &str, special: Special<'_>) -> Vec<String> {
        let content = token.content.clone().into_bytes();
        let matcher = Matcher::new(vec![(token, content)]).unwrap();
        let mut parts = Vec::new();
        matcher.split(text.as_bytes(), Alphabet::Bytes, special, |(id, span)| {
            let text = &text[span.start..span.end];
            parts.push(if id.is_some() { format!("[{text}]") } else { text.to_owned() });
        });
        parts
    }

    #[test]
    fn special_tokens_come_out_only_where_allowed() {
        let token = || AddedToken::special("<s>", 7);
        assert_eq!(parts(token(), "a<s>b", Special::None), ["a<s>b"]);
        assert_eq!(parts(token(), "a<s>b", Special::Only(&["<t>"])), ["a<s>b"]);
        assert_eq!(parts(token(), "a<s>b", Special::Only(&["<s>"])), ["a", "[<s>]", "b"]);
        assert_eq!(parts(token(), "<s><s>", Special::All), ["[<s>]", "[<s>]"]);
        let ordinary = AddedToken { special: false, ..token() };
        assert_eq!(parts(ordinary, "a<s>b", Special::None), ["a", "[<s>]", "b"]);
    }

    #[test]
    fn single_words_have_no_word_beside_them() {
        let token = || AddedToken { single_word: true, ..AddedToken::special("ab", 7) };
        assert_eq!(parts(token(), "ab abc cab ab", Special::All), ["[ab]", " abc cab ", "[ab]"]);
        assert_eq!(parts(token(), "ab\u{301}-ab_", Special::All), ["ab\u{301}-ab_"]);
    }

    #[test]
    fn strips_take_white_space_along() {
        let both = || AddedToken { lstrip: true, rstrip: true, ..AddedToken::special("x", 7) };
        assert_eq!(parts(both(), "a \u{3000}x\n\tb", Special::All), ["a", "[ \u{3000}x\n\t]", "b"]);
        assert_eq!(parts(both(), " x x ", Special::All), ["[ x ]", "[x ]"]);
    }

    #[test]
    fn clashing_texts_are_refused() {
        let token = |id| (AddedToken::special("x", id), b"x".to_vec());
        assert_eq!(
            Matcher::new(vec![token(1), token(2)]).unwrap_err(),
            ImportError::AddedTwice { text: "x".to_owned() }
        );
    }
}
