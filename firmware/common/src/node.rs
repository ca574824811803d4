//! A node of a low-power network: IPv6 over secured frames of IEEE 802.15.4, with the services of
//! [`Services`]. The processor sleeps whenever there is nothing to do.

use litz::lowpan::{Context, Lowpan, LowpanConfig};
use litz::time::{Deadline, Instant};
use litz::wire::{Eui64, KeyId, ShortAddress};
use litz::{Interface, IpCidr, Link, SocketSet};
use litz_hal::mac::security::{CounterStore, Key, Policy, Secured};
use litz_hal::mac::{Mac, MacConfig};
use litz_hal::radio::{CcaMode, Ccm, Radio, RadioConfig};

use crate::network::{CHANNEL, KEY, PAN, PREFIX, Plain, ROUTER, address};
use crate::node_memory::NodeMemory;
use crate::say;
use crate::services::{Reading, Services};

/// What a board has besides its radio.
pub trait Board {
    /// What it is called.
    const NAME: &'static str;

    /// The time since its start.
    fn now(&mut self) -> Instant;

    /// Sleeps until then, or until an interrupt of the radio.
    fn sleep(&mut self, until: Deadline);

    /// Temperature of the chip in quarters of a degree Celsius, if it can be measured.
    fn quarter_degrees(&mut self) -> Option<i32>;
}

/// Who the node is, and random octets that nobody else knows.
pub struct Identity {
    /// The extended address.
    pub address: Eui64,
    /// For the keyed hashes of the stack.
    pub secret: [u8; 16],
    /// For back-offs and tags.
    pub seed: [u8; 8],
}

/// Why the node does not go on.
#[derive(Clone, Copy, Debug)]
pub struct Failed(
    /// What has failed.
    pub &'static str,
);

/// How the radio of a node works.
///
/// # Errors
/// [`Failed`] if there is no such channel.
pub fn radio_config(own: Eui64) -> Result<RadioConfig, Failed> {
    Ok(RadioConfig {
        channel: CHANNEL.ok_or(Failed("the channel"))?,
        tx_power: 0,
        pan: PAN,
        short_addr: ShortAddress::UNASSIGNED,
        extended_addr: own,
        pan_coordinator: false,
        promiscuous: false,
        auto_ack: true,
        cca: CcaMode::default(),
    })
}

/// The node, from its start on; it returns only if it cannot go on.
///
/// # Errors
/// [`Failed`].
pub fn run<const N: usize, const TCP: usize, R: Radio, C: Ccm, S: CounterStore, B: Board>(
    radio: R,
    (ccm, store): (C, S),
    identity: &Identity,
    board: &mut B,
    memory: &'static NodeMemory<N, TCP>,
) -> Result<(), Failed> {
    let own = identity.address;
    let key = Key {
        id: KeyId::Index { index: 1 },
        peer: None,
        key: KEY,
    };
    let memory = memory.take(key).ok_or(Failed("the memory is in use"))?;
    let secured = Secured::new(Policy::default(), ccm, memory.keys, memory.peers, store);
    let secured = secured.map_err(|_| Failed("the frame counter"))?;
    let config = MacConfig {
        // As often as the standard allows: a fragment that is lost costs the whole packet.
        max_retries: 7,
        ..MacConfig::new(radio_config(own)?)
    };
    let seed = u64::from_le_bytes(identity.seed);
    // README: node
    let mac = Mac::new(board.now(), radio, secured, config, memory.mac, seed);
    let mac = mac.map_err(|_| Failed("the radio"))?;
    let config = LowpanConfig {
        pan: PAN,
        short_addr: ShortAddress::UNASSIGNED,
        extended_addr: own,
        quota: 2,
        learn_contexts: false,
    };
    let mut device = Lowpan::new(mac, config, memory.lowpan, seed as u16);
    let context = Context::new(PREFIX, 64);
    device.contexts_mut().set(0, Some(context));
    let link = Link::Ieee802154(own.into());
    let iface = Interface::new(link, identity.secret, memory.host.interface);
    let mut iface = iface.map_err(|_| Failed("the address"))?;
    configure(&mut iface, own).ok_or(Failed("the addresses"))?;
    // README: end
    let mut sockets = SocketSet::new(identity.secret, memory.host.sockets);
    let mut services = Services::<N>::start(&mut sockets).ok_or(Failed("the sockets"))?;
    say!("{}: {} is ready", B::NAME, Plain(address(own)));
    let mut served = 0;
    let mut reading = Reading {
        board: B::NAME,
        uptime: -1,
        quarter_degrees: None,
    };
    loop {
        let now = board.now();
        let more = iface.poll(now, &mut device, &mut sockets).more;
        let uptime = now.total_micros() / 1_000_000;
        if uptime != reading.uptime {
            reading.uptime = uptime;
            reading.quarter_degrees = board.quarter_degrees();
        }
        services.serve(&mut sockets, &reading, memory.host.scratch);
        if services.served() != served {
            served = services.served();
            say!("{} pages served", served);
        }
        let now = board.now();
        let due = iface
            .poll_at(now, &sockets)
            .min(device.device().poll_at(now));
        if !more && !due.is_due(now) {
            board.sleep(due);
        }
    }
}

/// The addresses of the node. No other is on the link: everybody is reached by the router.
fn configure(iface: &mut Interface<'_>, own: Eui64) -> Option<()> {
    for addr in [own.link_local(), address(own)] {
        iface.add_addr(IpCidr::new(addr, 128).ok()?).ok()?;
    }
    iface.set_default_route(ROUTER.link_local().into()).ok()
}
