//! The contract between the stack and whatever moves frames: a device hands out tokens, and a token
//! is the promise of one frame, received or to be sent. Everything beside the octets travels as
//! metadata.

use core::fmt;

use crate::time::Instant;

/// What a frame of a device begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Medium {
    /// Ethernet II frames without frame check sequence.
    Ethernet,
    /// IP packets, told apart by their version.
    Ip,
    /// IEEE 802.15.4 frames without frame check sequence.
    Ieee802154,
    /// IPv6 packets behind the addresses of two stations of 802.15.4: what 6LoWPAN makes of its
    /// frames, for the interface alone. Nothing puts it on a wire.
    Lowpan,
}

/// Which checksums of one protocol are software's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChecksumWork {
    /// The stack verifies it in received packets.
    pub verify_rx: bool,
    /// The stack writes it into sent packets.
    pub fill_tx: bool,
}

impl ChecksumWork {
    /// Software does everything.
    pub const SOFTWARE: Self = Self {
        verify_rx: true,
        fill_tx: true,
    };
    /// The device does everything.
    pub const DEVICE: Self = Self {
        verify_rx: false,
        fill_tx: false,
    };
}

impl Default for ChecksumWork {
    fn default() -> Self {
        Self::SOFTWARE
    }
}

/// Which checksums are software's work, by protocol. By default all are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ChecksumCapabilities {
    /// The IPv4 header checksum.
    pub ipv4: ChecksumWork,
    /// ICMPv4 and ICMPv6.
    pub icmp: ChecksumWork,
    /// UDP.
    pub udp: ChecksumWork,
    /// TCP.
    pub tcp: ChecksumWork,
}

/// What a device is and can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// What its frames begin with.
    pub medium: Medium,
    /// The largest IP packet it carries, in octets, without any link header.
    pub ip_mtu: usize,
    /// Which checksums are software's work.
    pub checksum: ChecksumCapabilities,
    /// The largest TCP super-segment that it cuts up itself, in octets of IP packet; 0 if it does
    /// not.
    pub max_gso_size: usize,
    /// Frames that it takes in a row before they have to be waited for, if that is known.
    pub max_burst: Option<usize>,
    /// Octets of the longest frame it takes, of media that do not carry a packet in one: of
    /// 802.15.4, from frame control to payload, without the room that the device's own security
    /// takes. 0 of other media.
    pub max_frame: usize,
}

impl Capabilities {
    /// A device without offloads.
    #[must_use]
    pub const fn new(medium: Medium, ip_mtu: usize) -> Self {
        let work = ChecksumWork::SOFTWARE;
        let checksum = ChecksumCapabilities {
            ipv4: work,
            icmp: work,
            udp: work,
            tcp: work,
        };
        Self {
            medium,
            ip_mtu,
            checksum,
            max_gso_size: 0,
            max_burst: None,
            max_frame: match medium {
                Medium::Ieee802154 => crate::radio::MAX_FRAME,
                Medium::Ethernet | Medium::Ip | Medium::Lowpan => 0,
            },
        }
    }
}

/// What the device knows of the transport checksum of a received frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ChecksumStatus {
    /// Nothing.
    #[default]
    Unknown,
    /// It is right.
    Verified,
    /// It holds the pseudo-header sum only, as it never was on a wire; it counts as right.
    Partial,
}

/// Segmentation offload of one frame, as `virtio_net_hdr` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Gso {
    /// What is cut up.
    pub kind: GsoKind,
    /// Octets of headers that every piece repeats.
    pub header_len: u16,
    /// Octets of payload in each piece.
    pub size: u16,
}

/// What a super-segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GsoKind {
    /// TCP over IPv4.
    TcpV4,
    /// TCP over IPv6.
    TcpV6,
    /// UDP datagrams to be told apart (UDP segmentation offload).
    Udp,
}

/// Where a checksum is to be completed by the device: the sum from `start` to the end goes to
/// `start + offset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChecksumPlace {
    /// Octet of the frame at which the sum begins.
    pub start: u16,
    /// Octets from there to the checksum field.
    pub offset: u16,
}

/// What goes with a received frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RxMeta {
    /// What is known of the transport checksum.
    pub checksum: ChecksumStatus,
    /// Set if the frame is several segments in one.
    pub gso: Option<Gso>,
    /// When the frame was received, by the device's clock.
    pub timestamp: Option<Instant>,
    /// The 802.1Q tag control information that the device took off the frame.
    pub vlan: Option<u16>,
    /// Link quality of an 802.15.4 frame, 0 (worst) to 255.
    pub lqi: Option<u8>,
    /// Received signal strength, in dBm.
    pub rssi: Option<i8>,
    /// The device has verified that a station with the right key sent the frame.
    pub authentic: bool,
}

