//! Where a host meets the simulated network: two queues of IP packets, and what was seen of late.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;

use litz_hal::pcap::{LinkType, PcapWriter, Resolution};
use litz_hal::time::Instant;
use litz_hal::{Capabilities, Device, Medium, RxToken, TxError, TxMeta, TxToken};

#[derive(Default)]
struct Queues {
    received: VecDeque<Vec<u8>>,
    sent: VecDeque<Vec<u8>>,
}

/// The two queues; clones are the same port.
#[derive(Clone, Default)]
pub struct Port(Rc<RefCell<Queues>>);

impl Port {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// The next packet that has arrived.
    #[must_use]
    pub fn take_received(&self) -> Option<Vec<u8>> {
        self.0.borrow_mut().received.pop_front()
    }

    /// Send a packet.
    pub fn put_sent(&self, packet: Vec<u8>) {
        self.0.borrow_mut().sent.push_back(packet);
    }

    pub(super) fn take_sent(&self) -> Option<Vec<u8>> {
        self.0.borrow_mut().sent.pop_front()
    }

    pub(super) fn put_received(&self, packet: Vec<u8>) {
        self.0.borrow_mut().received.push_back(packet);
    }
}

/// A port as litz's device.
pub struct PortDevice {
    /// The port.
    pub port: Port,
    /// Octets of the largest IP packet.
    pub mtu: usize,
}

/// A packet that has arrived.
pub struct PortRx(Vec<u8>);

/// Room for a packet.
pub struct PortTx(Port);

impl RxToken for PortRx {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

impl TxToken for PortTx {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        _: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        let mut packet = vec![0; len];
        let result = f(&mut packet);
        self.0.put_sent(packet);
        Ok(result)
    }
}

impl Device for PortDevice {
    type RxToken<'a> = PortRx;
    type TxToken<'a> = PortTx;

    fn receive(&mut self, _: Instant) -> Option<(PortRx, PortTx)> {
        let packet = self.port.take_received()?;
        Some((PortRx(packet), PortTx(self.port.clone())))
    }

    fn transmit(&mut self, _: Instant) -> Option<PortTx> {
        Some(PortTx(self.port.clone()))
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Medium::Ip, self.mtu)
    }
}

/// The packets sent of late, for whoever wants to see why a test failed.
pub(super) struct Record {
    name: String,
    packets: VecDeque<(Instant, Vec<u8>)>,
}

/// Packets that are kept.
const KEPT: usize = 2_000;

impl Record {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            packets: VecDeque::new(),
        }
    }

    pub(super) fn note(&mut self, now: Instant, packet: &[u8]) {
        if self.packets.len() == KEPT {
            self.packets.pop_front();
        }
        self.packets.push_back((now, packet.to_vec()));
    }

    /// The packets as a pcap file.
    pub(super) fn pcap(&self) -> Option<Vec<u8>> {
        let mut octets = Vec::new();
        let mut writer = PcapWriter::new(&mut octets, LinkType::RAW, Resolution::Micros).ok()?;
        for (at, packet) in &self.packets {
            writer.write(*at, packet).ok()?;
        }
        Some(octets)
    }

    fn write(&self) -> Option<PathBuf> {
        let path = std::env::temp_dir().join(format!("{}.pcap", self.name));
        std::fs::write(&path, self.pcap()?).ok()?;
        Some(path)
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Some(path) = self.write()
        {
            eprintln!("the last packets are in {}", path.display());
        }
    }
}
