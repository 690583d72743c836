//! What holds of every input. [`map`] and [`segments`] are what a fuzzer would call.

use std::num::NonZeroUsize;

use polytok_binary::{Binary, BinaryConfig, Blocks, Map};
use polytok_core::{Boundary, Segmenter, Span, check_partition, segments as collect};

/// Divides a file and holds the map against what every map must be.
pub(crate) fn map(file: &[u8]) -> Map {
    let map = Map::of(file);
    let mut end = 0;
    for region in map.regions() {
        assert_eq!(region.span.start, end, "{region}: regions leave no gap");
        assert!(!region.span.is_empty(), "{region}: no region is empty");
        end = region.span.end;
        let last = (region.span.len() - 1) as u64;
        if let Some(address) = region.address {
            assert!(address.0.checked_add(last).is_some(), "{region}: addresses do not wrap");
        }
        // 255 bytes of a name, each replaced by a character of three, and a word.
        assert!(region.name.len() <= 800, "{region}: names are short");
        assert!(!region.to_string().contains(char::is_control), "names can be printed");
    }
    assert_eq!(end, file.len(), "the regions end with the file");
    for warning in map.warnings() {
        assert!(warning.offset <= file.len(), "{warning}: a warning is about the file");
    }
    assert!(map.warnings().len() <= 1024);
    assert_eq!(map.degraded().is_none(), map.warnings().is_empty());
    map
}

/// Segments a file in every way and holds the segments against its map.
pub(crate) fn segments(file: &[u8]) {
    let map = map(file);
    assert_eq!(map.regions(), Map::of(file).regions(), "a map is a function of the file");
    let number = NonZeroUsize::new;
    let configs = [
        BinaryConfig::default(),
        BinaryConfig { fill: None, limit: None },
        BinaryConfig { fill: number(2), limit: number(8) },
        BinaryConfig { fill: number(5), limit: number(1) },
    ];
    for config in configs {
        let binary = Binary::new(config);
        check_partition(&binary, file).unwrap();
        let all = collect(&binary, file);
        let limit = config.limit.map_or(usize::MAX, NonZeroUsize::get);
        let spans: Vec<Span> = all.iter().map(|(span, _)| *span).collect();
        for ((span, boundary), location) in all.iter().zip(map.locate_all(spans)) {
            let location = location.unwrap();
            assert_eq!(*boundary, Boundary::Hard);
            assert!(span.len() <= limit);
            let region = location.region.span;
            assert!(region.start <= span.start && span.end <= region.end, "{span:?} in {region:?}");
            assert_eq!(Some(location), map.locate(*span));
        }
    }
    check_partition(&Blocks::default(), file).unwrap();
}

/// The segmenters one by one, without a map to hold them against.
pub(crate) fn partitions(file: &[u8]) {
    check_partition(&Binary::default() as &dyn Segmenter, file).unwrap();
}
