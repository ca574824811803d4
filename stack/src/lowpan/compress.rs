//! Compression of IPv6 headers (RFC 6282): LOWPAN_IPHC, then LOWPAN_NHC for extension headers and
//! UDP. Nothing is lost: [`decompress`](super::decompress()) gives the same octets back. The
//! checksum of UDP is always sent: who may elide it knows more than a link does (§4.3.2).

use litz_wire::{
    ContextIdsRepr, Ecn, HopLimitForm, IpProtocol, IphcRepr, Ipv6Packet, NhcExtRepr, NhcUdpRepr,
    PortsForm, TrafficFlow, UdpPacket,
};

use super::address::{choose_dst, choose_src};
use super::context::Contexts;
use super::extension::{Extension, id_of, without_padding};
use super::{LinkAddrs, LowpanError};
use crate::parts::{MULTICAST, RAW, ROUTER};

/// Whether other headers than UDP's are compressed. They are sent as they are, which everybody
/// reads, by builds that send hardly any.
const EXTENSIONS: bool = MULTICAST || RAW || ROUTER;

/// What compression did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compressed {
    /// Octets of compressed headers that were written.
    pub written: usize,
    /// Octets at the start of the packet for which they stand; what follows is sent as it is.
    pub consumed: usize,
}

/// Compress the headers of a packet into `out`.
///
/// # Errors
/// [`LowpanError::Malformed`] if the packet is not IPv6 of exactly this length,
/// [`LowpanError::NoRoom`].
pub fn compress(
    packet: &[u8],
    link: &LinkAddrs,
    contexts: &Contexts,
    out: &mut [u8],
) -> Result<Compressed, LowpanError> {
    run(packet, link, contexts, out, true)
}

/// Compress only the IPv6 header, which takes at most 40 octets: for packets whose other headers
/// do not fit one frame.
///
/// # Errors
/// As [`compress`].
pub fn compress_base(
    packet: &[u8],
    link: &LinkAddrs,
    contexts: &Contexts,
    out: &mut [u8],
) -> Result<Compressed, LowpanError> {
    run(packet, link, contexts, out, false)
}

/// [`compress`] or [`compress_base`], as `nhc` says.
pub(super) fn run(
    packet: &[u8],
    link: &LinkAddrs,
    contexts: &Contexts,
    out: &mut [u8],
    nhc: bool,
) -> Result<Compressed, LowpanError> {
    let ip = Ipv6Packet::new_checked(packet)?;
    if ip.bytes().len() != packet.len() {
        return Err(LowpanError::Malformed);
    }
    let (mut protocol, mut rest) = (ip.next_header(), ip.payload());
    let compresses = |protocol, rest| nhc && has_nhc(protocol, rest);
    let mut goes_on = compresses(protocol, rest);
    let (src, src_context) = choose_src(ip.src_addr(), link.src.interface_id(), contexts);
    let (dst, dst_context) = choose_dst(ip.dst_addr(), link.dst.interface_id(), contexts);
    let iphc = IphcRepr {
        contexts: (src_context != 0 || dst_context != 0).then_some(ContextIdsRepr {
            src: src_context,
            dst: dst_context,
        }),
        traffic: traffic(ip.dscp(), ip.ecn(), ip.flow_label()),
        next_header: (!goes_on).then_some(protocol),
        hop_limit: HopLimitForm::from(ip.hop_limit()),
        src,
        dst,
        payload_len: 0,
    };
    let total = out.len();
    let mut room = emit(out, iphc.header_len(), |room| iphc.emit(room).is_ok())?;
    while goes_on {
        if protocol == IpProtocol::Udp {
            let udp = UdpPacket::new_checked(rest)?;
            let repr = NhcUdpRepr {
                ports: PortsForm::choose(udp.src_port(), udp.dst_port()),
                checksum: Some(udp.checksum()),
                payload_len: 0,
            };
            room = emit(room, repr.header_len(), |room| repr.emit(room).is_ok())?;
            rest = udp.payload();
            break;
        }
        if !EXTENSIONS {
            break;
        }
        let (Some(id), Some(extension)) = (id_of(protocol), Extension::parse(rest)) else {
            break;
        };
        let next = extension.next_header;
        goes_on = compresses(next, extension.rest);
        let repr = NhcExtRepr {
            id,
            next_header: (!goes_on).then_some(next),
            data: without_padding(protocol, extension.data),
            payload_len: 0,
        };
        room = emit(room, repr.header_len(), |room| repr.emit(room).is_ok())?;
        (protocol, rest) = (next, extension.rest);
    }
    Ok(Compressed {
        written: total.saturating_sub(room.len()),
        consumed: packet.len().saturating_sub(rest.len()),
    })
}

/// Write a header of `len` octets; the room behind it.
fn emit(
    room: &mut [u8],
    len: usize,
    write: impl FnOnce(&mut [u8]) -> bool,
) -> Result<&mut [u8], LowpanError> {
    let (header, rest) = room.split_at_mut_checked(len).ok_or(LowpanError::NoRoom)?;
    match write(header) {
        true => Ok(rest),
        false => Err(LowpanError::Malformed),
    }
}

/// Whether a header can be compressed: it is whole, and what is left out of it follows from what is
/// sent.
fn has_nhc(protocol: IpProtocol, octets: &[u8]) -> bool {
    if protocol == IpProtocol::Udp {
        // Its length is left out, so it has to be that of the packet; and a checksum of zero is
        // none, which tunnels alone may send (RFC 6935).
        return UdpPacket::new_checked(octets)
            .is_ok_and(|udp| udp.bytes().len() == octets.len() && udp.checksum() != 0);
    }
    if !EXTENSIONS {
        return false;
    }
    let Some(extension) = id_of(protocol).and_then(|_| Extension::parse(octets)) else {
        return false;
    };
    without_padding(protocol, extension.data).len() <= usize::from(u8::MAX)
}

/// The shortest form of traffic class and flow label (§3.2.1).
const fn traffic(dscp: u8, ecn: Ecn, flow_label: u32) -> TrafficFlow {
    match (dscp, ecn, flow_label) {
        (0, Ecn::NotEct, 0) => TrafficFlow::Elided,
        (dscp, ecn, 0) => TrafficFlow::NoFlow { ecn, dscp },
        (0, ecn, flow_label) => TrafficFlow::NoDscp { ecn, flow_label },
        (dscp, ecn, flow_label) => TrafficFlow::Full {
            ecn,
            dscp,
            flow_label,
        },
    }
}
