//! Information elements of IEEE 802.15.4 frames (§7.4): two lists, each ended by an element.

use crate::rt::{Codec, Records, Result, Site, fail, put};
use crate::{codes, header};

/// Kinds of header information elements (IEEE 802.15.4-2020 Table 7-7).
#[codes(u8)]
pub enum HeaderIeId {
    VendorSpecific = 0x00,
    CslIe = 0x1a,
    RitIe = 0x1b,
    DsmePanDescriptor = 0x1c,
    RendezvousTime = 0x1d,
    TimeCorrection = 0x1e,
    ExtendedDsmePanDescriptor = 0x21,
    FragmentSequenceContext = 0x22,
    SimplifiedSuperframe = 0x23,
    SimplifiedGts = 0x24,
    Lecim = 0x25,
    Trle = 0x26,
    RccCapabilities = 0x27,
    GlobalTime = 0x29,
    WiSun = 0x2a,
    /// Payload information elements follow.
    Termination1 = 0x7e,
    /// The payload follows.
    Termination2 = 0x7f,
}

/// Groups of payload information elements (IEEE 802.15.4-2020 Table 7-15).
#[codes(u4)]
pub enum PayloadIeGroup {
    Esdu = 0,
    Mlme = 1,
    VendorSpecific = 2,
    Ietf = 5,
    Termination = 15,
}

/// Header information element (IEEE 802.15.4-2020 §7.4.2).
#[header(le, size = 2.., rfc = "IEEE 802.15.4-2020 §7.4.2.1")]
pub struct HeaderIe<'a> {
    #[len(content)]
    length: u7,
    pub id: As<u8, HeaderIeId>,
    #[eq(0)]
    ie_type: u1,
    pub content: &'a [u8],
}

/// Payload information element (IEEE 802.15.4-2020 §7.4.3).
#[header(le, size = 2.., rfc = "IEEE 802.15.4-2020 §7.4.3.1")]
pub struct PayloadIe<'a> {
    #[len(content)]
    length: u11,
    pub group: As<u4, PayloadIeGroup>,
    #[eq(1)]
    ie_type: u1,
    pub content: &'a [u8],
}

macro_rules! list {
    ($name:ident, $element:ident, $packet:ident, $ends:expr, $docs:literal) => {
        #[doc = $docs]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<'a>(&'a [u8]);

        impl<'a> $name<'a> {
            /// The elements, the one that ends the list among them.
            #[must_use]
            pub fn elements(&self) -> Records<'a, $element> {
                Records::view(self.0, self.0)
            }

            /// The list whose octets these are, if they end where the list ends.
            #[must_use]
            pub fn from_octets(octets: &'a [u8]) -> Option<Self> {
                let len = Self::measure(octets, octets).ok()?;
                (len == octets.len() && len > 0).then_some(Self(octets))
            }

            /// The octets.
            #[must_use]
            pub const fn octets(&self) -> &'a [u8] {
                self.0
            }
        }

        impl<'a> Codec<'a> for $name<'a> {
            const EMPTY: Self = Self(&[]);

            fn measure(buf: &'a [u8], _: &'a [u8]) -> Result<usize> {
                let mut rest = buf;
                while !rest.is_empty() {
                    let element = $packet::new_checked(rest)?;
                    let len = element.bytes().len();
                    rest = rest.split_at_checked(len).map_or(&[], |(_, rest)| rest);
                    if $ends(element) {
                        break;
                    }
                }
                match buf.len().wrapping_sub(rest.len()) {
                    0 => fail!(Truncated, "Ieee802154", "information elements"),
                    len => Ok(len),
                }
            }

            #[inline]
            fn get(exact: &'a [u8], _: &'a [u8]) -> Self {
                Self(exact)
            }

            fn is_open(&self) -> bool {
                true
            }

            #[inline]
            fn encoded_len(&self) -> usize {
                self.0.len()
            }

            #[inline]
            fn put<'b>(&self, buf: &'b mut [u8], at: &'static Site) -> Result<&'b mut [u8]> {
                put(self.0, buf, at)
            }
        }

        impl core::fmt::Display for $name<'_> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.elements().fmt(f)
            }
        }
    };
}

list!(
    HeaderIes,
    HeaderIe,
    HeaderIePacket,
    |element: HeaderIePacket<'_>| element.id().0 >= HeaderIeId::Termination1.0,
    "The header information elements of a frame, up to a termination or to its end."
);
list!(
    PayloadIes,
    PayloadIe,
    PayloadIePacket,
    |element: PayloadIePacket<'_>| element.group() == PayloadIeGroup::Termination,
    "The payload information elements of a frame, up to the termination or to its end."
);

impl HeaderIes<'_> {
    /// Whether the list ends with the element that says that payload information elements follow.
    #[must_use]
    pub fn payload_ies_follow(&self) -> bool {
        let last = self.elements().packets().last();
        last.is_some_and(|last| last.id() == HeaderIeId::Termination1)
    }
}
