//! Identifiers of securities and filings.

use crate::cursor::Cursor;

/// Exchanges before a ticker symbol; longer names before their prefixes.
pub(crate) const EXCHANGES: &[&str] = &[
    "NYSE American",
    "NYSE Arca",
    "NYSEAMERICAN",
    "NYSEMKT",
    "NYSE",
    "NASDAQ",
    "NasdaqGS",
    "NasdaqGM",
    "NasdaqCM",
    "Nasdaq",
    "AMEX",
    "CBOE",
    "OTCQB",
    "OTCQX",
    "OTCBB",
    "OTC",
    "TSXV",
    "TSX",
    "LSE",
    "LON",
    "AIM",
    "ASX",
    "FRA",
    "ETR",
    "XETRA",
    "EPA",
    "AMS",
    "SWX",
    "SIX",
    "HKEX",
    "HKG",
    "TYO",
    "TSE",
    "NSE",
    "BSE",
    "SGX",
    "JSE",
    "BVMF",
    "B3",
];

/// Forms of the Securities and Exchange Commission; longer names before their prefixes.
pub(crate) const FORMS: &[&str] = &[
    "10-KSB", "10-KT", "10-K405", "10-K", "10-QSB", "10-QT", "10-Q", "10-D", "10-12B", "10-12G",
    "11-K", "13F-HR", "13F-NT", "13F", "13D", "13G", "144", "18-K", "20-F", "24F-2", "25-NSE",
    "40-F", "424B1", "424B2", "424B3", "424B4", "424B5", "424B7", "6-K", "8-A12B", "8-A12G", "8-A",
    "8-K12B", "8-K", "N-1A", "N-CSR", "N-CEN", "N-PORT", "N-PX", "N-Q", "NT 10-K", "NT 10-Q",
    "S-11", "S-1", "S-3ASR", "S-3", "S-4", "S-6", "S-8", "F-1", "F-3", "F-4", "F-6", "DEF 14A",
    "DEF 14C", "DEFA14A", "DEFM14A", "PRE 14A", "PREM14A", "SC 13D", "SC 13G", "SC 14D9",
    "SC TO-I", "SC TO-T", "ARS", "CORRESP", "EFFECT",
];

/// Words before the name of a form; longer ones before their prefixes.
pub(crate) const FORM_WORDS: &[&str] = &["Forms", "Form", "FORMS", "FORM", "Schedule", "SCHEDULE"];

/// Forms whose names are too short or too common to be told without the word `Form` or `Schedule`.
const NAMED_FORMS: &[&str] = &["ADV", "BD", "C-AR", "C-U", "C-TR", "C", "D", "T-1", "TO"];

/// Reads a ticker symbol with its exchange: `NYSE: ABC`, `NASDAQ:AAPL`, `NYSE: BRK.A`; for a letter
/// at the start of a word. A symbol without its exchange is a word.
pub(crate) fn ticker(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let symbol = start.any(EXCHANGES)?.eat(b":")?.maybe(Cursor::space);
    let end = symbol.run(1, 6, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())?;
    end.maybe(|c| {
        let class = c.eat(b".").or_else(|| c.eat(b"-"))?;
        class.run(1, 2, |byte| byte.is_ascii_uppercase())?.word_end()
    })
    .word_end()
}

/// Reads the name of a form, with or without the word before it: `10-K`, `Form 10-Q`, `8-K/A`,
/// `Schedule 13D`, `Form 4`.
pub(crate) fn form(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let (word, name) = match start.any(FORM_WORDS) {
        Some(word) => (true, word.space()?),
        None => (false, start),
    };
    let listed = |names: &[&str]| {
        names.iter().find_map(|form| {
            name.eat(form.as_bytes())?.maybe(|c| c.eat(b"/A")?.word_end()).word_end()
        })
    };
    // A bare `144` is a number.
    let bare =
        || listed(FORMS).filter(|&end| word || name.until(end).iter().any(|b| !b.is_ascii_digit()));
    bare().or_else(|| {
        if !word {
            return None;
        }
        listed(NAMED_FORMS).or_else(|| {
            let number = name.digits(4)?.maybe(|c| c.run(1, 2, |b| b.is_ascii_uppercase()));
            number.maybe(|c| c.dash()?.run(1, 4, |b| b.is_ascii_alphanumeric())).word_end()
        })
    })
}

