//! What our nodes put on the air, read by tshark; and compressed packets as tshark decompresses
//! them.

use std::process::Command;

use litz::lowpan::{Contexts, LinkAddrs, compress};
use litz::phy::mac::ccm::CcmStar;
use litz::phy::mac::security::{Unsecured, seal};
use litz::phy::mac::{Capability, SoftAes};
use litz::phy::pcap::{LinkType, PcapWriter, Resolution};
use litz::phy::prng::{Chance, Prng};
use litz::phy::radio::{AesKey, MAX_FRAME};
use litz::time::{Duration, Instant};
use litz::wire::{
    Ecn, Eui64, FrameType, FrameVersion, HeaderIes, Ieee802154Frame, Ieee802154Repr, IpProtocol,
    Ipv6Repr, KeyId, MacAddress, PayloadIes, SecurityHeaderRepr, SecurityLevel, ShortAddress,
    UdpRepr,
};
use litz_tests::air::Heard;
use litz_tests::air::net::{BARE, KEY, Net, PAN, config, extended, short};
use litz_tests::prerequisite;
use litz_tests::scratch::Scratch;
use std::net::Ipv6Addr;

use super::network::{Hosts, PREFIX, echo, secured, unsecured};

/// What tshark prints of these frames.
pub fn tshark<'f>(frames: impl Iterator<Item = &'f [u8]>, arguments: &[&str]) -> String {
    let scratch = Scratch::new();
    let path = scratch.path().join("air.pcap");
    let file = std::fs::File::create(&path).expect("a file");
    let link_type = LinkType::IEEE802_15_4_NOFCS;
    let mut writer = PcapWriter::new(file, link_type, Resolution::Micros).expect("a file");
    for (frame, at) in frames.zip(0..) {
        writer
            .write(Instant::from_millis(at), frame)
            .expect("a record");
    }
    writer.flush().expect("a file");
    let context = format!("6lowpan.context0:{PREFIX}/64");
    let output = Command::new("tshark")
        .args(["-o", &context, "-r"])
        .arg(&path)
        .args(arguments)
        .output()
        .expect("tshark runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

pub fn log(log: &[Heard]) -> impl Iterator<Item = &[u8]> {
    log.iter().map(|heard| heard.octets.as_slice())
}

#[test]
fn every_frame_that_we_send_is_sound_to_tshark() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let mut hosts = Hosts::new(1, Chance::percent(5), 2, unsecured);
    assert!(echo(&mut hosts, 5, 32) > 0 && echo(&mut hosts, 5, 1200) > 0);
    let heard = hosts.air.log();
    let bad = tshark(
        log(&heard),
        &["-Y", "_ws.malformed or _ws.expert.severity >= 6291456"],
    );
    assert_eq!(bad, "");
    let fields = [
        "-T",
        "fields",
        "-e",
        "wpan.src64",
        "-e",
        "ipv6.src",
        "-e",
        "udp.length",
    ];
    let said = tshark(log(&heard), &[&["-Y", "udp"], &fields[..]].concat());
    let line = |src: &str, addr: &str, len| format!("02:00:00:00:00:00:00:{src}\t{addr}\t{len}");
    for len in [40, 1208] {
        for (src, addr) in [("01", "2001:db8::1"), ("02", "2001:db8::2")] {
            let line = line(src, addr, len);
            assert!(
                said.lines().filter(|said| *said == line).count() >= 1,
                "{line} in\n{said}"
            );
        }
    }
}

#[test]
fn secured_frames_are_decrypted_by_tshark_with_the_key() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let mut hosts = Hosts::new(1, Chance::NEVER, 2, secured);
    assert_eq!(echo(&mut hosts, 3, 32), 3);
    let heard = hosts.air.log();
    let key: String = KEY.iter().map(|octet| format!("{octet:02x}")).collect();
    let key = format!("uat:ieee802154_keys:\"{key}\",\"1\",\"No hash\"");
    let fields = [
        "-Y",
        "udp",
        "-T",
        "fields",
        "-e",
        "udp.length",
        "-e",
        "udp.checksum.status",
    ];
    let said = tshark(
        log(&heard),
        &[&["-o", &key, "-o", "udp.check_checksum:TRUE"], &fields[..]].concat(),
    );
    assert_eq!(said.lines().count(), 6, "{said}");
    assert!(said.lines().all(|line| line == "40\t1"), "{said}");
    let without = tshark(log(&heard), &["-Y", "udp"]);
    assert_eq!(without, "");
}

