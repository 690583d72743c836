//! ELF, PE, COFF and Mach-O whose headers are right, and wrong in one way each.

use polytok_binary::{Format, Kind, Map, Reason, Region};

use crate::{
    check,
    forge::{
        self, CODE, Coff, DATA, NULL, PE_AT, SECTIONS_AT, STRINGS, Section, TEXT, WRITABLE,
        patch32, patch64,
    },
};

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
fn an_elf_file_of_either_size_and_order_is_read() {
    for (wide, big) in [(false, false), (false, true), (true, false), (true, true)] {
        let file = forge::elf(wide, big, &[NULL, TEXT, DATA, STRINGS]);
        let map = check::map(&file);
        assert_eq!((map.format(), reasons(&map)), (Format::Elf, vec![]));
        let (header, segment) = if wide { (0x40, 0x78) } else { (0x34, 0x54) };
        let expected = [
            format!("0 {header:x} ELF header r-x 00401000"),
            format!("{header:x} {segment:x} program headers r-x {:08x}", 0x40_1000 + header),
            format!("{segment:x} 100 LOAD r-x {:08x}", 0x40_1000 + segment),
            "100 140 .text r-x 00401100".into(),
            "140 150 padding --- -".into(),
            "150 180 .data rw- 00402150".into(),
            "180 194 .names --- -".into(),
            "194 200 padding --- -".into(),
            format!("200 {:x} section headers --- -", file.len()),
        ];
        assert_eq!(lines(&map), expected);
    }
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

#[test]
fn an_elf_byte_order_that_is_none_is_raw() {
    let mut file = forge::usual_elf();
    file[5] = 3;
    let map = check::map(&file);
    assert_eq!((lines(&map).len(), reasons(&map)), (1, vec![Reason::BadHeader]));
}

#[test]
fn a_count_of_sections_is_held_against_the_file() {
    let mut file = forge::usual_elf();
    file[0x3c..0x3e].copy_from_slice(&[0xff, 0xff]);
    let map = check::map(&file);
    assert_eq!(reasons(&map), [Reason::TableOutOfFile]);
    // The index of the names is still good, so the names are.
    assert_eq!(at(&map, 0x100), "100 140 .text r-x 00401100");
    // A count of zero sends to section 0, whose size is the count.
    file[0x3c..0x3e].copy_from_slice(&[0, 0]);
    patch64(&mut file, SECTIONS_AT + 0x20, u64::MAX);
    let map = check::map(&file);
    assert_eq!(reasons(&map), [Reason::TableOutOfFile]);
    assert_eq!(at(&map, 0x100), "100 140 .text r-x 00401100");
    patch64(&mut file, SECTIONS_AT + 0x20, 4);
    assert_eq!(reasons(&check::map(&file)), []);
}

#[test]
fn a_table_of_sections_beyond_the_file_leaves_the_segments() {
    for offset in [0x1_0000, u64::MAX, u64::MAX - 0x100] {
        let mut file = forge::usual_elf();
        patch64(&mut file, 0x28, offset);
        let map = check::map(&file);
        assert_eq!(reasons(&map), [Reason::TableOutOfFile]);
        assert_eq!(
            lines(&map)[2..],
            ["78 140 LOAD r-x 00401078", "140 300 overlay --- -"],
            "{offset:x}"
        );
    }
}

#[test]
fn a_stripped_file_has_its_segments() {
    let mut file = forge::usual_elf();
    patch64(&mut file, 0x28, 0);
    file[0x3c..0x40].fill(0);
    file[0x100] = 0xc3;
    let map = check::map(&file);
    assert_eq!(reasons(&map), []);
    assert_eq!(map.regions()[2].kind, Kind::Code);
    assert_eq!(at(&map, 0x78), "78 140 LOAD r-x 00401078");
}

#[test]
fn wrong_entry_sizes_are_not_believed() {
    let mut file = forge::usual_elf();
    let intact = lines(&Map::of(&file));
    file[0x36] = 1;
    file[0x3a] = 0;
    let map = check::map(&file);
    assert_eq!(reasons(&map), [Reason::EntrySize, Reason::EntrySize]);
    assert_eq!(lines(&map), intact);
}

#[test]
fn many_segments_are_counted_in_section_0() {
    let mut file = forge::usual_elf();
    file[0x38..0x3a].copy_from_slice(&[0xff, 0xff]);
    patch32(&mut file, SECTIONS_AT + 0x2c, 1);
    let map = check::map(&file);
    assert_eq!((at(&map, 0x40), reasons(&map)), (at(&Map::of(&forge::usual_elf()), 0x40), vec![]));
    patch32(&mut file, SECTIONS_AT + 0x2c, u32::MAX);
    assert!(reasons(&check::map(&file)).contains(&Reason::TableOutOfFile));
}

#[test]
fn the_type_of_an_elf_section_makes_its_kind() {
    let kind = |section_type, flags| {
        let section = Section { kind: section_type, flags, ..TEXT };
        let map = check::map(&forge::elf(true, false, &[NULL, section, DATA, STRINGS]));
        map.regions().iter().find(|region| &*region.name == ".text").map(|region| region.kind)
    };
    for relocations in [4, 9, 19, 0x6000_0001, 0x6000_0002] {
        assert_eq!(kind(relocations, 2), Some(Kind::Relocations), "{relocations}");
    }
    for symbols in [2, 5, 11, 18, 0x6fff_fff6, 0x6fff_fffd, 0x6fff_fffe, 0x6fff_ffff] {
        assert_eq!(kind(symbols, 2), Some(Kind::Symbols), "{symbols}");
    }
    assert_eq!(kind(3, 0), Some(Kind::Strings));
    assert_eq!(kind(1, 6), Some(Kind::Code));
    assert_eq!(kind(1, 3), Some(Kind::Data));
    assert_eq!(kind(1, 0x30), Some(Kind::Strings));
    assert_eq!(kind(1, 2), Some(Kind::ReadOnlyData));
    // Neither a section without bytes nor an unused entry is in the file.
    assert_eq!((kind(8, 3), kind(0, 0)), (None, None));
    // Debugging information is what no process sees.
    let mut file = forge::usual_elf();
    file[0x181..0x186].copy_from_slice(b".stab");
    assert_eq!(check::map(&file).regions()[3].kind, Kind::Code);
    file[SECTIONS_AT + 64 + 8] = 0;
    assert_eq!(check::map(&file).regions()[3].kind, Kind::Debug);
}

#[test]
fn the_index_of_the_names_may_stand_in_section_0() {
    let mut file = forge::usual_elf();
    file[0x3e..0x40].copy_from_slice(&[0xff, 0xff]);
    patch32(&mut file, SECTIONS_AT + 0x28, 3);
    assert_eq!(lines(&check::map(&file)), lines(&Map::of(&forge::usual_elf())));
}

#[test]
fn a_segment_that_takes_no_memory_has_no_address() {
    let mut file = forge::usual_elf();
    // The notes of a core dump.
    patch32(&mut file, 0x40, 4);
    patch64(&mut file, 0x68, 0);
    assert_eq!(at(&check::map(&file), 0x78), "78 100 NOTE --- -");
}

#[test]
fn many_sections_that_claim_everything_are_few_regions() {
    let all = Section { offset: 0, size: u64::MAX, ..DATA };
    let mut file = forge::elf(true, false, &vec![all; 60_000]);
    let map = check::map(&file);
    assert!(map.regions().len() < 10, "{}", map.regions().len());
    assert_eq!(map.warnings().len(), 64);
    // Nested like dolls, each starts and ends within the one before.
    for i in 0..60_000 {
        let entry = SECTIONS_AT + 64 * i;
        patch64(&mut file, entry + 0x18, i as u64);
        patch64(&mut file, entry + 0x20, 3_000_000 - 2 * i as u64);
    }
    let map = check::map(&file);
    assert!(map.regions().len() > 119_000, "{}", map.regions().len());
}

#[test]
fn sections_beyond_the_file_are_clipped() {
    let long = Section { size: 0x10_0000, ..DATA };
    let map = check::map(&forge::elf(true, false, &[NULL, TEXT, long, STRINGS]));
    assert_eq!(reasons(&map), [Reason::RangeOutOfFile, Reason::Overlap, Reason::Overlap]);
    assert_eq!(at(&map, 0x150), "150 180 .data rw- 00402150");
    assert_eq!(at(&map, 0x194), "194 200 .data rw- 00402194");
    let endless = Section { size: u64::MAX, address: 0, ..DATA };
    let map = check::map(&forge::elf(true, false, &[NULL, TEXT, endless, STRINGS]));
    assert_eq!(map.degraded(), Some(Reason::RangeOutOfFile));
    let outside = Section { offset: 0x10_0000, ..DATA };
    let map = check::map(&forge::elf(true, false, &[NULL, TEXT, outside, STRINGS]));
    assert_eq!(reasons(&map), [Reason::RangeOutOfFile]);
    assert_eq!(at(&map, 0x140), "140 180 padding --- -");
}

#[test]
fn addresses_that_overflow_are_dropped() {
    let high = Section { address: u64::MAX - 0x2f, ..DATA };
    let map = check::map(&forge::elf(true, false, &[NULL, TEXT, high, STRINGS]));
    assert_eq!(
        (at(&map, 0x150), reasons(&map)),
        ("150 180 .data rw- ffffffffffffffd0".into(), vec![])
    );
    let higher = Section { address: u64::MAX - 0x2e, ..DATA };
    let map = check::map(&forge::elf(true, false, &[NULL, TEXT, higher, STRINGS]));
    assert_eq!(at(&map, 0x150), "150 180 .data rw- -");
    assert_eq!(reasons(&map), [Reason::AddressOverflow]);
}

#[test]
fn of_overlapping_sections_the_shorter_holds_and_the_longer_goes_on() {
    let all = Section { offset: 0, size: 0x300, address: 0x10_0000, ..DATA };
    let map = check::map(&forge::elf(true, false, &[NULL, all, TEXT, STRINGS]));
    assert_eq!(map.degraded(), Some(Reason::Overlap));
    assert_eq!(
        lines(&map)[..5],
        [
            "0 40 ELF header r-x 00401000",
            "40 78 program headers r-x 00401040",
            "78 100 .data rw- 00100078",
            "100 140 .text r-x 00401100",
            "140 180 .data rw- 00100140",
        ]
    );
    // Of two of one length, the earlier in the table.
    let same = Section { name: 7, ..TEXT };
    let map = check::map(&forge::elf(true, false, &[NULL, TEXT, same, STRINGS]));
    assert_eq!(at(&map, 0x100), "100 140 .text r-x 00401100");
}

#[test]
fn names_that_point_nowhere_are_replaced_by_the_index() {
    let lost = Section { name: 0xffff_ffff, ..TEXT };
    let map = check::map(&forge::elf(true, false, &[NULL, lost, DATA, STRINGS]));
    assert_eq!(at(&map, 0x100), "100 140 section 1 r-x 00401100");
    assert_eq!(reasons(&map), [Reason::BadName]);
    assert_eq!(map.warnings()[0].offset, SECTIONS_AT + 64);
    // Without a table of names, no single name is wrong.
    let mut file = forge::usual_elf();
    file[0x3e] = 77;
    let map = check::map(&file);
    assert_eq!((at(&map, 0x100), reasons(&map)), ("100 140 section 1 r-x 00401100".into(), vec![]));
}

#[test]
fn names_are_cut_and_can_be_printed() {
    let mut file = forge::usual_elf();
    file[0x181..0x186].copy_from_slice(b"\x1b[2J\n");
    let map = check::map(&file);
    assert_eq!(at(&map, 0x100), "100 140 \u{fffd}[2J\u{fffd} r-x 00401100");
    // One section is a string table of a megabyte without an end, and all others are named by it.
    let mut sections = vec![NULL; 200];
    sections.fill(Section { name: 1, size: 1, offset: 0x150, ..DATA });
    let len = 0x10_0000;
    let at_end = (SECTIONS_AT + 64 * 201) as u64;
    sections.push(Section { name: 1, kind: 3, offset: at_end, size: len, ..STRINGS });
    let mut file = forge::elf(true, false, &sections);
    file.resize(file.len() + len as usize, b'n');
    let map = check::map(&file);
    assert_eq!(map.locate(polytok_core::Span::new(0x150, 0x151)).unwrap().region.name.len(), 255);
}

#[test]
fn an_object_has_sections_but_no_addresses() {
    let mut file = forge::usual_elf();
    file[0x10] = 1;
    let map = check::map(&file);
    assert_eq!(at(&map, 0x100), "100 140 .text r-x -");
}

/// A PE image with code (0x200, of which 0x150 are used) and data, and 0x80 bytes behind.
fn sections() -> [Coff; 2] {
    [
        (b".text", 0x150, 0x1000, 0x200, 0x200, (0, 0), CODE),
        (b".data", 0x9000, 0x2000, 0x200, 0x400, (0, 0), WRITABLE),
    ]
}

#[test]
fn a_pe_image_of_either_size_is_read() {
    for (wide, base) in [(true, 0x1_4000_0000u64), (false, 0x40_0000)] {
        let map = check::map(&forge::pe(wide, 16, (0x640, 0x40), (0, 0), &sections(), 0x680));
        assert_eq!((map.format(), reasons(&map)), (Format::Pe, vec![]));
        let expected = [
            format!("0 200 headers r-- {base:08x}"),
            format!("200 350 .text r-x {:08x}", base + 0x1000),
            format!("350 400 .text r-x {:08x}", base + 0x1150),
            format!("400 600 .data rw- {:08x}", base + 0x2000),
            "600 640 padding --- -".into(),
            "640 680 certificates --- -".into(),
        ];
        assert_eq!(lines(&map), expected);
        assert_eq!(map.regions()[2].kind, Kind::Padding);
        let map = check::map(&forge::pe(wide, 16, (0, 0), (0, 0), &sections(), 0x680));
        assert_eq!(at(&map, 0x600), "600 680 overlay --- -");
    }
}

#[test]
fn a_pe_section_without_a_virtual_size_is_used_in_full() {
    let section: Coff = (b".text", 0, 0x1000, 0x200, 0x200, (0, 0), CODE);
    let map = check::map(&forge::pe(true, 16, (0, 0), (0, 0), &[section], 0x400));
    assert_eq!(at(&map, 0x200), "200 400 .text r-x 140001000");
    assert_eq!(map.regions()[1].kind, Kind::Code);
}

#[test]
fn a_pe_section_beyond_the_file_is_said_once() {
    let file = forge::pe(true, 16, (0, 0), (0, 0), &sections()[..1], 0x400);
    // Cut off in what is used, right behind it, and in what fills the section up.
    for len in [0x340, 0x350, 0x360] {
        let map = check::map(&file[..len]);
        assert_eq!(reasons(&map), [Reason::RangeOutOfFile], "{len:x}");
        assert_eq!(at(&map, 0x200), format!("200 {:x} .text r-x 140001000", len.min(0x350)));
    }
}

#[test]
fn too_many_directories_and_sections_of_a_pe_image_are_not_believed() {
    let file = forge::pe(true, u64::from(u32::MAX), (0, 0), (0, 0), &sections(), 0x600);
    let mut expected = lines(&check::map(&file));
    assert!(expected.contains(&"200 350 .text r-x 140001000".to_string()), "{expected:?}");
    let mut file = file;
    file[PE_AT + 6..PE_AT + 8].copy_from_slice(&[0xff, 0xff]);
    let map = check::map(&file);
    // The table then reaches to the end of the file, over the sections it describes.
    assert_eq!(map.degraded(), Some(Reason::TableOutOfFile));
    assert_eq!(lines(&map)[1], expected.swap_remove(1));
}

#[test]
fn a_pe_header_beyond_the_file_is_raw() {
    for pointer in [0x10_0000, 0x5fe, u32::MAX, 0x3c] {
        let mut file = forge::pe(true, 16, (0, 0), (0, 0), &sections(), 0x600);
        patch32(&mut file, 0x3c, pointer);
        let map = check::map(&file);
        assert_eq!((lines(&map).len(), reasons(&map)), (1, vec![Reason::BadHeader]), "{pointer:x}");
    }
}

#[test]
fn a_pe_image_without_an_optional_header_keeps_its_sections() {
    let mut file = forge::pe(true, 16, (0, 0), (0, 0), &sections(), 0x600);
    file[PE_AT + 24] = 0;
    let map = check::map(&file);
    assert_eq!(map.degraded(), Some(Reason::BadEntry));
    assert_eq!(at(&map, 0x200), "200 350 .text r-x 00001000");
}

#[test]
fn a_pe_base_that_overflows_drops_the_address() {
    let mut file = forge::pe(true, 16, (0, 0), (0, 0), &sections(), 0x600);
    patch64(&mut file, PE_AT + 24 + 24, u64::MAX - 0x1800);
    let map = check::map(&file);
    assert_eq!(at(&map, 0x200), format!("200 350 .text r-x {:x}", u64::MAX - 0x800));
    assert_eq!(at(&map, 0x400), "400 600 .data rw- -");
    assert_eq!(reasons(&map), [Reason::AddressOverflow]);
}

#[test]
fn long_names_of_coff_sections_come_from_the_string_table() {
    // One symbol of 18 bytes at 0x500, then the strings, which count their size.
    let place = |name| [(name, 0, 0, 0x10, 0x400, (0, 0), WRITABLE)];
    let named = |name: &'static [u8]| {
        let mut file = forge::pe(true, 16, (0, 0), (0x500, 1), &place(name), 0x540);
        patch32(&mut file, 0x512, 0x20);
        file[0x516..0x51f].copy_from_slice(b".debug_ok");
        let map = check::map(&file);
        (at(&map, 0x400), reasons(&map))
    };
    let good = ("400 410 .debug_ok rw- 140000000".to_string(), vec![]);
    assert_eq!(named(b"/4"), good);
    assert_eq!(named(b"//AAAAAE"), good);
    for bad in [&b"/9999999"[..], b"/x", b"/", b"//", b"//~", b"//////"] {
        let (line, reasons) = named(bad);
        let name = String::from_utf8_lossy(bad);
        assert_eq!(line, format!("400 410 {name} rw- 140000000"));
        assert_eq!(reasons, [Reason::BadName]);
    }
}

