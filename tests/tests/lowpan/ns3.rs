//! ns-3's 6LoWPAN as an independent sender: what it put on its air, put together and decompressed
//! here, is octet by octet what it says it sent. `tests/ns3/sixlowpan.cc` made the captures under
//! `tests/data/ns3`; where ns-3 is installed it makes them again.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use litz::iface::HardwareAddr;
use litz::lowpan::{Context, Contexts, Lowpan, LowpanConfig, LowpanStorage};
use litz::phy::pcap::PcapReader;
use litz::phy::{Capabilities, Device, Medium, RxMeta, RxToken, TxError, TxMeta, TxToken};
use litz::time::Instant;
use litz::wire::{
    Eui64, Icmpv6HeaderPacket, IpProtocol, Ipv6Packet, PanId, Pseudo, PseudoV6, ShortAddress,
};
use litz_tests::prerequisite;
use litz_tests::process::run;
use litz_tests::scratch::Scratch;

use super::network::PREFIX;

const KINDS: [&str; 3] = ["plain", "context", "mesh"];
/// The version of ns-3 that made the captures; others make other ones.
const VERSION: &str = "3.37";
const LIMIT: Duration = Duration::from_secs(300);

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A device that has received some frames, and sends none.
pub struct Replay(pub VecDeque<Vec<u8>>);

pub struct Frame(Vec<u8>);
pub struct NoRoom;

impl RxToken for Frame {
    fn meta(&self) -> RxMeta {
        // ns-3 leaves checksums out where only integrity codes allow it.
        RxMeta {
            authentic: true,
            ..RxMeta::default()
        }
    }

    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

impl TxToken for NoRoom {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        _len: usize,
        _meta: TxMeta,
        _f: F,
    ) -> Result<R, TxError> {
        Err(TxError::Full)
    }
}

impl Device for Replay {
    type RxToken<'a> = Frame;
    type TxToken<'a> = NoRoom;

    fn receive(&mut self, _now: Instant) -> Option<(Frame, NoRoom)> {
        Some((Frame(self.0.pop_front()?), NoRoom))
    }

    fn transmit(&mut self, _now: Instant) -> Option<NoRoom> {
        None
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Medium::Ieee802154, 127)
    }
}

/// The packets for one station among the frames of a capture of link type 195, in order.
pub fn received(pcap: &[u8], pan: PanId, station: HardwareAddr, context: bool) -> Vec<Vec<u8>> {
    let (short_addr, extended_addr) = match station {
        HardwareAddr::Short(addr) => (addr, Eui64([2, 0, 0, 0, 0, 0, 0, 0xfe])),
        HardwareAddr::Eui64(addr) => (ShortAddress::UNASSIGNED, addr),
        HardwareAddr::Ethernet(_) => unreachable!("no station of this air"),
    };
    let config = LowpanConfig {
        pan,
        short_addr,
        extended_addr,
        quota: 8,
        learn_contexts: false,
    };
    let mut device = Lowpan::new(
        Replay(VecDeque::new()),
        config,
        LowpanStorage::heap(1, 8),
        0,
    );
    if context {
        let contexts: &mut Contexts = device.contexts_mut();
        contexts.set(0, Some(Context::new(PREFIX, 64)));
    }
    let mut packets = Vec::new();
    let mut last: Option<Vec<u8>> = None;
    for record in PcapReader::new(pcap).expect("a capture") {
        let record = record.expect("a whole record");
        let (octets, _fcs) = record.octets.split_last_chunk::<2>().expect("a frame");
        // A frame that was sent again, because its acknowledgment was lost.
        if last.as_deref() == Some(octets) {
            continue;
        }
        last = Some(octets.to_vec());
        device.device_mut().0.push_back(octets.to_vec());
        while let Some(packet) = device.receive_packet(record.time, |_, packet| packet.to_vec()) {
            packets.push(packet);
        }
    }
    packets
}

/// Whether a packet is a neighbor solicitation or the answer to one, which ns-3 does not always
/// tell of, with a checksum that is right.
fn is_of_neighbors(packet: &[u8]) -> bool {
    let ip = Ipv6Packet::new_checked(packet).expect("a packet");
    let pseudo = Pseudo::V6(PseudoV6 {
        src_addr: ip.src_addr(),
        dst_addr: ip.dst_addr(),
    });
    Icmpv6HeaderPacket::new_checked(ip.payload()).is_ok_and(|header| {
        ip.next_header() == IpProtocol::Icmpv6
            && matches!(header.msg_type(), 135 | 136)
            && header.verify_checksum(&pseudo)
    })
}