/// Reads an International Securities Identification Number (ISO 6166) whose check digit is right.
pub(crate) fn isin(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let end = start.run(12, 12, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())?;
    valid_isin(start.until(end)).then_some(end)?.word_end()
}

/// Reads a CUSIP number whose check digit is right; for the start of a word.
///
/// One number of nine digits in ten has a right check digit by chance, so digits alone count only
/// behind the word `CUSIP`.
pub(crate) fn cusip(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let label = start.eat(b"CUSIP").map(|c| {
        c.maybe(|c| c.space()?.any(&["number", "Number", "No.", "no."])).maybe(|c| c.eat(b":"))
    });
    let number = match label {
        Some(label) => label.space()?,
        None => start,
    };
    let end = number.run(9, 9, |b| b.is_ascii_uppercase() || b.is_ascii_digit())?;
    let bytes = number.until(end);
    let told = label.is_some() || bytes.iter().any(u8::is_ascii_uppercase);
    (told && valid_cusip(bytes)).then_some(end)?.word_end()
}

/// Reads the accession number of a filing: `0000320193-18-000145`.
pub(crate) fn accession(start: Cursor<'_>) -> Option<Cursor<'_>> {
    start.exactly(10)?.eat(b"-")?.exactly(2)?.eat(b"-")?.exactly(6)?.word_end()
}

/// The value of a digit or capital: A is 10.
fn value(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        _ => u32::from(byte.saturating_sub(b'A')) + 10,
    }
}

/// The check of ISO 6166: two letters of a country, nine letters or digits, a check digit by the
/// algorithm of Luhn over the decimal digits that the letters expand to.
fn valid_isin(bytes: &[u8]) -> bool {
    let [first, second, middle @ .., check] = bytes else { return false };
    if !(first.is_ascii_uppercase() && second.is_ascii_uppercase() && check.is_ascii_digit())
        || middle.len() != 9
    {
        return false;
    }
    let mut sum = 0;
    let mut double = false;
    let mut add = |digit: u32| {
        let digit = if double { 2 * digit } else { digit };
        sum += digit / 10 + digit % 10;
        double = !double;
    };
    for &byte in bytes.iter().rev() {
        let value = value(byte);
        add(value % 10);
        if value > 9 {
            add(value / 10);
        }
    }
    sum % 10 == 0
}

/// The check of ANSI X9.6: eight letters or digits, every second value doubled, the sum of the
/// decimal digits of all of them and the check digit a multiple of ten.
fn valid_cusip(bytes: &[u8]) -> bool {
    let Some((check, body)) = bytes.split_last() else { return false };
    let sum: u32 = body
        .iter()
        .enumerate()
        .map(|(at, &byte)| value(byte) * if at % 2 == 1 { 2 } else { 1 })
        .map(|value| value / 10 + value % 10)
        .sum();
    body.len() == 8 && check.is_ascii_digit() && (sum + value(*check)).is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_decide() {
        // Apple, Cisco, Treasury Corporation of Victoria (the example of ISO 6166), BAE Systems.
        let isins: [&[u8]; 4] =
            [b"US0378331005", b"US17275R1023", b"AU0000XVGZA3", b"GB0002634946"];
        let cusips: [&[u8]; 4] = [b"037833100", b"17275R102", b"38259P508", b"594918104"];
        for (valid, known) in isins
            .iter()
            .map(|id| (valid_isin as fn(&[u8]) -> bool, id))
            .chain(cusips.iter().map(|id| (valid_cusip as fn(&[u8]) -> bool, id)))
        {
            assert!(valid(known));
            let mut wrong = known.to_vec();
            let last = wrong.len() - 1;
            for digit in (b'0'..=b'9').filter(|&digit| digit != known[last]) {
                wrong[last] = digit;
                assert!(!valid(&wrong), "{}", String::from_utf8_lossy(&wrong));
            }
        }
        assert!(!valid_isin(b"") && !valid_cusip(b"") && !valid_isin(b"037833100"));
    }
}
