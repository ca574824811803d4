//! IEEE 802.15.4: every addressing mode in every version, security, information elements.

use crate::kit;
use litz_wire::rt::Codec;
use litz_wire::*;

const PAN: PanId = PanId(0xbeef);
const OTHER_PAN: PanId = PanId(0xcafe);
const SHORT: ShortAddress = ShortAddress(0x1234);
const OTHER_SHORT: ShortAddress = ShortAddress(0xabcd);
const LONG: Eui64 = Eui64([1, 2, 3, 4, 5, 6, 7, 8]);
const OTHER_LONG: Eui64 = Eui64([0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]);

/// A row of the tables of addressing: version, modes, compression; which PAN identifiers are there.
type Row = (u8, u8, u8, bool, bool, bool);

/// IEEE 802.15.4-2006 §7.2.1.1.5 for versions 0 and 1, IEEE 802.15.4-2020 Table 7-2 for version 2.
const ROWS: &[Row] = &[
    (0, 0, 0, false, false, false),
    (0, 0, 2, false, false, true),
    (0, 0, 3, false, false, true),
    (0, 2, 0, false, true, false),
    (0, 3, 0, false, true, false),
    (0, 2, 2, false, true, true),
    (0, 2, 2, true, true, false),
    (0, 2, 3, false, true, true),
    (0, 2, 3, true, true, false),
    (0, 3, 2, false, true, true),
    (0, 3, 2, true, true, false),
    (0, 3, 3, false, true, true),
    (0, 3, 3, true, true, false),
    (1, 0, 0, false, false, false),
    (1, 0, 2, false, false, true),
    (1, 0, 3, false, false, true),
    (1, 2, 0, false, true, false),
    (1, 3, 0, false, true, false),
    (1, 2, 2, false, true, true),
    (1, 2, 2, true, true, false),
    (1, 3, 3, false, true, true),
    (1, 3, 3, true, true, false),
    (2, 0, 0, false, false, false),
    (2, 0, 0, true, true, false),
    (2, 2, 0, false, true, false),
    (2, 3, 0, false, true, false),
    (2, 2, 0, true, false, false),
    (2, 3, 0, true, false, false),
    (2, 0, 2, false, false, true),
    (2, 0, 3, false, false, true),
    (2, 0, 2, true, false, false),
    (2, 0, 3, true, false, false),
    (2, 3, 3, false, true, false),
    (2, 3, 3, true, false, false),
    (2, 2, 2, false, true, true),
    (2, 2, 3, false, true, true),
    (2, 3, 2, false, true, true),
    (2, 2, 2, true, true, false),
    (2, 2, 3, true, true, false),
    (2, 3, 2, true, true, false),
];

/// The octets that a row stands for, made without the declarations.
fn row_octets(row: Row, seq: bool) -> Vec<u8> {
    let (version, dst, src, compression, dst_pan, src_pan) = row;
    let mut control = 1 | u16::from(compression) << 6;
    control |= u16::from(version) << 12 | u16::from(dst) << 10 | u16::from(src) << 14;
    control |= u16::from(!seq) << 8;
    let mut bytes = control.to_le_bytes().to_vec();
    let mut address = |pan: Option<PanId>, mode, short: ShortAddress, long: Eui64| {
        bytes.extend(pan.iter().flat_map(|pan| pan.0.to_le_bytes()));
        match mode {
            2 => bytes.extend(short.0.to_le_bytes()),
            3 => bytes.extend(long.0.iter().rev()),
            _ => {}
        }
    };
    address(dst_pan.then_some(PAN), dst, SHORT, LONG);
    address(src_pan.then_some(OTHER_PAN), src, OTHER_SHORT, OTHER_LONG);
    if seq {
        bytes.insert(2, 0x2a);
    }
    bytes
}

fn address(mode: u8, short: ShortAddress, long: Eui64) -> MacAddress {
    match mode {
        2 => MacAddress::Short(short),
        3 => MacAddress::Extended(long),
        _ => MacAddress::Absent,
    }
}

