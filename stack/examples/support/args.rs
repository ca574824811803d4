//! Command-line arguments: options with a value (`--name value`), flags and plain arguments.
//!
//! Messages are one line and name the option and the value that are wrong.

use std::str::FromStr;

/// The arguments that are not read yet.
pub(crate) struct Args(std::iter::Skip<std::env::Args>);

impl Args {
    /// Those of this program, without its name.
    pub(crate) fn new() -> Self {
        Self(std::env::args().skip(1))
    }

    /// The next option or plain argument.
    pub(crate) fn next(&mut self) -> Option<String> {
        self.0.next()
    }

    /// The value that follows `option`.
    pub(crate) fn value<T: FromStr>(&mut self, option: &str) -> Result<T, String> {
        let value = self
            .0
            .next()
            .ok_or_else(|| format!("{option} needs a value"))?;
        value
            .parse()
            .map_err(|_| format!("`{value}` is no value for {option}"))
    }
}

/// The message for an argument that the program does not know.
pub(crate) fn unknown(argument: &str) -> String {
    match argument.starts_with('-') {
        true => format!("there is no option {argument}"),
        false => format!("`{argument}` is one argument too many"),
    }
}
