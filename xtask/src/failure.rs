//! How a command ends when it does not end well.

use std::fmt;

/// Why a command failed; decides its exit code.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Figures differ from those they were held against: exit code 1.
    Regression(String),
    /// A wrong name, path, file or setting: exit code 2.
    Wrong(String),
}

pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Regression(_) => 1,
            Failure::Wrong(_) => 2,
        }
    }

    /// For `map_err`: says which file or name an error is about.
    pub(crate) fn about<E: fmt::Display>(subject: impl fmt::Display) -> impl FnOnce(E) -> Failure {
        move |error| Failure::Wrong(format!("{subject}: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Regression(message) | Failure::Wrong(message) => f.write_str(message),
        }
    }
}
