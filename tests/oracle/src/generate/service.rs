//! Datagrams of DNS with records of every declared type, and of DHCPv6 with its options.

use litz_tests::noise::Noise;

fn datagram(src_port: u16, dst_port: u16, message: &[u8]) -> Vec<u8> {
    let length = 8 + message.len() as u16;
    let header = [src_port, dst_port, length, 0].map(u16::to_be_bytes);
    [header.as_flattened(), message].concat()
}

/// A response of DNS.
pub fn dns(noise: &mut Noise) -> Vec<u8> {
    let mut message = noise.octets(2);
    // Response, with any of the flags but the reserved one; no error.
    message.extend([
        0x80 | noise.below(8) as u8,
        (noise.below(16) as u8) << 4 & 0xb0,
    ]);
    let counts = [
        noise.below(4) as u16,
        noise.below(2) as u16,
        noise.below(3) as u16,
    ];
    for count in [1, counts[0], counts[1], counts[2]] {
        message.extend(count.to_be_bytes());
    }
    let mut question = name(noise);
    question.extend([0, 1, 0, 1]);
    message.extend(question);
    for _ in 0..counts.iter().sum() {
        let record = record(noise);
        message.extend(record);
    }
    datagram(53, 50_000 + noise.below(15_000) as u16, &message)
}

/// A request or a response of CoAP, perhaps with a payload.
pub fn coap(noise: &mut Noise) -> Vec<u8> {
    let token = noise.below(9);
    let code = [1, 2, 3, 4, 0x41, 0x45, 0x80, 0x84, 0xa0][noise.below(9)];
    let mut message = vec![(0x40 | noise.below(4) << 4 | token) as u8, code];
    message.extend(noise.octets(2 + token));
    if noise.one_in(2) {
        message.extend(b"\xfftext");
    }
    datagram(50_000 + noise.below(15_000) as u16, 5683, &message)
}

fn label(noise: &mut Noise) -> Vec<u8> {
    let letters = 1 + noise.below(12);
    let letters = (0..letters).map(|_| b'a' + noise.below(26) as u8);
    let letters: Vec<u8> = letters.collect();
    [&[letters.len() as u8], letters.as_slice()].concat()
}

/// One to three labels and the root.
fn name(noise: &mut Noise) -> Vec<u8> {
    let labels = 1 + noise.below(3);
    let mut name: Vec<u8> = (0..labels).flat_map(|_| label(noise)).collect();
    name.push(0);
    name
}

/// A name, or labels before a reference to the name of the question.
fn reference(noise: &mut Noise) -> Vec<u8> {
    match noise.below(3) {
        0 => name(noise),
        1 => vec![0xc0, 12],
        _ => [label(noise), vec![0xc0, 12]].concat(),
    }
}

fn record(noise: &mut Noise) -> Vec<u8> {
    let kind = [1, 28, 2, 5, 12, 6, 15, 16, 33, 41, 47][noise.below(11)];
    let data = match kind {
        1 => noise.octets(4),
        28 => noise.octets(16),
        6 => [reference(noise), reference(noise), noise.octets(20)].concat(),
        15 => [noise.octets(2), reference(noise)].concat(),
        16 => (0..1 + noise.below(3)).flat_map(|_| label(noise)).collect(),
        33 => [noise.octets(6), reference(noise)].concat(),
        41 => (0..noise.below(4)).flat_map(|_| edns(noise)).collect(),
        47 => [reference(noise), bitmaps(noise)].concat(),
        _ => reference(noise),
    };
    // A service has a name of its own.
    let mut record = match kind {
        33 => b"\x05_litz\x04_udp\xc0\x0c".to_vec(),
        41 => vec![0],
        _ => reference(noise),
    };
    record.extend([0, kind, 0, 1]);
    record.extend([noise.below(0x80) as u8]);
    record.extend(noise.octets(3));
    record.extend((data.len() as u16).to_be_bytes());
    record.extend(data);
    record
}