#[test]
fn a_coff_object_is_read_with_its_relocations() {
    let text: Coff = (b".text", 0, 0, 0x20, 0x100, (0x120, 2), CODE);
    let bss: Coff = (b".bss", 0, 0, 0x1000, 0, (0, 0), 0xc000_0080);
    let file = forge::coff((0x134, 1), &[text, bss], 0x150);
    let map = check::map(&file);
    assert_eq!((map.format(), reasons(&map)), (Format::Coff, vec![]));
    assert_eq!(
        lines(&map),
        [
            "0 14 COFF header --- -",
            "14 64 section headers --- -",
            "64 100 padding --- -",
            "100 120 .text r-x -",
            "120 134 .text relocations --- -",
            "134 146 COFF symbols --- -",
            "146 14a COFF strings --- -",
            "14a 150 overlay --- -",
        ]
    );
    // The count of more relocations than fit is in the first of them, and may lie.
    let text: Coff = (b".text", 0, 0, 0x20, 0x100, (0x120, 0xffff), CODE);
    let mut file = forge::coff((0, 0), &[text], 0x150);
    patch32(&mut file, 0x120, 3);
    assert_eq!(at(&check::map(&file), 0x120), "120 13e .text relocations --- -");
    patch32(&mut file, 0x120, u32::MAX);
    let map = check::map(&file);
    assert_eq!(at(&map, 0x120), "120 150 .text relocations --- -");
    assert_eq!(reasons(&map), [Reason::RangeOutOfFile]);
    // Without a magic, what cannot be an object is none.
    assert_eq!(check::map(&forge::coff((0x1000, 1), &[text], 0x150)).format(), Format::Raw);
    assert_eq!(check::map(&forge::coff((0, 0), &[], 0x150)).format(), Format::Raw);
    let mut image = forge::coff((0, 0), &[text], 0x150);
    image[0x10] = 0xf0;
    assert_eq!(check::map(&image).format(), Format::Raw);
}

