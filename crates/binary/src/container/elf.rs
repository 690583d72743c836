//! ELF: 32 and 64 bits, both byte orders, executables, libraries, relocatable objects, cores.
//!
//! Of goblin only the readers of single headers and of tables of a checked length are used: the
//! whole-file parser also reads symbols, relocations and notes, which say nothing about sections
//! and fail on files whose sections are in order.

use std::sync::Arc;

use goblin::{
    container::Ctx,
    elf::{
        Elf, Header, ProgramHeader, SectionHeader, header::ET_REL, program_header as ph,
        section_header as sh,
    },
};

use super::claim::{Claims, Level, Memory, name_in};
use crate::{Kind, Permissions, Reason};

/// `e_phnum` when the number of segments stands in section 0 (System V gABI, ELF header).
const PN_XNUM: u16 = 0xffff;
/// `e_shstrndx` when the index stands in section 0 (System V gABI, ELF header).
const SHN_XINDEX: u16 = 0xffff;
/// Relative relocations in compact form (System V gABI, sections).
const SHT_RELR: u32 = 19;
/// Packed relocations of Android (bionic `linker_relocs.h`).
const SHT_ANDROID_REL: u32 = 0x6000_0001;
/// The same, with addends.
const SHT_ANDROID_RELA: u32 = 0x6000_0002;

pub(super) fn claims(bytes: &[u8], out: &mut Claims) {
    let Some((header, ctx)) = header(bytes) else {
        return out.find(0, Reason::BadHeader);
    };
    out.headers(0, Header::size(ctx), "ELF header");
    let sections = sections(bytes, &header, ctx, out);
    segments(bytes, &header, ctx, sections.first(), out);
    let names = names(bytes, &header, &sections);
    let entry = SectionHeader::size(ctx);
    for (i, section) in sections.iter().enumerate() {
        if matches!(section.sh_type, sh::SHT_NULL | sh::SHT_NOBITS) {
            continue;
        }
        let at = header.e_shoff as usize + i * entry;
        let name: Arc<str> = match name_in(names, section.sh_name as u64) {
            Some(name) => name,
            // Without any table of names, nothing is wrong with the single name.
            None if names.is_empty() => format!("section {i}").into(),
            None => {
                out.find(at, Reason::BadName);
                format!("section {i}").into()
            }
        };
        let memory = if section.is_alloc() {
            let permissions = Permissions {
                read: true,
                write: section.is_writable(),
                execute: section.is_executable(),
            };
            // Sections of an object get their addresses from the linker.
            Memory::Mapped(permissions, (header.e_type != ET_REL).then_some(section.sh_addr))
        } else {
            Memory::Unmapped
        };
        let kind = kind(section, &name);
        let range = (section.sh_offset, section.sh_size);
        out.add(at, range, Level::Section, name, kind, memory);
    }
}

fn header(bytes: &[u8]) -> Option<(Header, Ctx)> {
    let header = Elf::parse_header(bytes).ok()?;
    let ctx = Ctx::new(header.container().ok()?, header.endianness().ok()?);
    Some((header, ctx))
}

/// The section headers that lie in the file.
fn sections(bytes: &[u8], header: &Header, ctx: Ctx, out: &mut Claims) -> Vec<SectionHeader> {
    if header.e_shoff == 0 {
        return Vec::new();
    }
    let entry = SectionHeader::size(ctx);
    if usize::from(header.e_shentsize) != entry {
        out.find(0, Reason::EntrySize);
    }
    let read = |offset, count: usize| match count {
        // goblin takes a count of zero as "see section 0".
        0 => Vec::new(),
        _ => SectionHeader::parse_from(bytes, offset, count, ctx).unwrap_or_default(),
    };
    let count = match header.e_shnum {
        0 => {
            let (offset, fit) = out.table(0, header.e_shoff, 1, entry);
            read(offset, fit).first().map_or(0, |first| first.sh_size)
        }
        count => u64::from(count),
    };
    let (offset, fit) = out.table(0, header.e_shoff, count, entry);
    out.headers(offset, fit * entry, "section headers");
    read(offset, fit)
}

