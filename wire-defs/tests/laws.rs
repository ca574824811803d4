//! The laws of the language over every declared item: random, shaped and mutated octets from a
//! fixed seed, which a failure prints.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails"
)]

use litz_wire::rt::laws::{self, Broken, Lawful, Raw};
use litz_wire::*;

/// Rounds per item; Miri gets less.
#[cfg(miri)]
const ROUNDS: u64 = 8;
#[cfg(not(miri))]
const ROUNDS: u64 = 20_000;

/// Rounds per item; `LITZ_LAW_ROUNDS` asks for more.
fn rounds() -> u64 {
    std::env::var("LITZ_LAW_ROUNDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(ROUNDS)
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        let plain = self.next() % 4;
        for byte in bytes {
            // Small numbers are lengths and kinds more often than large ones.
            let random = self.next();
            *byte = match plain {
                0 => random as u8,
                1 => (random % 12) as u8,
                2 if random >> 63 == 0 => (random % 40) as u8,
                _ => (random >> 8) as u8,
            };
        }
    }
}

fn sixteen(random: &mut Random) -> [u8; 16] {
    let (a, b) = (random.next().to_ne_bytes(), random.next().to_ne_bytes());
    std::array::from_fn(|i| if i < 8 { a[i] } else { b[i - 8] })
}

fn report(name: &str, seed: u64, result: std::result::Result<bool, Broken>, bytes: &[u8]) -> bool {
    match result {
        Ok(accepted) => accepted,
        Err(broken) => panic!("{name}: {broken:?} with seed {seed}, octets {bytes:02x?}"),
    }
}

fn header<X: Lawful>() {
    let mut accepted = 0;
    for seed in 0..rounds() {
        let mut random = Random(seed);
        let mut buf = [0; 400];
        // A long header is met at all lengths around its own.
        let least = X::MIN_LEN.saturating_sub(60);
        let len = least + random.next() as usize % 121;
        let bytes = &mut buf[..len];
        random.fill(bytes);
        if seed % 8 != 0 {
            X::shape(bytes);
        }
        if seed % 4 == 0 && len > 0 {
            let at = random.next() as usize % len;
            bytes[at] ^= 1 << (random.next() % 8);
        }
        let (mut scratch, mut second) = ([0; 512], [0; 512]);
        let source = sixteen(&mut random);
        let result = laws::header::<X>(bytes, &source, &mut scratch, &mut second);
        accepted += u64::from(report(X::NAME, seed, result, bytes));
        laws::touch::header::<X>(bytes, &mut scratch);
    }
    println!("{}: {accepted} of {} accepted", X::NAME, rounds());
    assert!(
        accepted > rounds() / 20,
        "{}: {accepted} accepted only",
        X::NAME
    );
}

/// Lists of options or messages: `law` says whether it accepted the octets.
fn lists(
    name: &str,
    least: u64,
    mut law: impl FnMut(&[u8], &mut [u8]) -> std::result::Result<bool, Broken>,
) {
    let mut accepted = 0;
    for seed in 0..rounds() {
        let mut random = Random(seed);
        let mut buf = [0; 96];
        let len = random.next() as usize % 97;
        let bytes = &mut buf[..len];
        random.fill(bytes);
        match seed % 5 {
            0 => {}
            1 => items(&mut random, bytes, &[2, 3, 4, 6, 7, 10, 18], 1, 0),
            2 => items(&mut random, bytes, &[1, 1, 1, 2, 3, 4], 8, 0),
            3 => {
                // DHCP wants to know what a message is for.
                let start = [53, 1, random.next() as u8];
                let with_start = random.next() & 1 == 0;
                let rest = match bytes.split_first_chunk_mut::<3>() {
                    Some((first, rest)) if with_start => {
                        *first = start;
                        rest
                    }
                    _ => &mut *bytes,
                };
                items(&mut random, rest, &[0, 1, 2, 4, 4, 4, 8, 16], 1, 2);
            }
            _ => message_start(&mut random, bytes),
        }
        let mut scratch = [0; 4096];
        accepted += u64::from(report(name, seed, law(bytes, &mut scratch), bytes));
    }
    println!("{name}: {accepted} of {} accepted", rounds());
    assert!(accepted >= least, "{name}: {accepted} accepted only");
}

/// Writes kinds and lengths of options: a list of items one after the other, and zeros where no
/// item fits any more. A length counts units of `unit` octets and leaves `skip` octets out.
fn items(random: &mut Random, bytes: &mut [u8], lens: &[u8], unit: usize, skip: usize) {
    let mut rest = bytes;
    while rest.len() > 1 {
        let len = lens[random.next() as usize % lens.len()];
        let at = usize::from(len) * unit + skip;
        if at > rest.len() {
            rest.fill(0);
            break;
        }
        // Kinds that many families declare, kinds of few families, and any.
        let kinds = [9, 9, 70, 256][random.next() as usize % 4];
        rest[0] = (random.next() % kinds) as u8;
        rest[1] = len;
        rest = &mut rest[at..];
    }
}

