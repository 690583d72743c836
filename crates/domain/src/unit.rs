//! The scan: one pass that finds the units of a family, each with its kind.

use polytok_core::Span;

use crate::{
    citation,
    cursor::{Cursor, ends_with_word},
    date, docket, enumerator,
    gate::Gate,
    identifier,
    money::{self, Amount},
    reference, reporter,
};

/// Most bytes, from the start of a unit on, that decide whether there is one and where it ends.
///
/// Every recognizer is a fixed sequence of bounded steps, so no input makes it read a byte more
/// often than this, and the scan is linear. The longest path is that of a section sign: 7 bytes
/// for the signs and a space; 411 for a provision (ten for its number, four times a chain of
/// enumerators of 72 bytes with a dash and seven letters or digits, and a last chain); 76 for four
/// German parts; 14 for a code; and 4 for the character behind it.
pub const LOOK_AHEAD: usize = 512;

/// What a unit is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Kind {
    /// A citation of a statute, case, rule or act: `11 U.S.C. § 362(a)`.
    Citation,
    /// A reference to a part of an act: `section 906(a)(3)`, `§ 823 Abs. 1 BGB`, `Article 6(1)(f)`.
    Reference,
    /// A chain of enumerators: `(a)`, `(b)(6)`.
    Enumerator,
    /// A docket, case or file number with its label: `No. 1:19-cv-01234-ABC`.
    Docket,
    /// An amount of money: `$1,234.56 million`.
    Money,
    /// A rate: `2.39%`, `25 basis points`.
    Percent,
    /// A number with a thousands separator or a decimal point, or an accounting negative.
    Number,
    /// A date: `December 31, 2023`, `2023-12-31`.
    Date,
    /// A fiscal period: `Q3 2023`, `FY2022`.
    Period,
    /// A form of the Securities and Exchange Commission: `Form 10-K`.
    Form,
    /// A ticker symbol with its exchange: `NYSE: ABC`.
    Ticker,
    /// Initials with their stops: `U.S.`, `L.L.C.`, `e.g.`.
    Initials,
    /// A CUSIP or ISIN with a right check digit, or the accession number of a filing.
    Identifier,
}

/// A unit and where it stands.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Unit {
    /// What it is.
    pub kind: Kind,
    /// Its bytes, without the space before it.
    pub span: Span,
}

/// Which units are looked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Family {
    Legal,
    Financial,
}

/// Calls `emit` with each unit of `input`, from left to right; units do not overlap.
pub(crate) fn scan(family: Family, input: &[u8], emit: &mut dyn FnMut(Unit)) {
    let gate = match family {
        Family::Legal => &LEGAL,
        Family::Financial => &FINANCIAL,
    };
    scan_with(family, gate, input, emit);
}

fn scan_with(family: Family, gate: &Gate, input: &[u8], emit: &mut dyn FnMut(Unit)) {
    let mut at = 0;
    while let Some(&byte) = input.get(at) {
        let class = CLASSES[usize::from(byte)];
        if class == Class::Never {
            at += 1;
            continue;
        }
        let found = match byte {
            _ if class == Class::Word && ends_with_word(&input[..at]) => None,
            b'0'..=b'9' if continues_number(&input[..at]) => None,
            b'(' if ends_with_letter(&input[..at]) => None,
            _ => recognize(family, gate, byte, Cursor::new(input, at)),
        };
        at = match found {
            Some((kind, end)) => {
                emit(Unit { kind, span: Span::new(at, end.at) });
                end.at
            }
            None if class == Class::Word => {
                let in_word = |&&byte: &&u8| CLASSES[usize::from(byte)] == Class::Word;
                at + 1 + input[at + 1..].iter().take_while(in_word).count()
            }
            None => at + 1,
        };
    }
}

/// What a byte may be the first of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Class {
    /// No unit.
    Never,
    /// Units and words: a letter or digit of ASCII.
    Word,
    /// Units alone.
    Sign,
}

/// By byte, what [`legal`] and [`financial`] look for; most bytes of a text need no other look.
static CLASSES: [Class; 256] = {
    let mut classes = [Class::Never; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => Class::Word,
            b'(' | b'[' | b'$' | 0xc2 | 0xe2 => Class::Sign,
            _ => Class::Never,
        };
        byte += 1;
    }
    classes
};

fn recognize<'a>(
    family: Family,
    gate: &Gate,
    byte: u8,
    at: Cursor<'a>,
) -> Option<(Kind, Cursor<'a>)> {
    let admitted = gate.admits(at);
    // Most words end here: of names that the gate does not know there are initials alone.
    if byte.is_ascii_lowercase() && !admitted && at.skip(1).peek() != b'.' {
        return None;
    }
    match family {
        Family::Legal => legal(byte, admitted, at),
        Family::Financial => financial(byte, admitted, at),
    }
}

static LEGAL: Gate = Gate::new(
    &[
        citation::LAWS,
        citation::RULES,
        citation::ACTS,
        docket::BEFORE,
        docket::NUMBER,
        date::MONTHS,
    ],
    &[reference::PARTS, reference::SHORT],
);

