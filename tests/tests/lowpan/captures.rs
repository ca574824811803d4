//! Captures of ns-3's 6LoWPAN, decompressed to the datagrams that were sent. Skipped, with a word,
//! where there are no captures.

use std::path::{Path, PathBuf};

use litz::lowpan::{Context, Contexts, LinkAddrs, decompress};
use litz::phy::pcap::PcapReader;
use litz::wire::{Ieee802154Frame, IpProtocol, Ipv6Packet, LowpanPacket, MacAddress};
use std::net::Ipv6Addr;

/// A file of the folder of captures, if there is one.
fn capture(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/pcaps/dot15d4");
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: there is no {}", path.display());
    None
}

#[test]
fn frames_of_ns3_are_decompressed() {
    let names = [
        "own-ns3__6lowpan-context0.pcap",
        "own-ns3__6lowpan-iphc-frag.pcap",
    ];
    for path in names.iter().filter_map(|name| capture(name)) {
        let file = std::fs::read(&path).expect("the capture can be read");
        let mut contexts = Contexts::new();
        let prefix = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0);
        contexts.set(0, Some(Context::new(prefix, 64)));
        let (mut packets, mut frames) = (0, 0);
        for record in PcapReader::new(&file).expect("a capture") {
            let record = record.expect("a whole record");
            frames += 1;
            let (octets, _) = record.octets.split_last_chunk::<2>().expect("a frame");
            let frame = Ieee802154Frame::new_checked(octets).expect("a frame");
            let station = |addr| match addr {
                MacAddress::Short(addr) => Some(addr.into()),
                MacAddress::Extended(addr) => Some(addr.into()),
                MacAddress::Absent => None,
            };
            let (Some(src), Some(dst)) = (station(frame.src_addr()), station(frame.dst_addr()))
            else {
                continue;
            };
            let link = LinkAddrs { src, dst };
            let payload = frame.payload();
            let (payload, total) = match LowpanPacket::new_checked(payload).expect("a dispatch") {
                LowpanPacket::FragFirst(first) => {
                    (first.payload(), Some(usize::from(first.datagram_size())))
                }
                LowpanPacket::FragNext(_) => continue,
                _ => (payload, None),
            };
            let mut out = [0; 2048];
            let done = decompress(payload, &link, &contexts, total, &mut out)
                .unwrap_or_else(|error| panic!("{error}: {payload:02x?}"));
            let ip = Ipv6Packet::new_checked(&out[..done.total]).expect("a packet");
            assert!(matches!(
                ip.next_header(),
                IpProtocol::Udp | IpProtocol::Icmpv6
            ));
            packets += 1;
        }
        assert!(packets >= 20, "{packets} of {frames}");
    }
}
