//! ICMP of both versions, neighbor discovery with its options; checksums are zero.

use super::{ipv4_around, ipv6_around, transport};
use litz_tests::noise::Noise;

/// An ICMPv4 message.
pub fn v4(noise: &mut Noise) -> Vec<u8> {
    let (kind, codes, body) = match noise.below(8) {
        0 => (0, 1, echo(noise)),
        1 => (8, 1, echo(noise)),
        2 => (3, 16, v4_error(noise, &[0, 0], 2)),
        3 => (5, 4, v4_error(noise, &[], 4)),
        4 => (11, 2, v4_error(noise, &[0; 4], 0)),
        5 => (12, 1, v4_parameter_problem(noise)),
        6 => (13, 1, noise.octets(16)),
        _ => (14, 1, noise.octets(16)),
    };
    message(noise, kind, codes, &body)
}

fn message(noise: &mut Noise, kind: u8, codes: usize, body: &[u8]) -> Vec<u8> {
    let mut message = vec![kind, noise.below(codes) as u8, 0, 0];
    message.extend(body);
    message
}

fn echo(noise: &mut Noise) -> Vec<u8> {
    let length = 4 + noise.below(60);
    noise.octets(length)
}

/// Zeros, random octets, and the packet that was sent.
fn v4_error(noise: &mut Noise, unused: &[u8], random: usize) -> Vec<u8> {
    let mut body = unused.to_vec();
    body.extend(noise.octets(random));
    let datagram = transport::udp(noise);
    body.extend(ipv4_around(noise, 17, &datagram));
    body
}

fn v4_parameter_problem(noise: &mut Noise) -> Vec<u8> {
    let pointer = noise.below(20) as u8;
    v4_error(noise, &[pointer, 0, 0, 0], 0)
}

/// An ICMPv6 message.
pub fn v6(noise: &mut Noise) -> Vec<u8> {
    let (kind, codes, body) = match noise.below(11) {
        0 => (128, 1, echo(noise)),
        1 => (129, 1, echo(noise)),
        2 => (1, 7, v6_error(noise, [0; 4])),
        3 => {
            let mtu = (noise.next_u64() as u32).to_be_bytes();
            (2, 1, v6_error(noise, mtu))
        }
        4 => (3, 2, v6_error(noise, [0; 4])),
        5 => {
            let pointer = (noise.below(48) as u32).to_be_bytes();
            (4, 3, v6_error(noise, pointer))
        }
        6 => (133, 1, discovery(noise, &[0; 4], 0)),
        7 => {
            let mut start = noise.octets(12);
            start[1] &= 0xc0;
            (134, 1, discovery(noise, &start, 0))
        }
        8 => (135, 1, discovery(noise, &[0; 4], 16)),
        9 => {
            let flags = (noise.below(8) as u8) << 5;
            (136, 1, discovery(noise, &[flags, 0, 0, 0], 16))
        }
        _ => (137, 1, discovery(noise, &[0; 4], 32)),
    };
    message(noise, kind, codes, &body)
}

fn v6_error(noise: &mut Noise, start: [u8; 4]) -> Vec<u8> {
    let datagram = transport::udp(noise);
    let mut body = start.to_vec();
    body.extend(ipv6_around(noise, 17, &datagram));
    body
}

/// A fixed start, addresses, and options.
fn discovery(noise: &mut Noise, start: &[u8], addresses: usize) -> Vec<u8> {
    let mut body = start.to_vec();
    body.extend(noise.octets(addresses));
    for _ in 0..noise.below(4) {
        let option = option(noise);
        body.extend(option);
    }
    body
}

/// An option of neighbor discovery.
pub fn option(noise: &mut Noise) -> Vec<u8> {
    match noise.below(6) {
        kind @ (0 | 1) => {
            let mut option = vec![1 + kind as u8, 1];
            option.extend(noise.octets(6));
            option
        }
        2 => {
            let prefix_len = noise.below(129) as u8;
            let flags = (noise.below(8) as u8) << 5;
            let mut option = vec![3, 4, prefix_len, flags];
            option.extend(noise.octets(8));
            option.extend([0; 4]);
            option.extend(noise.octets(16));
            option
        }
        3 => {
            let mut option = vec![5, 1, 0, 0];
            option.extend(noise.octets(4));
            option
        }
        4 => {
            let servers = 1 + noise.below(3);
            let mut option = vec![25, 1 + 2 * servers as u8, 0, 0];
            option.extend(noise.octets(4 + 16 * servers));
            option
        }
        _ => {
            // A packet of whole units, since an option does not say where its packet ends.
            let length = 8 * noise.below(8);
            let data = noise.octets(length);
            let mut option = vec![4, 0, 0, 0, 0, 0, 0, 0];
            option.extend(ipv6_around(noise, 59, &data));
            option[1] = (option.len() / 8) as u8;
            option
        }
    }
}
