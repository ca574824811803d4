//! Records of DNS messages, which our printers show as text, against those of tshark: read from
//! the octets of the message by the declarations, with their class, lifetime and data.

use crate::compare::Report;
use crate::tshark::{Field, Packet, Proto};
use litz_wire::rt::{Header as _, OptionItem};
use litz_wire::{Dns, DnsClass, DnsData, DnsName, DnsNsecPacket, DnsOptPacket, DnsPacket};
use litz_wire::{DnsRecordPacket, DnsType, EdnsOption};
use std::net::{Ipv4Addr, Ipv6Addr};

/// A field of the data of a record: tshark's name of it, our value.
type Datum = (&'static str, String);

/// Compares the questions and records of the message in a frame, if there is one.
///
/// Only datagrams of UDP are looked at: over TCP a message may be one of several in a segment, and
/// in 6LoWPAN tshark's places are those of what is decompressed.
pub fn compare(report: &mut Report, place: &str, frame: &[u8], packet: &Packet) {
    let has = |name| packet.protos.iter().any(|proto| proto.name == name);
    let has_udp = has("udp") && !has("6lowpan");
    let names = ["dns", "mdns", "llmnr"];
    let proto = packet.protos.iter().find(|p| names.contains(&&*p.name));
    let (true, Some(proto)) = (has_udp, proto) else {
        return;
    };
    let Some(octets) = frame.get(proto.pos..) else {
        return;
    };
    let outcome = match Dns::view(octets) {
        Ok(message) => self::message(&message, octets, proto),
        // Where the declaration refuses a message the walk says so.
        Err(_) => return,
    };
    match outcome {
        Ok((records, values)) => {
            *report.by_layer.entry("DnsRecord").or_default() += records;
            report.values += values;
        }
        Err(words) => report.differences.push(format!("{place}: {words}")),
    }
}

fn message(
    message: &DnsPacket<'_>,
    octets: &[u8],
    proto: &Proto,
) -> Result<(usize, usize), String> {
    let mut values = 0;
    // In mDNS the highest bit of a class is a flag (RFC 6762 §5.4, §10.2).
    let is_mdns = proto.name == "mdns";
    let questions: Vec<_> = message.questions().packets().collect();
    let theirs = split(proto, &["dns.qry.name"]);
    same("questions", questions.len(), theirs.len())?;
    for (ours, theirs) in questions.iter().zip(theirs) {
        let flag = u16::from(ours.unicast_response());
        values += self::values(
            theirs,
            &[
                ("dns.qry.name", name(&ours.name())),
                ("dns.qry.type", ours.qtype().0.to_string()),
                ("dns.qry.class", self::class(flag, ours.qclass(), is_mdns)),
            ],
        )?;
        if is_mdns {
            values += self::values(theirs, &[("dns.qry.qu", flag.to_string())])?;
        }
    }
    let sections = [
        message.answers(),
        message.authorities(),
        message.additionals(),
    ];
    let ours: Vec<_> = sections.iter().flat_map(|s| s.packets()).collect();
    let theirs = split(proto, &["dns.resp.name", "dns.srv.service"]);
    same("records", ours.len(), theirs.len())?;
    for (ours, theirs) in ours.iter().zip(theirs) {
        values += record(ours, octets, theirs, is_mdns)?;
    }
    Ok((ours.len(), values))
}

fn class(flag: u16, class: DnsClass, is_mdns: bool) -> String {
    let flag = if is_mdns { 0 } else { flag << 15 };
    (flag | class.0).to_string()
}

fn same(what: &str, ours: usize, theirs: usize) -> Result<(), String> {
    if ours == theirs {
        return Ok(());
    }
    Err(format!("{ours} {what}, tshark shows {theirs}"))
}

/// tshark's fields of each record: from its name to the next one's.
fn split<'p>(proto: &'p Proto, first: &[&str]) -> Vec<&'p [Field]> {
    let names = ["dns.qry.name", "dns.resp.name", "dns.srv.service"];
    let starts = |field: &Field| names.contains(&&*field.name);
    let mut records = Vec::new();
    let mut rest = proto.fields.as_slice();
    while let Some(start) = rest.iter().position(starts) {
        let end = rest.iter().skip(start + 1).position(starts);
        let end = end.map_or(rest.len(), |end| start + 1 + end);
        if first.contains(&&*rest[start].name) {
            records.push(&rest[start..end]);
        }
        rest = &rest[end..];
    }
    records
}

