//! Wireshark's dissectors over a capture: `tshark -T pdml`, read into protocols and fields.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use litz_tests::process::run;
use roxmltree::{Document, Node};

/// A packet as tshark sees it.
#[derive(Clone, Debug)]
pub struct Packet {
    /// Number of the frame in the capture, from 1.
    pub number: usize,
    /// The protocols in the order of the packet, those inside of others too.
    pub protos: Vec<Proto>,
    /// Why tshark does not call it well formed.
    pub fault: Option<String>,
}

/// A protocol of a packet.
#[derive(Clone, Debug)]
pub struct Proto {
    /// tshark's name of it.
    pub name: String,
    /// First octet in the frame.
    pub pos: usize,
    /// All fields, those inside of others too, without those of protocols inside.
    pub fields: Vec<Field>,
}

impl Proto {
    /// The protocol with those fields only that stand behind the last one of a name and before the
    /// last one of another; `""` is no name, and a field that is not there bounds nothing.
    pub fn between(&self, behind: &str, before: &str) -> Self {
        let last = |name: &str| {
            let of_name = |field: &Field| field.name == name && !name.is_empty();
            self.fields.iter().rposition(of_name)
        };
        let start = last(behind).map_or(0, |at| at + 1);
        let end = last(before).unwrap_or(self.fields.len());
        let fields = self.fields.iter().take(end).skip(start);
        Self {
            fields: fields.cloned().collect(),
            ..self.clone()
        }
    }
}

/// A field of a protocol.
#[derive(Clone, Debug)]
pub struct Field {
    /// tshark's name of it.
    pub name: String,
    /// First octet in the frame.
    pub pos: usize,
    /// Octets that it lies in.
    pub size: usize,
    /// The value as tshark shows it.
    pub show: String,
    /// The octets in hexadecimal.
    pub value: String,
}

/// Preferences: every packet by itself, nothing put together from several, no checksum judged.
const PREFERENCES: [&str; 10] = [
    "ip.defragment:FALSE",
    "ipv6.defragment:FALSE",
    "ip.check_checksum:FALSE",
    "tcp.check_checksum:FALSE",
    "udp.check_checksum:FALSE",
    "tcp.desegment_tcp_streams:FALSE",
    "tcp.analyze_sequence_numbers:FALSE",
    "tcp.relative_sequence_numbers:FALSE",
    "ip.tso_support:FALSE",
    "6lowpan.iphc_defragment:FALSE",
];

/// Severity of an expert's remark from which a packet is not well formed: "error".
const ERROR: u64 = 0x0080_0000;

/// What tshark says of the packets of `capture`, with further arguments of its command line.
///
/// A preference that this version of tshark does not know is left out.
pub fn packets(capture: &Path, arguments: &[&str]) -> Vec<Packet> {
    let known = preferences();
    let mut tshark = Command::new("tshark");
    tshark.args(["-n", "-T", "pdml"]).args(arguments);
    for preference in PREFERENCES
        .iter()
        .filter(|p| known.contains(&name_of(p).to_owned()))
    {
        tshark.args(["-o", preference]);
    }
    let ended = run(tshark.arg("-r").arg(capture), Duration::from_secs(120));
    let text = ended.text();
    // A capture that ends in the middle of a frame makes tshark fail after what it could read.
    let Ok(document) = Document::parse(&text) else {
        panic!("{}: {}", capture.display(), ended.stderr);
    };
    let nodes = document
        .root_element()
        .children()
        .filter(|n| n.has_tag_name("packet"));
    nodes
        .enumerate()
        .map(|(index, node)| packet(index + 1, node))
        .collect()
}

fn name_of(preference: &str) -> &str {
    preference.split(':').next().unwrap_or_default()
}

/// The names of the preferences that tshark knows.
fn preferences() -> &'static [String] {
    static KNOWN: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut tshark = Command::new("tshark");
        let ended = run(tshark.args(["-G", "currentprefs"]), Duration::from_secs(60)).success();
        let name = |line: &str| {
            let line = line.trim_start_matches('#');
            line.split_once(':').map(|(name, _)| name.to_owned())
        };
        ended.text().lines().filter_map(name).collect()
    })
}

fn packet(number: usize, node: Node<'_, '_>) -> Packet {
    let protos: Vec<Proto> = node
        .descendants()
        .filter(|n| n.has_tag_name("proto"))
        .map(|node| {
            let mut fields = Vec::new();
            collect(node, &mut fields);
            Proto {
                name: attribute(node, "name"),
                pos: number_of(node, "pos"),
                fields,
            }
        })
        .collect();
    let fault = protos.iter().find_map(fault);
    let hidden = ["geninfo", "frame", "fake-field-wrapper", "raw"];
    let protos = protos
        .into_iter()
        .filter(|p| !hidden.contains(&p.name.as_str()))
        .collect();
    Packet {
        number,
        protos,
        fault,
    }
}

fn collect(node: Node<'_, '_>, fields: &mut Vec<Field>) {
    for child in node.children().filter(|n| n.has_tag_name("field")) {
        fields.push(Field {
            name: attribute(child, "name"),
            pos: number_of(child, "pos"),
            size: number_of(child, "size"),
            show: attribute(child, "show"),
            value: attribute(child, "value"),
        });
        collect(child, fields);
    }
}

fn fault(proto: &Proto) -> Option<String> {
    if matches!(proto.name.as_str(), "_ws.malformed" | "_ws.short") {
        return Some(proto.name.clone());
    }
    let errors = proto.fields.iter().enumerate().filter(|(_, field)| {
        let severity = field.show.parse().unwrap_or(0);
        field.name == "_ws.malformed" || (field.name == "_ws.expert.severity" && severity >= ERROR)
    });
    let what = |(at, _): (usize, &Field)| {
        let before = proto.fields.get(at.saturating_sub(1));
        before.map_or_else(String::new, |message| message.show.clone())
    };
    errors.map(what).next()
}

fn attribute(node: Node<'_, '_>, name: &str) -> String {
    node.attribute(name).unwrap_or_default().to_owned()
}

fn number_of(node: Node<'_, '_>, name: &str) -> usize {
    node.attribute(name)
        .and_then(|text| text.parse().ok())
        .unwrap_or(0)
}
