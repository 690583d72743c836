#![doc = include_str!("../README.md")]
//!
//! # Units and how they are cut
//!
//! The scan goes over the input once; at the start of a word and at the signs that units start with
//! it tries a few recognizers, each of which looks at [`LOOK_AHEAD`] bytes at most. A unit takes the
//! space before it, unless that space indents a line. It is cut into segments as follows, `|` being
//! a boundary:
//!
//! | [`Kind`] | cut | example |
//! |---|---|---|
//! | Enumerator, Initials, Form, Ticker, Identifier | one segment; an enumerator takes the line break behind it | ` (b)(6)` |
//! | Citation, Reference, Docket | runs of three or more digits apart, but for those in brackets or at a letter; runs of five or more in groups of three from the right | ` 11 U.S.C. § `\|`362`\|`(a)` |
//! | Money, Percent, Number | groups of three digits, from the right before the decimal point and from the left behind it; a separator goes with the group behind it, signs and words with the group beside them | ` $1`\|`,234`\|`.56 million` |
//! | Date, Period | the year in four digits apart | ` December 31, `\|`2023` |
//!
//! So a vocabulary learns ` U.S.C. § `, ` subparagraph (A)` and ` December 31, ` as tokens, while
//! numbers keep their groups and a year unseen in training costs what other years cost.
//!
//! Boundaries inside a unit, and where a space stands between it and a word or another unit, are
//! soft, so a second stage may learn ` of section ` or ` December 31, 2023`; but those at the
//! groups of a number of several groups are hard, so no token of several words begins or ends
//! inside a number. All other boundaries of units are hard.
//!
//! What is no unit: a dollar sign with a space behind it (`$ 5`), brackets that touch a word
//! (`person(s)`), a ticker without its exchange, a reporter without volume and page, an identifier
//! whose check digit is wrong. Enumerators are told by their form alone: `(a)` is one in `I (a) went`.
//! The names of reporters, codes, forms, exchanges and months are lists of our own, and not
//! complete: a name that is missing is text.
//!
//! # What was measured
//!
//! Tokens of every tenth document of a bundle, after training on the others (2026-11-23; adjacent
//! pairs, at least 2, vocabularies of 32,768 or as far as the pairs go):
//!
//! | documents | `Text` | this crate | |
//! |---|---|---|---|
//! | United States Code | 242,280 | 225,762 | −6.8 % |
//! | bills, statutes, regulations | 138,594 | 128,826 | −7.0 % |
//! | court opinions and dockets | 138,575 | 123,370 | −11.0 % |
//! | 10-K and 10-Q | 350,964 | 322,741 | −8.0 % |
//! | other filings | 94,313 | 90,833 | −3.7 % |
//! | minutes of the Federal Reserve | 26,094 | 25,631 | −1.8 % |
//!
//! The twenty terms by which KL3M compares tokenizers (2025; `11 U.S.C. § 362(a)`, `habeas corpus`,
//! `10-K filing`, ...) take 3.1 tokens on average, the legal ones 3.9, the financial ones 2.3, with
//! vocabularies of 65,536 trained on the bundles above; with `Text` they take 4.55, with the
//! 131,072 entries of KL3M 3.65 (its own figure).
//!
//! The tests `units_save_tokens_on_fixtures` and `units_save_tokens_on_shared_corpora` repeat the
//! comparison on a smaller scale. Without one kind of unit the saving falls, in points, by 2.9
//! (enumerators), 2.7 (references), 0.5 (citations; 2.3 in opinions) and 0.3 (dates) on statutes, and
//! by 1.3 each (dates, numbers), 0.8 (enumerators), 0.3 each (rates, references), 0.2 (money) and
//! 0.1 (forms) on filings; docket numbers and identifiers are too rare to count. Cutting nothing
//! inside units would save a further 0.3 to 0.7 points, at the price of tokens such as ` § 36`; in
//! filings, cutting numbers at their signs and separators too would cost 2 to 4 points.
mod alignment;
mod citation;
mod cursor;
mod cut;
mod date;
mod docket;
mod enumerator;
mod gate;
mod identifier;
pub mod inventory;
mod money;
mod noise;
pub mod ocr;
mod random;
mod reference;
mod reporter;
mod segment;
mod stability;
mod terms;
mod unit;
#[cfg(feature = "vocab")]
mod vocab;

pub use alignment::Alignment;
pub use noise::{Noise, Noisy, RateError};
pub use segment::{Financial, Legal};
pub use stability::{
    BoundaryAgreement, Stability, boundary_agreement, edit_distance, identical_tokens,
};
pub use terms::{TermsError, WithTerms};
pub use unit::{Kind, LOOK_AHEAD, Unit};
#[cfg(feature = "vocab")]
pub use vocab::*;
