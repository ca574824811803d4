//! Captures of IEEE 802.15.4 against what their makers say is in them. Skipped, with a word, where
//! there are no captures.

use std::path::{Path, PathBuf};

use litz_hal::pcap::{LinkType, PcapReader};
use litz_wire::{
    Eui64, FrameType, FrameVersion, Ieee802154Frame, Ieee802154Repr, KeyId, MacAddress, PanId,
    SecurityLevel, ShortAddress,
};

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

/// The frames of a capture, without their check sequences.
fn frames(path: &Path) -> Vec<Vec<u8>> {
    let file = std::fs::read(path).expect("the capture can be read");
    let reader = PcapReader::new(&file).expect("a capture");
    reader
        .map(|record| {
            let record = record.expect("a whole record");
            assert_eq!(record.link_type, LinkType::IEEE802_15_4_WITHFCS);
            let (frame, _) = record.octets.split_last_chunk::<2>().expect("a frame");
            frame.to_vec()
        })
        .collect()
}

/// The values of one key in a list of flat JSON objects.
fn values<'t>(json: &'t str, key: &str) -> Vec<&'t str> {
    let key = format!("\"{key}\": ");
    let parts = json.split(key.as_str()).skip(1);
    parts
        .map(|part| part.split([',', '}']).next().expect("a value"))
        .collect()
}

#[test]
fn the_matrix_of_addresses_is_read_as_it_was_made() {
    let (Some(json), Some(pcap)) = (
        capture("own__addressing-matrix.json"),
        capture("own__addressing-matrix.pcap"),
    ) else {
        return;
    };
    let json = std::fs::read_to_string(json).expect("the values can be read");
    let column = |key| values(&json, key);
    let number = |text: &&str| text.parse::<u8>().expect("a number");
    let numbers = |key| column(key).iter().map(number).collect::<Vec<u8>>();
    let (versions, types) = (numbers("ver"), numbers("typ"));
    let (dst, src, compressed) = (numbers("d"), numbers("s"), numbers("comp"));
    let (dst_pan, src_pan) = (column("dpan"), column("span"));
    let frames = frames(&pcap);
    assert!(frames.len() > 80 && frames.len() == versions.len());
    for (row, bytes) in frames.iter().enumerate() {
        let packet = Ieee802154Frame::new_checked(bytes).unwrap_or_else(|error| panic!("{error}"));
        let repr = Ieee802154Repr::parse(&packet).expect("a checked packet");
        assert_eq!(repr.frame_type, FrameType(types[row]));
        assert_eq!(repr.version, FrameVersion(versions[row]));
        assert_eq!(repr.pan_id_compression, compressed[row] == 1);
        assert_eq!(
            repr.dst_pan,
            (dst_pan[row] == "true").then_some(PanId(0xbeef))
        );
        assert_eq!(
            repr.src_pan,
            (src_pan[row] == "true").then_some(PanId(0xcafe))
        );
        let address = |mode, short, long: u64| match mode {
            2 => MacAddress::Short(ShortAddress(short)),
            3 => MacAddress::Extended(Eui64(long.to_be_bytes())),
            _ => MacAddress::Absent,
        };
        assert_eq!(
            repr.dst_addr,
            address(dst[row], 0x1234, 0x0102_0304_0506_0708)
        );
        assert_eq!(
            repr.src_addr,
            address(src[row], 0xabcd, 0x1122_3344_5566_7788)
        );
        let mut emitted = vec![0xa5; bytes.len()];
        let rest = repr.emit(&mut emitted).expect("room for the frame");
        rest.copy_from_slice(packet.payload());
        assert_eq!(&emitted, bytes);
    }
}

#[test]
fn secured_frames_are_read_as_they_were_made() {
    let Some(pcap) = capture("own__security-annexC-and-levels.pcap") else {
        return;
    };
    let frames = frames(&pcap);
    assert_eq!(frames.len(), 17);
    let read = |bytes| Ieee802154Frame::new_checked(bytes).unwrap_or_else(|e| panic!("{e}"));
    let levels = [2, 4, 6].map(SecurityLevel);
    for (bytes, level) in frames.iter().zip(levels) {
        let packet = read(bytes);
        let security = packet.security().expect("the frame is secured");
        assert_eq!((security.level, security.frame_counter), (level, Some(5)));
        assert_eq!(packet.mic().len(), level.mic_len());
    }
    // Then every level twice: with the key implied, and with an index.
    for (at, bytes) in frames.iter().skip(3).enumerate() {
        let packet = read(bytes);
        let security = packet.security().expect("the frame is secured");
        let level = SecurityLevel(at as u8 / 2 + 1);
        assert_eq!(security.level, level);
        assert_eq!(security.frame_counter, Some(100 + u32::from(level.0)));
        let key_id = match at % 2 {
            0 => KeyId::Implicit,
            _ => KeyId::Index { index: 1 },
        };
        assert_eq!(security.key_id, key_id);
        assert_eq!(packet.mic().len(), level.mic_len());
        let clear = packet.payload() == b"protected payload 1";
        assert_eq!(packet.payload().len(), 19);
        assert_eq!(clear, level.0 == 1, "{level}");
    }
}
