//! What the network reports about a packet of this host, handed to the socket that sent it. The
//! socket says whether it can have sent such a packet: who cannot know its ports is not believed
//! (RFC 5927).

use litz_wire::IpProtocol;

use super::report::{IcmpReport, Quoted};
use super::set::SocketSet;

impl SocketSet<'_> {
    /// Hand a report to its socket; `zone` is that of the quoted addresses. Returns whether there
    /// is one that can have sent the packet.
    pub(crate) fn reported(
        &mut self,
        protocol: IpProtocol,
        (quoted, zone): (&Quoted, u8),
        report: IcmpReport,
    ) -> bool {
        match protocol {
            IpProtocol::Udp => self.udp.icmp_report(quoted, report),
            IpProtocol::Icmp | IpProtocol::Icmpv6 => {
                let icmp = self.icmp.get_mut();
                icmp.is_some_and(|icmp| icmp.icmp_report(quoted, report))
            }
            IpProtocol::Tcp => self.tcp.icmp_report(quoted, zone, report),
            _ => false,
        }
    }
}
