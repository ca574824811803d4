//! CoAP (RFC 7252 §3): the fixed header and the token. Options and payload stay octets.

use crate::{codes, header};

/// Start of a CoAP message.
#[header(
    be,
    size = 4,
    rfc = "7252 §3",
    line = "{message_type} {code} id {message_id}"
)]
#[check(token.len() <= 8)]
pub struct Coap<'a> {
    /// Version of the protocol.
    #[eq(1)]
    version: u2,
    /// Whether the message wants an acknowledgment, or is one.
    pub message_type: As<u2, CoapType>,
    /// Length of the token; 9 and more are errors of format.
    #[len(token)]
    token_len: u4,
    /// Method of a request, or status of a response.
    pub code: As<u8, CoapCode>,
    /// Number that tells duplicates, and which acknowledgment is whose.
    pub message_id: u16,
    /// What tells which response belongs to which request.
    pub token: &'a [u8],
    /// The options, and the payload after an octet 0xff.
    #[payload]
    pub rest: &'a [u8],
}

/// Type of a CoAP message (RFC 7252 §3).
#[codes(u2)]
pub enum CoapType {
    /// Wants an acknowledgment.
    Confirmable = 0,
    /// Wants none.
    NonConfirmable = 1,
    /// Is one.
    Acknowledgment = 2,
    /// The message could not be processed.
    Reset = 3,
}

/// Code of a CoAP message (RFC 7252 §12.1): three bits of class, five of detail.
#[codes(u8)]
pub enum CoapCode {
    /// No request and no response.
    Empty = 0x00,
    /// Request for a representation.
    Get = 0x01,
    /// Request to process a representation.
    Post = 0x02,
    /// Request to store a representation.
    Put = 0x03,
    /// Request to delete a resource.
    Delete = 0x04,
    /// 2.01
    Created = 0x41,
    /// 2.02
    Deleted = 0x42,
    /// 2.03
    Valid = 0x43,
    /// 2.04
    Changed = 0x44,
    /// 2.05
    Content = 0x45,
    /// 4.00
    BadRequest = 0x80,
    /// 4.01
    Unauthorized = 0x81,
    /// 4.02
    BadOption = 0x82,
    /// 4.03
    Forbidden = 0x83,
    /// 4.04
    NotFound = 0x84,
    /// 4.05
    MethodNotAllowed = 0x85,
    /// 4.06
    NotAcceptable = 0x86,
    /// 4.12
    PreconditionFailed = 0x8c,
    /// 4.13
    RequestEntityTooLarge = 0x8d,
    /// 4.15
    UnsupportedContentFormat = 0x8f,
    /// 5.00
    InternalServerError = 0xa0,
    /// 5.01
    NotImplemented = 0xa1,
    /// 5.02
    BadGateway = 0xa2,
    /// 5.03
    ServiceUnavailable = 0xa3,
    /// 5.04
    GatewayTimeout = 0xa4,
    /// 5.05
    ProxyingNotSupported = 0xa5,
}

impl CoapCode {
    /// Class: 0 is a request, 2 success, 4 an error of the client, 5 of the server.
    #[inline]
    #[must_use]
    pub const fn class(self) -> u8 {
        self.0 >> 5
    }

    /// Detail within the class.
    #[inline]
    #[must_use]
    pub const fn detail(self) -> u8 {
        self.0 & 0x1f
    }
}
