//! The vocabularies that come with the crate.

use polytok_binary::{executables_4k, executables_16k, executables_32k, executables_64k};
use proptest::prelude::*;

#[test]
fn sizes_nest() {
    let all = [executables_4k(), executables_16k(), executables_32k(), executables_64k()];
    let sizes = all.map(|tokenizer| tokenizer.vocabulary().len());
    assert_eq!(sizes, [4096, 16_384, 32_768, 65_536]);
    for pair in all.windows(2) {
        let (small, large) = (pair[0].vocabulary(), pair[1].vocabulary());
        for id in 0..small.len() as u32 {
            assert_eq!(small.token(id), large.token(id));
        }
    }
}

#[test]
fn every_token_is_of_several_files() {
    assert_eq!(executables_64k().vocabulary().provenance().refused.unwrap().min_documents, 3);
}

/// This test is an executable, too.
#[test]
fn a_program_takes_fewer_tokens_with_more_entries() {
    let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let part = &program[..program.len().min(1 << 20)];
    let counts = [executables_4k(), executables_16k(), executables_32k(), executables_64k()]
        .map(|tokenizer| tokenizer.count(part));
    assert!(counts.is_sorted_by(|a, b| a > b), "{counts:?}");
    let ids = executables_64k().encode(part);
    assert_eq!(executables_64k().decode(&ids).unwrap(), part);
}

proptest! {
    #[test]
    fn everything_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        for tokenizer in [executables_4k(), executables_64k()] {
            prop_assert_eq!(&tokenizer.decode(&tokenizer.encode(&bytes)).unwrap(), &bytes);
        }
    }
}