#[test]
fn a_macho_image_of_either_size_and_order_is_read() {
    for (wide, big) in [(false, false), (false, true), (true, false), (true, true)] {
        let map = check::map(&forge::macho(wide, big));
        assert_eq!((map.format(), reasons(&map)), (Format::MachO, vec![]));
        let base = if wide { 0x1_0000_0000u64 } else { 0x1000 };
        let end = if wide { 32 + 72 + 80 + 72 + 24 } else { 28 + 56 + 68 + 56 + 24 };
        let symbols = if wide { 0x340 } else { 0x330 };
        let expected = [
            format!("0 {end:x} Mach-O header r-x {base:08x}"),
            format!("{end:x} 200 __TEXT r-x {:08x}", base + end),
            format!("200 280 __TEXT,__text r-x {:08x}", base + 0x200),
            format!("280 300 __TEXT r-x {:08x}", base + 0x280),
            format!("300 {symbols:x} __LINKEDIT,symbols r-- {:08x}", base + 0x300),
            format!("{symbols:x} 3f0 __LINKEDIT r-- {:08x}", base + symbols),
            format!("3f0 400 __LINKEDIT,strings r-- {:08x}", base + 0x3f0),
        ];
        assert_eq!(lines(&map), expected);
    }
}

#[test]
fn load_commands_that_lie_end_the_walk() {
    let commands = 32;
    // No size, a size below that of any command, one beyond the commands.
    for size in [0, 7, 0x1000, u32::MAX] {
        let mut file = forge::macho(true, false);
        patch32(&mut file, commands + 4, size);
        let map = check::map(&file);
        assert_eq!(reasons(&map), [Reason::BadEntry], "{size:x}");
        assert_eq!(lines(&map), ["0 118 Mach-O header --- -", "118 400 overlay --- -"]);
    }
    // A command too short for its kind is passed over.
    let mut file = forge::macho(true, false);
    patch32(&mut file, commands + 4, 16);
    assert_eq!(check::map(&file).degraded(), Some(Reason::BadEntry));
}