/// A frame with a packet, compressed as far as it goes, and the packet.
fn sample(prng: &mut Prng) -> (Vec<u8>, Vec<u8>) {
    let src = Eui64((prng.next_u64() & !(1 << 56)).to_be_bytes());
    let dst = ShortAddress(prng.below(0xfff0) as u16);
    let local = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0);
    let with = |prefix: Ipv6Addr, iid: [u8; 8]| {
        Ipv6Addr::from_bits(prefix.to_bits() | u128::from(u64::from_be_bytes(iid)))
    };
    let mut any = |own: [u8; 8]| {
        let prefix = [
            local,
            PREFIX,
            Ipv6Addr::new(0x2001, 0xdb8, 1, 2, 0, 0, 0, 0),
        ][prng.index(3)];
        let iid = [
            own,
            ShortAddress(prng.below(0xfff0) as u16).interface_id(),
            (prng.next_u64() | 1).to_be_bytes(),
        ][prng.index(3)];
        with(prefix, iid)
    };
    let (src_addr, mut dst_addr) = (any(src.interface_id()), any(dst.interface_id()));
    if prng.index(4) == 0 {
        let number = prng.below(1 << 32) as u32 >> (8 * prng.index(4));
        let scope = [0xff02, 0xff05, 0xff0e][prng.index(3)];
        dst_addr = Ipv6Addr::new(scope, 0, 0, 0, 0, 0, (number >> 16) as u16, number as u16);
    }
    let port = [
        0xf0b0 + prng.below(16),
        0xf000 + prng.below(256),
        prng.below(0xf000) + 1,
    ];
    let udp = UdpRepr {
        src_port: port[prng.index(3)] as u16,
        dst_port: port[prng.index(3)] as u16,
        payload_len: 6,
    };
    let zero = |prng: &mut Prng, other: u32| if prng.index(2) == 0 { 0 } else { other };
    let options = prng.index(3) == 0;
    let ip = Ipv6Repr {
        dscp: zero(prng, 46) as u8,
        ecn: Ecn(zero(prng, 1) as u8),
        flow_label: zero(prng, 0x12345),
        next_header: if options {
            IpProtocol::Ipv6Opts
        } else {
            IpProtocol::Udp
        },
        hop_limit: [1, 64, 255, 17][prng.index(4)],
        src_addr,
        dst_addr,
        payload_len: udp.buffer_len() + if options { 8 } else { 0 },
    };
    let mut packet = vec![0; ip.buffer_len()];
    let mut body = ip.emit(&mut packet).expect("room");
    if options {
        body[..8].copy_from_slice(&[17, 0, 0x1e, 1, 9, 1, 1, 0]);
        body = &mut body[8..];
    }
    udp.emit(body).expect("room").copy_from_slice(b"sample");
    // Any checksum but none.
    body[6..8].copy_from_slice(&[0x12, 0x34]);
    (frame(src, dst, &packet), packet)
}

/// A frame with a compressed packet.
fn frame(src: Eui64, dst: ShortAddress, packet: &[u8]) -> Vec<u8> {
    let link = LinkAddrs {
        src: src.into(),
        dst: dst.into(),
    };
    let header = Ieee802154Repr {
        frame_type: FrameType::Data,
        version: FrameVersion::V2006,
        pan_id_compression: true,
        seq: Some(1),
        dst_pan: Some(PAN),
        dst_addr: MacAddress::Short(dst),
        src_addr: MacAddress::Extended(src),
        ..Ieee802154Repr::default()
    };
    let mut contexts = Contexts::new();
    contexts.set(0, Some(litz::lowpan::Context::new(PREFIX, 64)));
    let mut frame = vec![0; 300];
    header.emit(&mut frame).expect("room");
    let start = header.header_len();
    let done = compress(packet, &link, &contexts, &mut frame[start..]).expect("a packet");
    frame.truncate(start + done.written);
    frame.extend(&packet[done.consumed..]);
    frame
}

/// The octets of each frame's decompressed packet, as tshark dumps them.
fn dumped(text: &str) -> Vec<Vec<u8>> {
    let mut packets = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("Decompressed 6LoWPAN IPHC") {
            packets.push(Vec::new());
            inside = true;
        } else if line.is_empty() || line.ends_with("):") || line.ends_with("bytes):") {
            inside = inside && line.is_empty() && packets.last().is_some_and(Vec::is_empty);
        } else if let (true, Some(packet)) = (inside, packets.last_mut()) {
            let octets = line.get(6..53).unwrap_or_default();
            let octets = octets.split_whitespace();
            packet.extend(octets.map(|o| u8::from_str_radix(o, 16).expect("hexadecimal")));
        }
    }
    packets
}

