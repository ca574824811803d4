//! Compiler of the litz header language.
