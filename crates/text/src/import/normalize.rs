//! Normal forms of Unicode, with the way back to the bytes of the input.

use std::borrow::Cow;

use polytok_core::Span;
use unicode_normalization::{
    IsNormalized, UnicodeNormalization as _,
    char::{canonical_combining_class, decompose_canonical, decompose_compatible},
    is_nfc_quick, is_nfd_quick, is_nfkc_quick, is_nfkd_quick,
};

/// One step of normalization.
///
/// The normal forms are those of Unicode Standard Annex 15; bytes that are not part of valid UTF-8
/// are kept, and no character behind them is joined to one before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
    /// The lower-case mapping of each character by itself, without regard to its neighbors.
    Lowercase,
}

/// A text and where its bytes come from.
#[derive(Clone, Debug)]
pub(super) struct Normalized<'a> {
    pub(super) text: Cow<'a, [u8]>,
    /// For each step, the parts that it changed, in order; all else it copied.
    steps: Vec<Vec<Change>>,
}

/// `from` became `to`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Change {
    from: Span,
    to: Span,
}

/// Applies `forms` one after the other.
pub(super) fn normalize<'a>(forms: &[Form], input: &'a [u8]) -> Normalized<'a> {
    let mut normalized = Normalized { text: Cow::Borrowed(input), steps: Vec::new() };
    for form in forms {
        if let Some((text, changes)) = form.apply(&normalized.text) {
            normalized.text = Cow::Owned(text);
            normalized.steps.push(changes);
        }
    }
    normalized
}

impl Normalized<'_> {
    /// The bytes of the input that `span` of the text comes from: exact where bytes were copied,
    /// and the whole of a changed part where they were not.
    pub(super) fn origin(&self, span: Span) -> Span {
        self.steps.iter().rev().fold(span, |span, changes| {
            let start = locate(changes, span.start).start;
            let end = if span.is_empty() { start } else { locate(changes, span.end - 1).end };
            Span::new(start, end)
        })
    }
}

/// What the byte `at` comes from.
fn locate(changes: &[Change], at: usize) -> Span {
    let next = changes.partition_point(|change| change.to.start <= at);
    match next.checked_sub(1).map(|last| changes[last]) {
        None => Span::new(at, at + 1),
        Some(change) if at < change.to.end => change.from,
        Some(change) => {
            let start = change.from.end + (at - change.to.end);
            Span::new(start, start + 1)
        }
    }
}

impl Form {
    /// The text after the step and what changed; none if nothing did.
    fn apply(self, text: &[u8]) -> Option<(Vec<u8>, Vec<Change>)> {
        if self.keeps_ascii() && text.is_ascii() {
            return None;
        }
        let mut writer =
            Writer { form: self, text: Vec::with_capacity(text.len()), at: 0, changes: Vec::new() };
        for chunk in text.utf8_chunks() {
            let valid = chunk.valid();
            let mut start = 0;
            for (at, character) in valid.char_indices() {
                if at > start && self.may_cut_before(character) {
                    writer.write(&valid[start..at]);
                    start = at;
                }
            }
            writer.write(&valid[start..]);
            writer.copy(chunk.invalid());
        }
        (writer.text != text).then_some((writer.text, writer.changes))
    }

    fn keeps_ascii(self) -> bool {
        self != Form::Lowercase
    }

    /// Whether the text before `character` and the text from it on can be normalized apart.
    ///
    /// True of a character whose decomposition starts with a starter that never composes with what
    /// is before it (Unicode Standard Annex 15, "Concatenation of Normalized Strings").
    fn may_cut_before(self, character: char) -> bool {
        if character.is_ascii() || self == Form::Lowercase {
            return true;
        }
        let mut first = None;
        let mut note = |c| {
            first.get_or_insert(c);
        };
        match self {
            Form::Nfkc | Form::Nfkd => decompose_compatible(character, &mut note),
            _ => decompose_canonical(character, &mut note),
        }
        let first = first.unwrap_or(character);
        let composes = self.quick_check(first) == IsNormalized::Maybe
            || self.quick_check(character) == IsNormalized::Maybe;
        canonical_combining_class(first) == 0 && !composes
    }

