//! Executables whose headers say anything: the map partitions the file and finds every byte.
//!
//! Seeds: the folders of `fixtures/binary`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use polytok_binary::{Binary, Map};
use polytok_core::{Span, check_partition, segments};

fuzz_target!(|data: &[u8]| {
    let map = Map::of(data);
    let mut end = 0;
    for region in map.regions() {
        assert_eq!(region.span.start, end);
        assert!(!region.span.is_empty());
        end = region.span.end;
    }
    assert_eq!(end, data.len());
    assert_eq!(map.degraded().is_some(), !map.warnings().is_empty());
    for warning in map.warnings() {
        assert!(!warning.to_string().is_empty());
    }
    let binary = Binary::default();
    assert_eq!(check_partition(&binary, data), Ok(()));
    let spans: Vec<Span> = segments(&binary, data).into_iter().map(|(span, _)| span).collect();
    for (span, location) in spans.iter().zip(map.locate_all(spans.iter().copied())) {
        assert_eq!(location, map.locate(*span));
        let location = location.expect("the segment lies in the file");
        assert_eq!(location.file_offset, span.start);
        assert!(span.end <= location.region.span.end);
        assert!(!location.to_string().is_empty());
    }
    assert_eq!(map.locate(Span::new(data.len(), data.len())), None);
});
