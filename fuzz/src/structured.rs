//! Packets of sound structure with whatever inside, into an interface of every medium: extension
//! headers and options, fragments of a few packets, messages of every protocol with right
//! checksums, VLAN tags, the stations of 802.15.4, raw IP. What the octets say is the fuzzer's.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz::iface::{HardwareAddr, PrefixRole, RouterConfig, ServedPrefix, SlaacConfig};
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet};
use litz_hal::time::{Duration, Instant};
use litz_hal::vlan::{TagWriter, Vlan, VlanSlot, Vlans};
use litz_hal::{Capabilities, Device, Medium};
use litz_tests::frames::FrameQueue;
use litz_wire::rt::{Pseudo, PseudoHeader, PseudoV4, PseudoV6, Sum};
use litz_wire::{EthernetAddress, Ipv4Cidr, ShortAddress};

/// Octets that decide what comes next; zeros when they are used up.
struct Octets<'d>(&'d [u8]);

impl<'d> Octets<'d> {
    fn one(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    fn two(&mut self) -> u16 {
        u16::from_be_bytes([self.one(), self.one()])
    }

    fn some(&mut self, len: usize) -> &'d [u8] {
        let (some, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        some
    }

    fn of<T: Copy, const N: usize>(&mut self, from: [T; N]) -> T {
        let at = usize::from(self.one()) % N;
        from[at]
    }
}

const OWN: EthernetAddress = EthernetAddress([2, 0, 0, 0, 0, 1]);
const OWN_V4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
const OWN_V6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 1);

/// Feeds packets that are made of `data` to an interface. Each octet string is one course of
/// events; after each packet the interface must come to rest.
pub fn structured(data: &[u8]) {
    let mut octets = Octets(data);
    let kind = octets.one() % 4;
    let (link, medium) = match kind {
        0 | 3 => (Link::Ethernet(OWN), Medium::Ethernet),
        1 => (Link::Ip, Medium::Ip),
        _ => {
            let own = HardwareAddr::Short(ShortAddress(1));
            (Link::Ieee802154(own), Medium::Lowpan)
        }
    };
    let queue = FrameQueue::new(Capabilities::new(medium, 1500));
    let host = Fuzzed::new(link, octets.one());
    if kind == 3 {
        let slots = vec![VlanSlot::<1600, 4>::EMPTY; 2];
        let mut vlans = Vlans::new(queue, slots, TagWriter::Stack);
        vlans.add(Vlan::Customer(10)).expect("a number and room");
        vlans.add(Vlan::Untagged).expect("room");
        host.run(&mut octets, kind, &mut vlans, |vlans, host, now| {
            let mut port = vlans.port(Vlan::Customer(10)).expect("it was added");
            host.poll(now, &mut port);
            let mut port = vlans.port(Vlan::Untagged).expect("it was added");
            host.poll(now, &mut port);
            vlans.inner_mut()
        });
    } else {
        let mut queue = queue;
        host.run(&mut octets, kind, &mut queue, |queue, host, now| {
            host.poll(now, queue);
            queue
        });
    }
}

/// A host that does all that an interface can be told to do.
struct Fuzzed {
    iface: Interface<'static>,
    sockets: SocketSet<'static>,
}

