//! Archives of `ar`: System V and GNU, BSD, Windows import libraries, thin ones.
//!
//! goblin reads the header of a member. Its reader of whole archives refuses all members for the
//! sake of one bad symbol index, so names and indexes are told apart here.

use std::sync::Arc;

use goblin::archive::{Member, SIZEOF_HEADER};

use super::claim::{Claims, Level, MAX_NAME, Memory, name};
use crate::{Kind, Reason};

/// Starts an archive whose members follow their headers.
pub(super) const MAGIC: &[u8; 8] = goblin::archive::MAGIC;
/// Starts an archive whose members are files beside it.
pub(super) const THIN_MAGIC: &[u8; 8] = b"!<thin>\n";
/// Ends the header of a member.
const TERMINATOR: &[u8; 2] = b"`\n";
/// Bytes of the name at the start of a member header.
const IDENTIFIER: usize = 16;

/// The header of a member, understood.
struct Entry {
    /// The name field without its padding.
    raw: String,
    /// A name that stands in full before the data (BSD), or in the header.
    name: Arc<str>,
    /// Where the data starts.
    data: usize,
    size: usize,
}

pub(super) fn claims(bytes: &[u8], out: &mut Claims) {
    let thin = bytes.starts_with(THIN_MAGIC);
    out.headers(0, MAGIC.len(), "archive magic");
    let mut long_names: &[u8] = &[];
    let mut at = MAGIC.len();
    while at < bytes.len() {
        let Some(entry) = entry(bytes, at) else {
            out.find(at, Reason::BadMember);
            break;
        };
        let end = entry.data.saturating_add(entry.size);
        let range = (entry.data as u64, entry.size as u64);
        let special = match &*entry.raw {
            "/" | "/SYM64/" => Some(Kind::Symbols),
            "//" => Some(Kind::Strings),
            _ if entry.name.starts_with("__.SYMDEF") => Some(Kind::Symbols),
            _ => None,
        };
        let name = match special {
            Some(_) => entry.name.clone(),
            None => member_name(&entry, long_names, at, out),
        };
        // Named after its member; the kind tells them apart, and the name is not stored twice.
        out.headers(at, entry.data - at, name.clone());
        at = match special {
            Some(kind) => {
                if kind == Kind::Strings {
                    long_names = &bytes[entry.data.min(bytes.len())..end.min(bytes.len())];
                }
                out.add(at, range, Level::Section, name, kind, Memory::Unmapped);
                end
            }
            None if thin => entry.data,
            None => {
                out.open(at, range.0, range.1, name);
                end
            }
        };
        // Members start at even offsets.
        at = at.saturating_add(at & 1);
    }
}

fn entry(bytes: &[u8], at: usize) -> Option<Entry> {
    let header: &[u8; SIZEOF_HEADER] = bytes.get(at..)?.first_chunk()?;
    if !header.ends_with(TERMINATOR) {
        return None;
    }
    let mut data = at;
    if let Ok(member) = Member::parse(bytes, &mut data) {
        return Some(Entry {
            raw: member.raw_name().trim_end_matches(' ').into(),
            name: name(special_or(member.raw_name(), member.extended_name()).as_bytes()),
            data,
            size: member.size(),
        });
    }
    // A name that is not UTF-8 fails goblin, but need not cost the member.
    let mut plain = *header;
    plain[..IDENTIFIER].fill(b' ');
    let member = Member::parse(&plain, &mut 0).ok()?;
    let name = name(header[..IDENTIFIER].trim_ascii_end());
    let name = name.strip_suffix('/').map(Into::into).unwrap_or(name);
    Some(Entry { raw: String::new(), name, data: at + SIZEOF_HEADER, size: member.size() })
}

/// The names of indexes end in a slash that belongs to them.
fn special_or<'a>(raw: &'a str, name: &'a str) -> &'a str {
    if raw.starts_with('/') { raw.trim_end_matches(' ') } else { name }
}

/// The name of a member, taken from the table of long names where the header says `/123`.
fn member_name(entry: &Entry, long_names: &[u8], at: usize, out: &mut Claims) -> Arc<str> {
    let Some(place) = entry.raw.strip_prefix('/') else { return entry.name.clone() };
    let place = place.parse().ok();
    let Some(long) = place.and_then(|place: usize| long_names.get(place..)) else {
        out.find(at, Reason::BadName);
        return entry.name.clone();
    };
    // GNU ends a name by "/\n", Windows by a zero byte. More than a kept name is not searched.
    let long = &long[..long.len().min(MAX_NAME)];
    let end = long.iter().position(|&byte| matches!(byte, b'\n' | 0)).unwrap_or(long.len());
    let long = &long[..end];
    name(long.strip_suffix(b"/").unwrap_or(long))
}
