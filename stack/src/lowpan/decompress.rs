//! Decompression (RFC 6282, RFC 4944 §5.1): the headers that a compressed start stands for. Each is
//! written when those behind it have been read.

use core::net::Ipv6Addr;

use litz_wire::{
    IpProtocol, Ipv6Packet, Ipv6Repr, NhcExtPacket, NhcPacket, NhcUdpPacket, Pseudo, PseudoV6, Udp,
    UdpPacketMut, UdpRepr,
};

use super::address::{self, Mode, complete, elided};
use super::context::Contexts;
use super::extension::{ExtensionStartRepr, has_options, missing, padding, protocol_of};
use super::iphc::{HOP_LIMITS, IPHC, IphcBasePacket, Traffic};
use super::start::StartPacket;
use super::{LinkAddrs, LowpanError};

/// Headers in one packet at most.
const HEADERS: u8 = 8;
/// Octets of an IPv6 header, of a UDP header, of an extension header before its data.
const IPV6: usize = 40;
const UDP: usize = 8;
const EXTENSION: usize = 2;

/// What decompression did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decompressed {
    /// Octets of headers that were written.
    pub written: usize,
    /// Octets of the frame for which they stand; what follows is the packet's as it is.
    pub consumed: usize,
    /// Octets of the whole packet.
    pub total: usize,
    /// Set if the checksum of UDP was left out and has to be computed once the packet is whole.
    pub elided: Option<ElidedChecksum>,
}

/// Where a checksum of UDP is missing: its header, and the one of IPv6 with its addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElidedChecksum {
    udp: usize,
    ipv6: usize,
}

impl ElidedChecksum {
    /// Compute the checksum of a whole packet.
    ///
    /// # Errors
    /// [`LowpanError::Malformed`] if it is not the packet.
    pub fn fill(&self, packet: &mut [u8]) -> Result<(), LowpanError> {
        let ip = Ipv6Packet::new_checked(packet.get(self.ipv6..).unwrap_or_default())?;
        let pseudo = PseudoV6 {
            src_addr: ip.src_addr(),
            dst_addr: ip.dst_addr(),
        };
        let datagram = packet.get_mut(self.udp..).unwrap_or_default();
        UdpPacketMut::new_checked(datagram)?.fill_checksum(&Pseudo::V6(pseudo));
        Ok(())
    }
}

/// Write into `out` the headers that the start of a frame's payload stands for. `total` is the
/// length of the whole packet if fragments tell; otherwise the payload ends it.
///
/// # Errors
/// [`LowpanError`].
pub fn decompress(
    payload: &[u8],
    link: &LinkAddrs,
    contexts: &Contexts,
    total: Option<usize>,
    out: &mut [u8],
) -> Result<Decompressed, LowpanError> {
    let mut reader = Reader {
        rest: payload,
        contexts,
        out,
        src: link.src.interface_id(),
        dst: link.dst.interface_id(),
        ipv6: None,
        headers: 0,
        written: 0,
        total,
        elided: None,
    };
    match StartPacket::new_checked(payload)? {
        StartPacket::Ipv6(plain) => {
            reader.rest = plain.payload();
            reader.end()?;
        }
        StartPacket::Iphc(base) => reader.iphc(base)?,
        _ => return Err(LowpanError::Dispatch),
    }
    Ok(Decompressed {
        written: reader.written,
        consumed: payload.len().saturating_sub(reader.rest.len()),
        total: reader.total.unwrap_or(0),
        elided: reader.elided,
    })
}

/// Headers as they are read. Each keeps its place in the packet, and is written when those behind
/// it are: then it is known what follows it, and how much.
struct Reader<'f, 'o> {
    /// What was not read.
    rest: &'f [u8],
    contexts: &'o Contexts,
    out: &'o mut [u8],
    /// The interface identifiers of who carries the next IPv6 header.
    src: [u8; 8],
    dst: [u8; 8],
    /// Where the IPv6 header is that has the addresses of a checksum.
    ipv6: Option<usize>,
    headers: u8,
    /// Octets of the headers so far.
    written: usize,
    /// Octets of the packet; known at last when all headers are read.
    total: Option<usize>,
    elided: Option<ElidedChecksum>,
}

