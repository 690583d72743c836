//! Citations of statutes, cases, rules and acts of the European Union.

use crate::{
    cursor::Cursor,
    enumerator,
    reporter::{self, Source},
};

/// Sets of rules, cited as `Fed. R. Civ. P. 12(b)(6)`.
pub(crate) const RULES: &[&str] = &[
    "Fed. R. Civ. P.",
    "Fed. R. Crim. P.",
    "Fed. R. Evid.",
    "Fed. R. App. P.",
    "Fed. R. Bankr. P.",
    "Fed. Rules Civ. Proc.",
    "Sup. Ct. R.",
    "F.R.C.P.",
    "F.R.E.",
    "Treas. Reg.",
    "Prop. Treas. Reg.",
    "Temp. Treas. Reg.",
    "Rev. Rul.",
    "Rev. Proc.",
    "Rev. Stat.",
    "Exec. Order",
    "Cal. Rules of Court",
    "U.S. Const.",
    "U.S. CONST.",
    "U.S.S.G.",
    "M.C.R.",
    "M.C.L.",
    "I.R.C.",
];

/// Names of session laws.
pub(crate) const LAWS: &[&str] =
    &["Pub. L.", "Pub.L.", "P.L.", "Public Law", "Private Law", "Priv. L.", "PUBLIC LAW"];

/// Names of acts of the European Union, in the languages of the law at hand.
pub(crate) const ACTS: &[&str] = &[
    "Implementing Regulation",
    "Delegated Regulation",
    "Framework Decision",
    "Regulation",
    "Directive",
    "Decision",
    "REGULATION",
    "DIRECTIVE",
    "DECISION",
    "Durchführungsverordnung",
    "Verordnung",
    "Richtlinie",
    "Beschluss",
    "Rahmenbeschluss",
    "règlement",
    "Règlement",
    "directive",
    "décision",
    "Recommendation",
];

/// Communities that an act is of.
const COMMUNITIES: &[&str] = &[
    "EURATOM", "Euratom", "EEC", "EWG", "CEE", "ECSC", "EGKS", "CFSP", "GASP", "JHA", "EU", "UE",
    "EC", "EG", "CE", "JI",
];

/// Reads a citation that starts with a volume or title: `11 U.S.C. § 362(a)`, `410 U.S. 113`,
/// `116 Stat. 745`; for a digit at the start of a word.
pub(crate) fn volume(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let (source, name) = reporter::source(start.digits(4)?.space()?)?;
    let cited = match source {
        Source::Code => code_section(name),
        Source::Reporter => name.space().and_then(|c| c.digits(8)).and_then(Cursor::word_end),
    };
    match source {
        Source::Code => Some(cited.unwrap_or(name)),
        Source::Reporter => cited,
    }
}

/// Reads what stands behind the name of a code: `§ 362(a)`, `1983`, `part 14`.
fn code_section(name: Cursor<'_>) -> Option<Cursor<'_>> {
    let sign = name.maybe(Cursor::space);
    let mark =
        sign.any(&["§§", "§", "sections", "section", "secs.", "sec.", "parts", "part", "pt."]);
    match mark {
        Some(mark) => provision(mark.maybe(Cursor::space)),
        None => provision(name.space()?),
    }
}

/// Reads a volume of a year in square brackets: `[1974] ECR 223`, `[2001] 1 A.C. 27`.
pub(crate) fn bracketed(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let year = start.eat(b"[")?.exactly(4)?.eat(b"]")?.space()?;
    let volume = year.maybe(|c| c.digits(2)?.space());
    let (_, name) = reporter::source(volume)?;
    name.space()?.digits(6)?.word_end()
}

/// Reads the provision of a code, rule or act: `362(a)`, `1.401(k)-1(b)`, `78aa`, `240.10b-5`,
/// `1395w–4(d)(1)(A)`.
pub(crate) fn provision(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let number = start.digits(7)?;
    let lettered = number.maybe(|c| c.run(1, 3, |b| b.is_ascii_alphabetic())?.word_end());
    let parts = lettered.many(4, |c| {
        let before = c.maybe(enumerator::chain);
        let joined = before.dash().or_else(|| before.eat(b"."))?;
        joined.run(1, 7, |b| b.is_ascii_alphanumeric()).filter(|&c| labels(joined, c))
    });
    parts.maybe(enumerator::chain).word_end()
}

/// Whether the part of a number behind a dash or stop is not a word: it holds a digit, or is one
/// or two letters.
fn labels(start: Cursor<'_>, end: Cursor<'_>) -> bool {
    let part = start.until(end);
    part.len() <= 2 || part.iter().any(u8::is_ascii_digit)
}

/// Reads a citation that starts with a word: a rule, a public law, an act of the European Union,
/// or a code without its title; for a capital at the start of a word.
pub(crate) fn named(start: Cursor<'_>) -> Option<Cursor<'_>> {
    public_law(start).or_else(|| rule(start)).or_else(|| act(start))
}

/// Reads `Pub. L. No. 107-204`, `Public Law 107–204`, `P.L. 107-204`.
fn public_law(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let name = start.any(LAWS)?.maybe(Cursor::space).maybe(|c| c.any(&["No.", "Nos."])?.space());
    name.digits(3)?.dash()?.digits(4)?.word_end()
}

fn rule(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let name = RULES.iter().find_map(|entry| reporter::abbreviation(start, entry))?;
    let mark = name.space()?.maybe(|c| c.any(&["§§", "§", "No.", "art.", "amend."])?.space());
    provision(mark).or_else(|| {
        let end = mark.run(1, 5, |byte| byte.is_ascii_uppercase())?;
        enumerator::roman(mark.until(end)).then_some(end)?.word_end()
    })
}

/// Reads `Regulation (EU) No 575/2013`, `Regulation (EU) 2016/679`, `Directive 95/46/EC`.
fn act(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let name = start.any(ACTS)?.space()?;
    let community = name.maybe(|c| {
        let first = c.eat(b"(")?.any(COMMUNITIES)?;
        first.maybe(|c| c.any(&[", ", "/"])?.any(COMMUNITIES)).eat(b")")?.space()
    });
    let number = community.maybe(|c| c.any(&["No.", "No", "Nr.", "n°"])?.space());
    let end = number.digits(4)?.eat(b"/")?.digits(4)?;
    end.maybe(|c| c.eat(b"/")?.any(COMMUNITIES)).word_end()
}
