//! Options and their sets, IPv4 and TCP headers, against octets written by hand.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails"
)]

use litz_wire::{
    Array, Ecn, ErrorKind, IpProtocol, Ipv4, Ipv4Option, Ipv4Packet, Ipv4PacketMut, Ipv4Repr,
    NdiscOption, Options, PseudoV4, SackBlockRepr, SeqNumber, TcpFlags, TcpOption, TcpOptionSet,
    TcpOptionTimestamp, TcpPacket, TcpPacketMut, TcpRepr, rt,
};
use std::net::Ipv4Addr;

fn ipv4() -> Ipv4Repr<'static> {
    Ipv4Repr {
        dscp: 46,
        ecn: Ecn::Ect0,
        ident: 0xbeef,
        dont_frag: true,
        more_frags: false,
        frag_offset: 0,
        hop_limit: 64,
        next_header: IpProtocol::Tcp,
        src_addr: Ipv4Addr::new(192, 0, 2, 1),
        dst_addr: Ipv4Addr::new(192, 0, 2, 2),
        options: Options::EMPTY,
        payload_len: 4,
    }
}

#[test]
fn ipv4_with_and_without_options() {
    let mut buf = [0xee; 64];
    let repr = ipv4();
    assert_eq!(repr.emit(&mut buf).unwrap().len(), 44);
    assert_eq!(
        buf[..12],
        [0x45, 0xba, 0, 24, 0xbe, 0xef, 0x40, 0, 64, 6, 0, 0]
    );
    Ipv4PacketMut::new_checked(&mut buf)
        .unwrap()
        .fill_checksum();
    let packet = Ipv4Packet::new_checked(&buf).unwrap();
    assert!(packet.verify_checksum());
    assert_eq!(
        (packet.ihl(), packet.total_len(), packet.header_len()),
        (5, 24, 20)
    );
    assert_eq!(Ipv4Repr::parse(&packet), Ok(repr));

    let alert = [Ipv4Option::RouterAlert { value: 0 }, Ipv4Option::Nop];
    let repr = Ipv4Repr {
        options: Options::items(&alert),
        frag_offset: 65_528,
        ..ipv4()
    };
    assert_eq!(repr.header_len(), 28);
    repr.emit(&mut buf).unwrap();
    assert_eq!(buf[..2], [0x47, 0xba]);
    assert_eq!(buf[6..8], [0x5f, 0xff]);
    assert_eq!(buf[20..28], [148, 4, 0, 0, 1, 0, 0, 0]);
    let packet = Ipv4Packet::new_checked(&buf).unwrap();
    assert_eq!(Ipv4Repr::parse(&packet), Ok(repr));
    let bad = Ipv4Repr {
        frag_offset: 7,
        ..repr
    };
    assert_eq!(bad.emit(&mut buf).unwrap_err().at.field, "frag_offset");
    let long = [0; 44];
    let bad = Ipv4Repr {
        options: Options::raw(&long),
        ..repr
    };
    assert_eq!(
        bad.emit(&mut [0; 99]).unwrap_err().kind,
        ErrorKind::OutOfRange
    );
}

#[test]
fn ipv4_lengths_are_checked() {
    let mut buf = [0; 24];
    ipv4().emit(&mut buf).unwrap();
    let kind = |buf: &[u8]| {
        Ipv4Packet::new_checked(buf)
            .map(|_| ())
            .map_err(|e| (e.kind, e.at.field))
    };
    assert_eq!(kind(&buf[..23]), Err((ErrorKind::Truncated, "total_len")));
    buf[0] = 0x44;
    assert_eq!(kind(&buf), Err((ErrorKind::Malformed, "ihl")));
    buf[0] = 0x55;
    assert_eq!(kind(&buf), Err((ErrorKind::Malformed, "version")));
    buf[0] = 0x47;
    assert_eq!(kind(&buf), Err((ErrorKind::Malformed, "total_len")));
    buf[0] = 0x45;
    buf[3] = 19;
    assert_eq!(kind(&buf), Err((ErrorKind::Malformed, "total_len")));
}

#[test]
fn setters_patch_the_checksum() {
    let mut buf = [0; 24];
    ipv4().emit(&mut buf).unwrap();
    let mut packet = Ipv4PacketMut::new_checked(&mut buf).unwrap();
    packet.fill_checksum();
    packet.set_hop_limit(1);
    packet.set_src_addr(Ipv4Addr::new(203, 0, 113, 77));
    packet.set_frag_offset(800).unwrap();
    packet.set_more_frags(true);
    assert!(packet.set_frag_offset(801).is_err());
    let packet = Ipv4Packet::new_checked(&buf).unwrap();
    assert!(packet.verify_checksum());
    assert_eq!(
        (
            packet.frag_offset(),
            packet.more_frags(),
            packet.dont_frag()
        ),
        (800, true, true)
    );
}