/// Writes type and code of a message that is likely to be declared.
fn message_start(random: &mut Random, bytes: &mut [u8]) {
    /// Types of messages outside of the ranges.
    const OTHERS: &[u8] = &[0x11, 0x12, 0x16, 0x17, 0x22, 143, 155, 157, 157, 158, 158];
    if let [kind, code, ..] = bytes {
        let any = random.next();
        *kind = match random.next() % 3 {
            0 => (any % 20) as u8,
            1 => 128 + (any % 12) as u8,
            _ => OTHERS[any as usize % OTHERS.len()],
        };
        *code = if random.next() & 3 == 0 {
            (random.next() % 5) as u8
        } else {
            0
        };
    }
}

fn raw<T: Raw>() {
    let all = if T::BITS <= 16 {
        1 << T::BITS
    } else {
        1_u64 << 20
    };
    let mut random = Random(u64::from(T::BITS));
    for raw in 0..all {
        let raw = match T::BITS {
            0..=16 => raw,
            bits => random.next() >> (64 - bits),
        };
        assert_eq!(T::round(raw), raw, "L5: {}", T::NAME);
    }
}

macro_rules! laws {
    ($($kind:ident $name:ident;)*) => {$(
        #[allow(non_snake_case)]
        #[test]
        fn $name() {
            laws!(@$kind $name);
        }
    )*};
    (@header $name:ident) => { header::<$name>() };
    (@codes $name:ident) => { raw::<$name>() };
    (@bits $name:ident) => { raw::<$name>() };
    (@options $name:ident) => {
        lists(stringify!($name), 500, |b, s| laws::options::<$name>(b, s))
    };
    (@set $name:ident) => { lists(stringify!($name), 50, |b, s| laws::set::<$name>(b, s)) };
    (@message $name:ident) => {
        lists(stringify!($name), 100, |b, s| laws::message::<$name>(b, s))
    };
    (@forms $name:ident) => {
        lists(stringify!($name), 5000, |b, s| laws::form::<$name>(b, s))
    };
    (@prefix $name:ident) => {
        let mut buf = [0; 64];
        for first in 0..=255 {
            Random(first).fill(&mut buf);
            buf[0] = first as u8;
            let _ = <$name as rt::Follow>::look(&buf).map(|packet| format!("{packet:?}"));
        }
    };
    (@payloads $name:ident) => {
        let mut buf = [0; 128];
        for seed in 0..1000 {
            let mut random = Random(seed);
            random.fill(&mut buf);
            for tag in 0..=255 {
                let _ = $name::select(tag.into(), &buf).map(|payload| format!("{payload:?}"));
            }
        }
    };
}

for_each_item!(laws);

/// A type whose conversion loses a bit: the laws must notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lossy(u8);

impl rt::WireInt<u8> for Lossy {
    const BITS: u32 = 8;

    fn from_raw(raw: u8) -> Self {
        Self(raw >> 1)
    }

    fn into_raw(self) -> u8 {
        self.0 << 1
    }
}

impl std::fmt::Display for Lossy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[header(be, size = 2)]
struct Forgetful {
    kept: u8,
    lost: As<u8, Lossy>,
}

#[test]
fn the_laws_can_break() {
    let (mut scratch, mut second) = ([0; 16], [0; 16]);
    let result = laws::header::<Forgetful>(&[1, 3], &[0; 16], &mut scratch, &mut second);
    assert_eq!(
        result,
        Err(Broken {
            law: "L2: emit(parse(b)) is canonical b",
            at: 1
        })
    );
}

/// The list names what the sources declare, and nothing else.
#[test]
fn the_list_of_items_is_complete() {
    let mut declared = Vec::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path != root.join("rt") {
                    folders.push(path);
                }
                continue;
            }
            declarations(&std::fs::read_to_string(&path).unwrap(), &mut declared);
        }
    }
    macro_rules! names {
        ($($kind:ident $name:ident;)*) => {
            [$((stringify!($kind), stringify!($name))),*]
        };
    }
    let mut listed: Vec<(String, String)> = for_each_item!(names)
        .iter()
        .map(|(k, n)| (k.to_string(), n.to_string()))
        .collect();
    listed.sort();
    declared.sort();
    assert_eq!(listed, declared);
}

fn declarations(text: &str, declared: &mut Vec<(String, String)>) {
    let mut pending: Option<String> = None;
    for line in text.lines() {
        for kind in [
            "header", "codes", "bits", "options", "message", "payloads", "forms",
        ] {
            if line.starts_with(&format!("#[{kind}(")) {
                let prefix = kind == "message" && line.contains(", prefix");
                pending = Some(if prefix { "prefix" } else { kind }.into());
            }
        }
        if let Some((_, rest)) = line.split_once(", set = ") {
            let name = rest.split([',', ')']).next().unwrap();
            declared.push(("set".into(), name.into()));
        }
        let item = line
            .strip_prefix("pub struct ")
            .or_else(|| line.strip_prefix("pub enum "));
        if let (Some(item), Some(kind)) = (item, pending.take_if(|_| item.is_some())) {
            let name = item.split(['<', ' ', '{']).next().unwrap();
            declared.push((kind, name.into()));
        }
    }
}
