//! A piece of a source, cut into tokens, for the eye.

use crate::{encoder::Encoder, source::Source};

use super::figures::{Passage, PassageToken};

/// Encodes at most `len` bytes from the middle of the longest document of a source; none if the
/// source has no bytes or `len` is 0.
///
/// The piece begins behind a line feed if one is near. It is encoded as a document of its own, so
/// its first and last tokens may differ from those of the whole document.
pub(super) fn passage(
    encoder: &dyn Encoder,
    references: &[(String, &dyn Encoder)],
    source: &Source,
    len: usize,
) -> Option<Passage> {
    // Reversed, since the last of equally long ones would win.
    let document = source.documents.iter().rev().max_by_key(|document| document.bytes.len())?;
    let bytes = &document.bytes;
    let middle = bytes.len().saturating_sub(len) / 2;
    let near = &bytes[middle..(middle + len).min(bytes.len())];
    let line = near.iter().position(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    // A line that is nearly all of the piece is not worth skipping.
    let mut start = middle + if middle > 0 && line < len / 2 { line } else { 0 };
    let mut end = (start + len).min(bytes.len());
    // Neither end cuts a character. One has four bytes at most, so other data moves by three.
    let inside = |at: usize| bytes.get(at).is_some_and(|&byte| byte & 0xc0 == 0x80);
    (0..3).for_each(|_| start += usize::from(inside(start)));
    (0..3).for_each(|_| end -= usize::from(end > start && inside(end)));
    let piece = bytes.get(start..end).filter(|piece| !piece.is_empty())?;
    let tokens = |encoder: &dyn Encoder| {
        let (ids, spans) = encoder.encode_spans(piece);
        ids.iter().zip(spans).map(|(&id, span)| show(id, span.of(piece))).collect()
    };
    let others = references.iter().map(|(name, encoder)| (name.clone(), tokens(*encoder)));
    Some(Passage {
        source: source.name.clone(),
        document: document.name.clone(),
        offset: start as u64,
        tokens: tokens(encoder),
        others: others.collect(),
    })
}

fn show(id: u32, bytes: &[u8]) -> PassageToken {
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(control) => {
            PassageToken { id, shown: text.to_owned(), hexadecimal: false }
        }
        _ => {
            let shown = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            PassageToken { id, shown, hexadecimal: true }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::testing::{source, tokenizer},
        *,
    };

    fn shown(documents: &[&[u8]], len: usize) -> Option<(u64, Vec<String>)> {
        let passage = passage(&tokenizer(&[(b'a', b'b')]), &[], &source("s", documents), len)?;
        Some((passage.offset, passage.tokens.into_iter().map(|token| token.shown).collect()))
    }

    #[test]
    fn a_short_document_is_shown_whole() {
        let tokens = ["ab", "c", "\n"].map(str::to_owned).to_vec();
        assert_eq!(shown(&[b"x", b"abc\n", b"ABC\n"], 100), Some((0, tokens)));
    }

    #[test]
    fn a_long_one_is_shown_from_a_line_in_its_middle() {
        let (offset, tokens) = shown(&[b"....\n....\nab..\n....\n...."], 8).unwrap();
        assert_eq!((offset, tokens.concat().as_str()), (10, "ab..\n..."));
    }

    #[test]
    fn characters_are_not_cut_by_the_ends() {
        // 11 characters of 3 bytes; 10 bytes from byte 11 on would begin and end within one.
        let (offset, tokens) = shown(&["ℝ".repeat(11).as_bytes()], 10).unwrap();
        assert_eq!(offset, 12);
        assert_eq!(tokens.concat(), "e2849d".repeat(3));
    }

    #[test]
    fn bytes_and_controls_are_hexadecimal() {
        let (_, tokens) = shown(&[b"a\0\x80\t"], 9).unwrap();
        assert_eq!(tokens, ["a", "00", "80", "\t"]);
    }

    #[test]
    fn nothing_has_no_passage() {
        assert_eq!(shown(&[], 9), None);
        assert_eq!(shown(&[b""], 9), None);
        assert_eq!(shown(&[b"abc"], 0), None);
    }
}