fn record(
    ours: &DnsRecordPacket<'_>,
    message: &[u8],
    theirs: &[Field],
    is_mdns: bool,
) -> Result<usize, String> {
    let flag = u16::from(ours.cache_flush());
    let class = self::class(flag, ours.rclass(), is_mdns);
    let mut values = self::values(
        theirs,
        &[
            ("dns.resp.type", ours.rtype().0.to_string()),
            ("dns.resp.len", ours.rdata().len().to_string()),
        ],
    )?;
    values += self::values(theirs, &owner(ours, theirs))?;
    // Class and lifetime of an OPT record say something else (RFC 6891 §6.1.2, §6.1.3).
    values += match ours.rtype() {
        DnsType::Opt => self::values(
            theirs,
            &[
                (
                    "dns.rr.udp_payload_size",
                    self::class(flag, ours.rclass(), false),
                ),
                ("dns.resp.ext_rcode", (ours.ttl() >> 24).to_string()),
                (
                    "dns.resp.edns0_version",
                    (ours.ttl() >> 16 & 0xff).to_string(),
                ),
                ("dns.resp.z", (ours.ttl() & 0xffff).to_string()),
            ],
        )?,
        _ => self::values(
            theirs,
            &[
                ("dns.resp.class", class),
                ("dns.resp.ttl", ours.ttl().to_string()),
            ],
        )?,
    };
    if is_mdns {
        values += self::values(theirs, &[("dns.resp.cache_flush", flag.to_string())])?;
    }
    let data = ours.data(message).map_err(|error| error.to_string())?;
    values += self::values(theirs, &self::data(&data))?;
    Ok(values
        + match data {
            DnsData::Opt(opt) => options(&opt, theirs)?,
            DnsData::Nsec(nsec) => types(&nsec, theirs)?,
            _ => 0,
        })
}

/// The options of an OPT record (RFC 6891 §6.1.2): kind, length and octets of each, and its fields.
fn options(opt: &DnsOptPacket<'_>, theirs: &[Field]) -> Result<usize, String> {
    let mut data: Vec<Datum> = Vec::new();
    for option in opt.options().iter() {
        let option = option.map_err(|error| error.to_string())?;
        let mut octets = vec![0; OptionItem::wire_len(&option)];
        let written = OptionItem::emit(&option, &mut octets).map(|rest| rest.len());
        same("octets left of an option", written.unwrap_or(usize::MAX), 0)?;
        let [a, b, _, _, body @ ..] = octets.as_slice() else {
            return Err(format!("{option:?} has no kind and length"));
        };
        data.push(("dns.opt.code", u16::from_be_bytes([*a, *b]).to_string()));
        data.push(("dns.opt.len", body.len().to_string()));
        data.push(("dns.opt.data", hex(body)));
        data.extend(option_fields(&option));
    }
    let shown = theirs.iter().filter(|field| field.name == "dns.opt.code");
    let ours = data.iter().filter(|(name, _)| *name == "dns.opt.code");
    same("options", ours.count(), shown.count())?;
    values(theirs, &data)
}

fn option_fields(option: &EdnsOption<'_>) -> Vec<Datum> {
    match *option {
        EdnsOption::ClientSubnet {
            family,
            source_prefix_len,
            scope_prefix_len,
            address,
        } => vec![
            ("dns.opt.client.family", family.to_string()),
            ("dns.opt.client.netmask", source_prefix_len.to_string()),
            ("dns.opt.client.scope", scope_prefix_len.to_string()),
            match family {
                1 => (
                    "dns.opt.client.addr4",
                    Ipv4Addr::from(padded(address)).to_string(),
                ),
                _ => (
                    "dns.opt.client.addr6",
                    Ipv6Addr::from(padded(address)).to_string(),
                ),
            },
        ],
        EdnsOption::Cookie { client, server } => vec![
            ("dns.opt.cookie.client", hex(&client)),
            ("dns.opt.cookie.server", hex(server)),
        ],
        EdnsOption::Padding { zeros } => vec![("dns.opt.padding", hex(zeros))],
        EdnsOption::ExtendedError { code, text } => vec![
            ("dns.opt.ext_error.info_code", code.to_string()),
            (
                "dns.opt.ext_error.extra_text",
                String::from_utf8_lossy(text).into_owned(),
            ),
        ],
        EdnsOption::Nsid { .. } | EdnsOption::Unknown { .. } => Vec::new(),
    }
}

/// The octets of an address that are there, and zeros.
fn padded<const N: usize>(start: &[u8]) -> [u8; N] {
    let mut octets = [0; N];
    octets
        .iter_mut()
        .zip(start)
        .for_each(|(to, from)| *to = *from);
    octets
}

/// Octets as tshark shows them.
fn hex(octets: &[u8]) -> String {
    let octets: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    octets.join(":")
}

