//! Sections as the `object` crate reads them, on all fixtures.

use std::collections::BTreeSet;

use object::{
    FileKind, Object, ObjectKind, ObjectSection, ObjectSegment, SectionFlags, SegmentFlags,
    read::{archive::ArchiveFile, macho::MachOFatFile32},
};
use polytok_binary::{Address, Format, Kind, Map, Permissions, Region};
use polytok_core::Span;

use crate::{check, files};

/// Sections that were compared, by format.
#[derive(Debug, Default)]
struct Compared {
    elf: usize,
    pe: usize,
    coff: usize,
    macho: usize,
}

#[test]
fn sections_of_all_fixtures_agree_with_the_object_crate() {
    let mut compared = Compared::default();
    for (path, file) in files::below(files::FIXTURES) {
        let map = check::map(&file);
        assert_eq!(map.warnings(), [], "{path}");
        compare_container(&path, &file, Span::new(0, file.len()), None, &map, &mut compared);
    }
    let Compared { elf, pe, coff, macho } = compared;
    assert!(elf > 500 && pe > 40 && coff > 300 && macho > 50, "{elf} {pe} {coff} {macho}");
}

/// Compares what lies in `window`, which is `member` of what is around it.
fn compare_container(
    path: &str,
    file: &[u8],
    window: Span,
    member: Option<&str>,
    map: &Map,
    compared: &mut Compared,
) {
    let bytes = window.of(file);
    let inner = |name: &str| member.map_or(name.into(), |member| format!("{member}/{name}"));
    let within = |(offset, size): (u64, u64)| {
        let start = window.start + offset as usize;
        Span::new(start, start + size as usize)
    };
    match FileKind::parse(bytes) {
        Ok(FileKind::Archive) => {
            assert_eq!(map.format(), Format::Archive, "{path}");
            for entry in ArchiveFile::parse(bytes).unwrap().members() {
                let entry = entry.unwrap();
                let name = inner(std::str::from_utf8(entry.name()).unwrap());
                let span = within(entry.file_range());
                compare_container(path, file, span, Some(&name), map, compared);
            }
        }
        // `object` takes Java classes for fat files, which have the same magic.
        Ok(FileKind::MachOFat32) if !path.ends_with(".class") => {
            assert_eq!(map.format(), Format::FatMachO, "{path}");
            for slice in MachOFatFile32::parse(bytes).unwrap().arches() {
                use object::read::macho::FatArch;
                let name = match slice.architecture() {
                    object::Architecture::X86_64 => "x86_64",
                    object::Architecture::Aarch64 => "arm64",
                    other => panic!("{path}: {other:?}"),
                };
                let span = within(slice.file_range());
                compare_container(path, file, span, Some(&inner(name)), map, compared);
            }
        }
        Ok(_) => {
            if let Ok(image) = object::File::parse(bytes) {
                compare_image(path, &image, window, member, map, compared);
            } else {
                // Members of import libraries that are no objects, and formats of other kinds.
                let region = map.locate(window).unwrap().region;
                assert_eq!((region.span, region.kind), (window, Kind::Raw), "{path}: {region}");
            }
        }
        Err(_) => {
            let region = map.locate(window).unwrap().region;
            assert_eq!((region.span, region.kind), (window, Kind::Raw), "{path}: {region}");
        }
    }
}

