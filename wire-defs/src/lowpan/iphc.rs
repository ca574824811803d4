//! LOWPAN_IPHC (RFC 6282 §3.1): every in-line field is a form that bits of the base header choose.
//! What elided addresses are is not said here: that takes the addresses of the link and contexts.

use crate::{Ecn, IpProtocol, forms, header};
use core::net::Ipv6Addr;

/// LOWPAN_IPHC (RFC 6282 §3.1).
#[header(
    be,
    size = 2..,
    rfc = "6282 §3.1",
    line = "{src} > {dst} hop limit {hop_limit} next {next_header}",
    next(next_header => payload: crate::payload::nhc)
)]
pub struct Iphc<'a> {
    #[eq(0b011)]
    dispatch: u3,
    #[tag_of(traffic)]
    tf: u2,
    #[from(next_header.is_none())]
    nh: bool,
    #[tag_of(hop_limit)]
    hlim: u2,
    #[from(contexts.is_some())]
    cid: bool,
    #[tag_of(src)]
    sac_sam: u3,
    #[tag_of(dst)]
    m_dac_dam: u4,
    #[when(cid)]
    pub contexts: Option<ContextIds>,
    #[form(tf)]
    pub traffic: TrafficFlow,
    /// The next header, if it is not compressed.
    #[when(!nh)]
    pub next_header: Option<As<u8, IpProtocol>>,
    #[form(hlim)]
    pub hop_limit: HopLimitForm,
    #[form(sac_sam)]
    pub src: SrcForm,
    #[form(m_dac_dam)]
    pub dst: DstForm,
    #[payload]
    pub payload: &'a [u8],
}

/// Context identifiers (RFC 6282 §3.1.2).
#[header(be, size = 1)]
pub struct ContextIds {
    pub src: u4,
    pub dst: u4,
}

/// Traffic class and flow label (RFC 6282 §3.2.1).
#[forms(tag: u2)]
pub enum TrafficFlow {
    /// Everything is carried.
    #[tag(0b00)]
    Full {
        ecn: As<u2, Ecn>,
        dscp: u6,
        _reserved: u4,
        flow_label: u20,
    },
    /// The DSCP is zero.
    #[tag(0b01)]
    NoDscp {
        ecn: As<u2, Ecn>,
        _reserved: u2,
        flow_label: u20,
    },
    /// The flow label is zero.
    #[tag(0b10)]
    NoFlow { ecn: As<u2, Ecn>, dscp: u6 },
    /// All is zero.
    #[tag(0b11)]
    Elided,
}

/// Hop limit (RFC 6282 §3.1.1).
#[forms(tag: u2)]
pub enum HopLimitForm {
    /// Any value.
    #[tag(0b00)]
    Inline(u8),
    /// 1.
    #[tag(0b01)]
    One,
    /// 64.
    #[tag(0b10)]
    SixtyFour,
    /// 255.
    #[tag(0b11)]
    TwoFiftyFive,
}

impl From<u8> for HopLimitForm {
    fn from(hop_limit: u8) -> Self {
        match hop_limit {
            1 => Self::One,
            64 => Self::SixtyFour,
            255 => Self::TwoFiftyFive,
            other => Self::Inline(other),
        }
    }
}

impl From<HopLimitForm> for u8 {
    fn from(form: HopLimitForm) -> Self {
        match form {
            HopLimitForm::Inline(hop_limit) => hop_limit,
            HopLimitForm::One => 1,
            HopLimitForm::SixtyFour => 64,
            HopLimitForm::TwoFiftyFive => 255,
        }
    }
}

/// Source address: SAC and SAM (RFC 6282 §3.1.1).
#[forms(tag: u3)]
pub enum SrcForm {
    /// The whole address.
    #[tag(0b000)]
    Full(Ipv6Addr),
    /// Link-local, the interface identifier is carried.
    #[tag(0b001)]
    LinkLocal64([u8; 8]),
    /// Link-local, the interface identifier is 0000:00ff:fe00 and this.
    #[tag(0b010)]
    LinkLocal16([u8; 2]),
    /// Link-local, the interface identifier follows from the link.
    #[tag(0b011)]
    LinkLocalElided,
    /// The unspecified address.
    #[tag(0b100)]
    Unspecified,
    /// The prefix is a context's, the interface identifier is carried.
    #[tag(0b101)]
    Context64([u8; 8]),
    /// The prefix is a context's, the interface identifier is 0000:00ff:fe00 and this.
    #[tag(0b110)]
    Context16([u8; 2]),
    /// The prefix is a context's, the interface identifier follows from the link.
    #[tag(0b111)]
    ContextElided,
}

/// Destination address: M, DAC and DAM (RFC 6282 §3.1.1).
#[forms(tag: u4, reserved(0b0100, 0b1101..=0b1111))]
pub enum DstForm {
    /// The whole address.
    #[tag(0b0000)]
    Full(Ipv6Addr),
    /// Link-local, the interface identifier is carried.
    #[tag(0b0001)]
    LinkLocal64([u8; 8]),
    /// Link-local, the interface identifier is 0000:00ff:fe00 and this.
    #[tag(0b0010)]
    LinkLocal16([u8; 2]),
    /// Link-local, the interface identifier follows from the link.
    #[tag(0b0011)]
    LinkLocalElided,
    /// The prefix is a context's, the interface identifier is carried.
    #[tag(0b0101)]
    Context64([u8; 8]),
    /// The prefix is a context's, the interface identifier is 0000:00ff:fe00 and this.
    #[tag(0b0110)]
    Context16([u8; 2]),
    /// The prefix is a context's, the interface identifier follows from the link.
    #[tag(0b0111)]
    ContextElided,
    /// A group, the whole address.
    #[tag(0b1000)]
    MulticastFull(Ipv6Addr),
    /// A group: ff, flags and scope, and the last five octets.
    #[tag(0b1001)]
    Multicast48([u8; 6]),
    /// A group: ff, flags and scope, and the last three octets.
    #[tag(0b1010)]
    Multicast32([u8; 4]),
    /// A group: ff02::00 and this.
    #[tag(0b1011)]
    Multicast8(u8),
    /// A group based on the prefix of a context (RFC 3306).
    #[tag(0b1100)]
    MulticastContext48([u8; 6]),
}