#[test]
fn every_row_of_addressing_with_and_without_a_sequence_number() {
    for row in ROWS {
        for seq in [true, false] {
            let (version, dst, src, compression, dst_pan, src_pan) = *row;
            // Older versions have no suppression (IEEE 802.15.4-2020 §7.2.2.7).
            if !seq && version < 2 {
                continue;
            }
            let bytes = row_octets(*row, seq);
            let least = bytes.len();
            let repr = kit::composed::<Ieee802154>(&bytes, least);
            let expected = Ieee802154Repr {
                frame_type: FrameType::Data,
                version: FrameVersion(version),
                pan_id_compression: compression,
                seq: seq.then_some(0x2a),
                dst_pan: dst_pan.then_some(PAN),
                dst_addr: address(dst, SHORT, LONG),
                src_pan: src_pan.then_some(OTHER_PAN),
                src_addr: address(src, OTHER_SHORT, OTHER_LONG),
                ..Ieee802154Repr::default()
            };
            assert_eq!(repr, expected, "{row:?}");
        }
    }
}

#[test]
fn a_reserved_addressing_mode_is_refused_by_its_name() {
    for control in [[0x01, 0x04], [0x01, 0x40]] {
        let bytes = [control[0], control[1], 1, 2, 3, 4, 5, 6, 7, 8];
        let error = Ieee802154Frame::new_checked(&bytes).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed, "{error}");
        assert!(["dst_addr", "src_addr", "dst_mode", "src_mode"].contains(&error.at.field));
    }
}

#[test]
fn frames_of_other_formats_and_reserved_versions_are_refused() {
    // Multipurpose, fragment, extended; version 3.
    for control in [[0x05, 0], [0x06, 0], [0x07, 0], [0x01, 0x30]] {
        let error = Ieee802154Frame::new_checked(&[control[0], control[1], 0, 0]).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed);
    }
}

