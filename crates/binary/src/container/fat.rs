//! Fat Mach-O: one image or archive a processor, side by side.

use std::sync::Arc;

use goblin::mach::{
    constants::cputype::{CPU_SUBTYPE_MASK, get_arch_name_from_types},
    fat::{FAT_MAGIC, FatArch, SIZEOF_FAT_ARCH, SIZEOF_FAT_HEADER},
};

use super::claim::{Claims, u32_at};

/// The magic of tables with offsets of 64 bits (`mach-o/fat.h`), which goblin does not read.
const FAT_MAGIC_64: u32 = 0xcafe_babf;
/// Bytes of an entry of such a table.
const SIZEOF_FAT_ARCH_64: usize = 32;

/// Java classes have the same magic, and their version where the number of slices stands. The
/// first version is 45 (Java Virtual Machine Specification, section 4.1), so less is slices.
const FIRST_CLASS_VERSION: u32 = 45;

/// A slice as the table states it.
struct Slice {
    processor: (u32, u32),
    offset: u64,
    size: u64,
}

/// Whether the bytes start as a fat file does.
pub(super) fn is_fat(bytes: &[u8]) -> bool {
    let magic = u32_at(bytes, 0, false);
    (magic == Some(FAT_MAGIC) || magic == Some(FAT_MAGIC_64))
        && u32_at(bytes, 4, false).is_some_and(|count| (1..FIRST_CLASS_VERSION).contains(&count))
}

pub(super) fn claims(bytes: &[u8], out: &mut Claims) {
    let wide = u32_at(bytes, 0, false) == Some(FAT_MAGIC_64);
    let entry = if wide { SIZEOF_FAT_ARCH_64 } else { SIZEOF_FAT_ARCH };
    let count = u64::from(u32_at(bytes, 4, false).unwrap_or(0));
    let (start, fit) = out.table(0, SIZEOF_FAT_HEADER as u64, count, entry);
    out.headers(0, start + fit * entry, "fat header");
    for at in (0..fit).map(|i| start + i * entry) {
        let Some(slice) = slice(bytes, at, wide) else { continue };
        out.open(at, slice.offset, slice.size, processor(slice.processor));
    }
}

fn slice(bytes: &[u8], at: usize, wide: bool) -> Option<Slice> {
    if !wide {
        let arch = FatArch::parse(bytes, at).ok()?;
        let processor = (arch.cputype, arch.cpusubtype);
        return Some(Slice {
            processor,
            offset: u64::from(arch.offset),
            size: u64::from(arch.size),
        });
    }
    let half = |i: usize| u32_at(bytes, at + 4 * i, false);
    let whole = |i| Some(u64::from(half(i)?) << 32 | u64::from(half(i + 1)?));
    Some(Slice { processor: (half(0)?, half(1)?), offset: whole(2)?, size: whole(4)? })
}

/// The name that `lipo` gives a processor, or its numbers.
fn processor((kind, model): (u32, u32)) -> Arc<str> {
    match get_arch_name_from_types(kind, model & !CPU_SUBTYPE_MASK) {
        Some(name) => name.into(),
        None => format!("cpu {kind:#x} {model:#x}").into(),
    }
}
