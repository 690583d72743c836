//! ELF, PE, COFF and Mach-O whose headers are right, and wrong in one way each.

mod coff;
mod elf;
mod macho;

use polytok_binary::{Format, Map, Reason, Region};

use crate::check;

/// One line a region: start, end, name, permissions, address.
pub(crate) fn lines(map: &Map) -> Vec<String> {
    let line = |region: &Region| {
        let address = region.address.map_or("-".into(), |address| address.to_string());
        let span = region.span;
        format!("{:x} {:x} {region} {} {address}", span.start, span.end, region.permissions)
    };
    map.regions().iter().map(line).collect()
}

pub(crate) fn reasons(map: &Map) -> Vec<Reason> {
    map.warnings().iter().map(|warning| warning.reason).collect()
}

/// The region that starts at an offset, as a line.
fn at(map: &Map, offset: usize) -> String {
    let index = map.regions().iter().position(|region| region.span.start == offset);
    index.map_or("nothing starts here".into(), |index| lines(map).swap_remove(index))
}

#[test]
fn a_magic_alone_is_raw() {
    let magics: [&[u8]; 7] = [
        b"\x7fELF",
        b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0",
        b"\x7fELF\x09\x01\x01\0\0\0\0\0\0\0\0\0\x02\0",
        b"MZ",
        b"MZ is no program",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe\x07\0\0\x01\x03\0\0\0\x02\0\0\0\x01\0\0\0\x0c\0\0\0",
    ];
    for magic in magics {
        let map = check::map(magic);
        assert_eq!(lines(&map), [format!("0 {:x} raw --- -", magic.len())]);
        assert_eq!(reasons(&map), [Reason::BadHeader], "{magic:?}");
    }
}

#[test]
fn a_file_of_no_format_is_raw_without_a_warning() {
    for file in [&b"#!/bin/sh\n"[..], b"\0asm\x01\0\0\0", b"PK\x03\x04", &[0; 100]] {
        let map = check::map(file);
        assert_eq!(map.format(), Format::Raw);
        assert_eq!(lines(&map), [format!("0 {:x} raw --- -", file.len())]);
        assert_eq!(map.degraded(), None);
    }
    assert_eq!(check::map(b"").regions(), []);
}
