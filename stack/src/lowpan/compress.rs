//! Compression of IPv6 headers (RFC 6282): LOWPAN_IPHC, then LOWPAN_NHC for extension headers and
//! UDP. Nothing is lost: [`decompress`](super::decompress()) gives the same octets back. The
//! checksum of UDP is always sent: who may elide it knows more than a link does (§4.3.2).

use litz_wire::{IpProtocol, Ipv6Packet, NhcExtId, NhcExtRepr, UdpPacket};

use super::address::{self, Mode, choose, elided};
use super::context::Contexts;
use super::extension::{Extension, id_of, without_padding};
use super::modes::{self, HOP_LIMITS, IPHC, Modes, Ports, Traffic, UdpModes};
use super::{LinkAddrs, LowpanError};
use crate::parts::{MULTICAST, RAW, ROUTER};

/// Whether other headers than UDP's are compressed. They are sent as they are, which everybody
/// reads, by builds that send hardly any.
pub(super) const EXTENSIONS: bool = MULTICAST || RAW || ROUTER;

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
    let mut rest = ip.payload();
    let mut next = Next::of(ip.next_header(), rest, nhc);
    let mut out = Output { room: out, len: 0 };
    out.base(&ip, !matches!(next, Next::Plain), link, contexts);
    loop {
        match next {
            Next::Extension(..) if !EXTENSIONS => break,
            Next::Plain => break,
            Next::Udp(udp) => {
                rest = udp.payload();
                out.udp(&udp);
                break;
            }
            Next::Extension(protocol, id, extension) => {
                rest = extension.rest;
                next = Next::of(extension.next_header, rest, nhc);
                let repr = NhcExtRepr {
                    id,
                    next_header: matches!(next, Next::Plain).then_some(extension.next_header),
                    data: without_padding(protocol, extension.data),
                    payload_len: 0,
                };
                out.extension(&repr)?;
            }
        }
    }
    if out.len > out.room.len() {
        return Err(LowpanError::NoRoom);
    }
    Ok(Compressed {
        written: out.len,
        consumed: packet.len().wrapping_sub(rest.len()),
    })
}

/// What LOWPAN_NHC makes of a header.
enum Next<'p> {
    Udp(UdpPacket<'p>),
    Extension(IpProtocol, NhcExtId, Extension<'p>),
    /// It is sent as it is.
    Plain,
}

impl<'p> Next<'p> {
    /// A header can be compressed if it is whole, and what is left out of it follows from what is
    /// sent.
    fn of(protocol: IpProtocol, octets: &'p [u8], nhc: bool) -> Self {
        if !nhc {
            return Self::Plain;
        }
        if protocol == IpProtocol::Udp {
            // Its length is left out, so it has to be that of the packet; and a checksum of zero is
            // none, which tunnels alone may send (RFC 6935).
            return match UdpPacket::new_checked(octets) {
                Ok(udp) if udp.bytes().len() == octets.len() && udp.checksum() != 0 => {
                    Self::Udp(udp)
                }
                _ => Self::Plain,
            };
        }
        if EXTENSIONS
            && let Some(id) = id_of(protocol)
            && let Some(extension) = Extension::parse(octets)
            && without_padding(protocol, extension.data).len() <= usize::from(u8::MAX)
        {
            return Self::Extension(protocol, id, extension);
        }
        Self::Plain
    }
}

/// Where compressed headers are written. What does not fit is counted.
struct Output<'o> {
    room: &'o mut [u8],
    len: usize,
}

impl Output<'_> {
    fn put(&mut self, octets: &[u8]) {
        let end = self.len.wrapping_add(octets.len());
        if let Some(room) = self.room.get_mut(self.len..end) {
            crate::storage::put(room, octets);
        }
        self.len = end;
    }

    /// Some octets of a field.
    fn put_part(&mut self, field: &[u8], (from, to): (usize, usize)) {
        if from < to
            && let Some(octets) = field.get(from..to)
        {
            self.put(octets);
        }
    }

    /// LOWPAN_IPHC.
    fn base(&mut self, ip: &Ipv6Packet<'_>, next: bool, link: &LinkAddrs, contexts: &Contexts) {
        let (src, dst) = (ip.src_addr().octets(), ip.dst_addr().octets());
        let modes = match ip.dst_addr().is_multicast() {
            true => address::GROUPS,
            false => address::STATION,
        };
        let (src_mode, src_context) =
            choose(&src, link.src.interface_id(), contexts, address::SOURCE);
        let (dst_mode, dst_context) = choose(&dst, link.dst.interface_id(), contexts, modes);
        let hop_limit = HOP_LIMITS
            .iter()
            .rposition(|&limit| limit == ip.hop_limit());
        let traffic = Traffic {
            ecn: ip.ecn(),
            dscp: ip.dscp(),
            flow_label: ip.flow_label(),
        };
        let (traffic_mode, traffic) = traffic.shortest();
        let modes = Modes {
            dispatch: IPHC,
            traffic: traffic_mode,
            next,
            hop_limit: hop_limit.unwrap_or(0) as u8,
            contexts: src_context | dst_context != 0,
            src: src_mode,
            dst: dst_mode,
        };
        self.put(&modes.into_raw().to_be_bytes());
        if modes.contexts {
            self.put(&[src_context << 4 | dst_context]);
        }
        self.put_part(&traffic, Traffic::carried(traffic_mode));
        if !next {
            self.put(&[ip.next_header().0]);
        }
        if modes.hop_limit == 0 {
            self.put(&[ip.hop_limit()]);
        }
        self.carried(src_mode, &src);
        self.carried(dst_mode, &dst);
    }

    /// What a mode carries of an address.
    fn carried(&mut self, mode: Mode, addr: &[u8; 16]) {
        let (from, to) = elided(mode);
        self.put_part(addr, (1, from));
        self.put_part(addr, (to, addr.len()));
    }

    /// LOWPAN_NHC of UDP.
    fn udp(&mut self, udp: &UdpPacket<'_>) {
        let ([a, b], [c, d]) = (udp.src_port().to_be_bytes(), udp.dst_port().to_be_bytes());
        let (mode, ports) = Ports([a, b, c, d]).shortest();
        let modes = UdpModes {
            dispatch: modes::UDP,
            no_checksum: false,
            ports: mode,
        };
        self.put(&[modes.into_raw()]);
        self.put_part(&ports, Ports::carried(mode));
        self.put(&udp.checksum().to_be_bytes());
    }

    /// LOWPAN_NHC of an extension header.
    fn extension(&mut self, repr: &NhcExtRepr<'_>) -> Result<(), LowpanError> {
        let end = self.len.wrapping_add(repr.header_len());
        let room = self.room.get_mut(self.len..end);
        repr.emit(room.ok_or(LowpanError::NoRoom)?)?;
        self.len = end;
        Ok(())
    }
}
