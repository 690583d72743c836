//! Tests of the program as a whole.
#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

mod cli;
mod edit;
mod probe;
mod report;
mod run;
mod shards;
mod shipping;
mod training;
