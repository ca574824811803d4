//! The MAC frame of IEEE 802.15.4: header, payload and integrity code; the frame check sequence is
//! the radio's. Multipurpose and fragment frames, whose frame control differs, are not here.

use super::information::{HeaderIes, PayloadIes};
use super::security::{SecurityHeader, SecurityHeaderRepr, mic_len};
use crate::{Beacon, MacCommandHeader, codes, forms, header, payloads};
use crate::{Eui64, Lowpan, PanId, ShortAddress};

/// Types of frames (IEEE 802.15.4-2020 §7.2.2.2).
#[codes(u3)]
pub enum FrameType {
    Beacon = 0,
    Data = 1,
    Ack = 2,
    Command = 3,
    Multipurpose = 5,
    Fragment = 6,
    Extended = 7,
}

/// Versions of the frame format (IEEE 802.15.4-2020 §7.2.2.10).
#[codes(u2)]
pub enum FrameVersion {
    /// IEEE 802.15.4-2003.
    V2003 = 0,
    /// IEEE 802.15.4-2006.
    V2006 = 1,
    /// IEEE 802.15.4-2015 and later.
    V2015 = 2,
}

/// Address of 0, 2 or 8 octets, selected by an addressing mode (IEEE 802.15.4-2020 §7.2.2.9).
#[forms(tag: u2, le, reserved(0b01))]
pub enum MacAddress {
    /// No address: the coordinator, or nobody in particular.
    #[tag(0b00)]
    Absent,
    /// An address within the network.
    #[tag(0b10)]
    Short(As<u16, ShortAddress>),
    /// An address that is unique in the world.
    #[tag(0b11)]
    Extended(As<[u8; 8], Eui64>),
}

/// IEEE 802.15.4 MAC frame without its frame check sequence.
#[header(
    le,
    size = 2..,
    max = 127,
    rfc = "IEEE 802.15.4-2020 §7.2",
    packet = Ieee802154Frame,
    line = "{frame_type} seq {seq} pan {dst_pan} {src_addr} > {dst_addr}",
    next(frame_type => payload: crate::payload::mac, if is_clear(security))
)]
#[check(has_general_header(frame_type, version))]
#[check(fits_version(version, seq, header_ies, security))]
pub struct Ieee802154<'a> {
    pub frame_type: As<u3, FrameType>,
    #[from(security.is_some())]
    security_enabled: bool,
    pub frame_pending: bool,
    pub ack_request: bool,
    pub pan_id_compression: bool,
    _reserved: u1,
    #[from(seq.is_none())]
    seq_suppressed: bool,
    #[from(header_ies.is_some())]
    ie_present: bool,
    #[tag_of(dst_addr)]
    dst_mode: u2,
    pub version: As<u2, FrameVersion>,
    #[tag_of(src_addr)]
    src_mode: u2,
    #[when(!seq_suppressed)]
    pub seq: Option<u8>,
    #[when(pan_ids(version, dst_mode, src_mode, pan_id_compression).0)]
    pub dst_pan: Option<As<u16, PanId>>,
    #[form(dst_mode)]
    pub dst_addr: MacAddress,
    #[when(pan_ids(version, dst_mode, src_mode, pan_id_compression).1)]
    pub src_pan: Option<As<u16, PanId>>,
    #[form(src_mode)]
    pub src_addr: MacAddress,
    #[when(security_enabled)]
    pub security: Option<SecurityHeader>,
    #[when(ie_present)]
    pub header_ies: Option<Codec<HeaderIes<'a>>>,
    #[when(has_payload_ies(header_ies, security))]
    pub payload_ies: Option<Codec<PayloadIes<'a>>>,
    #[payload]
    pub payload: &'a [u8],
    /// Message integrity code.
    #[trailer(mic_len(security))]
    pub mic: &'a [u8],
}

/// Frame control (IEEE 802.15.4-2020 §7.2.2): whoever changes a bit of a frame needs no more.
#[header(le, size = 2, rfc = "IEEE 802.15.4-2020 §7.2.2")]
pub struct FrameControl {
    pub frame_type: As<u3, FrameType>,
    pub security_enabled: bool,
    pub frame_pending: bool,
    pub ack_request: bool,
    pub pan_id_compression: bool,
    _reserved: u1,
    pub seq_suppressed: bool,
    pub ie_present: bool,
    pub dst_mode: u2,
    pub version: As<u2, FrameVersion>,
    pub src_mode: u2,
}

/// The start of a frame: frame control, number and addresses. What stands behind them is left to
/// others: the security header, information elements, the payload and its integrity code. Whoever
/// needs the addresses alone reads and writes it with much less code than [`Ieee802154`].
#[header(le, size = 2.., max = 127, rfc = "IEEE 802.15.4-2020 §7.2")]
#[check(has_general_header(frame_type, version))]
#[check(is_known_to(version, seq, ie_present, security_enabled))]
pub struct MacHeader<'a> {
    pub frame_type: As<u3, FrameType>,
    pub security_enabled: bool,
    pub frame_pending: bool,
    pub ack_request: bool,
    pub pan_id_compression: bool,
    _reserved: u1,
    #[from(seq.is_none())]
    seq_suppressed: bool,
    pub ie_present: bool,
    #[tag_of(dst_addr)]
    dst_mode: u2,
    pub version: As<u2, FrameVersion>,
    #[tag_of(src_addr)]
    src_mode: u2,
    #[when(!seq_suppressed)]
    pub seq: Option<u8>,
    #[when(pan_ids(version, dst_mode, src_mode, pan_id_compression).0)]
    pub dst_pan: Option<As<u16, PanId>>,
    #[form(dst_mode)]
    pub dst_addr: MacAddress,
    #[when(pan_ids(version, dst_mode, src_mode, pan_id_compression).1)]
    pub src_pan: Option<As<u16, PanId>>,
    #[form(src_mode)]
    pub src_addr: MacAddress,
    #[payload]
    pub payload: &'a [u8],
}

