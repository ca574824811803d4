//! The link of the profiles on an Ethernet, and the addresses that they have there.

#[cfg_attr(feature = "ip4", path = "ip4.rs")]
#[cfg_attr(not(feature = "ip4"), path = "ip4_absent.rs")]
mod ip4;
#[cfg_attr(feature = "ip6", path = "ip6.rs")]
#[cfg_attr(not(feature = "ip6"), path = "ip6_absent.rs")]
mod ip6;

use sizes::MAC;
use smoltcp::iface::{Config, Interface};
use smoltcp::phy::Medium;
use smoltcp::wire::{EthernetAddress, HardwareAddress};

use crate::device::Nic;

pub(crate) fn device() -> Nic {
    Nic::new(Medium::Ethernet)
}

pub(crate) fn config() -> Config {
    Config::new(HardwareAddress::Ethernet(EthernetAddress(MAC)))
}

pub(crate) fn configure(interface: &mut Interface) {
    interface.update_ip_addrs(|addrs| {
        for addr in ip4::ADDRS.iter().chain(ip6::ADDRS) {
            let _ = addrs.push(*addr);
        }
    });
}
