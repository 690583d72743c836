//! Dates and times of day that the grammar tells apart.

use polytok_core::Span;
use polytok_numeric::{DateOrder, Dialect, Literal, literals};

use crate::grammar::check;

#[test]
fn dates_are_days_of_the_calendar() {
    check(
        Dialect::Table,
        &[
            ("2024-01-31 2024/1/31 1/31/2024 31/1/24 31.1.2024", {
                "d:2024-01-31 d:2024/1/31 d:1/31/2024 d:31/1/24 d:31.1.2024"
            }),
            ("2024-13-01 2024-02-30 2024-1-1", "y:2024 n:13 n:01 y:2024 n:02 n:30 y:2024 n:1 n:1"),
            ("2024-01-31-5 12-2024-01-31", "y:2024 n:01 n:31 n:5 n:12 y:2024 n:01 n:31"),
            ("32/13/2024 1/2/3", "n:32 n:13 y:2024 n:1 n:2 n:3"),
            ("2024-01-31x 2024-01-31T x", "y:2024 n:01 y:2024 n:01"),
            ("2024-01-31x10:20", "y:2024 n:01 n:20"),
            ("2024-01-31T10:20:30Z", "d:2024-01-31 t:10:20:30"),
            ("log-2024-01-31.csv", "d:2024-01-31"),
            ("20240131", "n:20240131"),
            ("1.2.3000", "v:1.2.3000"),
        ],
    );
}

#[test]
fn the_order_of_a_slashed_date_is_a_matter_of_dialect() {
    let order = |input: &'static str, dialect| match literals(input.as_bytes(), dialect).next() {
        Some(Literal::Date(date)) => {
            let text = |span: Span| &input[span.start..span.end];
            (date.order, text(date.year), text(date.month), text(date.day))
        }
        other => panic!("{input}: {other:?}"),
    };
    use DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};
    assert_eq!(order("3/4/2024", Dialect::Table), (MonthDayYear, "2024", "3", "4"));
    assert_eq!(order("3/4/2024", Dialect::European), (DayMonthYear, "2024", "4", "3"));
    assert_eq!(order("13/4/24", Dialect::English), (DayMonthYear, "24", "4", "13"));
    assert_eq!(order("4/13/24", Dialect::European), (MonthDayYear, "24", "4", "13"));
    assert_eq!(order("3.4.2024", Dialect::Table), (DayMonthYear, "2024", "4", "3"));
    assert_eq!(order("2024-02-29", Dialect::Table), (YearMonthDay, "2024", "02", "29"));
}

#[test]
fn times_of_day() {
    check(
        Dialect::Table,
        &[
            ("9:05 23:59:60 12:30:45.25 10:30pm 24:00", {
                "t:9:05 t:23:59:60 t:12:30:45.25 t:10:30 t:24:00"
            }),
            (
                "25:00 9:5 9:60 9:05:61 9:05:5",
                "n:25 n:00 n:9 n:5 n:9 n:60 n:9 n:05 n:61 n:9 n:05 n:5",
            ),
            ("00:11:22:33:44:55", "n:00 n:11 n:22 n:33 n:44 n:55"),
            ("12:30:45.2x 12:30x", "t:12:30:45 n:12"),
            ("12:30:45+02:00", "t:12:30:45 t:02:00"),
        ],
    );
}