fn legal<'a>(byte: u8, admitted: bool, at: Cursor<'a>) -> Option<(Kind, Cursor<'a>)> {
    let is = |kind| move |end| (kind, end);
    match byte {
        b'0'..=b'9' => citation::volume(at)
            .map(is(Kind::Citation))
            .or_else(|| docket::federal(at).map(is(Kind::Docket)))
            .or_else(|| date::number_first(at).map(is(Kind::Date)))
            .or_else(|| amount(at)),
        b'A'..=b'Z' | b'a'..=b'z' if admitted => citation::named(at)
            .map(is(Kind::Citation))
            .or_else(|| docket::labeled(at).map(is(Kind::Docket)))
            .or_else(|| reference::part(at).map(is(Kind::Reference)))
            .or_else(|| date::month_first(at).map(is(Kind::Date)))
            .or_else(|| initials(at)),
        b'A'..=b'Z' | b'a'..=b'z' => initials(at),
        b'(' => enumerator::chain(at).map(is(Kind::Enumerator)),
        b'[' => citation::bracketed(at).map(is(Kind::Citation)),
        b'$' | 0xc2 | 0xe2 => reference::sign(at)
            .map(is(Kind::Reference))
            .or_else(|| money::currency_first(at).map(is(Kind::Money))),
        _ => None,
    }
}

static FINANCIAL: Gate = Gate::new(
    &[
        money::SIGNS,
        money::CODES,
        date::MONTHS,
        date::QUARTERS,
        date::HALVES,
        date::FISCAL,
        identifier::EXCHANGES,
        identifier::FORMS,
        identifier::FORM_WORDS,
        docket::BEFORE,
        docket::NUMBER,
    ],
    &[reference::PARTS, reference::SHORT],
);

fn financial<'a>(byte: u8, admitted: bool, at: Cursor<'a>) -> Option<(Kind, Cursor<'a>)> {
    let is = |kind| move |end| (kind, end);
    let identifier =
        || identifier::isin(at).or_else(|| identifier::cusip(at)).map(is(Kind::Identifier));
    match byte {
        b'0'..=b'9' => identifier::accession(at)
            .or_else(|| identifier::cusip(at))
            .map(is(Kind::Identifier))
            .or_else(|| identifier::form(at).map(is(Kind::Form)))
            .or_else(|| date::number_first(at).map(is(Kind::Date)))
            .or_else(|| date::numbered_period(at).map(is(Kind::Period)))
            .or_else(|| amount(at)),
        b'A'..=b'Z' | b'a'..=b'z' if admitted => money::currency_first(at)
            .map(is(Kind::Money))
            .or_else(|| date::month_first(at).map(is(Kind::Date)))
            .or_else(|| date::period(at).map(is(Kind::Period)))
            .or_else(|| identifier::ticker(at).map(is(Kind::Ticker)))
            .or_else(|| identifier::form(at).map(is(Kind::Form)))
            .or_else(identifier)
            .or_else(|| docket::labeled(at).map(is(Kind::Docket)))
            .or_else(|| reference::part(at).map(is(Kind::Reference)))
            .or_else(|| initials(at)),
        b'A'..=b'Z' => identifier().or_else(|| initials(at)),
        b'a'..=b'z' => initials(at),
        b'(' => money::negative(at)
            .map(is(Kind::Number))
            .or_else(|| enumerator::chain(at).map(is(Kind::Enumerator))),
        b'$' | 0xc2 | 0xe2 => money::currency_first(at)
            .map(is(Kind::Money))
            .or_else(|| reference::sign(at).map(is(Kind::Reference))),
        _ => None,
    }
}

fn initials<'a>(at: Cursor<'a>) -> Option<(Kind, Cursor<'a>)> {
    (at.skip(1).peek() == b'.').then(|| reporter::initials(at))?.map(|end| (Kind::Initials, end))
}

fn amount<'a>(at: Cursor<'a>) -> Option<(Kind, Cursor<'a>)> {
    let (amount, end) = money::number_first(at)?;
    let kind = match amount {
        Amount::Money => Kind::Money,
        Amount::Percent => Kind::Percent,
        Amount::Number => Kind::Number,
    };
    Some((kind, end))
}

/// Whether a number goes on behind `before`, as in the address `10.0.0.1` behind its first part.
fn continues_number(before: &[u8]) -> bool {
    matches!(before, [.., digit, b'.' | b',' | b':' | b'/' | b'-'] if digit.is_ascii_digit())
}

/// Whether a bracket behind `before` touches a word, as in `section(s)` and `f(x)`.
fn ends_with_letter(before: &[u8]) -> bool {
    ends_with_word(before) && !before.last().is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The starts of names, whole and broken.
    const PARTS: &[&str] = &[
        "FRCP 1",
        "Fed. R. Civ. P. 12",
        "I.R.C. 5",
        "IRC 5",
        "P.L. 1-2",
        "Regulation (EU) 1/2",
        "directive 1/2",
        "Case No. 1",
        "No. 1",
        "nos. 1",
        "Sec. 1",
        "SECTION 1",
        "aRt. 1",
        "Satz 1",
        "May 1",
        "März 2020",
        "Q3 ",
        "H1 2023",
        "FY22",
        "Fiscal 2022",
        "NYSE: A",
        "Form C",
        "Form ",
        "DEF 14A",
        "S-1",
        "N-PX",
        "EUR 1",
        "US$1",
        "C$1",
        "CUSIP ",
        "17275R102",
        "US0378331005",
        "U.S.",
        "a.m.",
        "Doc. 1",
        "Doc. No. 1",
        " ",
        " ",
        " ",
        "1",
        "12",
        "2023",
        "§",
        "(a)",
        "-",
        "/",
        "x",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_gate_turns_away_only_what_no_recognizer_takes(
            parts in prop::collection::vec(prop::sample::select(PARTS), 0..12),
        ) {
            let input = parts.concat();
            for (family, gate) in [(Family::Legal, &LEGAL), (Family::Financial, &FINANCIAL)] {
                let units = |gate: &Gate| {
                    let mut units = Vec::new();
                    scan_with(family, gate, input.as_bytes(), &mut |unit| units.push(unit));
                    units
                };
                prop_assert_eq!(units(gate), units(&Gate::OPEN));
            }
        }
    }
}