#[test]
fn what_older_versions_reserve_is_refused_and_not_misread() {
    // Suppression and information elements in versions 0 and 1, security as of 2003.
    for control in [0x0101_u16, 0x1101, 0x0201, 0x1201, 0x0009] {
        let [low, high] = control.to_le_bytes();
        let error =
            Ieee802154Frame::new_checked(&[low, high, 1, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed, "{control:04x}");
    }
}

#[test]
fn every_mode_of_keys_with_and_without_a_counter() {
    let rows: [(&str, KeyId); 4] = [
        ("", KeyId::Implicit),
        ("07", KeyId::Index { index: 7 }),
        (
            "01020304 07",
            KeyId::Source4 {
                source: [1, 2, 3, 4],
                index: 7,
            },
        ),
        (
            "0102030405060708 07",
            KeyId::Source8 {
                source: [1, 2, 3, 4, 5, 6, 7, 8],
                index: 7,
            },
        ),
    ];
    for (mode, (key, key_id)) in rows.iter().enumerate() {
        for level in 0..8_u8 {
            for counter in [Some(0x0403_0201), None] {
                let control = level | (mode as u8) << 3 | u8::from(counter.is_none()) << 5 | 0x40;
                let counter_octets = counter.map_or("", |_| "01020304");
                let bytes = kit::octets(&format!("{control:02x} {counter_octets} {key}"));
                let repr = kit::composed::<SecurityHeader>(&bytes, bytes.len());
                let expected = SecurityHeaderRepr {
                    level: SecurityLevel(level),
                    asn_in_nonce: true,
                    frame_counter: counter,
                    key_id: *key_id,
                };
                assert_eq!(repr, expected);
            }
        }
    }
}

#[test]
fn lengths_of_integrity_codes() {
    let lens: Vec<usize> = (0..8).map(|level| SecurityLevel(level).mic_len()).collect();
    assert_eq!(lens, [0, 4, 8, 16, 0, 4, 8, 16]);
    let encrypted = |level: &u8| SecurityLevel(*level).is_encrypted();
    assert_eq!((0..8).filter(encrypted).collect::<Vec<u8>>(), [4, 5, 6, 7]);
}

const DEVICE_1: Eui64 = Eui64([0xac, 0xde, 0x48, 0, 0, 0, 0, 1]);
const DEVICE_2: Eui64 = Eui64([0xac, 0xde, 0x48, 0, 0, 0, 0, 2]);

#[test]
fn the_beacon_of_annex_c() {
    // IEEE 802.15.4-2020 §C.2.2, secured: MIC-64, key index absent.
    let bytes = kit::octets(
        "08d0 84 2143 010000000048deac 02 05000000 55cf 0000 51525354 223bc1ec841ab553",
    );
    let repr = kit::composed::<Ieee802154>(&bytes, 26);
    let expected = Ieee802154Repr {
        frame_type: FrameType::Beacon,
        version: FrameVersion::V2006,
        seq: Some(0x84),
        src_pan: Some(PanId(0x4321)),
        src_addr: MacAddress::Extended(DEVICE_1),
        security: Some(SecurityHeaderRepr {
            level: SecurityLevel::Mic64,
            frame_counter: Some(5),
            ..SecurityHeaderRepr::default()
        }),
        payload_len: 8,
        ..Ieee802154Repr::default()
    };
    assert_eq!(repr, expected);
    assert_eq!(repr.trailer_len(), 8);
    let packet = Ieee802154Frame::new_checked(&bytes).unwrap();
    assert_eq!(
        packet.mic(),
        [0x22, 0x3b, 0xc1, 0xec, 0x84, 0x1a, 0xb5, 0x53]
    );
    let beacon = kit::composed::<Beacon>(packet.payload(), 4);
    assert_eq!((beacon.beacon_order, beacon.superframe_order), (5, 5));
    assert_eq!((beacon.final_cap_slot, beacon.pan_coordinator), (15, true));
    assert!(beacon.association_permit && !beacon.gts_permit);
    let inner = BeaconPacket::new_checked(packet.payload()).unwrap();
    assert_eq!(inner.payload(), [0x51, 0x52, 0x53, 0x54]);
}

#[test]
fn the_data_frame_of_annex_c() {
    // §C.2.3: ENC, no integrity code.
    let bytes = kit::octets("69dc 84 2143 020000000048deac 010000000048deac 04 05000000 d43e022b");
    let repr = kit::composed::<Ieee802154>(&bytes, 26);
    assert_eq!(repr.dst_pan, Some(PanId(0x4321)));
    assert_eq!(repr.dst_addr, MacAddress::Extended(DEVICE_2));
    assert_eq!(repr.src_addr, MacAddress::Extended(DEVICE_1));
    assert_eq!((repr.src_pan, repr.trailer_len()), (None, 0));
    assert!(repr.ack_request && repr.pan_id_compression && !repr.frame_pending);
    let packet = Ieee802154Frame::new_checked(&bytes).unwrap();
    assert_eq!(packet.payload(), [0xd4, 0x3e, 0x02, 0x2b]);
    // What is encrypted is not looked into.
    let line = print::Line::new(print::IEEE802154, &bytes).to_string();
    assert!(line.ends_with("| 4 octets"), "{line}");
}

#[test]
fn the_command_of_annex_c() {
    // §C.2.4: ENC-MIC-64; the command identifier is encrypted too (IEEE 802.15.4-2020 Table 9-1).
    let bytes = kit::octets(
        "2bdc 84 2143 020000000048deac ffff 010000000048deac 06 05000000 01 d8
         4fde529061f9c6f1",
    );
    let repr = kit::composed::<Ieee802154>(&bytes, 36);
    assert_eq!(repr.frame_type, FrameType::Command);
    assert_eq!(repr.src_pan, Some(PanId(0xffff)));
    assert_eq!((repr.payload_len, repr.trailer_len()), (2, 8));
}

#[test]
fn the_acknowledgment() {
    let bytes = kit::octets("0200 07");
    let repr = kit::composed::<Ieee802154>(&bytes, 3);
    let expected = Ieee802154Repr {
        frame_type: FrameType::Ack,
        seq: Some(7),
        ..Ieee802154Repr::default()
    };
    assert_eq!(repr, expected);
}

/// Header information elements of a frame: identifier and content.
fn header_ies<'a>(repr: &Ieee802154Repr<'a>) -> Vec<(HeaderIeId, &'a [u8])> {
    let list = repr.header_ies.unwrap();
    let all = list.elements().iter();
    all.map(|element| (element.id, element.content)).collect()
}

