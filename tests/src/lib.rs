//! Helpers shared by the tests that need several litz crates.