#[test]
fn tshark_decompresses_to_the_same_packets() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let mut prng = Prng::new(0x6282);
    let samples: Vec<_> = (0..500).map(|_| sample(&mut prng)).collect();
    let frames = samples.iter().map(|(frame, _)| frame.as_slice());
    let text = tshark(frames, &["-x"]);
    let packets = dumped(&text);
    assert_eq!(packets.len(), samples.len());
    for ((frame, packet), theirs) in samples.iter().zip(&packets) {
        assert_eq!(packet, theirs, "of {frame:02x?}");
    }
}

#[test]
fn commands_of_joining_and_leaving_are_sound_to_tshark() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let mut net = Net::empty(1, Chance::NEVER);
    let mut coordinator = config(0);
    coordinator.association_permit = true;
    coordinator.radio.pan_coordinator = true;
    net.add(coordinator, BARE, Unsecured);
    let mut joining = config(1);
    joining.radio.short_addr = ShortAddress::UNASSIGNED;
    net.add(joining, BARE, Unsecured);
    let capability = Capability {
        full_function: false,
        mains_powered: true,
        rx_on_when_idle: true,
        allocate_address: true,
    };
    let place = (config(0).radio.channel, PAN);
    let parent = MacAddress::Short(short(0));
    let asked = net.macs[1].associate(net.now, place, parent, capability);
    asked.expect("a radio");
    net.run(Duration::from_millis(100));
    net.macs[0].answer_association(net.now, extended(1), Ok(ShortAddress(0x123)));
    net.run(Duration::from_millis(1_000));
    net.macs[1].disassociate(net.now, parent);
    net.run(Duration::from_millis(100));
    let heard = net.air.log();
    let bad = "_ws.malformed or _ws.expert.severity >= 6291456";
    assert_eq!(tshark(log(&heard), &["-Y", bad]), "");
    let said = tshark(
        log(&heard),
        &[
            "-Y",
            "wpan.frame_type == 3",
            "-T",
            "fields",
            "-e",
            "wpan.cmd",
        ],
    );
    let commands: Vec<_> = said.lines().collect();
    assert_eq!(commands, ["0x01", "0x04", "0x02", "0x03"]);
}

#[test]
fn information_elements_that_are_encrypted_are_read_by_tshark_with_the_key() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    // A time correction in the header, one element of a vendor in the payload.
    let header_ies = HeaderIes::from_octets(&[0x02, 0x0f, 0x34, 0x12, 0x00, 0x3f]).expect("a list");
    let payload_ies = [0x05, 0x90, 0x11, 0x22, 0x33, b'i', b'e', 0x00, 0xf8];
    let repr = Ieee802154Repr {
        frame_type: FrameType::Data,
        version: FrameVersion::V2015,
        seq: Some(7),
        dst_pan: Some(PAN),
        dst_addr: MacAddress::Short(short(0)),
        src_addr: MacAddress::Extended(extended(1)),
        pan_id_compression: true,
        header_ies: Some(header_ies),
        payload_ies: PayloadIes::from_octets(&payload_ies),
        payload_len: 5,
        ..Ieee802154Repr::default()
    };
    let mut plain = vec![0; repr.buffer_len()];
    repr.emit(&mut plain)
        .expect("room")
        .copy_from_slice(b"hello");
    let frame = Ieee802154Frame::new_checked(&plain).expect("a frame");
    let security = SecurityHeaderRepr {
        level: SecurityLevel::EncMic32,
        asn_in_nonce: false,
        frame_counter: Some(5),
        key_id: KeyId::Index { index: 1 },
    };
    let mut secured = [0; MAX_FRAME];
    let mut ccm = CcmStar(SoftAes::default());
    let len = seal(
        &mut ccm,
        &AesKey(KEY),
        extended(1),
        &frame,
        security,
        &mut secured,
    );
    let secured = &secured[..len.expect("room")];
    let key: String = KEY.iter().map(|octet| format!("{octet:02x}")).collect();
    let key = format!("uat:ieee802154_keys:\"{key}\",\"1\",\"No hash\"");
    let said = tshark([secured].into_iter(), &["-o", &key, "-V", "-x"]);
    let plain_payload = "05 90 11 22 33 69 65 00 f8 68 65 6c 6c 6f";
    let shown = said.contains(plain_payload) || said.contains("68 65 6c 6c 6f");
    assert!(shown && !said.contains("MIC check failed"), "{said}");
    let without = tshark([secured].into_iter(), &["-x"]);
    assert!(!without.contains("68 65 6c 6c 6f"), "{without}");
}
