//! What a vocabulary is worth on documents that its training has not seen.
//!
//! [`measure()`] counts, [`Report`] holds the figures of several vocabularies and renders them as a
//! table, as JSON and as one self-contained HTML page, and a [`Baseline`] holds the exact counts that
//! a later run is compared with. Nothing here reads a file, a clock or the environment.

mod baseline;
mod bootstrap;
mod compare;
mod compressors;
mod draw;
mod entropy;
mod figures;
mod html;
mod html_table;
mod json;
mod measure;
mod number;
mod passage;
mod plot;
mod round_trip;
mod table;
mod terms;
#[cfg(test)]
mod testing;
mod tokens;

pub(crate) use baseline::Baseline;
pub(crate) use compare::compare;
pub(crate) use figures::{Curve, Drawing, Figures, Lane, Report, SourceFigures, Strip};
pub(crate) use measure::{Options, measure};

impl Report {
    /// The report as plain text, at most 100 columns wide, for a terminal.
    pub(crate) fn to_table(&self) -> String {
        table::render(self)
    }

    /// The report as pretty JSON; equal reports give equal bytes.
    pub(crate) fn to_json(&self) -> String {
        json::render(self)
    }

    /// The report as one HTML page that loads nothing from elsewhere.
    pub(crate) fn to_html(&self) -> String {
        html::render(self)
    }
}
