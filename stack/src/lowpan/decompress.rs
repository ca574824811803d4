//! Decompression (RFC 6282, RFC 4944 §5.1): the headers that a compressed start stands for. First
//! all of them are read, then, as their lengths are known, written.

use core::net::Ipv6Addr;

use litz_wire::{
    Ecn, IpProtocol, IphcPacket, Ipv6Repr, LowpanPacket, NhcExtId, NhcPacket, Pseudo, PseudoV6,
    TrafficFlow, Udp, UdpPacketMut, UdpRepr,
};

use super::address::{resolve_dst, resolve_src};
use super::context::Contexts;
use super::extension::{ExtensionStartRepr, has_options, missing, padding, protocol_of};
use super::{LinkAddrs, LowpanError};
use crate::parts::INLINE;

/// Headers in one packet at most.
const HEADERS: usize = 8;
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

/// Where a checksum of UDP is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElidedChecksum {
    at: usize,
    pseudo: PseudoV6,
}

impl ElidedChecksum {
    /// Compute the checksum of a whole packet.
    ///
    /// # Errors
    /// [`LowpanError::Malformed`] if it is not the packet.
    pub fn fill(&self, packet: &mut [u8]) -> Result<(), LowpanError> {
        let datagram = packet.get_mut(self.at..).ok_or(LowpanError::Malformed)?;
        let mut udp = UdpPacketMut::new_checked(datagram)?;
        udp.fill_checksum(&Pseudo::V6(self.pseudo));
        Ok(())
    }
}

/// One header that is to be written.
#[derive(Clone, Copy)]
enum Step<'f> {
    Ipv6 {
        traffic: (u8, Ecn, u32),
        hop_limit: u8,
        src: Ipv6Addr,
        dst: Ipv6Addr,
    },
    Extension {
        protocol: IpProtocol,
        data: &'f [u8],
    },
    Udp {
        ports: (u16, u16),
        checksum: Option<u16>,
    },
}

impl Step<'_> {
    const fn len(&self) -> usize {
        match self {
            Self::Ipv6 { .. } => IPV6,
            Self::Udp { .. } => UDP,
            Self::Extension { data, .. } => EXTENSION
                .wrapping_add(data.len())
                .wrapping_add(missing(data.len())),
        }
    }

    const fn protocol(&self) -> IpProtocol {
        match self {
            Self::Ipv6 { .. } => IpProtocol::Ipv6,
            Self::Udp { .. } => IpProtocol::Udp,
            Self::Extension { protocol, .. } => *protocol,
        }
    }
}

/// The headers as they are read.
struct Steps<'f> {
    steps: [Option<Step<'f>>; HEADERS],
    len: usize,
    /// What the last of them says about what follows; `None` while it is compressed too.
    next: Option<IpProtocol>,
    /// What was not read.
    rest: &'f [u8],
}

impl<'f> Steps<'f> {
    fn push(&mut self, step: Step<'f>) -> Result<(), LowpanError> {
        let slot = self.steps.get_mut(self.len).ok_or(LowpanError::TooDeep)?;
        *slot = Some(step);
        self.len = self.len.wrapping_add(1);
        Ok(())
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = &Step<'f>> {
        let read = self.steps.get(..self.len).unwrap_or_default();
        read.iter().flatten()
    }

    fn iphc(
        &mut self,
        iphc: &IphcPacket<'f>,
        src_iid: [u8; 8],
        dst_iid: [u8; 8],
        contexts: &Contexts,
    ) -> Result<(), LowpanError> {
        self.push(read_iphc(iphc, src_iid, dst_iid, contexts)?)?;
        (self.next, self.rest) = (iphc.next_header(), iphc.payload());
        Ok(())
    }

