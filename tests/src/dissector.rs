//! A Wireshark dissector in Lua, written from the constants of a declared header: every field of
//! fixed place by its name, and what follows as octets. Fields without a fixed place are not told
//! apart; the meaning of numbers is not known to it.

use std::fmt::Write;

use litz_wire::rt::{BitOrder, Field, FieldRole, Header};

/// What a dissector is written from.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Name of the header.
    pub name: &'static str,
    /// Octets of its fixed part.
    pub len: usize,
    /// How its bits are ordered.
    pub order: BitOrder,
    /// Its fields.
    pub fields: &'static [Field],
}

impl Layout {
    /// The layout of a declared header.
    pub const fn of<H: Header>() -> Self {
        Self {
            name: H::NAME,
            len: H::MIN_LEN,
            order: H::ORDER,
            fields: H::FIELDS,
        }
    }

    /// The name by which Wireshark filters know the protocol.
    pub fn filter(&self) -> String {
        format!("litz_{}", self.name.to_lowercase())
    }

    /// The script. It takes captures of link type 147, the first of those for private use.
    pub fn lua(&self) -> String {
        let (name, filter) = (self.name, self.filter());
        let mut declared = String::new();
        let mut added = String::new();
        for (at, (field, (first, bits))) in self.placed().enumerate() {
            let (text, octets) = (field.name, range(first, bits));
            let constructor = constructor(bits);
            writeln!(
                declared,
                "  ProtoField.{constructor}(\"{filter}.{text}\", \"{text}\"),"
            )
            .expect("text has room");
            let value = match value(self.order, first, bits) {
                Some(value) => format!(", {value}"),
                None => String::new(),
            };
            writeln!(
                added,
                "  tree:add(fields[{}], octets({octets}){value})",
                at + 1
            )
            .expect("text has room");
        }
        format!(
            "-- Written from the declaration of {name}; do not edit.\n\
             local protocol = Proto(\"{filter}\", \"litz {name}\")\n\
             local fields = {{\n{declared}  ProtoField.bytes(\"{filter}.rest\", \"rest\"),\n}}\n\
             protocol.fields = fields\n\n\
             function protocol.dissector(octets, info, root)\n  \
               info.cols.protocol = \"{name}\"\n  \
               if octets:len() < {len} then return 0 end\n  \
               local tree = root:add(protocol, octets())\n\
             {added}  \
               if octets:len() > {len} then tree:add(fields[#fields], octets({len})) end\n  \
               return octets:len()\n\
             end\n\n\
             DissectorTable.get(\"wtap_encap\"):add(wtap.USER0, protocol)\n",
            len = self.len
        )
    }

    /// The fields of fixed place with their places; ignored bits are none of them.
    pub fn placed(&self) -> impl Iterator<Item = (&'static Field, (u32, u32))> {
        let shown = self
            .fields
            .iter()
            .filter(|field| field.role != FieldRole::Reserved);
        shown.filter_map(|field| Some((field, field.bits?)))
    }
}

/// First octet and number of octets that bits lie in.
fn octets(first: u32, bits: u32) -> (u32, u32) {
    let end = (first + bits).div_ceil(8);
    (first / 8, end - first / 8)
}

fn range(first: u32, bits: u32) -> String {
    let (start, len) = octets(first, bits);
    format!("{start}, {len}")
}

/// The type of a field by its width.
fn constructor(bits: u32) -> &'static str {
    match bits {
        0..=8 => "uint8",
        9..=16 => "uint16",
        17..=24 => "uint24",
        25..=32 => "uint32",
        33..=64 => "uint64",
        _ => "bytes",
    }
}

/// The expression of a number; octets have none, they show themselves.
fn value(order: BitOrder, first: u32, bits: u32) -> Option<String> {
    if bits > 64 {
        return None;
    }
    let (start, len) = octets(first, bits);
    let range = format!("octets({start}, {len})");
    Some(match order {
        BitOrder::Msb0 => format!("{range}:bitfield({}, {bits})", first % 8),
        BitOrder::Lsb0 => {
            let shifted = format!("{range}:le_uint64():rshift({})", first % 8);
            let number = match bits {
                64 => shifted,
                _ => format!("{shifted}:band(UInt64.new(1, 0):lshift({bits}) - 1)"),
            };
            // Fields of 32 bits and less take plain numbers.
            if bits > 32 {
                number
            } else {
                format!("({number}):tonumber()")
            }
        }
    })
}
