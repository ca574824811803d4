//! The link of the profiles on an Ethernet, and the addresses that they have there.

use litz::wire::EthernetAddress;
use litz::{Interface, IpCidr, Link};
use litz_hal::Medium;
use sizes::{IP4, IP6, MAC};

use crate::device::Nic;

pub(crate) const LINK: Link = Link::Ethernet(EthernetAddress(MAC));

pub(crate) fn device() -> Option<Nic> {
    Nic::new(Medium::Ethernet, 1500)
}

pub(crate) fn configure(interface: &mut Interface<'static>) -> Option<()> {
    if IP4 {
        let addr = IpCidr::new([192, 0, 2, 1], 24).ok()?;
        interface.add_addr(addr).ok()?;
    }
    if IP6 {
        let addr = IpCidr::new([0x2001, 0xDB8, 1, 0, 0, 0, 0, 1], 64).ok()?;
        interface.add_addr(addr).ok()?;
    }
    Some(())
}
