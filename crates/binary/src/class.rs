//! What a token shows to a reader.

/// The class of a token, judged by its bytes alone.
///
/// The classes are those by which Binary BPE describes its vocabularies (M. Bommarito, *Binary
/// BPE*, 2025, arXiv 2511.17573), but for instruction sequences: telling them apart takes a
/// disassembler for every processor, so they are [`Data`](TokenClass::Data) here. The evaluation of
/// the workspace (`cargo xtask eval`) has two of them, and takes them out of the data.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum TokenClass {
    /// Contains the magic of a container: ELF, MZ, PE, Mach-O, fat Mach-O, ZIP.
    Header,
    /// Contains four printable ASCII characters in a row, as `strings` asks for.
    Text,
    /// One byte that fills space, repeated or alone: 00, FF, CC or 90.
    Padding,
    /// Anything else, the empty token included.
    Data,
}

impl TokenClass {
    /// Returns the name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            TokenClass::Header => "header",
            TokenClass::Text => "text",
            TokenClass::Padding => "padding",
            TokenClass::Data => "data",
        }
    }
}

/// Magic numbers in the byte orders in which files have them.
const MAGICS: [&[u8]; 9] = [
    b"\x7fELF",
    b"MZ",
    b"PE\0\0",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"PK\x03\x04",
];

/// Bytes that linkers and loaders fill space with.
const FILL: [u8; 4] = [0x00, 0xff, 0xcc, 0x90];

/// Printable characters that make a text.
const MIN_TEXT: usize = 4;

/// Classifies a token; the first class that fits, in the order of [`TokenClass`], holds.
///
/// Costs O(n) in its length.
pub fn classify(token: &[u8]) -> TokenClass {
    let has = |magic: &[u8]| token.windows(magic.len()).any(|window| window == magic);
    if MAGICS.iter().any(|magic| has(magic)) {
        TokenClass::Header
    } else if token.windows(MIN_TEXT).any(|run| run.iter().all(|b| matches!(b, b' '..=b'~'))) {
        TokenClass::Text
    } else if FILL.iter().any(|fill| !token.is_empty() && token.iter().all(|byte| byte == fill)) {
        TokenClass::Padding
    } else {
        TokenClass::Data
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_class_that_fits_holds() {
        for (token, class) in [
            (&b"\x7fELF\x02\x01"[..], TokenClass::Header),
            (b"xxMZxx", TokenClass::Header),
            (b"\0PE\0\0d", TokenClass::Header),
            (b"\xcf\xfa\xed\xfe", TokenClass::Header),
            (b"\xca\xfe\xba\xbe\0\0", TokenClass::Header),
            (b"PK\x03\x04", TokenClass::Header),
            (b"\0GLIBC_\x01", TokenClass::Text),
            (b"abc d", TokenClass::Text),
            (b"abc", TokenClass::Data),
            (b"ab\0cd\0", TokenClass::Data),
            (b"\0", TokenClass::Padding),
            (b"\xcc\xcc\xcc", TokenClass::Padding),
            (b"\x90\x90", TokenClass::Padding),
            (b"\xff\xff\xff\xff", TokenClass::Padding),
            (b"\x00\xff", TokenClass::Data),
            (b"\x01\x01", TokenClass::Data),
            (b"    ", TokenClass::Text),
            (b"", TokenClass::Data),
        ] {
            assert_eq!(classify(token), class, "{token:?}");
        }
    }
}