/// Claims what the segments map.
fn segments(
    bytes: &[u8],
    header: &Header,
    ctx: Ctx,
    first: Option<&SectionHeader>,
    out: &mut Claims,
) {
    let count = match (header.e_phnum, first) {
        (PN_XNUM, Some(first)) => u64::from(first.sh_info),
        (count, _) => u64::from(count),
    };
    if count == 0 || header.e_phoff == 0 {
        return;
    }
    let entry = ProgramHeader::size(ctx);
    if usize::from(header.e_phentsize) != entry {
        out.find(0, Reason::EntrySize);
    }
    let (offset, fit) = out.table(0, header.e_phoff, count, entry);
    out.headers(offset, fit * entry, "program headers");
    let segments = ProgramHeader::parse(bytes, offset, fit, ctx).unwrap_or_default();
    for (i, segment) in segments.iter().enumerate() {
        let permissions = Permissions {
            read: segment.is_read(),
            write: segment.is_write(),
            execute: segment.is_executable(),
        };
        let (name, kind) = match segment.p_type {
            ph::PT_LOAD => ("LOAD", permissions.kind()),
            ph::PT_INTERP => ("INTERP", Kind::Strings),
            ph::PT_DYNAMIC => ("DYNAMIC", permissions.kind()),
            ph::PT_NOTE => ("NOTE", Kind::ReadOnlyData),
            ph::PT_GNU_EH_FRAME => ("GNU_EH_FRAME", Kind::ReadOnlyData),
            _ => continue,
        };
        // Notes of a core dump are not in memory.
        let memory = match segment.p_memsz {
            0 => Memory::Unmapped,
            _ => Memory::Mapped(permissions, Some(segment.p_vaddr)),
        };
        let range = (segment.p_offset, segment.p_filesz);
        out.add(offset + i * entry, range, Level::Segment, name, kind, memory);
    }
}

/// The string table that holds the names of sections; empty if there is none.
fn names<'a>(bytes: &'a [u8], header: &Header, sections: &[SectionHeader]) -> &'a [u8] {
    let index = match (header.e_shstrndx, sections.first()) {
        (SHN_XINDEX, Some(first)) => first.sh_link as usize,
        (index, _) => usize::from(index),
    };
    let Some(table) = sections.get(index).filter(|table| table.sh_type == sh::SHT_STRTAB) else {
        return &[];
    };
    let len = bytes.len() as u64;
    let start = table.sh_offset.min(len) as usize;
    let end = table.sh_offset.saturating_add(table.sh_size).min(len) as usize;
    &bytes[start..end]
}

fn kind(section: &SectionHeader, name: &str) -> Kind {
    const DEBUG: [&str; 5] = [".debug", ".zdebug", ".gnu_debug", ".stab", ".line"];
    match section.sh_type {
        sh::SHT_SYMTAB
        | sh::SHT_DYNSYM
        | sh::SHT_SYMTAB_SHNDX
        | sh::SHT_HASH
        | sh::SHT_GNU_HASH
        | sh::SHT_GNU_VERSYM
        | sh::SHT_GNU_VERDEF
        | sh::SHT_GNU_VERNEED => Kind::Symbols,
        sh::SHT_REL | sh::SHT_RELA | SHT_RELR | SHT_ANDROID_REL | SHT_ANDROID_RELA => {
            Kind::Relocations
        }
        _ if !section.is_alloc() && DEBUG.iter().any(|debug| name.starts_with(debug)) => {
            Kind::Debug
        }
        sh::SHT_STRTAB => Kind::Strings,
        _ if name == ".interp" => Kind::Strings,
        _ if section.is_executable() => Kind::Code,
        _ if section.is_writable() => Kind::Data,
        _ if section.sh_flags & u64::from(sh::SHF_STRINGS) != 0 => Kind::Strings,
        _ => Kind::ReadOnlyData,
    }
}
