//! What a proxy of neighbor discovery answers (RFC 4861 §7.2.8): after a random moment, without the
//! override flag, in its own name. Proxies of ARP answer at once, as RFC 1027 has them.

use core::net::{IpAddr, Ipv6Addr};

use litz_hal::time::{Duration, Instant};
use litz_hal::{Capabilities, TxToken};
use litz_wire::rt::Options;
use litz_wire::{Neighbor, NeighborOption};

use super::Interface;
use super::addresses::{PrefixRole, Question};
use super::counters::DropReason;
use super::hardware::HardwareAddr;
use super::ingress::Verdict;
use super::ndisc::{ALL_NODES, emit_neighbor, ndisc_output};
use crate::addr::{Ip, full, v6};
use crate::parts::ROUTER;

/// RFC 4861 §10: `MAX_ANYCAST_DELAY_TIME`.
const MAX_DELAY: Duration = Duration::from_secs(1);

impl Interface<'_> {
    /// Whether questions about an address are answered in the place of somebody else.
    fn is_proxy_for(&self, target: Ipv6Addr) -> bool {
        let target = IpAddr::V6(target);
        ROUTER
            && self.forwarding
            && !self.has_addr(target)
            && self.addrs.served.role(target) == Some(PrefixRole::Proxy)
    }

    /// Keep a question until its moment comes, if it is one for a proxy. Whoever asks while there
    /// is no room is answered at once. Returns whether there is nothing to do now.
    pub(super) fn defer_as_proxy(
        &mut self,
        target: Ipv6Addr,
        from: Ip,
        station: Option<HardwareAddr>,
        now: Instant,
    ) -> bool {
        if !self.is_proxy_for(target) {
            return false;
        }
        let asker = match full(from) {
            IpAddr::V6(from) if !from.is_unspecified() => station.map(|station| (from, station)),
            _ => None,
        };
        let due = now.saturating_add(self.random.below(MAX_DELAY));
        self.addrs.served.keep(Question { target, asker, due })
    }

    /// Answer a question whose moment has come.
    pub(super) fn answer_as_proxy<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
    ) -> Verdict {
        let Some(question) = self.addrs.served.take_due(now) else {
            return Ok(());
        };
        let target = question.target;
        // Things may have changed since.
        if !self.is_proxy_for(target) {
            return Err(DropReason::IcmpIgnored);
        }
        let own = self.hardware_addr().ok_or(DropReason::IcmpIgnored)?;
        let octets = own.option();
        let advert = [NeighborOption::TargetLinkLayer {
            addr: octets.as_slice(),
        }];
        let (dst, station) = match question.asker {
            Some((addr, station)) => (v6(addr), Some(station)),
            None => (ALL_NODES, None),
        };
        let message = Neighbor::Advert {
            router: true,
            solicited: question.asker.is_some(),
            override_: false,
            target_addr: target,
            options: Options::items(&advert),
        };
        let output = ndisc_output(self.answers_from(target), dst, message.buffer_len());
        let fill = caps.checksum.icmp.fill_tx;
        self.send_to_station(tx, caps, &output, station, &mut |buffer, pseudo| {
            emit_neighbor(&message, buffer, pseudo, fill);
        })
    }
}
