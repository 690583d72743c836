//! Why a measurement ended.

use std::{error::Error, fmt};

/// Why a measurement ended, or a contestant could not take part.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// A file, a process or an option.
    About {
        /// Which.
        subject: String,
        /// What is wrong with it.
        message: String,
    },
    /// A contestant returned an error.
    Refused(String),
    /// A contestant ended its thread or its process.
    GaveUp,
}

/// What a measurement gives.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// For `map_err`: says which file or name an error is about.
    pub fn about<E: fmt::Display>(subject: impl fmt::Display) -> impl FnOnce(E) -> Failure {
        move |error| Failure::About { subject: subject.to_string(), message: error.to_string() }
    }

    /// For `map_err`: the error of a contestant.
    pub fn refused(error: impl fmt::Display) -> Failure {
        Failure::Refused(error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::About { subject, message } => write!(f, "{subject}: {message}"),
            Failure::Refused(message) => f.write_str(message),
            Failure::GaveUp => f.write_str("gave up"),
        }
    }
}

impl Error for Failure {}
