//! Real captures through the declarations: every layer that is accepted obeys the laws, comes out
//! of its Repr as it went in, and prints. Skipped, with a word, where there are no captures.

use litz_hal::pcap::{LinkType, PcapReader};
use litz_wire::print::{self, Line, Tree};
use litz_wire::rt::laws::{self, Broken, Lawful};
use litz_wire::rt::{Follow, OptionItem};
use litz_wire::{
    Ah, AhPacket, Arp, ArpEthIpv4, Beacon, DhcpOption, Dhcpv4, Dhcpv4Packet, Dhcpv6, Dhcpv6Option,
    Dhcpv6Packet, Dhcpv6Relay, Dns, DnsData, DnsPacket, EdnsOption, Esp, EtherType, Ethernet,
    EthernetFrame, FragFirst, FragNext, FrameType, Icmpv4, Icmpv4Header, Icmpv6, Icmpv6Header,
    Ieee8023, Ieee802154, Ieee802154Frame, Igmp, IgmpHeader, IpProtocol, Iphc, Ipv4, Ipv4Option,
    Ipv4Packet, Ipv6, Ipv6DstOpts, Ipv6DstOptsPacket, Ipv6Fragment, Ipv6FragmentPacket,
    Ipv6HopByHop, Ipv6HopByHopPacket, Ipv6Option, Ipv6Packet, Ipv6Routing, Ipv6RoutingPacket,
    Ipv6RoutingSegments, Ipv6RoutingSource, LinuxSll, Llc, LlcPacket, Lowpan, LowpanBroadcast,
    LowpanMesh, LowpanPacket, NdiscOption, NdiscOptionSet, Nhc, NhcExt, NhcPacket, NhcUdp, Ntp,
    RoutingType, Snap, Tcp, TcpOption, TcpOptionSet, TcpPacket, Udp, UdpPacket, UdpPort, Vlan,
    VlanPacket,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Layers accepted and refused, by name.
#[derive(Default)]
struct Tally(BTreeMap<&'static str, (u32, u32)>);

impl Tally {
    fn count(&mut self, name: &'static str, result: Result<bool, Broken>, bytes: &[u8]) {
        let entry = self.0.entry(name).or_default();
        match result {
            Ok(true) => entry.0 += 1,
            Ok(false) => entry.1 += 1,
            Err(broken) => panic!("{name}: {broken:?} in {bytes:02x?}"),
        }
    }

    fn header<X: Lawful>(&mut self, bytes: &[u8]) {
        let mut scratch = vec![0; bytes.len() + 128];
        let mut second = vec![0; bytes.len() + 128];
        let source = *b"sixteen octets..";
        let result = laws::header::<X>(bytes, &source, &mut scratch, &mut second);
        self.count(X::NAME, result, bytes);
    }

    fn options<'a, T: OptionItem<'a>>(&mut self, list: Option<&'a [u8]>) {
        let Some(list) = list else { return };
        // The items borrow what they are written to.
        let scratch = Box::leak(vec![0; list.len() * 2 + 64].into_boxed_slice());
        self.count(T::NAME, laws::options::<T>(list, scratch), list);
    }

    fn ethernet(&mut self, bytes: &[u8]) {
        let Ok(frame) = EthernetFrame::new_checked(bytes) else {
            return;
        };
        if frame.ethertype().is_length() {
            self.header::<Ieee8023>(bytes);
            self.header::<Llc>(frame.payload());
            if let Ok(llc) = LlcPacket::new_checked(frame.payload()) {
                self.header::<Snap>(llc.payload());
            }
            return;
        }
        self.header::<Ethernet>(bytes);
        self.ethertype(frame.ethertype(), frame.payload());
    }

    fn ethertype(&mut self, ethertype: EtherType, bytes: &[u8]) {
        match ethertype {
            EtherType::Arp => {
                self.header::<ArpEthIpv4>(bytes);
                self.header::<Arp>(bytes);
            }
            EtherType::Ipv4 => self.ipv4(bytes),
            EtherType::Ipv6 => self.ipv6(bytes),
            EtherType::Vlan | EtherType::ServiceVlan => {
                self.header::<Vlan>(bytes);
                if let Ok(tag) = VlanPacket::new_checked(bytes) {
                    self.ethertype(tag.ethertype(), tag.payload());
                }
            }
            _ => {}
        }
    }

    fn ipv4(&mut self, bytes: &[u8]) {
        self.header::<Ipv4>(bytes);
        let Ok(packet) = Ipv4Packet::new_checked(bytes) else {
            return;
        };
        self.options::<Ipv4Option>(packet.options().as_bytes());
        if packet.frag_offset() == 0 {
            self.transport(packet.next_header(), packet.payload());
        }
    }

    fn ipv6(&mut self, bytes: &[u8]) {
        self.header::<Ipv6>(bytes);
        let Ok(packet) = Ipv6Packet::new_checked(bytes) else {
            return;
        };
        let (mut next, mut rest) = (packet.next_header(), packet.payload());
        while let Some((then, after)) = self.extension(next, rest) {
            (next, rest) = (then, after);
        }
        self.transport(next, rest);
    }

    /// What follows an extension header.
    fn extension<'a>(
        &mut self,
        next: IpProtocol,
        bytes: &'a [u8],
    ) -> Option<(IpProtocol, &'a [u8])> {
        match next {
            IpProtocol::HopByHop => {
                self.header::<Ipv6HopByHop>(bytes);
                let header = Ipv6HopByHopPacket::new_checked(bytes).ok()?;
                self.options::<Ipv6Option>(header.options().as_bytes());
                Some((header.next_header(), header.payload()))
            }
            IpProtocol::Ipv6Opts => {
                self.header::<Ipv6DstOpts>(bytes);
                let header = Ipv6DstOptsPacket::new_checked(bytes).ok()?;
                self.options::<Ipv6Option>(header.options().as_bytes());
                Some((header.next_header(), header.payload()))
            }
            IpProtocol::Ipv6Route => {
                self.header::<Ipv6Routing>(bytes);
                let header = Ipv6RoutingPacket::new_checked(bytes).ok()?;
                match header.routing_type() {
                    RoutingType::Source => self.header::<Ipv6RoutingSource>(bytes),
                    RoutingType::Segments => self.header::<Ipv6RoutingSegments>(bytes),
                    _ => {}
                }
                Some((header.next_header(), header.payload()))
            }
            IpProtocol::Ipv6Frag => {
                self.header::<Ipv6Fragment>(bytes);
                let header = Ipv6FragmentPacket::new_checked(bytes).ok()?;
                (header.frag_offset() == 0).then_some((header.next_header(), header.payload()))
            }
            IpProtocol::Ah => {
                self.header::<Ah>(bytes);
                let header = AhPacket::new_checked(bytes).ok()?;
                Some((header.next_header(), header.payload()))
            }
            _ => None,
        }
    }

    fn udp(&mut self, bytes: &[u8]) {
        self.header::<Udp>(bytes);
        let Ok(packet) = UdpPacket::new_checked(bytes) else {
            return;
        };
        let ports = [UdpPort(packet.src_port()), UdpPort(packet.dst_port())];
        if ports.contains(&UdpPort::Ntp) {
            self.header::<Ntp>(packet.payload());
        }
        if ports.contains(&UdpPort::Dns) || ports.contains(&UdpPort::Mdns) {
            self.header::<Dns>(packet.payload());
            if let Ok(dns) = DnsPacket::new_checked(packet.payload()) {
                self.dns(&dns, packet.payload());
            }
        }
        if ports.contains(&UdpPort::Dhcpv6Client) || ports.contains(&UdpPort::Dhcpv6Server) {
            self.header::<Dhcpv6>(packet.payload());
            self.header::<Dhcpv6Relay>(packet.payload());
            if let Ok(dhcp) = Dhcpv6Packet::new_checked(packet.payload()) {
                self.options::<Dhcpv6Option>(dhcp.options().as_bytes());
            }
        }
        if ports.contains(&UdpPort::DhcpServer) {
            self.header::<Dhcpv4>(packet.payload());
            if let Ok(dhcp) = Dhcpv4Packet::new_checked(packet.payload()) {
                self.options::<DhcpOption>(dhcp.options().as_bytes());
            }
        }
    }

    /// The data of all records, which refers to names of the message.
    fn dns(&mut self, dns: &DnsPacket<'_>, message: &[u8]) {
        for section in [dns.answers(), dns.authorities(), dns.additionals()] {
            for record in section.packets() {
                let good = Ok(record.data(message).is_ok());
                self.count("DnsData", good, record.rdata());
                if let Ok(DnsData::Opt(opt)) = record.data(message) {
                    self.options::<EdnsOption>(opt.options().as_bytes());
                }
            }
        }
    }

    /// A frame of IEEE 802.15.4 without its check sequence.
    fn wpan(&mut self, bytes: &[u8]) {
        self.header::<Ieee802154>(bytes);
        let Ok(frame) = Ieee802154Frame::new_checked(bytes) else {
            return;
        };
        match frame.frame_type() {
            FrameType::Beacon => self.header::<Beacon>(frame.payload()),
            FrameType::Data if frame.security().is_none() => self.lowpan(frame.payload()),
            _ => {}
        }
    }

    fn lowpan(&mut self, bytes: &[u8]) {
        match Lowpan::look(bytes) {
            Ok(LowpanPacket::Iphc(packet)) => {
                self.header::<Iphc>(bytes);
                match packet.next_header() {
                    Some(protocol) => self.transport(protocol, packet.payload()),
                    None => self.nhc(packet.payload()),
                }
            }
            Ok(LowpanPacket::FragFirst(packet)) => {
                self.header::<FragFirst>(bytes);
                // The datagram is cut short: its headers only.
                self.header::<Iphc>(packet.payload());
            }
            Ok(LowpanPacket::FragNext(_)) => self.header::<FragNext>(bytes),
            Ok(LowpanPacket::Mesh(packet)) => {
                self.header::<LowpanMesh>(bytes);
                self.lowpan(packet.payload());
            }
            Ok(LowpanPacket::Broadcast(packet)) => {
                self.header::<LowpanBroadcast>(bytes);
                self.lowpan(packet.payload());
            }
            _ => {}
        }
    }

    fn nhc(&mut self, bytes: &[u8]) {
        match Nhc::look(bytes) {
            Ok(NhcPacket::Udp(_)) => self.header::<NhcUdp>(bytes),
            Ok(NhcPacket::Ext(_)) => self.header::<NhcExt>(bytes),
            _ => {}
        }
    }

    fn transport(&mut self, protocol: IpProtocol, bytes: &[u8]) {
        let mut scratch = vec![0; bytes.len() * 2 + 128];
        match protocol {
            IpProtocol::Udp => self.udp(bytes),
            IpProtocol::Esp => self.header::<Esp>(bytes),
            IpProtocol::Igmp => {
                self.header::<IgmpHeader>(bytes);
                self.count("Igmp", laws::message::<Igmp>(bytes, &mut scratch), bytes);
            }
            IpProtocol::Tcp => {
                self.header::<Tcp>(bytes);
                let Ok(packet) = TcpPacket::new_checked(bytes) else {
                    return;
                };
                let Some(raw) = packet.options().as_bytes() else {
                    return;
                };
                let mut small = [0; 256];
                self.count(
                    "TcpOptionSet",
                    laws::set::<TcpOptionSet>(raw, &mut small),
                    raw,
                );
                self.count(
                    "TcpOption",
                    laws::options::<TcpOption>(raw, &mut scratch),
                    raw,
                );
            }
            IpProtocol::Icmp => {
                self.header::<Icmpv4Header>(bytes);
                self.count(
                    "Icmpv4",
                    laws::message::<Icmpv4>(bytes, &mut scratch),
                    bytes,
                );
            }
            IpProtocol::Icmpv6 => {
                self.header::<Icmpv6Header>(bytes);
                self.count(
                    "Icmpv6",
                    laws::message::<Icmpv6>(bytes, &mut scratch),
                    bytes,
                );
                if let (Some(135 | 136), Some((_, raw))) =
                    (bytes.first(), bytes.split_at_checked(24))
                {
                    let mut small = vec![0; raw.len() * 2 + 64];
                    self.count(
                        "NdiscOptionSet",
                        laws::set::<NdiscOptionSet>(raw, &mut small),
                        raw,
                    );
                    self.count(
                        "NdiscOption",
                        laws::options::<NdiscOption>(raw, &mut scratch),
                        raw,
                    );
                }
            }
            _ => {}
        }
    }
}

fn captures(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(captures(&path));
        } else if path
            .extension()
            .is_some_and(|e| e == "pcap" || e == "pcapng")
        {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn captured_layers_obey_the_laws_and_print() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/pcaps");
    let files = captures(&folder);
    if files.is_empty() {
        println!("skipped: there are no captures in {}", folder.display());
        return;
    }
    let (mut tally, mut printed) = (Tally::default(), 0_usize);
    for path in files {
        let file = std::fs::read(&path).expect("the capture can be read");
        let Ok(reader) = PcapReader::new(&file) else {
            continue;
        };
        for record in reader.map_while(Result::ok) {
            let start = match record.link_type {
                LinkType::ETHERNET => {
                    tally.ethernet(record.octets);
                    print::ETHERNET
                }
                LinkType::RAW => {
                    match record.octets.first().map(|octet| octet >> 4) {
                        Some(4) => tally.ipv4(record.octets),
                        _ => tally.ipv6(record.octets),
                    }
                    print::IP
                }
                LinkType::LINUX_SLL => {
                    tally.header::<LinuxSll>(record.octets);
                    print::LINUX_SLL
                }
                LinkType::NULL => print::LOOPBACK,
                LinkType::IEEE802_15_4_NOFCS => {
                    tally.wpan(record.octets);
                    print::IEEE802154
                }
                LinkType::IEEE802_15_4_WITHFCS => {
                    if let Some((frame, _)) = record.octets.split_last_chunk::<2>() {
                        tally.wpan(frame);
                    }
                    print::IEEE802154_FCS
                }
                _ => continue,
            };
            let line = Line::new(start, record.octets).to_string();
            assert!(!line.contains('\n'), "{line}");
            printed += line.len() + Tree::new(start, record.octets).to_string().len();
        }
    }
    println!("{printed} characters printed");
    for (name, (accepted, refused)) in &tally.0 {
        println!("{name}: {accepted} accepted, {refused} refused");
    }
    for name in [
        "Ethernet",
        "ArpEthIpv4",
        "Ipv4",
        "Ipv6",
        "Tcp",
        "Udp",
        "Icmpv4",
        "Icmpv6",
        "Igmp",
        "Vlan",
        "Ieee8023",
        "Snap",
        "Ipv6HopByHop",
        "Ipv6Option",
        "Ipv6RoutingSegments",
        "Ah",
        "Esp",
        "Dhcpv4",
        "DhcpOption",
        "Ntp",
        "LinuxSll",
        "Ieee802154",
        "Beacon",
        "Iphc",
        "FragFirst",
        "FragNext",
        "LowpanMesh",
        "LowpanBroadcast",
        "NhcUdp",
        "Dns",
        "DnsData",
        "EdnsOption",
        "Dhcpv6",
        "Dhcpv6Relay",
        "Dhcpv6Option",
    ] {
        assert!(
            tally.0.get(name).is_some_and(|(accepted, _)| *accepted > 0),
            "{name}"
        );
    }
}
