//! Whole packets as text: [`Line`] and [`Tree`], and where they start.
//!
//! ```
//! use litz_wire::print::{self, Line};
//!
//! let arp = [
//!     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0,
//!     0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2,
//! ];
//! assert_eq!(
//!     Line::new(print::ETHERNET, &arp).to_string(),
//!     "Ethernet 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff Arp | \
//!      ArpEthIpv4 Request 02:00:00:00:00:01 192.0.2.1 > 00:00:00:00:00:00 192.0.2.2"
//! );
//! ```

pub use crate::rt::print::{Hex, Layer, Line, Next, Shown, Start, Then, Tree, Visit};

use crate::rt::print::follow;
use crate::{Ethernet, EthernetFrame, Ieee8023, Ipv4, Ipv6, LinuxSll};
use core::fmt;

/// The packet starts with the header of an Ethernet or IEEE 802.3 frame: its type field tells.
pub const ETHERNET: Start = ethernet;

/// The packet starts with an IPv4 or IPv6 header: its version tells.
pub const IP: Start = ip;

/// The packet starts with the header of a cooked capture of Linux.
pub const LINUX_SLL: Start = |bytes, then| follow::<LinuxSll>(bytes, then);

/// The packet starts with four octets that name an address family in the order of a machine that
/// nobody states, as captures of loopback interfaces do (LINKTYPE_NULL); IPv4 or IPv6 follows.
pub const LOOPBACK: Start = |bytes, then| match bytes.split_at_checked(4) {
    Some((_, packet)) => ip(packet, then),
    None => then(Next::Data(bytes)),
};

/// The packet starts with a MAC header of IEEE 802.15.4, and ends before its frame check sequence.
pub const IEEE802154: Start = crate::wpan::text::walk;

/// The same with a frame check sequence of two octets at the end.
pub const IEEE802154_FCS: Start = |bytes, then| {
    let frame = bytes
        .split_last_chunk::<2>()
        .map_or(bytes, |(frame, _)| frame);
    crate::wpan::text::walk(frame, then)
};

fn ethernet(bytes: &[u8], then: &mut Then<'_>) -> fmt::Result {
    match EthernetFrame::new_checked(bytes) {
        Ok(frame) if frame.ethertype().is_length() => follow::<Ieee8023>(bytes, then),
        _ => follow::<Ethernet>(bytes, then),
    }
}

fn ip(bytes: &[u8], then: &mut Then<'_>) -> fmt::Result {
    match bytes.first().map(|octet| octet >> 4) {
        Some(4) => follow::<Ipv4>(bytes, then),
        Some(6) => follow::<Ipv6>(bytes, then),
        _ => then(Next::Data(bytes)),
    }
}
