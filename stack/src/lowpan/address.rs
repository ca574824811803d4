//! What the address forms of LOWPAN_IPHC stand for (RFC 6282 §3.1.1), and which is the shortest for
//! an address. A form is chosen by trying whether it stands for the address, so the two cannot
//! disagree.

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

/// The identifier and the two octets at the end of an address.
const fn tail(addr: Ipv6Addr) -> ([u8; 8], [u8; 2]) {
    let [.., a, b, c, d, e, f, g, h] = addr.octets();
    ([a, b, c, d, e, f, g, h], [g, h])
}

/// The source address that a form stands for.
pub(super) fn resolve_src(
    form: SrcForm,
    context: Option<&Context>,
    iid: [u8; 8],
) -> Result<Ipv6Addr, LowpanError> {
    let context = context.ok_or(LowpanError::Context);
    Ok(match form {
        SrcForm::Full(addr) => addr,
        SrcForm::Unspecified => Ipv6Addr::UNSPECIFIED,
        SrcForm::LinkLocal64(iid) => LINK_LOCAL.address(iid),
        SrcForm::LinkLocal16(octets) => LINK_LOCAL.address(short_iid(octets)),
        SrcForm::LinkLocalElided => LINK_LOCAL.address(iid),
        SrcForm::Context64(iid) => context?.address(iid),
        SrcForm::Context16(octets) => context?.address(short_iid(octets)),
        SrcForm::ContextElided => context?.address(iid),
    })
}

/// The destination address that a form stands for.
pub(super) fn resolve_dst(
    form: DstForm,
    context: Option<&Context>,
    iid: [u8; 8],
) -> Result<Ipv6Addr, LowpanError> {
    let context = context.ok_or(LowpanError::Context);
    Ok(match form {
        DstForm::Full(addr) | DstForm::MulticastFull(addr) => addr,
        DstForm::LinkLocal64(iid) => LINK_LOCAL.address(iid),
        DstForm::LinkLocal16(octets) => LINK_LOCAL.address(short_iid(octets)),
        DstForm::LinkLocalElided => LINK_LOCAL.address(iid),
        DstForm::Context64(iid) => context?.address(iid),
        DstForm::Context16(octets) => context?.address(short_iid(octets)),
        DstForm::ContextElided => context?.address(iid),
        DstForm::Multicast48([scope, group @ ..]) => group48(scope, group),
        DstForm::Multicast32([scope, a, b, c]) => group48(scope, [0, 0, a, b, c]),
        DstForm::Multicast8(group) => group48(0x02, [0, 0, 0, 0, group]),
        DstForm::MulticastContext48(octets) => prefix_group(octets, context?)?,
    })
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
    let masked = context.address([0; 8]).to_bits();
    let [p0, p1, p2, p3, p4, p5, p6, p7, ..] = masked.to_be_bytes();
    let len = context.prefix_len;
    Ok(Ipv6Addr::from_bits(u128::from_be_bytes([
        0xff, flags, riid, len, p0, p1, p2, p3, p4, p5, p6, p7, a, b, c, d,
    ])))
}

/// The shortest form of a source address, and the context that it needs.
#[cfg_attr(feature = "inline", inline(always))]
pub(super) fn choose_src(addr: Ipv6Addr, iid: [u8; 8], contexts: &Contexts) -> (SrcForm, u8) {
    if addr.is_unspecified() {
        return (SrcForm::Unspecified, 0);
    }
    let (own, short) = tail(addr);
    let stands = |form, context| resolve_src(form, context, iid) == Ok(addr);
    let local = [
        SrcForm::LinkLocalElided,
        SrcForm::LinkLocal16(short),
        SrcForm::LinkLocal64(own),
    ];
    if let Some(form) = local.into_iter().find(|&form| stands(form, None)) {
        return (form, 0);
    }
    let forms = [
        SrcForm::ContextElided,
        SrcForm::Context16(short),
        SrcForm::Context64(own),
    ];
    for form in forms {
        let mut usable = contexts.usable();
        if let Some((number, _)) = usable.find(|(_, context)| stands(form, Some(context))) {
            return (form, number);
        }
    }
    (SrcForm::Full(addr), 0)
}

/// The shortest form of a destination address, and the context that it needs.
#[cfg_attr(feature = "inline", inline(always))]
pub(super) fn choose_dst(addr: Ipv6Addr, iid: [u8; 8], contexts: &Contexts) -> (DstForm, u8) {
    let (own, short) = tail(addr);
    let stands = |form, context| resolve_dst(form, context, iid) == Ok(addr);
    let with_context = |form| {
        let mut usable = contexts.usable();
        let found = usable.find(|(_, context)| stands(form, Some(context)));
        found.map(|(number, _)| (form, number))
    };
    if addr.is_multicast() {
        let [_, scope, riid, .., b, c, d, e, f] = addr.octets();
        let group = [
            DstForm::Multicast8(f),
            DstForm::Multicast32([scope, d, e, f]),
            DstForm::Multicast48([scope, b, c, d, e, f]),
        ];
        if let Some(form) = group.into_iter().find(|&form| stands(form, None)) {
            return (form, 0);
        }
        let prefixed = DstForm::MulticastContext48([scope, riid, c, d, e, f]);
        return with_context(prefixed).unwrap_or((DstForm::MulticastFull(addr), 0));
    }
    let local = [
        DstForm::LinkLocalElided,
        DstForm::LinkLocal16(short),
        DstForm::LinkLocal64(own),
    ];
    if let Some(form) = local.into_iter().find(|&form| stands(form, None)) {
        return (form, 0);
    }
    let forms = [
        DstForm::ContextElided,
        DstForm::Context16(short),
        DstForm::Context64(own),
    ];
    let found = forms.into_iter().find_map(with_context);
    found.unwrap_or((DstForm::Full(addr), 0))
}
