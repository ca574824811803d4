//! Frames of IEEE 802.15.4 in every form of addresses and security, around beacons, MAC commands
//! and 6LoWPAN.

use litz_tests::noise::Noise;

/// A frame without its check sequence.
pub fn frame(noise: &mut Noise) -> Vec<u8> {
    if noise.one_in(6) {
        return with_elements(noise);
    }
    let (kind, secured) = ([0, 1, 1, 1, 2, 3][noise.below(6)], noise.one_in(4));
    let (command, secured) = (1 + noise.below(9), secured && matches!(kind, 1 | 3));
    let any = |noise: &mut Noise| [2, 3][noise.below(2)];
    let (dst, src): (u16, u16) = match kind {
        0 => (0, any(noise)),
        1 => (any(noise), any(noise)),
        3 => COMMANDS[command],
        _ => (0, 0),
    };
    // Orphans and those who look for beacons ask everybody in every network, and networks are
    // realigned in all of them.
    let (to_all, in_all) = (
        kind == 3 && matches!(command, 6 | 7),
        kind == 3 && matches!(command, 6..=8),
    );
    // Frames of 2003 had another security header; acknowledgments of 2015 another form.
    let version = if secured { 1 } else { noise.below(2) as u16 };
    let compressed = dst != 0 && src != 0 && noise.one_in(2);
    let compressed = kind == 3 && command == 6 || compressed && !in_all;
    let mut control = kind | version << 12 | dst << 10 | src << 14;
    control |= u16::from(secured) << 3 | u16::from(compressed) << 6;
    control |= (noise.below(2) as u16) << 4 | (noise.below(2) as u16) << 5;
    let mut frame = control.to_le_bytes().to_vec();
    frame.extend(noise.octets(1));
    for (mode, pan, to_all, in_all) in [
        (dst, dst != 0, to_all, in_all),
        (src, src != 0 && !compressed, false, false),
    ] {
        let octets = [0, 0, 2, 8][usize::from(mode)];
        for (octets, all) in [(2 * usize::from(pan), in_all), (octets, to_all)] {
            let chosen = noise.octets(octets);
            frame.extend(if all { vec![0xff; octets] } else { chosen });
        }
    }
    if secured {
        security(noise, &mut frame);
        return frame;
    }
    frame.extend(match kind {
        0 => beacon(noise),
        1 => lowpan(noise),
        3 => self::command(noise, command as u8),
        _ => Vec::new(),
    });
    frame
}

/// A data frame of version 2 between short addresses with information elements.
fn with_elements(noise: &mut Noise) -> Vec<u8> {
    let control = 1 | 1 << 6 | 1 << 9 | 2 << 10 | 2 << 12 | 2_u16 << 14;
    let mut frame = control.to_le_bytes().to_vec();
    frame.extend(noise.octets(1 + 6));
    for _ in 0..noise.below(5) {
        let (id, content) = match noise.below(5) {
            0 => (0x1a, noise.octets(4)),
            1 => (0x1d, noise.octets(4)),
            2 => (0x1e, noise.octets(2)),
            3 => (0x00, noise.octets(3 + 1)),
            // Nobody knows what is in it.
            _ => (0x22, noise.octets(3)),
        };
        frame.extend((content.len() as u16 | id << 7).to_le_bytes());
        frame.extend(content);
    }
    let payload_follows = noise.one_in(2);
    frame.extend((if payload_follows { 0x7e_u16 } else { 0x7f } << 7).to_le_bytes());
    if payload_follows {
        for _ in 0..noise.below(4) {
            let (group, content) = match noise.below(3) {
                0 => (2, noise.octets(3 + 2)),
                // Synchronization of TSCH.
                1 => (1, [vec![6, 0x1a], noise.octets(6)].concat()),
                _ => (0, noise.octets(5)),
            };
            frame.extend((content.len() as u16 | group << 11 | 1 << 15).to_le_bytes());
            frame.extend(content);
        }
        frame.extend((15_u16 << 11 | 1 << 15).to_le_bytes());
    }
    iphc(noise, &mut frame);
    frame
}

/// The addressing modes of destination and source of each command (IEEE 802.15.4-2020 §7.5).
const COMMANDS: [(u16, u16); 10] = [
    (3, 3),
    (3, 3),
    (3, 3),
    (3, 3),
    (2, 3),
    (3, 3),
    (2, 3),
    (2, 0),
    (3, 3),
    (0, 2),
];

/// The frame and the check sequence of the ITU-T with its octets from low to high (IEEE
/// 802.15.4-2020 §7.2.11).
pub fn with_check_sequence(mut frame: Vec<u8>) -> Vec<u8> {
    let mut sum = 0_u16;
    for octet in &frame {
        sum ^= u16::from(*octet);
        for _ in 0..8 {
            sum = sum >> 1 ^ if sum & 1 == 1 { 0x8408 } else { 0 };
        }
    }
    frame.extend(sum.to_le_bytes());
    frame
}

/// A security header with encryption, octets that nobody can read, and an integrity code.
fn security(noise: &mut Noise, frame: &mut Vec<u8>) {
    let (level, mode) = (4 + noise.below(4), noise.below(4));
    frame.push((level | mode << 3) as u8);
    frame.extend(noise.octets(4 + [0, 1, 5, 9][mode]));
    let octets = 1 + noise.below(20) + [0, 4, 8, 16][level & 3];
    frame.extend(noise.octets(octets));
}

