//! polytok-genome
