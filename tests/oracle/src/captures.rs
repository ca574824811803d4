//! Captures: those of others, where there are any, and what of a frame can be walked.

use std::path::{Path, PathBuf};

use litz_hal::pcap::{LinkType, PcapReader};
use litz_tests::workspace::root;
use litz_wire::print::{self, Start};

/// Where captures of other projects lie, if somebody has put them there.
pub fn folder() -> PathBuf {
    root().join("../shared/pcaps")
}

/// Every capture file below a folder, in the order of their names.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
    {
        if path.is_dir() {
            files.extend(self::files(&path));
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

/// The frames of a capture file with their link types; empty if it is no capture.
pub fn frames(file: &Path) -> Vec<(LinkType, Vec<u8>)> {
    let octets = std::fs::read(file).expect("the capture can be read");
    let Ok(reader) = PcapReader::new(&octets) else {
        return Vec::new();
    };
    let records = reader.map_while(Result::ok);
    records
        .map(|record| (record.link_type, record.octets.to_vec()))
        .collect()
}

/// Where the printers start in a frame of this link type.
pub fn start(link_type: LinkType) -> Option<Start> {
    match link_type {
        LinkType::ETHERNET => Some(print::ETHERNET),
        LinkType::RAW | LinkType::IPV4 | LinkType::IPV6 => Some(print::IP),
        LinkType::IEEE802_15_4_WITHFCS => Some(print::IEEE802154_FCS),
        LinkType::IEEE802_15_4_NOFCS => Some(print::IEEE802154),
        _ => None,
    }
}
