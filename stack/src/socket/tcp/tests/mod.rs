//! Tests of the TCP engine.
