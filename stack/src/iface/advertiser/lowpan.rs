//! What a border router of a low-power network adds to its advertisements: contexts of compression
//! (RFC 6775 §4.2), who it is and which version of what it says this is (§4.3), and what it knows
//! (RFC 8505 §4.3).

use core::net::Ipv6Addr;

use litz_hal::time::Duration;
use litz_wire::NdiscOption;

use super::MOST;
use crate::addr::Ipv6Cidr;

/// Options beside the contexts.
pub(super) const OPTIONS: usize = 2;

/// A context of compression that a border router advertises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdvertisedContext {
    /// Its number, 0 to 15.
    pub number: u8,
    /// Its prefix.
    pub prefix: Ipv6Cidr,
    /// Whether packets may be compressed with it. A new one is first only decompressed, until every
    /// host has heard of it, and one that ends is so again (RFC 6775 §7.2).
    pub compress: bool,
    /// How long it is valid, in whole minutes; zero ends it.
    pub valid: Duration,
}

/// What a border router of a low-power network advertises beside prefixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LowpanAdvert<'a> {
    /// An address of the border router.
    pub border_router: Ipv6Addr,
    /// Version of prefixes and contexts; whoever changes one of them adds one. Hosts pass over what
    /// is older than what they know.
    pub version: u32,
    /// How long the version is valid, in whole minutes; zero stands for 10,000.
    pub valid: Duration,
    /// Contexts, at most eight.
    pub contexts: &'a [AdvertisedContext],
}

fn minutes(span: Duration) -> u16 {
    u16::try_from(span.total_millis() / 60_000).unwrap_or(u16::MAX)
}

impl LowpanAdvert<'_> {
    /// The options; the prefixes of the contexts are kept in `room`.
    pub(super) fn options<'o>(
        &'o self,
        room: &'o mut [[u8; 16]; MOST],
    ) -> impl Iterator<Item = NdiscOption<'o>> {
        for (room, context) in room.iter_mut().zip(self.contexts) {
            *room = context.prefix.network().addr().octets();
        }
        let contexts = self.contexts.iter().zip(room.iter());
        let contexts = contexts.map(|(context, octets)| {
            let prefix_len = context.prefix.prefix_len();
            let short = octets.first_chunk::<8>().filter(|_| prefix_len <= 64);
            NdiscOption::LowpanContext {
                prefix_len,
                compress: context.compress,
                context_id: context.number & 0xf,
                lifetime_minutes: minutes(context.valid),
                prefix: short.map_or(octets, |short| short),
            }
        });
        let border = NdiscOption::BorderRouter {
            version_low: self.version as u16,
            version_high: (self.version >> 16) as u16,
            lifetime_minutes: minutes(self.valid),
            addr: self.border_router,
        };
        let capabilities = NdiscOption::Capabilities {
            duplicate_detection: false,
            router: true,
            border_router: true,
            registrar: false,
            registration: true,
            header_compression: false,
        };
        contexts.chain([border, capabilities])
    }
}