impl<'f> Reader<'f, '_> {
    /// The next octets.
    fn take(&mut self, to: &mut [u8]) -> Result<(), LowpanError> {
        let (octets, rest) = self
            .rest
            .split_at_checked(to.len())
            .ok_or(LowpanError::Malformed)?;
        crate::storage::put(to, octets);
        self.rest = rest;
        Ok(())
    }

    fn octet(&mut self) -> Result<u8, LowpanError> {
        let (&octet, rest) = self.rest.split_first().ok_or(LowpanError::Malformed)?;
        self.rest = rest;
        Ok(octet)
    }

    /// The place of a header of `len` octets.
    fn place(&mut self, len: usize) -> Result<usize, LowpanError> {
        if self.headers == HEADERS {
            return Err(LowpanError::TooDeep);
        }
        self.headers = self.headers.wrapping_add(1);
        let at = self.written;
        self.written = at.saturating_add(len);
        Ok(at)
    }

    /// All compressed headers are read.
    fn end(&mut self) -> Result<(), LowpanError> {
        let whole = self.written.saturating_add(self.rest.len());
        if self.written > self.out.len() {
            return Err(LowpanError::NoRoom);
        }
        match self.total {
            Some(total) if total < whole => return Err(LowpanError::Malformed),
            Some(_) => {}
            None => self.total = Some(whole),
        }
        Ok(())
    }

    /// Octets of the packet behind an octet, and room for a header that ends there.
    fn room(&mut self, at: usize, len: usize) -> (usize, &mut [u8]) {
        let end = at.saturating_add(len);
        let payload_len = self.total.unwrap_or(0).saturating_sub(end);
        let room = self.out.get_mut(at..end).unwrap_or_default();
        (payload_len, room)
    }

    /// An address of a base header.
    fn address(&mut self, mode: Mode, number: u8, iid: [u8; 8]) -> Result<Ipv6Addr, LowpanError> {
        let (from, to) = elided(mode);
        let mut addr = [0; 16];
        self.take(addr.get_mut(1..from).unwrap_or_default())?;
        self.take(addr.get_mut(to..).unwrap_or_default())?;
        complete(mode, &mut addr, self.contexts.get(number), iid)?;
        Ok(Ipv6Addr::from_octets(addr))
    }

    /// LOWPAN_IPHC, and what follows it.
    fn iphc(&mut self, base: IphcBasePacket<'f>) -> Result<(), LowpanError> {
        let modes = base.modes();
        self.rest = base.inline();
        let at = self.place(IPV6)?;
        let numbers = match modes.contexts {
            true => self.octet()?,
            false => 0,
        };
        let mut traffic = [0; 4];
        let (from, to) = Traffic::carried(modes.traffic);
        self.take(traffic.get_mut(from..to).unwrap_or_default())?;
        let traffic = Traffic::of(modes.traffic, traffic);
        let plain = match modes.next {
            true => None,
            false => Some(IpProtocol(self.octet()?)),
        };
        let hop_limit = match HOP_LIMITS.get(usize::from(modes.hop_limit)) {
            Some(&limit) if limit > 0 => limit,
            _ => self.octet()?,
        };
        if modes.dst == address::UNSPECIFIED || modes.dispatch != IPHC {
            return Err(LowpanError::Malformed);
        }
        let src_addr = self.address(modes.src, numbers >> 4, self.src)?;
        let dst_addr = self.address(modes.dst, numbers & 0xf, self.dst)?;
        (self.src, self.dst) = (iid(src_addr), iid(dst_addr));
        self.ipv6 = Some(at);
        let next_header = self.next(plain)?;
        let (payload_len, room) = self.room(at, IPV6);
        let repr = Ipv6Repr {
            dscp: traffic.dscp,
            ecn: traffic.ecn,
            flow_label: traffic.flow_label,
            next_header,
            hop_limit,
            src_addr,
            dst_addr,
            payload_len,
        };
        repr.emit(room)?;
        Ok(())
    }

    /// Read what follows a header: whatever it says, or another that is compressed. Returns its
    /// protocol.
    fn next(&mut self, plain: Option<IpProtocol>) -> Result<IpProtocol, LowpanError> {
        if let Some(protocol) = plain {
            self.end()?;
            return Ok(protocol);
        }
        match NhcPacket::new_checked(self.rest)? {
            NhcPacket::Udp(udp) => self.udp(&udp),
            NhcPacket::Ext(ext) => self.extension(&ext),
            NhcPacket::Ipv6(inner) => {
                // What the inner header elides follows from the outer (RFC 6282 §3.1.1).
                self.iphc(IphcBasePacket::new_checked(inner.payload())?)?;
                Ok(IpProtocol::Ipv6)
            }
            NhcPacket::Unknown(_) => Err(LowpanError::Dispatch),
        }
    }

    /// LOWPAN_NHC of UDP.
    fn udp(&mut self, udp: &NhcUdpPacket<'f>) -> Result<IpProtocol, LowpanError> {
        let at = self.place(UDP)?;
        self.rest = udp.payload();
        self.end()?;
        let (src_port, dst_port) = udp.ports().resolve();
        let (payload_len, room) = self.room(at, UDP);
        let repr = UdpRepr {
            src_port,
            dst_port,
            payload_len,
        };
        repr.emit(room)?;
        match udp.checksum() {
            // Zero is no checksum, and stays none: the receiver refuses it.
            Some(0) => {}
            Some(sum) => Udp::store_checksum(room, sum),
            None => {
                let ipv6 = self.ipv6.ok_or(LowpanError::ElidedChecksum)?;
                self.elided = Some(ElidedChecksum { udp: at, ipv6 });
            }
        }
        Ok(IpProtocol::Udp)
    }

    /// LOWPAN_NHC of an extension header, and what follows it.
    fn extension(&mut self, ext: &NhcExtPacket<'f>) -> Result<IpProtocol, LowpanError> {
        let protocol = protocol_of(ext.id()).ok_or(LowpanError::Malformed)?;
        let (mut data, mut rest) = (ext.data(), ext.payload());
        // Some take the length of a fragment header for its reserved octet.
        if protocol == IpProtocol::Ipv6Frag && data.is_empty() {
            (data, rest) = rest.split_at_checked(6).ok_or(LowpanError::Malformed)?;
        }
        let missing = missing(data.len());
        if (missing != 0 && !has_options(protocol))
            || (protocol == IpProtocol::Ipv6Frag && data.len() != 6)
        {
            return Err(LowpanError::Malformed);
        }
        let len = EXTENSION.saturating_add(data.len()).saturating_add(missing);
        let at = self.place(len)?;
        self.rest = rest;
        if protocol == IpProtocol::Ipv6Route {
            // The destination that counts for the checksum is another then.
            self.ipv6 = None;
        }
        let next_header = self.next(ext.next_header())?;
        let (_, room) = self.room(at, len);
        write_extension(protocol, next_header, data, room)?;
        Ok(protocol)
    }
}

/// The interface identifier of an address.
const fn iid(addr: Ipv6Addr) -> [u8; 8] {
    (addr.to_bits() as u64).to_be_bytes()
}

/// Write an extension header with the padding that was left out.
fn write_extension(
    protocol: IpProtocol,
    next_header: IpProtocol,
    data: &[u8],
    room: &mut [u8],
) -> Result<(), LowpanError> {
    let units = (room.len() / 8).saturating_sub(1);
    let repr = ExtensionStartRepr {
        next_header,
        units: match protocol {
            // That octet is reserved there.
            IpProtocol::Ipv6Frag => 0,
            _ => u8::try_from(units).map_err(|_| LowpanError::Malformed)?,
        },
        payload_len: room.len().saturating_sub(EXTENSION),
    };
    let body = repr.emit(room)?;
    let octets = data.iter().chain(padding(missing(data.len())));
    body.iter_mut()
        .zip(octets)
        .for_each(|(to, from)| *to = *from);
    Ok(())
}
