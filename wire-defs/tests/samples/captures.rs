//! What captures are made of: files, blocks, sniffers' encapsulation, the header of virtio devices.

use crate::kit;
use litz_wire::*;

#[test]
fn a_classic_file_in_both_orders() {
    let little = kit::octets(
        "d4c3b2a1 0200 0400 00000000 00000000 00000400 c3000014
         05000000 06000000 02000000 3c000000 6869",
    );
    let big = kit::octets(
        "a1b2c3d4 0002 0004 00000000 00000000 00040000 140000c3
         00000005 00000006 00000002 0000003c 6869",
    );
    let file = kit::composed::<PcapFile>(&little, 24);
    let expected = PcapFileRepr {
        fraction: PcapFraction::Micros,
        minor: 4,
        snap_len: 262_144,
        link_type: 195,
        fcs_len_present: true,
        fcs_len: 1,
        payload_len: 18,
    };
    assert_eq!(file, expected);
    let file = kit::composed::<PcapFileBe>(&big, 24);
    assert_eq!((file.fraction, file.link_type), (PcapFraction::Micros, 195));
    assert_eq!((file.fcs_len_present, file.fcs_len), (true, 1));
    let record = kit::composed::<PcapPacketRecord>(&little[24..], 18);
    let expected = PcapPacketRecordRepr {
        seconds: 5,
        fraction: 6,
        original_len: 60,
        payload_len: 2,
    };
    assert_eq!(record, expected);
    let record = PcapPacketRecordBePacket::new_checked(&big[24..]).unwrap();
    assert_eq!((record.original_len(), record.packet()), (60, &b"hi"[..]));
    // The other order is no magic number.
    let error = PcapFilePacket::new_checked(&big).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Malformed);
}

#[test]
fn blocks_of_pcapng() {
    let section = kit::octets(
        "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000
         01000000",
    );
    let block = PcapngBlockPacket::new_checked(&section).unwrap();
    assert_eq!(block.block_type(), PcapngBlockType::Section);
    assert!(block.is_consistent());
    let body = kit::composed::<PcapngSection>(block.body(), 16);
    assert_eq!((body.minor, body.section_len), (0, u64::MAX));
    for short in 0..28 {
        let error = PcapngBlockPacket::new_checked(&section[..short]).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Truncated);
    }
    let mut wrong = section;
    wrong[24] = 0x20;
    let block = PcapngBlockPacket::new_checked(&wrong).unwrap();
    assert!(!block.is_consistent());
    // Lengths are written back: header, body, length once more.
    let repr = PcapngBlockRepr::parse(&block).unwrap();
    assert_eq!((repr.payload_len, repr.trailer_len()), (16, 4));
    let mut emitted = [0; 8];
    assert!(repr.emit(&mut emitted).is_ok());
    assert_eq!(emitted, wrong[..8]);
    let interface = kit::octets("e600 0000 00000400 0900 0100 09 000000");
    let repr = kit::composed::<PcapngInterface>(&interface, 8);
    assert_eq!((repr.link_type, repr.snap_len), (230, 262_144));
    let packet =
        kit::octets("01000000 01000000 02000000 05000000 06000000 6669727374 000000 00000000");
    let repr = kit::composed::<PcapngEnhancedPacket>(&packet, 25);
    assert_eq!((repr.interface, repr.original_len), (1, 6));
    let view = PcapngEnhancedPacketPacket::new_checked(&packet).unwrap();
    assert_eq!(
        (view.packet_data(), view.options()),
        (&b"first"[..], &[0; 4][..])
    );
    assert_eq!(view.time(1_000_000), Some((4294, 967_298)));
    assert_eq!(view.time(0), None);
    let simple = kit::octets("06000000 7468697200");
    assert_eq!(
        kit::composed::<PcapngSimplePacket>(&simple, 4).original_len,
        6
    );
}

/// Data of a sniffer around an acknowledgment with its check sequence.
const ZEP: &str = "4558 02 01 0b 0002 01 ff e9dd9b5180000000 00000007 00000000000000000000 05
    0200 07 1234";

#[test]
fn frames_from_sniffers() {
    let bytes = kit::octets(ZEP);
    let repr = kit::composed::<ZepV2>(&bytes, bytes.len());
    let expected = ZepV2Repr {
        channel: 11,
        device: 2,
        fcs_kept: ZepEnd::Crc,
        lqi: 255,
        timestamp: NtpTimestamp(0xe9dd_9b51_8000_0000),
        sequence: 7,
        payload_len: 5,
    };
    assert_eq!(repr, expected);
    let old = kit::octets("4558 01 0b 0002 00 ff 00000000000000 05 0200 07 1234");
    let repr = kit::composed::<ZepV1>(&old, old.len());
    assert_eq!((repr.channel, repr.fcs_kept), (11, ZepEnd::Lqi));
    let ack = kit::octets("4558 02 02 00000007");
    assert_eq!(kit::composed::<ZepAck>(&ack, 8).sequence, 7);
    let error = ZepV2Packet::new_checked(&[0; 40]).unwrap_err();
    assert_eq!(
        (error.kind, error.at.field),
        (ErrorKind::Malformed, "preamble")
    );
}

#[test]
fn headers_of_virtio_devices() {
    let bytes = kit::octets("01 84 3600 a005 2200 1000 0100 aa");
    let repr = kit::composed::<VirtioNetMrg>(&bytes, 12);
    let expected = VirtioNetMrgRepr {
        needs_checksum: true,
        checksum_valid: false,
        rsc_info: false,
        gso_type: VirtioGso::Tcpv6,
        ecn: true,
        hdr_len: 54,
        gso_size: 1440,
        csum_start: 34,
        csum_offset: 16,
        num_buffers: 1,
        payload_len: 1,
    };
    assert_eq!(repr, expected);
    let repr = kit::composed::<VirtioNet>(&bytes, 10);
    assert_eq!((repr.gso_type, repr.payload_len), (VirtioGso::Tcpv6, 3));
}
