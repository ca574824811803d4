//! TCP segments with their options (RFC 9293 §3.1). What they mean is not here.

use super::seq::SeqNumber;
use crate::{bits, codes, header, options};

/// TCP header.
#[header(
    be,
    size = 20..=60,
    rfc = "9293 §3.1",
    line = "{src_port} > {dst_port} {flags} seq {seq} ack {ack_number} win {window} {options}"
)]
#[check(src_port != 0 && dst_port != 0)]
pub struct Tcp<'a> {
    /// Port of the sender.
    pub src_port: u16,
    /// Port of the receiver.
    pub dst_port: u16,
    /// Sequence number of the first octet, or of SYN.
    pub seq: As<u32, SeqNumber>,
    /// Next sequence number that the sender expects.
    pub ack_number: As<u32, SeqNumber>,
    /// Length of the header in units of four octets.
    #[len(header = self * 4)]
    data_offset: u4,
    _reserved: u3,
    /// Control bits.
    pub flags: As<u9, TcpFlags>,
    /// Octets that the sender will take, not scaled.
    pub window: u16,
    /// Checksum over segment and pseudo header.
    #[checksum(rfc1071, packet, pseudo = 6)]
    checksum: u16,
    /// End of urgent data.
    pub urgent: u16,
    /// Options of the header.
    pub options: Options<'a, TcpOption<'a>>,
    /// The data.
    #[payload]
    pub payload: &'a [u8],
}

/// Control bits (RFC 9293 §3.1, RFC 3168, RFC 3540).
#[bits(u9)]
pub struct TcpFlags {
    /// Nonce sum (RFC 3540), now AccECN's AE.
    pub ns: bool,
    /// Congestion window reduced.
    pub cwr: bool,
    /// Congestion echo.
    pub ece: bool,
    /// The urgent field counts.
    pub urg: bool,
    /// The acknowledgment number counts.
    pub ack: bool,
    /// Push.
    pub psh: bool,
    /// Reset.
    pub rst: bool,
    /// Synchronize sequence numbers.
    pub syn: bool,
    /// No more data.
    pub fin: bool,
}

/// Options of TCP (RFC 9293 §3.2; IANA, "TCP Option Kind Numbers").
#[options(kind: u8, len: u8 = item, pad = End, unit = 4, set = TcpOptionSet, on_error = stop)]
pub enum TcpOption<'a> {
    /// End of the list.
    #[kind(0, bare, end)]
    End,
    /// Alignment.
    #[kind(1, bare)]
    Nop,
    /// Largest segment that the sender takes.
    #[kind(2, once)]
    Mss {
        /// Octets of data.
        mss: u16,
    },
    /// Scale of the windows that the sender will announce (RFC 7323 §2).
    #[kind(3, once)]
    WindowScale {
        /// Bits to shift.
        shift: u8,
    },
    /// The sender understands selective acknowledgments (RFC 2018 §2).
    #[kind(4, once)]
    SackPermitted,
    /// Data that has arrived out of order (RFC 2018 §3).
    #[kind(5, once)]
    #[check(blocks.len() >= 1 && blocks.len() <= 4)]
    Sack {
        /// The blocks, the newest first.
        blocks: Array<'a, SackBlock>,
    },
    /// Timestamps (RFC 7323 §3).
    #[kind(8, once)]
    Timestamp {
        /// The sender's clock.
        tsval: u32,
        /// The clock value that is echoed.
        tsecr: u32,
    },
    /// Digest of the segment (RFC 2385); obsolete.
    #[kind(19, size = 18)]
    Md5 {
        /// The digest.
        digest: [u8; 16],
    },
    /// How long unacknowledged data may be outstanding (RFC 5482 §3.1).
    #[kind(28, size = 4)]
    UserTimeout {
        /// The time is in minutes, else in seconds.
        minutes: bool,
        /// The time.
        timeout: u15,
    },
    /// Authentication of the segment (RFC 5925 §2.2).
    #[kind(29)]
    Authentication {
        /// Key of the segment.
        key_id: u8,
        /// Key that the sender wants to receive next.
        next_key_id: u8,
        /// The code.
        mac: &'a [u8],
    },
    /// Multipath TCP (RFC 8684 §3).
    #[kind(30)]
    Multipath {
        /// What the option is for.
        subtype: As<u4, MptcpSubtype>,
        /// Version or flags, as the subtype says.
        flags: u4,
        /// The rest, as the subtype says.
        data: &'a [u8],
    },
    /// Fast open (RFC 7413 §4.1.1): asks for a cookie if there is none.
    #[kind(34)]
    FastOpen {
        /// The cookie, 4 to 16 octets.
        cookie: &'a [u8],
    },
    /// An option without a declaration.
    #[unknown]
    Unknown {
        /// Its kind.
        kind: u8,
        /// Its octets.
        data: &'a [u8],
    },
}

/// The options that SYNs of every TCP hold, the others unread: for who understands no more.
#[options(kind: u8, len: u8 = item, pad = End, unit = 4, set = TcpPlainOptionSet, on_error = stop)]
pub enum TcpPlainOption<'a> {
    /// End of the list.
    #[kind(0, bare, end)]
    End,
    /// Alignment.
    #[kind(1, bare)]
    Nop,
    /// Largest segment that the sender takes.
    #[kind(2, once)]
    Mss {
        /// Octets of data.
        mss: u16,
    },
    /// Scale of the windows that the sender will announce (RFC 7323 §2).
    #[kind(3, once)]
    WindowScale {
        /// Bits to shift.
        shift: u8,
    },
    /// Another option.
    #[unknown]
    Unknown {
        /// Its kind.
        kind: u8,
        /// Its octets.
        data: &'a [u8],
    },
}

/// A run of data that has arrived.
#[header(be, size = 8, rfc = "2018 §3")]
pub struct SackBlock {
    /// First sequence number of the run.
    pub left: As<u32, SeqNumber>,
    /// Sequence number after the run.
    pub right: As<u32, SeqNumber>,
}

/// The first eight octets of a TCP segment: all that an ICMPv4 error promises to quote.
#[header(be, size = 8, rfc = "9293 §3.1")]
pub struct TcpQuote {
    /// Port of the sender.
    pub src_port: u16,
    /// Port of the receiver.
    pub dst_port: u16,
    /// Sequence number of the first octet, or of SYN.
    pub seq: As<u32, SeqNumber>,
}

/// What an option of multipath TCP is for (RFC 8684 §3).
#[codes(u4)]
pub enum MptcpSubtype {
    /// The connection may have several paths.
    Capable = 0,
    /// Another path.
    Join = 1,
    /// Order of the data.
    Dss = 2,
    /// Another address.
    AddAddress = 3,
    /// An address is gone.
    RemoveAddress = 4,
    /// Priority of a path.
    Priority = 5,
    /// The connection falls back to one path.
    Fail = 6,
    /// The connection is closed at once.
    FastClose = 7,
    /// Why a path was reset.
    Reset = 8,
}