fn beacon(noise: &mut Noise) -> Vec<u8> {
    let mut beacon = noise.octets(2);
    // Without the reserved bit.
    beacon[1] &= 0xdf;
    // No slots, and stations that wait.
    beacon.push([0, 0x80][noise.below(2)]);
    let (short, extended) = (noise.below(4), noise.below(4));
    beacon.push((short | extended << 4) as u8);
    beacon.extend(noise.octets(2 * short + 8 * extended));
    beacon
}

fn command(noise: &mut Noise, command: u8) -> Vec<u8> {
    let mut body = match command {
        1 => vec![noise.next_u64() as u8 & 0xce],
        2 => noise.octets(3),
        3 => noise.octets(1),
        8 => noise.octets(7),
        9 => vec![noise.next_u64() as u8 & 0x3f],
        _ => Vec::new(),
    };
    body.insert(0, command);
    body
}

/// A frame of 6LoWPAN, perhaps with headers of a mesh.
fn lowpan(noise: &mut Noise) -> Vec<u8> {
    let mut octets = Vec::new();
    if noise.one_in(4) {
        let short = [noise.below(2), noise.below(2)];
        let hops = 1 + noise.below(15);
        octets.push((0x80 | short[0] << 5 | short[1] << 4 | hops) as u8);
        octets.extend(noise.octets(usize::from(hops == 15)));
        short
            .iter()
            .for_each(|short| octets.extend(noise.octets(8 - 6 * short)));
        if noise.one_in(2) {
            octets.push(0x50);
            octets.extend(noise.octets(1));
        }
    }
    if noise.one_in(4) {
        // Each datagram has a tag of its own, so that nothing is put together.
        let size = 1000 + noise.below(1000);
        let next = noise.one_in(2);
        octets.extend(((if next { 0xe000 } else { 0xc000 } | size) as u16).to_be_bytes());
        octets.extend(noise.octets(2));
        if next {
            octets.push(1 + noise.below(100) as u8);
            octets.extend(noise.octets(24));
            return octets;
        }
    }
    iphc(noise, &mut octets);
    octets
}

/// LOWPAN_IPHC in every form, around compressed headers or octets of no protocol.
fn iphc(noise: &mut Noise, octets: &mut Vec<u8>) {
    let compressed = noise.one_in(2);
    ip(noise, octets, compressed);
    if !compressed {
        octets.extend(noise.octets(8));
        return;
    }
    if noise.one_in(6) {
        // LOWPAN_NHC of a packet in the packet.
        octets.push(0xee);
        let compressed = noise.one_in(2);
        ip(noise, octets, compressed);
        match compressed {
            true => udp(noise, octets),
            false => octets.extend(noise.octets(8)),
        }
    } else if !noise.one_in(4) || extension(noise, octets) {
        udp(noise, octets);
    } else {
        octets.extend(noise.octets(8));
    }
}

/// LOWPAN_IPHC alone.
fn ip(noise: &mut Noise, octets: &mut Vec<u8>, compressed: bool) {
    let (tf, hlim) = (noise.below(4), noise.below(4));
    let (contexts, src) = (noise.one_in(3), noise.below(8));
    let dst = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11][noise.below(11)];
    let word = 0x6000 | tf << 11 | usize::from(compressed) << 10 | hlim << 8;
    let word = word | usize::from(contexts) << 7 | src << 4 | dst;
    octets.extend((word as u16).to_be_bytes());
    octets.extend(noise.octets(usize::from(contexts)));
    let mut traffic = noise.octets([4, 3, 1, 0][tf]);
    match tf {
        0 => traffic[1] &= 0x0f,
        1 => traffic[0] &= 0xcf,
        _ => {}
    }
    octets.extend(traffic);
    if !compressed {
        octets.push(EXPERIMENTAL);
    }
    octets.extend(noise.octets(usize::from(hlim == 0)));
    octets.extend(noise.octets([16, 8, 2, 0, 0, 8, 2, 0][src]));
    octets.extend(noise.octets([16, 8, 2, 0, 0, 8, 2, 0, 16, 6, 4, 1][dst]));
}

/// An experimental protocol (RFC 3692).
const EXPERIMENTAL: u8 = 253;

/// LOWPAN_NHC of options, all of them padding; whether a compressed header follows.
fn extension(noise: &mut Noise, octets: &mut Vec<u8>) -> bool {
    let (id, compressed) = ([0, 3][noise.below(2)], noise.one_in(2));
    octets.push(0xe0 | id << 1 | u8::from(compressed));
    if !compressed {
        octets.push(EXPERIMENTAL);
    }
    octets.extend([6, 1, 4, 0, 0, 0, 0]);
    compressed
}

/// LOWPAN_NHC of UDP in every form.
fn udp(noise: &mut Noise, octets: &mut Vec<u8>) {
    let (ports, elided) = (noise.below(4), noise.one_in(2));
    octets.push((0xf0 | usize::from(elided) << 2 | ports) as u8);
    // Inline ports that no dissector knows.
    let inline = [0xd0 | noise.below(16) as u8, noise.next_u64() as u8];
    let short = noise.octets(1);
    match ports {
        0 => octets.extend([inline, inline].concat()),
        1 => octets.extend([inline.as_slice(), &short].concat()),
        2 => octets.extend([&short, inline.as_slice()].concat()),
        _ => octets.extend(short),
    }
    octets.extend(noise.octets(2 * usize::from(!elided)));
    // What no dissector takes for its own.
    octets.extend([0xff; 8]);
}
