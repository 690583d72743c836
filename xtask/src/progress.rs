//! How far a command is: a bar on a terminal, silence elsewhere, where the line of the result says
//! enough.

use indicatif::{ProgressBar, ProgressStyle};

/// A part of a command.
pub(crate) struct Stage(ProgressBar);

impl Stage {
    /// Shows a bar for things of the recipe or vocabulary of this name.
    pub(crate) fn new(name: &str, things: &str) -> Stage {
        let bar = ProgressBar::new(0);
        let template = format!("{name:<10} {{bar:40}} {{pos}}/{{len}} {things} {{eta}} {{msg}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        Stage(bar)
    }

    pub(crate) fn set(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }

    /// Says something beside the bar.
    pub(crate) fn say(&self, message: String) {
        self.0.set_message(message);
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
