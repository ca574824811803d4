//! A host on a link of 802.15.4, whose peer writes its packets itself.

use std::net::Ipv6Addr;

use litz::iface::HardwareAddr;
use litz::lowpan::{Lowpan, LowpanConfig, LowpanStorage};
use litz::phy::link::{Link as Wire, LinkConfig, LinkEnd};
use litz::phy::{Capabilities, Medium};
use litz::time::Instant;
use litz::wire::{Eui64, IpProtocol, PanId, PseudoHeader, PseudoV6, ShortAddress};
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketSet, UdpHandle};

use super::{EXTENSIONS, NEIGHBORS, sockets};

const OWN: Eui64 = Eui64([2, 0, 0, 0, 0, 0, 0, 1]);
const PEER: Eui64 = Eui64([2, 0, 0, 0, 0, 0, 0, 2]);

fn lowpan(own: Eui64, end: LinkEnd) -> Lowpan<'static, LinkEnd> {
    let config = LowpanConfig {
        pan: PanId(7),
        short_addr: ShortAddress::UNASSIGNED,
        extended_addr: own,
        quota: 1,
        learn_contexts: false,
    };
    Lowpan::new(end, config, LowpanStorage::heap(1, 1), 0)
}

struct Host {
    iface: Interface<'static>,
    sockets: SocketSet<'static>,
    device: Lowpan<'static, LinkEnd>,
    socket: UdpHandle,
    peer: Lowpan<'static, LinkEnd>,
    _wire: Wire,
}

impl Host {
    fn new() -> Self {
        let capabilities = Capabilities {
            max_frame: 125,
            ..Capabilities::new(Medium::Ieee802154, 1280)
        };
        let (wire, one, other) = Wire::new(LinkConfig {
            capabilities,
            ..LinkConfig::default()
        });
        let storage = InterfaceStorage::heap(1280);
        let mut iface = Interface::new(Link::Ieee802154(OWN.into()), [1; 16], storage).unwrap();
        iface
            .add_addr(IpCidr::new(OWN.link_local(), 64).unwrap())
            .unwrap();
        let mut sockets = sockets();
        let socket = sockets.udp_bind(7).unwrap();
        Self {
            iface,
            sockets,
            device: lowpan(OWN, one),
            socket,
            peer: lowpan(PEER, other),
            _wire: wire,
        }
    }

    /// The peer sends a packet of this protocol from an address of its own, and the host has it.
    fn hear(&mut self, src: Ipv6Addr, protocol: IpProtocol, payload: &[u8]) {
        let mut packet = vec![0x60, 0, 0, 0, 0, payload.len() as u8, protocol.0, 255];
        packet.extend(src.octets());
        packet.extend(OWN.link_local().octets());
        packet.extend(payload);
        let to = HardwareAddr::from(OWN);
        self.peer.send_packet(Instant::ZERO, to, &packet).unwrap();
        self.poll();
    }

    /// The station that the next packet is for that is not for everybody.
    fn next_station(&mut self) -> Option<HardwareAddr> {
        core::iter::from_fn(|| self.peer.receive_packet(Instant::ZERO, |link, _| link.dst))
            .find(HardwareAddr::is_unicast)
    }

    fn poll(&mut self) {
        self.iface
            .poll(Instant::ZERO, &mut self.device, &mut self.sockets);
    }
}

/// Octets with their checksum at this place.
fn with_checksum(src: Ipv6Addr, protocol: IpProtocol, at: usize, octets: &[u8]) -> Vec<u8> {
    let pseudo = PseudoV6 {
        src_addr: src,
        dst_addr: OWN.link_local(),
    };
    let mut octets = octets.to_vec();
    let sum = pseudo.sum(protocol.0, octets.len() as u32);
    let sum = sum.add(litz::wire::rt::Sum::of(&octets)).finish();
    octets[at..at + 2].copy_from_slice(&sum.to_be_bytes());
    octets
}

#[test]
fn what_has_an_extension_header_arrives_or_is_dropped() {
    let mut host = Host::new();
    let src = PEER.link_local();
    let udp = with_checksum(src, IpProtocol::Udp, 6, &[0, 7, 0, 7, 0, 9, 0, 0, 1]);
    // Destination options: padding alone.
    let mut behind = vec![IpProtocol::Udp.0, 0, 1, 4, 0, 0, 0, 0];
    behind.extend(&udp);
    host.hear(src, IpProtocol::Udp, &udp);
    host.hear(src, IpProtocol::Ipv6Opts, &behind);
    let mut socket = host.sockets.udp(host.socket).unwrap();
    let arrived = core::iter::from_fn(|| socket.recv().map(drop)).count();
    assert_eq!(arrived, if EXTENSIONS { 2 } else { 1 });
}

#[test]
fn a_host_whose_address_is_not_made_of_its_station_is_remembered_or_not() {
    let mut host = Host::new();
    let src: Ipv6Addr = "fe80::99".parse().unwrap();
    // It asks for our address, and says which station it is.
    let mut ask = vec![135, 0, 0, 0, 0, 0, 0, 0];
    ask.extend(OWN.link_local().octets());
    ask.extend([1, 2]);
    ask.extend(PEER.0);
    ask.extend([0; 6]);
    let ask = with_checksum(src, IpProtocol::Icmpv6, 2, &ask);
    host.hear(src, IpProtocol::Icmpv6, &ask);
    assert_eq!(host.next_station(), Some(PEER.into()));
    assert_eq!(host.iface.neighbors().count(), usize::from(NEIGHBORS));
    let mut socket = host.sockets.udp(host.socket).unwrap();
    socket.send((src, 7), b"litz").unwrap();
    host.poll();
    // Without, it goes to the station that the identifier says, which is not this one.
    assert_eq!(host.next_station(), NEIGHBORS.then_some(PEER.into()));
}
