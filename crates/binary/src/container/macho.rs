//! Mach-O: 32 and 64 bits, both byte orders, images and objects.

use goblin::{
    container::{Ctx, Endian},
    mach::{
        constants::{
            S_ATTR_DEBUG, S_ATTR_PURE_INSTRUCTIONS, S_ATTR_SOME_INSTRUCTIONS, S_CSTRING_LITERALS,
            S_GB_ZEROFILL, S_THREAD_LOCAL_ZEROFILL, S_ZEROFILL, SECTION_TYPE,
        },
        header::{SIZEOF_HEADER_32, SIZEOF_HEADER_64},
        load_command::{
            CommandVariant, DyldInfoCommand, DysymtabCommand, LoadCommand, SIZEOF_SECTION_32,
            SIZEOF_SECTION_64, SymtabCommand,
        },
        parse_magic_and_ctx,
        segment::{Section, Segment},
    },
};

use super::claim::{Claims, Level, Memory, name, u32_at};
use crate::{Kind, Permissions, Reason};

/// Bytes of the two numbers that every command starts with.
const COMMAND: usize = 8;
/// Bytes of a relocation (`mach-o/reloc.h`).
const RELOCATION: u64 = 8;

pub(super) fn claims(bytes: &[u8], out: &mut Claims) {
    let Ok((_, Some(ctx))) = parse_magic_and_ctx(bytes, 0) else {
        return out.find(0, Reason::BadHeader);
    };
    let little = ctx.le == Endian::Little;
    let header = if ctx.is_big() { SIZEOF_HEADER_64 } else { SIZEOF_HEADER_32 };
    let (Some(count), Some(size)) = (u32_at(bytes, 16, little), u32_at(bytes, 20, little)) else {
        return out.find(0, Reason::BadHeader);
    };
    if bytes.len() < header {
        return out.find(0, Reason::BadHeader);
    }
    let (_, size) = out.table(0, header as u64, u64::from(size), 1);
    let end = header + size;
    out.headers(0, end, "Mach-O header");
    let mut at = header;
    for _ in 0..count {
        // Every turn takes at least eight bytes of the file, whatever the count is.
        let next = u32_at(bytes, at + 4, little)
            .map(|size| size as usize)
            .filter(|&size| size >= COMMAND && end.saturating_sub(at) >= size)
            .map(|size| at + size);
        let Some(next) = next else {
            out.find(at, Reason::BadEntry);
            break;
        };
        match LoadCommand::parse(&bytes[..next], &mut { at }, ctx.le) {
            Ok(LoadCommand { command, .. }) => self::command(bytes, at, &command, ctx, out),
            Err(_) => out.find(at, Reason::BadEntry),
        }
        at = next;
    }
}

fn command(bytes: &[u8], at: usize, command: &CommandVariant, ctx: Ctx, out: &mut Claims) {
    use CommandVariant as C;
    let (name, kind, offset, size) = match command {
        C::Segment32(segment) => {
            let segment = Segment::from_32_lossy(bytes, segment, at, ctx);
            return self::segment(at, segment.ok(), ctx, out);
        }
        C::Segment64(segment) => {
            let segment = Segment::from_64_lossy(bytes, segment, at, ctx);
            return self::segment(at, segment.ok(), ctx, out);
        }
        C::Symtab(command) => return symtab(at, command, ctx, out),
        C::Dysymtab(command) => return dysymtab(at, command, out),
        C::DyldInfo(command) | C::DyldInfoOnly(command) => return dyld_info(at, command, out),
        C::CodeSignature(c) => ("code signature", Kind::ReadOnlyData, c.dataoff, c.datasize),
        C::SegmentSplitInfo(c) => ("split info", Kind::ReadOnlyData, c.dataoff, c.datasize),
        C::FunctionStarts(c) => ("function starts", Kind::ReadOnlyData, c.dataoff, c.datasize),
        C::DataInCode(c) => ("data in code", Kind::ReadOnlyData, c.dataoff, c.datasize),
        C::DylibCodeSignDrs(c) => ("code sign drs", Kind::ReadOnlyData, c.dataoff, c.datasize),
        C::LinkerOptimizationHint(c) => {
            ("linker optimization hints", Kind::ReadOnlyData, c.dataoff, c.datasize)
        }
        C::DyldExportsTrie(c) => ("exports trie", Kind::Symbols, c.dataoff, c.datasize),
        C::DyldChainedFixups(c) => ("chained fixups", Kind::Relocations, c.dataoff, c.datasize),
        _ => return,
    };
    linkedit(at, name, kind, offset, u64::from(size), out);
}

/// Claims a part of the link-edit data, which lies in memory where its segment does.
fn linkedit(at: usize, name: &str, kind: Kind, offset: u32, size: u64, out: &mut Claims) {
    let range = (u64::from(offset), size);
    let name = format!("__LINKEDIT,{name}");
    out.add(at, range, Level::Section, name, kind, Memory::Inherited);
}

