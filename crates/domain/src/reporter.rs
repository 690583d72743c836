//! Abbreviations of codes and reporters, as lawyers write them.
//!
//! A full stop in an entry may be followed by a space. Entries of one letter case without their
//! stops (`USC`, `FRD`, `NW2d`) are read too, if at least two letters are left.

use crate::{cursor::Cursor, gate::Gate};

/// Codes and session laws, which are often cited without a page: volume or title, then this.
const CODES: &[&str] =
    &["C.F.R.", "Cong. Rec.", "Fed. Reg.", "Stat.", "U.S.C.", "U.S.C.A.", "U.S.C.S.", "U.S.T."];

/// Reporters, which are cited by volume and page.
const REPORTERS: &[&str] = &[
    // Supreme Court and federal courts.
    "U.S.",
    "S. Ct.",
    "L. Ed.",
    "L. Ed. 2d",
    "F.",
    "F.2d",
    "F.3d",
    "F.4th",
    "F. App'x",
    "F. App\u{2019}x",
    "Fed. Appx.",
    "Fed. App.",
    "F. Supp.",
    "F. Supp. 2d",
    "F. Supp. 3d",
    "F.R.D.",
    "F. Cas.",
    "B.R.",
    "Fed. Cl.",
    "Cl. Ct.",
    "Ct. Cl.",
    "T.C.",
    "T.C.M.",
    "B.T.A.",
    "Vet. App.",
    "M.J.",
    "C.M.A.",
    "U.S. App. D.C.",
    "App. D.C.",
    "Ct. Int'l Trade",
    // Agencies and services.
    "WL",
    "LEXIS",
    "U.S. LEXIS",
    "U.S. App. LEXIS",
    "U.S. Dist. LEXIS",
    "N.L.R.B.",
    "F.C.C.",
    "F.T.C.",
    "S.E.C.",
    "I.C.C.",
    "C.B.",
    "I.R.B.",
    "I. & N. Dec.",
    "Op. Att'y Gen.",
    "F.E.R.C.",
    // Regions.
    "A.",
    "A.2d",
    "A.3d",
    "P.",
    "P.2d",
    "P.3d",
    "N.E.",
    "N.E.2d",
    "N.E.3d",
    "N.W.",
    "N.W.2d",
    "S.E.",
    "S.E.2d",
    "S.W.",
    "S.W.2d",
    "S.W.3d",
    "So.",
    "So. 2d",
    "So. 3d",
    // States.
    "A.D.",
    "A.D.2d",
    "A.D.3d",
    "Ala.",
    "Ala. App.",
    "Alaska",
    "Ariz.",
    "Ariz. App.",
    "Ark.",
    "Ark. App.",
    "Cal.",
    "Cal. 2d",
    "Cal. 3d",
    "Cal. 4th",
    "Cal. 5th",
    "Cal. App.",
    "Cal. App. 2d",
    "Cal. App. 3d",
    "Cal. App. 4th",
    "Cal. App. 5th",
    "Cal. Rptr.",
    "Cal. Rptr. 2d",
    "Cal. Rptr. 3d",
    "Colo.",
    "Colo. App.",
    "Conn.",
    "Conn. App.",
    "D.C.",
    "Del.",
    "Del. Ch.",
    "Fla.",
    "Ga.",
    "Ga. App.",
    "Haw.",
    "Idaho",
    "Ill.",
    "Ill. 2d",
    "Ill. App.",
    "Ill. App. 2d",
    "Ill. App. 3d",
    "Ill. Dec.",
    "Ind.",
    "Ind. App.",
    "Iowa",
    "Kan.",
    "Kan. App.",
    "Kan. App. 2d",
    "Ky.",
    "Ky. App.",
    "La.",
    "La. Ann.",
    "La. App.",
    "Mass.",
    "Mass. App. Ct.",
    "Md.",
    "Md. App.",
    "Me.",
    "Mich.",
    "Mich. App.",
    "Minn.",
    "Misc.",
    "Misc. 2d",
    "Misc. 3d",
    "Miss.",
    "Mo.",
    "Mo. App.",
    "Mont.",
    "N.C.",
    "N.C. App.",
    "N.D.",
    "N.H.",
    "N.J.",
    "N.J. Eq.",
    "N.J. Super.",
    "N.M.",
    "N.Y.",
    "N.Y.2d",
    "N.Y.3d",
    "N.Y.S.",
    "N.Y.S.2d",
    "N.Y.S.3d",
    "Neb.",
    "Neb. App.",
    "Nev.",
    "Ohio",
    "Ohio App.",
    "Ohio App. 2d",
    "Ohio App. 3d",
    "Ohio St.",
    "Ohio St. 2d",
    "Ohio St. 3d",
    "Okla.",
    "Okla. Cr.",
    "Or.",
    "Or. App.",
    "Pa.",
    "Pa. Super.",
    "Pa. Commw.",
    "R.I.",
    "S.C.",
    "S.D.",
    "Tenn.",
    "Tenn. App.",
    "Tex.",
    "Tex. App.",
    "Tex. Civ. App.",
    "Tex. Crim.",
    "Utah",
    "Utah 2d",
    "Va.",
    "Va. App.",
    "Vt.",
    "W. Va.",
    "Wash.",
    "Wash. 2d",
    "Wash. App.",
    "Wash. App. 2d",
    "Wis.",
    "Wis. 2d",
    "Wyo.",
    // United Kingdom, Canada, Australia, European Union.
    "A.C.",
    "All E.R.",
    "C.L.R.",
    "C.M.L.R.",
    "Ch.",
    "E.C.R.",
    "K.B.",
    "Q.B.",
    "S.C.R.",
    "W.L.R.",
];

