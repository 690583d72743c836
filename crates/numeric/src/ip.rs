//! Addresses of the internet protocol.

use std::net::{IpAddr, Ipv6Addr};

use polytok_core::Span;

use crate::text::Text;

/// An address of the internet protocol, with the length of its prefix if one is given.
///
/// Version 4 as four octets without leading zeros; version 6 as RFC 4291, section 2.2 has it, but
/// with at least one decimal digit, since `Face::add` is code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Ip {
    /// All of it, with the prefix.
    pub span: Span,
    /// The address without the prefix.
    pub address_span: Span,
    /// The address.
    pub address: IpAddr,
    /// The digits behind the slash: at most 32 or 128.
    pub prefix: Option<Span>,
}

/// Bytes of the longest address of version 6, the one that ends like version 4.
const LONGEST: usize = 45;

/// Hexadecimal digits of a group.
const GROUP: usize = 4;

/// Reads the address of version 6 at `start`.
///
/// Looks at no more than a constant number of bytes, and at a few where no colon is near.
pub(crate) fn ipv6(text: &Text<'_>, start: usize) -> Option<Ip> {
    let colon = (start..=start + GROUP).find(|&at| !is_hex(text.get(at)))?;
    if text.get(colon) != Some(b':') || text.before(start) == Some(b':') {
        return None;
    }
    let mut end = start;
    while is_hex(text.get(end)) || matches!(text.get(end), Some(b':' | b'.')) {
        end += 1;
        if end - start > LONGEST + 1 {
            return None;
        }
    }
    if text.is_word(end) {
        return None;
    }
    // A colon or a full stop of the sentence.
    let ends_in_gap = text.before(end - 1) == Some(b':');
    match text.before(end) {
        Some(b'.') => end -= 1,
        Some(b':') if !ends_in_gap => end -= 1,
        _ => {}
    }
    let written = str::from_utf8(text.slice(start, end)).ok()?;
    if !written.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let address: Ipv6Addr = written.parse().ok()?;
    let address_span = Span::new(start, end);
    let (span, prefix) = prefix(text, address_span, 128);
    Some(Ip { span, address_span, address: IpAddr::V6(address), prefix })
}

/// Adds `/24` and the like to an address.
pub(crate) fn prefix(text: &Text<'_>, address: Span, most: u32) -> (Span, Option<Span>) {
    let bare = (address, None);
    let start = address.end + 1;
    if text.get(address.end) != Some(b'/') {
        return bare;
    }
    let Some(end) = text.short_digits_end(start, 3).filter(|&end| end > start) else { return bare };
    let value = text.slice(start, end).iter().fold(0, |n, digit| n * 10 + u32::from(digit - b'0'));
    let is_path = matches!(text.get(end), Some(b'/')) || text.is_word(end);
    if value > most || is_path {
        return bare;
    }
    (Span::new(address.start, end), Some(Span::new(start, end)))
}

fn is_hex(byte: Option<u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_hexdigit())
}
