//! Compressed addresses as readers of packets expect them: what is carried is filled up, what
//! follows from the link is `*`, and what follows from a context names it, as in `ctx0::1`.

use super::dispatch::{Lowpan, LowpanPacket};
use super::iphc::{DstForm, Iphc, IphcPacket, SrcForm};
use super::nhc::{Nhc, NhcPacket, NhcUdp, NhcUdpPacket};
use crate::rt::print::{Layer, Next, Then, Visit};
use crate::rt::{Follow, Header, Result};
use core::fmt;
use core::net::Ipv6Addr;

/// [`Lowpan`] for printers.
pub(crate) struct LowpanText;

impl Follow for LowpanText {
    type View<'a> = LowpanPacket<'a>;

    fn look<'a>(bytes: &'a [u8]) -> Result<LowpanPacket<'a>> {
        Lowpan::look(bytes)
    }

    fn walk(bytes: &[u8], then: &mut Then<'_>) -> fmt::Result {
        match bytes.first().map(|first| first >> 5) {
            Some(0b011) => match Iphc::view_truncated(bytes) {
                Ok(packet) => then(Next::Layer(&IphcText(packet))),
                Err(error) => then(Next::Bad(error)),
            },
            _ => Lowpan::walk(bytes, then),
        }
    }
}

/// [`Nhc`] for printers.
pub(crate) struct NhcText;

impl Follow for NhcText {
    type View<'a> = NhcPacket<'a>;

    fn look<'a>(bytes: &'a [u8]) -> Result<NhcPacket<'a>> {
        Nhc::look(bytes)
    }

    fn walk(bytes: &[u8], then: &mut Then<'_>) -> fmt::Result {
        match bytes.first().map(|first| first >> 3) {
            Some(0b11110) => match NhcUdp::view_truncated(bytes) {
                Ok(packet) => then(Next::Layer(&NhcUdpText(packet))),
                Err(error) => then(Next::Bad(error)),
            },
            _ => Nhc::walk(bytes, then),
        }
    }
}

/// A prefix of 64 bits.
#[derive(Clone, Copy)]
enum Prefix {
    LinkLocal,
    /// That of the context with this number.
    Context(u8),
}

/// An address as far as a frame alone tells it.
enum Text {
    Whole(Ipv6Addr),
    /// A prefix and an interface identifier, if it is carried.
    Parts(Prefix, Option<[u8; 8]>),
    /// A group based on the prefix of a context: flags, RIID and group identifier.
    Group(u8, [u8; 6]),
}

/// Sixteen octets: some at the front, zeros, some at the end.
fn filled(front: &[u8], back: &[u8]) -> Ipv6Addr {
    let mut octets = [0; 16];
    let zeros = 16_usize.saturating_sub(back.len());
    for (to, from) in octets.iter_mut().zip(front) {
        *to = *from;
    }
    for (to, from) in octets.iter_mut().skip(zeros).zip(back) {
        *to = *from;
    }
    Ipv6Addr::from(octets)
}

/// The interface identifier of a short address (RFC 6282 §3.2.2).
const fn short([high, low]: [u8; 2]) -> Option<[u8; 8]> {
    Some([0, 0, 0, 0xff, 0xfe, 0, high, low])
}

impl Text {
    const fn source(form: SrcForm, context: u8) -> Self {
        let context = Prefix::Context(context);
        match form {
            SrcForm::Full(addr) => Self::Whole(addr),
            SrcForm::Unspecified => Self::Whole(Ipv6Addr::UNSPECIFIED),
            SrcForm::LinkLocal64(iid) => Self::Parts(Prefix::LinkLocal, Some(iid)),
            SrcForm::LinkLocal16(octets) => Self::Parts(Prefix::LinkLocal, short(octets)),
            SrcForm::LinkLocalElided => Self::Parts(Prefix::LinkLocal, None),
            SrcForm::Context64(iid) => Self::Parts(context, Some(iid)),
            SrcForm::Context16(octets) => Self::Parts(context, short(octets)),
            SrcForm::ContextElided => Self::Parts(context, None),
        }
    }

    fn destination(form: DstForm, number: u8) -> Self {
        let context = Prefix::Context(number);
        match form {
            DstForm::Full(addr) | DstForm::MulticastFull(addr) => Self::Whole(addr),
            DstForm::LinkLocal64(iid) => Self::Parts(Prefix::LinkLocal, Some(iid)),
            DstForm::LinkLocal16(octets) => Self::Parts(Prefix::LinkLocal, short(octets)),
            DstForm::LinkLocalElided => Self::Parts(Prefix::LinkLocal, None),
            DstForm::Context64(iid) => Self::Parts(context, Some(iid)),
            DstForm::Context16(octets) => Self::Parts(context, short(octets)),
            DstForm::ContextElided => Self::Parts(context, None),
            DstForm::Multicast48([scope, group @ ..]) => {
                Self::Whole(filled(&[0xff, scope], &group))
            }
            DstForm::Multicast32([scope, group @ ..]) => {
                Self::Whole(filled(&[0xff, scope], &group))
            }
            DstForm::Multicast8(group) => Self::Whole(filled(&[0xff, 2], &[group])),
            DstForm::MulticastContext48(octets) => Self::Group(number, octets),
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(addr) => addr.fmt(f),
            Self::Parts(Prefix::LinkLocal, Some(iid)) => filled(&[0xfe, 0x80], iid).fmt(f),
            Self::Parts(Prefix::LinkLocal, None) => f.write_str("fe80::*"),
            // Zeros where the prefix belongs: the text begins with two colons.
            Self::Parts(Prefix::Context(context), Some(iid)) => {
                write!(f, "ctx{context}{}", filled(&[], iid))
            }
            Self::Parts(Prefix::Context(context), None) => write!(f, "ctx{context}::*"),
            Self::Group(context, [flags, riid, group @ ..]) => {
                let group = u32::from_be_bytes(*group);
                write!(f, "ff{flags:02x}:{riid:02x}:ctx{context}::{group:x}")
            }
        }
    }
}

/// A header of LOWPAN_IPHC as a layer whose line has addresses.
struct IphcText<'a>(IphcPacket<'a>);

impl Layer for IphcText<'_> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn fields(&self, visit: &mut Visit<'_>) -> fmt::Result {
        self.0.fields(visit)
    }

    fn line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let packet = &self.0;
        let contexts = packet.contexts().unwrap_or_default();
        write!(
            f,
            "Iphc {} > {} ",
            Text::source(packet.src(), contexts.src),
            Text::destination(packet.dst(), contexts.dst)
        )?;
        match packet.next_header() {
            Some(next) => fmt::Display::fmt(&next, f)?,
            None => f.write_str("Nhc")?,
        }
        write!(f, " hlim {}", u8::from(packet.hop_limit()))
    }

    fn next(&self, then: &mut Then<'_>) -> fmt::Result {
        self.0.next(then)
    }
}

/// A header of compressed UDP as a layer whose line has ports.
struct NhcUdpText<'a>(NhcUdpPacket<'a>);

impl Layer for NhcUdpText<'_> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn fields(&self, visit: &mut Visit<'_>) -> fmt::Result {
        self.0.fields(visit)
    }

    fn line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (src, dst) = self.0.ports().resolve();
        write!(f, "NhcUdp {src} > {dst}")
    }

    fn next(&self, then: &mut Then<'_>) -> fmt::Result {
        self.0.next(then)
    }
}
