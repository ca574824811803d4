//! The chain of extension headers behind an IPv6 header (RFC 8200 §4): walked once, with bounds on
//! its length (RFC 8504 §5.3), and with what a host answers to headers and options that it does not
//! know. Reassembly and the answers themselves are not here.

use litz_wire::rt::{OptionItem, Options, Taken};
use litz_wire::{
    Icmpv6ParamProblem, IpProtocol, Ipv6DstOptsPacket, Ipv6FragmentPacket, Ipv6HopByHopPacket,
    Ipv6Option, Ipv6OptionAction, Ipv6Packet, Ipv6RoutingPacket,
};

use super::counters::DropReason;
use crate::parts::EXTENSIONS;

/// Extension headers of one packet.
const MAX_HEADERS: usize = 8;
/// Options of one header that are not padding.
const MAX_OPTIONS: usize = 8;
/// Octets of padding in a row.
const MAX_PADDING: usize = 7;
/// Where the IPv6 header says what follows it.
const NEXT_HEADER: usize = 6;
/// Where a routing header has its type.
const ROUTING_TYPE: usize = 2;

/// What stands at the end of a chain.
pub(super) enum End<'p> {
    /// What the packet is about.
    Upper(Upper<'p>),
    /// One part of a packet that begins with the headers before.
    Fragment {
        fragment: Ipv6FragmentPacket<'p>,
        /// Octet of the packet at which the fragment header begins.
        at: usize,
        /// Octet of the packet that names it.
        named_at: usize,
    },
}

/// The message that a packet carries.
#[derive(Clone, Copy)]
pub(super) struct Upper<'p> {
    pub(super) protocol: IpProtocol,
    pub(super) payload: &'p [u8],
    /// Whether routers were to look at it (RFC 2711).
    pub(super) alert: bool,
    /// Octet of the packet that names the protocol.
    pub(super) named_at: usize,
}

/// Why a chain is refused.
pub(super) enum Fault {
    /// Without a word.
    Drop(DropReason),
    /// The sender is told where the packet is wrong.
    Problem {
        reason: Icmpv6ParamProblem,
        pointer: usize,
        /// Also if the packet was for a group.
        to_groups_too: bool,
    },
}

/// Walks the headers of a packet.
pub(super) fn walk<'p>(packet: &Ipv6Packet<'p>) -> Result<End<'p>, Fault> {
    let whole = packet.bytes().len();
    let mut upper = Upper {
        protocol: packet.next_header(),
        payload: packet.payload(),
        alert: false,
        named_at: NEXT_HEADER,
    };
    if !EXTENSIONS {
        return Ok(End::Upper(upper));
    }
    for count in 0..=MAX_HEADERS {
        let at = whole.saturating_sub(upper.payload.len());
        let (next, payload) = match upper.protocol {
            IpProtocol::HopByHop if count == 0 => {
                let header = checked(Ipv6HopByHopPacket::new_checked(upper.payload))?;
                upper.alert = options(&header.options(), at.saturating_add(2))?;
                (header.next_header(), header.payload())
            }
            IpProtocol::HopByHop => return Err(unknown_header(upper.named_at)),
            IpProtocol::Ipv6Opts => {
                let header = checked(Ipv6DstOptsPacket::new_checked(upper.payload))?;
                options(&header.options(), at.saturating_add(2))?;
                (header.next_header(), header.payload())
            }
            IpProtocol::Ipv6Route => {
                let header = checked(Ipv6RoutingPacket::new_checked(upper.payload))?;
                // No type is known here; a route that is at its end matters no more (RFC 8200
                // §4.4), and type 0 is treated as any other (RFC 5095 §3).
                if header.segments_left() > 0 {
                    return Err(Fault::Problem {
                        reason: Icmpv6ParamProblem::ErroneousHeader,
                        pointer: at.saturating_add(ROUTING_TYPE),
                        to_groups_too: false,
                    });
                }
                (header.next_header(), header.payload())
            }
            IpProtocol::Ipv6Frag => {
                let fragment = checked(Ipv6FragmentPacket::new_checked(upper.payload))?;
                if fragment.more_frags() || fragment.frag_offset() != 0 {
                    return Ok(End::Fragment {
                        fragment,
                        at,
                        named_at: upper.named_at,
                    });
                }
                // RFC 6946: a packet in one fragment is by itself, whatever else has its number.
                (fragment.next_header(), fragment.payload())
            }
            IpProtocol::Ipv6NoNxt => return Err(Fault::Drop(DropReason::NoNextHeader)),
            _ => return Ok(End::Upper(upper)),
        };
        upper = Upper {
            protocol: next,
            payload,
            named_at: at,
            ..upper
        };
    }
    Err(Fault::Drop(DropReason::HeaderLimit))
}

