//! What the network reports about a packet of this host, handed to the socket that sent it. The
//! socket says whether it can have sent such a packet: who cannot know its ports is not believed
//! (RFC 5927).

use litz_hal::time::Instant;
use litz_wire::IpProtocol;

use super::report::{IcmpReport, Quoted};
use super::set::SocketSet;

impl SocketSet<'_> {
    /// Hand a report to its socket. Returns whether there is one that can have sent the packet.
    pub(crate) fn reported(
        &mut self,
        _now: Instant,
        protocol: IpProtocol,
        quoted: &Quoted,
        _report: IcmpReport,
    ) -> bool {
        let local = quoted.local;
        match protocol {
            IpProtocol::Udp => self.udp.find(local.addr, local.port).is_some(),
            IpProtocol::Icmp | IpProtocol::Icmpv6 => {
                self.icmp.find(local.addr, local.port).is_some()
            }
            _ => false,
        }
    }
}