impl Fuzzed {
    fn new(link: Link, choices: u8) -> Self {
        let now = Instant::from_secs(1);
        let storage = InterfaceStorage::heap(1500);
        let mut iface = Interface::new(link, [7; 16], storage).expect("a sound link");
        let capacity = SocketCapacity {
            tcp: 4,
            raw: 1,
            ..SocketCapacity::default()
        };
        let mut sockets = SocketSet::heap([9; 16], &capacity);
        for cidr in [
            IpCidr::new(OWN_V4, 24).expect("a prefix"),
            IpCidr::new(OWN_V6, 64).expect("a prefix"),
            IpCidr::link_local(OWN),
        ] {
            iface.add_addr(cidr).expect("room");
        }
        iface
            .set_default_route(Ipv4Addr::new(192, 0, 2, 254).into())
            .expect("room");
        if choices & 1 != 0 {
            iface.attach(&mut sockets).expect("room");
            iface.set_forwarding(true);
            iface.set_hop_by_hop(true);
        }
        if choices & 2 != 0 {
            let config = SlaacConfig::default();
            iface.start_slaac(config, now).expect("room");
        }
        if choices & 4 != 0 {
            let network = Ipv4Cidr::new(Ipv4Addr::new(203, 0, 113, 0), 24);
            let prefix = ServedPrefix {
                network: network.expect("a prefix").into(),
                role: PrefixRole::OnLink,
            };
            iface.serve(prefix).expect("room");
        }
        if choices & 8 != 0 {
            iface
                .advertise(RouterConfig::default(), now)
                .expect("sound");
        }
        sockets.tcp_listen(80, 4).expect("room");
        let udp = sockets.udp_bind(7).expect("room");
        let mut udp = sockets.udp(udp).expect("just bound");
        let _ = udp.join(IpAddr::V4(Ipv4Addr::new(239, 1, 1, 1)));
        let _ = udp.join(IpAddr::V6(Ipv6Addr::new(0xff05, 0, 0, 0, 0, 0, 0, 7)));
        Self { iface, sockets }
    }

    fn poll<D: Device>(&mut self, now: Instant, device: &mut D) {
        self.iface.poll(now, device, &mut self.sockets);
    }

    /// Make frames and feed them, until there are no octets left.
    fn run<D>(
        mut self,
        octets: &mut Octets<'_>,
        kind: u8,
        device: &mut D,
        poll: impl for<'d> Fn(&'d mut D, &mut Self, Instant) -> &'d mut FrameQueue,
    ) {
        let mut now = Instant::from_secs(1);
        while !octets.0.is_empty() {
            let frame = framed(octets, kind);
            let wait = octets.of([0, 0, 1, 50, 1_000, 5_000, 60_000, 700_000]);
            now = now.saturating_add(Duration::from_millis(wait));
            poll(device, &mut self, now).rx.push_back(frame);
            self.settle(device, now, &poll);
        }
        now = now.saturating_add(Duration::from_secs(3600));
        self.settle(device, now, &poll);
    }

    fn settle<D>(
        &mut self,
        device: &mut D,
        now: Instant,
        poll: &impl for<'d> Fn(&'d mut D, &mut Self, Instant) -> &'d mut FrameQueue,
    ) {
        for _ in 0..1000 {
            let queue = poll(device, self, now);
            queue.tx.clear();
            let rests = queue.rx.is_empty();
            if rests && !self.iface.poll_at(now, &self.sockets).is_due(now) {
                return;
            }
        }
        panic!("at {now:?} the interface has work without end");
    }
}

/// A packet in a frame of the medium.
fn framed(octets: &mut Octets<'_>, kind: u8) -> Vec<u8> {
    let peer = [2, 0, 0, 0, 0, octets.of([2, 3, 4, 1])];
    let mut frame = Vec::new();
    match kind {
        1 => return packet(octets),
        2 => {
            frame.extend([2, 0, 0, 0, 0, 0, 0]);
            frame.extend(octets.of([[0, 1], [0xff, 0xff], [0, 9]]));
            frame.extend([octets.of([2, 3, 9]), 0, 0, 0, 0, 0, 0, 0, octets.one()]);
            frame.extend(packet(octets));
            return frame;
        }
        _ => {}
    }
    frame.extend(octets.of([
        OWN.0,
        OWN.0,
        [0xff; 6],
        [0x33, 0x33, 0xff, 0, 0, 1],
        [1, 0, 0x5e, 1, 1, 1],
    ]));
    frame.extend(peer);
    for _ in 0..octets.one() % 3 {
        let [high, low] = octets
            .of([0x000a_u16, 0x000a, 0xe000, 0x0063, 0xf00a])
            .to_be_bytes();
        frame.extend(octets.of([[0x81, 0x00], [0x88, 0xa8]]));
        frame.extend([high, low]);
    }
    if octets.one().is_multiple_of(8) {
        frame.extend([0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, octets.of([1, 2, 3])]);
        frame.extend(peer);
        frame.extend(address_v4(octets).octets());
        frame.extend(octets.of([OWN.0, [0; 6]]));
        frame.extend(address_v4(octets).octets());
        return frame;
    }
    let packet = packet(octets);
    let v4 = packet.first().is_some_and(|first| first >> 4 == 4);
    frame.extend(if v4 { [0x08, 0x00] } else { [0x86, 0xdd] });
    frame.extend(packet);
    frame
}

