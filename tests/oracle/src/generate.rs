//! Right packets made by hand: random values, every kind of message and option, with checksums.
//! Nothing here calls litz-wire, so a mistake there cannot hide behind the same mistake here.

pub mod icmp;
pub mod rpl;
pub mod service;
pub mod transport;
pub mod wpan;

use litz_tests::mutate::repair;
use litz_tests::noise::Noise;

/// The next frame of some kind: Ethernet around ARP, IPv4 or IPv6.
pub fn frame(noise: &mut Noise) -> Vec<u8> {
    let mut frame = addresses(noise);
    match noise.below(8) {
        0 => {
            frame.extend([0x08, 0x06]);
            frame.extend(arp(noise));
        }
        1..=4 => {
            frame.extend([0x08, 0x00]);
            frame.extend(ipv4(noise));
        }
        _ => {
            frame.extend([0x86, 0xdd]);
            frame.extend(ipv6(noise));
        }
    }
    repair(&mut frame);
    frame
}

/// The next frame with a message of RPL, DNS, CoAP or DHCPv6 in IPv6.
pub fn service(noise: &mut Noise) -> Vec<u8> {
    let (protocol, message) = match noise.below(4) {
        3 => (17, service::coap(noise)),
        0 => {
            let (code, body) = rpl::message(noise);
            (58, [&[155, code, 0, 0], body.as_slice()].concat())
        }
        1 => (17, service::dns(noise)),
        _ => (17, service::dhcpv6(noise)),
    };
    let mut frame = addresses(noise);
    frame.extend([0x86, 0xdd]);
    frame.extend(ipv6_around(noise, protocol, &message));
    repair(&mut frame);
    frame
}

/// Destination and source of stations.
fn addresses(noise: &mut Noise) -> Vec<u8> {
    let mut addresses = noise.octets(12);
    addresses[6] &= 0xfe;
    addresses
}

/// ARP for IPv4 on Ethernet.
pub fn arp(noise: &mut Noise) -> Vec<u8> {
    let mut packet = vec![0, 1, 8, 0, 6, 4, 0, 1 + noise.below(2) as u8];
    packet.extend(noise.octets(20));
    packet
}

/// An IPv4 packet around a message that is made for it.
pub fn ipv4(noise: &mut Noise) -> Vec<u8> {
    let (protocol, message) = match noise.below(4) {
        0 => (1, icmp::v4(noise)),
        1 => (17, transport::udp(noise)),
        _ => (6, transport::tcp(noise)),
    };
    ipv4_around(noise, protocol, &message)
}

/// An IPv4 packet around octets.
fn ipv4_around(noise: &mut Noise, protocol: u8, message: &[u8]) -> Vec<u8> {
    let options = ipv4_options(noise);
    let (header, total) = (20 + options.len(), 20 + options.len() + message.len());
    let mut packet = vec![0x40 | (header / 4) as u8, noise.next_u64() as u8];
    packet.extend((total as u16).to_be_bytes());
    packet.extend(noise.octets(2));
    // Whole packets, with or without "do not fragment".
    packet.extend([(noise.below(2) as u8) << 6, 0]);
    packet.extend([noise.next_u64() as u8, protocol, 0, 0]);
    packet.extend(noise.octets(8));
    packet.extend(options);
    packet.extend(message);
    packet
}

/// A list of IPv4 options of whole words, mostly none.
fn ipv4_options(noise: &mut Noise) -> Vec<u8> {
    let mut options = Vec::new();
    while noise.one_in(3) && options.len() < 20 {
        match noise.below(4) {
            0 => options.push(1),
            1 => options.extend([148, 4, 0, 0]),
            2 => {
                let slots = 1 + noise.below(3);
                options.extend([7, 3 + 4 * slots as u8, 4]);
                options.extend(noise.octets(4 * slots));
            }
            // A kind that nobody has assigned.
            _ => {
                options.extend([0x9f, 4]);
                options.extend(noise.octets(2));
            }
        }
    }
    pad(options, 4)
}

/// Zeros up to a multiple.
fn pad(mut octets: Vec<u8>, unit: usize) -> Vec<u8> {
    octets.resize(octets.len().next_multiple_of(unit), 0);
    octets
}

/// An IPv6 packet around a message that is made for it.
pub fn ipv6(noise: &mut Noise) -> Vec<u8> {
    let (protocol, message) = match noise.below(4) {
        0 | 1 => (58, icmp::v6(noise)),
        2 => (17, transport::udp(noise)),
        _ => (6, transport::tcp(noise)),
    };
    ipv6_around(noise, protocol, &message)
}

fn ipv6_around(noise: &mut Noise, protocol: u8, message: &[u8]) -> Vec<u8> {
    let mut packet = noise.octets(4);
    packet[0] = 0x60 | (packet[0] & 0x0f);
    packet.extend((message.len() as u16).to_be_bytes());
    packet.extend([protocol, noise.next_u64() as u8]);
    packet.extend(noise.octets(32));
    packet.extend(message);
    packet
}
