//! IEEE 802.15.4 with 6LoWPAN, without a MAC: the radio of the profile does what a MAC does.

use litz::iface::HardwareAddr;
use litz::lowpan::{DatagramSlot, Lowpan, LowpanConfig, LowpanStorage, ReassemblySlot};
use litz::wire::{Eui64, PanId, ShortAddress};
use litz::{Interface, IpCidr, Link};
use litz_hal::Medium;
use sizes::{EUI64, FRAG, FRAME, PAN};
use static_cell::{ConstStaticCell, StaticCell};

use crate::device::Nic;

/// Octets of the longest packet: what fits a frame, or 1280, and its stations.
const PACKET: usize = if FRAG { 1300 } else { 200 };
/// Datagrams that are put together at a time.
const TOGETHER: usize = if FRAG { 1 } else { 0 };

static SENT: ConstStaticCell<[u8; PACKET]> = ConstStaticCell::new([0; PACKET]);
static TX: StaticCell<[DatagramSlot<'static>; 1]> = StaticCell::new();
static RECEIVED: ConstStaticCell<[[u8; PACKET]; TOGETHER]> =
    ConstStaticCell::new([[0; PACKET]; TOGETHER]);
static RX: StaticCell<[ReassemblySlot<'static>; TOGETHER]> = StaticCell::new();

pub(crate) const LINK: Link = Link::Ieee802154(HardwareAddr::Eui64(Eui64(EUI64)));

pub(crate) fn device() -> Option<Lowpan<'static, Nic>> {
    let config = LowpanConfig {
        pan: PanId(PAN),
        short_addr: ShortAddress::UNASSIGNED,
        extended_addr: Eui64(EUI64),
        quota: 1,
        learn_contexts: false,
    };
    let rx = RECEIVED.try_take()?.each_mut();
    let storage = LowpanStorage {
        tx: TX
            .try_init([DatagramSlot::new(SENT.try_take()?.as_mut_slice())])?
            .as_mut_slice()
            .into(),
        reassembly: RX
            .try_init(rx.map(|octets| ReassemblySlot::new(octets.as_mut_slice())))?
            .as_mut_slice()
            .into(),
    };
    let nic = Nic::new(Medium::Ieee802154, FRAME)?;
    Some(Lowpan::new(nic, config, storage, 1))
}

pub(crate) fn configure(interface: &mut Interface<'static>) -> Option<()> {
    let addr = IpCidr::new(Eui64(EUI64).link_local(), 64).ok()?;
    interface.add_addr(addr).ok()
}