fn address_v4(octets: &mut Octets<'_>) -> Ipv4Addr {
    octets
        .of([
            [192, 0, 2, 1],
            [192, 0, 2, 2],
            [192, 0, 2, 254],
            [192, 0, 2, 255],
            [255, 255, 255, 255],
            [239, 1, 1, 1],
            [224, 0, 0, 1],
            [203, 0, 113, 9],
            [198, 51, 100, 9],
            [0, 0, 0, 0],
            [127, 0, 0, 1],
            [169, 254, 1, 1],
        ])
        .into()
}

fn address_v6(octets: &mut Octets<'_>) -> Ipv6Addr {
    octets.of([
        OWN_V6,
        Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 2),
        Ipv6Addr::new(0x2001, 0xdb8, 9, 0, 0, 0, 0, 2),
        Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0xff, 0xfe00, 1),
        Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0xff, 0xfe00, 2),
        Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1),
        Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2),
        Ipv6Addr::new(0xff02, 0, 0, 0, 0, 1, 0xff00, 1),
        Ipv6Addr::new(0xff05, 0, 0, 0, 0, 0, 0, 7),
        Ipv6Addr::UNSPECIFIED,
        Ipv6Addr::LOCALHOST,
    ])
}

fn packet(octets: &mut Octets<'_>) -> Vec<u8> {
    if octets.one() & 1 == 0 {
        packet_v4(octets)
    } else {
        packet_v6(octets)
    }
}

fn packet_v4(octets: &mut Octets<'_>) -> Vec<u8> {
    let (src, dst) = (address_v4(octets), address_v4(octets));
    let protocol = octets.of([1, 2, 6, 17, 17, 253]);
    let pseudo = Pseudo::V4(PseudoV4 {
        src_addr: src,
        dst_addr: dst,
    });
    let (at, data) = part(octets, protocol, &pseudo);
    let mut options = octets
        .some(usize::from(octets.0.first().map_or(0, |n| n % 12)))
        .to_vec();
    options.resize(options.len().next_multiple_of(4), 0);
    let header_len = 20 + options.len();
    let total = header_len + data.len();
    let mut packet = vec![0x40 | (header_len / 4) as u8, octets.one()];
    packet.extend((total as u16).to_be_bytes());
    packet.extend([0, octets.one() % 3]);
    packet.extend(
        at.map_or(0, |(offset, more)| offset | u16::from(more) << 13)
            .to_be_bytes(),
    );
    packet.extend([octets.of([64, 1, 0, 255]), protocol, 0, 0]);
    packet.extend(src.octets());
    packet.extend(dst.octets());
    packet.extend(options);
    let sum = Sum::of(&packet).finish();
    store(&mut packet, 10, sum);
    packet.extend(data);
    packet
}