    /// Read compressed headers as long as there are some.
    fn nhc(&mut self, contexts: &Contexts) -> Result<(), LowpanError> {
        while self.next.is_none() {
            match NhcPacket::new_checked(self.rest)? {
                NhcPacket::Udp(udp) => {
                    self.push(Step::Udp {
                        ports: udp.ports().resolve(),
                        checksum: udp.checksum(),
                    })?;
                    self.rest = udp.payload();
                    return Ok(());
                }
                NhcPacket::Ext(ext) => {
                    let protocol = protocol_of(ext.id()).ok_or(LowpanError::Malformed)?;
                    let (mut data, mut rest) = (ext.data(), ext.payload());
                    // Some take the length of a fragment header for its reserved octet.
                    if ext.id() == NhcExtId::Fragment && data.is_empty() {
                        (data, rest) = rest.split_at_checked(6).ok_or(LowpanError::Malformed)?;
                    }
                    let whole = missing(data.len()) == 0;
                    if !whole && !has_options(protocol) {
                        return Err(LowpanError::Malformed);
                    }
                    if ext.id() == NhcExtId::Fragment && data.len() != 6 {
                        return Err(LowpanError::Malformed);
                    }
                    self.push(Step::Extension { protocol, data })?;
                    (self.next, self.rest) = (ext.next_header(), rest);
                }
                NhcPacket::Ipv6(inner) => {
                    // What the inner header elides follows from the outer (§3.1.1).
                    let outer = self.iter().rev();
                    let addrs = outer.filter_map(|step| match step {
                        Step::Ipv6 { src, dst, .. } => Some((iid(*src), iid(*dst))),
                        _ => None,
                    });
                    let (src, dst) = { addrs }.next().ok_or(LowpanError::Malformed)?;
                    let iphc = IphcPacket::new_checked(inner.payload())?;
                    self.iphc(&iphc, src, dst, contexts)?;
                }
                NhcPacket::Unknown(_) => return Err(LowpanError::Dispatch),
            }
        }
        Ok(())
    }

    /// Write the headers of a packet of `total` octets.
    fn write(&self, total: usize, out: &mut [u8]) -> Result<Decompressed, LowpanError> {
        let (mut at, mut elided, mut pseudo) = (0_usize, None, None);
        let mut steps = self.iter().peekable();
        while let Some(step) = steps.next() {
            let len = step.len();
            let end = at.saturating_add(len);
            let payload_len = total.checked_sub(end).ok_or(LowpanError::Malformed)?;
            let room = out.get_mut(at..end).ok_or(LowpanError::NoRoom)?;
            let next = steps.peek().map(|next| next.protocol()).or(self.next);
            match *step {
                Step::Ipv6 {
                    traffic: (dscp, ecn, flow_label),
                    hop_limit,
                    src,
                    dst,
                } => {
                    let repr = Ipv6Repr {
                        dscp,
                        ecn,
                        flow_label,
                        next_header: next.ok_or(LowpanError::Malformed)?,
                        hop_limit,
                        src_addr: src,
                        dst_addr: dst,
                        payload_len,
                    };
                    repr.emit(room)?;
                    pseudo = Some(PseudoV6 {
                        src_addr: src,
                        dst_addr: dst,
                    });
                }
                Step::Extension { protocol, data } => {
                    let next_header = next.ok_or(LowpanError::Malformed)?;
                    write_extension(protocol, next_header, data, room)?;
                    if protocol == IpProtocol::Ipv6Route {
                        // The destination that counts for the checksum is another then.
                        pseudo = None;
                    }
                }
                Step::Udp { ports, checksum } => {
                    let repr = UdpRepr {
                        src_port: ports.0,
                        dst_port: ports.1,
                        payload_len,
                    };
                    repr.emit(room)?;
                    match checksum {
                        // Zero is no checksum, and stays none: the receiver refuses it.
                        Some(0) => {}
                        Some(sum) => Udp::store_checksum(room, sum),
                        None => {
                            let pseudo = pseudo.ok_or(LowpanError::ElidedChecksum)?;
                            elided = Some(ElidedChecksum { at, pseudo });
                        }
                    }
                }
            }
            at = end;
        }
        Ok(Decompressed {
            written: at,
            consumed: 0,
            total,
            elided,
        })
    }
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

/// The IPv6 header that a compressed one stands for.
fn read_iphc<'f>(
    iphc: &IphcPacket<'f>,
    src_iid: [u8; 8],
    dst_iid: [u8; 8],
    contexts: &Contexts,
) -> Result<Step<'f>, LowpanError> {
    let numbers = iphc.contexts().unwrap_or_default();
    let traffic = match iphc.traffic() {
        TrafficFlow::Full {
            ecn,
            dscp,
            flow_label,
        } => (dscp, ecn, flow_label),
        TrafficFlow::NoDscp { ecn, flow_label } => (0, ecn, flow_label),
        TrafficFlow::NoFlow { ecn, dscp } => (dscp, ecn, 0),
        TrafficFlow::Elided => (0, Ecn::NotEct, 0),
    };
    Ok(Step::Ipv6 {
        traffic,
        hop_limit: iphc.hop_limit().into(),
        src: resolve_src(iphc.src(), contexts.get(numbers.src), src_iid)?,
        dst: resolve_dst(iphc.dst(), contexts.get(numbers.dst), dst_iid)?,
    })
}