#[test]
fn tcp_with_all_its_options() {
    let blocks = [SackBlockRepr {
        left: SeqNumber(1),
        right: SeqNumber(u32::MAX),
    }];
    let set = TcpOptionSet {
        mss: Some(1460),
        window_scale: Some(7),
        sack_permitted: true,
        sack: Some(Array::from_values(&blocks)),
        timestamp: Some(TcpOptionTimestamp {
            tsval: 0x0102_0304,
            tsecr: 5,
        }),
        duplicates: 0,
    };
    let mut scratch = [0xff; 40];
    let options = set.encode(&mut scratch).unwrap();
    assert_eq!(
        options.as_bytes().unwrap(),
        [
            2, 4, 5, 180, 3, 3, 7, 4, 2, 5, 10, 0, 0, 0, 1, 255, 255, 255, 255, 8, 10, 1, 2, 3, 4,
            0, 0, 0, 5, 0, 0, 0
        ]
    );
    let repr = TcpRepr {
        src_port: 80,
        dst_port: 49152,
        seq: SeqNumber(7),
        ack_number: SeqNumber(9),
        flags: TcpFlags {
            syn: true,
            ack: true,
            ns: true,
            ..TcpFlags::default()
        },
        window: 0xffff,
        urgent: 0,
        options,
        payload_len: 2,
    };
    let mut buf = [0xaa; 54];
    repr.emit(&mut buf).unwrap();
    assert_eq!(buf[12..14], [0xd1, 0x12]);
    let pseudo = PseudoV4 {
        src_addr: Ipv4Addr::LOCALHOST,
        dst_addr: Ipv4Addr::LOCALHOST,
    };
    TcpPacketMut::new_checked(&mut buf)
        .unwrap()
        .fill_checksum(&pseudo);
    let packet = TcpPacket::new_checked(&buf).unwrap();
    assert!(packet.verify_checksum(&pseudo));
    assert_eq!(TcpRepr::parse(&packet), Ok(repr));
    let again = TcpOptionSet::from_options(&packet.options()).unwrap();
    assert_eq!(again, set);
    assert_eq!(again.encoded_len(), 32);
    assert_eq!(packet.flags().to_string(), "ns|ack|syn");
}

#[test]
fn tcp_options_that_are_odd() {
    let set = |raw| TcpOptionSet::from_options(&Options::<TcpOption>::raw(raw)).unwrap();
    // The first of two counts.
    let twice = set(&[2, 4, 1, 0, 2, 4, 2, 0]);
    assert_eq!((twice.mss, twice.duplicates), (Some(256), 1));
    // Everything after the end mark is padding; a malformed option ends the list.
    assert_eq!(set(&[0, 2, 4, 1, 0]), TcpOptionSet::default());
    assert_eq!(set(&[3, 3, 2, 2, 0]).window_scale, Some(2));
    for bad in [
        &[2][..],
        &[2, 0],
        &[2, 1],
        &[2, 5, 0, 0, 0],
        &[2, 3, 0],
        &[5, 2],
        &[5, 9, 0, 0, 0, 0, 0, 0, 0],
    ] {
        let options = Options::<TcpOption>::raw(bad);
        let items: Vec<_> = options.iter().collect();
        assert_eq!(items.len(), 1, "{bad:?}");
        assert_eq!(items[0].unwrap_err().kind, ErrorKind::Malformed);
        let mut iter = options.iter();
        assert!(iter.next().is_some() && iter.next().is_none() && iter.next().is_none());
    }
    let unknown: Vec<_> = Options::<TcpOption>::raw(&[1, 254, 4, 7, 8])
        .iter()
        .flatten()
        .collect();
    assert_eq!(
        unknown,
        [
            TcpOption::Nop,
            TcpOption::Unknown {
                kind: 254,
                data: &[7, 8]
            }
        ]
    );
    assert_eq!(
        Options::items(&unknown),
        Options::raw(&[1, 254, 4, 7, 8, 0, 0])
    );
    let no_blocks = [TcpOption::Sack {
        blocks: Array::EMPTY,
    }];
    let repr = TcpRepr {
        src_port: 1,
        dst_port: 1,
        options: Options::items(&no_blocks),
        ..TcpRepr::default()
    };
    assert_eq!(repr.emit(&mut [0; 60]).unwrap_err().at.field, "Sack");
    assert_eq!(
        TcpRepr::default().emit(&mut [0; 60]).unwrap_err().kind,
        ErrorKind::Malformed
    );
}

#[test]
fn views_are_small() {
    println!("Ipv4Packet {} octets", size_of::<Ipv4Packet<'_>>());
    println!("TcpPacket {} octets", size_of::<TcpPacket<'_>>());
    assert!(size_of::<TcpPacket<'_>>() <= 7 * size_of::<usize>());
    assert_eq!(<Ipv4 as litz_wire::Header>::MAX_LEN, 60);
}

#[test]
fn all_of_a_kind_are_found_among_others() {
    let mut list = [0; 56];
    let at = &litz_wire::rt::Site {
        header: "",
        field: "",
    };
    let server = |last: u8| {
        let mut octets = [0; 16];
        octets[15] = last;
        std::net::Ipv6Addr::from(octets)
    };
    let (one, two) = ([server(1)], [server(2)]);
    let rdnss = |servers| NdiscOption::Rdnss {
        lifetime: rt::Secs32(9),
        servers: Array::from_values(servers),
    };
    let items = [rdnss(&one), NdiscOption::Mtu { mtu: 1280 }, rdnss(&two)];
    rt::Tail::put(&Options::items(&items), &mut list, at).unwrap();
    let options = Options::<NdiscOption<'_>>::raw(&list);
    let found: Vec<_> = NdiscOption::all_rdnss(&options).collect();
    assert_eq!(found, [items[0], items[2]]);
}
