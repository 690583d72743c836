//! polytok-domain
