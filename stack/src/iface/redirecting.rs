//! Redirections that a router of IPv6 sends (RFC 4861 §8.2): a host on the link learns the better
//! first hop on the same link. What hosts make of them is not here.

use core::net::Ipv6Addr;

use litz_hal::TxToken;
use litz_wire::rt::Options;
use litz_wire::{Icmpv6, Ndisc, NdiscOption, Nested};

use super::Interface;
use super::counters::DropReason;
use super::hardware::HardwareAddr;
use super::icmp::emit_icmpv6;
use super::ingress::{Context, Verdict};
use super::ndisc::ndisc_output;
use super::report::{first, may_answer};
use crate::addr::v6;

/// Octets of the packet that are quoted: what is left of the minimum MTU behind the header of IPv6,
/// the message, the hardware address and the head of the option, in eights.
const MAX_QUOTE: usize = (1280 - 40 - 40 - 16 - 8) & !7;

impl Interface<'_> {
    /// Tell the sender of a packet that `hop` is a better first hop to its destination: the
    /// destination itself, or a router, whose address has to be link-local then.
    pub(super) fn redirect_v6<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        (src, dst, hop): (Ipv6Addr, Ipv6Addr, Ipv6Addr),
        packet: &[u8],
    ) -> Verdict {
        let own = self.addrs.link_local().ok_or(DropReason::NoSourceAddress)?;
        if (hop != dst && !hop.is_unicast_link_local()) || !may_answer(packet, true) {
            return Err(DropReason::IcmpIgnored);
        }
        if !self.may_report(context.now) {
            return Err(DropReason::RateLimited);
        }
        let station = self.neighbors.known(v6(hop));
        let octets = station.map(HardwareAddr::option);
        let quote = first(packet, MAX_QUOTE.min(packet.len() & !7));
        let quoted = NdiscOption::Redirected {
            packet: Nested::new(quote),
        };
        let known;
        let options: &[NdiscOption<'_>] = match &octets {
            Some(octets) => {
                let addr = octets.as_slice();
                known = [NdiscOption::TargetLinkLayer { addr }, quoted];
                &known
            }
            None => core::slice::from_ref(&quoted),
        };
        let message = Icmpv6::Ndisc(Ndisc::Redirect {
            target_addr: hop,
            dest_addr: dst,
            options: Options::items(options),
        });
        let output = ndisc_output(v6(own), v6(src), message.buffer_len());
        let fill = context.caps.checksum.icmp.fill_tx;
        self.reply(context, &output, &mut |buffer, pseudo| {
            emit_icmpv6(&message, buffer, pseudo, fill);
        })
    }
}
