//! Runs of digits parted by points: versions, and addresses and groups that look like them.

use std::net::{IpAddr, Ipv4Addr};

use polytok_core::Span;

use crate::{Dialect, Ip, Literal, Separator, ip::prefix, number::with_tail, text::Text};

/// A version such as `1.2.3`, `v1.2` or `1.0.0-rc.1+build5`.
///
/// At least three numbers with points between them, or two behind a `v`. What is no address, no
/// date and no grouped integer counts as a version, so section numbers do as well.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Version {
    /// All of it, with the `v`.
    pub span: Span,
    /// The numbers and the points between them.
    pub release: Span,
    /// Letters directly behind the numbers (`rc1`), or a hyphen or plus, a letter, and the letters,
    /// digits, points, hyphens and pluses after it, up to the last letter or digit.
    pub suffix: Option<Span>,
}

/// Reads three or more runs of digits with points between, the first at `start`.
///
/// All of what is read belongs to the result, so no run is ever read for a longer version twice.
pub(crate) fn dotted(text: &Text<'_>, start: usize, dialect: Dialect) -> Option<Literal> {
    let mut end = text.digits_end(start);
    let first = end - start;
    let (mut parts, mut threes) = (1, first <= 3 && text.get(start) != Some(b'0'));
    let mut octets = [octet(text, start, end), None, None, None];
    while text.get(end) == Some(b'.') && text.is_digit(end + 1) {
        let from = end + 1;
        end = text.digits_end(from);
        threes &= end - from == 3;
        if let Some(slot) = octets.get_mut(parts) {
            *slot = octet(text, from, end);
        }
        parts += 1;
        if parts == 2 && text.get(end) != Some(b'.') {
            return None;
        }
    }
    if parts < 3 {
        return None;
    }
    if let (4, [Some(a), Some(b), Some(c), Some(d)]) = (parts, octets)
        && !text.is_word(end)
    {
        let (span, prefix) = prefix(text, Span::new(start, end), 32);
        let address = IpAddr::V4(Ipv4Addr::new(a, b, c, d));
        return Some(Literal::Ip(Ip {
            span,
            address_span: Span::new(start, end),
            address,
            prefix,
        }));
    }
    let is_inside = text.before(start) == Some(b'.') && start > 1 && text.is_digit(start - 2);
    if threes
        && !is_inside
        && let Some(number) =
            with_tail(text, Span::new(start, end), Some(Separator::Point), dialect)
    {
        return Some(Literal::Number(number));
    }
    Some(Literal::Version(release(text, start, start, end)))
}

/// Reads a version behind the letter `v` at `start`; at least two numbers.
pub(crate) fn after_v(text: &Text<'_>, start: usize) -> Option<Version> {
    let first = start + 1;
    let mut end = text.digits_end(first);
    if end == first || text.get(end) != Some(b'.') || !text.is_digit(end + 1) {
        return None;
    }
    while text.get(end) == Some(b'.') && text.is_digit(end + 1) {
        end = text.digits_end(end + 1);
    }
    Some(release(text, start, first, end))
}

fn release(text: &Text<'_>, start: usize, first: usize, end: usize) -> Version {
    let release = Span::new(first, end);
    let mut last = text.word_end(end);
    if last == end
        && matches!(text.get(end), Some(b'-' | b'+'))
        && text.get(end + 1).is_some_and(|byte| byte.is_ascii_alphabetic())
    {
        let mut at = end + 1;
        while let Some(byte) = text.get(at)
            && (byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'))
        {
            at += 1;
            if byte.is_ascii_alphanumeric() {
                last = at;
            }
        }
        // The suffix may run into an underscore or a letter that is not ASCII: the word is one.
        last = text.word_end(last);
    }
    let suffix = (last > end).then(|| Span::new(end, last));
    Version { span: Span::new(start, last), release, suffix }
}

/// The value of an octet written without leading zeros, which some read as octal.
fn octet(text: &Text<'_>, start: usize, end: usize) -> Option<u8> {
    let digits = text.slice(start, end.min(start + 4));
    if digits.len() > 1 && digits[0] == b'0' {
        return None;
    }
    str::from_utf8(digits).ok()?.parse().ok()
}