/// What is cited.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Source {
    Code,
    Reporter,
}

/// Most numbers stand in front of words that are no source.
static SOURCES: Gate = Gate::new(&[CODES, REPORTERS], &[]);

/// Reads the longest abbreviation that fits and ends a word.
pub(crate) fn source(start: Cursor<'_>) -> Option<(Source, Cursor<'_>)> {
    if !SOURCES.admits(start) {
        return None;
    }
    let letter = start.peek();
    let of = |table: &'static [&'static str], source| {
        table
            .iter()
            .filter(move |entry| entry.as_bytes().first() == Some(&letter))
            .filter_map(move |entry| Some((source, abbreviation(start, entry)?)))
    };
    of(CODES, Source::Code).chain(of(REPORTERS, Source::Reporter)).max_by_key(|(_, end)| end.at)
}

/// Reads `entry` with its stops, each with or without a space behind it, or without all its stops
/// and spaces.
pub(crate) fn abbreviation<'a>(start: Cursor<'a>, entry: &str) -> Option<Cursor<'a>> {
    if entry.as_bytes().first() != Some(&start.peek()) {
        return None;
    }
    dotted(start, entry).or_else(|| dotless(start, entry)).and_then(Cursor::word_end)
}

fn dotted<'a>(start: Cursor<'a>, entry: &str) -> Option<Cursor<'a>> {
    let bytes = entry.as_bytes();
    let mut cursor = start;
    for (at, byte) in bytes.iter().enumerate() {
        cursor = match byte {
            b' ' if bytes[at - 1] == b'.' => cursor,
            b' ' => cursor.space()?,
            b'.' if at + 1 < bytes.len() => cursor.eat(b".")?.maybe(Cursor::space),
            byte => cursor.eat(&[*byte])?,
        };
    }
    Some(cursor)
}

/// Without stops only names in capitals are told from words.
fn dotless<'a>(start: Cursor<'a>, entry: &str) -> Option<Cursor<'a>> {
    let capitals = entry.bytes().take_while(|byte| !byte.is_ascii_digit());
    if !capitals.clone().all(|byte| byte.is_ascii_uppercase() || byte == b'.')
        || capitals.filter(u8::is_ascii_uppercase).count() < 2
    {
        return None;
    }
    entry.bytes().filter(|&byte| byte != b'.').try_fold(start, |cursor, byte| cursor.eat(&[byte]))
}

/// Reads initials with their stops: two to six letters, each followed by a stop, such as `U.S.`,
/// `L.L.C.` and `e.g.`.
pub(crate) fn initials(start: Cursor<'_>) -> Option<Cursor<'_>> {
    let end = start.many(6, |c| c.run(1, 1, |byte| byte.is_ascii_alphabetic())?.eat(b"."));
    (end.at - start.at >= 4).then_some(end)?.word_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_reads_itself_and_its_spaced_form() {
        for entry in CODES.iter().chain(REPORTERS) {
            for form in [entry.to_string(), entry.replace(". ", "."), entry.replace(' ', "\u{a0}")]
            {
                let text = format!("{form} 1");
                let (_, end) = source(Cursor::new(text.as_bytes(), 0)).expect("an entry fits");
                assert_eq!(end.at, form.len(), "{form}");
            }
        }
    }

    #[test]
    fn capitals_do_without_stops_and_words_do_not() {
        let read = |text: &str| source(Cursor::new(text.as_bytes(), 0)).map(|(_, end)| end.at);
        assert_eq!(read("USC 1"), Some(3));
        assert_eq!(read("NW2d 1"), Some(4));
        assert_eq!(read("U. S. C. 1"), Some(8));
        assert_eq!(read("Mich 1"), None);
        assert_eq!(read("F 1"), None);
        assert_eq!(read("USCIS 1"), None);
        assert_eq!(read("U.S.Cx"), None);
    }

    #[test]
    fn the_gate_lets_in_every_way_to_write_a_source() {
        for entry in CODES.iter().chain(REPORTERS) {
            for written in [
                entry.to_string(),
                entry.replace('.', ". "),
                entry.replace('.', ".\u{a0}"),
                entry.replace(". ", "."),
                entry.replace(['.', ' '], ""),
                entry.replace('.', ""),
            ] {
                let start = Cursor::new(written.as_bytes(), 0);
                if abbreviation(start, entry).is_some() {
                    assert!(source(start).is_some(), "{written}");
                }
            }
        }
    }
}
