//! What of the settings a connection keeps beside those that every one has.

use super::config::Eighths;
use super::{Duration, TcpConfig};

/// Settings of keep-alive, of segment sizes and of pacing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extras {
    /// Silence before the peer is asked whether it is there; [`NEVER`]: it is not.
    pub(super) keep_alive: Eighths,
    /// Time between questions.
    pub(super) keep_alive_interval: Eighths,
    /// Octets that a device cuts into segments.
    pub(super) super_segment: u16,
    /// Questions in vain after which the connection fails.
    pub(super) keep_alive_probes: u8,
    /// A question is to be sent.
    pub(super) probe: bool,
    pub(super) minshall: bool,
    pub(super) pacing: bool,
}

/// No time, which stands for none.
pub(super) const NEVER: Eighths = Eighths::ZERO;

/// A span that is not zero, or none.
pub(super) fn at_least_some(span: Option<Duration>) -> Eighths {
    span.map_or(NEVER, |span| {
        Eighths::new(span.max(Duration::from_micros(1)))
    })
}

impl Extras {
    pub(super) fn new(config: &TcpConfig) -> Self {
        Self {
            keep_alive: at_least_some(config.keep_alive),
            keep_alive_interval: at_least_some(Some(config.keep_alive_interval)),
            super_segment: u16::try_from(config.super_segment).unwrap_or(u16::MAX),
            keep_alive_probes: config.keep_alive_probes.max(1),
            probe: false,
            minshall: config.minshall,
            pacing: config.pacing,
        }
    }

    /// Whether a silent peer is to be asked now.
    #[inline]
    pub(super) const fn is_probe_due(&self) -> bool {
        self.probe
    }

    /// It is not to be asked.
    pub(super) const fn no_probe(&mut self) {
        self.probe = false;
    }
}