#[test]
fn counts_of_a_macho_image_are_held_against_the_file() {
    let intact = lines(&Map::of(&forge::macho(true, false)));
    // More commands than there are.
    let mut file = forge::macho(true, false);
    patch32(&mut file, 16, u32::MAX);
    let map = check::map(&file);
    assert_eq!((lines(&map), reasons(&map)), (intact.clone(), vec![Reason::BadEntry]));
    // More sections than the command has room for.
    let mut file = forge::macho(true, false);
    patch32(&mut file, 32 + 64, u32::MAX);
    let map = check::map(&file);
    assert_eq!((lines(&map), reasons(&map)), (intact, vec![Reason::TableOutOfFile]));
    // Commands beyond the end of the file.
    let mut file = forge::macho(true, false);
    patch32(&mut file, 20, u32::MAX);
    assert!(reasons(&check::map(&file)).contains(&Reason::TableOutOfFile));
    // More symbols than the file.
    let mut file = forge::macho(true, false);
    patch32(&mut file, 32 + 152 + 72 + 12, u32::MAX);
    let map = check::map(&file);
    assert_eq!(map.degraded(), Some(Reason::RangeOutOfFile));
    assert_eq!(at(&map, 0x300), "300 3f0 __LINKEDIT,symbols r-- 100000300");
}

