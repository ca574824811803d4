//! Link-local addresses of IPv4 (RFC 3927): chosen at random, the same again after a restart, asked
//! for, and replaced when somebody else has them.

use core::net::Ipv4Addr;

use litz_hal::time::{Duration, Instant};

use super::addresses::{AddrConfig, AddrOrigin, ConfigError, Defend, OwnAddr};
use super::{HardwareAddr, Interface};
use crate::addr::{IpCidr, Ipv4Cidr, is_v4, kept_net};

/// Addresses found to be others' before it goes slower (RFC 3927 §9, `MAX_CONFLICTS`).
const MAX_CONFLICTS: u8 = 10;
/// How slow (RFC 3927 §9, `RATE_LIMIT_INTERVAL`).
const RATE_LIMIT_INTERVAL: Duration = Duration::from_secs(60);
/// The prefix 169.254/16 but for its first and last 256 addresses (RFC 3927 §2.1).
const FIRST: u32 = 0xa9fe_0100;
const CHOICES: u64 = 0xfe00;

impl Interface<'_> {
    /// Give the interface a link-local address of IPv4: it is asked for first, and another is
    /// taken if somebody has it. Which it is follows from the hardware address and the secret. A
    /// host that has another address of IPv4 should not have this one (RFC 3927 §1.9).
    ///
    /// # Errors
    /// [`ConfigError::Full`]; [`ConfigError::HardwareAddr`] if the link has none to ask with.
    pub fn add_ipv4_link_local(&mut self, now: Instant) -> Result<(), ConfigError> {
        let hardware_addr = self.hardware_addr().ok_or(ConfigError::HardwareAddr)?;
        if self.addrs.all().any(is_ipv4_link_local) {
            return Ok(());
        }
        let config = AddrConfig {
            defend: Defend::Once,
            ..AddrConfig::DETECT
        };
        let cidr = self.ipv4_candidate(hardware_addr, 0)?;
        self.changed();
        self.addrs
            .add(cidr, AddrOrigin::LinkLocal, &config, now, &mut self.random)
    }

    /// Ask for the next address in the place of one that somebody else has (RFC 3927 §2.2.1).
    pub(super) fn replace_ipv4_link_local(&mut self, lost: &OwnAddr, now: Instant) {
        let attempt = lost.life().attempt.saturating_add(1);
        let Some(hardware_addr) = self.hardware_addr() else {
            return;
        };
        // After the last number it is drawn anew, so that a host that was chased through all of
        // them goes on elsewhere.
        let draw = if attempt == u8::MAX {
            self.random.next()
        } else {
            u64::from(attempt)
        };
        let Ok(cidr) = self.ipv4_candidate(hardware_addr, draw) else {
            return;
        };
        let delay = if attempt >= MAX_CONFLICTS {
            RATE_LIMIT_INTERVAL
        } else {
            Duration::ZERO
        };
        let random = &mut self.random;
        self.addrs.change(|table| {
            if let Some(own) = table.find(|own| own.addr() == lost.addr()) {
                own.cidr = kept_net(cidr).unwrap_or(own.cidr);
                own.change(|life| life.attempt = attempt);
                own.begin_check(now, delay, random);
            }
        });
    }

    /// The address of a number, in the order in which they are tried.
    fn ipv4_candidate(
        &self,
        hardware_addr: HardwareAddr,
        number: u64,
    ) -> Result<IpCidr, ConfigError> {
        let mut input = [0; 16];
        let (id, count) = input.split_at_mut(8);
        crate::storage::put(id, &hardware_addr.interface_id());
        crate::storage::put(count, &number.to_be_bytes());
        let choice = self.random.keyed(b"ipv4", &input) % CHOICES;
        let addr = Ipv4Addr::from_bits(FIRST.wrapping_add(choice as u32));
        Ipv4Cidr::new(addr, 16)
            .map(IpCidr::V4)
            .map_err(ConfigError::Address)
    }
}

/// Whether an address is one that this made.
pub(super) fn is_ipv4_link_local(own: &OwnAddr) -> bool {
    own.life().origin == AddrOrigin::LinkLocal && is_v4(&own.addr())
}