/// The types that the bitmaps of an NSEC record say there are (RFC 4034 §4.1.2). tshark shows them
/// under the name of the type of the record itself, which comes first.
fn types(nsec: &DnsNsecPacket<'_>, theirs: &[Field]) -> Result<usize, String> {
    let mut data: Vec<Datum> = vec![("dns.resp.type", DnsType::Nsec.0.to_string())];
    for map in nsec.bitmaps().packets() {
        for (at, octet) in map.bitmap().iter().enumerate() {
            let bits = (0..8).filter(|bit| octet & 0x80 >> bit != 0);
            let types = bits.map(|bit| usize::from(map.window()) << 8 | at << 3 | bit);
            data.extend(types.map(|kind| ("dns.resp.type", kind.to_string())));
        }
    }
    let shown = theirs.iter().filter(|field| field.name == "dns.resp.type");
    same("types", data.len(), shown.count())?;
    values(theirs, &data).map(|values| values - 1)
}

/// The name of a record, which tshark shows in three parts if it is that of a service.
fn owner(ours: &DnsRecordPacket<'_>, theirs: &[Field]) -> Vec<Datum> {
    let name = name(&ours.name());
    let in_parts = theirs.iter().any(|field| field.name == "dns.srv.service");
    let parts = ["dns.srv.service", "dns.srv.proto", "dns.srv.name"];
    match in_parts {
        true => {
            let values = name.splitn(3, '.').map(str::to_owned);
            parts.into_iter().zip(values).collect()
        }
        false => vec![("dns.resp.name", name)],
    }
}

/// The data of a record by tshark's names; none for types without a declaration.
fn data(data: &DnsData<'_>) -> Vec<Datum> {
    match data {
        DnsData::A(addr) => vec![("dns.a", addr.to_string())],
        DnsData::Aaaa(addr) => vec![("dns.aaaa", addr.to_string())],
        DnsData::Ns(target) => vec![("dns.ns", name(target))],
        DnsData::Cname(target) => vec![("dns.cname", name(target))],
        DnsData::Ptr(target) => vec![("dns.ptr.domain_name", name(target))],
        DnsData::Soa(soa) => vec![
            ("dns.soa.mname", name(&soa.mname())),
            ("dns.soa.rname", name(&soa.rname())),
            ("dns.soa.serial_number", soa.serial().to_string()),
            ("dns.soa.refresh_interval", soa.refresh().to_string()),
            ("dns.soa.retry_interval", soa.retry().to_string()),
            ("dns.soa.expire_limit", soa.expire().to_string()),
            ("dns.soa.minimum_ttl", soa.minimum().to_string()),
        ],
        DnsData::Mx(mx) => vec![
            ("dns.mx.preference", mx.preference().to_string()),
            ("dns.mx.mail_exchange", name(&mx.exchange())),
        ],
        DnsData::Txt(txt) => {
            let strings = txt.strings();
            let text = |one: &[u8]| String::from_utf8_lossy(one).into_owned();
            let strings = strings.packets().map(|one| ("dns.txt", text(one.text())));
            strings.collect()
        }
        DnsData::Srv(srv) => vec![
            ("dns.srv.priority", srv.priority().to_string()),
            ("dns.srv.weight", srv.weight().to_string()),
            ("dns.srv.port", srv.port().to_string()),
            ("dns.srv.target", name(&srv.target())),
        ],
        DnsData::Nsec(nsec) => vec![("dns.nsec.next_domain_name", name(&nsec.next_name()))],
        DnsData::Opt(_) | DnsData::Unknown(..) => Vec::new(),
    }
}

/// A name as tshark writes it.
fn name(name: &DnsName<'_>) -> String {
    match name.to_string() {
        root if root == "." => "<Root>".into(),
        name => name,
    }
}

/// Compares our values with tshark's fields of these names, the second of a name with the second.
fn values(theirs: &[Field], ours: &[Datum]) -> Result<usize, String> {
    for (at, (name, value)) in ours.iter().enumerate() {
        let before = ours.iter().take(at).filter(|(other, _)| other == name);
        let mut fields = theirs.iter().filter(|field| field.name == *name);
        let field = fields.nth(before.count());
        let field = field.ok_or_else(|| format!("{value}, tshark shows no {name}"))?;
        if !agree(value, &field.show) {
            return Err(format!("{value}, tshark shows {name} = {}", field.show));
        }
    }
    Ok(ours.len())
}

fn agree(ours: &str, theirs: &str) -> bool {
    let number = |text: &str| match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    };
    match (number(ours), number(theirs)) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => ours.eq_ignore_ascii_case(theirs),
    }
}

#[cfg(test)]
mod tests;