fn compare_image(
    path: &str,
    image: &object::File<'_>,
    window: Span,
    member: Option<&str>,
    map: &Map,
    compared: &mut Compared,
) {
    let mut known = BTreeSet::new();
    for section in image.sections() {
        let Some((offset, size)) = section.file_range().filter(|&(_, size)| size > 0) else {
            continue;
        };
        let span = Span::new(
            window.start + offset as usize,
            window.start + offset as usize + size as usize,
        );
        let region = map.locate(span).unwrap().region;
        let name = match section.segment_name().unwrap() {
            Some(segment) => format!("{segment},{}", section.name().unwrap()),
            None => section.name().unwrap().to_string(),
        };
        let what = format!("{path}: {region}");
        assert_eq!(region.span, span, "{what}");
        assert_eq!(&*region.name, name, "{what}");
        assert_eq!(region.member.as_deref(), member, "{what}");
        let permissions = permissions(image, &section);
        assert_eq!(region.permissions, permissions, "{what}");
        // Objects are not linked yet, and ELF keeps addresses of sections that are not mapped.
        let elf = matches!(image, object::File::Elf32(_) | object::File::Elf64(_));
        let mapped = image.kind() != ObjectKind::Relocatable && (permissions.read || !elf);
        let address = mapped.then(|| Address(section.address()));
        assert_eq!(region.address, address, "{what}");
        known.insert(region.span);
        match image {
            object::File::Elf32(_) | object::File::Elf64(_) => compared.elf += 1,
            object::File::Pe32(_) | object::File::Pe64(_) => compared.pe += 1,
            object::File::Coff(_) => compared.coff += 1,
            object::File::MachO32(_) | object::File::MachO64(_) => compared.macho += 1,
            other => panic!("{path}: {:?}", other.format()),
        }
    }
    // Nothing else calls itself a section, and what is mapped is where the segments say.
    for region in map.regions().iter().filter(|r| {
        window.start <= r.span.start && r.span.end <= window.end && !known.contains(&r.span)
    }) {
        // The alignment behind a section of a PE image, where linkers leave more than fill.
        let start = region.span.start;
        let before = Span::new(start.saturating_sub(1), start);
        let slack = map.locate(before).is_some_and(|before| {
            known.contains(&before.region.span) && before.region.name == region.name
        });
        assert!(slack || is_no_section(region), "{path}: {region} {:?}", region.kind);
    }
    if matches!(image, object::File::Pe32(_) | object::File::Pe64(_)) {
        return;
    }
    for segment in image.segments() {
        let (offset, size) = segment.file_range();
        let range = window.start + offset as usize..window.start + (offset + size) as usize;
        for region in map.regions().iter().filter(|region| range.contains(&region.span.start)) {
            if let Some(address) = region.address {
                let there = (region.span.start - range.start) as u64;
                assert_eq!(address.0, segment.address() + there, "{path}: {region}");
            }
        }
    }
}

fn permissions(image: &object::File<'_>, section: &object::Section<'_, '_>) -> Permissions {
    let bits = |flags: u64, read: u32, write: u32, execute: u32| {
        let bit = |at| flags >> at & 1 != 0;
        (bit(read), bit(write), bit(execute))
    };
    let (read, write, execute) = match section.flags() {
        SectionFlags::Elf { sh_flags, .. } => bits(sh_flags.0, 1, 0, 2),
        SectionFlags::Coff { characteristics, .. } => bits(characteristics.0.into(), 30, 31, 29),
        SectionFlags::MachO { .. } => {
            let name = section.segment_name().unwrap();
            let segment = image.segments().find(|s| s.name().unwrap() == name).unwrap();
            let SegmentFlags::MachO { initprot, .. } = segment.flags() else {
                panic!("a Mach-O segment has Mach-O flags")
            };
            bits(initprot.0.into(), 0, 1, 2)
        }
        other => panic!("{other:?}"),
    };
    match section.flags() {
        // What is not allocated has no permissions, whatever its other flags say.
        SectionFlags::Elf { .. } if !read => Permissions::default(),
        _ => Permissions { read, write, execute },
    }
}

/// Whether a region is one that the parser names itself.
fn is_no_section(region: &Region) -> bool {
    const NAMES: &[&str] = &[
        "ELF header",
        "program headers",
        "section headers",
        "LOAD",
        "COFF header",
        "COFF symbols",
        "COFF strings",
        "headers",
        "Mach-O header",
        "padding",
        "gap",
        "overlay",
        "certificates",
        "__TEXT",
    ];
    NAMES.contains(&&*region.name)
        || region.kind == Kind::Padding
        || region.name.starts_with("__LINKEDIT,")
        || region.name.ends_with(" relocations")
}
