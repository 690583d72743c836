//! Amounts: money, per cent and basis points, numbers with separators, accounting negatives.

use crate::cursor::Cursor;

/// Currency signs, with what may stand before a dollar sign; and codes of ISO 4217.
pub(crate) const SIGNS: &[&str] = &[
    "US$", "U.S.$", "A$", "AU$", "C$", "CA$", "HK$", "NZ$", "S$", "R$", "NT$", "$", "€", "£", "¥",
    "₹", "₩", "₽",
];
pub(crate) const CODES: &[&str] = &[
    "AUD", "BRL", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "HKD", "INR", "JPY", "KRW", "MXN",
    "NOK", "NZD", "RMB", "SEK", "SGD", "USD", "ZAR",
];

/// Magnitudes behind an amount; longer ones before their prefixes.
const SCALES: &[&str] = &[
    "thousand",
    "million",
    "billion",
    "trillion",
    "Million",
    "Billion",
    "Trillion",
    "MILLION",
    "BILLION",
    "Millionen",
    "Milliarden",
    "Mrd.",
    "Mio.",
    "bn",
    "mn",
];

/// Units of currency as words.
const WORDS: &[&str] =
    &["dollars", "dollar", "cents", "euros", "euro", "pounds", "Euro", "EUR", "USD"];

/// Reads an amount of money that starts with its currency: `$1,234.56 million`, `US$5`, `EUR 10`,
/// `$(1,234)`.
pub(crate) fn currency_first(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let number = match start.any(SIGNS) {
        Some(sign) => sign,
        None => start.any(CODES)?.space()?,
    };
    Some(match number.eat(b"(") {
        Some(inside) => amount(inside)?.eat(b")")?,
        None => scaled(amount(number)?),
    })
}

/// Reads an accounting negative: `(1,234)`, `(0.25)`, `($1,234)`, `(2.1%)`, `(1,234`.
///
/// The closing bracket may be missing, since tables put it into a cell of its own; then the number
/// must have a separator or a currency.
pub(crate) fn negative(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let inside = start.eat(b"(")?;
    let sign = inside.any(SIGNS);
    let number = sign.unwrap_or(inside);
    let end = amount(number)?;
    let closed = end.maybe(|c| c.eat(b"%")).eat(b")");
    let plain = sign.is_none() && number.until(end).iter().all(u8::is_ascii_digit);
    closed.or_else(|| (!plain).then_some(end)).filter(|_| !plain)
}

/// What an amount that starts with a digit is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Amount {
    Money,
    Percent,
    Number,
}

/// Reads an amount that starts with its number: `5 %`, `25 basis points`, `1,234.5`,
/// `10 million euros`; for a digit at the start of a word.
///
/// A number alone is one only with a thousands separator or a decimal point.
pub(crate) fn number_first(start: Cursor<'_>) -> Option<(Amount, Cursor<'_>)> {
    const RATES: &[&str] = &[
        "percentage points",
        "percentage point",
        "percent",
        "per cent",
        "per centum",
        "basis points",
        "basis point",
        "bps",
        "bp",
        "Prozent",
        "vom Hundert",
    ];
    let number = amount(start)?;
    let rate = number.maybe(Cursor::space);
    if let Some(end) = rate.eat(b"%").or_else(|| rate.any(RATES)?.word_end()) {
        return Some((Amount::Percent, end));
    }
    let scaled = scaled(number);
    let currency = scaled.maybe(|c| c.space()?.any(WORDS)?.word_end());
    let currency = currency.maybe(|c| c.maybe(Cursor::space).any(&["€", "£"]));
    if currency.at > scaled.at || scaled.at > number.at {
        return Some((Amount::Money, currency));
    }
    let plain = start.until(number).iter().all(u8::is_ascii_digit);
    (!plain).then_some((Amount::Number, number))
}

/// Reads a number: up to 15 digits, or thousands behind commas; then decimals.
fn amount(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let whole = match start.eat(b".") {
        Some(_) => start,
        None => {
            let head = start.digits(15)?;
            if start.until(head).len() <= 3 {
                head.many(6, |c| c.eat(b",")?.exactly(3))
            } else {
                head
            }
        }
    };
    let end = whole.maybe(|c| c.eat(b".")?.digits(12));
    let end = (end.at > start.at).then_some(end)?;
    // A further group makes it a version, a date or an address, and none of them an amount.
    let follows =
        end.eat(b".").or_else(|| end.eat(b",")).is_some_and(|c| c.peek().is_ascii_digit());
    (!follows).then_some(end)?.word_end_or_scale()
}

/// Reads the magnitude behind an amount, if there is one.
fn scaled(number: Cursor<'_>) -> Cursor<'_> {
    number.maybe(|c| {
        c.maybe(Cursor::space).any(SCALES).or_else(|| c.any(&["M", "B", "K"]))?.word_end()
    })
}

impl<'a> Cursor<'a> {
    /// Stays here if no letter or digit follows, or only a magnitude.
    fn word_end_or_scale(self) -> Option<Cursor<'a>> {
        self.word_end().or_else(|| (scaled(self).at > self.at).then_some(self))
    }
}
