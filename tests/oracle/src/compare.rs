//! Holds what our printers say of a frame against what tshark says, layer by layer.

use crate::debug::Value;
use crate::table::{Case, How, Map, Row, is_mapped, map};
use crate::tshark::{Field, Packet, Proto};
use crate::walk::{End, Layer};

/// What was compared, and where the two differ.
#[derive(Debug, Default)]
pub struct Report {
    /// Packets of which at least one layer was compared.
    pub packets: usize,
    /// Layers that were compared.
    pub layers: usize,
    /// Values that were compared.
    pub values: usize,
    /// Places in the packet that were compared.
    pub places: usize,
    /// Layers by name.
    pub by_layer: std::collections::BTreeMap<&'static str, usize>,
    /// Differences, each with its frame.
    pub differences: Vec<String>,
}

impl Report {
    /// Compares one packet that tshark calls well formed.
    pub fn compare(&mut self, place: &str, layers: &[Layer], end: &End, packet: &Packet) {
        let mut protos = packet.protos.iter().peekable();
        let (mut proto, mut under, mut compared) = (None, "", false);
        let mut hidden = false;
        for layer in layers {
            let Some(map) = map(layer.name, under) else {
                self.differ(place, format!("{} has no map", layer.name));
                return;
            };
            if !map.within {
                proto = protos.next();
                if proto.is_none() && hidden {
                    break;
                }
                if proto.is_none_or(|proto| !map.is(&proto.name)) {
                    let theirs = proto.map_or("nothing", |proto| &proto.name);
                    self.differ(place, format!("{}: tshark sees {theirs}", layer.name));
                    return;
                }
            }
            let Some(proto) = proto else {
                self.differ(place, format!("{} has no protocol to stand in", layer.name));
                return;
            };
            self.layer(place, layer, map, proto);
            protos.next_if(|proto| map.again.split('|').any(|name| name == proto.name));
            under = layer.name;
            hidden |= map.hidden.is_some();
            compared = true;
        }
        self.packets += usize::from(compared);
        self.end(place, layers, end, protos.next());
    }

    /// Where our walk ends tshark must not go on with what has a map.
    fn end(&mut self, place: &str, layers: &[Layer], end: &End, next: Option<&Proto>) {
        if let End::Refused(error) = end {
            if next.is_none() && is_hidden(layers) {
                return;
            }
            let unread = next.is_none_or(|next| !is_mapped(&next.name));
            if !is_quote(layers) || !(unread || error.ends_with("truncated")) {
                self.differ(place, format!("refused: {error}"));
            }
            return;
        }
        let under = layers.iter().rev().nth(1).map_or("", |layer| layer.name);
        let last = layers.last().and_then(|layer| map(layer.name, under));
        if let Some(next) = next
            && is_mapped(&next.name)
            && last.is_none_or(|map| map.last.is_none())
        {
            let last = layers.last().map_or("nothing", |layer| layer.name);
            self.differ(
                place,
                format!("{last} is our last, tshark goes on with {}", next.name),
            );
        }
    }

    fn layer(&mut self, place: &str, layer: &Layer, map: &Map, proto: &Proto) {
        let part;
        let proto = match (map.before, map.behind) {
            ("", "") => proto,
            (before, behind) => {
                part = proto.between(behind, before);
                &part
            }
        };
        self.layers += 1;
        *self.by_layer.entry(map.layer).or_default() += 1;
        for (name, text) in &layer.fields {
            let prefix = format!("{name}/");
            let of_field = |row: &&Row| row.ours == *name || row.ours.starts_with(&prefix);
            let mut rows = map.rows.iter().filter(of_field).peekable();
            if rows.peek().is_none() {
                self.differ(place, format!("{}.{name} has no row", layer.name));
            }
            for row in rows {
                self.row(place, layer.name, row, text, proto);
            }
            self.place(place, map, name, proto);
        }
    }

    fn row(&mut self, place: &str, layer: &str, row: &Row, text: &str, proto: &Proto) {
        if row.theirs.starts_with('?') && find(row, proto).next().is_none() {
            return;
        }
        let outcome = match row.ours.split_once('/') {
            None if matches!(row.how, How::List) => {
                let items = list_items(&Value::read(text));
                lists(row, &items, &find(row, proto).collect::<Vec<_>>(), false)
            }
            // A field that is not there.
            None if text == "-" && is_optional(row.how, find(row, proto).count()) => {
                lists(row, &[], &find(row, proto).collect::<Vec<_>>(), false)
            }
            None if matches!(row.how, How::Form(_)) => {
                form(row.how, &Value::read(text), text, proto)
            }
            None => one(row, text, proto).map(|()| 1),
            Some((_, path)) => options(row, path, &Value::read(text), proto),
        };
        match outcome {
            Ok(values) => self.values += values,
            Err(words) => self.differ(place, format!("{layer}.{}: {words}", row.ours)),
        }
    }

