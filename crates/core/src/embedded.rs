//! Vocabularies that are a part of a program.

use std::sync::OnceLock;

use crate::vocabulary::Vocabulary;

/// A vocabulary file in the program itself, read when it is first asked for.
///
/// ```
/// use polytok_core::{Embedded, Tokenizer, Whole};
///
/// # let file: &'static [u8] = Vec::leak(polytok_core::Vocabulary::new(
/// #     polytok_core::Provenance::handmade("whole-1", polytok_core::TrainConfig::default()),
/// #     vec![(97, 98)],
/// #     vec![1],
/// # )
/// # .unwrap()
/// # .to_bytes()
/// # .unwrap());
/// let embedded: Embedded<Tokenizer> = Embedded::new(file); // include_bytes!("NAME.ptk")
/// let tokenizer = embedded.get(|vocabulary| Tokenizer::new(vocabulary, Whole));
/// assert_eq!(tokenizer.encode(b"ab"), [256]);
/// ```
#[derive(Debug)]
pub struct Embedded<T> {
    file: &'static [u8],
    loaded: OnceLock<T>,
}

impl<T> Embedded<T> {
    /// A `.ptk` file.
    pub const fn new(file: &'static [u8]) -> Embedded<T> {
        Embedded { file, loaded: OnceLock::new() }
    }

    /// The file.
    pub fn file(&self) -> &'static [u8] {
        self.file
    }

    /// What `make` makes of the vocabulary, once; the same ever after.
    ///
    /// # Panics
    ///
    /// If the file is no vocabulary or `make` refuses it: both are mistakes in the program that a test
    /// of it finds.
    pub fn get<E: std::fmt::Debug>(&self, make: impl FnOnce(Vocabulary) -> Result<T, E>) -> &T {
        self.loaded.get_or_init(|| {
            let vocabulary =
                Vocabulary::from_bytes(self.file).expect("the file is part of the program");
            make(vocabulary).expect("the segmenter is that of the file")
        })
    }
}
