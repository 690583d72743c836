//! The vocabulary that comes with the crate.

use polytok_numeric::{additions, alignment_by, numbers_4k};
use proptest::prelude::*;

#[test]
fn numbers_that_are_added_are_cut_at_the_same_places() {
    let alignment = alignment_by(&additions(100, 7), |digits, emit| {
        let spans = numbers_4k().spans(&numbers_4k().encode(digits)).unwrap();
        spans.into_iter().for_each(emit);
    });
    assert_eq!(alignment.aligned, alignment.total);
    assert_eq!(numbers_4k().vocabulary().len(), 4096);
}

proptest! {
    /// Groups of three from the right, whatever the number.
    #[test]
    fn a_number_takes_a_token_for_three_digits(digits in "[1-9][0-9]{0,30}") {
        prop_assert_eq!(numbers_4k().count(digits.as_bytes()), digits.len().div_ceil(3));
    }

    #[test]
    fn everything_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(&numbers_4k().decode(&numbers_4k().encode(&bytes)).unwrap(), &bytes);
    }
}