/// An option of EDNS.
fn edns(noise: &mut Noise) -> Vec<u8> {
    let (kind, body) = match noise.below(6) {
        0 => (3, some(noise, 9)),
        1 => {
            let (family, longest) = [(1, 4), (2, 16)][noise.below(2)];
            let octets = 1 + noise.below(longest);
            let start = vec![0, family, 8 * octets as u8, 0];
            (8, [start, noise.octets(octets)].concat())
        }
        2 => {
            let server = [0, 8, 16, 32][noise.below(4)];
            (10, noise.octets(8 + server))
        }
        3 => (12, vec![0; 1 + noise.below(20)]),
        4 => (
            15,
            [vec![0, noise.below(25) as u8], b"text".to_vec()].concat(),
        ),
        _ => (65_001, some(noise, 9)),
    };
    wrapped(kind, body)
}

/// One to so many octets.
fn some(noise: &mut Noise, most: usize) -> Vec<u8> {
    let octets = 1 + noise.below(most);
    noise.octets(octets)
}

/// One or two windows of types; the last octet of a bitmap is not zero (RFC 4034 §4.1.2).
fn bitmaps(noise: &mut Noise) -> Vec<u8> {
    let mut all = Vec::new();
    for window in 0..1 + noise.below(2) as u8 {
        let mut bitmap = some(noise, 32);
        if let Some(last) = bitmap.last_mut() {
            *last |= 1;
        }
        all.extend([window, bitmap.len() as u8]);
        all.extend(bitmap);
    }
    all
}

/// A message of a client or a server, or of a relay agent.
pub fn dhcpv6(noise: &mut Noise) -> Vec<u8> {
    let mut message = match noise.one_in(4) {
        true => {
            let mut message = vec![12 + noise.below(2) as u8];
            message.extend(noise.octets(33));
            message
        }
        false => {
            let mut message = vec![1 + noise.below(11) as u8];
            message.extend(noise.octets(3));
            message
        }
    };
    for _ in 0..noise.below(6) {
        let (kind, body) = option(noise);
        message.extend(self::wrapped(kind, body));
    }
    datagram(546, 547, &message)
}

fn wrapped(kind: u16, body: Vec<u8>) -> Vec<u8> {
    let header = [kind, body.len() as u16].map(u16::to_be_bytes);
    [header.as_flattened(), body.as_slice()].concat()
}

fn option(noise: &mut Noise) -> (u16, Vec<u8>) {
    match noise.below(10) {
        kind @ (0 | 1) => {
            // An identifier made of a link address.
            let identifier = [vec![0, 3, 0, 1], noise.octets(6)].concat();
            (1 + kind as u16, identifier)
        }
        2 => {
            let address = wrapped(5, noise.octets(24));
            (
                3,
                [noise.octets(4), small(noise), small(noise), address].concat(),
            )
        }
        3 => {
            let address = wrapped(5, noise.octets(24));
            (4, [noise.octets(4), address].concat())
        }
        4 => {
            let mut prefix = noise.octets(25);
            prefix[8] = 64;
            prefix[17..].fill(0);
            let prefix = wrapped(26, prefix);
            (
                25,
                [noise.octets(4), small(noise), small(noise), prefix].concat(),
            )
        }
        5 => {
            let kinds = 1 + noise.below(4);
            (
                6,
                (0..kinds)
                    .flat_map(|_| [0, 1 + noise.below(30) as u8])
                    .collect(),
            )
        }
        6 => (7, noise.octets(1)),
        7 => (8, noise.octets(2)),
        8 => (
            13,
            [vec![0, noise.below(7) as u8], b"text".to_vec()].concat(),
        ),
        _ => {
            let servers = 1 + noise.below(3);
            (23, noise.octets(16 * servers))
        }
    }
}

/// A time of less than half a year.
fn small(noise: &mut Noise) -> Vec<u8> {
    [vec![0], noise.octets(3)].concat()
}
