//! ELF.

use polytok_binary::{Format, Kind, Map, Reason};

use super::{at, lines, reasons};
use crate::{
    check,
    forge::{self, DATA, NULL, SECTIONS_AT, STRINGS, Section, TEXT, patch32, patch64},
};

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
