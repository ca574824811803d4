//! Captures of ns-3's 6LoWPAN that others made, put together to whole datagrams and compared with
//! what tshark makes of them. Skipped, with a word, where there are no captures.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use litz::iface::HardwareAddr;
use litz::phy::pcap::PcapReader;
use litz::wire::{
    Ieee802154Frame, IpProtocol, Ipv6Packet, LowpanPacket, MacAddress, MeshAddress, PanId,
    UdpPacket,
};
use litz_tests::prerequisite;

use super::network::PREFIX;
use super::ns3::received;

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

/// Networks and stations that the frames of a capture are for.
fn stations(pcap: &[u8]) -> BTreeSet<(u16, String, [u8; 8])> {
    let mut all = BTreeSet::new();
    for record in PcapReader::new(pcap).expect("a capture") {
        let record = record.expect("a whole record");
        let (octets, _fcs) = record.octets.split_last_chunk::<2>().expect("a frame");
        let Ok(frame) = Ieee802154Frame::new_checked(octets) else {
            continue;
        };
        let mut dst = match frame.dst_addr() {
            MacAddress::Short(addr) => Some(HardwareAddr::Short(addr)),
            MacAddress::Extended(addr) => Some(HardwareAddr::Eui64(addr)),
            MacAddress::Absent => None,
        };
        if let Ok(LowpanPacket::Mesh(mesh)) = LowpanPacket::new_checked(frame.payload()) {
            dst = Some(match mesh.final_destination() {
                MeshAddress::Short(addr) => HardwareAddr::Short(addr),
                MeshAddress::Extended(addr) => HardwareAddr::Eui64(addr),
            });
        }
        if let (Some(dst), Some(PanId(pan))) =
            (dst.filter(HardwareAddr::is_unicast), frame.dst_pan())
        {
            all.insert((pan, format!("{dst:?}"), dst.interface_id()));
        }
    }
    all
}

/// Source, destination, length and payload of UDP of each packet, as tshark prints them.
fn ours(packet: &[u8]) -> String {
    let ip = Ipv6Packet::new_checked(packet).expect("a packet");
    let udp = (ip.next_header() == IpProtocol::Udp).then(|| {
        let udp = UdpPacket::new_checked(ip.payload()).expect("a datagram");
        let octets = udp.payload().iter();
        octets
            .map(|octet| format!("{octet:02x}"))
            .collect::<String>()
    });
    let (src, dst) = (ip.src_addr(), ip.dst_addr());
    let len = ip.payload().len();
    format!("{src}\t{dst}\t{len}\t{}", udp.unwrap_or_default())
}

#[test]
fn datagrams_of_ns3_are_whole_and_as_tshark_has_them() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let names = [
        "own-ns3__6lowpan-context0.pcap",
        "own-ns3__6lowpan-iphc-frag.pcap",
        "own-ns3__6lowpan-mesh.pcap",
    ];
    for path in names.iter().filter_map(|name| capture(name)) {
        let pcap = std::fs::read(&path).expect("the capture can be read");
        let mut found = BTreeSet::new();
        for (pan, _, iid) in stations(&pcap) {
            let short = litz::wire::ShortAddress::from_interface_id(iid);
            let station = match short {
                Some(addr) => HardwareAddr::Short(addr),
                None => HardwareAddr::Eui64(litz::wire::Eui64::from_interface_id(iid)),
            };
            let packets = received(&pcap, PanId(pan), station, true);
            found.extend(packets.iter().map(|packet| ours(packet)));
        }
        let context = format!("6lowpan.context0:{PREFIX}/64");
        let mut tshark = Command::new("tshark");
        tshark
            .args(["-o", &context, "-Y", "ipv6", "-T", "fields", "-r"])
            .arg(&path);
        for field in ["ipv6.src", "ipv6.dst", "ipv6.plen", "udp.payload"] {
            tshark.args(["-e", field]);
        }
        let output = tshark.output().expect("tshark runs");
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).expect("text");
        let theirs: BTreeSet<_> = text.lines().map(str::to_owned).collect();
        let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| {
            a.difference(b).cloned().collect::<Vec<_>>().join("\n")
        };
        assert!(theirs.len() >= 20, "{}: {}", path.display(), theirs.len());
        assert_eq!(
            found,
            theirs,
            "{}: ours alone\n{}\ntshark's alone\n{}",
            path.display(),
            only(&found, &theirs),
            only(&theirs, &found)
        );
        println!("{}: {} datagrams", path.display(), found.len());
    }
}