/// Looks at the hop-by-hop options of a packet on its way (RFC 8200 §4.3).
pub(super) fn hop_by_hop(packet: &Ipv6Packet<'_>) -> Result<(), Fault> {
    if packet.next_header() != IpProtocol::HopByHop {
        return Ok(());
    }
    let header = checked(Ipv6HopByHopPacket::new_checked(packet.payload()))?;
    let at = packet.bytes().len().saturating_sub(packet.payload().len());
    options(&header.options(), at.saturating_add(2)).map(|_| ())
}

fn checked<T>(header: litz_wire::rt::Result<T>) -> Result<T, Fault> {
    header.map_err(|_| Fault::Drop(DropReason::Malformed))
}

const fn unknown_header(pointer: usize) -> Fault {
    Fault::Problem {
        reason: Icmpv6ParamProblem::UnrecognizedNxtHdr,
        pointer,
        to_groups_too: false,
    }
}

/// Looks at the options of a header, which begin at an octet of the packet. Returns whether one is
/// a router alert.
fn options(list: &Options<'_, Ipv6Option<'_>>, at: usize) -> Result<bool, Fault> {
    let mut region = list.as_bytes().unwrap_or(&[]);
    let len = region.len();
    let (mut count, mut padding, mut alert) = (0_usize, 0_usize, false);
    while let Some(&kind) = region.first() {
        let pointer = at.saturating_add(len.saturating_sub(region.len()));
        let Ok((Taken::Item(option), rest)) = Ipv6Option::take(region) else {
            return Err(Fault::Drop(DropReason::Malformed));
        };
        region = rest;
        if matches!(option, Ipv6Option::Pad1 | Ipv6Option::PadN { .. }) {
            padding = padding.saturating_add(option.wire_len());
        } else {
            padding = 0;
            count = count.saturating_add(1);
        }
        if padding > MAX_PADDING || count > MAX_OPTIONS {
            return Err(Fault::Drop(DropReason::HeaderLimit));
        }
        match option {
            Ipv6Option::Pad1 | Ipv6Option::PadN { .. } | Ipv6Option::TunnelLimit { .. } => {}
            Ipv6Option::RouterAlert { .. } => alert = true,
            _ => unknown_option(Ipv6OptionAction::of(kind), pointer)?,
        }
    }
    Ok(alert)
}

/// RFC 8200 §4.2.
const fn unknown_option(action: Ipv6OptionAction, pointer: usize) -> Result<(), Fault> {
    let to_groups_too = match action {
        Ipv6OptionAction::Skip => return Ok(()),
        Ipv6OptionAction::Discard => return Err(Fault::Drop(DropReason::IpOption)),
        Ipv6OptionAction::Report => true,
        _ => false,
    };
    Err(Fault::Problem {
        reason: Icmpv6ParamProblem::UnrecognizedOption,
        pointer,
        to_groups_too,
    })
}

/// What a packet carries as far as it is there, without judging it: protocol and octets. `None` if
/// that is not in it, as in all fragments but the first.
pub(super) fn skip(first: IpProtocol, payload: &[u8]) -> Option<(IpProtocol, &[u8])> {
    let mut headers = Skip(first, payload);
    for _ in 0..=MAX_HEADERS {
        match headers.next()? {
            Some(offset) if offset > 0 => return None,
            Some(_) => {}
            None => return Some((headers.0, headers.1)),
        }
    }
    None
}

/// The offset of a packet that is a fragment.
pub(super) fn fragment_offset(first: IpProtocol, payload: &[u8]) -> Option<u16> {
    let mut headers = Skip(first, payload);
    for _ in 0..=MAX_HEADERS {
        let is_fragment = headers.0 == IpProtocol::Ipv6Frag;
        let offset = headers.next()??;
        if is_fragment {
            return Some(offset);
        }
    }
    None
}

/// Where a walk that only looks has come to.
struct Skip<'p>(IpProtocol, &'p [u8]);

impl Skip<'_> {
    /// Goes behind a header, and gives its fragment offset, 0 if it has none; `Some(None)` if there
    /// is no extension header here, `None` if it is not whole.
    fn next(&mut self) -> Option<Option<u16>> {
        let (offset, next, rest) = match self.0 {
            IpProtocol::HopByHop | IpProtocol::Ipv6Opts => {
                let header = Ipv6DstOptsPacket::new_checked(self.1).ok()?;
                (0, header.next_header(), header.payload())
            }
            IpProtocol::Ipv6Route => {
                let header = Ipv6RoutingPacket::new_checked(self.1).ok()?;
                (0, header.next_header(), header.payload())
            }
            IpProtocol::Ipv6Frag => {
                let header = Ipv6FragmentPacket::new_checked(self.1).ok()?;
                (header.frag_offset(), header.next_header(), header.payload())
            }
            _ => return Some(None),
        };
        (self.0, self.1) = (next, rest);
        Some(Some(offset))
    }
}

#[cfg(test)]
mod tests;
