//! A node of a low-power network: IPv6 over secured frames of IEEE 802.15.4, with the services of
//! [`Services`]. The processor sleeps whenever there is nothing to do.

use litz::lowpan::{Context, Lowpan, LowpanConfig, LowpanStorage};
use litz::time::{Deadline, Duration, Instant};
use litz::wire::{Eui64, KeyId, ShortAddress};
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketSet};
use litz_hal::mac::security::{CounterStore, Key, Policy, Protection, Secured};
use litz_hal::mac::{Mac, MacConfig, MacStorage};
use litz_hal::radio::{CcaMode, Ccm, Radio, RadioConfig};

use crate::network::{CHANNEL, KEY, PAN, PREFIX, ROUTER, address};
use crate::node_memory::{CONNECTIONS, NodeBuffers, NodeMemory};
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
pub fn run<const TCP: usize, R: Radio, C: Ccm, S: CounterStore, B: Board>(
    radio: R,
    security: (C, S),
    identity: &Identity,
    board: &mut B,
    buffers: &mut NodeBuffers<TCP>,
) -> Result<(), Failed> {
    let key = Key {
        id: KeyId::Index { index: 1 },
        peer: None,
        key: KEY,
    };
    buffers.lend(key, |memory| {
        assemble(radio, security, identity, board, memory)
    })
}

#[inline]
fn assemble<R: Radio, C: Ccm, S: CounterStore, B: Board>(
    radio: R,
    (ccm, store): (C, S),
    identity: &Identity,
    board: &mut B,
    memory: NodeMemory<'_, '_>,
) -> Result<(), Failed> {
    let NodeMemory {
        host,
        mac,
        lowpan,
        keys,
        peers,
    } = memory;
    let secured = Secured::new(Policy::default(), ccm, keys, peers, store);
    let secured = secured.map_err(|_| Failed("the frame counter"))?;
    // What is large is used where it was made, and not moved out of its result.
    let mut device = device(board.now(), radio, secured, identity, mac, lowpan);
    let device = device.as_mut().map_err(|failed| *failed)?;
    let mut iface = interface(identity, host.interface);
    let iface = iface.as_mut().map_err(|failed| *failed)?;
    let mut sockets = SocketSet::new(identity.secret, host.sockets);
    let mut services = Services::<CONNECTIONS>::start(&mut sockets);
    let services = services.as_mut().ok_or(Failed("the sockets"))?;
    say!(B::NAME, ": ", address(identity.address), " is ready");
    serve(board, device, iface, &mut sockets, services, host.scratch)
}

// README: node
/// MAC and 6LoWPAN over a radio.
#[inline]
fn device<'a, R: Radio, P: Protection>(
    now: Instant,
    radio: R,
    security: P,
    identity: &Identity,
    frames: MacStorage<'a>,
    packets: LowpanStorage<'a>,
) -> Result<Lowpan<'a, Mac<'a, R, P>>, Failed> {
    let config = MacConfig {
        // As often as the standard allows: a fragment that is lost costs the whole packet.
        max_retries: 7,
        ..MacConfig::new(radio_config(identity.address)?)
    };
    let seed = u64::from_le_bytes(identity.seed);
    let mac = Mac::new(now, radio, security, config, frames, seed);
    let mac = mac.map_err(|_| Failed("the radio"))?;
    let config = LowpanConfig {
        pan: PAN,
        short_addr: ShortAddress::UNASSIGNED,
        extended_addr: identity.address,
        quota: 2,
        learn_contexts: false,
    };
    let mut device = Lowpan::new(mac, config, packets, seed as u16);
    // A build without contexts writes prefixes in full, and so does the router for all.
    let context = Context::new(PREFIX, 64);
    device.contexts_mut().set(0, Some(context));
    Ok(device)
}

/// The interface and its addresses. No other is on the link: everybody is reached by the router.
#[inline]
fn interface<'a>(
    identity: &Identity,
    storage: InterfaceStorage<'a>,
) -> Result<Interface<'a>, Failed> {
    let own = identity.address;
    let link = Link::Ieee802154(own.into());
    let iface = Interface::new(link, identity.secret, storage);
    let mut iface = iface.map_err(|_| Failed("the address"))?;
    for addr in [own.link_local(), address(own)] {
        let cidr = IpCidr::new(addr, 128).map_err(|_| Failed("an address"))?;
        iface.add_addr(cidr).map_err(|_| Failed("an address"))?;
    }
    let route = iface.set_default_route(ROUTER.link_local().into());
    route.map_err(|_| Failed("the route"))?;
    Ok(iface)
}
// README: end

/// Polls, serves, and sleeps until there is something to do; for ever.
#[inline(never)]
fn serve<R: Radio, P: Protection, B: Board>(
    board: &mut B,
    device: &mut Lowpan<'_, Mac<'_, R, P>>,
    iface: &mut Interface<'_>,
    sockets: &mut SocketSet<'_>,
    services: &mut Services<CONNECTIONS>,
    scratch: &mut [u8],
) -> ! {
    let mut served = 0;
    // Seconds are counted: a division of 64 bits takes much code.
    let mut second = Instant::ZERO.saturating_add(Duration::from_secs(1));
    let mut reading = Reading {
        board: B::NAME,
        uptime: 0,
        quarter_degrees: board.quarter_degrees(),
    };
    loop {
        let now = board.now();
        let more = iface.poll(now, device, sockets).more;
        while second <= now {
            second = second.saturating_add(Duration::from_secs(1));
            reading.uptime = reading.uptime.wrapping_add(1);
            reading.quarter_degrees = board.quarter_degrees();
        }
        services.serve(sockets, &reading, scratch);
        if services.served() != served {
            served = services.served();
            say!(served, " pages served");
        }
        let now = board.now();
        let due = iface
            .poll_at(now, sockets)
            .min(device.device().poll_at(now));
        if !more && !due.is_due(now) {
            board.sleep(due);
        }
    }
}