fn packet_v6(octets: &mut Octets<'_>) -> Vec<u8> {
    let (src, dst) = (address_v6(octets), address_v6(octets));
    let protocol = octets.of([58, 58, 6, 17, 17, 59, 253]);
    let pseudo = Pseudo::V6(PseudoV6 {
        src_addr: src,
        dst_addr: dst,
    });
    let (at, data) = part(octets, protocol, &pseudo);
    let mut next = protocol;
    let mut rest = data;
    if let Some((offset, more)) = at {
        let mut header = vec![next, 0];
        header.extend((offset << 3 | u16::from(more)).to_be_bytes());
        header.extend([0, 0, 0, octets.one() % 3]);
        header.extend(rest);
        (next, rest) = (44, header);
    }
    for _ in 0..octets.one() % 4 {
        let units = usize::from(octets.one() % 3);
        let mut header = vec![next, units as u8];
        header.extend(octets.some(6 + 8 * units));
        header.resize(8 + 8 * units, 0);
        header.extend(rest);
        (next, rest) = (octets.of([0, 43, 60, 60]), header);
    }
    let mut packet = vec![0x60, 0, 0, 0];
    packet.extend((rest.len() as u16).to_be_bytes());
    packet.extend([next, octets.of([255, 255, 64, 1, 0])]);
    packet.extend(src.octets());
    packet.extend(dst.octets());
    packet.extend(rest);
    packet
}

/// A message, or a piece of one with its offset in units of eight octets and whether more follow.
fn part(octets: &mut Octets<'_>, protocol: u8, pseudo: &Pseudo) -> (Option<(u16, bool)>, Vec<u8>) {
    let mut data = message(octets, protocol, pseudo);
    if !octets.one().is_multiple_of(4) {
        return (None, data);
    }
    let units = octets.two() % 64;
    let begin = usize::from(units) * 8 % (data.len() + 1) / 8 * 8;
    let end = (begin + 8 * (1 + usize::from(octets.one() % 16))).min(data.len());
    let more = end < data.len() || octets.one().is_multiple_of(16);
    data.truncate(end);
    let offset = octets.of([begin as u16 / 8, begin as u16 / 8, units, 0x1fff]);
    (Some((offset, more)), data.split_off(begin))
}

/// A message of a protocol with a right checksum, most of the time.
fn message(octets: &mut Octets<'_>, protocol: u8, pseudo: &Pseudo) -> Vec<u8> {
    let body = usize::from(octets.one());
    let sound = !octets.one().is_multiple_of(16);
    let (mut message, sum_at) = match protocol {
        17 => {
            let mut udp = vec![0, 9, 0, octets.of([7, 7, 67, 8])];
            let len = 8 + body.min(octets.0.len());
            udp.extend((len as u16).to_be_bytes());
            udp.extend([0, 0]);
            (udp, 6)
        }
        6 => {
            let mut tcp = vec![3, octets.one() % 4, 0, 80, 0, 0, 0, octets.one()];
            tcp.extend([0, 0, 0, octets.one(), 0x50 | octets.of([0, 0, 0x10, 0x30])]);
            tcp.extend([octets.one() & 0x3f, octets.one(), 0, 0, 0, 0, 0]);
            (tcp, 16)
        }
        1 => (
            vec![octets.of([8, 0, 3, 5, 11, 12, 13]), octets.one() % 6, 0, 0],
            2,
        ),
        2 => (
            vec![
                octets.of([0x11, 0x16, 0x12, 0x17, 0x22]),
                octets.one(),
                0,
                0,
            ],
            2,
        ),
        58 => {
            let kinds = [
                128, 129, 1, 2, 3, 4, 130, 131, 132, 133, 134, 135, 136, 137, 143,
            ];
            (vec![octets.of(kinds), octets.of([0, 0, 0, 1]), 0, 0], 2)
        }
        _ => (Vec::new(), usize::MAX),
    };
    message.extend(octets.some(body));
    if message.len() > sum_at.saturating_add(1) {
        let sum = Sum::of(&message);
        let len = message.len() as u32;
        let sum = match protocol {
            1 | 2 => sum,
            _ => sum.add(pseudo.sum(protocol, len)),
        };
        store(
            &mut message,
            sum_at,
            if sound { sum.finish() } else { 0xdead },
        );
    }
    message
}

/// Put a checksum into its place.
fn store(octets: &mut [u8], at: usize, sum: u16) {
    let place = octets.get_mut(at..).and_then(|rest| rest.first_chunk_mut());
    if let Some(place) = place {
        *place = sum.to_be_bytes();
    }
}
