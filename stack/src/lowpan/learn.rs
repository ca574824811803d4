//! Contexts that routers announce (RFC 6775 §4.2, §5.4): options of router advertisements, which
//! pass through here on their way up. What a host does not believe of an advertisement, it does
//! not believe here either (RFC 4861 §6.1.2).

use core::net::Ipv6Addr;

use litz_hal::time::{Deadline, Duration, Instant};
use litz_wire::rt::Options;
use litz_wire::{
    Icmpv6, Icmpv6HeaderPacket, IpProtocol, Ipv6Packet, Ndisc, NdiscOption, Pseudo, PseudoV6,
};

use super::context::{Context, Contexts};
use crate::parts::{AUTOCONF, CONTEXTS};

/// Hop limit that proves that a message has not passed a router.
const HOP_LIMIT: u8 = 255;

impl Contexts {
    /// Take contexts from a packet, if it is a router advertisement. Returns how many.
    pub(super) fn learn(&mut self, now: Instant, packet: &[u8]) -> usize {
        if !(AUTOCONF && CONTEXTS) {
            return 0;
        }
        self.try_learn(now, packet).unwrap_or(0)
    }

    fn try_learn(&mut self, now: Instant, packet: &[u8]) -> Option<usize> {
        let ip = Ipv6Packet::new_checked(packet).ok()?;
        let near = ip.hop_limit() == HOP_LIMIT && ip.src_addr().is_unicast_link_local();
        if ip.next_header() != IpProtocol::Icmpv6 || !near {
            return None;
        }
        let header = Icmpv6HeaderPacket::new_checked(ip.payload()).ok()?;
        let pseudo = Pseudo::V6(PseudoV6 {
            src_addr: ip.src_addr(),
            dst_addr: ip.dst_addr(),
        });
        if !header.verify_checksum(&pseudo) {
            return None;
        }
        let Icmpv6::Ndisc(Ndisc::RouterAdvert { options, .. }) = Icmpv6::parse(&header).ok()?
        else {
            return None;
        };
        if !self.is_new(&options) {
            return None;
        }
        let mut learned = 0_usize;
        for option in options.iter().flatten() {
            if let NdiscOption::LowpanContext {
                prefix_len,
                compress,
                context_id,
                lifetime_minutes,
                prefix,
            } = option
            {
                let span = Duration::from_secs(u64::from(lifetime_minutes).saturating_mul(60));
                let mut octets = [0; 16];
                crate::storage::put(&mut octets, prefix);
                // A context that ends is still understood for a while (§5.4.3).
                let context = Context {
                    prefix: Ipv6Addr::from(octets),
                    prefix_len,
                    compress: compress && lifetime_minutes > 0,
                    until: Deadline::at(now.saturating_add(span)),
                };
                learned = learned.saturating_add(usize::from(self.set(context_id, Some(context))));
            }
        }
        Some(learned)
    }

    /// Whether what a router says is not older than what is known of its border router (RFC 6775
    /// §4.3); versions are compared as serial numbers.
    fn is_new(&mut self, options: &Options<'_, NdiscOption<'_>>) -> bool {
        let of_border = options.iter().flatten().find_map(|option| match option {
            NdiscOption::BorderRouter {
                version_low,
                version_high,
                addr,
                ..
            } => Some((addr, u32::from(version_high) << 16 | u32::from(version_low))),
            _ => None,
        });
        let Some((addr, version)) = of_border else {
            return true;
        };
        if let Some((known, of_known)) = self.border_router
            && known == addr
            && version.wrapping_sub(of_known) > u32::MAX / 2
        {
            return false;
        }
        self.border_router = Some((addr, version));
        true
    }
}