    /// A field of fixed place lies where tshark says that it lies.
    fn place(&mut self, place: &str, map: &Map, name: &str, proto: &Proto) {
        let field = map.fields.iter().find(|field| field.name == name);
        let row = map.rows.iter().find(|row| row.ours == name);
        let (Some((first, bits)), Some(row)) = (field.and_then(|field| field.bits), row) else {
            return;
        };
        let Some(theirs) = find(row, proto).next() else {
            return;
        };
        let start = theirs.pos.wrapping_sub(proto.pos).wrapping_mul(8);
        let (first, last) = (first as usize, (first + bits) as usize);
        if first < start || last > start + theirs.size * 8 {
            let octets = (start / 8, theirs.size);
            self.differ(
                place,
                format!("{}.{name}: bits {first}..{last}, {octets:?}", map.layer),
            );
        }
        self.places += 1;
    }

    fn differ(&mut self, place: &str, words: String) {
        self.differences.push(format!("{place}: {words}"));
    }
}

/// Whether some layer is one that tshark may show nothing of.
fn is_hidden(layers: &[Layer]) -> bool {
    let pairs = layers.iter().zip(layers.iter().skip(1));
    let mut maps = pairs.filter_map(|(above, layer)| map(layer.name, above.name));
    maps.any(|map| map.hidden.is_some())
}

/// Whether the walk ends in a packet that an error message quotes, where tshark shows octets that
/// it cannot read as data, and a packet that was cut short as far as it goes.
fn is_quote(layers: &[Layer]) -> bool {
    let pairs = layers.iter().zip(layers.iter().skip(1));
    let mut messages = pairs.map(|(above, layer)| map(layer.name, above.name));
    messages.any(|map| map.is_some_and(|map| map.within && map.proto.starts_with("icmp")))
}

/// Whether a field that is printed as `-` is not there; of octets and flags there may be none.
const fn is_optional(how: How, found: usize) -> bool {
    match how {
        How::Not(_) | How::Flags(_) => false,
        How::Octets => found == 0,
        _ => true,
    }
}

/// tshark's fields of a row, in the order of the packet.
fn find<'p>(row: &'p Row, proto: &'p Proto) -> impl Iterator<Item = &'p Field> {
    let names = row.theirs.trim_start_matches('?');
    let named = move |field: &&Field| names.split('|').any(|name| name == field.name);
    proto.fields.iter().filter(named)
}

fn one(row: &Row, ours: &str, proto: &Proto) -> Result<(), String> {
    if let How::Not(_) = row.how {
        return Ok(());
    }
    let theirs = match row.how {
        How::Last => find(row, proto).last(),
        _ => find(row, proto).next(),
    };
    let theirs = theirs.ok_or_else(|| format!("{ours}, tshark shows no {}", row.theirs))?;
    if let How::Flags(flags) = row.how {
        return self::flags(flags, ours, proto);
    }
    values(row.how, ours, theirs)
}

fn values(how: How, ours: &str, theirs: &Field) -> Result<(), String> {
    let same = match how {
        How::Number | How::Last => number(ours) == number(&theirs.show),
        How::Times(factor) => number(ours) == number(&theirs.show).map(|n| n * factor),
        How::Units(factor) => number(ours).map(|n| n * factor) == number(&theirs.show),
        How::Plus(base) => number(ours).map(|n| n + base) == number(&theirs.show),
        How::Bool => Some(u64::from(ours == "true")) == number(&theirs.show),
        How::Text => ours.eq_ignore_ascii_case(&theirs.show),
        How::Value => number(ours) == hex(&theirs.value),
        How::Whole(octets) => whole(ours) == theirs.value.get(..2 * octets).and_then(hex),
        How::Exponent => {
            let exponent = ours
                .strip_prefix("2^")
                .and_then(|rest| rest.split(' ').next());
            // tshark shows the exponent without its sign.
            exponent
                .and_then(|n| n.parse::<i8>().ok())
                .map(|n| u64::from(n as u8))
                == number(&theirs.show)
        }
        How::Octets => octets(ours, &theirs.value),
        How::Carried => carried(ours, theirs),
        How::Codes(codes) => code(codes, ours) == number(&theirs.show),
        How::Flags(_) | How::Kinds(..) | How::List | How::Form(_) => false,
        How::Not(_) => true,
    };
    let words = || format!("{ours}, tshark shows {} = {}", theirs.name, theirs.show);
    if same { Ok(()) } else { Err(words()) }
}

fn hex(digits: &str) -> Option<u64> {
    u64::from_str_radix(digits, 16).ok()
}

/// What stands before the point.
fn whole(text: &str) -> Option<u64> {
    text.split('.').next()?.parse().ok()
}

