//! A host on a TAP device of Linux: device, interface, sockets, and waiting for what comes first, a
//! frame, a deadline or a signal to end.

use std::io;
use std::os::fd::AsFd;

use litz::iface::AddrConfig;
use litz::phy::linux::signal::Termination;
use litz::phy::linux::{Tap, monotonic_now, secret, wait_until};
use litz::phy::{Capabilities, Device, DeviceError, LinkState};
use litz::time::{Deadline, Duration, Instant};
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet};

use super::options::HostOptions;

/// A device whose packets are no longer than somebody wants them to be.
struct Narrow {
    tap: Tap,
    ip_mtu: usize,
}

impl Device for Narrow {
    type RxToken<'a> = <Tap as Device>::RxToken<'a>;
    type TxToken<'a> = <Tap as Device>::TxToken<'a>;

    fn receive(&mut self, now: Instant) -> Option<(Self::RxToken<'_>, Self::TxToken<'_>)> {
        self.tap.receive(now)
    }

    fn transmit(&mut self, now: Instant) -> Option<Self::TxToken<'_>> {
        self.tap.transmit(now)
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = self.tap.capabilities();
        capabilities.ip_mtu = capabilities.ip_mtu.min(self.ip_mtu);
        capabilities
    }
}

/// A host.
pub(crate) struct Host {
    device: Narrow,
    pub(crate) iface: Interface<'static>,
    pub(crate) sockets: SocketSet<'static>,
    end: Termination,
}

impl Host {
    /// Attaches to the device and gives the host its addresses.
    pub(crate) fn open(options: &HostOptions, capacity: &SocketCapacity) -> Result<Self, String> {
        let name = &options.tap;
        let system = |error: io::Error| error.to_string();
        let tap = Tap::attach(name).map_err(system)?;
        let ip_mtu = options.mtu.unwrap_or(usize::MAX).min(tap.ip_mtu());
        let storage = InterfaceStorage::heap(ip_mtu);
        let link = Link::Ethernet(options.mac);
        let refused = |error| format!("{name}: {error}");
        let mut iface =
            Interface::new(link, secret().map_err(system)?, storage).map_err(refused)?;
        let config = match options.detect {
            true => AddrConfig::DETECT,
            false => AddrConfig::STATIC,
        };
        let link_local = Some(IpCidr::link_local(options.mac));
        let link_local = link_local.filter(|_| options.ipv6 && options.slaac.is_none());
        for address in link_local.iter().chain(&options.addresses) {
            iface
                .add_addr_with(*address, config, monotonic_now())
                .map_err(refused)?;
        }
        if let Some(config) = options.slaac {
            iface
                .start_slaac(config, monotonic_now())
                .map_err(refused)?;
        }
        for gateway in &options.gateways {
            iface.set_default_route(*gateway).map_err(refused)?;
        }
        let sockets = SocketSet::heap(secret().map_err(system)?, capacity);
        let end = Termination::new().map_err(system)?;
        Ok(Self {
            device: Narrow { tap, ip_mtu },
            iface,
            sockets,
            end,
        })
    }

    /// The time.
    pub(crate) fn now() -> Instant {
        monotonic_now()
    }

    /// Waits until there is something to do, at most until `limit`, and does it. Use the sockets
    /// after each turn; `false` when a signal has asked for the end.
    pub(crate) fn turn(&mut self, limit: Deadline) -> Result<bool, String> {
        let due = self.iface.poll_at(Self::now(), &self.sockets).min(limit);
        let waited = wait_until(&[self.device.tap.as_fd(), self.end.as_fd()], due);
        let ready = waited.map_err(|error| error.to_string())?;
        if ready.contains(1) && self.end.received().is_ok_and(|signal| signal.is_some()) {
            return Ok(false);
        }
        self.iface
            .poll(Self::now(), &mut self.device, &mut self.sockets);
        let tap = &mut self.device.tap;
        match tap.take_error() {
            Some(DeviceError::Gone) => Err(format!("{}: the device is gone", tap.name())),
            // A device that is down for a while refuses frames; what was in them is sent again.
            Some(error) if tap.link_state() == LinkState::Up => {
                Err(format!("{}: {error}", tap.name()))
            }
            _ => Ok(true),
        }
    }

    /// Lets connections that are released come to their end, for a moment.
    pub(crate) fn linger(&mut self) -> Result<(), String> {
        let limit = Self::now().saturating_add(Duration::from_millis(200));
        while Self::now() < limit && self.turn(Deadline::at(limit))? {}
        Ok(())
    }
}
