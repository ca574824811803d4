//! Information elements of IEEE 802.15.4 frames (§7.4), which our printers show as lists, against
//! the trees that tshark shows of them: kind, length and contents of each, through accessors.

use crate::compare::Report;
use crate::tshark::{Field, Packet, Proto};
use litz_wire::rt::Header as _;
use litz_wire::{HeaderIeId, HeaderIePacket, Ieee802154, PayloadIeGroup, PayloadIePacket};

/// A field of an element: tshark's name of it, our value.
type Datum = (&'static str, u64);

/// Compares the elements of a frame without its check sequence, if there are any.
pub fn compare(report: &mut Report, place: &str, frame: &[u8], packet: &Packet) {
    let proto = packet.protos.iter().find(|proto| proto.name == "wpan");
    // Where the declaration refuses a frame the walk says so.
    let (Some(proto), Ok(frame)) = (proto, Ieee802154::view(frame)) else {
        return;
    };
    let header = frame.header_ies().map(|list| list.elements());
    let payload = frame.payload_ies().map(|list| list.elements());
    let header = header.into_iter().flat_map(|list| list.packets());
    let payload = payload.into_iter().flat_map(|list| list.packets());
    let mut count = |name: &'static str, outcome: Result<(usize, usize), String>| match outcome {
        Ok((0, _)) => {}
        Ok((elements, values)) => {
            *report.by_layer.entry(name).or_default() += elements;
            report.values += values;
        }
        Err(words) => report.differences.push(format!("{place}: {name}: {words}")),
    };
    count(
        "HeaderIe",
        all(header, proto, "wpan.header_ie_tlv", of_header),
    );
    count(
        "PayloadIe",
        all(payload, proto, "wpan.payload_ie_tlv", of_payload),
    );
}

/// Compares elements with those of tshark's, each of which begins with a field of the name `start`.
fn all<P>(
    ours: impl Iterator<Item = P>,
    proto: &Proto,
    start: &str,
    of: fn(&P, &[Field]) -> Result<Vec<Datum>, String>,
) -> Result<(usize, usize), String> {
    let ours: Vec<P> = ours.collect();
    let starts: Vec<usize> = (0..proto.fields.len())
        .filter(|at| proto.fields[*at].name == start)
        .collect();
    if ours.len() != starts.len() {
        return Err(format!(
            "{} of ours, {} of tshark's",
            ours.len(),
            starts.len()
        ));
    }
    let mut values = 0;
    for (at, element) in ours.iter().enumerate() {
        let end = starts.get(at + 1).copied().unwrap_or(proto.fields.len());
        let theirs = &proto.fields[starts[at]..end];
        for (name, value) in of(element, theirs)? {
            let field = theirs.iter().find(|field| field.name == name);
            let shown = field.and_then(|field| number(&field.show));
            if shown != Some(value) {
                return Err(format!("{value}, tshark shows {name} = {shown:?}"));
            }
            values += 1;
        }
    }
    Ok((ours.len(), values))
}

/// A number; negative ones as they stand in 16 bits.
fn number(text: &str) -> Option<u64> {
    match (text.strip_prefix("0x"), text.strip_prefix('-')) {
        (Some(digits), _) => u64::from_str_radix(digits, 16).ok(),
        (_, Some(digits)) => Some((1 << 16) - digits.parse::<u64>().ok()?),
        _ => text.parse().ok(),
    }
}

/// The octets that a field of tshark's lies in are these.
fn octets(ours: &[u8], theirs: &[Field], name: &str) -> Result<(), String> {
    let digits: String = ours.iter().map(|octet| format!("{octet:02x}")).collect();
    let field = theirs.iter().find(|field| field.name == name);
    match field {
        Some(field) if field.value == digits => Ok(()),
        None if digits.is_empty() => Ok(()),
        _ => Err(format!(
            "{digits}, tshark shows {name} = {:?}",
            field.map(|f| &f.value)
        )),
    }
}

fn word([low, high]: [u8; 2]) -> u64 {
    u16::from_le_bytes([low, high]).into()
}

fn of_header(ours: &HeaderIePacket<'_>, theirs: &[Field]) -> Result<Vec<Datum>, String> {
    let content = ours.content();
    let mut data = vec![
        ("wpan.header_ie.id", ours.id().0.into()),
        ("wpan.header_ie.length", content.len() as u64),
    ];
    match (ours.id(), content) {
        (HeaderIeId::CslIe, [a, b, c, d]) => data.extend([
            ("wpan.header_ie.csl.phase", word([*a, *b])),
            ("wpan.header_ie.csl.period", word([*c, *d])),
        ]),
        (HeaderIeId::RendezvousTime, [a, b, c, d]) => data.extend([
            ("wpan.header_ie.csl.rendezvous_time", word([*a, *b])),
            ("wpan.header_ie.csl.wakeup_interval", word([*c, *d])),
        ]),
        (HeaderIeId::TimeCorrection, [a, b]) => {
            data.push((
                "wpan.header_ie.time_correction.time_sync_info",
                word([*a, *b]),
            ));
        }
        (HeaderIeId::VendorSpecific, [a, b, c, rest @ ..]) => {
            let oui = u32::from_le_bytes([*a, *b, *c, 0]).into();
            data.push(("wpan.header_ie.vendor_specific.vendor_oui", oui));
            octets(rest, theirs, "wpan.header_ie.vendor_specific.content")?;
        }
        (HeaderIeId::Termination1 | HeaderIeId::Termination2, _) => {}
        _ => octets(content, theirs, "wpan.ie.unknown_content")?,
    }
    Ok(data)
}

fn of_payload(ours: &PayloadIePacket<'_>, theirs: &[Field]) -> Result<Vec<Datum>, String> {
    let content = ours.content();
    let mut data = vec![
        ("wpan.payload_ie.id", ours.group().0.into()),
        ("wpan.payload_ie.length", content.len() as u64),
    ];
    match (ours.group(), content) {
        (PayloadIeGroup::VendorSpecific, [a, b, c, rest @ ..]) => {
            let oui = u32::from_le_bytes([*a, *b, *c, 0]).into();
            data.push(("wpan.payload_ie.vendor.oui", oui));
            octets(rest, theirs, "data.data")?;
        }
        // The elements within are not declared; the word before the first of them is.
        (PayloadIeGroup::Mlme, [a, b, ..]) => data.push(("wpan.mlme.ie", word([*a, *b]))),
        (PayloadIeGroup::Termination, _) => {}
        _ => octets(content, theirs, "wpan.ie.unknown_content")?,
    }
    Ok(data)
}
