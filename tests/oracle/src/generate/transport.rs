//! UDP, and TCP with its options; checksums are zero.

use super::pad;
use litz_tests::noise::Noise;

/// A port that no dissector knows, so that the payload stays octets.
fn port(noise: &mut Noise) -> [u8; 2] {
    (50_000 + noise.below(15_000) as u16).to_be_bytes()
}

/// A datagram.
pub fn udp(noise: &mut Noise) -> Vec<u8> {
    let data = noise.below(40);
    let mut datagram = [port(noise), port(noise)].concat();
    datagram.extend((8 + data as u16).to_be_bytes());
    datagram.extend([0, 0]);
    datagram.extend(noise.octets(data));
    datagram
}

/// A segment.
pub fn tcp(noise: &mut Noise) -> Vec<u8> {
    let options = tcp_options(noise);
    let mut segment = [port(noise), port(noise)].concat();
    segment.extend(noise.octets(8));
    let words = 5 + options.len() as u16 / 4;
    let flags = (words << 12) | (noise.next_u64() as u16 & 0x01ff);
    segment.extend(flags.to_be_bytes());
    segment.extend(noise.octets(2));
    segment.extend([0, 0]);
    segment.extend(noise.octets(2));
    segment.extend(options);
    let data = noise.below(40);
    segment.extend(noise.octets(data));
    segment
}

/// A list of TCP options of whole words, each kind at most once.
pub fn tcp_options(noise: &mut Noise) -> Vec<u8> {
    let (mut options, mut used) = (Vec::new(), [false; 7]);
    for _ in 0..noise.below(6) {
        let kind = noise.below(7);
        let option = tcp_option(noise, kind);
        let repeated = std::mem::replace(&mut used[kind], kind != 0);
        if !repeated && options.len() + option.len() <= 40 {
            options.extend(option);
        }
    }
    pad(options, 4)
}

fn tcp_option(noise: &mut Noise, kind: usize) -> Vec<u8> {
    let mut option = match kind {
        0 => return vec![1],
        1 => vec![2, 4],
        2 => return vec![3, 3, noise.below(15) as u8],
        3 => return vec![4, 2],
        4 => vec![5, 2 + 8 * (1 + noise.below(3)) as u8],
        5 => vec![8, 10],
        // A kind that nobody has assigned.
        _ => vec![0x50, 2 + noise.below(6) as u8],
    };
    let body = usize::from(option[1]) - 2;
    option.extend(noise.octets(body));
    option
}
