//! MACs on one air, driven together in virtual time.

use litz_hal::mac::ccm::CcmStar;
use litz_hal::mac::security::{Key, NoStore, PeerSlot, Policy, Protection, Secured, Unsecured};
use litz_hal::mac::{Mac, MacConfig, MacStorage, NeighborSlot, RxSlot, ScanSlot, SoftAes, TxSlot};
use litz_hal::prng::Chance;
use litz_hal::radio::{AesKey, CcaMode, Channel, RadioCapabilities, RadioConfig};
use litz_hal::time::{Deadline, Duration, Instant};
use litz_hal::{Device, RxMeta, RxToken, TxError, TxMeta, TxToken};
use litz_wire::{
    Eui64, FrameType, FrameVersion, Ieee802154Frame, Ieee802154Repr, KeyId, MacAddress, PanId,
    ShortAddress,
};

use super::{Air, AirRadio};

/// The network of all stations here.
pub const PAN: PanId = PanId(0xbeef);

/// A radio that does nothing by itself.
pub const BARE: RadioCapabilities = RadioCapabilities {
    filter: false,
    auto_ack: false,
    csma: false,
    retries: false,
    timed_tx: true,
    timestamps: true,
    security: false,
    tx_power_min: 0,
    tx_power_max: 0,
};

/// The short address of a station.
#[must_use]
pub fn short(number: usize) -> ShortAddress {
    ShortAddress(0x100 + number as u16)
}

/// The extended address of a station.
#[must_use]
pub fn extended(number: usize) -> Eui64 {
    Eui64([0x02, 0, 0, 0, 0, 0, 0, number as u8 + 1])
}

/// The configuration of a station's MAC.
#[must_use]
pub fn config(number: usize) -> MacConfig<'static> {
    MacConfig::new(RadioConfig {
        channel: Channel::default(),
        tx_power: 0,
        pan: PAN,
        short_addr: short(number),
        extended_addr: extended(number),
        pan_coordinator: false,
        promiscuous: false,
        auto_ack: true,
        cca: CcaMode::Energy(-90),
    })
}

/// Memory for a MAC, which is never given back.
#[must_use]
pub fn storage() -> MacStorage<'static> {
    fn leak<T: Clone>(slot: T, len: usize) -> &'static mut [T] {
        Vec::leak(vec![slot; len])
    }
    MacStorage {
        tx: leak(TxSlot::EMPTY, 16),
        rx: leak(RxSlot::EMPTY, 8),
        neighbors: leak(NeighborSlot::EMPTY, 16),
        children: leak(None, 4),
        scan: leak(ScanSlot::EMPTY, 32),
    }
}

/// The key of the networks that have one.
pub const KEY: [u8; 16] = *b"sixteen octets!!";

/// Protection by [`KEY`] with the default policy, for up to eight senders.
///
/// # Panics
/// Never: there is no store that could fail.
#[must_use]
pub fn secured() -> Secured<'static, CcmStar<SoftAes>, NoStore> {
    let key = Key {
        id: KeyId::Index { index: 1 },
        peer: None,
        key: AesKey(KEY),
    };
    let keys = Vec::leak(vec![Some(key)]);
    let peers = Vec::leak(vec![PeerSlot::EMPTY; 8]);
    let ccm = CcmStar(SoftAes::default());
    Secured::new(Policy::default(), ccm, keys, peers, NoStore).expect("a store")
}

/// A data frame between stations of the network, by short addresses; to everybody without a
/// destination.
#[must_use]
pub fn data(from: usize, to: Option<usize>, payload: &[u8]) -> Vec<u8> {
    let repr = Ieee802154Repr {
        frame_type: FrameType::Data,
        version: FrameVersion::V2006,
        seq: Some(0),
        ack_request: to.is_some(),
        pan_id_compression: true,
        dst_pan: Some(PAN),
        dst_addr: MacAddress::Short(to.map_or(ShortAddress::BROADCAST, short)),
        src_addr: MacAddress::Short(short(from)),
        payload_len: payload.len(),
        ..Ieee802154Repr::default()
    };
    let mut frame = vec![0xa5; repr.buffer_len()];
    repr.emit(&mut frame)
        .expect("room for the frame")
        .copy_from_slice(payload);
    frame
}

/// A frame that came up to the layer above.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// When.
    pub at: Instant,
    /// The frame.
    pub frame: Vec<u8>,
    /// What went with it.
    pub meta: RxMeta,
}

impl Arrived {
    /// Its payload.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        let frame = Ieee802154Frame::new_checked(&self.frame).expect("a frame");
        frame.payload()
    }
}

/// MACs on one air.
#[derive(Debug)]
pub struct Net<P = Unsecured> {
    /// The air.
    pub air: Air,
    /// The MACs.
    pub macs: Vec<Mac<'static, AirRadio, P>>,
    /// What each received.
    pub arrived: Vec<Vec<Arrived>>,
    /// The time.
    pub now: Instant,
}

impl Net<Unsecured> {
    /// So many stations without security.
    #[must_use]
    pub fn new(seed: u64, loss: Chance, stations: usize) -> Self {
        let mut net = Self::empty(seed, loss);
        for number in 0..stations {
            net.add(config(number), BARE, Unsecured);
        }
        net
    }
}

impl<P: Protection> Net<P> {
    /// No station yet.
    #[must_use]
    pub fn empty(seed: u64, loss: Chance) -> Self {
        Self {
            air: Air::new(seed, loss),
            macs: Vec::new(),
            arrived: Vec::new(),
            now: Instant::from_millis(1),
        }
    }

    /// Add a station.
    pub fn add(&mut self, config: MacConfig<'static>, caps: RadioCapabilities, protection: P) {
        let radio = self.air.radio(caps);
        let seed = 0x5eed + self.macs.len() as u64;
        let mac = Mac::new(self.now, radio, protection, config, storage(), seed);
        self.macs.push(mac.expect("a radio that works"));
        self.arrived.push(Vec::new());
    }

    /// Queue a frame at a station.
    ///
    /// # Errors
    /// What the device says.
    pub fn send(&mut self, from: usize, frame: &[u8]) -> Result<(), TxError> {
        let room = self.macs[from].transmit(self.now).ok_or(TxError::Full)?;
        let meta = TxMeta::default();
        room.consume(frame.len(), meta, |octets| octets.copy_from_slice(frame))
    }

    /// Let everybody do what is due now.
    fn poll(&mut self) {
        self.air.advance(self.now);
        for (mac, arrived) in self.macs.iter_mut().zip(&mut self.arrived) {
            mac.poll(self.now);
            while let Some((frame, _room)) = mac.receive(self.now) {
                let meta = frame.meta();
                let frame = frame.consume(<[u8]>::to_vec);
                arrived.push(Arrived {
                    at: self.now,
                    frame,
                    meta,
                });
            }
        }
    }

    /// Run for a while.
    pub fn run(&mut self, span: Duration) {
        let end = self.now.saturating_add(span);
        let mut still = 0;
        loop {
            self.poll();
            let deadlines = self.macs.iter().map(|mac| mac.poll_at(self.now));
            let next = deadlines.fold(self.air.next_event(), Deadline::min);
            let next = next.instant().unwrap_or(end);
            still = if next <= self.now { still + 1 } else { 0 };
            assert!(still < 100, "nothing moves at {}", self.now);
            if next >= end {
                self.now = end;
                return self.poll();
            }
            self.now = self.now.max(next);
        }
    }
}