impl RxMeta {
    /// Nothing is known.
    pub(crate) const NONE: Self = Self {
        checksum: ChecksumStatus::Unknown,
        gso: None,
        timestamp: None,
        vlan: None,
        lqi: None,
        rssi: None,
        authentic: false,
    };

    /// What the receiver is told of a frame that reached it through memory alone, from a device
    /// that leaves this work to the sender's software.
    pub(crate) fn carried(sent: TxMeta, work: ChecksumCapabilities) -> Self {
        let checksum = if sent.checksum.is_some() {
            ChecksumStatus::Partial
        } else if work.tcp.fill_tx && work.udp.fill_tx && work.icmp.fill_tx {
            ChecksumStatus::Unknown
        } else {
            ChecksumStatus::Verified
        };
        Self {
            checksum,
            gso: sent.gso,
            vlan: sent.vlan,
            ..Self::default()
        }
    }
}

/// What goes with a frame to be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TxMeta {
    /// Set if the device is to complete the transport checksum.
    pub checksum: Option<ChecksumPlace>,
    /// Set if the device is to cut the frame up.
    pub gso: Option<Gso>,
    /// The 802.1Q tag control information that the device is to put into the frame.
    pub vlan: Option<u16>,
    /// Frames of higher priority overtake others in devices that queue. 0 is usual.
    pub priority: u8,
}

/// Whether frames can pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LinkState {
    /// They can.
    #[default]
    Up,
    /// They cannot: no cable, no carrier, no network.
    Down,
}

/// Why a frame was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TxError {
    /// It is longer than the device carries.
    TooLong,
    /// The device has no room now after all.
    Full,
    /// The device failed; [`Device::take_error`] says how.
    Device,
}

impl fmt::Display for TxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the frame is longer than the device carries",
            Self::Full => "the device has no room",
            Self::Device => "the device failed",
        })
    }
}

impl core::error::Error for TxError {}

/// What went wrong in a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceError {
    /// The operating system refused a call, with this error number.
    Os(i32),
    /// The device is gone.
    Gone,
    /// The hardware reported a fault, with a code of its own.
    Hardware(u32),
}

impl fmt::Display for DeviceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Os(errno) => write!(f, "operating system error {errno}"),
            Self::Gone => f.write_str("the device is gone"),
            Self::Hardware(code) => write!(f, "hardware fault {code:#x}"),
        }
    }
}

impl core::error::Error for DeviceError {}

/// Something that receives and sends frames.
pub trait Device {
    /// A received frame.
    type RxToken<'a>: RxToken
    where
        Self: 'a;
    /// Room for a frame to be sent.
    type TxToken<'a>: TxToken
    where
        Self: 'a;

    /// The next received frame, with room for one frame in answer; `None` if there is none, or no
    /// room for an answer.
    fn receive(&mut self, now: Instant) -> Option<(Self::RxToken<'_>, Self::TxToken<'_>)>;

    /// The next received frame, for whoever has no answer to it at once; `None` if there is none.
    /// A device whose frames to be sent wait in a queue hands it over though that is full.
    fn receive_only(&mut self, now: Instant) -> Option<Self::RxToken<'_>> {
        self.receive(now).map(|(frame, _)| frame)
    }

    /// Room for one frame to be sent; `None` if there is none now.
    fn transmit(&mut self, now: Instant) -> Option<Self::TxToken<'_>>;

    /// What the device is and can do.
    fn capabilities(&self) -> Capabilities;

    /// Whether frames can pass.
    fn link_state(&self) -> LinkState {
        LinkState::Up
    }

    /// The last thing that went wrong and was not yet asked for.
    fn take_error(&mut self) -> Option<DeviceError> {
        None
    }
}

/// One received frame.
pub trait RxToken {
    /// What goes with the frame.
    fn meta(&self) -> RxMeta {
        RxMeta::default()
    }

    /// Hand the frame to `f`.
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R;
}

/// Room for one frame to be sent.
pub trait TxToken {
    /// Let `f` write a frame of `len` octets, and send it. What the buffer holds before is not
    /// said.
    ///
    /// # Errors
    /// [`TxError`]; for [`TxError::TooLong`] and [`TxError::Full`], `f` was not called.
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        meta: TxMeta,
        f: F,
    ) -> Result<R, TxError>;
}
