//! Decompression (RFC 6282, RFC 4944 §5.1): the headers that a compressed start stands for. Each is
//! written when those behind it have been read.

use core::net::Ipv6Addr;

use litz_wire::{
    IpProtocol, Ipv6Packet, Ipv6Repr, LowpanIpv6Packet, NhcExtId, PseudoV6, Udp, UdpRepr,
};

use super::address::{self, Mode, complete, elided};
use super::context::Contexts;
use super::extension::{ExtensionStartRepr, has_options, missing, pad, protocol_of};
use super::modes::{self, ExtensionModes, HOP_LIMITS, IPHC, Modes, Ports, Traffic, UdpModes};
use super::{LinkAddrs, LowpanError};
use crate::iface::checksum;
use crate::parts::EXTENSIONS;

/// Headers in one packet at most.
const HEADERS: u8 = 8;
/// Octets of an IPv6 header, of a UDP header, of an extension header before its data.
const IPV6: usize = 40;
const UDP: usize = 8;
const EXTENSION: usize = 2;

/// The length of a packet that nobody has told.
const UNKNOWN: usize = usize::MAX;

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
        // Nothing is behind a datagram whose length was left out.
        let datagram = packet.get_mut(self.udp..).unwrap_or_default();
        if datagram.len() < UDP {
            return Err(LowpanError::Malformed);
        }
        Udp::store_checksum(datagram, 0);
        let sum = checksum(datagram, &pseudo.addresses(), IpProtocol::Udp);
        // RFC 768: a computed zero is sent as all ones.
        Udp::store_checksum(datagram, if sum == 0 { 0xffff } else { sum });
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
        total: total.unwrap_or(UNKNOWN),
        elided: None,
        read: Ok(()),
    };
    match LowpanIpv6Packet::new_checked(payload) {
        Ok(plain) => {
            reader.rest = plain.payload();
            reader.end();
        }
        Err(_) => reader.iphc(),
    }
    reader.read?;
    Ok(Decompressed {
        written: reader.written,
        consumed: payload.len().wrapping_sub(reader.rest.len()),
        total: reader.total,
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
    total: usize,
    elided: Option<ElidedChecksum>,
    /// What was wrong first. Reading goes on until the headers end.
    read: Result<(), LowpanError>,
}

impl<'f> Reader<'f, '_> {
    #[cold]
    #[cfg_attr(feature = "inline", inline(never))]
    fn fail(&mut self, error: LowpanError) {
        self.read = self.read.and(Err(error));
    }

    /// The next `len` octets; none if there are fewer.
    fn take(&mut self, len: usize) -> &'f [u8] {
        match self.rest.split_at_checked(len) {
            Some((octets, rest)) => {
                self.rest = rest;
                octets
            }
            None => {
                self.fail(LowpanError::Malformed);
                &[]
            }
        }
    }

    fn octet(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    /// Fill some octets of a field from what is next.
    fn fill(&mut self, field: &mut [u8], (from, to): (usize, usize)) {
        if from < to
            && let Some(octets) = field.get_mut(from..to)
        {
            crate::storage::put(octets, self.take(octets.len()));
        }
    }

    /// The place of a header of `len` octets.
    fn place(&mut self, len: usize) -> usize {
        self.headers = self.headers.wrapping_add(1);
        if self.headers > HEADERS {
            self.fail(LowpanError::TooDeep);
        }
        let at = self.written;
        self.written = at.wrapping_add(len);
        at
    }

    /// All compressed headers are read.
    fn end(&mut self) {
        let whole = self.written.wrapping_add(self.rest.len());
        if self.written > self.out.len() {
            self.fail(LowpanError::NoRoom);
        }
        if self.total == UNKNOWN {
            self.total = whole;
        }
        if self.total < whole {
            self.fail(LowpanError::Malformed);
        }
    }

    /// Octets of the packet behind a header of `len` octets, and room for it.
    fn room(&mut self, at: usize, len: usize) -> (usize, &mut [u8]) {
        let end = at.wrapping_add(len);
        let payload_len = self.total.wrapping_sub(end);
        let room = self.out.get_mut(at..end).unwrap_or_default();
        (payload_len, room)
    }

    /// An address of a base header.
    fn address(&mut self, mode: Mode, number: u8, iid: [u8; 8]) -> [u8; 16] {
        let (from, to) = elided(mode);
        let mut addr = [0; 16];
        self.fill(&mut addr, (1, from));
        self.fill(&mut addr, (to, 16));
        if let Err(error) = complete(mode, &mut addr, self.contexts.get(number), iid) {
            self.fail(error);
        }
        addr
    }

    /// LOWPAN_IPHC, and what follows it.
    fn iphc(&mut self) {
        let at = self.place(IPV6);
        let modes = Modes::from_raw(u16::from_be_bytes([self.octet(), self.octet()]));
        if modes.dispatch != IPHC {
            self.fail(LowpanError::Dispatch);
        }
        let numbers = match modes.contexts {
            true => self.octet(),
            false => 0,
        };
        let mut traffic = [0; 4];
        self.fill(&mut traffic, Traffic::carried(modes.traffic));
        let traffic = Traffic::of(modes.traffic, traffic);
        let plain = self.plain(modes.next);
        let hop_limit = match HOP_LIMITS.get(usize::from(modes.hop_limit)) {
            Some(&limit) if limit > 0 => limit,
            _ => self.octet(),
        };
        if modes.dst == address::UNSPECIFIED {
            self.fail(LowpanError::Malformed);
        }
        let src = self.address(modes.src, numbers >> 4, self.src);
        let dst = self.address(modes.dst, numbers & 0xf, self.dst);
        let ([.., src_iid], [.., dst_iid]) = (halves(src), halves(dst));
        (self.src, self.dst) = (src_iid, dst_iid);
        self.ipv6 = Some(at);
        let next_header = self.next(plain);
        let (payload_len, room) = self.room(at, IPV6);
        let repr = Ipv6Repr {
            dscp: traffic.dscp,
            ecn: traffic.ecn,
            flow_label: traffic.flow_label,
            next_header,
            hop_limit,
            src_addr: Ipv6Addr::from_octets(src),
            dst_addr: Ipv6Addr::from_octets(dst),
            payload_len,
        };
        if repr.emit(room).is_err() {
            self.fail(LowpanError::Malformed);
        }
    }

    /// The next header if it is carried: it is not compressed.
    fn plain(&mut self, compressed: bool) -> Option<IpProtocol> {
        match compressed {
            true => None,
            false => Some(IpProtocol(self.octet())),
        }
    }

    /// Read what follows a header: whatever it says, or another that is compressed. Returns its
    /// protocol.
    fn next(&mut self, plain: Option<IpProtocol>) -> IpProtocol {
        if let Some(protocol) = plain {
            self.end();
            return protocol;
        }
        let first = self.octet();
        let (udp, modes) = (UdpModes::from_raw(first), ExtensionModes::from_raw(first));
        if self.read.is_err() {
            // It ends here.
        } else if udp.dispatch == modes::UDP {
            self.udp(udp);
            return IpProtocol::Udp;
        } else if modes.dispatch != modes::EXTENSION {
            self.fail(LowpanError::Dispatch);
        } else if !EXTENSIONS {
            self.fail(LowpanError::Malformed);
        } else if modes.id == NhcExtId::Ipv6 {
            // What the inner header elides follows from the outer (RFC 6282 §3.1.1).
            self.iphc();
            return IpProtocol::Ipv6;
        } else if let Some(protocol) = protocol_of(modes.id) {
            self.extension(protocol, modes.next);
            return protocol;
        } else {
            self.fail(LowpanError::Malformed);
        }
        IpProtocol(0)
    }

    /// LOWPAN_NHC of UDP.
    fn udp(&mut self, modes: UdpModes) {
        let at = self.place(UDP);
        let mut ports = [0; 4];
        self.fill(&mut ports, Ports::carried(modes.ports));
        let Ports([a, b, c, d]) = Ports::of(modes.ports, ports);
        let mut checksum = [0; 2];
        if !modes.no_checksum {
            self.fill(&mut checksum, (0, 2));
        } else if let Some(ipv6) = self.ipv6 {
            self.elided = Some(ElidedChecksum { udp: at, ipv6 });
        } else {
            self.fail(LowpanError::ElidedChecksum);
        }
        self.end();
        let (payload_len, room) = self.room(at, UDP);
        let repr = UdpRepr {
            src_port: u16::from_be_bytes([a, b]),
            dst_port: u16::from_be_bytes([c, d]),
            payload_len,
        };
        if repr.emit(room).is_err() {
            return self.fail(LowpanError::Malformed);
        }
        // Zero is no checksum, and stays none: the receiver refuses it.
        if checksum != [0; 2] {
            Udp::store_checksum(room, u16::from_be_bytes(checksum));
        }
    }

    /// LOWPAN_NHC of an extension header, and what follows it.
    fn extension(&mut self, protocol: IpProtocol, compressed: bool) {
        let plain = self.plain(compressed);
        let len = match self.octet() {
            // Some take the length of a fragment header for its reserved octet.
            0 if protocol == IpProtocol::Ipv6Frag => 6,
            len => usize::from(len),
        };
        let data = self.take(len);
        let missing = missing(len);
        if (missing != 0 && !has_options(protocol))
            || (protocol == IpProtocol::Ipv6Frag && len != 6)
        {
            self.fail(LowpanError::Malformed);
        }
        let len = EXTENSION.wrapping_add(len).wrapping_add(missing);
        let at = self.place(len);
        if protocol == IpProtocol::Ipv6Route {
            // The destination that counts for the checksum is another then.
            self.ipv6 = None;
        }
        let next_header = self.next(plain);
        let (_, room) = self.room(at, len);
        if write_extension(protocol, next_header, data, room).is_err() {
            self.fail(LowpanError::Malformed);
        }
    }
}

/// The prefix and the interface identifier of an address.
fn halves(addr: [u8; 16]) -> [[u8; 8]; 2] {
    let [a, b, c, d, e, f, g, h, rest @ ..] = addr;
    [[a, b, c, d, e, f, g, h], rest]
}

/// Write an extension header with the padding that was left out.
fn write_extension(
    protocol: IpProtocol,
    next_header: IpProtocol,
    data: &[u8],
    room: &mut [u8],
) -> Result<(), LowpanError> {
    let units = (room.len() / 8).wrapping_sub(1);
    let repr = ExtensionStartRepr {
        next_header,
        units: match protocol {
            // That octet is reserved there.
            IpProtocol::Ipv6Frag => 0,
            _ => u8::try_from(units).map_err(|_| LowpanError::Malformed)?,
        },
        payload_len: room.len().wrapping_sub(EXTENSION),
    };
    let body = repr.emit(room)?;
    if let Some((to, padding)) = body.split_at_mut_checked(data.len()) {
        crate::storage::put(to, data);
        pad(padding);
    }
    Ok(())
}
