//! Docket, file and case numbers: `No. 1:19-cv-01234-ABC`, `Case No. 19-1234`, `Nos. 12-307`.

use crate::cursor::Cursor;

/// What may stand before the word for number.
pub(crate) const BEFORE: &[&str] = &[
    "Case",
    "CASE",
    "Docket",
    "DOCKET",
    "Dkt.",
    "Civil Action",
    "Civ. Action",
    "Civ. A.",
    "Criminal Action",
    "Application",
    "Release",
    "File",
    "Commission File",
    "Registration",
    "Appeal",
    "ECF",
    "Doc.",
    "Exhibit",
    "Bill",
    "Amendment",
];

/// The word for number.
pub(crate) const NUMBER: &[&str] =
    &["Number", "NUMBER", "Nos.", "No.", "NO.", "NOS.", "nos.", "no.", "No", "Nr.", "#"];

/// Kinds of proceeding in the numbers of federal courts.
const PROCEEDING: &[&str] = &[
    "cv", "cr", "mc", "md", "ml", "mj", "bk", "ap", "po", "gj", "sw", "CV", "CR", "MC", "MD", "BK",
];

/// Reads a number with the words before it; for a letter at the start of a word.
pub(crate) fn labeled(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let label = start.maybe(|c| c.any(BEFORE)?.space()).any(NUMBER)?;
    let number = label.maybe(|c| c.eat(b":")).maybe(Cursor::space).maybe(|c| c.eat(b"#"));
    federal(number).or_else(|| plain(number))
}

/// Reads the number of a case before a federal trial court, such as `1:19-cv-01234-ABC-DEF`; for a
/// digit at the start of a word.
pub(crate) fn federal(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let office = start.maybe(|c| c.digits(2)?.eat(b":"));
    let year = office.run(2, 4, |byte| byte.is_ascii_digit())?.dash()?;
    let number = year.any(PROCEEDING)?.dash()?.digits(6)?;
    let judges = number.many(4, |c| c.dash()?.run(1, 4, |b| b.is_ascii_alphanumeric())?.word_end());
    judges.word_end()
}

/// Reads a number of other courts and agencies: digits, with up to two groups behind dashes or a
/// slash, and a letter or two.
fn plain(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let first = start.maybe(|c| c.run(1, 2, |b| b.is_ascii_uppercase())?.dash()).digits(8)?;
    let groups = first.many(2, |c| c.dash().or_else(|| c.eat(b"/"))?.digits(8)?.word_end());
    groups.maybe(|c| c.run(1, 2, |byte| byte.is_ascii_uppercase())).word_end()
}