/// A capture against the packets that ns-3 says its nodes sent and received.
fn compare(kind: &str, pcap: &[u8], log: &str) {
    let mut sent_by: [BTreeSet<Vec<u8>>; 3] = Default::default();
    let mut received_by: [BTreeSet<Vec<u8>>; 3] = Default::default();
    for line in log.lines() {
        let (which, line) = line.split_once(' ').expect("which, node and octets");
        let (node, octets) = line.split_once(' ').expect("node and octets");
        let octets = octets.as_bytes().chunks(2).map(|pair| {
            let pair = std::str::from_utf8(pair).expect("digits");
            u8::from_str_radix(pair, 16).expect("digits")
        });
        let by = match which {
            "sent" => &mut sent_by,
            _ => &mut received_by,
        };
        by[node.parse::<usize>().expect("a node")].insert(octets.collect());
    }
    let short = |node: usize| ShortAddress(node as u16 + 1);
    let node_of = |addr: std::net::Ipv6Addr| {
        let iid = (addr.to_bits() as u64).to_be_bytes();
        let short = ShortAddress::from_interface_id(iid)?;
        Some(usize::from(short.0) - 1)
    };
    let (mut unicast, mut octets) = (0, 0);
    for (node, received_by) in received_by.iter().enumerate() {
        let station = HardwareAddr::Short(short(node));
        let packets = received(pcap, PanId(0xbeef), station, kind == "context");
        let all: BTreeSet<_> = packets.iter().cloned().collect();
        for packet in &all {
            let known = sent_by.iter().any(|sent| sent.contains(packet));
            let sound = known || is_of_neighbors(packet);
            assert!(
                sound,
                "{kind}: node {node} got what nobody sent: {packet:02x?}"
            );
        }
        // What node 0 received is in its capture, whole, and what it sent if that arrived; some
        // frames never find the channel clear.
        let whole = |packet: &&Vec<u8>| node == 0 || sent_by[0].contains(*packet);
        for packet in received_by.iter().filter(whole) {
            let ip = Ipv6Packet::new_checked(packet).expect("a packet");
            if node_of(ip.dst_addr()) == Some(node) && !ip.dst_addr().is_multicast() {
                assert!(all.contains(packet), "{kind}: to {node}: {packet:02x?}");
                unicast += 1;
                octets += packet.len();
            }
        }
    }
    println!("{kind}: {unicast} packets of {octets} octets");
    assert!(unicast >= 30 && octets >= 10_000, "{unicast} of {octets}");
}

#[test]
fn ns3_captures_are_the_packets_that_it_says_it_sent() {
    for kind in KINDS {
        let path = |end| folder("data/ns3").join(format!("{kind}.{end}"));
        let pcap = std::fs::read(path("pcap")).expect("a capture");
        let sent = std::fs::read_to_string(path("txt")).expect("packets");
        compare(kind, &pcap, &sent);
    }
}

#[test]
fn ns3_makes_the_captures_again() {
    let header = Path::new("/usr/include/ns3/sixlowpan-module.h");
    let missing = (!header.exists()).then(|| "libns3-dev".to_owned());
    if !prerequisite::met(missing.as_slice()) || !prerequisite::programs(&["g++", "pkg-config"]) {
        return;
    }
    let mut version = Command::new("pkg-config");
    version.args(["--modversion", "ns3-sixlowpan"]);
    let version = run(&mut version, LIMIT).success().text();
    let scratch = Scratch::new();
    let program = scratch.file("sixlowpan");
    let mut flags = Command::new("pkg-config");
    flags.args(["--cflags", "--libs", "ns3-sixlowpan", "ns3-lr-wpan"]);
    flags.args(["ns3-internet-apps", "ns3-applications", "ns3-mobility"]);
    let flags = run(&mut flags, LIMIT).success().text();
    // Debian names a library for developers here that nothing needs.
    let flags = flags
        .split_whitespace()
        .filter(|flag| !flag.contains("gsl"));
    let mut compiler = Command::new("g++");
    compiler.arg("-std=c++17").arg(folder("ns3/sixlowpan.cc"));
    run(compiler.args(flags).arg("-o").arg(&program), LIMIT).success();
    for kind in KINDS {
        let file = scratch.file(kind);
        run(Command::new(&program).arg(kind).arg(&file), LIMIT).success();
        for end in ["pcap", "txt"] {
            let made = std::fs::read(file.with_extension(end)).expect("a file");
            let kept = std::fs::read(folder("data/ns3").join(format!("{kind}.{end}")));
            if std::env::var_os("LITZ_UPDATE").is_some() {
                let to = folder("data/ns3").join(format!("{kind}.{end}"));
                std::fs::create_dir_all(folder("data/ns3")).expect("a folder");
                std::fs::write(to, made).expect("room");
            } else if version.trim() == VERSION {
                assert!(kept.is_ok_and(|kept| kept == made), "{kind}.{end} is stale");
            }
        }
        let pcap = std::fs::read(file.with_extension("pcap")).expect("a capture");
        let sent = std::fs::read_to_string(file.with_extension("txt")).expect("packets");
        compare(kind, &pcap, &sent);
    }
}
