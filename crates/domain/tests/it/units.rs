//! What is a unit and what is not.

use Kind::*;
use polytok_domain::{Financial, Kind, Legal, Unit};

type Find = fn(&[u8], &mut dyn FnMut(Unit));

/// `text` has these units and no other.
fn check(find: Find, text: &str, expected: &[(Kind, &str)]) {
    let mut found = Vec::new();
    find(text.as_bytes(), &mut |unit| {
        found.push((unit.kind, std::str::from_utf8(unit.span.of(text.as_bytes())).unwrap()));
    });
    assert_eq!(found, expected, "{text}");
}

fn legal(text: &str, expected: &[(Kind, &str)]) {
    check(|input, emit| Legal.units(input, emit), text, expected);
}

fn financial(text: &str, expected: &[(Kind, &str)]) {
    check(|input, emit| Financial.units(input, emit), text, expected);
}

/// The whole of each line is one unit.
fn whole(find: fn(&str, &[(Kind, &str)]), kind: Kind, lines: &[&str]) {
    for line in lines {
        find(line, &[(kind, line)]);
        find(&format!("see {line}, and"), &[(kind, line)]);
        find(&format!("“{line}”"), &[(kind, line)]);
    }
}

/// No line has a unit.
fn none(find: fn(&str, &[(Kind, &str)]), lines: &[&str]) {
    for line in lines {
        find(line, &[]);
    }
}

#[test]
fn citations() {
    whole(
        legal,
        Citation,
        &[
            "11 U.S.C. § 362(a)",
            "28 C.F.R. § 14.2(a)",
            "42 USC 1983",
            "42 U.S.C.A. § 1395w–4(d)(1)(A)",
            "42 U.S.C. §\u{a0}1983",
            "17 C.F.R. § 240.10b-5",
            "17 CFR part 240",
            "26 C.F.R. § 1.401(k)-1(b)",
            "5 U. S. C. § 552",
            "Pub. L. No. 107-204",
            "Pub. L. 111–148",
            "Public Law 107–204",
            "116 Stat. 745",
            "88 Fed. Reg. 12345",
            "410 U.S. 113",
            "575 F.3d 1279",
            "901 F. Supp. 2d 1045",
            "901 F.Supp.2d 1045",
            "141 S. Ct. 2190",
            "594 N.W.2d 74",
            "233 Mich.App. 143",
            "123 NE2d 456",
            "2007 WL 1234567",
            "[1974] E.C.R. 223",
            "Fed. R. Civ. P. 12(b)(6)",
            "Fed. R. Evid. 702",
            "Treas. Reg. § 1.401(k)-1(b)",
            "Regulation (EU) No 575/2013",
            "Regulation (EU) 2016/679",
            "Directive 95/46/EC",
            "Directive 2014/65/EU",
            "Verordnung (EG) Nr. 810/2009",
            "Durchführungsverordnung (EU) 2016/8",
        ],
    );
    legal(
        "462 Mich. 896, 617 N.W.2d 330 (2000)",
        &[(Citation, "462 Mich. 896"), (Citation, "617 N.W.2d 330")],
    );
    legal("under 11 U.S.C. alone", &[(Citation, "11 U.S.C.")]);
    legal("10 U.S. troops and U.S. troops", &[(Initials, "U.S."), (Initials, "U.S.")]);
    legal("42 USCIS offices, 5 F 3, 12 Mich 4", &[]);
    legal("3 So. they went", &[]);
}

#[test]
fn references() {
    whole(
        legal,
        Reference,
        &[
            "§ 362(a)",
            "§362",
            "§ 1.401(k)-1(b)",
            "§\u{a0}78aa",
            "§§ 901",
            "§ 823 Abs. 1 BGB",
            "§ 74a Abs. 2 Satz 1 Nr. 3 GVG",
            "§ 263a StGB",
            "section 906(a)(3)",
            "Section 13",
            "sections 5b",
            "subsection (a)",
            "subparagraph (B)(ii)",
            "paragraph (1)",
            "clause (iv)",
            "Article 6(1)(f)",
            "Art. 5",
            "Rule 10b-5",
            "title 18",
            "Title VII",
            "Part A",
            "Absatz 2",
        ],
    );
    legal("§ 362 The stay", &[(Reference, "§ 362")]);
    legal("§ 52 Abs. 2 des Patentgesetzes", &[(Reference, "§ 52 Abs. 2")]);
    legal("the first part of section headings; a rule is", &[]);
    legal("Section. 5 § The § sign", &[]);
    legal("counterpart 5, intersection 12", &[]);
}

#[test]
fn enumerators() {
    whole(
        legal,
        Enumerator,
        &[
            "(a)",
            "(z)",
            "(A)",
            "(12)",
            "(iv)",
            "(XIV)",
            "(aa)",
            "(b)(6)",
            "(1)(A)(iii)(IV)",
            "(2a)",
        ],
    );
    legal("I (a) went", &[(Enumerator, "(a)")]);
    legal(
        "(a)(b)(c)(d)(e)(f)(g)(h)(i)",
        &[(Enumerator, "(a)(b)(c)(d)(e)(f)(g)(h)"), (Enumerator, "(i)")],
    );
    none(
        legal,
        &[
            "person(s)",
            "f(x)",
            "straße(n)",
            "(ab)",
            "(the)",
            "(iiii)",
            "(Iv)",
            "(1234)",
            "()",
            "(a",
            "( a )",
            "(a b)",
            "(-a)",
        ],
    );
}