/// A number with perhaps a unit, or a truth.
fn number(text: &str) -> Option<u64> {
    let word = text.split([' ', '/']).next()?;
    match (word, word.strip_prefix("0x")) {
        ("True", _) => Some(1),
        ("False", _) => Some(0),
        (_, Some(digits)) => u64::from_str_radix(digits, 16).ok(),
        (digits, None) => digits.parse().ok(),
    }
}

fn code(codes: &[(u64, &str)], text: &str) -> Option<u64> {
    let named = codes.iter().find(|(_, name)| *name == text);
    named.map(|(code, _)| *code).or_else(|| number(text))
}

/// Ours is `0a0b… and 7 more`, `[10, 11]`, `0a:0b`, `0x0a0b` or `-`.
fn octets(ours: &str, theirs: &str) -> bool {
    let value = Value::read(ours);
    let ours = match &value {
        Value::List(items) => items
            .iter()
            .map(|item| number(&item.plain()).map_or_else(String::new, |n| format!("{n:02x}")))
            .collect(),
        _ => ours.trim_start_matches("0x").replace(':', ""),
    };
    match ours.split_once('…') {
        Some((start, _)) => theirs.starts_with(start),
        None => theirs == ours.trim_matches('-'),
    }
}

/// Ours is an address, the number of a last octet, octets in hexadecimal, or the name of a form
/// that carries nothing.
fn carried(ours: &str, theirs: &Field) -> bool {
    if ours.contains(':') {
        return ours.eq_ignore_ascii_case(&theirs.show);
    }
    match ours.parse::<u8>() {
        Ok(octet) if ours.len() <= 3 => hex(&theirs.value) == Some(octet.into()),
        _ if ours.starts_with(|first: char| first.is_ascii_uppercase()) => theirs.value.is_empty(),
        _ => ours == theirs.value,
    }
}

fn flags(flags: &[(&str, &str)], ours: &str, proto: &Proto) -> Result<(), String> {
    for (name, theirs) in flags {
        let set = ours.split('|').any(|flag| flag == *name);
        let field = proto.fields.iter().find(|field| field.name == *theirs);
        let field = field.ok_or_else(|| format!("tshark shows no {theirs}"))?;
        if number(&field.show) != Some(u64::from(set)) {
            return Err(format!(
                "{name} is {set}, tshark shows {theirs} = {}",
                field.show
            ));
        }
    }
    Ok(())
}

/// Compares what the variant of a form holds; how many values that were.
fn form(how: How, ours: &Value, text: &str, proto: &Proto) -> Result<usize, String> {
    let How::Form(cases) = how else {
        return Ok(0);
    };
    let end = text.find(['(', '{', ' ']).unwrap_or(text.len());
    let (variant, fields) = text.split_at(end);
    let variant = match variant.starts_with(|first: char| first.is_ascii_uppercase()) {
        true => variant,
        false => "",
    };
    let of_variant = |case: &&Case| case.variant.split('|').any(|name| name == variant);
    let mut cases = cases.iter().filter(of_variant).peekable();
    if cases.peek().is_none() {
        return Err(format!("{text} has no case"));
    }
    // Printed by itself, `Name a=1 b=2`.
    let printed = |field: &str| {
        let mut pairs = fields.split(' ').filter_map(|pair| pair.split_once('='));
        let found = pairs.find(|(name, _)| *name == field);
        found.map(|(_, value)| value.to_owned())
    };
    let mut values = 0;
    for case in cases {
        let value = match case.field {
            "" => Some(text.to_owned()),
            field => ours
                .field(field)
                .map(printed_item)
                .or_else(|| printed(field)),
        };
        values += self::case(case, value.as_deref(), proto)?;
    }
    Ok(values)
}

fn case(case: &Case, ours: Option<&str>, proto: &Proto) -> Result<usize, String> {
    let names = case.theirs.trim_start_matches('!');
    let named = |field: &&Field| names.split('|').any(|name| name == field.name);
    let theirs = proto.fields.iter().find(named);
    match (case.theirs, theirs) {
        ("", _) => return Ok(0),
        (none, None) if none.starts_with('!') => return Ok(0),
        (none, Some(theirs)) if none.starts_with('!') => {
            return Err(format!("nothing, tshark shows {}", theirs.name));
        }
        _ => {}
    }
    let ours = ours.ok_or_else(|| format!("{} has no {:?}", case.variant, case.field))?;
    let theirs = theirs.ok_or_else(|| format!("{ours}, tshark shows no {names}"))?;
    self::values(case.how, ours, theirs).map(|()| 1)
}

/// A list of octets as a list, everything else plainly.
fn printed_item(value: &Value) -> String {
    match value {
        Value::List(_) => printed_list(value),
        _ => value.plain(),
    }
}

