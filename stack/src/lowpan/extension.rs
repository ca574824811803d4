//! IPv6 extension headers under LOWPAN_NHC (RFC 6282 §4.2): which are compressed, and the padding
//! at their end that need not be sent.

use litz_wire::{IpProtocol, NhcExtId, header};

/// What extension headers begin with (RFC 8200 §4.3, RFC 6275 §6.1.1).
#[header(be, size = 2)]
pub(super) struct ExtensionStart<'a> {
    pub(super) next_header: As<u8, IpProtocol>,
    /// Units of eight octets behind the first.
    pub(super) units: u8,
    #[payload]
    pub(super) payload: &'a [u8],
}

/// An extension header of a packet.
pub(super) struct Extension<'p> {
    pub(super) next_header: IpProtocol,
    /// What follows its length field.
    pub(super) data: &'p [u8],
    /// What follows the header.
    pub(super) rest: &'p [u8],
}

impl<'p> Extension<'p> {
    /// The header at the start of the octets.
    pub(super) fn parse(octets: &'p [u8]) -> Option<Self> {
        let start = ExtensionStartPacket::new_checked(octets).ok()?;
        let len = usize::from(start.units()).checked_mul(8)?.checked_add(6)?;
        let (data, rest) = start.payload().split_at_checked(len)?;
        Some(Self {
            next_header: start.next_header(),
            data,
            rest,
        })
    }
}

/// How a protocol is identified under NHC. Fragment headers are not compressed: they have no
/// length, and what the field in its place means is read in two ways.
pub(super) const fn id_of(protocol: IpProtocol) -> Option<NhcExtId> {
    match protocol {
        IpProtocol::HopByHop => Some(NhcExtId::HopByHop),
        IpProtocol::Ipv6Route => Some(NhcExtId::Routing),
        IpProtocol::Ipv6Opts => Some(NhcExtId::DestinationOptions),
        IpProtocol::Mobility => Some(NhcExtId::Mobility),
        _ => None,
    }
}

/// The protocol of an identifier.
pub(super) const fn protocol_of(id: NhcExtId) -> Option<IpProtocol> {
    match id {
        NhcExtId::HopByHop => Some(IpProtocol::HopByHop),
        NhcExtId::Routing => Some(IpProtocol::Ipv6Route),
        NhcExtId::Fragment => Some(IpProtocol::Ipv6Frag),
        NhcExtId::DestinationOptions => Some(IpProtocol::Ipv6Opts),
        NhcExtId::Mobility => Some(IpProtocol::Mobility),
        _ => None,
    }
}

/// Whether the header consists of options, which may be padded.
pub(super) const fn has_options(protocol: IpProtocol) -> bool {
    matches!(protocol, IpProtocol::HopByHop | IpProtocol::Ipv6Opts)
}

/// Octets that are missing from `data` and its two octets before to a multiple of eight.
pub(super) const fn missing(data: usize) -> usize {
    data.wrapping_add(2).wrapping_neg() & 7
}

/// Write the padding of so many octets, fewer than eight (RFC 8200 §4.2): one option.
pub(super) fn pad(room: &mut [u8]) {
    let data = room.len().wrapping_sub(2) as u8;
    room.fill(0);
    if let [kind, len, ..] = room {
        (*kind, *len) = (1, data);
    }
}

/// The data of a header without the padding that the receiver puts back. Only an option that
/// stands where an option begins, and that the receiver would write alike, is left out.
pub(super) fn without_padding(protocol: IpProtocol, data: &[u8]) -> &[u8] {
    if !has_options(protocol) {
        return data;
    }
    // Where the last option begins: kinds and lengths are walked, as the padding may look like
    // the end of another option.
    let mut rest = data;
    loop {
        let Some((&kind, behind)) = rest.split_first() else {
            return data;
        };
        let next = match (kind, behind.split_first()) {
            (0, _) => Some(behind),
            (_, Some((&len, body))) => body.get(usize::from(len)..),
            _ => None,
        };
        match next {
            None => return data,
            Some([]) => break,
            Some(next) => rest = next,
        }
    }
    let kept = data.len().saturating_sub(rest.len());
    let mut padding = [0; 7];
    let restored = missing(kept) == rest.len()
        && padding.get_mut(..rest.len()).is_some_and(|padding| {
            pad(padding);
            padding == rest
        });
    match data.get(..kept) {
        Some(kept) if restored => kept,
        _ => data,
    }
}
