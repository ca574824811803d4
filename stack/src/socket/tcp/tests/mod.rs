//! Tests of the TCP engine: a simulator of two connections over a bad link in virtual time, and rules
//! of the RFCs one by one, each test named after its rule.

mod pair;
mod transfer;
