//! polytok-binary