#[test]
fn header_elements_before_the_payload() {
    // CSL phase and period, termination 2, then data.
    let bytes = kit::octets("41aa 05 ffff 3412 cdab 040d 0a00 1400 803f aabb");
    let repr = kit::composed::<Ieee802154>(&bytes, 9);
    assert_eq!(repr.version, FrameVersion::V2015);
    assert_eq!(
        header_ies(&repr),
        [
            (HeaderIeId::CslIe, &[0x0a, 0, 0x14, 0][..]),
            (HeaderIeId::Termination2, &[]),
        ]
    );
    assert_eq!((repr.payload_ies, repr.payload_len), (None, 2));
}

#[test]
fn header_elements_without_a_termination_end_before_the_integrity_code() {
    // An enhanced acknowledgment: MIC-32, key 1, time correction; nothing follows the list.
    let bytes = kit::octets("0a2a 05 ffff 3412 09 01000000 01 020f 1200 d1d2d3d4");
    let repr = kit::composed::<Ieee802154>(&bytes, 17);
    assert_eq!(
        header_ies(&repr),
        [(HeaderIeId::TimeCorrection, &[0x12, 0][..])]
    );
    assert_eq!((repr.payload_len, repr.trailer_len()), (0, 4));
    let packet = Ieee802154Frame::new_checked(&bytes).unwrap();
    assert_eq!(packet.mic(), [0xd1, 0xd2, 0xd3, 0xd4]);
}

#[test]
fn payload_elements_follow_header_elements() {
    // Termination 1; an MLME element with a nested one, a vendor's element, termination; data.
    let bytes = kit::octets("41aa 05 ffff 3412 cdab 003f 0388 1a0155 0590 0102030405 00f8 c0ffee");
    let repr = kit::composed::<Ieee802154>(&bytes, 9);
    assert_eq!(header_ies(&repr), [(HeaderIeId::Termination1, &[][..])]);
    let list = repr.payload_ies.unwrap();
    let all: Vec<_> = list
        .elements()
        .iter()
        .map(|e| (e.group, e.content))
        .collect();
    assert_eq!(
        all,
        [
            (PayloadIeGroup::Mlme, &[0x1a, 1, 0x55][..]),
            (PayloadIeGroup::VendorSpecific, &[1, 2, 3, 4, 5]),
            (PayloadIeGroup::Termination, &[]),
        ]
    );
    let packet = Ieee802154Frame::new_checked(&bytes).unwrap();
    assert_eq!(packet.payload(), [0xc0, 0xff, 0xee]);
    // An element that is longer than the frame has a name.
    let error = Ieee802154Frame::new_checked(&bytes[..15]).unwrap_err();
    assert_eq!(
        (error.kind, error.at.header, error.at.field),
        (ErrorKind::Truncated, "PayloadIe", "content")
    );
}

#[test]
fn encrypted_payload_elements_stay_octets() {
    // ENC: what follows termination 1 is not readable.
    let bytes = kit::octets("49aa 05 ffff 3412 cdab 04 01000000 003f d1d2d3");
    let repr = kit::composed::<Ieee802154>(&bytes, 14);
    assert_eq!((repr.payload_ies, repr.payload_len), (None, 3));
}

#[test]
fn lists_of_elements_are_made_from_octets() {
    let octets = kit::octets("040d 0a001400 803f");
    let list = HeaderIes::from_octets(&octets).unwrap();
    assert_eq!(list.elements().len(), 2);
    assert!(!list.payload_ies_follow());
    assert_eq!((list.octets(), list.encoded_len()), (&octets[..], 8));
    // Octets after the end, an element cut short, no element.
    for wrong in ["803f 00", "040d 0a00", ""] {
        assert_eq!(HeaderIes::from_octets(&kit::octets(wrong)), None, "{wrong}");
    }
    assert!(PayloadIes::from_octets(&kit::octets("00f8")).is_some());
}