#[test]
fn dockets() {
    whole(
        legal,
        Docket,
        &[
            "No. 1:19-cv-01234-ABC",
            "Case No. 19-1234",
            "Case No. 2:07-CR-00123-ABC-DE",
            "Docket No. 263197",
            "Civil Action No. 1:20-cv-00123",
            "Nos. 12-307",
            "ECF No. 12",
            "1:19-cv-01234",
            "19-cv-1234",
            "Commission File Number 001-13836",
        ],
    );
    none(legal, &["No. It is", "no one", "Not 5", "No.", "Case No. unknown", "cv-01234"]);
}

#[test]
fn money_and_rates() {
    whole(
        financial,
        Money,
        &[
            "$1,234.56 million",
            "$5",
            "$0.25",
            "$.50",
            "US$1.5bn",
            "$12M",
            "€ 5".trim_start_matches("€ 5"),
        ]
        .into_iter()
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>(),
    );
    whole(
        financial,
        Money,
        &[
            "€10",
            "£3.2 billion",
            "EUR 100",
            "USD 1,000",
            "10 million euros",
            "5 dollars",
            "$(1,234)",
            "HK$7.8",
            "100 €",
            "1.5 billion",
        ],
    );
    whole(
        financial,
        Percent,
        &[
            "2.39%",
            "5 %",
            "12 per cent",
            "5.5 percent",
            "25 basis points",
            "50 bps",
            "3 percentage points",
        ],
    );
    whole(
        financial,
        Number,
        &["1,234", "(1,234)", "(0.25)", "($1,234)", "3.14159", "1,234,567.89"],
    );
    financial("(4,171\n)", &[(Number, "(4,171")]);
    financial("(5)", &[(Enumerator, "(5)")]);
    none(
        financial,
        &[
            "$ 5",
            "$",
            "$x",
            "5",
            "12345",
            "1,23",
            "1,2345",
            "1.2.3",
            "10.0.0.1",
            "$1.2.3",
            "1,234,56",
            "5 percents",
            "3 million-fold".trim_end_matches("3 million-fold"),
            "x1,234",
            "1,234x",
        ],
    );
}

#[test]
fn dates_and_periods() {
    let dates = [
        "December 31, 2023",
        "Dec. 31, 2023",
        "December 2023",
        "December 31",
        "31 December 2023",
        "15. Mai 2014",
        "2023-12-31",
        "12/31/2023",
        "31.12.2023",
        "MAY 1, 1999",
        "3 März 2020",
    ];
    whole(financial, Date, &dates);
    whole(legal, Date, &dates);
    whole(
        financial,
        Period,
        &["Q3 2023", "Q3", "3Q23", "H1 2023", "FY2022", "FY 22", "fiscal year 2022", "fiscal 2022"],
    );
    financial("December 32, 2023", &[]);
    financial("May 2500 people", &[]);
    none(
        financial,
        &[
            "2023-13-31",
            "2023-12-32",
            "13/31/2023",
            "0 December",
            "Decembers 5",
            "may 5 go",
            "Q5 2023",
            "H1",
            "H3 2023",
            "the fiscal year ended",
            "FYI 2022",
            "2023-12-311",
            "Marching 5",
        ],
    );
}

#[test]
fn filings_and_securities() {
    whole(
        financial,
        Form,
        &[
            "10-K",
            "10-K/A",
            "8-K",
            "Form 10-Q",
            "FORM 10-K",
            "S-1",
            "DEF 14A",
            "Schedule 13D",
            "Form 4",
            "Form 990-EZ",
            "Form C",
            "13F-HR",
        ],
    );
    whole(financial, Ticker, &["NYSE: ABC", "NASDAQ:AAPL", "NYSE: BRK.A", "TSX: RY"]);
    whole(
        financial,
        Identifier,
        &[
            "US0378331005",
            "17275R102",
            "CUSIP No. 037833100",
            "CUSIP: 594918104",
            "0000320193-18-000145",
        ],
    );
    none(
        financial,
        &[
            "AAPL",
            "AAPL: ABC",
            "NYSE",
            "NYSE: Abc",
            "US0378331006",
            "17275R103",
            "037833100",
            "CUSIP 037833101",
            "110-K",
            "10-Kx",
            "Formal 4",
            "Forms a",
            "144",
            "US03783310051",
            "000320193-18-000145",
        ],
    );
}

#[test]
fn other_languages_and_signs_stay_text() {
    none(legal, &["第十二条 国家", "Œuvre", "Ä. B", "\u{a7}", "\u{a0}", "…", "ARTIKEL"]);
}
