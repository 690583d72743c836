//! Symbols as the documentation defines them, by the plainest means, and strings made of them.

use polytok_core::Boundary;
use proptest::prelude::*;

/// The symbols of `input` and how many bytes each has, with `bad` in place of bad bytes.
pub(crate) fn symbols(input: &[u8], bad: char) -> Vec<(char, usize)> {
    let mut symbols = Vec::new();
    for chunk in input.utf8_chunks() {
        symbols.extend(chunk.valid().chars().map(|c| (c, c.len_utf8())));
        symbols.extend(chunk.invalid().iter().map(|_| (bad, 1)));
    }
    symbols
}

/// Compares the ends of segments; a difference is shown with a little of what is around it.
pub(crate) fn assert_same_ends<E: End>(input: &[u8], found: &[E], expected: &[E]) {
    let Some(at) = (0..found.len().max(expected.len())).find(|&i| found.get(i) != expected.get(i))
    else {
        return;
    };
    let start = at.checked_sub(3).map_or(0, |at| expected[at].end());
    let around = |ends: &[E]| format!("{:?}", &ends[at.min(ends.len())..(at + 3).min(ends.len())]);
    panic!(
        "from byte {start} on, {:?}: {}, not {}",
        bstr::BStr::new(&input[start..(start + 80).min(input.len())]),
        around(found),
        around(expected),
    );
}

/// The end of a segment, alone or with its boundary.
pub(crate) trait End: PartialEq + std::fmt::Debug {
    fn end(&self) -> usize;
}

impl End for usize {
    fn end(&self) -> usize {
        *self
    }
}

impl End for (usize, Boundary) {
    fn end(&self) -> usize {
        self.0
    }
}

/// One or more symbols of every class and of every letter that a rule names.
pub(crate) const REPRESENTATIVES: [&str; 44] = [
    "A", "S", "V", "ǅ", "Ж", "a", "s", "t", "l", "v", "e", "r", "ſ", "ß", "ж", "ʰ", "中", "ไ",
    "あ", "\u{301}", "\u{903}", "1", "7", "٣", "²", "Ⅷ", " ", "\t", "\u{a0}", "\u{3000}", "\u{85}",
    "\n", "\r", "!", ".", "'", "’", "/", "_", "ⓐ", "😀", "\u{200d}", "\0", "\u{378}",
];

/// Beginnings, ends and middles of sequences that are not UTF-8.
pub(crate) const BAD_BYTES: [&[u8]; 10] = [
    b"\x80",
    b"\xbf",
    b"\xc1",
    b"\xc3",
    b"\xe4\xb8",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x98",
    b"\xf4\x90",
    b"\xf8",
    b"\xff",
];

/// Texts that hold every scalar value: `context` of each where there are assigned ones, and a short
/// context of the others, which fill whole planes.
pub(crate) fn in_context(context: fn(char) -> String) -> impl Iterator<Item = String> {
    let (planes, rest): (Vec<char>, Vec<char>) = ('\0'..=char::MAX)
        .partition(|&c| c < '\u{40000}' || ('\u{e0000}'..'\u{e1000}').contains(&c));
    let texts = |scalars: Vec<char>, context: fn(char) -> String| {
        let chunks = scalars.chunks(64).map(|chunk| chunk.iter().map(|&c| context(c)).collect());
        chunks.collect::<Vec<String>>()
    };
    texts(planes, context).into_iter().chain(texts(rest, |c| format!("{c}a{c} {c}1;")))
}

/// Strings of representatives.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&REPRESENTATIVES[..]), 0..24)
        .prop_map(|parts| parts.concat())
}

/// The same with runs, which the two-step rules for white space and case care about.
pub(crate) fn text_with_runs() -> impl Strategy<Value = String> {
    prop::collection::vec((prop::sample::select(&REPRESENTATIVES[..]), 1usize..6), 0..12)
        .prop_map(|parts| parts.iter().map(|(part, n)| part.repeat(*n)).collect())
}

/// Text with bad bytes in it.
pub(crate) fn mixed() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        4 => prop::sample::select(&REPRESENTATIVES[..]).prop_map(|s| s.as_bytes().to_vec()),
        1 => prop::sample::select(&BAD_BYTES[..]).prop_map(<[u8]>::to_vec),
        1 => any::<u8>().prop_map(|b| vec![b]),
    ];
    prop::collection::vec(part, 0..20).prop_map(|parts| parts.concat())
}
