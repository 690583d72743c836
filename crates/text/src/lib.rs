//! polytok-text
