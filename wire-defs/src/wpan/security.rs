//! The auxiliary security header of IEEE 802.15.4 frames (§9.4); what it means is the MAC's.

use crate::{codes, forms, header};

/// Security levels (IEEE 802.15.4-2020 Table 9-6).
#[codes(u3)]
pub enum SecurityLevel {
    None = 0,
    Mic32 = 1,
    Mic64 = 2,
    Mic128 = 3,
    Enc = 4,
    EncMic32 = 5,
    EncMic64 = 6,
    EncMic128 = 7,
}

impl SecurityLevel {
    /// Octets of the message integrity code.
    #[inline]
    #[must_use]
    pub const fn mic_len(self) -> usize {
        match self.0 & 3 {
            0 => 0,
            1 => 4,
            2 => 8,
            _ => 16,
        }
    }

    /// Whether the payload is encrypted.
    #[inline]
    #[must_use]
    pub const fn is_encrypted(self) -> bool {
        self.0 & 4 != 0
    }
}

/// Auxiliary security header (IEEE 802.15.4-2020 §9.4).
#[header(le, size = 1.., rfc = "IEEE 802.15.4-2020 §9.4")]
pub struct SecurityHeader {
    pub level: As<u3, SecurityLevel>,
    #[tag_of(key_id)]
    key_id_mode: u2,
    #[from(frame_counter.is_none())]
    counter_suppressed: bool,
    pub asn_in_nonce: bool,
    _reserved: u1,
    #[when(!counter_suppressed)]
    pub frame_counter: Option<u32>,
    #[form(key_id_mode)]
    pub key_id: KeyId,
}

/// Which key protects the frame (IEEE 802.15.4-2020 §9.4.2.2).
#[forms(tag: u2, le)]
pub enum KeyId {
    /// Known from the addresses.
    #[tag(0)]
    Implicit,
    /// A key of the default source.
    #[tag(1)]
    Index { index: u8 },
    /// A key of a source of four octets.
    #[tag(2)]
    Source4 { source: [u8; 4], index: u8 },
    /// A key of a source of eight octets.
    #[tag(3)]
    Source8 { source: [u8; 8], index: u8 },
}

/// Octets of the message integrity code of a frame.
#[must_use]
pub fn mic_len(security: Option<SecurityHeaderRepr>) -> usize {
    security.map_or(0, |security| security.level.mic_len())
}