/// The commonest packet, UDP with its checksum in one frame, without an account of its headers;
/// `None` if it is another.
fn decompress_udp(
    iphc: &IphcPacket<'_>,
    payload: &[u8],
    link: &LinkAddrs,
    contexts: &Contexts,
    out: &mut [u8],
) -> Result<Option<Decompressed>, LowpanError> {
    if iphc.next_header().is_some() {
        return Ok(None);
    }
    let NhcPacket::Udp(udp) = NhcPacket::new_checked(iphc.payload())? else {
        return Ok(None);
    };
    let Some(checksum) = udp.checksum().filter(|&sum| sum != 0) else {
        return Ok(None);
    };
    let (src, dst) = (link.src.interface_id(), link.dst.interface_id());
    let Step::Ipv6 {
        traffic: (dscp, ecn, flow_label),
        hop_limit,
        src,
        dst,
    } = read_iphc(iphc, src, dst, contexts)?
    else {
        return Ok(None);
    };
    let data = udp.payload().len();
    let payload_len = data.saturating_add(UDP);
    let (src_port, dst_port) = udp.ports().resolve();
    let headers = out.get_mut(..IPV6 + UDP).ok_or(LowpanError::NoRoom)?;
    let ip = Ipv6Repr {
        dscp,
        ecn,
        flow_label,
        next_header: IpProtocol::Udp,
        hop_limit,
        src_addr: src,
        dst_addr: dst,
        payload_len,
    };
    let (header, room) = headers.split_at_mut(IPV6);
    ip.emit(header)?;
    let repr = UdpRepr {
        src_port,
        dst_port,
        payload_len: data,
    };
    repr.emit(room)?;
    Udp::store_checksum(room, checksum);
    Ok(Some(Decompressed {
        written: IPV6 + UDP,
        consumed: payload.len().saturating_sub(data),
        total: payload_len.saturating_add(IPV6),
        elided: None,
    }))
}

/// The interface identifier of an address.
const fn iid(addr: Ipv6Addr) -> [u8; 8] {
    (addr.to_bits() as u64).to_be_bytes()
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
    let packet = LowpanPacket::new_checked(payload)?;
    decompress_packet(&packet, payload, link, contexts, total, out)
}

/// [`decompress`] of a payload whose first header has been read.
pub(super) fn decompress_packet(
    packet: &LowpanPacket<'_>,
    payload: &[u8],
    link: &LinkAddrs,
    contexts: &Contexts,
    total: Option<usize>,
    out: &mut [u8],
) -> Result<Decompressed, LowpanError> {
    match packet {
        LowpanPacket::Ipv6(plain) => {
            let len = plain.payload().len();
            Ok(Decompressed {
                written: 0,
                consumed: payload.len().saturating_sub(len),
                total: total.unwrap_or(len),
                elided: None,
            })
        }
        LowpanPacket::Iphc(iphc) => {
            if INLINE
                && total.is_none()
                && let Some(done) = decompress_udp(iphc, payload, link, contexts, out)?
            {
                return Ok(done);
            }
            let mut steps = Steps {
                steps: [None; HEADERS],
                len: 0,
                next: None,
                rest: &[],
            };
            let (src, dst) = (link.src.interface_id(), link.dst.interface_id());
            steps.iphc(iphc, src, dst, contexts)?;
            steps.nhc(contexts)?;
            let headers = steps.iter();
            let len = headers.fold(0_usize, |sum, step| sum.saturating_add(step.len()));
            let whole = len.saturating_add(steps.rest.len());
            let total = total.unwrap_or(whole);
            if whole > total {
                return Err(LowpanError::Malformed);
            }
            Ok(Decompressed {
                consumed: payload.len().saturating_sub(steps.rest.len()),
                ..steps.write(total, out)?
            })
        }
        _ => Err(LowpanError::Dispatch),
    }
}
