//! How units are cut, and where boundaries are soft.

use polytok_core::{Boundary, Segmenter, segments};
use polytok_domain::{Financial, Legal};

/// The segments of `text`: `|` stands for a hard boundary, `~` for a soft one.
fn check(segmenter: &dyn Segmenter, text: &str, expected: &str) {
    let mut shown = String::new();
    let all = segments(segmenter, text.as_bytes());
    for (i, (span, boundary)) in all.iter().enumerate() {
        shown += std::str::from_utf8(span.of(text.as_bytes())).unwrap();
        if i + 1 < all.len() {
            shown.push(if *boundary == Boundary::Soft { '~' } else { '|' });
        }
    }
    assert_eq!(shown, expected);
}

#[test]
fn legal_segments() {
    let legal = |text, expected| check(&Legal, text, expected);
    legal("", "");
    legal("under 11 U.S.C. § 362(a) of", "under~ 11 U.S.C. § ~362~(a)~ of");
    legal("under section 906(a)(3) of", "under~ section ~906~(a)(3)~ of");
    legal("paragraph (1) or (2)", "paragraph (1)~ or~ (2)");
    legal("410 U.S. 113", "410~ U.S. ~113");
    legal("233 F.3d 12345", "233~ F.3d |12|345");
    legal("Rule 10b-5", "Rule 10b-5");
    legal("17 C.F.R. § 240.10b-5", "17 C.F.R. § ~240~.10b-5");
    legal("No. 1:19-cv-01234-ABC", "No. 1:19-cv-|01|234|-ABC");
    legal("Regulation (EU) No 575/2013", "Regulation (EU) No ~575~/~2013");
    legal("§ 823 Abs. 1 BGB", "§ ~823~ Abs. 1 BGB");
    legal("on May 17, 2007, at", "on~ May 17, ~2007|,~ at");
    legal("the U.S. troops", "the~ U.S.~ troops");
    legal("(1)\n(A)\r\nThe", "(1)\n|(A)\r\n|The");
    legal("(1)\n of", "(1)\n |of");
    legal("(1)\n\n  (A) the", "(1)\n\n  |(A)~ the");
    legal("a\n  (a) the", "a|\n  |(a)~ the");
    legal("a  (a)", "a~ | (a)");
}

#[test]
fn financial_segments() {
    let financial = |text, expected| check(&Financial, text, expected);
    financial("of $1,234.56 million in", "of| $1|,234|.56 million| in");
    financial("of $5 million in", "of~ $5 million~ in");
    financial("was 2.39% and", "was| 2|.39%| and");
    financial("was 12% and", "was~ 12%~ and");
    financial("(4,171)", "(4|,171)");
    financial("$1234567", "$1|234|567");
    financial("$0.1234567", "$0|.123|456|7");
    financial("$.5", "$.5");
    financial("as of December 31, 2023 and", "as~ of~ December 31, ~2023~ and");
    financial("on 2023-12-31", "on~ 2023~-12-31");
    financial("in Q3 2023", "in~ Q3 ~2023");
    financial("in FY2022", "in~ FY~2022");
    financial("on Form 10-K for", "on~ Form 10-K~ for");
    financial("(NYSE: ABC)", "(|NYSE: ABC|)");
    financial("CUSIP 037833100", "CUSIP 037833100");
    financial("by 25 basis points.", "by~ 25 basis points|.");
    financial("$ 5", "$~ |5");
}
