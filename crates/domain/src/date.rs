//! Dates and fiscal periods.

use crate::cursor::Cursor;

/// Months, longer forms before their prefixes.
pub(crate) const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
    "Januar",
    "Februar",
    "März",
    "Mai",
    "Juni",
    "Juli",
    "Oktober",
    "Dezember",
    "Jan.",
    "Feb.",
    "Mar.",
    "Apr.",
    "Jun.",
    "Jul.",
    "Aug.",
    "Sept.",
    "Sep.",
    "Oct.",
    "Nov.",
    "Dec.",
];

/// Parts of a year.
pub(crate) const QUARTERS: &[&str] = &["Q1", "Q2", "Q3", "Q4"];
pub(crate) const HALVES: &[&str] = &["H1", "H2"];

/// What stands before a fiscal year; longer forms before their prefixes.
pub(crate) const FISCAL: &[&str] =
    &["FY", "fiscal year", "Fiscal Year", "Fiscal year", "fiscal", "Fiscal"];

/// Reads a date that starts with its month: `December 31, 2023`, `Dec. 31, 2023`,
/// `December 2023`, `December 31`; for a letter at the start of a word.
pub(crate) fn month_first(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let name = start.any(MONTHS)?.space()?;
    year(name).or_else(|| {
        let day = day(name)?;
        Some(day.maybe(|c| year(c.maybe(|c| c.eat(b",")).space()?)))
    })
}

/// Reads a date that starts with a number: `31 December 2023`, `15. Mai 2014`, `2023-12-31`,
/// `12/31/2023`, `31.12.2023`; for a digit at the start of a word.
pub(crate) fn number_first(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let worded = || {
        let month = day(start)?.maybe(|c| c.eat(b".")).space()?.any(MONTHS)?.word_end()?;
        Some(month.maybe(|c| year(c.space()?)))
    };
    let iso = || {
        let month = start.exactly(4)?.eat(b"-")?;
        let day = within(month, 2, 12)?.eat(b"-")?;
        within(day, 2, 31)?.word_end()
    };
    let slashed = || {
        let day = within(start, 1, 12)?.eat(b"/")?;
        let year = within(day, 1, 31)?.eat(b"/")?;
        year.exactly(4).or_else(|| year.exactly(2))?.word_end()
    };
    let dotted = || {
        let month = within(start, 1, 31)?.eat(b".")?;
        within(month, 1, 12)?.eat(b".")?.exactly(4)?.word_end()
    };
    worded().or_else(iso).or_else(slashed).or_else(dotted)
}

/// Reads the day of a month.
fn day(start: Cursor<'_>) -> Option<Cursor<'_>> {
    within(start, 1, 31)?.word_end()
}

/// Reads a year from 1500 to 2199.
fn year(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let end = start.exactly(4)?.word_end()?;
    (b"1500"..=b"2199").contains(&<&[u8; 4]>::try_from(start.until(end)).ok()?).then_some(end)
}

/// Reads a number from 1 to `most` in one or two digits, `least` of them at least.
fn within(start: Cursor<'_>, least: usize, most: u8) -> Option<Cursor<'_>> {
    let end = start.run(least, 2, |byte| byte.is_ascii_digit())?;
    let value = start.until(end).iter().fold(0, |value, digit| value * 10 + (digit - b'0'));
    (1..=most).contains(&value).then_some(end)
}

/// Reads a fiscal period that starts with a letter: `Q3 2023`, `Q3`, `H1 2023`, `FY2022`, `FY 22`,
/// `fiscal year 2022`, `fiscal 2022`.
pub(crate) fn period(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let part = || {
        let quarter = start.any(QUARTERS);
        let number = quarter.or_else(|| start.any(HALVES))?;
        let dated = number.maybe(|c| short_year(c.maybe(Cursor::space)));
        // `H1` alone is a heading of HTML or a hormone receptor.
        (dated.at > number.at || quarter.is_some()).then_some(dated)?.word_end()
    };
    let fiscal = || short_year(start.any(FISCAL)?.maybe(Cursor::space));
    part().or_else(fiscal)
}

/// Reads a period that starts with a digit: `3Q23`, `3Q 2023`, `1H23`.
pub(crate) fn numbered_period(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let number = within(start, 1, 4).filter(|end| end.at == start.at + 1)?;
    let name = number.eat(b"Q").or_else(|| number.eat(b"H").filter(|_| start.peek() < b'3'))?;
    short_year(name.maybe(Cursor::space))
}

/// Reads a year in four digits or its last two, with or without an apostrophe.
fn short_year(start: Cursor<'_>) -> Option<Cursor<'_>> {
    year(start).or_else(|| {
        start.maybe(|c| c.any(&["'", "\u{2019}"])).exactly(2).and_then(Cursor::word_end)
    })
}
