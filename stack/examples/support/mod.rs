//! What several examples need beside litz: arguments, a host on a TAP device, a little HTTP.
//!
//! Each example is a program of its own and uses a part of this.
#![allow(dead_code, reason = "each example uses a part")]

pub(crate) mod air;
pub(crate) mod args;
pub(crate) mod fetch;
pub(crate) mod host;
pub(crate) mod http;
pub(crate) mod options;
pub(crate) mod pair;
pub(crate) mod services;

use std::process::ExitCode;

/// Ends a program: 0, or one line on standard error and 2.
pub(crate) fn exit(program: &str, result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{program}: {message}");
            ExitCode::from(2)
        }
    }
}
