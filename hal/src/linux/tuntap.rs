//! `Tap` and `Tun`: frames to and from the network of the kernel, by a device that exists already
//! or by one that lives as long as the value.

use super::open::{self, Kind};
use super::port::{Port, PortCounters, PortRxToken, PortTxToken};
use crate::time::Instant;
use crate::{Capabilities, Device, DeviceError, LinkState, Medium};
use core::marker::PhantomData;
use litz_wire::EthernetAddress;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

/// Octets of an Ethernet header.
const ETHERNET_HEADER_LEN: usize = 14;

/// A TAP device: whole Ethernet frames. See [`TunTap`].
pub type Tap = TunTap<EthernetLayer>;

/// A TUN device: IP packets. See [`TunTap`].
pub type Tun = TunTap<IpLayer>;

/// What the frames of a [`TunTap`] begin with; [`EthernetLayer`] or [`IpLayer`].
pub trait Layer: sealed::Layer {}

/// Frames begin with an Ethernet header.
#[derive(Clone, Copy, Debug)]
pub enum EthernetLayer {}

/// Frames begin with an IP header.
#[derive(Clone, Copy, Debug)]
pub enum IpLayer {}

impl Layer for EthernetLayer {}
impl Layer for IpLayer {}

mod sealed {
    use super::{ETHERNET_HEADER_LEN, EthernetLayer, IpLayer, Kind, Medium};

    pub trait Layer {
        #[expect(private_interfaces, reason = "nobody outside can name this trait")]
        const KIND: Kind;
        const MEDIUM: Medium;
        const HEADER_LEN: usize;
    }

    impl Layer for EthernetLayer {
        #[expect(private_interfaces, reason = "nobody outside can name this trait")]
        const KIND: Kind = Kind::Tap;
        const MEDIUM: Medium = Medium::Ethernet;
        const HEADER_LEN: usize = ETHERNET_HEADER_LEN;
    }

    impl Layer for IpLayer {
        #[expect(private_interfaces, reason = "nobody outside can name this trait")]
        const KIND: Kind = Kind::Tun;
        const MEDIUM: Medium = Medium::Ip;
        const HEADER_LEN: usize = 0;
    }
}

/// A device of the kernel whose other end is this program. Use it as [`Tap`] or [`Tun`].
///
/// It never waits: [`Device::receive`] gives `None` if there is no frame, and [`super::wait`] waits
/// for one. What the kernel reports is kept for [`Device::take_error`]; [`DeviceError::Gone`] means
/// that the device was deleted and nothing will come any more.
///
/// ```no_run
/// use litz_hal::linux::{Tap, monotonic_now};
/// use litz_hal::{Device, TxMeta, TxToken};
///
/// let mut tap = Tap::attach("tap0")?; // ip tuntap add dev tap0 mode tap; ip link set tap0 up
/// if let Some(token) = tap.transmit(monotonic_now()) {
///     let _ = token.consume(60, TxMeta::default(), |frame| frame.fill(0xff));
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct TunTap<L: Layer> {
    port: Port,
    layer: PhantomData<L>,
}

impl<L: Layer> TunTap<L> {
    /// Attach to a device that exists. Whoever may open `/dev/net/tun` may, unless the device has
    /// an owner: then only that one, or a program with `CAP_NET_ADMIN`.
    ///
    /// # Errors
    /// `NotFound`: no such device, or a kernel without any. `PermissionDenied`. `ResourceBusy`:
    /// another program is attached. `InvalidInput`: it is another kind of device, or the name
    /// cannot be one. The text is one line that says so and names the device.
    pub fn attach(name: &str) -> io::Result<Self> {
        Ok(Self::new(open::attach(L::KIND, name)?))
    }

    /// Make a device that vanishes with this value. An empty name lets the kernel choose. Needs
    /// `CAP_NET_ADMIN`. It is down until [`Self::bring_up`] or `ip link set … up`.
    ///
    /// # Errors
    /// `AlreadyExists` if the name is taken; else as [`Self::attach`].
    pub fn create(name: &str) -> io::Result<Self> {
        Ok(Self::new(open::create(L::KIND, name)?))
    }

    fn new(opened: open::Opened) -> Self {
        let port = Port::new(opened, L::HEADER_LEN);
        let layer = PhantomData;
        Self { port, layer }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.port.opened.name.as_str()
    }

    /// The largest IP packet it carries, as it was when the device was opened.
    #[must_use]
    pub const fn ip_mtu(&self) -> usize {
        self.port.opened.mtu
    }

    /// Set the kernel's side up.
    ///
    /// # Errors
    /// `PermissionDenied` without `CAP_NET_ADMIN`, or what else the kernel answers.
    pub fn bring_up(&self) -> io::Result<()> {
        open::bring_up(&self.port.opened.control, self.port.opened.name)
    }

    /// What it has done so far.
    #[must_use]
    pub const fn counters(&self) -> PortCounters {
        self.port.counters()
    }
}

impl Tap {
    /// The hardware address of the kernel's side. Ours is whatever we say it is.
    ///
    /// # Errors
    /// What the kernel answers; `ENODEV` if the device is gone.
    pub fn peer_address(&self) -> io::Result<EthernetAddress> {
        let opened = &self.port.opened;
        open::hardware_address(&opened.control, opened.name).map(EthernetAddress)
    }
}

impl<L: Layer> Device for TunTap<L> {
    type RxToken<'a>
        = PortRxToken<'a>
    where
        Self: 'a;
    type TxToken<'a>
        = PortTxToken<'a>
    where
        Self: 'a;

    fn receive(&mut self, _now: Instant) -> Option<(Self::RxToken<'_>, Self::TxToken<'_>)> {
        self.port.receive()
    }

    fn transmit(&mut self, _now: Instant) -> Option<Self::TxToken<'_>> {
        Some(self.port.transmit())
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(L::MEDIUM, self.port.opened.mtu)
    }

    /// As the last frame found it: it costs no system call. `Down` may pass; what does not is
    /// [`DeviceError::Gone`], after which waiting for this device returns at once.
    fn link_state(&self) -> LinkState {
        self.port.link_state()
    }

    fn take_error(&mut self) -> Option<DeviceError> {
        self.port.take_error()
    }
}

impl<L: Layer> AsFd for TunTap<L> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.port.opened.file.as_fd()
    }
}

impl<L: Layer> AsRawFd for TunTap<L> {
    fn as_raw_fd(&self) -> RawFd {
        self.port.opened.file.as_raw_fd()
    }
}
