//! IEEE 802.15.4 with 6LoWPAN.

use sizes::{EUI64, PAN};
use smoltcp::iface::{Config, Interface};
use smoltcp::phy::Medium;
use smoltcp::wire::{HardwareAddress, Ieee802154Address, Ieee802154Pan, IpCidr, Ipv6Address};

use crate::device::Nic;

pub(crate) fn device() -> Nic {
    Nic::new(Medium::Ieee802154)
}

pub(crate) fn config() -> Config {
    let address = HardwareAddress::Ieee802154(Ieee802154Address::Extended(EUI64));
    let mut config = Config::new(address);
    config.pan_id = Some(Ieee802154Pan(PAN));
    config
}

pub(crate) fn configure(interface: &mut Interface) {
    let addr = Ipv6Address::new(0xFE80, 0, 0, 0, 0, 0, 0, 1);
    interface.update_ip_addrs(|addrs| {
        let _ = addrs.push(IpCidr::new(addr.into(), 64));
    });
}