    fn quick_check(self, character: char) -> IsNormalized {
        self.quick_check_all(std::iter::once(character))
    }

    fn quick_check_all(self, characters: impl Iterator<Item = char>) -> IsNormalized {
        match self {
            Form::Nfc => is_nfc_quick(characters),
            Form::Nfd => is_nfd_quick(characters),
            Form::Nfkc => is_nfkc_quick(characters),
            Form::Nfkd => is_nfkd_quick(characters),
            Form::Lowercase => IsNormalized::Maybe,
        }
    }
}

struct Writer {
    form: Form,
    text: Vec<u8>,
    /// How much of the input is done.
    at: usize,
    changes: Vec<Change>,
}

impl Writer {
    fn copy(&mut self, part: &[u8]) {
        self.text.extend_from_slice(part);
        self.at += part.len();
    }

    /// Writes the normal form of a part that no neighbor changes.
    fn write(&mut self, part: &str) {
        if self.form.quick_check_all(part.chars()) == IsNormalized::Yes {
            return self.copy(part.as_bytes());
        }
        let from = Span::new(self.at, self.at + part.len());
        let start = self.text.len();
        let mut push = |c: char| self.text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        match self.form {
            Form::Nfc => part.nfc().for_each(&mut push),
            Form::Nfd => part.nfd().for_each(&mut push),
            Form::Nfkc => part.nfkc().for_each(&mut push),
            Form::Nfkd => part.nfkd().for_each(&mut push),
            Form::Lowercase => part.chars().flat_map(char::to_lowercase).for_each(&mut push),
        }
        self.at = from.end;
        let to = Span::new(start, self.text.len());
        // One byte for one byte needs no entry: copying gives the same place.
        let same = &self.text[start..] == part.as_bytes() || (from.len() == 1 && to.len() == 1);
        if !same {
            self.changes.push(Change { from, to });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Characters that have a decomposition since a later version of Unicode than the library's.
    #[rustfmt::skip]
    const NEWER: [&str; 28] = [
        "0558-0558", "058B-058C", "209D-209F", "32FF-32FF", "A7F1-A7F4", "AB69-AB69", "105C9-105C9", "105E4-105E4", "10781-10785", "10787-107B0", "107B2-107BF", "11383-11383", "11385-11385", "1138E-1138E", "11391-11391", "113C5-113C5", "113C7-113C8", "11938-11938", "16121-16128", "16D68-16D6A", "1B123-1B126", "1CCD6-1CCF9", "1D6A6-1D6A6", "1DF95-1DF95", "1DFCD-1DFFF", "1E030-1E06D", "1F16C-1F16C", "1FBF0-1FBF9",
    ];

    const FORMS: [Form; 5] = [Form::Nfc, Form::Nfd, Form::Nfkc, Form::Nfkd, Form::Lowercase];

    fn oracle(form: Form, text: &str) -> String {
        match form {
            Form::Nfc => text.nfc().collect(),
            Form::Nfd => text.nfd().collect(),
            Form::Nfkc => text.nfkc().collect(),
            Form::Nfkd => text.nfkd().collect(),
            Form::Lowercase => text.chars().flat_map(char::to_lowercase).collect(),
        }
    }

    /// Starters, marks of several classes, jamo, kana with sound marks, ligatures, exclusions, and
    /// the Kirat Rai vowels, which compose though they are starters.
    fn character() -> impl Strategy<Value = char> {
        prop_oneof![
            prop::sample::select(vec![
                'a',
                'e',
                'A',
                '\u{e9}',
                '\u{301}',
                '\u{323}',
                '\u{1ed9}',
                '\u{302}',
                '\u{fb01}',
                '\u{1100}',
                '\u{1161}',
                '\u{11a8}',
                '\u{ac00}',
                '\u{ac01}',
                '\u{ff76}',
                '\u{ff9e}',
                '\u{30ab}',
                '\u{3099}',
                '\u{958}',
                '\u{93c}',
                '\u{9c7}',
                '\u{9be}',
                '\u{16d63}',
                '\u{16d67}',
                '\u{16d68}',
                '\u{16d69}',
                '\u{2126}',
                '\u{fdfa}',
                '\u{130}',
                '\u{3a3}',
                '\u{344}',
                '\u{f73}',
                '\u{1d15e}',
            ]),
            any::<char>(),
        ]
    }

    proptest! {
        #[test]
        fn normalizing_parts_equals_normalizing_the_whole(
            characters in prop::collection::vec(character(), 0..24),
        ) {
            let text: String = characters.into_iter().collect();
            for form in FORMS {
                let normalized = normalize(&[form], text.as_bytes());
                let expected = oracle(form, &text);
                prop_assert_eq!(&*normalized.text, expected.as_bytes(), "{:?}", form);
            }
        }

        /// Cutting a text at any place of its normal form cuts the input into parts that cover it,
        /// in order, and that make what was cut when nothing was changed at the cut.
        #[test]
        fn origins_cover_the_input(characters in prop::collection::vec(character(), 1..24)) {
            let text: String = characters.into_iter().collect();
            let normalized = normalize(&[Form::Nfkc, Form::Lowercase], text.as_bytes());
            prop_assume!(!normalized.text.is_empty());
            let len = normalized.text.len();
            prop_assert_eq!(normalized.origin(Span::new(0, len)), Span::new(0, text.len()));
            for cut in 1..len {
                let left = normalized.origin(Span::new(0, cut));
                let right = normalized.origin(Span::new(cut, len));
                prop_assert!(right.start <= left.end && left.end <= text.len());
                prop_assert!(left.start == 0 && right.end == text.len());
            }
        }
    }

    fn of_library(form: Form, text: &str) -> String {
        let mut normalized = tokenizers::NormalizedString::from(text);
        match form {
            Form::Nfc => normalized.nfc(),
            Form::Nfd => normalized.nfd(),
            Form::Nfkc => normalized.nfkc(),
            Form::Nfkd => normalized.nfkd(),
            Form::Lowercase => normalized.lowercase(),
        };
        normalized.get().to_owned()
    }

    /// Every scalar value of the planes that hold decompositions, as the `tokenizers` library
    /// normalizes it; it has an older version of Unicode.
    #[test]
    fn single_characters_differ_from_the_library_where_listed() {
        let all = (0..0x2_0000).chain(0x2_f800..0x2_fa20).filter_map(char::from_u32);
        let mut differing: Vec<(u32, u32)> = Vec::new();
        for character in all {
            let text = character.to_string();
            let differs = FORMS.into_iter().any(|form| {
                of_library(form, &text).as_bytes() != &*normalize(&[form], text.as_bytes()).text
            });
            let number = u32::from(character);
            match differing.last_mut() {
                _ if !differs => {}
                Some((_, last)) if *last + 1 == number => *last = number,
                _ => differing.push((number, number)),
            }
        }
        let shown: Vec<String> =
            differing.iter().map(|(first, last)| format!("{first:04X}-{last:04X}")).collect();
        assert_eq!(shown, NEWER);
    }

    #[test]
    fn a_ligature_gives_its_whole_span_to_each_letter() {
        let input = "a\u{fb01}b";
        let normalized = normalize(&[Form::Nfkc], input.as_bytes());
        assert_eq!(&*normalized.text, b"afib");
        let origins: Vec<Span> =
            (0..4).map(|at| normalized.origin(Span::new(at, at + 1))).collect();
        let expected = [Span::new(0, 1), Span::new(1, 4), Span::new(1, 4), Span::new(4, 5)];
        assert_eq!(origins, expected);
    }

    #[test]
    fn bad_bytes_stay() {
        let normalized = normalize(&[Form::Nfkc], b"\xff\xef\xac\x81\xef\xac\xc3\xa9\xcc");
        assert_eq!(&*normalized.text, b"\xfffi\xef\xac\xc3\xa9\xcc");
    }
}
