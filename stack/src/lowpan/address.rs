//! What the address forms of LOWPAN_IPHC stand for (RFC 6282 §3.1.1), and which is the shortest for
//! an address. A form is chosen by trying what stands for the address.

use core::net::Ipv6Addr;

use litz_wire::{DstForm, SrcForm};

use super::LowpanError;
use super::context::{Context, Contexts};

/// The prefix of link-local addresses, as a context.
const LINK_LOCAL: Context = Context::new(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 64);

/// An interface identifier made of 16 bits (§3.2.2).
const fn short_iid([high, low]: [u8; 2]) -> [u8; 8] {
    [0, 0, 0, 0xff, 0xfe, 0, high, low]
}

/// The source address that a form stands for.
pub(super) fn resolve_src(
    form: SrcForm,
    context: Option<&Context>,
    iid: [u8; 8],
) -> Result<Ipv6Addr, LowpanError> {
    let local = Some(&LINK_LOCAL);
    let (context, iid) = match form {
        SrcForm::Full(addr) => return Ok(addr),
        SrcForm::Unspecified => return Ok(Ipv6Addr::UNSPECIFIED),
        SrcForm::LinkLocal64(iid) => (local, iid),
        SrcForm::LinkLocal16(octets) => (local, short_iid(octets)),
        SrcForm::LinkLocalElided => (local, iid),
        SrcForm::Context64(iid) => (context, iid),
        SrcForm::Context16(octets) => (context, short_iid(octets)),
        SrcForm::ContextElided => (context, iid),
    };
    Ok(context.ok_or(LowpanError::Context)?.address(iid))
}

/// The destination address that a form stands for.
pub(super) fn resolve_dst(
    form: DstForm,
    context: Option<&Context>,
    iid: [u8; 8],
) -> Result<Ipv6Addr, LowpanError> {
    let form = match form {
        DstForm::Full(addr) | DstForm::MulticastFull(addr) => SrcForm::Full(addr),
        DstForm::LinkLocal64(iid) => SrcForm::LinkLocal64(iid),
        DstForm::LinkLocal16(octets) => SrcForm::LinkLocal16(octets),
        DstForm::LinkLocalElided => SrcForm::LinkLocalElided,
        DstForm::Context64(iid) => SrcForm::Context64(iid),
        DstForm::Context16(octets) => SrcForm::Context16(octets),
        DstForm::ContextElided => SrcForm::ContextElided,
        DstForm::Multicast48([scope, group @ ..]) => return Ok(group48(scope, group)),
        DstForm::Multicast32([scope, a, b, c]) => return Ok(group48(scope, [0, 0, a, b, c])),
        DstForm::Multicast8(group) => return Ok(group48(0x02, [0, 0, 0, 0, group])),
        DstForm::MulticastContext48(octets) => {
            return prefix_group(octets, context.ok_or(LowpanError::Context)?);
        }
    };
    resolve_src(form, context, iid)
}

/// ff, flags and scope, and the last five octets.
const fn group48(scope: u8, [a, b, c, d, e]: [u8; 5]) -> Ipv6Addr {
    let octets = [0xff, scope, 0, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d, e];
    Ipv6Addr::from_bits(u128::from_be_bytes(octets))
}

/// A group based on a prefix (RFC 3306 §4, RFC 3956 §3; RFC 6282 §3.1.1, figure 4).
fn prefix_group(octets: [u8; 6], context: &Context) -> Result<Ipv6Addr, LowpanError> {
    // The prefix has 64 bits of room.
    if context.prefix_len > 64 {
        return Err(LowpanError::Context);
    }
    let [flags, riid, a, b, c, d] = octets;
    let prefix = context.address([0; 8]).octets();
    let [p0, p1, p2, p3, p4, p5, p6, p7, ..] = prefix;
    let len = context.prefix_len;
    Ok(Ipv6Addr::from_bits(u128::from_be_bytes([
        0xff, flags, riid, len, p0, p1, p2, p3, p4, p5, p6, p7, a, b, c, d,
    ])))
}

/// The shortest form of a unicast address, and the context that it needs.
fn choose(addr: Ipv6Addr, iid: [u8; 8], contexts: &Contexts) -> (SrcForm, u8) {
    let [.., a, b, c, d, e, f, g, h] = addr.octets();
    let (own, short) = ([a, b, c, d, e, f, g, h], [g, h]);
    let identifiers = [iid, short_iid(short), own];
    if let Some(at) = identifiers.iter().position(|iid| LINK_LOCAL.address(*iid) == addr) {
        let form = match at {
            0 => SrcForm::LinkLocalElided,
            1 => SrcForm::LinkLocal16(short),
            _ => SrcForm::LinkLocal64(own),
        };
        return (form, 0);
    }
    for (at, iid) in identifiers.iter().enumerate() {
        let mut usable = contexts.usable();
        if let Some((number, _)) = usable.find(|(_, context)| context.address(*iid) == addr) {
            let form = match at {
                0 => SrcForm::ContextElided,
                1 => SrcForm::Context16(short),
                _ => SrcForm::Context64(own),
            };
            return (form, number);
        }
    }
    (SrcForm::Full(addr), 0)
}

/// The shortest form of a source address, and the context that it needs.
pub(super) fn choose_src(addr: Ipv6Addr, iid: [u8; 8], contexts: &Contexts) -> (SrcForm, u8) {
    match addr.is_unspecified() {
        true => (SrcForm::Unspecified, 0),
        false => choose(addr, iid, contexts),
    }
}

/// The shortest form of a destination address, and the context that it needs.
pub(super) fn choose_dst(addr: Ipv6Addr, iid: [u8; 8], contexts: &Contexts) -> (DstForm, u8) {
    if addr.is_multicast() {
        return choose_group(addr, contexts);
    }
    let (form, number) = choose(addr, iid, contexts);
    let form = match form {
        SrcForm::LinkLocalElided => DstForm::LinkLocalElided,
        SrcForm::LinkLocal16(octets) => DstForm::LinkLocal16(octets),
        SrcForm::LinkLocal64(iid) => DstForm::LinkLocal64(iid),
        SrcForm::ContextElided => DstForm::ContextElided,
        SrcForm::Context16(octets) => DstForm::Context16(octets),
        SrcForm::Context64(iid) => DstForm::Context64(iid),
        SrcForm::Full(_) | SrcForm::Unspecified => DstForm::Full(addr),
    };
    (form, number)
}

/// The shortest form of a group's address, and the context that it needs.
fn choose_group(addr: Ipv6Addr, contexts: &Contexts) -> (DstForm, u8) {
    let [_, scope, riid, .., b, c, d, e, f] = addr.octets();
    if group48(scope, [b, c, d, e, f]) == addr {
        let form = match (scope, [b, c, d, e]) {
            (2, [0, 0, 0, 0]) => DstForm::Multicast8(f),
            (_, [0, 0, ..]) => DstForm::Multicast32([scope, d, e, f]),
            _ => DstForm::Multicast48([scope, b, c, d, e, f]),
        };
        return (form, 0);
    }
    let octets = [scope, riid, c, d, e, f];
    let mut usable = contexts.usable();
    match usable.find(|(_, context)| prefix_group(octets, context) == Ok(addr)) {
        Some((number, _)) => (DstForm::MulticastContext48(octets), number),
        None => (DstForm::MulticastFull(addr), 0),
    }
}
