//! In the place of more settings where they are left out: nothing is kept of them.

use super::TcpConfig;

/// Settings of what this build does not have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extras;

impl Extras {
    pub(super) const fn new(_: &TcpConfig) -> Self {
        Self
    }

    pub(super) const fn is_probe_due(&self) -> bool {
        false
    }

    pub(super) const fn no_probe(&mut self) {}
}