#[test]
fn the_flags_of_a_macho_section_make_its_kind() {
    // Of the section: flags at 0xa8, relocations at 0xa0; of its segment: protection at 0x5c.
    let kind = |flags: u32, protection: u32, segment: &[u8]| {
        let mut file = forge::macho(true, false);
        patch32(&mut file, 0xa8, flags);
        patch32(&mut file, 0x5c, protection);
        file[0x78..0x78 + segment.len()].copy_from_slice(segment);
        let map = check::map(&file);
        map.regions().iter().find(|region| region.span.start == 0x200).unwrap().kind
    };
    assert_eq!(kind(0x8000_0400, 5, b"__TEXT"), Kind::Code);
    assert_eq!(kind(0x400, 5, b"__TEXT"), Kind::Code);
    assert_eq!(kind(0, 5, b"__TEXT"), Kind::ReadOnlyData);
    assert_eq!(kind(2, 5, b"__TEXT"), Kind::Strings);
    assert_eq!(kind(0, 3, b"__DATA"), Kind::Data);
    // The only segment of an object may be written and executed.
    assert_eq!(kind(0, 7, b"__TEXT"), Kind::ReadOnlyData);
    assert_eq!(kind(0, 7, b"__DATA"), Kind::Data);
    assert_eq!(kind(0x0200_0000, 7, b"__OTHER"), Kind::Debug);
    assert_eq!(kind(0, 7, b"__DWARF"), Kind::Debug);
    // Zeros that are not in the file.
    for flags in [1, 0xc, 0x12] {
        let mut file = forge::macho(true, false);
        patch32(&mut file, 0xa8, flags);
        assert_eq!(at(&check::map(&file), 0x118), "118 300 __TEXT r-x 100000118");
    }
}

#[test]
fn a_macho_section_has_its_relocations() {
    let mut file = forge::macho(true, false);
    patch32(&mut file, 0xa0, 0x280);
    patch32(&mut file, 0xa4, 2);
    let map = check::map(&file);
    assert_eq!(at(&map, 0x280), "280 290 __TEXT,__text relocations --- -");
    assert_eq!(reasons(&map), []);
}

#[test]
fn sections_of_a_segment_that_is_not_in_the_file_are_not_either() {
    let mut file = forge::macho(true, false);
    patch64(&mut file, 0x50, 0);
    let map = check::map(&file);
    assert_eq!(at(&map, 0x118), "118 300 padding --- -");
    assert_eq!(reasons(&map), []);
}
