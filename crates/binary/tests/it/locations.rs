//! Where tokens lie.

use polytok_binary::{Address, Map};
use polytok_core::Span;
use proptest::prelude::*;

use crate::forge;

#[test]
fn a_token_has_offset_section_permissions_and_address() {
    let map = Map::of(&forge::usual_elf());
    let location = map.locate(Span::new(0x123, 0x125)).unwrap();
    assert_eq!(location.file_offset, 0x123);
    assert_eq!(&*location.region.name, ".text");
    assert_eq!(location.region.permissions.to_string(), "r-x");
    assert_eq!(location.address, Some(Address(0x40_1123)));
    assert_eq!(location.to_string(), ".text:00401123");
    let location = map.locate(Span::new(0x185, 0x186)).unwrap();
    assert_eq!(location.address, None);
    assert_eq!(location.region.permissions.to_string(), "---");
    assert_eq!(location.to_string(), ".names:+00000185");
    let end = forge::usual_elf().len();
    assert!(map.locate(Span::new(end - 1, end)).is_some());
    assert_eq!(map.locate(Span::new(end, end)), None);
    assert_eq!(Map::of(b"").locate(Span::new(0, 0)), None);
}

#[test]
fn addresses_have_at_least_eight_digits() {
    assert_eq!(Address(0).to_string(), "00000000");
    assert_eq!(Address(0x1_4000_1000).to_string(), "140001000");
    assert_eq!(Address(u64::MAX).to_string(), "ffffffffffffffff");
}

proptest! {
    /// In any order and beyond the end, a walk finds what a search finds.
    #[test]
    fn a_walk_finds_what_a_search_finds(starts in prop::collection::vec(0usize..0x320, 0..40)) {
        let map = Map::of(&forge::usual_elf());
        let tokens: Vec<Span> = starts.iter().map(|&start| Span::new(start, start + 1)).collect();
        let walked: Vec<_> = map.locate_all(tokens.iter().copied()).collect();
        let found: Vec<_> = tokens.iter().map(|&token| map.locate(token)).collect();
        prop_assert_eq!(&walked, &found);
        for (location, token) in found.iter().zip(&tokens) {
            let by_hand = map.regions().iter().find(|region| {
                region.span.start <= token.start && token.start < region.span.end
            });
            prop_assert_eq!(location.map(|location| location.region), by_hand);
        }
    }
}
