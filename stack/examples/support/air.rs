//! A station on the air of a ZEP hub: a MAC over a radio of datagrams, and 6LoWPAN over it.

use std::net::{Ipv6Addr, SocketAddr};

use litz::lowpan::{Context, Lowpan, LowpanConfig, LowpanStorage};
use litz::phy::linux::{monotonic_now, secret};
use litz::phy::mac::security::Unsecured;
use litz::phy::mac::{Mac, MacConfig, MacStorage, NeighborSlot, RxSlot, TxSlot};
use litz::phy::prng::Chance;
use litz::phy::radio::{CcaMode, Channel, RadioConfig};
use litz::phy::zep::ZepRadio;
use litz::wire::{Eui64, PanId, ShortAddress};

use super::args::Args;

/// 6LoWPAN over the MAC over the air.
pub(crate) type AirDevice = Lowpan<'static, Mac<'static, ZepRadio, Unsecured>>;

/// The network that stations are in.
const PAN: PanId = PanId(0xabcd);

/// Where the air is, and who we are on it.
pub(crate) struct AirOptions {
    /// The hub.
    pub(crate) zep: SocketAddr,
    /// Receptions lost, in percent.
    loss: u32,
    /// The prefix of the network, 64 bits; nodes learn it.
    pub(crate) prefix: Ipv6Addr,
}

impl AirOptions {
    pub(crate) fn new() -> Self {
        Self {
            zep: (Ipv6Addr::LOCALHOST, litz::phy::zep::PORT).into(),
            loss: 0,
            prefix: Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 0),
        }
    }

    /// Takes `option` and its value if it is one of these; `false` if it is not.
    pub(crate) fn take(&mut self, option: &str, args: &mut Args) -> Result<bool, String> {
        match option {
            "--zep" => self.zep = args.value(option)?,
            "--loss" => self.loss = args.value(option)?,
            "--prefix" => self.prefix = args.value(option)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The station with a short address of this number, or with an extended one only.
    pub(crate) fn open(&self, number: u16, has_short: bool) -> Result<AirDevice, String> {
        let system = |error: std::io::Error| error.to_string();
        let [a, b, c, d, e, f, g, h, i, j, ..] = secret().map_err(system)?;
        let seed = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
        let [high, low] = number.to_be_bytes();
        let extended_addr = Eui64([0x02, 0, 0, 0, 0, 0, high, low]);
        let short_addr = match has_short {
            true => ShortAddress(number),
            false => ShortAddress::UNASSIGNED,
        };
        let radio = ZepRadio::open(self.zep, Chance::percent(self.loss), seed).map_err(system)?;
        let config = MacConfig::new(RadioConfig {
            channel: Channel::default(),
            tx_power: 0,
            pan: PAN,
            short_addr,
            extended_addr,
            pan_coordinator: false,
            promiscuous: false,
            auto_ack: true,
            cca: CcaMode::default(),
        });
        let storage = MacStorage {
            tx: vec![TxSlot::EMPTY; 16].leak(),
            rx: vec![RxSlot::EMPTY; 16].leak(),
            neighbors: vec![NeighborSlot::EMPTY; 16].leak(),
            children: &mut [],
            scan: &mut [],
        };
        let mac = Mac::new(monotonic_now(), radio, Unsecured, config, storage, seed);
        let mac = mac.map_err(|error| error.to_string())?;
        let config = LowpanConfig {
            pan: PAN,
            short_addr,
            extended_addr,
            quota: 4,
            // Who has a short address is the border router, and decides.
            learn_contexts: !has_short,
        };
        let tag = u16::from_be_bytes([i, j]);
        let mut lowpan = Lowpan::new(mac, config, LowpanStorage::heap(4, 8), tag);
        if has_short {
            let context = Context::new(self.prefix, 64);
            lowpan.contexts_mut().set(0, Some(context));
        }
        Ok(lowpan)
    }
}

/// The address with a prefix of 64 bits and an interface identifier.
pub(crate) fn address(prefix: Ipv6Addr, iid: [u8; 8]) -> Ipv6Addr {
    let iid = u128::from(u64::from_be_bytes(iid));
    Ipv6Addr::from_bits(prefix.to_bits() & !u128::from(u64::MAX) | iid)
}
