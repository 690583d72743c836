//! polytok-domain
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

pub use alignment::Alignment;
pub use noise::{Noise, Noisy, RateError};
pub use segment::{Financial, Legal};
pub use stability::{
    BoundaryAgreement, Stability, boundary_agreement, edit_distance, identical_tokens,
};
pub use terms::{TermsError, WithTerms};
pub use unit::{Kind, LOOK_AHEAD, Unit};
