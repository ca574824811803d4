//! Messages of RPL, as the code and the body of a message of ICMPv6.

use litz_tests::noise::Noise;

/// A message with a list of options.
pub fn message(noise: &mut Noise) -> (u8, Vec<u8>) {
    let code = [0, 1, 2, 3, 0x8a][noise.below(5)];
    let mut body = match code {
        0x8a => consistency_check(noise),
        0 => vec![0, 0],
        1 => {
            let mut body = noise.octets(6);
            // A mode that has a name, and no reserved bit.
            body[4] = body[4] & 0x87 | (noise.below(5) as u8) << 3;
            body.extend([0, 0]);
            body.extend(noise.octets(16));
            body
        }
        2 => with_dodag(noise, 0xc0, 0),
        _ => {
            let status = noise.next_u64() as u8;
            with_dodag(noise, 0x80, status)
        }
    };
    for _ in 0..noise.below(5) {
        let option = option(noise);
        body.extend(option);
    }
    (code, body)
}

/// The security section in every key mode, and the base of a consistency check.
fn consistency_check(noise: &mut Noise) -> Vec<u8> {
    let mode = noise.below(4);
    let mut body = vec![[0, 0x80][noise.below(2)], 0];
    // tshark takes the key mode from the lowest bits, those of the level; so both are the same.
    body.push((mode << 6 | mode) as u8);
    body.push(0);
    body.extend(noise.octets(4));
    body.extend(noise.octets([1, 0, 9, 9][mode]));
    body.extend(noise.octets(1));
    body.push([0, 0x80][noise.below(2)]);
    body.extend(noise.octets(22));
    body
}

/// Instance, flags, sequence and perhaps the DODAG; the last octet of the acknowledgment is its
/// status, behind the sequence, where routes have a reserved octet before it.
fn with_dodag(noise: &mut Noise, flags: u8, status: u8) -> Vec<u8> {
    let mut body = noise.octets(4);
    body[1] &= flags;
    match flags {
        0xc0 => body[2] = 0,
        _ => body[3] = status,
    }
    if body[1] & if flags == 0xc0 { 0x40 } else { 0x80 } != 0 {
        body.extend(noise.octets(16));
    }
    body
}

fn option(noise: &mut Noise) -> Vec<u8> {
    let kind = [0, 1, 3, 4, 5, 6, 7, 8, 9][noise.below(9)];
    let whole = noise.one_in(2);
    let mut body = match kind {
        0 => return vec![0],
        1 => vec![0; noise.below(6)],
        3 => noise.octets(if whole { 22 } else { 14 }),
        4 => noise.octets(14),
        5 => noise.octets(if whole { 18 } else { 10 }),
        6 => noise.octets(if whole { 20 } else { 4 }),
        7 => noise.octets(19),
        8 => noise.octets(30),
        _ => noise.octets(4),
    };
    // Reserved bits are zero, prefixes are as long as they are said to be.
    match kind {
        3 => {
            body[0] = if whole { 128 } else { 64 };
            body[1] = [0, 0x08, 0x18][noise.below(3)];
        }
        4 => {
            body[0] &= 0x0f;
            body[10] = 0;
        }
        5 => {
            body[0] = 0;
            body[1] = if whole { 128 } else { 64 };
        }
        6 => body[0] &= 0x80,
        7 => body[1] &= 0xe0,
        8 => {
            body[0] = noise.below(129) as u8;
            body[1] &= 0xe0;
            body[10..14].fill(0);
        }
        _ => {}
    }
    let mut option = vec![kind, body.len() as u8];
    option.extend(body);
    option
}
