//! polytok-numeric
