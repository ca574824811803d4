//! Two hosts on one lossy link in virtual time, with a capture of the client's end.

use std::fs::File;
use std::io::BufWriter;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz::phy::Device;
use litz::phy::link::{Link as Line, LinkConfig, LinkEnd, Side};
use litz::phy::pcap::PcapDevice;
use litz::phy::prng::Chance;
use litz::time::{Deadline, Duration, Instant};
use litz::wire::EthernetAddress;
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet};

use super::services::{Service, Services};

/// One host.
pub(crate) struct Host {
    name: &'static str,
    iface: Interface<'static>,
    pub(crate) sockets: SocketSet<'static>,
    /// Neighbors that were spoken of.
    known: Vec<IpAddr>,
}

/// Both hosts and what is between them.
pub(crate) struct Pair {
    pub(crate) now: Instant,
    pub(crate) client: Host,
    server: Host,
    services: Services,
    line: Line,
    client_end: PcapDevice<LinkEnd, BufWriter<File>>,
    server_end: LinkEnd,
    capture: String,
}

const CLIENT: u8 = 1;
const SERVER: u8 = 2;

fn addresses(number: u8) -> [IpAddr; 2] {
    let ipv6 = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, number.into());
    [Ipv4Addr::new(192, 0, 2, number).into(), ipv6.into()]
}

impl Host {
    fn new(name: &'static str, number: u8, seed: u64) -> Result<Self, String> {
        let mac = EthernetAddress([0x02, 0, 0, 0, 0, number]);
        // A demonstration repeats itself; a real host takes its secret from the system.
        let secret = u128::from(seed.wrapping_mul(2).wrapping_add(number.into())).to_be_bytes();
        let (link, storage) = (Link::Ethernet(mac), InterfaceStorage::heap(1500));
        let mut iface = Interface::new(link, secret, storage).map_err(|e| e.to_string())?;
        let [ipv4, ipv6] = addresses(number);
        for (address, length) in [(ipv4, 24), (ipv6, 64)] {
            let cidr = IpCidr::new(address, length).map_err(|e| e.to_string())?;
            iface.add_addr(cidr).map_err(|e| e.to_string())?;
        }
        let sockets = SocketSet::heap(secret, &SocketCapacity::default());
        Ok(Self {
            name,
            iface,
            sockets,
            known: Vec::new(),
        })
    }

    fn poll<D: Device>(&mut self, now: Instant, device: &mut D) {
        self.iface.poll(now, device, &mut self.sockets);
        for (address, mac) in self.iface.neighbors() {
            if !self.known.contains(&address) {
                self.known.push(address);
                say(now, &format!("{} resolved {address}: {mac}", self.name));
            }
        }
    }

    fn poll_at(&self, now: Instant) -> Deadline {
        self.iface.poll_at(now, &self.sockets)
    }
}

impl Pair {
    /// Two hosts, a link that loses `loss` percent of the frames, and a capture file.
    pub(crate) fn new(seed: u64, loss: u32, capture: &str) -> Result<Self, String> {
        let file = File::create(capture).map_err(|error| format!("{capture}: {error}"))?;
        let delay = Duration::from_millis(5);
        let (loss_chance, bandwidth) = (Chance::percent(loss), Some(100_000_000));
        let config = LinkConfig {
            seed,
            loss: loss_chance,
            delay,
            bandwidth,
            ..LinkConfig::default()
        };
        let (line, client_end, server_end) = Line::new(config);
        let client_end =
            PcapDevice::new(client_end, BufWriter::new(file)).map_err(|error| error.to_string())?;
        let mut server = Host::new("server", SERVER, seed)?;
        let services = Services::listen(&mut server.sockets, &[(80, Service::Http)], 4)?;
        let now = Instant::ZERO;
        say(
            now,
            &format!(
                "a link of 100 Mbit/s and {}, that loses {loss} % (seed {seed})",
                ms(delay)
            ),
        );
        let client = Host::new("client", CLIENT, seed)?;
        let capture = capture.to_owned();
        Ok(Self {
            now,
            client,
            server,
            services,
            line,
            client_end,
            server_end,
            capture,
        })
    }

    /// The server's addresses, IPv4 and IPv6.
    pub(crate) fn server_addresses() -> [IpAddr; 2] {
        addresses(SERVER)
    }

    /// Prints an event with the time.
    pub(crate) fn say(&self, event: &str) {
        say(self.now, event);
    }

    /// Lets time pass until something can be done, at most until `limit`, and does it.
    pub(crate) fn step(&mut self, limit: Instant) {
        let hosts = self
            .client
            .poll_at(self.now)
            .min(self.server.poll_at(self.now));
        let next = hosts.min(self.line.next_event()).min(Deadline::at(limit));
        if let Some(next) = next.instant() {
            self.now = self.now.max(next);
        }
        self.client.poll(self.now, &mut self.client_end);
        self.server.poll(self.now, &mut self.server_end);
        self.services.serve(&mut self.server.sockets);
    }

    /// Lets the connections end, prints the summary and closes the capture.
    pub(crate) fn finish(mut self) -> Result<(), String> {
        let limit = self.now.saturating_add(Duration::from_secs(10));
        while self.now < limit {
            self.step(limit);
        }
        let count = |of: fn(&SocketSet<'_>) -> u32| {
            u64::from(of(&self.client.sockets)).saturating_add(of(&self.server.sockets).into())
        };
        let segments = count(|sockets| sockets.tcp_counters().segments_out);
        let again = count(|sockets| sockets.tcp_counters().retransmissions);
        let lost = |side| self.line.stats(side).lost;
        let drops = lost(Side::A).saturating_add(lost(Side::B));
        let sent = |side| self.line.stats(side).sent;
        let frames = sent(Side::A).saturating_add(sent(Side::B));
        println!(
            "{segments} segments, {again} retransmissions, {drops} drops of {frames} frames; {}",
            self.capture
        );
        self.client_end
            .flush()
            .map_err(|error| format!("{}: {error}", self.capture))
    }
}

fn say(now: Instant, event: &str) {
    println!("{:>12}  {event}", ms(now.duration_since(Instant::ZERO)));
}

/// A span of time as people read it.
pub(crate) fn ms(span: Duration) -> String {
    let micros = span.total_micros();
    format!("{}.{} ms", micros / 1000, micros / 100 % 10)
}
