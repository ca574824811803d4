//! An image that calls every function that the header language generates. Its panic handler needs
//! a symbol that does not exist, so it links only if the compiler has proven that no panic is left.
#![no_std]
#![no_main]

#[cfg(target_os = "none")]
mod board;
#[cfg(not(target_os = "none"))]
mod host;

use core::hint::black_box;
use wire::rt::laws::touch;
use wire::*;

/// A declaration in a crate that knows the runtime by another name.
#[wire::header(be, size = 6, crate = ::wire)]
pub struct Own<'a> {
    /// What it is.
    pub kind: As<u16, OwnKind>,
    #[len(packet)]
    total: u16,
    #[checksum(rfc1071, packet)]
    sum: u16,
    /// The rest.
    #[payload]
    pub data: &'a [u8],
}

/// What it can be.
#[wire::codes(u16, crate = ::wire)]
pub enum OwnKind {
    /// One.
    One = 1,
}

macro_rules! touch_all {
    ($($kind:ident $name:ident;)*) => {
        fn touch_all(bytes: &mut [u8], scratch: &mut [u8]) -> u64 {
            let mut sum = 0_u64;
            $(sum = sum.rotate_left(1) ^ touch_all!(@$kind $name bytes scratch);)*
            sum
        }
    };
    (@header $name:ident $b:ident $s:ident) => { touch::header::<$name>($b, $s) };
    (@forms $name:ident $b:ident $s:ident) => { touch::form::<$name>($b, $s) };
    (@prefix $name:ident $b:ident $s:ident) => {
        u64::from(<$name as rt::Follow>::look($b).is_ok())
    };
    (@options $name:ident $b:ident $s:ident) => { touch::family::<$name>($b, $s) };
    (@set $name:ident $b:ident $s:ident) => { touch::set::<$name>($b, $s) };
    (@message $name:ident $b:ident $s:ident) => { touch::message::<$name>($b, $s) };
    (@codes $name:ident $b:ident $s:ident) => {
        $name($b.len().try_into().unwrap_or(0)).name().map_or(0, |name| name.len() as u64)
    };
    (@bits $name:ident $b:ident $s:ident) => {
        u64::from($name::from_raw($b.len() as u16).into_raw())
    };
    (@payloads $name:ident $b:ident $s:ident) => {
        u64::from($name::select($b.len().try_into().unwrap_or(0).into(), $b).is_ok())
    };
}

wire::for_each_item!(touch_all);

/// Options that are written from memory, which a view never does.
fn items(scratch: &mut [u8], number: u32) -> u64 {
    use wire::rt::Tail;
    const AT: &rt::Site = &rt::Site {
        header: "",
        field: "",
    };
    let blocks = [SackBlockRepr {
        left: SeqNumber(number),
        right: SeqNumber(!number),
    }];
    let tcp = [
        TcpOption::Mss { mss: number as u16 },
        TcpOption::Sack {
            blocks: Array::from_values(&blocks),
        },
        TcpOption::Timestamp {
            tsval: number,
            tsecr: 0,
        },
        TcpOption::End,
    ];
    let mac = number.to_be_bytes();
    let ndisc = [
        NdiscOption::SourceLinkLayer { addr: &mac },
        NdiscOption::Mtu { mtu: number },
    ];
    let ipv4 = [
        Ipv4Option::Nop,
        Ipv4Option::RouterAlert {
            value: number as u16,
        },
    ];
    u64::from(Options::items(&tcp).put(scratch, AT).is_ok())
        ^ u64::from(Options::items(&ndisc).put(scratch, AT).is_ok())
        ^ u64::from(Options::items(&ipv4).put(scratch, AT).is_ok())
}

/// The runtime that stacks call themselves.
fn runtime(bytes: &[u8], scratch: &mut [u8], number: u32) -> u64 {
    let at = (number as usize) & 31;
    let (head, tail) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
    let sum = Sum::of(head).concat(head.len(), Sum::copy(scratch, tail));
    let pseudo = PseudoV6 {
        src_addr: number_addr(number),
        dst_addr: number_addr(!number),
    };
    let sum = sum.add(Pseudo::V6(pseudo).sum(6, number));
    let seq = SeqNumber(number).wrapping_add(at).since(SeqNumber(7));
    let mac = "02:00:00:00:00:01"
        .parse::<EthernetAddress>()
        .map_or(0, |mac| u64::from(mac.0[5]));
    u64::from(sum.finish()) ^ seq as u64 ^ mac
}

fn number_addr(number: u32) -> core::net::Ipv6Addr {
    core::net::Ipv6Addr::from_bits(u128::from(number) << 64)
}

#[cfg(not(feature = "control"))]
fn control(_: &[u8], _: usize) -> u64 {
    0
}

/// The known panic.
#[cfg(feature = "control")]
fn control(bytes: &[u8], at: usize) -> u64 {
    u64::from(bytes[black_box(at)])
}

/// Calls everything; `count` is a number that the compiler does not know.
fn run(count: i32) -> i32 {
    let mut bytes = black_box([count as u8; 448]);
    let mut scratch = black_box([0_u8; 512]);
    let len = black_box(448 - (count as usize & 63));
    let Some((bytes, _)) = bytes.split_at_mut_checked(len) else {
        return 1;
    };
    let mut sum = touch_all(bytes, &mut scratch) ^ touch::header::<Own>(bytes, &mut scratch);
    sum ^= items(&mut scratch, count as u32) ^ runtime(bytes, &mut scratch, count as u32);
    sum ^= control(&scratch, count as usize);
    black_box(sum) as i32 & 1
}