fn segment(at: usize, segment: Option<Segment<'_>>, ctx: Ctx, out: &mut Claims) {
    let Some(segment) = segment else { return out.find(at, Reason::BadEntry) };
    // The protection flags of `mach/vm_prot.h`.
    let permissions = Permissions {
        read: segment.initprot & 1 != 0,
        write: segment.initprot & 2 != 0,
        execute: segment.initprot & 4 != 0,
    };
    let segment_name = match name(&segment.segname) {
        // The only segment of an object has no name.
        name if name.is_empty() => "segment".into(),
        name => name,
    };
    let memory = Memory::Mapped(permissions, Some(segment.vmaddr));
    let range = (segment.fileoff, segment.filesize);
    out.add(at, range, Level::Segment, segment_name, permissions.kind(), memory);
    if segment.filesize == 0 {
        // Sections of a companion file with debugging information stay in the image.
        return;
    }
    let (fixed, entry) =
        if ctx.is_big() { (72, SIZEOF_SECTION_64) } else { (56, SIZEOF_SECTION_32) };
    let fit = (segment.cmdsize as usize).saturating_sub(fixed) / entry;
    if fit < segment.nsects as usize {
        out.find(at, Reason::TableOutOfFile);
    }
    for (i, section) in segment.into_iter().take(fit).enumerate() {
        let at = at + fixed + i * entry;
        match section {
            Ok((section, _)) => self::section(at, &section, permissions, out),
            Err(_) => out.find(at, Reason::BadEntry),
        }
    }
}

fn section(at: usize, section: &Section, permissions: Permissions, out: &mut Claims) {
    let segment = name(&section.segname);
    let full = format!("{segment},{}", name(&section.sectname));
    let range = (u64::from(section.reloff), u64::from(section.nreloc) * RELOCATION);
    let relocations = format!("{full} relocations");
    out.add(at, range, Level::Section, relocations, Kind::Relocations, Memory::Unmapped);
    let section_type = section.flags & SECTION_TYPE;
    if matches!(section_type, S_ZEROFILL | S_GB_ZEROFILL | S_THREAD_LOCAL_ZEROFILL) {
        return;
    }
    let kind = if section.flags & (S_ATTR_PURE_INSTRUCTIONS | S_ATTR_SOME_INSTRUCTIONS) != 0 {
        Kind::Code
    } else if section.flags & S_ATTR_DEBUG != 0 || &*segment == "__DWARF" {
        Kind::Debug
    } else if section_type == S_CSTRING_LITERALS {
        Kind::Strings
    } else if permissions.write && &*segment != "__TEXT" {
        Kind::Data
    } else {
        Kind::ReadOnlyData
    };
    let memory = Memory::Mapped(permissions, Some(section.addr));
    let range = (u64::from(section.offset), section.size);
    out.add(at, range, Level::Section, full, kind, memory);
}

fn symtab(at: usize, command: &SymtabCommand, ctx: Ctx, out: &mut Claims) {
    let entry = if ctx.is_big() { 16 } else { 12 };
    let size = u64::from(command.nsyms) * entry;
    linkedit(at, "symbols", Kind::Symbols, command.symoff, size, out);
    let size = u64::from(command.strsize);
    linkedit(at, "strings", Kind::Strings, command.stroff, size, out);
}

/// The tables and the sizes of their entries are those of `mach-o/loader.h`.
fn dysymtab(at: usize, c: &DysymtabCommand, out: &mut Claims) {
    let mut part = |name, kind, offset, count: u32, entry: u64| {
        linkedit(at, name, kind, offset, u64::from(count) * entry, out);
    };
    part("table of contents", Kind::Symbols, c.tocoff, c.ntoc, 8);
    part("references", Kind::Symbols, c.extrefsymoff, c.nextrefsyms, 4);
    part("indirect symbols", Kind::Symbols, c.indirectsymoff, c.nindirectsyms, 4);
    part("external relocations", Kind::Relocations, c.extreloff, c.nextrel, RELOCATION);
    part("local relocations", Kind::Relocations, c.locreloff, c.nlocrel, RELOCATION);
}

fn dyld_info(at: usize, c: &DyldInfoCommand, out: &mut Claims) {
    let mut part = |name, kind, offset, size: u32| {
        linkedit(at, name, kind, offset, u64::from(size), out);
    };
    part("rebases", Kind::Relocations, c.rebase_off, c.rebase_size);
    part("bindings", Kind::Relocations, c.bind_off, c.bind_size);
    part("weak bindings", Kind::Relocations, c.weak_bind_off, c.weak_bind_size);
    part("lazy bindings", Kind::Relocations, c.lazy_bind_off, c.lazy_bind_size);
    part("exports trie", Kind::Symbols, c.export_off, c.export_size);
}
