//! What of RFC 9293 is done: the requirements of its appendix B, where each is met, and the test
//! that shows it. Comments that begin with `//= RFC 9293:` mark the places; a test of the project
//! checks that every reference leads somewhere, in both directions.
//!
//! A row without a file is not done, with the reason. Files are named from `stack/src` on.
//!
#![doc = include_str!("conformance.md")]