/// Compares what a row says of a list of options; how many values that were.
fn options(row: &Row, path: &str, list: &Value, proto: &Proto) -> Result<usize, String> {
    if let How::Kinds(kinds, shown) = row.how {
        return self::kinds(kinds, shown, list, row, proto);
    }
    if let How::Not(_) = row.how {
        return Ok(0);
    }
    let (variants, name) = path.split_once('/').unwrap_or((path, ""));
    let named = |item: &&Value| variants.split('|').any(|variant| variant == item.name());
    let items = match list {
        // A structure that is there or not is a list of one or of none.
        Value::Struct(..) => vec![list],
        _ => flat(list),
    };
    let ours = items
        .into_iter()
        .filter(named)
        .filter_map(|item| item.field(name));
    if let How::Form(_) = row.how {
        let forms = ours.map(|value| form(row.how, value, value.name(), proto));
        return forms.sum();
    }
    let ours: Vec<String> = match row.how {
        How::List => ours.flat_map(list_items).collect(),
        How::Octets => ours.map(printed_list).collect(),
        _ => ours.map(Value::plain).collect(),
    };
    let ours: Vec<String> = ours.into_iter().filter(|ours| ours != "None").collect();
    lists(
        row,
        &ours,
        &find(row, proto).collect::<Vec<_>>(),
        is_broken(list),
    )
}

/// The options of a list, and behind each those that it holds.
fn flat(list: &Value) -> Vec<&Value> {
    let mut options = Vec::new();
    for item in list.items() {
        options.push(item);
        // tshark shows the kinds within these under names of their own.
        let alone = matches!(item.name(), "NtpServer" | "RelayAgent");
        if let (false, Some(inner)) = (alone, item.field("options")) {
            options.extend(flat(inner));
        }
    }
    options
}

/// The items of a list, one by one.
fn list_items(list: &Value) -> Vec<String> {
    let plain = list.plain();
    plain
        .split(',')
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Compares items one by one; ours may be fewer if our list is broken off.
fn lists(row: &Row, ours: &[String], theirs: &[&Field], broken: bool) -> Result<usize, String> {
    if ours.len() > theirs.len() || (ours.len() < theirs.len() && !broken) {
        return Err(format!(
            "{} of ours, {} of tshark's",
            ours.len(),
            theirs.len()
        ));
    }
    for (ours, theirs) in ours.iter().zip(theirs) {
        match row.how {
            How::List if number(ours).is_some() => values(How::Number, ours, theirs)?,
            How::List => values(How::Text, ours, theirs)?,
            how => values(how, ours, theirs)?,
        }
    }
    Ok(ours.len())
}

fn printed_list(value: &Value) -> String {
    format!("[{}]", value.plain().replace(',', ", "))
}

/// Whether a list ends where an item is malformed. tshark may go on behind it, and remarks on it
/// without calling the packet malformed.
fn is_broken(list: &Value) -> bool {
    list.items().iter().any(|item| item.name() == "Error")
}

fn kinds(
    kinds: &[(&str, u64)],
    shown: &[u64],
    list: &Value,
    row: &Row,
    proto: &Proto,
) -> Result<usize, String> {
    let kind = |item: &Value| {
        let declared = kinds.iter().find(|(name, _)| *name == item.name());
        let unknown = || number(&item.field("kind")?.plain());
        declared.map(|(_, kind)| *kind).or_else(unknown)
    };
    let mut ours = Vec::new();
    for item in flat(list).into_iter().filter(|item| item.name() != "Error") {
        ours.push(kind(item).ok_or_else(|| format!("{item:?} has no kind"))?);
    }
    ours.retain(|kind| shown.is_empty() || shown.contains(kind));
    let mut theirs = Vec::new();
    for field in find(row, proto) {
        // The octets: tshark shows some kinds by other numbers.
        let digits = if row.theirs.starts_with("dhcpv6") {
            4
        } else {
            2
        };
        let kind = field.value.get(..digits).and_then(hex);
        theirs.push(kind.ok_or_else(|| format!("{field:?} is no kind"))?);
    }
    // What follows an end mark is padding to one and options to the other.
    let mark = kinds
        .iter()
        .find(|(name, _)| *name == "End")
        .map(|(_, kind)| *kind);
    let end = |list: &mut Vec<u64>| {
        if let Some(at) = list.iter().position(|kind| Some(*kind) == mark) {
            list.truncate(at);
        }
    };
    end(&mut ours);
    end(&mut theirs);
    if ours == theirs || (is_broken(list) && theirs.starts_with(&ours)) {
        Ok(ours.len())
    } else {
        Err(format!("{ours:?}, tshark shows {theirs:?}"))
    }
}

#[cfg(test)]
mod tests;
