//! Dates and times of day.

use polytok_core::Span;

use crate::{Dialect, text::Text};

/// A day of the calendar.
///
/// `2024-01-31` (two digits for month and day), `2024/1/31`, `1/31/2024`, `31/1/24` and
/// `31.1.2024`. Days that no month has are no dates. `20240131` is an integer and `31-01-2024` three
/// of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Date {
    /// All of it.
    pub span: Span,
    /// Which part comes first.
    pub order: DateOrder,
    /// The digits of the year, two or four.
    pub year: Span,
    /// The digits of the month.
    pub month: Span,
    /// The digits of the day.
    pub day: Span,
}

/// The order of the parts of a date.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum DateOrder {
    /// `2024-01-31`
    YearMonthDay,
    /// `1/31/2024`
    MonthDayYear,
    /// `31/1/2024`, `31.1.2024`
    DayMonthYear,
}

/// A time of day: `9:05`, `23:59:59.25`.
///
/// Hours up to 24, minutes and seconds of two digits, a leap second. A `Z`, `am` or `pm` may touch it
/// and is not part of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Time {
    /// All of it.
    pub span: Span,
    /// One or two digits.
    pub hour: Span,
    /// Two digits.
    pub minute: Span,
    /// Two digits.
    pub second: Option<Span>,
    /// The digits behind the point that follows the seconds.
    pub fraction: Option<Span>,
}

/// The most days that a month can have.
const DAYS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Letters that may touch a time.
const ZONES: [&str; 6] = ["Z", "z", "am", "pm", "AM", "PM"];

/// Reads the date at `start`; looks at no more than a constant number of bytes.
pub(crate) fn date(text: &Text<'_>, start: usize, dialect: Dialect) -> Option<Date> {
    let first = Span::new(start, text.short_digits_end(start, 4)?);
    let mark = text.get(first.end).filter(|mark| matches!(mark, b'-' | b'/' | b'.'))?;
    let second = after(text, first.end, mark, 2)?;
    let third = after(text, second.end, mark, 4)?;
    let end = third.end;
    // More of the same on either side: a path, a sum, a version.
    let goes_on = text.get(end) == Some(mark) && text.is_digit(end + 1);
    let came_before = text.before(start) == Some(mark) && start > 1 && text.is_digit(start - 2);
    if goes_on || came_before || text.is_word(end) && !is_time_next(text, end) {
        return None;
    }
    let order = match (mark, first.len(), second.len(), third.len()) {
        (b'-', 4, 2, 2) | (b'/', 4, _, 1 | 2) => DateOrder::YearMonthDay,
        (b'/', 1 | 2, _, 2 | 4) => {
            let day_first = dialect == Dialect::European;
            match (is_day(text, second, first), is_day(text, first, second)) {
                (true, false) => DateOrder::DayMonthYear,
                (false, true) => DateOrder::MonthDayYear,
                (true, true) if day_first => DateOrder::DayMonthYear,
                (true, true) => DateOrder::MonthDayYear,
                (false, false) => return None,
            }
        }
        (b'.', 1 | 2, _, 4) if (1000..3000).contains(&value(text, third)) => {
            DateOrder::DayMonthYear
        }
        _ => return None,
    };
    let (year, month, day) = match order {
        DateOrder::YearMonthDay => (first, second, third),
        DateOrder::MonthDayYear => (third, first, second),
        DateOrder::DayMonthYear => (third, second, first),
    };
    is_day(text, month, day).then_some(Date {
        span: Span::new(start, end),
        order,
        year,
        month,
        day,
    })
}

/// Reads the time at `start`; looks at a constant number of bytes and the digits of the fraction.
pub(crate) fn time(text: &Text<'_>, start: usize) -> Option<Time> {
    let hour = Span::new(start, text.short_digits_end(start, 2)?);
    if text.before(start) == Some(b':') {
        return None;
    }
    let minute = after(text, hour.end, b':', 2).filter(|minute| minute.len() == 2)?;
    if value(text, hour) > 24 || value(text, minute) > 59 {
        return None;
    }
    let mut time =
        Time { span: Span::new(start, minute.end), hour, minute, second: None, fraction: None };
    if text.get(minute.end) == Some(b':') && text.is_digit(minute.end + 1) {
        let second = after(text, minute.end, b':', 2).filter(|second| second.len() == 2)?;
        if value(text, second) > 60 || text.get(second.end) == Some(b':') {
            return None;
        }
        time.second = Some(second);
        time.span.end = second.end;
        let fraction = Span::new(second.end + 1, text.digits_end(second.end + 1));
        if text.get(second.end) == Some(b'.')
            && !fraction.is_empty()
            && is_time_end(text, fraction.end)
        {
            time.fraction = Some(fraction);
            time.span.end = fraction.end;
        }
    }
    is_time_end(text, time.span.end).then_some(time)
}

/// Whether the `T` between a date and a time is at `at`.
pub(crate) fn is_time_next(text: &Text<'_>, at: usize) -> bool {
    text.get(at) == Some(b'T')
        && text.is_digit(at + 1)
        && text.is_digit(at + 2)
        && text.get(at + 3) == Some(b':')
}

fn is_time_end(text: &Text<'_>, at: usize) -> bool {
    !text.is_word(at)
        || ZONES
            .iter()
            .any(|zone| text.starts_with(at, zone.as_bytes()) && !text.is_word(at + zone.len()))
}

/// One to `most` digits behind a mark at `at`.
fn after(text: &Text<'_>, at: usize, mark: u8, most: usize) -> Option<Span> {
    if text.get(at) != Some(mark) {
        return None;
    }
    let digits = Span::new(at + 1, text.short_digits_end(at + 1, most)?);
    (!digits.is_empty()).then_some(digits)
}

fn is_day(text: &Text<'_>, month: Span, day: Span) -> bool {
    let index = (value(text, month) as usize).wrapping_sub(1);
    DAYS.get(index).is_some_and(|&days| (1..=days).contains(&value(text, day)))
}

/// The value of at most four digits.
fn value(text: &Text<'_>, digits: Span) -> u32 {
    text.slice(digits.start, digits.end).iter().fold(0, |n, digit| n * 10 + u32::from(digit - b'0'))
}
