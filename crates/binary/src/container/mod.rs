//! Containers: what headers account for in a file, and in the files within it.

mod archive;
mod claim;
mod coff;
mod elf;
mod fat;
mod macho;
mod pe;
mod resolve;

use std::sync::Arc;

use polytok_core::Span;

use self::{
    claim::{Claim, Claims, Memory},
    resolve::{Piece, resolve},
};
use crate::{
    Format, Kind, Permissions, Reason, Region, Warning,
    map::{Address, Map},
};

/// How deep containers may lie in one another: a fat file of archives of archives of objects.
const MAX_DEPTH: usize = 4;

/// Warnings that are kept of a file; each container adds at most 64.
const MAX_WARNINGS: usize = 1024;

/// Divides a file into regions.
pub(crate) fn map(bytes: &[u8]) -> Map {
    let mut walk =
        Walk { bytes, regions: Vec::new(), warnings: Vec::new(), omitted: 0, format: Format::Raw };
    if !bytes.is_empty() {
        walk.format = walk.container(Span::new(0, bytes.len()), None, 0);
    }
    let Walk { regions, warnings, omitted, format, .. } = walk;
    Map::new(format, regions, warnings, omitted)
}

struct Walk<'a> {
    bytes: &'a [u8],
    regions: Vec<Region>,
    warnings: Vec<Warning>,
    omitted: usize,
    format: Format,
}

impl Walk<'_> {
    /// Adds the regions of one container, which is `member` of the one around it.
    ///
    /// Every byte belongs to one container of each depth, so the whole walk costs at most
    /// [`MAX_DEPTH`] times O(n log n).
    fn container(&mut self, window: Span, member: Option<&Arc<str>>, depth: usize) -> Format {
        let bytes = window.of(self.bytes);
        let mut claims = Claims::new(bytes.len());
        let mut format = detect(bytes);
        if depth >= MAX_DEPTH && format != Format::Raw {
            claims.find(0, Reason::TooDeep);
            format = Format::Raw;
        }
        match format {
            Format::Elf => elf::claims(bytes, &mut claims),
            Format::Pe => pe::claims(bytes, &mut claims),
            Format::Coff => {
                if let Some(header) = coff::header(bytes) {
                    coff::claims(bytes, &header, &mut claims);
                }
            }
            Format::MachO => macho::claims(bytes, &mut claims),
            Format::FatMachO => fat::claims(bytes, &mut claims),
            Format::Archive | Format::ThinArchive => archive::claims(bytes, &mut claims),
            Format::Raw => {}
        }
        claims.note_overlaps();
        let Claims { list, findings, omitted, .. } = claims;
        self.omitted += omitted;
        for (offset, reason) in findings {
            if self.warnings.len() < MAX_WARNINGS {
                let offset = window.start + offset;
                self.warnings.push(Warning { offset, member: member.cloned(), reason });
            } else {
                self.omitted += 1;
            }
        }
        let accounted = list.iter().map(|claim| claim.span.end).max().unwrap_or(0);
        resolve(bytes.len(), &list, |piece| self.piece(window, member, depth, accounted, piece));
        format
    }

    /// Adds what one piece of a container becomes: a region, or those of the file within it.
    fn piece(
        &mut self,
        window: Span,
        member: Option<&Arc<str>>,
        depth: usize,
        accounted: usize,
        piece: Piece<'_>,
    ) {
        let span = Span::new(window.start + piece.span.start, window.start + piece.span.end);
        if let Some(claim) = piece.section
            && claim.open
            && claim.span == piece.span
        {
            let inner = match member {
                Some(member) => format!("{member}/{}", claim.name).into(),
                None => claim.name.clone(),
            };
            self.container(span, Some(&inner), depth + 1);
            return;
        }
        let (permissions, address) = memory(&piece);
        let uniform = || is_uniform(span.of(self.bytes));
        let (name, kind) = match (piece.section, piece.segment) {
            (Some(section), _) => (section.name.clone(), section.kind),
            (None, Some(segment)) if uniform() => (segment.name.clone(), Kind::Padding),
            (None, Some(segment)) => (segment.name.clone(), segment.kind),
            _ if accounted == 0 => ("raw".into(), Kind::Raw),
            _ if piece.span.start >= accounted => ("overlay".into(), Kind::Overlay),
            _ if uniform() => ("padding".into(), Kind::Padding),
            _ => ("gap".into(), Kind::Raw),
        };
        let member = member.cloned();
        self.regions.push(Region { span, member, name, kind, permissions, address });
    }
}

/// Permissions and address of the first byte of a piece.
fn memory(piece: &Piece<'_>) -> (Permissions, Option<Address>) {
    let of = |claim: &Claim| match claim.memory {
        Memory::Mapped(permissions, address) => {
            let skipped = (piece.span.start - claim.span.start) as u64;
            let address = address.and_then(|address| address.checked_add(skipped));
            (permissions, address.map(Address))
        }
        Memory::Unmapped | Memory::Inherited => (Permissions::default(), None),
    };
    match (piece.section, piece.segment) {
        (Some(section), _) if section.memory != Memory::Inherited => of(section),
        (_, Some(segment)) => of(segment),
        _ => (Permissions::default(), None),
    }
}

fn is_uniform(bytes: &[u8]) -> bool {
    bytes.split_first().is_none_or(|(first, rest)| rest.iter().all(|byte| byte == first))
}

/// Tells containers apart by their first bytes.
fn detect(bytes: &[u8]) -> Format {
    if bytes.starts_with(b"\x7fELF") {
        Format::Elf
    } else if bytes.starts_with(b"MZ") {
        Format::Pe
    } else if bytes.starts_with(archive::MAGIC) {
        Format::Archive
    } else if bytes.starts_with(archive::THIN_MAGIC) {
        Format::ThinArchive
    } else if matches!(goblin::mach::parse_magic_and_ctx(bytes, 0), Ok((_, Some(_)))) {
        Format::MachO
    } else if fat::is_fat(bytes) {
        Format::FatMachO
    } else if coff::header(bytes).is_some() {
        Format::Coff
    } else {
        Format::Raw
    }
}