/// What a frame holds.
#[payloads(FrameType)]
pub enum MacPayload<'a> {
    /// A beacon.
    #[tag(FrameType::Beacon)]
    Beacon(Beacon<'a>),
    /// Data: 6LoWPAN.
    #[tag(FrameType::Data)]
    Data(Lowpan<'a>),
    /// A MAC command.
    #[tag(FrameType::Command)]
    Command(MacCommandHeader<'a>),
    /// Anything else.
    #[unknown]
    Unknown(&'a [u8]),
}

/// Whether destination and source PAN identifiers are there (IEEE 802.15.4-2020 Table 7-2; in
/// frames before version 2 the compression leaves out the source's if both addresses are there).
#[inline]
#[must_use]
pub const fn pan_ids(
    version: FrameVersion,
    dst_mode: u8,
    src_mode: u8,
    compression: bool,
) -> (bool, bool) {
    let modes = (dst_mode & 3) << 2 | src_mode & 3;
    let at = modes << 1 | compression as u8 | if version.0 < 2 { 0 } else { 32 };
    (bit(PAN_IDS.0, at), bit(PAN_IDS.1, at))
}

/// Whether the bit of this number, below 64, is set.
#[cfg(target_pointer_width = "64")]
const fn bit(bits: u64, at: u8) -> bool {
    bits >> at & 1 == 1
}

/// Whether the bit of this number, below 64, is set. To shift 64 bits is a call here.
#[cfg(not(target_pointer_width = "64"))]
const fn bit(bits: u64, at: u8) -> bool {
    let half = if at < 32 { bits } else { bits >> 32 };
    half as u32 >> (at & 31) & 1 == 1
}

/// The answers of [`pan_ids`], a bit each: the table is asked for every frame that is read and
/// written.
const PAN_IDS: (u64, u64) = {
    let (mut dst, mut src, mut at) = (0, 0, 0_u8);
    while at < 64 {
        let row = pan_ids_in_table(at >= 32, at >> 3 & 3, at >> 1 & 3, at & 1 == 1);
        dst |= (row.0 as u64) << at;
        src |= (row.1 as u64) << at;
        at = at.wrapping_add(1);
    }
    (dst, src)
};

/// A row of the table.
const fn pan_ids_in_table(
    v2015: bool,
    dst_mode: u8,
    src_mode: u8,
    compression: bool,
) -> (bool, bool) {
    let (dst, src) = (dst_mode != 0, src_mode != 0);
    if !v2015 {
        return (dst, src && !(dst && compression));
    }
    match (dst, src) {
        (false, false) => (compression, false),
        (true, false) => (!compression, false),
        (false, true) => (false, !compression),
        (true, true) if dst_mode == 3 && src_mode == 3 => (!compression, false),
        (true, true) => (true, !compression),
    }
}

/// Whether the frame has the frame control that all frames but multipurpose and fragment frames
/// share, in a version that is not reserved.
#[must_use]
pub const fn has_general_header(frame_type: FrameType, version: FrameVersion) -> bool {
    frame_type.0 <= 4 && version.0 <= FrameVersion::V2015.0
}

/// Whether the frame has nothing that its version does not know: suppressed sequence numbers and
/// information elements came with version 2, the security header with version 1 (IEEE
/// 802.15.4-2020 §7.2.2.10; what was secured as of 2003 nobody sends any more).
fn fits_version(
    version: FrameVersion,
    seq: Option<u8>,
    ies: Option<HeaderIes<'_>>,
    security: Option<SecurityHeaderRepr>,
) -> bool {
    match version {
        FrameVersion::V2003 => seq.is_some() && ies.is_none() && security.is_none(),
        FrameVersion::V2006 => seq.is_some() && ies.is_none(),
        _ => true,
    }
}

/// The same of what stands around the addresses.
const fn is_known_to(
    version: FrameVersion,
    seq: Option<u8>,
    ie_present: bool,
    security_enabled: bool,
) -> bool {
    match version {
        FrameVersion::V2003 => seq.is_some() && !ie_present && !security_enabled,
        FrameVersion::V2006 => seq.is_some() && !ie_present,
        _ => true,
    }
}

/// Whether the payload is not encrypted.
fn is_clear(security: Option<SecurityHeaderRepr>) -> bool {
    security.is_none_or(|security| !security.level.is_encrypted())
}

/// Whether information elements stand at the start of the payload, in the clear.
fn has_payload_ies(ies: Option<HeaderIes<'_>>, security: Option<SecurityHeaderRepr>) -> bool {
    ies.is_some_and(|ies| ies.payload_ies_follow()) && is_clear(security)
}