#[test]
fn beacons_with_slots_and_pending_addresses() {
    let bytes = kit::octets(
        "77cf 82 01 3412 53 cdab 18
         12 0100 0200 0102030405060708 aa",
    );
    let least = bytes.len() - 1;
    let repr = kit::composed::<Beacon>(&bytes, least);
    assert!(repr.gts_permit);
    assert_eq!(repr.gts_directions, Some(1));
    let slots: Vec<_> = repr.gts.iter().collect();
    assert_eq!(
        slots,
        [
            GtsDescriptorRepr {
                short_addr: SHORT,
                starting_slot: 3,
                slots: 5
            },
            GtsDescriptorRepr {
                short_addr: OTHER_SHORT,
                starting_slot: 8,
                slots: 1
            },
        ]
    );
    let short: Vec<_> = repr.short_pending.iter().map(|one| one.addr).collect();
    assert_eq!(short, [ShortAddress(1), ShortAddress(2)]);
    let long: Vec<_> = repr.extended_pending.iter().map(|one| one.addr).collect();
    assert_eq!(long, [Eui64([8, 7, 6, 5, 4, 3, 2, 1])]);
}

/// A command comes out as it went in, and is refused by name at every shorter length.
fn command(hex: &str) -> String {
    let bytes = kit::octets(hex);
    let header = MacCommandHeaderPacket::new_checked(&bytes).unwrap();
    let command = MacCommand::parse(&header).unwrap();
    let mut emitted = vec![0xa5; command.buffer_len()];
    command.emit(&mut emitted).unwrap();
    assert_eq!(emitted, bytes);
    for short in 0..bytes.len() {
        let cut = MacCommandHeaderPacket::new_checked(&bytes[..short])
            .and_then(|header| MacCommand::parse(&header).map(|_| ()));
        // A realignment may lack its last octet, an unknown command any.
        if matches!(command, MacCommand::CoordinatorRealignment { .. }) && short == 8 {
            assert!(cut.is_ok());
            continue;
        }
        let error = cut.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Truncated);
        assert!(error.at.header.starts_with("MacCommand"), "{error}");
    }
    command.to_string()
}

#[test]
fn every_command() {
    let rows = [
        (
            "01 8e",
            "AssociationRequest full_function=true mains_powered=true rx_on_when_idle=true \
             fast_association=false security=false allocate_address=true",
        ),
        (
            "02 3412 00",
            "AssociationResponse short_addr=0x1234 status=Successful",
        ),
        ("03 02", "DisassociationNotification reason=DeviceWishes"),
        ("04", "DataRequest"),
        ("05", "PanIdConflictNotification"),
        ("06", "OrphanNotification"),
        ("07", "BeaconRequest"),
        (
            "08 efbe 3412 0b cdab",
            "CoordinatorRealignment pan=0xbeef coordinator=0x1234 channel=11 short_addr=0xabcd \
             page=-",
        ),
        (
            "08 efbe 3412 0b cdab 02",
            "CoordinatorRealignment pan=0xbeef coordinator=0x1234 channel=11 short_addr=0xabcd \
             page=2",
        ),
        (
            "09 32",
            "GtsRequest slots=2 receive_only=true allocate=true",
        ),
    ];
    for (hex, text) in rows {
        assert_eq!(command(hex), text);
    }
    let unknown = MacCommandHeaderPacket::new_checked(&[0x13, 1, 2]).unwrap();
    assert_eq!(
        MacCommand::parse(&unknown),
        Ok(MacCommand::Unknown {
            command: 0x13,
            body: &[1, 2]
        })
    );
}

#[test]
fn a_frame_to_all_networks() {
    // A compressed datagram between extended addresses.
    let data = kit::octets("41cc a4 ffff 8877665544332211 1817161514131211 7b f1 00 aabb");
    let repr = kit::composed::<Ieee802154>(&data, 21);
    assert_eq!(repr.dst_pan, Some(PanId::BROADCAST));
    assert_eq!(repr.dst_addr, MacAddress::Extended(OTHER_LONG));
}
