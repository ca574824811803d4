//! The laws of every declared item, a family of protocols to a target: the first octet of the input
//! picks the item, the rest is what it reads.
//!
//! Items come from `for_each_item!`, so that none is forgotten; one that no family names is in the
//! family `rest`.

use litz_wire::rt::laws::{self, Broken, Lawful, Raw};

/// A protocol family: the name of its target without `wire_`, and how the names of its items begin.
type Family = (&'static str, &'static [&'static str]);

/// The families. A new one needs a shim in `fuzz_targets` and an entry in `Cargo.toml`.
const FAMILIES: &[Family] = &[
    (
        "link",
        &["Eth", "Arp", "Ieee8023", "Sap", "Llc", "Snap", "Vlan"],
    ),
    (
        "ipv4",
        &[
            "Ipv4",
            "Icmpv4",
            "IpProtocol",
            "IpPayload",
            "Ecn",
            "RouterEntry",
            "Igmp",
        ],
    ),
    (
        "ipv6",
        &[
            "Ipv6", "Icmpv6", "Ndisc", "Mld", "Rpl", "Routing", "Segment", "Ah", "Esp",
        ],
    ),
    ("transport", &["Udp", "Tcp", "Sack", "Mptcp"]),
    ("app", &["Dhcp", "Relay", "Dns", "Ntp", "Coap"]),
    (
        "wpan",
        &[
            "Ieee802154",
            "Frame",
            "Mac",
            "Security",
            "KeyId",
            "Beacon",
            "Pending",
            "Gts",
        ],
    ),
    (
        "lowpan",
        &[
            "Lowpan", "Frag", "Mesh", "Iphc", "Context", "Traffic", "HopLimit", "Nhc", "Src",
        ],
    ),
    ("rest", &[]),
];

/// One declared item.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// Its name.
    pub name: &'static str,
    /// Holds it to its laws; whether it accepts the octets.
    pub check: fn(&[u8]) -> bool,
}

/// Names of all families.
pub fn families() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().map(|(name, _)| *name)
}

/// The items of a family.
pub fn items(family: &str) -> Vec<Item> {
    let begins = |item: &Item, prefixes: &[&str]| prefixes.iter().any(|p| item.name.starts_with(p));
    let family_of = |item: &Item| {
        let mut named = FAMILIES
            .iter()
            .filter(|(_, prefixes)| begins(item, prefixes));
        named.next().map_or("rest", |(name, _)| *name)
    };
    ITEMS
        .iter()
        .copied()
        .filter(|item| family_of(item) == family)
        .collect()
}

/// Holds an item of `family` to its laws.
///
/// # Panics
/// If a law does not hold.
pub fn family(family: &str, data: &[u8]) {
    let items = items(family);
    let Some((&first, rest)) = data.split_first() else {
        return;
    };
    if let Some(item) = usize::from(first)
        .checked_rem(items.len())
        .and_then(|at| items.get(at))
    {
        (item.check)(rest);
    }
}

/// Octets that a law may write to.
const SCRATCH: usize = 4096;

fn judge(name: &str, result: Result<bool, Broken>) -> bool {
    result.unwrap_or_else(|broken| panic!("{name}: {broken:?}"))
}

/// The octets as they are, and once more with constants and lengths that fit.
fn header<X: Lawful>(bytes: &[u8]) -> bool {
    let mut source = *b"sixteen octets..";
    for (to, from) in source.iter_mut().zip(bytes.iter().rev()) {
        *to = *from;
    }
    let mut shaped = bytes.to_vec();
    X::shape(&mut shaped);
    let mut accepted = false;
    for bytes in [bytes, &shaped] {
        let mut scratch = vec![0; bytes.len() + SCRATCH];
        let mut second = scratch.clone();
        let result = laws::header::<X>(bytes, &source, &mut scratch, &mut second);
        accepted |= judge(X::NAME, result);
    }
    laws::touch::header::<X>(&mut shaped, &mut [0; 256]);
    accepted
}

/// Every number of a width is a value; one that is wider is cut.
fn raw<T: Raw>(bytes: &[u8]) -> bool {
    let Some(number) = bytes
        .first_chunk()
        .map(|octets| u64::from_be_bytes(*octets))
    else {
        return false;
    };
    let raw = number >> (64 - T::BITS);
    assert_eq!(T::round(raw), raw, "L5: {}", T::NAME);
    true
}

macro_rules! list {
    ($($kind:ident $name:ident;)*) => {
        /// Every declared item.
        const ITEMS: &[Item] = &[$(Item { name: stringify!($name), check: list!(@$kind $name) }),*];
    };
    (@header $name:ident) => { |b| header::<litz_wire::$name>(b) };
    (@codes $name:ident) => { |b| raw::<litz_wire::$name>(b) };
    (@bits $name:ident) => { |b| raw::<litz_wire::$name>(b) };
    (@options $name:ident) => {
        |b| judge(stringify!($name), laws::options::<litz_wire::$name<'_>>(b, &mut [0; SCRATCH]))
    };
    (@forms $name:ident) => {
        |b| judge(stringify!($name), laws::form::<litz_wire::$name>(b, &mut [0; SCRATCH]))
    };
    (@prefix $name:ident) => { |b| <litz_wire::$name as litz_wire::rt::Follow>::look(b).is_ok() };
    (@set $name:ident) => {
        |b| judge(stringify!($name), laws::set::<litz_wire::$name>(b, &mut [0; SCRATCH]))
    };
    (@message $name:ident) => {
        |b| judge(stringify!($name), laws::message::<litz_wire::$name>(b, &mut [0; SCRATCH]))
    };
    (@payloads $name:ident) => {
        |b| {
            let Some((&[high, low], rest)) = b.split_first_chunk::<2>() else { return false };
            // Tags have sixteen bits or eight; of the latter there are no more than 255.
            let tag = u16::from_be_bytes([high, low]).try_into().unwrap_or(0).into();
            litz_wire::$name::select(tag, rest).is_ok()
        }
    };
}

litz_wire::for_each_item!(list);
