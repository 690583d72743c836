//! core
mod merge;
mod segment;
pub use merge::{Merge, MergeTable, Pair};
pub use segment::{Boundary, PartitionError, Segmenter, Span, Whole, check_partition, segments};
