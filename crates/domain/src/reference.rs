//! References inside a text: section signs, and the words that name a part of an act.

use crate::{citation::provision, cursor::Cursor, enumerator};

/// Words before the number or letter of a part, in lower case.
pub(crate) const PARTS: &[&str] = &[
    "absatz",
    "absatzes",
    "absätze",
    "annex",
    "appendix",
    "article",
    "articles",
    "artikel",
    "artikels",
    "chapter",
    "chapters",
    "clause",
    "clauses",
    "division",
    "exhibit",
    "item",
    "items",
    "nummer",
    "paragraph",
    "paragraphs",
    "part",
    "parts",
    "regulation",
    "rule",
    "rules",
    "satz",
    "schedule",
    "section",
    "sections",
    "subchapter",
    "subclause",
    "subclauses",
    "subdivision",
    "subparagraph",
    "subparagraphs",
    "subpart",
    "subsection",
    "subsections",
    "subtitle",
    "table",
    "title",
    "titles",
    "buchstabe",
];

/// Abbreviated words, which may have a stop.
pub(crate) const SHORT: &[&str] =
    &["abs", "art", "arts", "cl", "nr", "para", "paras", "sec", "secs"];

/// Words behind a German section: `Abs. 1 Satz 2 Nr. 3`.
const GERMAN: &[&str] =
    &["Absatz", "Abs.", "Satz", "S.", "Nummer", "Nr.", "Buchstabe", "Buchst.", "lit.", "Alt."];

/// Reads a section sign and what it refers to: `§ 362(a)`, `§§ 81`, `§ 823 Abs. 1 BGB`.
pub(crate) fn sign(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let number = start.any(&["§§", "§"])?.maybe(Cursor::space);
    let section = provision(number)?;
    let placed = section.many(4, |c| {
        let word = c.space()?.any(GERMAN)?.space()?;
        word.digits(3).or_else(|| word.run(1, 1, |b| b.is_ascii_lowercase()))?.word_end()
    });
    Some(placed.maybe(code))
}

/// Reads the abbreviation of a German code, such as `BGB` or `StGB`: a word of 2 to 10 letters of
/// which two at least, the first and the last among them, are capitals.
fn code(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let word = start.space()?;
    let end = word.run(2, 10, |byte| byte.is_ascii_alphabetic())?.word_end()?;
    let letters = word.until(end);
    let capital = |letter: Option<&u8>| letter.is_some_and(u8::is_ascii_uppercase);
    (capital(letters.first()) && capital(letters.last())).then_some(end)
}

/// Reads a word for a part and the number or enumerators behind it: `section 906(a)(3)`,
/// `paragraph (1)`, `Article 6(1)(f)`, `Title VII`, `Satz 2`; for a letter at the start of a word.
pub(crate) fn part(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let word = start.word();
    let mut lower = [0; 24];
    let lower = &mut lower[..word.len()];
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    let end = start.skip(word.len());
    let is_in = |list: &[&str]| list.iter().any(|part| part.as_bytes() == &*lower);
    let label = match is_in(SHORT) {
        true => end.maybe(|c| c.eat(b".")),
        false => is_in(PARTS).then_some(end)?,
    }
    .space()?;
    provision(label).or_else(|| enumerator::chain(label)).or_else(|| {
        let end = label.run(1, 6, |byte| byte.is_ascii_uppercase())?.word_end()?;
        (end.at == label.at + 1 || enumerator::roman(label.until(end))).then_some(end)
    })
}
