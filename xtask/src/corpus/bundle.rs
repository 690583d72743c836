//! Texts with documents between lines of one form feed.

use std::io::BufRead;

use super::Each;
use crate::{
    failure::{Failure, Outcome},
    source::Document,
};

/// Calls for each document that holds anything. The newline before a mark belongs to the mark.
pub(super) fn read(name: &str, mut input: impl BufRead, each: &mut Each<'_>) -> Outcome {
    let (mut bytes, mut number) = (Vec::new(), 0);
    let mut push = |bytes: Vec<u8>| {
        if bytes.is_empty() {
            return Ok(());
        }
        number += 1;
        each(Document { name: format!("{name}#{}", number - 1), bytes })
    };
    loop {
        let start = bytes.len();
        match input.read_until(b'\n', &mut bytes) {
            Ok(0) => return push(bytes),
            Ok(_) if bytes[start..] == *b"\x0c\n" => {
                bytes.truncate(start.saturating_sub(1));
                push(std::mem::take(&mut bytes))?;
            }
            Ok(_) => {}
            Err(error) => {
                // What stands before the damage is a document, too.
                push(bytes)?;
                return Err(Failure::about(name)(error));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn documents(bundle: &[u8]) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        read("b", bundle, &mut |document| {
            assert_eq!(document.name, format!("b#{}", found.len()));
            found.push(document.bytes);
            Ok(())
        })
        .unwrap();
        found
    }

    /// Of the whole text at once.
    fn plain(bundle: &[u8]) -> Vec<Vec<u8>> {
        let text = String::from_utf8(bundle.to_vec()).unwrap();
        let mut lines: Vec<Vec<&str>> = vec![Vec::new()];
        for line in text.split_inclusive('\n') {
            if line == "\x0c\n" {
                lines.push(Vec::new());
            } else {
                lines.last_mut().unwrap().push(line);
            }
        }
        let last = lines.len() - 1;
        let texts = lines.into_iter().enumerate().map(|(i, lines)| {
            let text = lines.concat();
            if i == last { text } else { text.strip_suffix('\n').unwrap_or(&text).to_owned() }
        });
        texts.filter(|text| !text.is_empty()).map(String::into_bytes).collect()
    }

    proptest! {
        #[test]
        fn a_bundle_is_cut_at_its_marks(
            parts in prop::collection::vec(
                prop_oneof![Just("a"), Just("\n"), Just("\x0c"), Just("\n\x0c\n")], 0..20),
        ) {
            let bundle = parts.concat().into_bytes();
            prop_assert_eq!(documents(&bundle), plain(&bundle));
        }
    }
}
