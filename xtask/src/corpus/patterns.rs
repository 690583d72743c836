//! Globs of names.

use crate::failure::{Failure, Outcome};

/// Globs; `*` stands for slashes, too.
#[derive(Debug)]
pub(super) struct Patterns(Vec<glob::Pattern>);

impl Patterns {
    pub(super) fn new(patterns: &[String]) -> Outcome<Patterns> {
        let compile =
            |pattern: &String| glob::Pattern::new(pattern).map_err(Failure::about(pattern));
        patterns.iter().map(compile).collect::<Outcome<_>>().map(Patterns)
    }

    pub(super) fn match_any(&self, name: &str) -> bool {
        self.0.iter().any(|pattern| pattern.matches(name))
    }
}
